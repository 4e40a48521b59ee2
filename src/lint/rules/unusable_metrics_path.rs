//! A metrics path that is more than a path.

use crate::analysis::RelabelList;
use crate::config::ScrapeConfig;
use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job, in_rule};

pub(super) const CHECK: Check = Check::Job(check);

const LABEL: &str = "__metrics_path__";

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.target);
    check_rules(list, sink);
    if list.rules.iter().any(|rule| rule.may_write(LABEL)) {
        return;
    }
    if let (Some(field), Some(fault)) = (job.field("metrics_path"), PathError::of(&job.metrics_path)) {
        sink.push(fault.explained("metrics_path", in_job(job, field.value, fault.message())));
    }
    for (_, value) in labels_of_groups(job).filter(|(name, _)| name.value == LABEL) {
        if let Some(fault) = PathError::of(&value.value) {
            sink.push(fault.explained(LABEL, in_job(job, value.span, fault.message())));
        }
    }
}

fn labels_of_groups(
    job: &ScrapeConfig,
) -> impl Iterator<Item = &(crate::text::Spanned<String>, crate::text::Spanned<String>)> {
    job.static_configs.iter().flat_map(|group| &group.labels)
}

fn check_rules(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.target().is_some_and(|name| name == LABEL)) {
        let Some(fault) = rule.constant().and_then(|path| PathError::of(&path)) else { continue };
        let is_replaced = list.may_be_written_behind(rule.index, LABEL);
        if let Some(replacement) = rule.rule.field("replacement").filter(|_| !is_replaced) {
            sink.push(fault.explained(LABEL, in_rule(list, rule, replacement.value, fault.message())));
        }
    }
}

/// Why Prometheus requests another path than the written one.
enum PathError {
    Url,
    /// A character, and its escaped form.
    Escaped(char, &'static str),
    /// An escape sequence, such as `%2F`.
    EscapedTwice(String),
}

impl PathError {
    fn of(path: &str) -> Option<Self> {
        if path.contains("://") {
            return Some(Self::Url);
        }
        if let Some(at) = path.find(['?', '#']) {
            return Some(if path[at..].starts_with('?') {
                Self::Escaped('?', "%3F")
            } else {
                Self::Escaped('#', "%23")
            });
        }
        let is_escape = |part: &&str| part.len() >= 2 && part.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit);
        let escape = path.split('%').skip(1).find(is_escape)?;
        Some(Self::EscapedTwice(format!("%{}", escape.get(..2)?)))
    }

    fn message(&self) -> String {
        match self {
            Self::Url => "expected a path, found a URL".to_string(),
            Self::Escaped(c, sent) => format!("`{c}` is part of the path, and is sent as `{sent}`"),
            Self::EscapedTwice(escape) => {
                format!("`%` of `{escape}` is part of the path, and is sent as `%25{}`", &escape[1..])
            }
        }
    }

    fn explained(&self, field: &str, finding: Diagnostic) -> Diagnostic {
        let finding = finding.with_argument("field", field);
        match self {
            Self::Url => finding
                .with_note("Prometheus appends it to the address of each target")
                .with_help("write the host in `targets`, `http` or `https` in `scheme`, and only the path here"),
            Self::Escaped('?', _) => finding
                .with_note("the path cannot contain a query: the server gets a request for a path that does not exist")
                .with_help("move the part after `?` to `params: {name: [value]}`"),
            Self::Escaped(..) => finding
                .with_note("the server gets a request for a path that does not exist")
                .with_help("remove the `#` and the part after it"),
            Self::EscapedTwice(_) => {
                finding.with_note("Prometheus escapes the path itself").with_help("write the unescaped character")
            }
        }
    }
}
