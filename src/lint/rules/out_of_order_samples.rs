//! Series that become one although their samples have timestamps.

use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::Job(check);

/// The path of the metrics of containers, whose samples have the time of their measurement.
const CADVISOR: &str = "/metrics/cadvisor";

/// Labels that distinguish containers.
const IDENTITY: [&str; 6] = ["id", "name", "container", "pod", "pod_name", "container_name"];

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.metric);
    let is_cadvisor = job.metrics_path == CADVISOR
        || facts.target.rules.iter().any(|rule| {
            let is_path = rule.target().is_some_and(|name| name == "__metrics_path__");
            is_path && rule.replacement.text().ends_with(CADVISOR)
        });
    let keeps_time = job.honor_timestamps;
    for rule in list.rules.iter().filter(|rule| is_cadvisor && keeps_time && rule.action == Action::LabelDrop) {
        let Some(label) = IDENTITY.iter().find(|label| rule.removes(label)) else { continue };
        let Some(regex) = rule.rule.field("regex") else { continue };
        let finding = in_rule(
            list,
            rule,
            regex.value,
            format!("without `{label}`, series of different containers may become one series"),
        )
        .with_argument("label", *label)
        .with_argument("regex", rule.pattern.text())
        .with_note("their samples have different timestamps: Prometheus rejects them as out of order or as duplicates")
        .with_help("add `honor_timestamps: false`, or drop unneeded series instead of the label");
        sink.push(finding);
    }
}
