//! A label of targets that is made in the rules for samples, so that `up` does not get it.

use crate::analysis::RelabelList;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::Job(check);

/// Labels that every target has in the end.
const OF_EVERY_TARGET: [&str; 2] = ["job", "instance"];

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.metric);
    // With `honor_labels`, the labels of samples may come from the page.
    if job.honor_labels || list.rules.is_empty() {
        return;
    }
    for rule in list.rules.iter().filter(|rule| rule.action == Action::Replace) {
        let Some(target) = rule.target().filter(|target| is_ordinary(target)) else { continue };
        let Some(field) = rule.rule.field("target_label") else { continue };
        let is_of_target =
            |name: &String| is_label_of_targets(facts.target, name) && !list.may_be_written_before(rule.index, name);
        if rule.sources().is_empty() || !rule.sources().iter().all(is_of_target) || rule.pattern.matches_nothing() {
            continue;
        }
        let message = if is_label_of_targets(facts.target, &target) {
            format!("`up` and `scrape_…` of the target keep the old `{target}`")
        } else {
            format!("`up` and `scrape_…` of the target get no `{target}`")
        };
        let help = if rule.sources().iter().any(|name| name == "instance") {
            "move the rule to `relabel_configs`; there, read `__address__` instead of `instance` if no rule sets it"
        } else {
            "move the rule to `relabel_configs`"
        };
        sink.push(
            in_rule(list, rule, field.value, message)
                .with_argument("target_label", target.as_ref())
                .with_argument("source_labels", rule.sources().join(","))
                .with_note("`metric_relabel_configs` change only the samples of the scrape; Prometheus writes `up` and `scrape_…` with the labels of the target")
                .with_help(help),
        );
    }
}

/// Whether the name is that of a label that a target can have, and that samples keep.
fn is_ordinary(name: &str) -> bool {
    !name.starts_with("__") && !matches!(name, "le" | "quantile")
}

/// Whether targets of the job get a label with this name: in a group of targets, or by a rule.
fn is_label_of_targets(list: &RelabelList<'_>, name: &str) -> bool {
    OF_EVERY_TARGET.contains(&name) || list.sources.is_of_groups(name) || list.about(name).is_target()
}
