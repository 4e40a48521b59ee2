//! Which targets groups and rules give a label to: what sets it for selected targets, and for no others.

use rustc_hash::FxHashMap;

use crate::config::{ScrapeConfig, TargetGroup};
use crate::effect::is_kept;
use crate::simulate::{TargetResult, targets_of_group};

use super::super::ops::{RuleList, sets};
use super::super::request::LabelStage;
use super::all_targets::is_set_by_setters_only;
use super::job::JobView;
use super::trial::INSTANCE;

/// What a change of one thing does to a label.
#[derive(Clone, Copy, Default)]
struct Reach {
    /// Whether a result has another value.
    has_change: bool,
    /// Whether such a result is not selected.
    is_beyond: bool,
}

impl Reach {
    fn add(&mut self, is_changed: bool, is_selected: bool) {
        self.has_change |= is_changed;
        self.is_beyond |= is_changed && !is_selected;
    }

    fn is_only_selected(self) -> bool {
        self.has_change && !self.is_beyond
    }
}

/// The groups of `static_configs` with a label that gives it to selected targets, and to no others. The rules are
/// compiled once.
pub(in crate::edit) fn groups_of_selected<'v>(view: &JobView<'v>, name: &str) -> Vec<&'v TargetGroup> {
    let variant = view.trial.variant(view.job);
    let Some(mut runner) = view.trial.runner(&variant, false) else { return Vec::new() };
    let (mut groups, mut start) = (Vec::new(), 0);
    for group in &view.job.static_configs {
        let own = start..start + group.targets.len();
        start = own.end;
        let has_label = group.labels.iter().any(|(own, _)| own.value == name);
        let (Some(olds), Some(selected)) = (view.before.targets.get(own.clone()), view.selected.get(own)) else {
            break;
        };
        if !has_label || !selected.contains(&true) {
            continue;
        }
        let mut changed = group.clone();
        changed.labels.retain(|(own, _)| own.value != name);
        let mut reach = Reach::default();
        for ((placed, old), selected) in targets_of_group(&changed).zip(olds).zip(selected) {
            let news = runner.results(&placed);
            let value = news.first().map_or("", |new| new.labels.get(name));
            reach.add(old.labels.get(name) != value, *selected);
        }
        if reach.is_only_selected() {
            groups.push(group);
        }
    }
    groups
}

/// The rules, by their indices in the list, that give a label to selected targets, and to no others; found in one run over
/// the targets. `None` where more has to be known than the traces show: a rule reads the label, or something else than
/// a rule for just this label sets or removes it.
///
/// Without a rule that sets the label, a target has the value that it had before that rule, unless a later rule sets it:
/// so only the last rule that sets it matters.
pub(in crate::edit) fn rules_of_selected(view: &JobView<'_>, list: RuleList, name: &str) -> Option<Vec<usize>> {
    let is_of_address = name == INSTANCE && view.stage == LabelStage::Target;
    if is_of_address || !is_set_by_setters_only(view.trial, view.job, view.stage, name) {
        return None;
    }
    let variant = view.trial.variant(view.job);
    let mut runner = view.trial.runner(&variant, true)?;
    let mut reaches: FxHashMap<usize, Reach> = FxHashMap::default();
    let mut selected = view.selected.iter();
    for placed in view.trial.targets(view.job) {
        for result in runner.results(&placed) {
            let is_selected = *selected.next()?;
            if let Some(rule) = last_setter(&variant, list, &result, name)? {
                reaches.entry(rule).or_default().add(true, is_selected);
            }
        }
    }
    let mut rules: Vec<usize> =
        reaches.into_iter().filter(|(_, reach)| reach.is_only_selected()).map(|(rule, _)| rule).collect();
    rules.sort_unstable();
    Some(rules)
}

/// The rule without which a result would have another value of the label. `None` where the trace does not lead to the
/// result.
#[allow(clippy::option_option, reason = "not known, or no rule")]
fn last_setter(job: &ScrapeConfig, list: RuleList, result: &TargetResult, name: &str) -> Option<Option<usize>> {
    let rules = list.of(job);
    let is_setter = |rule: usize| rules.get(rule).is_some_and(|rule| sets(&rule.spec, name));
    let Some(step) = result.trace.iter().rev().find(|step| step.matched && is_setter(step.rule)) else {
        return Some(None);
    };
    let Some(change) = step.changes.iter().rev().find(|change| change.label == name) else { return Some(None) };
    let (set, shown) = (change.after.as_deref().unwrap_or(""), result.labels.get(name));
    match (set == shown, is_kept(result)) {
        (true, _) => Some(Some(step.rule)),
        // A target that is not scraped has no labels.
        (false, false) if shown.is_empty() => Some(None),
        (false, _) => None,
    }
}
