//! The simulated results of the targets in a config, for the rules.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::budget::Budget;
use crate::relabel::LabelBuilder;
use crate::scrape::ScrapeError;
use crate::simulate::{Status, TargetOutcome};
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
    /// Whether it also drops the others.
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
    /// The label set that the targets of one job after the other are simulated on.
    pub(super) set: LabelBuilder,
}

impl Outcomes {
    pub(super) fn new(budget: Budget) -> Self {
        Self { urls: FxHashSet::default(), budget, set: LabelBuilder::new() }
    }

    /// Whether no further target can be added.
    pub(super) fn is_full(&self) -> bool {
        self.budget.is_spent()
    }

    /// Adds a target of a job. Whether it fits.
    pub(super) fn add(&mut self, job: &mut JobTargets, outcome: TargetOutcome) -> bool {
        let Some(at) = outcome.at else { return true };
        if !self.budget.hold(outcome.memory) {
            return false;
        }
        let url = match self.urls.get(outcome.url.as_str()) {
            Some(url) => Arc::clone(url),
            None => {
                let url: Arc<str> = Arc::from(outcome.url);
                self.urls.insert(Arc::clone(&url));
                url
            }
        };
        let TargetOutcome { status, series, dropped_by, has_new_address, failure, .. } = outcome;
        let failure = failure.map(|failure| Box::new(ScrapeFailure { address: failure.0, error: failure.1 }));
        job.targets.push(Outcome { at, status, url, series, dropped_by, has_new_address, failure });
        true
    }
}
