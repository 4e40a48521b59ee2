//! The simulation of one job or Alertmanager: its targets go in one by one, each comes out with its result.

use crate::config::ScrapeConfig;
use crate::diagnostic::{Bounded, Diagnostic, Severity, ids};
use crate::re2::RegexCache;
use crate::relabel::{Action, Chain, ChainError, LabelBuilder, Labels, Limit, LimitError, Step, Verdict};
use crate::scrape::{Defaults, DiscoveredTarget, error_at_url};
use crate::text::{Location, bounded_sentence, short_name};

use super::pool::Pool;
use super::{DroppedBy, JobResult, Origin, Owner, PlacedTarget, Status, TargetResult};

/// Simulates the targets of one job or Alertmanager, one after the other, in memory that does not grow with the
/// size of a target.
///
/// Source: `PopulateLabels` and the scrape pool of Prometheus 3.14.
#[derive(Debug)]
pub struct JobSimulator<'c> {
    pub(super) owner: Owner<'c>,
    pub(super) chain: Chain,
    pub(super) set: LabelBuilder,
    pub(super) has_collisions: bool,
    pub(super) traces: bool,
    pub(super) pool: Pool,
    /// The labels that the job gives to its targets, once they are needed.
    pub(super) defaults: Option<Box<Defaults<'c>>>,
    diagnostics: Bounded,
    /// Targets that were left out.
    left_out: usize,
    /// Targets whose trace is too large.
    untraced: usize,
}

/// Bytes of the names and values that a target and its group have.
fn size_of_labels(placed: &PlacedTarget) -> usize {
    let all = placed.target.own.iter().chain(&placed.target.group);
    all.map(|(name, value)| name.len() + value.len()).sum()
}

