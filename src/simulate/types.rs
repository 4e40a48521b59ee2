//! The results of a simulation: plain data, rendered by someone else.

use crate::diagnostic::Diagnostic;
use crate::relabel::{Labels, Step};
use crate::scrape::ScrapeError;
use crate::text::Location;

/// The result of a simulation.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Simulation {
    /// One entry a job, in the order of the config.
    pub jobs: Vec<JobResult>,
    /// The diagnostics of the config, its target files and its targets.
    pub diagnostics: Vec<Diagnostic>,
}

impl Simulation {
    /// A simulation of these jobs, without diagnostics.
    #[must_use]
    pub(crate) fn of_jobs(jobs: Vec<JobResult>) -> Self {
        Self { jobs, diagnostics: Vec::new() }
    }
}

/// What became of a job's targets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JobResult {
    /// `job_name`; the name of the list and the index, such as `alertmanagers[0]`, for an Alertmanager.
    pub job: String,
    /// The index in `alerting.alertmanagers`, if it is not a job.
    pub alertmanager: Option<usize>,
    /// The place of the job.
    pub at: Location,
    /// Its discovery keys in the order written, such as `static_configs`.
    pub sources: Vec<String>,
    /// Its targets in the order of their sources.
    pub targets: Vec<TargetResult>,
    /// The number of targets that are not simulated: their results would take more memory than is allowed.
    pub left_out: usize,
    /// Example targets, of mechanisms whose targets are not known; empty unless requested.
    pub examples: Vec<TargetResult>,
    /// The place of each rule of its `relabel_configs`.
    pub rules: Vec<Location>,
}

/// What the system needs for each piece of memory, for the pieces of a result.
const ALLOCATIONS: usize = 6 * 16;

/// What became of one target.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TargetResult {
    /// Its labels before relabeling, `__meta_` and defaults included.
    pub discovered: Labels,
    /// Whether it is scraped.
    pub status: Status,
    /// All its labels after relabeling, `__` names included (but `__meta_`); empty unless kept.
    pub labels: Labels,
    /// Where it is scraped; empty unless kept.
    pub url: String,
    /// Why every scrape of it fails, if that is certain. Prometheus keeps such a target.
    pub scrape_error: Option<ScrapeError>,
    /// The rule that dropped it.
    pub dropped_by: Option<DroppedBy>,
    /// The rule that keeps or drops it, depending on a value that is not known.
    pub undecided_by: Option<DroppedBy>,
    /// Why Prometheus refuses it, in its words, or why it is not known what becomes of it.
    pub error: Option<String>,
    /// The step of each rule; empty unless requested.
    pub trace: Vec<Step>,
    /// Where the target is written, if it is.
    pub at: Option<Location>,
    /// Whether the target is real.
    pub origin: Origin,
    /// How it was named, if it was selected by an address.
    pub named_by: Option<NamedBy>,
}

impl TargetResult {
    /// The bytes that a result without labels takes.
    pub(super) const SIZE: usize = size_of::<Self>() + ALLOCATIONS;

    /// The bytes of memory that the result takes, with its trace.
    ///
    /// ```
    /// use promcfg::{Config, Options, Sources, simulate};
    /// use promcfg::simulate::SimulateOptions;
    /// let mut sources = Sources::new();
    /// let text = "scrape_configs: [{job_name: web, static_configs: [{targets: [a]}]}]";
    /// let file = sources.add("prometheus.yml", text);
    /// let (config, _) = Config::read(&mut sources, file, &Options::default());
    /// let simulation = simulate(&config, &mut sources, &Options::default(), &SimulateOptions::default())?;
    /// assert!((500..5000).contains(&simulation.jobs[0].targets[0].memory()));
    /// # Ok::<(), promcfg::simulate::UnknownJobError>(())
    /// ```
    #[must_use]
    pub fn memory(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::capacity);
        let rules = self.dropped_by.iter().chain(&self.undecided_by);
        let dropped_by: usize = rules.map(|by| text(&by.value) + text(&by.other)).sum();
        let trace: usize = self.trace.iter().map(Step::memory).sum();
        let texts = self.url.capacity() + text(&self.error) + dropped_by;
        Self::SIZE + self.discovered.memory() + self.labels.memory() + texts + trace
    }

    /// Whether it is an example, not a target of the config.
    #[must_use]
    pub fn is_example(&self) -> bool {
        matches!(self.origin, Origin::Example { .. })
    }
}

/// Where a target comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The config, a target file, or the targets that a user gave.
    #[default]
    Known,
    /// The catalog of discovery: an example.
    Example {
        /// The key of the mechanism, such as `kubernetes_sd_configs`.
        mechanism: String,
        /// Its role; empty for a mechanism without roles.
        role: String,
    },
    /// An address that a user gave, which no target has.
    ByHand,
}

/// Whether a target is scraped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Status {
    /// It is.
    Kept,
    /// A rule dropped it.
    Dropped,
    /// Prometheus refuses it.
    Invalid,
    /// It could not be simulated: a rule is beyond a bound.
    Unknown,
    /// It depends on a value that is not known, such as the address of a pod that a manifest describes.
    Undecided,
}

/// How an address names a target; the first way counts more than those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NamedBy {
    /// It is the target's `__address__` before relabeling.
    Address,
    /// It is the `instance` of a kept target.
    Instance,
    /// It is the `__address__` of a kept target after relabeling.
    FinalAddress,
}

impl NamedBy {
    /// All ways, the strongest first.
    pub const ALL: [Self; 3] = [Self::Address, Self::Instance, Self::FinalAddress];
}

/// The rule that dropped a target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DroppedBy {
    /// `relabel_configs` or `metric_relabel_configs`.
    pub list: &'static str,
    /// Index in that list, from 0.
    pub rule: usize,
    /// Its place.
    pub at: Location,
    /// The joined value of its source labels, of a rule of `relabel_configs`.
    pub value: Option<String>,
    /// For `keepequal` and `dropequal` the value of the label that it is compared with.
    pub other: Option<String>,
}
