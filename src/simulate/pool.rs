//! What concerns a job's targets together: duplicates, and the limit on their number.

use rustc_hash::FxHashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::Location;

use super::{Status, TargetResult};

/// Counts the kept targets of a job as Prometheus's scrape pool does: two with the same labels
/// (internal ones included) and URL are one. Keeps a number a target, not the target.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    seen: FxHashMap<u64, Member>,
    duplicates: Vec<u64>,
}

#[derive(Clone, Debug)]
struct Member {
    count: usize,
    places: Vec<Location>,
    url: Option<String>,
}

const PLACES_SHOWN: usize = 3;

impl Pool {
    pub(super) fn add(&mut self, result: &TargetResult) {
        if result.status != Status::Kept {
            return;
        }
        let mut hasher = DefaultHasher::new();
        (&result.labels, &result.url).hash(&mut hasher);
        match self.seen.entry(hasher.finish()) {
            Entry::Vacant(entry) => {
                entry.insert(Member { count: 1, places: result.at.into_iter().collect(), url: None });
            }
            Entry::Occupied(mut entry) => {
                if entry.get().count == 1 {
                    self.duplicates.push(*entry.key());
                }
                let member = entry.get_mut();
                member.count += 1;
                member.url.get_or_insert_with(|| result.url.clone());
                if member.places.len() < PLACES_SHOWN {
                    member.places.extend(result.at);
                }
            }
        }
    }

    /// What is to be said about `job` after its last target.
    pub(super) fn diagnostics(&self, job: &ScrapeConfig) -> Vec<Diagnostic> {
        let mut diagnostics: Vec<Diagnostic> =
            self.duplicates.iter().filter_map(|key| self.seen.get(key)).map(|member| duplicate(job, member)).collect();
        let count = self.seen.len() as u64;
        if job.target_limit > 0 && count > job.target_limit {
            diagnostics.push(limit_exceeded(job, count));
        }
        diagnostics
    }
}

fn duplicate(job: &ScrapeConfig, member: &Member) -> Diagnostic {
    let at = member.places.first().copied().unwrap_or(Location::new(job.file, job.job_name.span));
    let url = member.url.as_deref().unwrap_or("");
    let message = format!("{} targets are the same after relabeling: {url}", member.count);
    let mut diagnostic = Diagnostic::new("duplicate-target", Severity::Warning, at, message)
        .with_job(job.job_name.value.as_str())
        .with_note("targets with equal labels and URL are scraped once; all but one of them are lost")
        .with_help("remove the repeated targets, or keep a label that tells them apart");
    for place in member.places.iter().skip(1) {
        diagnostic = diagnostic.with_label(*place, "the same target again");
    }
    diagnostic
}

fn limit_exceeded(job: &ScrapeConfig, count: u64) -> Diagnostic {
    let limit = job.target_limit;
    let at = Location::new(job.file, job.job_name.span);
    Diagnostic::new(
        "target-limit-exceeded",
        Severity::Error,
        at,
        format!("{count} targets are more than the `target_limit` of {limit}"),
    )
    .with_job(job.job_name.value.as_str())
    .with_note("when the limit is exceeded every scrape of the job fails, not only those of the targets beyond it")
    .with_help("raise `target_limit`, or drop targets with relabel rules")
    .with_upstream(format!("target_limit exceeded (number of targets: {count}, limit: {limit})"))
}
