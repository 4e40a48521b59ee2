//! Checks of what is asked for, before any job is looked at.

use crate::diagnostic::{Diagnostic, ids};
use crate::relabel::NameScheme;

use super::super::driver::JobView;
use super::super::request::{EditError, refused};

/// Refuses names and values that no target can have.
pub(super) fn check_label(name: &str, value: &str) -> Result<(), EditError> {
    check_name(name)?;
    if value.is_empty() {
        let message = format!("an empty value removes the label `{name}`");
        return Err(EditError::request(message, "`promcfg remove-label` removes a label"));
    }
    Ok(())
}

/// Refuses names that no target can have.
pub(super) fn check_name(name: &str) -> Result<(), EditError> {
    if name.is_empty() {
        return Err(EditError::request("the label has no name", "write it as NAME=VALUE, for example env=prod"));
    }
    if name.starts_with("__") {
        let message = format!("`{name}` is reserved: Prometheus removes labels that begin with `__` after relabeling");
        return Err(EditError::declined(message, "give the label a name that does not begin with `__`"));
    }
    if name.contains(|c: char| c.is_control()) {
        return Err(EditError::request(format!("the label name {name:?} has a control character"), ""));
    }
    Ok(())
}

/// What is worth knowing about a name that can be used.
pub(super) fn remarks(name: &str) -> Vec<String> {
    let mut remarks = Vec::new();
    if !NameScheme::Legacy.allows(name) {
        remarks.push(format!(
            "{name:?} is a valid name only since Prometheus 3.0, and must be quoted in queries: {{{name:?}=\"…\"}}"
        ));
    }
    if matches!(name, "job" | "instance") {
        remarks.push(format!("Prometheus itself sets `{name}`; dashboards and alerts select targets by it"));
    }
    remarks
}

/// Whether a name has characters by which patterns are known. Names with a dot are usual in OpenTelemetry.
fn looks_like_pattern(name: &str) -> bool {
    name.contains(['*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '^', '$', '\\'])
}

/// Refuses names that look like patterns, where no known target or sample has such a label.
pub(super) fn taken_literally(view: &JobView<'_>, names: &[String]) -> Option<Diagnostic> {
    let is_known = |name: &str| (0..view.before.targets.len()).any(|index| !view.value(index, name).is_empty());
    let name = names.iter().find(|name| looks_like_pattern(name) && !is_known(name))?;
    let message = format!("no known {} has a label {name:?}", view.things());
    Some(
        refused(ids::LABEL_WITHOUT_TARGETS, view.at(), message)
            .with_argument("label", name.as_str())
            .with_note("names are taken literally, not as patterns")
            .with_help("give the full name of each label"),
    )
}

/// Says that names which look like patterns are none.
pub(super) fn literal_remark(names: &[String]) -> Option<String> {
    let name = names.iter().find(|name| looks_like_pattern(name))?;
    Some(format!("{name:?} is taken literally, not as a pattern"))
}
