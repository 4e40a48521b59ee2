//! Series in the metric stage: where they come from, and the result of each.

mod scrape;
mod stored;

use std::fmt;

use serde_json::{Map, Value};

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, Severity, ids};
use crate::exposition::{Page, PageFormat, PageSample};
use crate::relabel::{ChainError, Labels, Step};
use crate::scrape::{SampleOutcome, SampleRelabeler, check_sample, report_labels};
use crate::text::{Location, bounded_sentence, go_quote};

use super::{DroppedBy, Status};

use scrape::FailedScrapes;
pub use scrape::ScrapeCheck;
use stored::{MOST_TRACKED, Stored};

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

/// Reads the series of a page, in the Prometheus text format or in OpenMetrics, whichever it is by its content: names and
/// labels. See [`exposition`](crate::exposition) for more of a page.
///
/// ```
/// let page = "# TYPE http_requests_total counter\nhttp_requests_total{code=\"200\"} 3\n";
/// let series = promcfg::simulate::read_exposition(page)?;
/// assert_eq!(series[0].sample[0], ("__name__".to_string(), "http_requests_total".to_string()));
/// # Ok::<(), promcfg::simulate::SeriesError>(())
/// ```
///
/// # Errors
/// The first fault of the page, with its line.
pub fn read_exposition(text: &str) -> Result<Vec<Series>, SeriesError> {
    let series = |read: Result<PageSample<'_>, crate::exposition::PageFault>| match read {
        Ok(sample) => Ok(Series { sample: pairs_of(sample), target: None, is_report: false }),
        Err(fault) => Err(SeriesError { line: fault.line(), message: fault.message(text) }),
    };
    Page::new(text, PageFormat::of_content(text)).map(series).collect()
}

/// Reads series from lines of JSON, `{"sample":{…},"target":{…},"report":false}`, or from a page in
/// Prometheus's text format, whichever the text is.
///
/// # Errors
/// The first line that holds no series.
pub fn read_series(text: &str) -> Result<Vec<Series>, SeriesError> {
    SeriesReader::new(text).collect()
}

/// The series of a text, one after the other, as [`read_series`] reads them: a large text needs no more memory than a
/// small one. After a fault of a page, the following lines are read as well.
///
/// ```
/// use promcfg::simulate::SeriesReader;
/// let mut series = SeriesReader::new("up 1\nup{x=1} 1\n");
/// assert_eq!(series.next().unwrap()?.sample, [("__name__".to_string(), "up".to_string())]);
/// assert!(series.next().unwrap().is_err());
/// # Ok::<(), promcfg::simulate::SeriesError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SeriesReader<'t> {
    text: &'t [u8],
    format: Option<PageFormat>,
    form: SeriesForm<'t>,
}

/// The lines of bytes.
type Lines<'t> = std::slice::Split<'t, u8, fn(&u8) -> bool>;

#[derive(Clone, Debug)]
enum SeriesForm<'t> {
    Json(std::iter::Enumerate<Lines<'t>>),
    Page(Box<Page<'t>>),
}

impl<'t> SeriesReader<'t> {
    /// The series of this text; of a page in the format that its content has.
    #[must_use]
    pub fn new(text: &'t (impl AsRef<[u8]> + ?Sized)) -> Self {
        Self::in_format(text, None)
    }

    /// The series of this text; of a page in this format, or without one in the format that its content has.
    #[must_use]
    pub fn in_format(text: &'t (impl AsRef<[u8]> + ?Sized), format: Option<PageFormat>) -> Self {
        let text = text.as_ref();
        if is_json(text) {
            return Self {
                text,
                format: None,
                form: SeriesForm::Json(text.split(is_line_break as fn(&u8) -> bool).enumerate()),
            };
        }
        let format = format.unwrap_or_else(|| PageFormat::of_content(text));
        Self { text, format: Some(format), form: SeriesForm::Page(Box::new(Page::new(text, format))) }
    }

    /// The format of the page, if the text is one.
    #[must_use]
    pub fn page_format(&self) -> Option<PageFormat> {
        self.format
    }
}

impl Iterator for SeriesReader<'_> {
    type Item = Result<Series, SeriesError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.form {
            SeriesForm::Page(page) => Some(match page.next()? {
                Ok(sample) => Ok(Series { sample: pairs_of(sample), target: None, is_report: false }),
                Err(fault) => Err(SeriesError { line: fault.line(), message: fault.message(self.text) }),
            }),
            SeriesForm::Json(lines) => {
                let (index, line) = lines.find(|(_, line)| !line.trim_ascii().is_empty())?;
                Some(read_line(line).map_err(|message| SeriesError { line: index + 1, message }))
            }
        }
    }
}

/// The name and the labels of a sample of a page.
fn pairs_of(sample: PageSample<'_>) -> Vec<(String, String)> {
    let mut pairs = Vec::with_capacity(sample.labels.len() + 1);
    pairs.push(("__name__".to_string(), sample.name.into_owned()));
    pairs.extend(sample.labels.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())));
    pairs
}

fn is_line_break(byte: &u8) -> bool {
    *byte == b'\n'
}

/// Whether the first line with content is a series as an object of JSON.
fn is_json(text: &[u8]) -> bool {
    let first = text.split(is_line_break).find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    matches!(serde_json::from_slice::<Value>(first), Ok(Value::Object(members)) if members.contains_key("sample"))
}

