//! Checks of what is asked for, before any job is looked at.

use crate::relabel::NameScheme;

use super::super::request::EditError;

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
