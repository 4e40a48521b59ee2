//! The same `instance` for all targets of a job.

use crate::analysis::{Needs, RelabelList, Stage, Subjects};
use crate::config::ScrapeConfig;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, subject};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::INSTANCE_TARGET]), check);

const INSTANCE: &str = "instance";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let is_of_job = matches!(list.stage, Stage::Target | Stage::Metric);
    let Some(job) = list.job.filter(|job| is_of_job && may_have_several_targets(job)) else { return };
    for rule in list.rules.iter().filter(|rule| rule.overwrites(INSTANCE)) {
        let Some(value) = rule.constant_value() else { continue };
        let is_last = !list.may_be_written_behind(rule.index, INSTANCE) && !list.is_read_behind(rule.index, INSTANCE);
        if let Some(field) = rule.rule.field("target_label").filter(|_| is_last) {
            let what = subject(list.stage);
            let message = format!("the rule sets `instance` to `{value}` for every {what} of the job");
            let finding =
                in_rule(list, rule, field.value, message).with_argument("value", value.to_string()).with_note(
                    "targets that differ in no other label get the same series, and Prometheus mixes up their samples",
                );
            sink.push(finding.with_help(format!(
                "set another label to `{value}`, or set `instance` from a label that differs between the targets of `{}`",
                job.job_name.value
            )));
        }
    }
}

/// Whether the job has more than one target, or a mechanism that may discover any number of them.
pub(super) fn may_have_several_targets(job: &ScrapeConfig) -> bool {
    let count: usize = job.static_configs.iter().map(|group| group.targets.len()).sum();
    count > 1 || !job.has_only_static_targets()
}
