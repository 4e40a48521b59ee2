//! A value that looks like a placeholder.

use rustc_hash::FxHashSet;

use crate::config::secret_keys;
use crate::diagnostic::Diagnostic;
use crate::lint::placeholders::FoundPlaceholder;
use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};
use crate::text::{FileId, Location, Placeholder};

pub(super) const CHECK: Check = Check::Input(check);

/// Reports each placeholder of a file at its first place.
fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let mut seen: FxHashSet<(FileId, &str)> = FxHashSet::default();
    for found in input.placeholders {
        let (Placeholder::Variable(text) | Placeholder::Words(text)) = found.placeholder;
        let place = Location::new(found.file, found.node.full_span());
        if !sink.has_finding_in(place) && seen.insert((found.file, text)) {
            sink.extend(finding(found, text));
        }
    }
}

fn finding(found: &FoundPlaceholder<'_>, text: &str) -> Option<Diagnostic> {
    let (file, span, key) = (found.file, found.node.full_span(), found.key);
    let is_secret = secret_keys().contains(&key);
    // Programs that keep secrets fill in `((name))`.
    if is_secret && text.starts_with("((") {
        return None;
    }
    let shown = if is_secret { format!("the value of `{key}`") } else { format!("`{text}`") };
    let finding = match found.placeholder {
        Placeholder::Variable(_) => in_file(file, span, format!("Prometheus does not replace {shown}"))
            .with_note("Prometheus replaces environment variables only in `external_labels`")
            .with_help("replace it before Prometheus reads the file; ignore this if another program does"),
        Placeholder::Words(_) => {
            in_file(file, span, format!("{shown} looks like a placeholder")).with_help("write the real value")
        }
    };
    let finding = finding.with_argument("field", key);
    Some(if is_secret { finding } else { finding.with_argument("value", text) })
}
