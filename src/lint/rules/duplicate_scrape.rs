//! A URL that is scraped several times.

use rustc_hash::FxHashMap;

use crate::config::ScrapeConfig;
use crate::lint::outcomes::Outcome;
use crate::lint::rule::{Check, Input, is_judged};
use crate::lint::sink::{Sink, in_file};

pub(super) const CHECK: Check = Check::Input(check);

/// Jobs that differ in one of these fields may get different content from the same URL.
const PURPOSE: [&str; 7] =
    ["http_headers", "authorization", "basic_auth", "oauth2", "bearer_token", "bearer_token_file", "proxy_url"];

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let mut first_by_url: FxHashMap<&str, (&ScrapeConfig, &Outcome)> = FxHashMap::default();
    for outcomes in input.outcomes.iter().filter(|outcomes| is_judged(outcomes.job)) {
        let job = outcomes.job;
        for target in outcomes.targets.iter().filter(|target| target.is_kept()) {
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
                format!("job `{}` also scrapes {}", other.job_name.value, target.url)
            };
            let finding = in_file(target.at.file, target.at.span, message)
                .with_job(job.job_name.value.as_str())
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

fn has_other_purpose(one: &ScrapeConfig, other: &ScrapeConfig) -> bool {
    let has = |job: &ScrapeConfig| PURPOSE.iter().any(|key| job.field(key).is_some());
    !std::ptr::eq(one, other) && (has(one) != has(other))
}
