//! The refusal of a selection that no target of a job can be in.

use crate::analysis::Presence;
use crate::diagnostic::{Diagnostic, ids};
use crate::re2::Regex;
use crate::secrets::masked_label;
use crate::text::most_similar;

use super::super::request::{LabelStage, refused};
use super::all_targets::{names_at_end, presence_at_end, values_at_end};
use super::job::JobView;
use super::trial::INSTANCE;

/// Why no target of the job is selected, where the config shows this: whatever discovery finds.
pub(super) fn unselected(view: &JobView<'_>) -> Option<Diagnostic> {
    if let Some(refusal) = view.impossible_target() {
        return Some(refusal);
    }
    let conditions = &view.selection.conditions;
    conditions
        .iter()
        .find_map(|(name, pattern)| without_label(view, name).or_else(|| without_value(view, name, pattern)))
}

/// Refuses a label that no target of the job has after all rules.
pub(in crate::edit) fn without_label(view: &JobView<'_>, name: &str) -> Option<Diagnostic> {
    let job = &view.job.job_name.value;
    let refusal = |message| refused(ids::LABEL_WITHOUT_TARGETS, view.at(), message).with_argument("label", name);
    if view.stage == LabelStage::Metric {
        let is_gone = name.starts_with("__") && name != "__name__";
        let message = || {
            format!(
                "a sample has no label `{name}`: labels of targets that begin with `__` are not attached to samples"
            )
        };
        return is_gone
            .then(|| refusal(message()).with_help("use a label of the target or of the sample, or --stage target"));
    }
    if name == INSTANCE || presence_at_end(view.trial, view.job, view.stage, name) != Presence::Never {
        return None;
    }
    let missing = refusal(format!("no target of job {job} has a label `{name}` after all rules"));
    let known = names_at_end(view.trial, view.job, view.stage).unwrap_or_default();
    Some(match most_similar(name, known.iter().map(String::as_str)) {
        Some(similar) => missing.with_help(format!("did you mean `{similar}`?")),
        None => missing.with_help(view.see_targets()),
    })
}

/// Refuses a pattern that matches none of the values that the config gives the label.
fn without_value(view: &JobView<'_>, name: &str, pattern: &str) -> Option<Diagnostic> {
    if view.stage == LabelStage::Metric || !view.is_open() || name == INSTANCE {
        return None;
    }
    let values = values_at_end(view.trial, view.job, view.stage, name)?;
    let regex = Regex::new(pattern).ok()?;
    let is_possible = |value: &str| regex.is_match(value) != Ok(false);
    if is_possible("") || values.is_empty() || values.iter().any(|value| is_possible(value)) {
        return None;
    }
    let job = &view.job.job_name.value;
    let message = format!("no target of job {job} has a `{name}` that matches {pattern:?} after all rules");
    let listed = values.iter().map(|value| format!("{:?}", masked_label(name, value))).collect::<Vec<_>>().join(", ");
    let refusal = refused(ids::LABEL_WITHOUT_TARGETS, view.at(), message)
        .with_argument("label", name)
        .with_note(format!("the rules give `{name}` only these values: {listed}"));
    Some(match most_similar(pattern, values.iter().map(String::as_str)) {
        Some(similar) if masked_label(name, similar) == similar => {
            refusal.with_help(format!("did you mean `{similar}`?"))
        }
        Some(_) | None => refusal,
    })
}
