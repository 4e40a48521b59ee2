//! The simulation of one job: its targets go in one by one, each comes out with its result.

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::re2::RegexCache;
use crate::relabel::{Chain, ChainError, LabelBuilder, Labels, Verdict};
use crate::scrape::{check_target, discovered_labels, scrape_error};
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
    set: LabelBuilder,
    has_collisions: bool,
    traces: bool,
    pool: Pool,
    diagnostics: Vec<Diagnostic>,
}

impl<'c> JobSimulator<'c> {
    /// Prepares `job`; `traces` says whether each result has a trace.
    ///
    /// # Errors
    /// The first rule Prometheus refuses, with its index. A job that was read without a load error
    /// has none.
    pub fn new(job: &'c ScrapeConfig, traces: bool) -> Result<Self, ChainError> {
        Self::with_patterns(&mut RegexCache::new(), job, traces)
    }

    /// As [`new`](Self::new), with patterns that are compiled once however many jobs have them.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_patterns(patterns: &mut RegexCache, job: &'c ScrapeConfig, traces: bool) -> Result<Self, ChainError> {
        let rules = job.relabel_configs.iter().map(|rule| &rule.spec);
        let chain = Chain::with_patterns(patterns, rules, job.semantics())?;
        let (set, pool) = (LabelBuilder::new(), Pool::default());
        Ok(Self { job, chain, set, has_collisions: false, traces, pool, diagnostics: Vec::new() })
    }

    /// Simulates one target.
    pub fn simulate(&mut self, placed: &PlacedTarget) -> TargetResult {
        let discovered = discovered_labels(self.job, &placed.target);
        let mut result = TargetResult {
            discovered,
            status: Status::Kept,
            labels: Labels::new(),
            url: String::new(),
            scrape_error: None,
            dropped_by: None,
            error: None,
            trace: Vec::new(),
            at: placed.at,
        };
        if !self.job.is_text {
            let why = "the job has a value that is not UTF-8".to_string();
            (result.status, result.error) = (Status::Unknown, Some(why));
            return result;
        }
        self.relabel(&mut result);
        self.pool.add(&result);
        self.report_problem(&result);
        result
    }

    /// Runs the rules, then Prometheus's checks of a target.
    fn relabel(&mut self, result: &mut TargetResult) {
        self.set.load_added(&result.discovered);
        let verdict = if self.traces {
            self.chain.run_traced(&mut self.set, &mut result.trace)
        } else {
            self.chain.run(&mut self.set)
        };
        self.has_collisions |= self.set.has_collisions();
        match verdict {
            Ok(Verdict::Kept) => match check_target(self.job, self.set.to_labels()) {
                Ok(target) => {
                    result.scrape_error = scrape_error(self.job, &target.labels);
                    (result.labels, result.url) = (target.labels, target.url);
                }
                Err(fault) => (result.status, result.error) = (Status::Invalid, Some(fault.to_string())),
            },
            Ok(Verdict::Dropped { rule }) => {
                let span = self.job.relabel_configs.get(rule).map_or(self.job.span, |rule| rule.span);
                let at = Location::new(self.job.file, span);
                result.status = Status::Dropped;
                result.dropped_by = Some(DroppedBy { list: "relabel_configs", rule, at });
            }
            Err(limit) => (result.status, result.error) = (Status::Unknown, Some(limit.to_string())),
        }
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

    fn report_problem(&mut self, result: &TargetResult) {
        let at = result.at.unwrap_or(Location::new(self.job.file, self.job.job_name.span));
        let address = result.discovered.get("__address__");
        let diagnostic = match (result.status, &result.error) {
            (Status::Invalid, Some(error)) => Diagnostic::new(
                ids::INVALID_TARGET,
                Severity::Error,
                at,
                format!("Prometheus refuses the target {address:?}: {error}"),
            )
            .with_argument("target", address)
            .with_argument("error", error.as_str())
            .with_note("the config loads, but Prometheus never scrapes this target and only logs the reason")
            .with_upstream(error.as_str()),
            (Status::Unknown, Some(error)) => Diagnostic::new(
                ids::TOO_LARGE_TO_SIMULATE,
                Severity::Warning,
                at,
                format!("cannot simulate the target {address:?}: {error}"),
            )
            .with_argument("target", address)
            .with_argument("error", error.as_str())
            .with_note("the config is valid, but the target needs more than promcfg computes"),
            _ => return,
        };
        self.diagnostics.push(diagnostic.with_job(self.job.job_name.value.as_str()));
    }

    /// The diagnostics of the targets simulated so far: refused ones, duplicates, the limit
    /// on their number.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics.clone();
        if self.has_collisions {
            diagnostics.push(self.undefined_result());
        }
        diagnostics.extend(self.pool.diagnostics(self.job));
        diagnostics
    }

    fn undefined_result(&self) -> Diagnostic {
        let at = Location::new(self.job.file, self.job.job_name.span);
        Diagnostic::new(
            ids::UNDEFINED_LABELMAP_RESULT,
            Severity::Warning,
            at,
            "a `labelmap` copies several labels with different values to one name",
        )
        .with_job(self.job.job_name.value.as_str())
        .with_note("Prometheus processes the labels in random order, so the value can differ from run to run")
        .with_help("change the rule so that it writes distinct names; `--trace` shows the labels")
    }
}