/// The address of a target whose labels are not looked at.
fn address_alone(placed: &PlacedTarget) -> Labels {
    const LONGEST: usize = 1 << 10;
    let is_address = |(name, value): &&(String, String)| name == "__address__" && value.len() < LONGEST;
    placed.target.own.iter().filter(is_address).cloned().collect()
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
        Self::of_owner(patterns, Owner::Job(job), traces)
    }

    /// As [`with_patterns`](Self::with_patterns), for a job or an Alertmanager.
    ///
    /// ```
    /// use promcfg::{Config, Options, Sources};
    /// use promcfg::re2::RegexCache;
    /// use promcfg::scrape::DiscoveredTarget;
    /// use promcfg::simulate::{JobSimulator, Owner};
    /// let mut sources = Sources::new();
    /// let file = sources.add("prometheus.yml", "alerting: {alertmanagers: [{scheme: https}]}");
    /// let (config, _) = Config::read(&mut sources, file, &Options::default());
    /// let owner = Owner::Alertmanager(&config.alertmanagers[0]);
    /// let mut simulator = JobSimulator::of_owner(&mut RegexCache::new(), owner, false).unwrap();
    /// let result = simulator.simulate(&DiscoveredTarget::from_address("am:9093").into());
    /// assert_eq!(result.url, "https://am:9093/api/v2/alerts");
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn of_owner(patterns: &mut RegexCache, owner: Owner<'c>, traces: bool) -> Result<Self, ChainError> {
        Self::with_set(patterns, owner, traces, LabelBuilder::new())
    }

    /// As [`of_owner`](Self::of_owner), with the label set of a simulator before it, which remembers names.
    pub(crate) fn with_set(
        patterns: &mut RegexCache,
        owner: Owner<'c>,
        traces: bool,
        set: LabelBuilder,
    ) -> Result<Self, ChainError> {
        let rules = owner.rules().iter().map(|rule| &rule.spec);
        let chain = Chain::with_patterns(patterns, rules, owner.semantics())?;
        let pool = Pool::default();
        let (left_out, untraced, diagnostics) = (0, 0, Bounded::default());
        Ok(Self {
            owner,
            chain,
            set,
            has_collisions: false,
            traces,
            pool,
            defaults: None,
            diagnostics,
            left_out,
            untraced,
        })
    }

    /// The label set, for the next simulator.
    pub(crate) fn into_set(self) -> LabelBuilder {
        self.set
    }

    /// Simulates the targets of one group. Of a group with an Alertmanager that is refused, Prometheus uses no target.
    pub fn simulate_group(&mut self, targets: &[PlacedTarget]) -> Vec<TargetResult> {
        let mut results: Vec<TargetResult> = targets.iter().map(|placed| self.simulate(placed)).collect();
        let refused = results.iter().find(|result| result.status == Status::Invalid);
        if let (Owner::Alertmanager(_), Some(error)) = (self.owner, refused.and_then(|result| result.error.clone())) {
            for result in results.iter_mut().filter(|result| result.status == Status::Kept) {
                let error = format!("another target of its group is refused: {error}");
                (result.status, result.error) = (Status::Invalid, Some(error));
                (result.labels, result.url) = (Labels::new(), String::new());
            }
        }
        results
    }

    /// Simulates one target. Of one whose labels exceed 16 MiB only the address is discovered.
    pub fn simulate(&mut self, placed: &PlacedTarget) -> TargetResult {
        let result = self.simulated(placed);
        self.count(&result);
        result
    }

    /// Counts a result, and reports what is wrong with it.
    pub(super) fn count(&mut self, result: &TargetResult) {
        if self.owner.is_text() {
            if self.owner.job().is_some() {
                self.pool.add(result);
            }
            self.report_problem(result);
        }
    }

    /// The result of a target, which is not counted.
    pub(super) fn simulated(&mut self, placed: &PlacedTarget) -> TargetResult {
        let is_large = size_of_labels(placed) > LabelBuilder::MAX_BYTES;
        let discovered = if is_large { address_alone(placed) } else { self.owner.discovered_labels(&placed.target) };
        let mut result = TargetResult {
            discovered,
            status: Status::Kept,
            labels: Labels::new(),
            url: String::new(),
            scrape_error: None,
            dropped_by: None,
            undecided_by: None,
            error: None,
            trace: Vec::new(),
            at: placed.at,
            origin: Origin::Known,
            named_by: None,
        };
        if !self.owner.is_text() {
            let why = "the job has a value that is not UTF-8".to_string();
            (result.status, result.error) = (Status::Unknown, Some(why));
            return result;
        }
        if is_large {
            let error = LimitError { rule: 0, limit: Limit::Labels };
            (result.status, result.error) = (Status::Unknown, Some(error.to_string()));
        } else {
            self.relabel(&placed.target, &mut result);
        }
        result
    }

    /// Runs the rules, then Prometheus's checks of a target.
    fn relabel(&mut self, target: &DiscoveredTarget, result: &mut TargetResult) {
        self.set.load_added(self.owner.in_order(target, &result.discovered));
        let mut verdict = if self.traces {
            self.chain.run_traced(&mut self.set, &mut result.trace)
        } else {
            self.chain.run(&mut self.set)
        };
        if let Err(LimitError { limit: Limit::Trace, .. }) = verdict {
            result.trace = Vec::new();
            self.untraced += 1;
            self.set.load_added(self.owner.in_order(target, &result.discovered));
            verdict = self.chain.run(&mut self.set);
        }
        self.has_collisions |= self.set.has_collisions();
        match verdict {
            Ok(Verdict::Kept) => match self.owner.check(self.set.to_labels()) {
                Ok(target) => {
                    let error = self.owner.job().and_then(|job| error_at_url(job, &target.labels, &target.url));
                    result.scrape_error = error;
                    (result.labels, result.url) = (target.labels, target.url);
                }
                Err(fault) => {
                    (result.status, result.error) = (Status::Invalid, Some(bounded_sentence(fault.to_string())));
                }
            },
            Ok(Verdict::Dropped { rule }) => {
                result.status = Status::Dropped;
                result.dropped_by = Some(self.dropped_by(rule));
            }
            Err(limit) => (result.status, result.error) = (Status::Unknown, Some(limit.to_string())),
        }
    }

    /// The rule that dropped the present set, and what it read.
    fn dropped_by(&self, rule: usize) -> DroppedBy {
        let list = "relabel_configs";
        let Some(dropping) = self.owner.rules().get(rule) else {
            return DroppedBy { list, rule, at: self.owner.at(), value: None, other: None };
        };
        let spec = &dropping.spec;
        let read = spec.source_labels.as_deref().unwrap_or(&[]).iter().map(|name| self.set.get(name));
        let value = Some(read.collect::<Vec<_>>().join(&spec.separator));
        let other = match spec.action {
            Some(Action::KeepEqual | Action::DropEqual) => Some(self.set.get(&spec.target_label).to_string()),
            _ => None,
        };
        DroppedBy { list, rule, at: Location::new(self.owner.file(), dropping.span), value, other }
    }

    /// A rule that decides on a target, and what it read in a step.
    pub(super) fn rule_of(&self, rule: usize, step: Option<&Step>) -> DroppedBy {
        let span = self.owner.rules().get(rule).map(|rule| rule.span);
        let at = span.map_or(self.owner.at(), |span| Location::new(self.owner.file(), span));
        let value = step.and_then(|step| step.input.clone());
        DroppedBy { list: "relabel_configs", rule, at, value, other: None }
    }

    /// The job's result without targets: its name, place, discovery keys and rules.
    #[must_use]
    pub fn outline(job: &ScrapeConfig) -> JobResult {
        Self::outline_of(Owner::Job(job))
    }

    /// As [`outline`](Self::outline), of a job or an Alertmanager.
    #[must_use]
    pub fn outline_of(owner: Owner<'_>) -> JobResult {
        JobResult {
            job: owner.name(),
            alertmanager: match owner {
                Owner::Job(_) => None,
                Owner::Alertmanager(alertmanager) => Some(alertmanager.index),
            },
            at: owner.at(),
            sources: owner.discovery().iter().map(|sd| sd.key.clone()).collect(),
            targets: Vec::new(),
            left_out: 0,
            examples: Vec::new(),
            rules: owner.rules().iter().map(|rule| Location::new(owner.file(), rule.span)).collect(),
        }
    }

    /// Counts targets that are not simulated, because their results would not fit a [`Budget`](crate::Budget); the
    /// diagnostics report their number.
    pub fn leave_out(&mut self, targets: usize) {
        self.left_out += targets;
    }

    fn report_problem(&mut self, result: &TargetResult) {
        if let Some(error) = &result.error {
            self.report(result.status, error, result.at, result.discovered.get("__address__"));
        }
    }

    /// Reports a target that is refused, or cannot be simulated, with its discovered address.
    pub(super) fn report(&mut self, status: Status, error: &str, at: Option<Location>, address: &str) {
        let at = at.unwrap_or(self.owner.at());
        let diagnostic = match status {
            Status::Invalid => Diagnostic::new(
                ids::INVALID_TARGET,
                Severity::Error,
                at,
                format!("Prometheus refuses the target {:?}: {error}", short_name(address)),
            )
            .with_argument("target", address)
            .with_argument("error", error)
            .with_note(self.refusal_note())
            .with_upstream(error),
            Status::Unknown => Diagnostic::new(
                ids::TOO_LARGE_TO_SIMULATE,
                Severity::Warning,
                at,
                format!("cannot simulate the target {:?}: {error}", short_name(address)),
            )
            .with_argument("target", address)
            .with_argument("error", error)
            .with_note("the config is valid, but the target needs more than promcfg computes"),
            Status::Kept | Status::Dropped | Status::Undecided => return,
        };
        self.diagnostics.push(self.owner.mark(diagnostic));
    }

    fn refusal_note(&self) -> &'static str {
        match self.owner {
            Owner::Job(_) => "the config loads, but Prometheus never scrapes this target and only logs the reason",
            Owner::Alertmanager(_) => {
                "the config loads, but Prometheus sends no alerts to any target of this group and only logs the reason"
            }
        }
    }

    /// The diagnostics of the targets simulated so far: refused ones, duplicates, the limit
    /// on their number.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics.as_slice().to_vec();
        diagnostics.extend(self.beyond_bounds());
        if self.has_collisions {
            diagnostics.push(self.undefined_result());
        }
        if let Owner::Job(job) = self.owner {
            diagnostics.extend(self.pool.diagnostics(job));
        }
        diagnostics
    }

    /// What is not known of the targets because of bounds.
    fn beyond_bounds(&self) -> impl Iterator<Item = Diagnostic> {
        let counted = |count: usize, before: &str, after: &str| {
            (count > 0).then(|| {
                let targets = if count == 1 { "target" } else { "targets" };
                let message = format!("{before}, {count} {targets} {after}");
                let diagnostic =
                    Diagnostic::new(ids::TOO_LARGE_TO_SIMULATE, Severity::Warning, self.owner.at(), message);
                self.owner.mark(diagnostic.with_argument("count", count.to_string()))
            })
        };
        let untraced = counted(self.untraced, "too large to trace", "without a trace")
            .map(|diagnostic| diagnostic.with_note("the steps of the rules exceed 64 MiB for each target"));
        let left_out = counted(self.left_out, "too large to simulate", "left out").map(|diagnostic| {
            diagnostic
                .with_note("the results would take more memory than is allowed")
                .with_help("allow more with --max-memory SIZE, or select fewer targets")
        });
        untraced.into_iter().chain(left_out)
    }

    fn undefined_result(&self) -> Diagnostic {
        let diagnostic = Diagnostic::new(
            ids::UNDEFINED_LABELMAP_RESULT,
            Severity::Warning,
            self.owner.at(),
            "a `labelmap` copies several labels with different values to one name",
        );
        self.owner
            .mark(diagnostic)
            .with_note("Prometheus processes the labels in random order, so the value can differ from run to run")
            .with_help("change the rule so that it writes distinct names; `--trace` shows the labels")
    }
}
