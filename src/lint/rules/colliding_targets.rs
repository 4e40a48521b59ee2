//! Different targets whose series have the same labels.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lint::outcomes::{JobOutcomes, Outcome};
use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let mut first_by_series: FxHashMap<u64, (&JobOutcomes, &Outcome)> = FxHashMap::default();
    let mut reported: FxHashSet<u64> = FxHashSet::default();
    for job in input.outcomes.iter().filter(|job| job.is_text) {
        for target in job.targets.iter().filter(|target| target.is_kept()) {
            let Some(&(other, first)) = first_by_series.get(&target.series) else {
                first_by_series.insert(target.series, (job, target));
                continue;
            };
            if first.url == target.url || reported.contains(&target.series) || job.has_findings || other.has_findings {
                continue;
            }
            reported.insert(target.series);
            let message = format!("{} and {} have the same labels", first.url, target.url);
            let finding = in_file(target.at.file, target.at.span, message)
                .with_job(&*job.name)
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
