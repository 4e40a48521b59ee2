//! A job with its result, as tables, traces and JSON show it.

use crate::config::ScrapeConfig;
use crate::simulate::JobResult;
use crate::text::Sources;

/// A job's result and what is needed to show it.
#[derive(Clone, Copy, Debug)]
pub struct JobView<'a> {
    /// The job as configured.
    pub job: &'a ScrapeConfig,
    /// What became of its targets.
    pub result: &'a JobResult,
    /// The texts.
    pub sources: &'a Sources,
    /// Whether labels that begin with `__` are shown.
    pub all_labels: bool,
    /// Whether targets were given by hand, in place of the job's own.
    pub has_samples: bool,
}
