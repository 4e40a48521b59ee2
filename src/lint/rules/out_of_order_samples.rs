//! Series that become one, with timestamps of their own.

use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::Job(check);

/// The metrics of containers, each with the time at which it was measured.
const CADVISOR: &str = "/metrics/cadvisor";

/// Labels that tell containers apart.
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
            format!("without `{label}` series of several containers may be the same"),
        )
        .with_note(
            "cAdvisor gives each its own timestamp, so that their samples are refused as out of order or as duplicates",
        )
        .with_help("set `honor_timestamps: false`, or drop the series you do not need instead of the label");
        sink.push(finding);
    }
}
