//! Series in the metric stage: where they come from, and the result of each.

mod exposition;

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::config::ScrapeConfig;
use crate::diagnostic::{Bounded, Diagnostic, Severity, ids};
use crate::relabel::{ChainError, Labels, Step};
use crate::scrape::{SampleOutcome, SampleRelabeler, check_sample, report_labels};
use crate::text::{Location, bounded_sentence};

use super::{DroppedBy, Status};

pub use exposition::read_exposition;

/// A scraped series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// Its labels as scraped, `__name__` among them, empty values too.
    pub sample: Vec<(String, String)>,
    /// The final labels of the target it comes from; `None` is every kept target of the job.
    pub target: Option<Labels>,
    /// Whether Prometheus itself writes it about a scrape, such as `up`.
    pub is_report: bool,
}

/// Why a text holds no series.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeriesError {
    /// The line, from 1.
    pub line: usize,
    /// The problem, lower case, no full stop.
    pub message: String,
}

impl fmt::Display for SeriesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for SeriesError {}

/// Reads series from lines of JSON, `{"sample":{…},"target":{…},"report":false}`, or from a page in
/// Prometheus's text format, whichever the text is.
///
/// # Errors
/// The first line that holds no series.
pub fn read_series(text: &str) -> Result<Vec<Series>, SeriesError> {
    let is_json = text.lines().map(str::trim).find(|line| !line.is_empty()).is_some_and(|line| {
        matches!(serde_json::from_str::<Value>(line), Ok(Value::Object(members)) if members.contains_key("sample"))
    });
    if !is_json {
        return read_exposition(text);
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(index, line)| read_line(line).map_err(|message| SeriesError { line: index + 1, message })).collect()
}

fn read_line(line: &str) -> Result<Series, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("invalid JSON: {error}"))?;
    let Value::Object(members) = value else { return Err("expected an object with `sample`".to_string()) };
    let sample = pairs(&members, "sample")?.ok_or("missing `sample`: the labels as scraped")?;
    let target = pairs(&members, "target")?.map(|pairs| pairs.into_iter().collect());
    let is_report = members.get("report") == Some(&Value::Bool(true));
    Ok(Series { sample, target, is_report })
}

fn pairs(members: &Map<String, Value>, name: &str) -> Result<Option<Vec<(String, String)>>, String> {
    let Some(value) = members.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let labels = value.as_object().ok_or_else(|| format!("expected an object of labels for `{name}`"))?;
    let pair = |(name, value): (&String, &Value)| match value {
        Value::String(value) => Ok((name.clone(), value.clone())),
        _ => Err(format!("expected a string for the label {name:?}")),
    };
    labels.iter().map(pair).collect::<Result<Vec<_>, String>>().map(Some)
}

/// The labels as `name="value"`, joined by commas.
fn described(labels: &Labels) -> String {
    labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect::<Vec<_>>().join(",")
}

/// The result of a series of one target.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SeriesResult {
    /// Its labels as scraped.
    pub sample: Labels,
    /// Labels of the target it comes from that are attached to it.
    pub target: Labels,
    /// Whether it is stored.
    pub status: Status,
    /// The labels it is stored with; empty unless kept.
    pub labels: Labels,
    /// The rule that dropped it.
    pub dropped_by: Option<DroppedBy>,
    /// Why the scrape fails because of it, in Prometheus's words.
    pub error: Option<String>,
    /// The step of each rule; empty unless requested.
    pub trace: Vec<Step>,
}

/// Runs series of one job through its metric stage.
#[derive(Debug)]
pub struct SeriesSimulator<'c> {
    job: &'c ScrapeConfig,
    relabeler: SampleRelabeler,
    traces: bool,
    /// How often each label set is stored.
    stored: HashMap<Labels, usize>,
    /// How many samples each target stores; a scrape is of one target.
    by_target: HashMap<Labels, u64>,
}

