//! A job whose rules drop all its targets.

use crate::config::ScrapeConfig;
use crate::lint::outcomes::JobOutcomes;
use crate::lint::rule::{Check, Input, is_judged};
use crate::lint::sink::{Sink, in_job};
use crate::relabel::Action;
use crate::simulate::Status;
use crate::text::Location;

pub(super) const CHECK: Check = Check::Input(check);

/// Whether the rule selects by a hash: another server may scrape the targets.
fn is_of_shard(job: &ScrapeConfig, rule: usize) -> bool {
    let (before, rest) = job.relabel_configs.split_at(rule);
    let Some(filter) = rest.first() else { return false };
    let hashes = before.iter().filter(|rule| rule.spec.action == Some(Action::HashMod));
    hashes.map(|rule| &rule.spec.target_label).any(|hash| {
        *hash == filter.spec.target_label || filter.spec.source_labels.iter().flatten().any(|source| source == hash)
    })
}

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let is_of_interest =
        |outcomes: &&JobOutcomes<'_>| is_judged(outcomes.job) && outcomes.is_static() && outcomes.left_out == 0;
    for outcomes in input.outcomes.iter().filter(is_of_interest) {
        let (job, targets) = (outcomes.job, &outcomes.targets);
        let Some(first) = targets.first() else { continue };
        let is_each_dropped = targets.iter().all(|target| target.status == Status::Dropped);
        let Some(rule) = first.dropped_by.filter(|_| is_each_dropped) else { continue };
        let Some(written) = job.relabel_configs.get(rule) else { continue };
        if is_of_shard(job, rule) || sink.has_finding_in(Location::new(job.file, written.span)) {
            continue;
        }
        let is_one_rule = targets.iter().all(|target| target.dropped_by == Some(rule));
        let what =
            if is_one_rule { "drops every target of the job" } else { "and other rules drop every target of the job" };
        let finding = in_job(job, written.span, format!("relabel_configs[{rule}] {what}"))
            .with_label(first.at, "for example, this target")
            .with_argument("list", "relabel_configs")
            .with_note("the job scrapes nothing")
            .with_help(format!(
                "run `promcfg simulate --trace --job {:?} CONFIG` to see the effect of each rule",
                job.job_name.value
            ));
        sink.push(finding);
    }
}