fn read_line(line: &[u8]) -> Result<Series, String> {
    let value: Value = serde_json::from_slice(line).map_err(|error| format!("invalid JSON: {error}"))?;
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

/// Prometheus's refusal of a sample that has a label twice, unless its rules or its target set or remove the label.
fn repeated_name(sample: &[(String, String)], stored: &Labels) -> Option<String> {
    let mut pairs: Vec<(&str, &str)> = sample.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    pairs.sort_unstable();
    let repeated = pairs.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1).find(|same| {
        let after = stored.get(same[0].0);
        // One empty value removes all of them.
        same.iter().all(|(_, value)| !value.is_empty()) && same.iter().any(|(_, value)| *value == after)
    })?;
    Some(format!("label name {} is not unique: invalid sample", go_quote(repeated[0].0)))
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

impl SeriesResult {
    /// The bytes of memory that the result takes, with its trace.
    #[must_use]
    pub fn memory(&self) -> usize {
        let labels = self.sample.memory() + self.target.memory() + self.labels.memory();
        let trace: usize = self.trace.iter().map(Step::memory).sum();
        size_of::<Self>() + labels + trace + self.error.as_ref().map_or(0, String::capacity)
    }
}

/// Runs series of one job through its metric stage.
#[derive(Debug)]
pub struct SeriesSimulator<'c> {
    job: &'c ScrapeConfig,
    relabeler: SampleRelabeler,
    traces: bool,
    stored: Stored,
    failed: FailedScrapes,
    left_out: usize,
}

impl<'c> SeriesSimulator<'c> {
    /// Prepares `job`; `traces` says whether each result has a trace.
    ///
    /// # Errors
    /// The first rule Prometheus refuses, with its index. A job that was read without a load error
    /// has none.
    pub fn new(job: &'c ScrapeConfig, traces: bool) -> Result<Self, ChainError> {
        let (stored, failed) = (Stored::default(), FailedScrapes::default());
        Ok(Self { job, relabeler: SampleRelabeler::new(job)?, traces, stored, failed, left_out: 0 })
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
            self.stored.add(&result.labels, &result.target, !series.is_report);
        }
        result
    }

    fn relabel(&mut self, series: &Series, target: &Labels, result: &mut SeriesResult) {
        let steps = if self.traces { Some(&mut result.trace) } else { None };
        match self.relabeler.relabel(&series.sample, target, steps) {
            Ok(SampleOutcome::Stored(labels)) => match self.refusal(series, &labels) {
                None => result.labels = labels,
                Some(fault) => (result.status, result.error) = (Status::Invalid, Some(fault)),
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

    /// Why Prometheus refuses a sample with these labels.
    fn refusal(&self, series: &Series, labels: &Labels) -> Option<String> {
        let fault = check_sample(self.job, labels).err().map(|fault| fault.to_string());
        fault.or_else(|| repeated_name(&series.sample, labels)).map(bounded_sentence)
    }

    /// Counts series that are not simulated, because their results would not fit a [`Budget`](crate::Budget); the
    /// diagnostics report their number.
    pub fn leave_out(&mut self, series: usize) {
        self.left_out += series;
    }

    /// The diagnostics of the series as a whole: refused ones, identical ones, and too many.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let at = Location::new(self.job.file, self.job.job_name.span);
        let job = self.job.job_name.value.as_str();
        let doubled = self.stored.doubled().map(|(labels, count)| self.doubled(labels, count));
        let mut diagnostics: Vec<Diagnostic> = doubled.collect();
        if let Some(last) = diagnostics.last_mut() {
            last.omitted += self.stored.more_doubled();
        }
        diagnostics.extend(self.refused_sample());
        if self.left_out > 0 {
            let message = format!("too large to simulate, {} series left out", self.left_out);
            diagnostics.push(
                Diagnostic::new(ids::TOO_LARGE_TO_SIMULATE, Severity::Warning, at, message)
                    .with_job(job)
                    .with_argument("count", self.left_out.to_string())
                    .with_note("the results would take more memory than is allowed")
                    .with_help("allow more with --max-memory SIZE, or give fewer series"),
            );
        }
        if self.stored.untracked > 0 {
            let untracked = self.stored.untracked;
            let message = format!("too many series to compare, {untracked} are not checked for duplicates");
            diagnostics.push(
                Diagnostic::new(ids::UNCHECKED_PART, Severity::Warning, at, message)
                    .with_job(job)
                    .with_argument("part", "series")
                    .with_note(format!("promcfg compares {MOST_TRACKED} different series of a job with each other")),
            );
        }
        let count = self.stored.most_of_a_target().max(self.failed.most_samples);
        if self.job.sample_limit > 0 && count > self.job.sample_limit {
            let message = format!("{count} samples of a scrape exceed the `sample_limit` of {}", self.job.sample_limit);
            diagnostics.push(
                Diagnostic::new(ids::SAMPLE_LIMIT_EXCEEDED, Severity::Error, at, message)
                    .with_job(job)
                    .with_note("the scrape fails: `up` is 0, and nothing of the page is stored")
                    .with_help("raise `sample_limit`, or drop series with `metric_relabel_configs`")
                    .with_upstream("sample limit exceeded"),
            );
        }
        diagnostics
    }

    fn doubled(&self, labels: &Labels, count: usize) -> Diagnostic {
        let at = Location::new(self.job.file, self.job.job_name.span);
        let name = labels.get("__name__");
        let message = format!(
            "{count} series are identical after relabeling: {name} with {} labels",
            labels.len() - usize::from(!name.is_empty())
        );
        Diagnostic::new(ids::DUPLICATE_SERIES, Severity::Warning, at, message)
            .with_job(self.job.job_name.value.as_str())
            .with_argument("series", described(labels))
            .with_note("Prometheus stores one of several samples with the same labels and time, and logs a warning")
            .with_help("keep a label that distinguishes the series")
    }
}
