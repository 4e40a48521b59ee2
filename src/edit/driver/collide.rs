//! The refusal of changes that give several targets, or their series, the same labels.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Sd;
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{address_of, is_kept};
use crate::re2::Template;
use crate::relabel::Labels;
use crate::simulate::TargetResult;

use super::super::claim::{Claim, LabelChangeKind};
use super::super::request::refused;
use super::job::JobView;
use super::statement::Statement;
use super::trial::INSTANCE;

/// Refuses a change after which targets that had different labels have the same ones: two that are known, by the indices
/// of their results, and those that discovery finds, if they all get the same `instance`.
pub(super) fn refuse_collisions(
    view: &JobView<'_>,
    pair: Option<(usize, usize)>,
    statements: impl FnOnce() -> Vec<Statement>,
) -> Result<(), Diagnostic> {
    if pair.is_none() && !view.is_open() {
        return Ok(());
    }
    let statements = statements();
    let Some(Statement { claim, .. }) = statements.first() else { return Ok(()) };
    if let Some((one, other)) = pair {
        let message = format!(
            "the {things}s {one} and {other} would have the same labels",
            things = view.things(),
            one = address_of(&view.before.targets[one]),
            other = address_of(&view.before.targets[other])
        );
        return Err(refusal(view, claim, message));
    }
    let is_one_value = match &claim.change {
        LabelChangeKind::Gains { only_if_absent, .. } => !only_if_absent,
        LabelChangeKind::Copied { value, only_if_absent } => {
            !only_if_absent && value.case.is_none() && !Template::parse(&value.replacement).has_references()
        }
        LabelChangeKind::Loses
        | LabelChangeKind::Unfilled { .. }
        | LabelChangeKind::Uncopied
        | LabelChangeKind::NamesLost { .. }
        | LabelChangeKind::OthersLost { .. }
        | LabelChangeKind::NamesKept { .. }
        | LabelChangeKind::Mapped { .. }
        | LabelChangeKind::Dropped
        | LabelChangeKind::OthersDropped
        | LabelChangeKind::NoLongerDropped
        | LabelChangeKind::TargetsDropped { .. }
        | LabelChangeKind::OtherTargetsDropped { .. }
        | LabelChangeKind::TargetsKept { .. }
        | LabelChangeKind::OtherShardsDropped { .. }
        | LabelChangeKind::ShardChanged { .. }
        | LabelChangeKind::Renamed { .. } => false,
    };
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

/// The label sets of the known targets before and after a change, each as a number.
#[derive(Default)]
pub(super) struct LabelSets {
    before: FxHashSet<u64>,
    /// For each set after the change the one that the first target with it had before, and the index of its result.
    after: FxHashMap<u64, (u64, usize)>,
    /// The results of two targets that had different sets and have the same one.
    pair: Option<(usize, usize)>,
}

impl LabelSets {
    /// A result of a known target before and after the change.
    pub(super) fn add(&mut self, index: usize, old: &TargetResult, new: &TargetResult) {
        if !(is_kept(old) && is_kept(new)) {
            return;
        }
        let (was, is) = (number(&old.labels), number(&new.labels));
        self.before.insert(was);
        let (first, at) = *self.after.entry(is).or_insert((was, index));
        if first != was && self.pair.is_none() {
            self.pair = Some((at, index));
        }
    }

    /// Two results that become one, if there are fewer sets after the change.
    pub(super) fn collision(&self) -> Option<(usize, usize)> {
        self.pair.filter(|_| self.after.len() < self.before.len())
    }
}

/// A number for the labels that the series of a target, or a series itself, are stored with.
pub(super) fn number(labels: &Labels) -> u64 {
    let mut hasher = DefaultHasher::new();
    let public = labels.iter().filter(|(name, _)| !name.starts_with("__") || *name == "__name__");
    public.for_each(|label| label.hash(&mut hasher));
    hasher.finish()
}