impl<'c> SeriesSimulator<'c> {
    /// Prepares `job`; `traces` says whether each result has a trace.
    ///
    /// # Errors
    /// The first rule Prometheus refuses, with its index. A job that was read without a load error
    /// has none.
    pub fn new(job: &'c ScrapeConfig, traces: bool) -> Result<Self, ChainError> {
        Ok(Self {
            job,
            relabeler: SampleRelabeler::new(job)?,
            traces,
            stored: HashMap::new(),
            by_target: HashMap::new(),
        })
    }

    /// Simulates a series scraped from a target with these final labels.
    pub fn simulate(&mut self, series: &Series, target: &Labels) -> SeriesResult {
        let mut result = SeriesResult {
            sample: series.sample.iter().cloned().collect(),
            target: target.iter().filter(|(name, _)| !name.starts_with("__")).collect(),
            status: Status::Kept,
            labels: Labels::new(),
            dropped_by: None,
            error: None,
            trace: Vec::new(),
        };
        if series.is_report {
            result.labels = report_labels(&series.sample, target);
        } else {
            self.relabel(series, target, &mut result);
        }
        if result.status == Status::Kept {
            *self.stored.entry(result.labels.clone()).or_default() += 1;
            *self.by_target.entry(result.target.clone()).or_default() += u64::from(!series.is_report);
        }
        result
    }

    fn relabel(&mut self, series: &Series, target: &Labels, result: &mut SeriesResult) {
        let steps = if self.traces { Some(&mut result.trace) } else { None };
        match self.relabeler.relabel(&series.sample, target, steps) {
            Ok(SampleOutcome::Stored(labels)) => match check_sample(self.job, &labels) {
                Ok(()) => result.labels = labels,
                Err(fault) => {
                    (result.status, result.error) = (Status::Invalid, Some(bounded_sentence(fault.to_string())))
                }
            },
            Ok(SampleOutcome::Dropped { rule }) => {
                result.status = Status::Dropped;
                result.dropped_by = rule.map(|rule| {
                    let span = self.job.metric_relabel_configs.get(rule).map_or(self.job.span, |rule| rule.span);
                    let (list, at) = ("metric_relabel_configs", Location::new(self.job.file, span));
                    DroppedBy { list, rule, at, value: None, other: None }
                });
            }
            Err(limit) => (result.status, result.error) = (Status::Unknown, Some(limit.to_string())),
        }
    }

    /// The diagnostics of the series as a whole: identical ones, and too many.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let at = Location::new(self.job.file, self.job.job_name.span);
        let job = self.job.job_name.value.as_str();
        let mut diagnostics = Bounded::default();
        let mut doubled: Vec<(&Labels, usize)> =
            self.stored.iter().filter(|(_, count)| **count > 1).map(|(labels, count)| (labels, *count)).collect();
        doubled.sort();
        for (labels, count) in doubled {
            let name = labels.get("__name__");
            let message = format!(
                "{count} series are identical after relabeling: {name} with {} labels",
                labels.len() - usize::from(!name.is_empty())
            );
            diagnostics.push(
                Diagnostic::new(ids::DUPLICATE_SERIES, Severity::Warning, at, message)
                    .with_job(job)
                    .with_argument("series", described(labels))
                    .with_note(
                        "Prometheus stores one of several samples with the same labels and time, and logs a warning",
                    )
                    .with_help("keep a label that distinguishes the series"),
            );
        }
        let count = self.by_target.values().copied().max().unwrap_or(0);
        if self.job.sample_limit > 0 && count > self.job.sample_limit {
            let message = format!("{count} samples of a scrape exceed the `sample_limit` of {}", self.job.sample_limit);
            diagnostics.push(
                Diagnostic::new(ids::SAMPLE_LIMIT_EXCEEDED, Severity::Error, at, message)
                    .with_job(job)
                    .with_note("when the limit is exceeded, the whole scrape fails")
                    .with_help("raise `sample_limit`, or drop series with `metric_relabel_configs`")
                    .with_upstream("sample limit exceeded"),
            );
        }
        diagnostics.into_vec()
    }
}
