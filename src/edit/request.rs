//! What is asked for, and why it may be refused.

use crate::config::FieldError;
use crate::diagnostic::{Diagnostic, Id, Severity};
use crate::simulate::UnknownJobError;
use crate::text::Location;

/// How a label gets to the targets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// As a label of `static_configs` where all selected targets are there in groups of their own, else by a rule.
    #[default]
    Auto,
    /// By a rule.
    Relabel,
    /// As a label of `static_configs`.
    Static,
}

/// Whose labels an edit is about: those of targets, or those of their samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LabelStage {
    /// `relabel_configs`: the labels of targets.
    #[default]
    Target,
    /// `metric_relabel_configs`: the labels of samples.
    Metric,
}

/// Which targets an edit is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Names or patterns of jobs.
    pub jobs: Vec<String>,
    /// All jobs.
    pub all_jobs: bool,
    /// Only these targets, each by its address before relabeling, or else by its `instance` or its address
    /// after relabeling. Without a job: in the job that has it.
    pub targets: Vec<String>,
    /// Only targets whose label (by name) matches a pattern, as in a rule at the end of the list: the labels are
    /// those after all rules, `__` names included.
    pub conditions: Vec<(String, String)>,
}

/// Why an edit is not made.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EditError {
    /// A job asked for is not there.
    UnknownJobError(UnknownJobError),
    /// What is asked for is wrong or incomplete: an invalid name or value, no job, a job that is not selected.
    Request {
        /// What is wrong.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// No job has this target.
    UnknownTarget {
        /// Its address, as it was asked for.
        address: String,
        /// What to do.
        help: String,
    },
    /// What is asked for is understood, and not done in any config like this: a secret in plain text, a label without which
    /// series become the same.
    Declined {
        /// Why.
        message: String,
        /// What to do.
        help: Option<String>,
    },
    /// The config cannot be edited so: where, why, and what to do; for each job that cannot.
    Refused(Vec<Diagnostic>),
}

impl EditError {
    pub(super) fn request(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Request { message: message.into(), help: Some(help.into()).filter(|help| !help.is_empty()) }
    }

    pub(super) fn of_field(error: FieldError) -> Self {
        let FieldError { message, help, is_of_policy } = error;
        match is_of_policy {
            true => Self::Declined { message, help },
            false => Self::Request { message, help },
        }
    }

    pub(super) fn declined(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Declined { message: message.into(), help: Some(help.into()).filter(|help| !help.is_empty()) }
    }
}

impl From<Diagnostic> for EditError {
    fn from(refusal: Diagnostic) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl std::fmt::Display for EditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownJobError(unknown) => unknown.fmt(f),
            Self::UnknownTarget { address, help } => f.write_str(&with_help(&unknown_target(address), Some(help))),
            Self::Request { message, help } | Self::Declined { message, help } => {
                f.write_str(&with_help(message, help.as_deref()))
            }
            Self::Refused(refusals) => {
                let text = |refusal: &Diagnostic| with_help(&refusal.message, refusal.help.as_deref());
                f.write_str(&refusals.iter().map(text).collect::<Vec<_>>().join("; "))
            }
        }
    }
}

impl std::error::Error for EditError {}

fn unknown_target(address: &str) -> String {
    format!("no job has a target {address:?}")
}

/// A message with its help in parentheses.
fn with_help(message: &str, help: Option<&str>) -> String {
    help.map_or_else(|| message.to_string(), |help| format!("{message} ({help})"))
}

/// The argument of a refusal to remove an anchor that stays in use; its labels are at the places that use it.
pub(super) const REMOVED: &str = "removed";

/// A refusal.
pub(super) fn refused(id: Id, at: Location, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(id, Severity::Error, at, message)
}
