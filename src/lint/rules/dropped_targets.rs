//! A job whose rules drop all its targets.

use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    for job in input.outcomes.iter().filter(|job| job.is_text) {
        let (Some(loss), Some(first)) = (job.loss, job.targets.first()) else { continue };
        let rule = loss.rule;
        let what = if loss.is_of_one_rule {
            "drops every target of the job"
        } else {
            "and other rules drop every target of the job"
        };
        let finding = in_file(loss.at.file, loss.at.span, format!("relabel_configs[{rule}] {what}"))
            .with_job(&*job.name)
            .with_label(first.at, "for example, this target")
            .with_argument("list", "relabel_configs")
            .with_note("the job scrapes nothing")
            .with_help(format!(
                "run `promcfg simulate --trace --job {:?} CONFIG` to see the effect of each rule",
                job.name
            ));
        sink.push(finding);
    }
}
