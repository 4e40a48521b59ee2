//! The simulated results of the targets in a config, for the rules.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::{FxHashSet, FxHasher};

use crate::budget::Budget;
use crate::config::ScrapeConfig;
use crate::scrape::ScrapeError;
use crate::simulate::{Status, TargetResult};
use crate::text::Location;

/// The result of a target in the config or in a target file.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The place of the target.
    pub(crate) at: Location,
    pub(crate) status: Status,
    /// The scrape URL; empty unless the target is kept. Targets with the same URL share it.
    pub(crate) url: Arc<str>,
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
    /// The number of other targets, which are not simulated: they are too many or too large.
    pub(crate) left_out: usize,
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
    /// The URLs of all targets, each once.
    urls: FxHashSet<Arc<str>>,
    /// Counts what the results of all targets take, also of what is not held of them: so it bounds the time as well.
    budget: Budget,
}

impl<'c> Outcomes<'c> {
    pub(super) fn new(budget: Budget) -> Self {
        Self { jobs: Vec::new(), urls: FxHashSet::default(), budget }
    }

    /// Whether no further target can be added.
    pub(super) fn is_full(&self) -> bool {
        self.budget.is_spent()
    }

    /// Counts targets of the last job that are not simulated.
    pub(super) fn leave_out(&mut self, targets: usize) {
        if let Some(job) = self.jobs.last_mut() {
            job.left_out += targets;
        }
    }

    /// Adds a job that has no targets yet.
    pub(super) fn add_job(&mut self, job: &'c ScrapeConfig) {
        self.jobs.push(JobOutcomes { job, targets: Vec::new(), left_out: 0 });
    }

    /// Adds a target of the last job. Whether it fits.
    pub(super) fn add(&mut self, result: TargetResult) -> bool {
        let (Some(at), Some(job)) = (result.at, self.jobs.last_mut()) else { return true };
        if !self.budget.hold(result.memory()) {
            return false;
        }
        let mut hasher = FxHasher::default();
        for label in result.labels.iter().filter(|(name, _)| !name.starts_with("__")) {
            label.hash(&mut hasher);
        }
        let dropped_by = result.dropped_by.map(|dropped| dropped.rule);
        let address = result.labels.get("__address__");
        let has_new_address = address != result.discovered.get("__address__");
        let failure = result.scrape_error.map(|error| Box::new(ScrapeFailure { address: address.to_string(), error }));
        let url = match self.urls.get(result.url.as_str()) {
            Some(url) => Arc::clone(url),
            None => {
                let url: Arc<str> = Arc::from(result.url);
                self.urls.insert(Arc::clone(&url));
                url
            }
        };
        let (status, series) = (result.status, hasher.finish());
        job.targets.push(Outcome { at, status, url, series, dropped_by, has_new_address, failure });
        true
    }
}
