//! Checks of a job's targets as a whole: duplicates, and the limit on their number.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::text::Location;

use super::numbers::Numbers;
use super::{Status, TargetResult};

/// Counts the kept targets of a job as Prometheus's scrape pool does: two with the same labels
/// (internal ones included) and URL are one. Keeps a number a target, not the target, and of a
/// bounded number of targets.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    /// The number of targets that are compared.
    most_tracked: usize,
    /// The hash of each target, and the place of the first of its kind.
    seen: FxHashMap<u64, Option<Location>>,
    duplicates: BTreeMap<u64, Member>,
    /// Duplicates beyond [`MOST_DUPLICATES`]: they are counted.
    more: FxHashSet<u64>,
    /// Targets beyond `most_tracked`, each counted as one of its own.
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

impl Default for Pool {
    fn default() -> Self {
        Self::new(MOST_TRACKED)
    }
}

impl Pool {
    fn new(most_tracked: usize) -> Self {
        let (seen, duplicates, more) = (FxHashMap::default(), BTreeMap::new(), FxHashSet::default());
        Self { most_tracked, seen, duplicates, more, untracked: 0 }
    }

    pub(super) fn add(&mut self, result: &TargetResult) {
        if result.status != Status::Kept {
            return;
        }
        let number = Numbers::of(result.labels.iter()).of_target(&result.url);
        self.add_number(number, result.at, &result.url);
    }

    /// Adds a kept target by a number for its labels and its URL.
    pub(super) fn add_number(&mut self, hash: u64, at: Option<Location>, url: &str) {
        let Some(&first) = self.seen.get(&hash) else {
            if self.seen.len() < self.most_tracked {
                self.seen.insert(hash, at);
            } else {
                self.untracked += 1;
            }
            return;
        };
        if self.duplicates.len() >= MOST_DUPLICATES && !self.duplicates.contains_key(&hash) {
            self.more.insert(hash);
            return;
        }
        let new = || Member { count: 1, places: first.into_iter().collect(), url: url.to_string() };
        let member = self.duplicates.entry(hash).or_insert_with(new);
        member.count += 1;
        if member.places.len() < PLACES_SHOWN {
            member.places.extend(at);
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
            diagnostics.push(untracked(job, self.most_tracked, self.untracked));
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
fn untracked(job: &ScrapeConfig, most: usize, count: u64) -> Diagnostic {
    let at = Location::new(job.file, job.job_name.span);
    let message = format!("the job has more than {most} targets; {count} of them were not compared with the others");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::options::Options;
    use crate::simulate::{SimulateOptions, simulate};
    use crate::text::Sources;

    /// The diagnostics of a pool for a job with these targets.
    fn diagnostics_of(mut pool: Pool, targets: impl Iterator<Item = usize>) -> Vec<Diagnostic> {
        let targets: Vec<String> = targets.map(|number| format!("h{number}:1")).collect();
        let groups = format!("[{{targets: [{}]}}]", targets.join(", "));
        let text = format!("scrape_configs: [{{job_name: a, static_configs: {groups}}}]");
        let (mut sources, options) = (Sources::new(), Options::default());
        let file = sources.add("p.yml", text);
        let (config, _) = Config::read(&mut sources, file, &options);
        let simulation = simulate(&config, &mut sources, &options, &SimulateOptions::default()).expect("is selected");
        simulation.jobs[0].targets.iter().for_each(|target| pool.add(target));
        pool.diagnostics(&config.scrape_configs[0])
    }

    #[test]
    fn targets_beyond_the_compared_ones_are_counted_and_reported() {
        let messages = |pool, count| -> Vec<String> {
            diagnostics_of(pool, 0..count).into_iter().map(|diagnostic| diagnostic.message).collect()
        };
        assert_eq!(messages(Pool::new(10), 10), Vec::<String>::new());
        assert_eq!(
            messages(Pool::new(10), 12),
            ["the job has more than 10 targets; 2 of them were not compared with the others"]
        );
        assert_eq!(Pool::default().most_tracked, 1_048_576);
    }

    #[test]
    fn a_thousand_duplicates_are_reported_and_the_others_counted() {
        let diagnostics = diagnostics_of(Pool::default(), (0..1_200).flat_map(|number| [number, number, number]));
        assert_eq!((diagnostics.len(), diagnostics[0].omitted, diagnostics[999].omitted), (1_000, 0, 200));
        assert_eq!(diagnostics[0].message, "3 targets are identical after relabeling: http://h0:1/metrics");
    }
}
