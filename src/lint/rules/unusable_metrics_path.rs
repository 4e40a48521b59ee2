//! A path of metrics that is more than a path.

use crate::analysis::RelabelList;
use crate::config::ScrapeConfig;
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
        sink.push(fault.explained(in_job(job, field.value, fault.message())));
    }
    for (name, value) in labels_of_groups(job).filter(|(name, _)| name.value == LABEL) {
        if let Some(fault) = PathError::of(&value.value) {
            let _ = name;
            sink.push(fault.explained(in_job(job, value.span, fault.message())));
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
        let is_replaced = list.behind(rule.index).any(|other| other.may_write(LABEL));
        if let Some(replacement) = rule.rule.field("replacement").filter(|_| !is_replaced) {
            sink.push(fault.explained(in_rule(list, rule, replacement.value, fault.message())));
        }
    }
}

/// What makes a path another one than it looks.
enum PathError {
    Url,
    /// A character, and what is sent in its place.
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
            Self::Url => "this is a URL, and only its path belongs here".to_string(),
            Self::Escaped(c, sent) => format!("the `{c}` is part of the path, and sent as `{sent}`"),
            Self::EscapedTwice(escape) => {
                format!("the `%` of `{escape}` is part of the path, and sent as `%25{}`", &escape[1..])
            }
        }
    }

    fn explained(&self, finding: crate::diagnostic::Diagnostic) -> crate::diagnostic::Diagnostic {
        match self {
            Self::Url => finding
                .with_note("it is put behind the address of each target")
                .with_help("put the host in `targets`, `http` or `https` in `scheme`, and only the path here"),
            Self::Escaped('?', _) => finding
                .with_note("no query begins there: the server is asked for a path that it does not have")
                .with_help("move what is behind the `?` to `params`: `params: {name: [value]}`"),
            Self::Escaped(..) => finding
                .with_note("the server is asked for a path that it does not have")
                .with_help("remove the `#` and what is behind it"),
            Self::EscapedTwice(_) => finding
                .with_note("paths are written as they are meant; what needs it is escaped when they are sent")
                .with_help("write the character itself"),
        }
    }
}
