//! The message of every load error: what is wrong, why, and what to do. `upstream` is
//! Prometheus's own message.

mod help;
mod job;
mod rule;
mod space;
mod value;
mod yaml;

pub(crate) use job::PROBE_RULES;
pub(super) use job::{
    duplicate_endpoint, duplicate_job, empty_protocols, invalid_escaping_scheme, invalid_hostname, invalid_label_name,
    invalid_name_scheme, invalid_path_pattern, missing_files, missing_job_name, null_entry, null_group, protocol_fault,
    timeout_beyond_interval, utf8_names_under_legacy, utf8_scheme_without_flag,
};
pub(super) use rule::{invalid_action, invalid_rule, null_rule};
pub(super) use value::{
    binary_value, conflicting_fields, duplicate_field, duplicate_key, explain_absence, invalid_duration, invalid_size,
    invalid_url, invalid_value, missing_field, reserved_header, split_item, unknown_field, unknown_value, wrong_type,
};
pub(super) use yaml::{broken_yaml, ignored_documents};
pub(crate) use yaml::{syntax, syntax_for};

use crate::diagnostic::{Diagnostic, Id, Severity};
use crate::release::Release;
use crate::text::{Location, go_quote, short_name};

/// What a label name is where it is not any text.
fn legacy_names(release: Release) -> &'static str {
    if release.has_utf8_names() {
        "with `metric_name_validation_scheme: legacy`, a label name consists of ASCII letters, digits and `_`, and does not begin with a digit"
    } else {
        "before Prometheus 3.0, a label name consists of ASCII letters, digits and `_`, and does not begin with a digit"
    }
}

/// A name or a value as Prometheus's messages show it, shortened.
fn quoted(text: &str) -> String {
    go_quote(&short_name(text))
}

fn error(id: Id, at: Location, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(id, Severity::Error, at, message)
}
