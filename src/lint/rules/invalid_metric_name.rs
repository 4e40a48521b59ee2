//! A metric is given a name that fails the scrape.

use crate::analysis::{RelabelList, Stage};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::{Action, NameScheme};

pub(super) const CHECK: Check = Check::List(check);

const NAME: &str = "__name__";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(job) = list.job.filter(|_| list.stage == Stage::Metric) else { return };
    for rule in list.rules.iter().filter(|rule| rule.target().is_some_and(|name| name == NAME)) {
        let Some(name) = rule.constant().filter(|_| rule.action == Action::Replace) else { continue };
        let Some(replacement) = rule.rule.field("replacement") else { continue };
        if list.behind(rule.index).any(|other| other.may_write(NAME)) {
            continue;
        }
        if name.is_empty() {
            let finding = in_rule(
                list,
                rule,
                replacement.value,
                "`__name__` is removed, and the scrape fails as a whole",
            )
            .with_note(
                "a label that is set to the empty text is removed; Prometheus stores no sample without a metric name",
            )
            .with_help("use `action: drop` if the series is not to be stored");
            sink.push(finding);
        } else if job.name_scheme == NameScheme::Legacy && !is_legacy_metric_name(&name) {
            let message = format!("`{name}` is no metric name, and the scrape fails as a whole");
            let finding = in_rule(list, rule, replacement.value, message)
                .with_note("with `metric_name_validation_scheme: legacy` a metric name is made of letters, digits, `_` and `:`")
                .with_help(format!("write `{}`", legacy_name(&name)));
            sink.push(finding);
        }
    }
}

fn is_legacy_metric_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    name.chars().all(is_allowed) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// The name with `_` for what is not allowed.
fn legacy_name(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || c == ':' { c } else { '_' };
    let prefix = if name.starts_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
    format!("{prefix}{}", name.chars().map(letter).collect::<String>())
}
