//! The refusal of changes that give several targets, or their series, the same labels.

use std::collections::BTreeMap;

use crate::config::Sd;
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{address_of, is_kept};
use crate::relabel::Labels;
use crate::simulate::{JobResult, TargetResult};

use super::super::claim::{Claim, LabelChangeKind};
use super::super::request::refused;
use super::all_targets::Statement;
use super::job::JobView;
use super::trial::INSTANCE;

/// Refuses a change after which targets that had different labels have the same ones: those that are known, and
/// those that discovery finds, if they all get the same `instance`.
pub(super) fn refuse_collisions(
    view: &JobView<'_>,
    after: &JobResult,
    statements: impl FnOnce() -> Vec<Statement>,
) -> Result<(), Diagnostic> {
    let pair = colliding(&view.before.targets[..view.known], &after.targets);
    if pair.is_none() && !view.is_open() {
        return Ok(());
    }
    let statements = statements();
    let Some(Statement { claim, .. }) = statements.first() else { return Ok(()) };
    if let Some((one, other)) = pair {
        let message = format!(
            "the {things}s {one} and {other} would have the same labels",
            things = view.things(),
            one = address_of(one),
            other = address_of(other)
        );
        return Err(refusal(view, claim, message));
    }
    let is_one_value = matches!(claim.change, LabelChangeKind::Gains { only_if_absent: false, .. });
    let is_of_several = claim.conditions.iter().all(|(name, _)| name != "__address__" && name != INSTANCE);
    if claim.label == INSTANCE && is_one_value && is_of_several && !is_one_target(view) {
        let message = format!(
            "all {things}s that job {job} finds would have the same `instance`",
            things = view.things(),
            job = view.job.job_name.value
        );
        return Err(refusal(view, claim, message));
    }
    Ok(())
}

/// Whether all targets of the job are known, and one at most is selected.
fn is_one_target(view: &JobView<'_>) -> bool {
    let is_static = view.job.discovery.iter().all(Sd::is_static);
    let mut addresses: Vec<&str> = view.kept().iter().map(|&index| address_of(&view.before.targets[index])).collect();
    addresses.dedup();
    is_static && addresses.len() < 2
}

fn refusal(view: &JobView<'_>, claim: &Claim, message: String) -> Diagnostic {
    refused(ids::LABEL_COLLISION, view.at(), message)
        .with_argument("label", claim.label.as_str())
        .with_note("Prometheus cannot distinguish their series then, and drops samples as duplicates or out of order")
        .with_help("select one target with --target or --where, or use --force to change the labels all the same")
}

/// Two targets with equal labels after the change that had different ones before it. The change leaves the order.
fn colliding<'r>(olds: &'r [TargetResult], news: &'r [TargetResult]) -> Option<(&'r TargetResult, &'r TargetResult)> {
    let public = |labels: &Labels| -> Vec<(String, String)> {
        let own = labels.iter().filter(|(name, _)| !name.starts_with("__") || *name == "__name__");
        own.map(|(name, value)| (name.to_string(), value.to_string())).collect()
    };
    let mut seen: BTreeMap<Vec<(String, String)>, &TargetResult> = BTreeMap::new();
    let is_changed = olds.iter().zip(news).any(|(old, new)| old.labels != new.labels);
    let kept = olds.iter().zip(news).filter(|(old, new)| is_changed && is_kept(old) && is_kept(new));
    for (old, new) in kept {
        match seen.insert(public(&new.labels), old) {
            Some(other) if public(&other.labels) != public(&old.labels) => return Some((other, old)),
            _ => {}
        }
    }
    None
}
