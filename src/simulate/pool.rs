//! Checks of a job's targets as a whole: duplicates, and the limit on their number.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::text::Location;

use super::{Status, TargetResult};

/// Counts the kept targets of a job as Prometheus's scrape pool does: two with the same labels
/// (internal ones included) and URL are one. Keeps a number a target, not the target, and of a
/// bounded number of targets.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    /// The hash of each target, and the place of the first of its kind.
    seen: FxHashMap<u64, Option<Location>>,
    duplicates: BTreeMap<u64, Member>,
    /// Duplicates beyond [`MOST_DUPLICATES`]: they are counted.
    more: FxHashSet<u64>,
    /// Targets beyond [`MOST_TRACKED`], each counted as one of its own.
    untracked: u64,
}

/// Targets that are the same.
#[derive(Clone, Debug)]
struct Member {
    count: usize,
    places: Vec<Location>,
    url: String,
}

const PLACES_SHOWN: usize = 3;
/// The number of different duplicates that are reported; the last one says how many more there are.
const MOST_DUPLICATES: usize = 1000;
/// The number of targets of a job that are compared with each other: about 40 MB. More are reported.
const MOST_TRACKED: usize = 1 << 20;

impl Pool {
    pub(super) fn add(&mut self, result: &TargetResult) {
        if result.status != Status::Kept {
            return;
        }
        let mut hasher = DefaultHasher::new();
        (&result.labels, &result.url).hash(&mut hasher);
        let hash = hasher.finish();
        let Some(&first) = self.seen.get(&hash) else {
            if self.seen.len() < MOST_TRACKED {
                self.seen.insert(hash, result.at);
            } else {
                self.untracked += 1;
            }
            return;
        };
        if self.duplicates.len() >= MOST_DUPLICATES && !self.duplicates.contains_key(&hash) {
            self.more.insert(hash);
            return;
        }
        let new = || Member { count: 1, places: first.into_iter().collect(), url: result.url.clone() };
        let member = self.duplicates.entry(hash).or_insert_with(new);
        member.count += 1;
        if member.places.len() < PLACES_SHOWN {
            member.places.extend(result.at);
        }
    }

    /// The diagnostics of `job` after its last target.
    pub(super) fn diagnostics(&self, job: &ScrapeConfig) -> Vec<Diagnostic> {
        let mut members: Vec<&Member> = self.duplicates.values().collect();
        members.sort_by_key(|member| (member.places.first().copied(), &member.url));
        let mut diagnostics: Vec<Diagnostic> = members.into_iter().map(|member| duplicate(job, member)).collect();
        if let Some(last) = diagnostics.last_mut() {
            last.omitted += self.more.len();
        }
        if self.untracked > 0 {
            diagnostics.push(untracked(job, self.untracked));
        }
        let count = self.seen.len() as u64 + self.untracked;
        if job.target_limit > 0 && count > job.target_limit {
            diagnostics.push(limit_exceeded(job, count));
        }
        diagnostics
    }
}

fn duplicate(job: &ScrapeConfig, member: &Member) -> Diagnostic {
    // The second one, if its place is known.
    let own = Location::new(job.file, job.job_name.span);
    let at = member.places.get(1).or_else(|| member.places.first()).copied().unwrap_or(own);
    let url = &member.url;
    let message = format!("{} targets are identical after relabeling: {url}", member.count);
    let mut diagnostic = Diagnostic::new(ids::DUPLICATE_TARGET, Severity::Warning, at, message)
        .with_job(job.job_name.value.as_str())
        .with_argument("url", url.as_str())
        .with_note("Prometheus scrapes targets with the same labels and URL once")
        .with_help("remove the repeated targets, or keep a label that distinguishes them");
    for place in member.places.iter().filter(|place| **place != at) {
        diagnostic = diagnostic.with_label(*place, "the same target");
    }
    diagnostic
}

/// That not all targets are compared with each other.
fn untracked(job: &ScrapeConfig, count: u64) -> Diagnostic {
    let at = Location::new(job.file, job.job_name.span);
    let message =
        format!("the job has more than {MOST_TRACKED} targets; {count} of them were not compared with the others");
    Diagnostic::new(ids::UNCHECKED_PART, Severity::Warning, at, message)
        .with_job(job.job_name.value.as_str())
        .with_argument("part", "targets")
        .with_help("divide the job")
}

fn limit_exceeded(job: &ScrapeConfig, count: u64) -> Diagnostic {
    let limit = job.target_limit;
    let at = Location::new(job.file, job.job_name.span);
    Diagnostic::new(
        ids::TARGET_LIMIT_EXCEEDED,
        Severity::Error,
        at,
        format!("{count} targets exceed the `target_limit` of {limit}"),
    )
    .with_job(job.job_name.value.as_str())
    .with_note("when the limit is exceeded, every scrape of the job fails, not only the scrapes of the targets above the limit")
    .with_help("raise `target_limit`, or drop targets with relabel rules")
    .with_upstream(format!("target_limit exceeded (number of targets: {count}, limit: {limit})"))
}
