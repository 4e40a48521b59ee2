//! One and the same URL that is scraped several times.

use rustc_hash::FxHashMap;

use crate::config::ScrapeConfig;
use crate::lint::outcomes::Outcome;
use crate::lint::rule::{Check, Input, is_judged};
use crate::lint::sink::{Sink, in_file};

pub(super) const CHECK: Check = Check::Input(check);

/// With one of these a job may get something else at the same place.
const PURPOSE: [&str; 7] =
    ["http_headers", "authorization", "basic_auth", "oauth2", "bearer_token", "bearer_token_file", "proxy_url"];

fn check(input: &Input<'_>, sink: &mut Sink<'_>) {
    let mut first_by_url: FxHashMap<&str, (&ScrapeConfig, &Outcome)> = FxHashMap::default();
    for outcomes in input.outcomes.iter().filter(|outcomes| is_judged(outcomes.job)) {
        let job = outcomes.job;
        for target in outcomes.targets.iter().filter(|target| target.is_kept()) {
            let Some(&(other, first)) = first_by_url.get(target.url.as_str()) else {
                first_by_url.insert(target.url.as_str(), (job, target));
                continue;
            };
            let is_same_job = std::ptr::eq(other, job);
            // Of one job, those with the same labels are told as duplicates already.
            if (is_same_job && first.series == target.series) || has_other_purpose(other, job) {
                continue;
            }
            let by = if is_same_job {
                "with other labels".to_string()
            } else {
                format!("by job `{}`", other.job_name.value)
            };
            let message = format!("{} is scraped {by}, too", target.url);
            let finding = in_file(target.at.file, target.at.span, message)
                .with_job(job.job_name.value.as_str())
                .with_label(first.at, "the same URL")
                .with_note("its series are stored once for each, so that sums over them count everything twice")
                .with_help("leave the target to one of them");
            sink.push(finding);
        }
    }
}

fn has_other_purpose(one: &ScrapeConfig, other: &ScrapeConfig) -> bool {
    let has = |job: &ScrapeConfig| PURPOSE.iter().any(|key| job.field(key).is_some());
    !std::ptr::eq(one, other) && (has(one) != has(other))
}
