//! Different targets whose series have the same labels.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{RelabelRule, ScrapeConfig};
use crate::lint::outcomes::Outcome;
use crate::lint::rule::{Check, Input, is_judged};
use crate::lint::sink::{Sink, in_file};
use crate::text::Location;

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let mut first_by_series: FxHashMap<u64, (&ScrapeConfig, &Outcome)> = FxHashMap::default();
    let mut reported: FxHashSet<u64> = FxHashSet::default();
    for outcomes in input.outcomes.iter().filter(|outcomes| is_judged(outcomes.job)) {
        let job = outcomes.job;
        for target in outcomes.targets.iter().filter(|target| target.is_kept()) {
            let Some(&(other, first)) = first_by_series.get(&target.series) else {
                first_by_series.insert(target.series, (job, target));
                continue;
            };
            if first.url == target.url
                || reported.contains(&target.series)
                || has_findings(job, sink)
                || has_findings(other, sink)
            {
                continue;
            }
            reported.insert(target.series);
            let message = format!("{} and {} have the same labels", first.url, target.url);
            let finding = in_file(target.at.file, target.at.span, message)
                .with_job(job.job_name.value.as_str())
                .with_argument("url", &*target.url)
                .with_argument("other_url", &*first.url)
                .with_label(first.at, "the other target")
                .with_note(
                    "their samples go to the same series: Prometheus refuses them as duplicates or mixes them up",
                )
                .with_help("keep the default `instance`, or give each target a different label");
            sink.push(finding);
        }
    }
}

/// Whether a rule of the job has a finding, which may explain the equal labels.
fn has_findings(job: &ScrapeConfig, sink: &Sink<'_>) -> bool {
    let may_be_why = |rule: &&RelabelRule| !matches!(&*rule.spec.target_label, "__scheme__" | "__metrics_path__");
    job.relabel_configs.iter().filter(may_be_why).any(|rule| sink.has_finding_in(Location::new(job.file, rule.span)))
}
