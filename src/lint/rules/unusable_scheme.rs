//! A scheme that is neither `http` nor `https`.

use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job, in_rule};

pub(super) const CHECK: Check = Check::Job(check);

const LABEL: &str = "__scheme__";

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.target);
    for rule in list.rules.iter().filter(|rule| rule.target().is_some_and(|name| name == LABEL)) {
        let Some(scheme) = rule.constant().filter(|scheme| is_unusable(scheme)) else { continue };
        let is_replaced = list.may_be_written_behind(rule.index, LABEL);
        if let Some(replacement) = rule.rule.field("replacement").filter(|_| !is_replaced) {
            sink.push(explained(&scheme, in_rule(list, rule, replacement.value, message(&scheme))));
        }
    }
    if list.rules.iter().any(|rule| rule.may_write(LABEL)) {
        return;
    }
    if let Some(field) = job.field("scheme").filter(|_| is_unusable(&job.scheme)) {
        sink.push(explained(&job.scheme, in_job(job, field.value, message(&job.scheme))));
    }
    for (name, value) in job.static_configs.iter().flat_map(|group| &group.labels) {
        if name.value == LABEL && !value.value.is_empty() && is_unusable(&value.value) {
            sink.push(explained(&value.value, in_job(job, value.span, message(&value.value))));
        }
    }
}

fn is_unusable(scheme: &str) -> bool {
    !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

fn message(scheme: &str) -> String {
    if scheme.is_empty() { "empty scheme".to_string() } else { format!("unsupported scheme `{scheme}`") }
}

fn explained(scheme: &str, finding: Diagnostic) -> Diagnostic {
    let finding = finding
        .with_argument("scheme", scheme)
        .with_note("every scrape fails: Prometheus supports only `http` and `https`");
    if scheme.to_ascii_lowercase().starts_with("https") {
        finding.with_help("write `https`")
    } else {
        finding.with_help("write `http` or `https`")
    }
}
