//! One job at work: its targets go in one by one, each comes out with what became of it.

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, Severity};
use crate::relabel::{Chain, LabelSet, Labels, RuleFault, RuleSpec, Runner, Verdict};
use crate::target::{check_target, discovered_labels};
use crate::text::Location;

use super::pool::Pool;
use super::{DroppedBy, JobResult, PlacedTarget, Status, TargetResult};

/// Simulates the targets of one job, one after the other, in memory that does not grow with the
/// size of a target.
///
/// Source: `PopulateLabels` and the scrape pool of Prometheus 3.14.
#[derive(Debug)]
pub struct JobSimulator<'c> {
    job: &'c ScrapeConfig,
    chain: Chain,
    runner: Runner,
    traces: bool,
    pool: Pool,
    diagnostics: Vec<Diagnostic>,
}

impl<'c> JobSimulator<'c> {
    /// Prepares `job`; `traces` says whether each result tells what every rule did.
    ///
    /// # Errors
    /// The first rule Prometheus refuses, with its index. A job that was read without a load error
    /// has none.
    pub fn new(job: &'c ScrapeConfig, traces: bool) -> Result<Self, (usize, RuleFault)> {
        let rules: Vec<RuleSpec> = job.relabel_configs.iter().map(|rule| rule.spec.clone()).collect();
        let chain = Chain::new(&rules, job.name_scheme)?;
        let runner = Runner::new();
        Ok(Self { job, chain, runner, traces, pool: Pool::default(), diagnostics: Vec::new() })
    }

    /// What becomes of one target.
    pub fn simulate(&mut self, placed: &PlacedTarget) -> TargetResult {
        let discovered = discovered_labels(self.job, &placed.target);
        let mut result = TargetResult {
            discovered,
            status: Status::Kept,
            labels: Labels::new(),
            url: String::new(),
            dropped_by: None,
            error: None,
            trace: Vec::new(),
            at: placed.at,
        };
        self.relabel(&mut result);
        self.pool.add(&result);
        self.tell_of(&result);
        result
    }

    fn relabel(&mut self, result: &mut TargetResult) {
        todo_api!(result);
    }

    /// The job's result without targets: its name, place, discovery keys and rules.
    #[must_use]
    pub fn outline(job: &ScrapeConfig) -> JobResult {
        JobResult {
            job: job.job_name.value.clone(),
            at: Location::new(job.file, job.job_name.span),
            sources: job.discovery.iter().map(|sd| sd.key.clone()).collect(),
            targets: Vec::new(),
            rules: job.relabel_configs.iter().map(|rule| Location::new(job.file, rule.span)).collect(),
        }
    }

    fn tell_of(&mut self, result: &TargetResult) {
        let at = result.at.unwrap_or(Location::new(self.job.file, self.job.job_name.span));
        let address = result.discovered.get("__address__");
        let diagnostic = match (result.status, &result.error) {
            (Status::Invalid, Some(error)) => {
                Diagnostic::new("invalid-target", Severity::Error, at, format!("Prometheus refuses the target {address:?}: {error}"))
                    .with_note("the config loads, but this target is never scraped: Prometheus only logs the reason")
                    .with_upstream(error.as_str())
            }
            (Status::Unknown, Some(error)) => {
                Diagnostic::new("too-large-to-simulate", Severity::Warning, at, format!("the target {address:?} cannot be simulated: {error}"))
                    .with_note("the rule is legal; it is only beyond what promcfg is willing to compute")
            }
            _ => return,
        };
        self.diagnostics.push(diagnostic.with_job(self.job.job_name.value.as_str()));
    }

    /// What is to be said about the targets simulated so far: refused ones, duplicates, the limit
    /// on their number.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics.clone();
        diagnostics.extend(self.pool.diagnostics(self.job));
        diagnostics
    }
}
