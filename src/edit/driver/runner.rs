//! Targets of a job through its rules, one after the other.

use crate::config::ScrapeConfig;
use crate::effect::is_kept;
use crate::re2::RegexCache;
use crate::scrape::SampleRelabeler;
use crate::simulate::{JobSimulator, PlacedTarget, TargetResult};

use super::samples::Samples;

/// Simulates targets of a variant of a job.
pub(super) struct Runner<'r> {
    simulator: JobSimulator<'r>,
    samples: Option<(&'r Samples, SampleRelabeler)>,
    traces: bool,
}

impl<'r> Runner<'r> {
    /// For a job with these rules; `None` when Prometheus refuses one of them.
    pub(super) fn new(
        patterns: &mut RegexCache,
        job: &'r ScrapeConfig,
        samples: Option<&'r Samples>,
        traces: bool,
    ) -> Option<Self> {
        let simulator = JobSimulator::with_patterns(patterns, job, traces).ok()?;
        let samples = match samples {
            Some(samples) => Some((samples, SampleRelabeler::with_patterns(patterns, job).ok()?)),
            None => None,
        };
        Some(Self { simulator, samples, traces })
    }

    /// The result of a target; at the metric stage those of its samples, if it is scraped.
    pub(super) fn results(&mut self, placed: &PlacedTarget) -> Vec<TargetResult> {
        let result = self.simulator.simulate(placed);
        match &mut self.samples {
            None => vec![result],
            Some((samples, relabeler)) if is_kept(&result) => samples.results(relabeler, &result, self.traces),
            Some(_) => Vec::new(),
        }
    }
}
