//! A deprecated field.

use crate::config::{MarkedField, Origin};
use crate::diagnostic::{Fix, Safety};
use crate::lint::rule::{Check, Fields, Parts};
use crate::lint::sink::{Sink, in_file};
use crate::text::{Edits, Span, line_start};

pub(super) const CHECK: Check = Check::Parts(Parts { fields: Some(check), ..Parts::NONE });

fn check(fields: &Fields<'_>, sink: &mut Sink<'_>) {
    for marked_fields in fields.judged() {
        let Some(successor) = marked_fields.successor else { continue };
        let message = format!("`{}` is deprecated", marked_fields.field.name);
        let mut finding = in_file(marked_fields.file, marked_fields.field.key, message)
            .with_note("Prometheus still accepts it, but may remove it in a major release")
            .with_help(format!("write `{successor}` instead"))
            .with_argument("field", marked_fields.field.name);
        finding.job.clone_from(&marked_fields.job);
        let text = sink.tree(marked_fields.file).map_or("", |tree| tree.text());
        finding.fix = fix(marked_fields, successor, text);
        sink.push(finding);
    }
}

/// Moves the value into the section of the successor.
fn fix(marked_fields: &MarkedField, successor: &str, text: &str) -> Option<Fix> {
    let (section, key) = successor.split_once('.')?;
    let is_own = marked_fields.field.origin != Origin::Merged && section == "authorization";
    if !is_own {
        return None;
    }
    let (start, value) = (marked_fields.field.key, marked_fields.field.value);
    let after = text.get(start.end as usize..value.start as usize)?;
    let line = line_start(text, start.start as usize);
    let indent = &text[line..start.start as usize];
    let replacements = if marked_fields.is_in_flow {
        vec![(start, format!("{section}: {{{key}")), (Span::empty(value.end as usize), "}".to_string())]
    } else if after.contains(['\n', '\r', '#']) || value.of(text).contains(['\n', '\r']) {
        return None;
    } else {
        // The key may be the first of an item: `- bearer_token: x`.
        let inner: String = indent.chars().map(|c| if c == '-' { ' ' } else { c }).collect();
        if !inner.chars().all(|c| c == ' ') {
            return None;
        }
        let line_end = if text[..line].ends_with("\r\n") { "\r\n" } else { "\n" };
        vec![(start, format!("{section}:{line_end}{inner}  {key}"))]
    };
    let edits = Edits::new(replacements)?;
    Some(Fix::new(format!("write `{successor}`"), Safety::Safe, edits))
}
