//! A URL that is scraped several times.

use rustc_hash::FxHashMap;

use crate::lint::outcomes::{JobOutcomes, Outcome};
use crate::lint::rule::{Check, Input};
use crate::lint::sink::{Sink, in_file};

pub(super) const CHECK: Check = Check::Input(check);

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let mut first_by_url: FxHashMap<&str, (&JobOutcomes, &Outcome)> = FxHashMap::default();
    for job in input.outcomes.iter().filter(|job| job.is_text) {
        for target in job.targets.iter().filter(|target| target.is_kept()) {
            let Some(&(other, first)) = first_by_url.get(&*target.url) else {
                first_by_url.insert(&*target.url, (job, target));
                continue;
            };
            let is_same_job = std::ptr::eq(other, job);
            // `duplicate-target` reports targets of one job with the same labels.
            if (is_same_job && first.series == target.series) || has_other_purpose(other, job) {
                continue;
            }
            let message = if is_same_job {
                format!("the job scrapes {} twice, with different labels", target.url)
            } else {
                format!("job `{}` also scrapes {}", other.name, target.url)
            };
            let finding = in_file(target.at.file, target.at.span, message)
                .with_job(&*job.name)
                .with_argument("url", &*target.url)
                .with_label(first.at, "the same URL")
                .with_note(
                    "Prometheus stores the series of each scrape, so sums over them count every value more than once",
                )
                .with_help("remove one of the targets");
            sink.push(finding);
        }
    }
}

fn has_other_purpose(one: &JobOutcomes, other: &JobOutcomes) -> bool {
    !std::ptr::eq(one, other) && (one.has_purpose != other.has_purpose)
}
