//! A rule that sets a metric name for which the scrape fails.

use crate::analysis::{Needs, RelabelList, Stage, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::{Action, NameScheme};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::REPLACE, Subjects::NAME_TARGET]), check);

const NAME: &str = "__name__";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(job) = list.job.filter(|_| list.stage == Stage::Metric) else { return };
    for rule in list.rules.iter().filter(|rule| rule.target().is_some_and(|name| name == NAME)) {
        let Some(name) = rule.constant().filter(|_| rule.action == Action::Replace) else { continue };
        let Some(replacement) = rule.rule.field("replacement") else { continue };
        if list.may_be_written_behind(rule.index, NAME) {
            continue;
        }
        if name.is_empty() {
            let finding =
                in_rule(list, rule, replacement.value, "the rule removes `__name__`, so the whole scrape fails")
                    .with_note(
                        "an empty value removes the label, and Prometheus cannot store a sample without a metric name",
                    )
                    .with_argument("value", "")
                    .with_help("write `action: drop` to drop the series");
            sink.push(finding);
        } else if job.name_scheme == NameScheme::Legacy && !is_legacy_metric_name(&name) {
            let message = format!("invalid metric name `{name}`, so the whole scrape fails");
            let finding = in_rule(list, rule, replacement.value, message)
                .with_argument("value", name.as_str())
                .with_note("with `metric_name_validation_scheme: legacy`, a metric name consists of letters, digits, `_` and `:`")
                .with_help(format!("write `{}`", legacy_name(&name)));
            sink.push(finding);
        }
    }
}

fn is_legacy_metric_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    name.chars().all(is_allowed) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// The name with `_` in place of each character that is not allowed.
fn legacy_name(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || c == ':' { c } else { '_' };
    let prefix = if name.starts_with(|c: char| c.is_ascii_digit()) { "_" } else { "" };
    format!("{prefix}{}", name.chars().map(letter).collect::<String>())
}
