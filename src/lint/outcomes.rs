//! The simulated results of the targets in a config, for the rules.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::scrape::ScrapeError;
use crate::simulate::{Status, TargetResult};
use crate::text::Location;

/// The number of targets of a config that the rules compare; more are reported.
const MOST_TARGETS: usize = 1 << 20;

/// The result of a target in the config or in a target file.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The place of the target.
    pub(crate) at: Location,
    pub(crate) status: Status,
    /// The scrape URL; empty unless the target is kept.
    pub(crate) url: String,
    /// A number for the labels of its series: the same for the same labels.
    pub(crate) series: u64,
    /// The rule of `relabel_configs` that dropped it.
    pub(crate) dropped_by: Option<usize>,
    /// Whether its address after relabeling differs from the discovered one.
    pub(crate) has_new_address: bool,
    /// Why every scrape of it fails.
    pub(crate) failure: Option<Box<ScrapeFailure>>,
}

/// Why every scrape of a target fails.
#[derive(Clone, Debug)]
pub(crate) struct ScrapeFailure {
    /// The address after relabeling.
    pub(crate) address: String,
    pub(crate) error: ScrapeError,
}

impl Outcome {
    pub(crate) fn is_kept(&self) -> bool {
        self.status == Status::Kept
    }
}

/// The targets of a job.
#[derive(Debug)]
pub(crate) struct JobOutcomes<'c> {
    pub(crate) job: &'c ScrapeConfig,
    /// The targets in the config and in the readable target files.
    pub(crate) targets: Vec<Outcome>,
}

impl JobOutcomes<'_> {
    /// Whether all targets of the job are in the config.
    pub(crate) fn is_static(&self) -> bool {
        self.job.has_only_static_targets()
    }
}

/// The targets of all jobs that the rules judge.
#[derive(Debug, Default)]
pub(super) struct Outcomes<'c> {
    pub(super) jobs: Vec<JobOutcomes<'c>>,
    count: usize,
    /// The first target that was too many, and how many there are.
    left_out: Option<(Location, usize)>,
}

impl<'c> Outcomes<'c> {
    /// Adds a job that has no targets yet.
    pub(super) fn add_job(&mut self, job: &'c ScrapeConfig) {
        self.jobs.push(JobOutcomes { job, targets: Vec::new() });
    }

    /// That not all targets were compared.
    pub(super) fn too_many(&self) -> Option<Diagnostic> {
        let (at, count) = self.left_out?;
        let message = format!(
            "the config has more than {MOST_TARGETS} targets; the lint rules were not applied to {count} of them"
        );
        let finding = Diagnostic::new(ids::UNCHECKED_PART, Severity::Warning, at, message);
        Some(finding.with_argument("part", "targets").with_help("divide the config"))
    }

    /// Adds a target of the last job.
    pub(super) fn add(&mut self, result: TargetResult) {
        let (Some(at), Some(job)) = (result.at, self.jobs.last_mut()) else { return };
        if self.count >= MOST_TARGETS {
            let (_, count) = self.left_out.get_or_insert((at, 0));
            *count += 1;
            return;
        }
        self.count += 1;
        let mut hasher = FxHasher::default();
        for label in result.labels.iter().filter(|(name, _)| !name.starts_with("__")) {
            label.hash(&mut hasher);
        }
        let dropped_by = result.dropped_by.map(|dropped| dropped.rule);
        let address = result.labels.get("__address__");
        let has_new_address = address != result.discovered.get("__address__");
        let failure = result.scrape_error.map(|error| Box::new(ScrapeFailure { address: address.to_string(), error }));
        let (status, url, series) = (result.status, result.url, hasher.finish());
        job.targets.push(Outcome { at, status, url, series, dropped_by, has_new_address, failure });
    }
}
