//! Sample targets that a user gives instead of a job's own: what form a text has, and the targets
//! in it.
//!
//! Four forms are known: lines of JSON (one target a line), a saved `/api/v1/targets` response, the output of
//! `promtool check service-discovery`, and a file of target groups as `file_sd_configs` read it.

mod api;
mod lines;
mod saved;

use std::fmt;

pub use api::{ApiTarget, read_api_targets, read_checked_targets};
pub use lines::{read_named_target_line, read_target_line};
pub use saved::{AssumedDefault, JobTargets, SavedTargets, running_job};

/// What form a text of sample targets has, judged by its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SampleFormat {
    /// One JSON object a line: a target.
    Lines,
    /// A saved response of Prometheus's `/api/v1/targets`.
    Api,
    /// The output of `promtool check service-discovery`.
    Checked,
    /// A JSON list of target groups.
    JsonGroups,
    /// A YAML list of target groups.
    YamlGroups,
}

/// Judges the form of a text of sample targets by its first line that is not blank.
///
/// ```
/// use promcfg::simulate::{SampleFormat, sample_format};
/// assert_eq!(sample_format("{\"__address__\":\"h:1\"}\n"), SampleFormat::Lines);
/// assert_eq!(sample_format("{\"status\":\"success\",\"data\":{}}"), SampleFormat::Api);
/// assert_eq!(sample_format("[{\"targets\":[]}]"), SampleFormat::JsonGroups);
/// assert_eq!(sample_format("[{\"discoveredLabels\":{}}]"), SampleFormat::Checked);
/// assert_eq!(sample_format("- targets: ['h:1']\n"), SampleFormat::YamlGroups);
/// ```
#[must_use]
pub fn sample_format(text: &str) -> SampleFormat {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let first_line = start.lines().next().unwrap_or("");
    if !start.starts_with('{') {
        let is_json = start.starts_with('[') && serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok();
        return match is_json {
            true if api::is_checked_list(start) => SampleFormat::Checked,
            true => SampleFormat::JsonGroups,
            false => SampleFormat::YamlGroups,
        };
    }
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(first_line) {
        Ok(object) if api::is_response(&object) => SampleFormat::Api,
        Ok(_) => SampleFormat::Lines,
        Err(_) if is_cut_short(first_line) => SampleFormat::Api,
        Err(_) => SampleFormat::Lines,
    }
}

/// Whether a line is the beginning of a JSON value that goes on in the next line.
fn is_cut_short(line: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(line).is_err_and(|error| error.is_eof())
}

/// Why a text holds no sample targets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TargetInputError {
    /// The problem, lower case, no full stop.
    pub message: String,
}

impl fmt::Display for TargetInputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TargetInputError {}

fn fault(message: impl Into<String>) -> TargetInputError {
    TargetInputError { message: message.into() }
}

/// The string members of a JSON object as label pairs.
fn label_pairs(
    object: &serde_json::Map<String, serde_json::Value>,
    what: &str,
) -> Result<Vec<(String, String)>, TargetInputError> {
    object
        .iter()
        .map(|(name, value)| match value {
            serde_json::Value::String(value) => Ok((name.clone(), value.clone())),
            other => Err(fault(format!("{what}: expected a string for the label {name:?}, found {}", kind(other)))),
        })
        .collect()
}

fn kind(value: &serde_json::Value) -> &'static str {
    match value {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(_) => "a boolean",
        serde_json::Value::Number(_) => "a number",
        serde_json::Value::String(_) => "a string",
        serde_json::Value::Array(_) => "a list",
        serde_json::Value::Object(_) => "an object",
    }
}
