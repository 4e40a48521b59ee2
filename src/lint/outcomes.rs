//! The simulated results of the targets in a config, for the rules.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::{FxHashSet, FxHasher};

use crate::budget::Budget;
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

/// The targets of a job that the rules judge, and what is known of the job when it is gone.
#[derive(Clone, Debug)]
pub(crate) struct JobOutcomes {
    pub(crate) name: Box<str>,
    /// Whether all its values are text.
    pub(crate) is_text: bool,
    /// Whether a field may give it other content than another job gets from the same URL.
    pub(crate) has_purpose: bool,
    /// Whether one of its rules has a finding that may explain equal labels.
    pub(crate) has_findings: bool,
    /// The targets in the config and in the readable target files.
    pub(crate) targets: Vec<Outcome>,
    /// How its rules drop all its targets, if they do, and if nothing else explains it.
    pub(crate) loss: Option<LossOfAll>,
}

/// A job whose rules drop all its targets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LossOfAll {
    /// The rule that drops the first target, and its place.
    pub(crate) rule: usize,
    pub(crate) at: Location,
    /// Whether it drops the others, too.
    pub(crate) is_of_one_rule: bool,
}

/// The targets of a job whose results are being collected.
#[derive(Debug, Default)]
pub(super) struct JobTargets {
    /// The targets in the config and in the readable target files.
    pub(super) targets: Vec<Outcome>,
    /// The number of other targets, which are not simulated: they are too many or too large.
    pub(super) left_out: usize,
}

/// What the targets of several jobs share.
#[derive(Debug)]
pub(super) struct Outcomes {
    /// The URLs of all targets, each once.
    urls: FxHashSet<Arc<str>>,
    /// Counts what the results of all targets take, also of what is not held of them: so it bounds the time as well.
    pub(super) budget: Budget,
}

impl Outcomes {
    pub(super) fn new(budget: Budget) -> Self {
        Self { urls: FxHashSet::default(), budget }
    }

    /// Whether no further target can be added.
    pub(super) fn is_full(&self) -> bool {
        self.budget.is_spent()
    }

    /// Adds a target of a job. Whether it fits.
    pub(super) fn add(&mut self, job: &mut JobTargets, result: TargetResult) -> bool {
        let Some(at) = result.at else { return true };
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
