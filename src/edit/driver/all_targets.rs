//! The proof that a change does what is claimed to every target of a job, also to those that nobody has seen.

use crate::analysis::{Differing, Doubt, Presence, RelabelList, RuleFacts, differing_labels, lists_of_job};
use crate::config::ScrapeConfig;
use crate::relabel::Action;

use super::super::claim::{Claim, LabelChangeKind};
use super::super::ops::{RuleList, renamed, sets};
use super::super::request::LabelStage;
use super::by_names::is_by_names;
use super::filtered::is_filtered;
use super::filtered_targets;
use super::statement::Statement;
use super::trial::Trial;

/// Whether a label can be on the targets of a job after all rules of a stage.
pub(super) fn presence_at_end(trial: &Trial, job: &ScrapeConfig, stage: LabelStage, name: &str) -> Presence {
    with_list(trial, job, stage, |list| list.presence_at(list.rules.len(), name)).unwrap_or(Presence::Unknown)
}

/// The first of the values that no target of the job can have after all rules of a stage as one of these labels.
pub(super) fn first_impossible<'v>(
    trial: &Trial,
    job: &ScrapeConfig,
    stage: LabelStage,
    labels: &[&str],
    values: &'v [String],
) -> Option<&'v String> {
    if values.is_empty() {
        return None;
    }
    with_list(trial, job, stage, |list| {
        values.iter().find(|value| !labels.iter().any(|label| list.can_end_as(label, value)))
    })
    .flatten()
}

/// The values that a label can have after all rules of a stage, if they are written in the config.
pub(super) fn values_at_end(trial: &Trial, job: &ScrapeConfig, stage: LabelStage, name: &str) -> Option<Vec<String>> {
    with_list(trial, job, stage, |list| list.values_at_end(name)).flatten()
}

/// All names that targets of a job can have after the rules, and those of discovery; `None` where other
/// names are possible.
#[allow(clippy::redundant_closure_for_method_calls, reason = "the method is not general over the lifetime")]
pub(super) fn names_at_end(trial: &Trial, job: &ScrapeConfig, stage: LabelStage) -> Option<Vec<String>> {
    with_list(trial, job, stage, |list| list.closed_names()).flatten()
}

/// Whether no rule after this one can set or remove the label.
pub(super) fn is_settled_behind(trial: &Trial, job: &ScrapeConfig, stage: LabelStage, rule: usize, name: &str) -> bool {
    let is_late = |rule: &RuleFacts<'_>| rule.may_write(name) || rule.may_remove(name);
    with_list(trial, job, stage, |list| !list.behind(rule).any(is_late)).unwrap_or(false)
}

/// Whether no rule before this one can set or remove the label.
pub(super) fn is_settled_before(trial: &Trial, job: &ScrapeConfig, stage: LabelStage, rule: usize, name: &str) -> bool {
    let is_early = |rule: &RuleFacts<'_>| rule.may_write(name) || rule.may_remove(name);
    with_list(trial, job, stage, |list| !list.before(rule).any(is_early)).unwrap_or(false)
}

/// Whether a label can be on the targets of a job before all rules of a stage.
pub(super) fn presence_at_start(trial: &Trial, job: &ScrapeConfig, stage: LabelStage, name: &str) -> Presence {
    with_list(trial, job, stage, |list| list.presence_at(0, name)).unwrap_or(Presence::Unknown)
}

/// Whether no rule sets the label or reads it; rules that select labels by their names may.
pub(super) fn is_untouched(trial: &Trial, job: &ScrapeConfig, stage: LabelStage, name: &str) -> bool {
    let is_selection = |rule: &RuleFacts<'_>| matches!(rule.action, Action::LabelDrop | Action::LabelKeep);
    let concerns = |rule: &RuleFacts<'_>| rule.may_write(name) || (rule.reads(name) && !is_selection(rule));
    with_list(trial, job, stage, |list| !list.rules.iter().any(concerns)).unwrap_or(false)
}

/// Whether the label is set and removed only by rules for just this label, and no rule reads it.
pub(super) fn is_set_by_setters_only(trial: &Trial, job: &ScrapeConfig, stage: LabelStage, name: &str) -> bool {
    let is_apart = |rule: &RuleFacts<'_>| {
        !rule.reads(name) && (sets(&rule.rule.spec, name) || !(rule.may_write(name) || rule.may_remove(name)))
    };
    with_list(trial, job, stage, |list| list.rules.iter().all(is_apart)).unwrap_or(false)
}

fn with_list<R>(
    trial: &Trial,
    job: &ScrapeConfig,
    stage: LabelStage,
    look: impl FnOnce(&RelabelList<'_>) -> R,
) -> Option<R> {
    let lists = lists_of_job(&mut trial.facts(), job);
    lists.ok().map(|lists| look(&lists[place_of(stage)]))
}

fn place_of(stage: LabelStage) -> usize {
    match stage {
        LabelStage::Target => 0,
        LabelStage::Metric => 1,
    }
}

/// Proves that the change of `old` to `new` does what is stated, and nothing else, to all targets of the
/// job, or to all of their samples.
///
/// # Errors
/// The reason why this is not proved.
pub(super) fn prove(
    trial: &Trial,
    old: &ScrapeConfig,
    new: &ScrapeConfig,
    stage: LabelStage,
    statement: &Statement,
) -> Result<(), String> {
    let too_large = || "the list of rules is too large to be analyzed".to_string();
    let olds = lists_of_job(&mut trial.facts(), old).map_err(|_| too_large())?;
    let news = lists_of_job(&mut trial.facts(), new).map_err(|_| too_large())?;
    let (old, new) = (&olds[place_of(stage)], &news[place_of(stage)]);
    let key = RuleList::of_stage(stage).key();
    if let LabelChangeKind::Dropped | LabelChangeKind::OthersDropped | LabelChangeKind::NoLongerDropped =
        &statement.claim.change
    {
        return is_filtered(old, new, statement, key);
    }
    if let LabelChangeKind::TargetsDropped { .. }
    | LabelChangeKind::OtherTargetsDropped { .. }
    | LabelChangeKind::TargetsKept { .. } = &statement.claim.change
    {
        return filtered_targets::is_filtered(old, new, statement, key);
    }
    if let LabelChangeKind::OtherShardsDropped { .. } | LabelChangeKind::ShardChanged { .. } = &statement.claim.change {
        return filtered_targets::is_sharded(old, new, statement, key);
    }
    if let LabelChangeKind::NamesLost { .. }
    | LabelChangeKind::OthersLost { .. }
    | LabelChangeKind::NamesKept { .. }
    | LabelChangeKind::Mapped { .. } = &statement.claim.change
    {
        return is_by_names(old, new, statement, key);
    }
    if let LabelChangeKind::Renamed { to } = &statement.claim.change {
        let label = &statement.claim.label;
        comes_from_rules(new, label)?;
        comes_from_rules(old, to)?;
        return is_renamed(old, new, label, to, key);
    }
    let differing = differing_labels(old, new).map_err(|doubt| in_words(&doubt, key))?;
    only(&differing, &statement.claim.label, key)?;
    match &statement.claim.change {
        LabelChangeKind::Unfilled { .. } | LabelChangeKind::Uncopied => {
            is_unfilled(old, new, &statement.claim.label, key)
        }
        _ => has_effect(new, statement, key),
    }
}

/// Whether no label but this one can differ.
fn only(differing: &Differing, label: &str, key: &str) -> Result<(), String> {
    match differing.iter().find(|(name, _)| *name != label) {
        None => Ok(()),
        Some((name, Some(rule))) => Err(format!("`{name}` can change as well, because of {key}[{rule}]")),
        Some((name, None)) => Err(format!("`{name}` can change as well")),
    }
}

fn in_words(doubt: &Doubt, key: &str) -> String {
    match doubt {
        Doubt::FiltersBy { rule, label } => format!("{key}[{rule}] keeps or drops by `{label}`"),
        Doubt::ReadsInto { rule, label } => {
            format!("{key}[{rule}] reads `{label}`, and writes labels whose names it makes of values")
        }
        Doubt::Filters => "a rule that keeps or drops is added or removed".to_string(),
        Doubt::Untracked => "a rule whose labels have no fixed names is added or removed".to_string(),
        Doubt::TooLarge { rule } => format!("the pattern of {key}[{rule}] is too large to be analyzed"),
    }
}

/// Whether the label has its new value at the end of the new list.
fn has_effect(new: &RelabelList<'_>, statement: &Statement, key: &str) -> Result<(), String> {
    let Claim { label, change, conditions, .. } = &statement.claim;
    if let Some(obstacle) = &statement.obstacle {
        return Err(obstacle.clone());
    }
    let is_plain = conditions.is_empty();
    let setter = match change {
        LabelChangeKind::Loses if is_plain => {
            return match new.presence_at(new.rules.len(), label) {
                Presence::Never => Ok(()),
                _ => Err(format!("`{label}` can still come from discovery or from a rule")),
            };
        }
        LabelChangeKind::Gains { value, only_if_absent: false } if is_plain => {
            new.rules.iter().rfind(|rule| sets_always(rule, label, value))
        }
        _ => new.rules.iter().rfind(|rule| statement.rule.as_ref() == Some(&rule.rule.spec)),
    };
    let Some(setter) = setter else {
        return Err(format!("no rule changes `{label}` of just these targets"));
    };
    let mut settled = setter.sources().iter().map(String::as_str).chain([label.as_str()]);
    let late = |name: &str| new.behind(setter.index).find(|rule| rule.may_write(name) || rule.may_remove(name));
    match settled.find_map(|name| late(name).map(|rule| (name, rule))) {
        None => Ok(()),
        Some((name, rule)) => Err(format!("{key}[{}] can change `{name}` afterwards", rule.index)),
    }
}

/// Whether the new list is the old one without rules for the label, which nothing touches after the first of them: each
/// target has what it had before that rule.
fn is_unfilled(old: &RelabelList<'_>, new: &RelabelList<'_>, label: &str, key: &str) -> Result<(), String> {
    let kept = |rule: &&RuleFacts<'_>| new.rules.iter().any(|other| other.rule.spec == rule.rule.spec);
    let Some(first) = old.rules.iter().find(|rule| !kept(rule)) else {
        return Err("no rule is removed".to_string());
    };
    let late = old.behind(first.index).filter(kept).find(|rule| rule.may_write(label) || rule.may_remove(label));
    match late {
        None => Ok(()),
        Some(rule) => Err(format!("{key}[{}] can change `{label}` afterwards", rule.index)),
    }
}

fn sets_always(rule: &RuleFacts<'_>, label: &str, value: &str) -> bool {
    rule.action == Action::Replace
        && rule.target().is_some_and(|target| target == label)
        && rule.is_unconditional()
        && rule.constant().is_some_and(|constant| constant == value)
}

/// Whether no target has the label before the rules.
fn comes_from_rules(list: &RelabelList<'_>, label: &str) -> Result<(), String> {
    match list.sources.presence(label) {
        Presence::Never => Ok(()),
        _ => Err(format!("`{label}` can come from discovery or from what is scraped")),
    }
}

/// Whether the new list does with `to` whatever the old one does with `label`: each
/// rule either has nothing to do with both names, or has one name in place of the other.
fn is_renamed(old: &RelabelList<'_>, new: &RelabelList<'_>, label: &str, to: &str, key: &str) -> Result<(), String> {
    if old.rules.len() != new.rules.len() {
        return Err("the lists have different rules".to_string());
    }
    for (before, after) in old.rules.iter().zip(&new.rules) {
        let is_same = before.rule.spec == after.rule.spec && treats_alike(before, label, to);
        let is_other =
            after.rule.spec == renamed(&before.rule.spec, label, to) && !touches(after, label) && !touches(before, to);
        if !is_same && !is_other {
            return Err(format!("{key}[{}] treats `{label}` and `{to}` differently", before.index));
        }
    }
    Ok(())
}

fn touches(rule: &RuleFacts<'_>, name: &str) -> bool {
    rule.reads(name) || rule.may_write(name) || rule.may_remove(name)
}

/// Whether a rule that stays the same does the same to both names.
fn treats_alike(rule: &RuleFacts<'_>, label: &str, to: &str) -> bool {
    match rule.action {
        Action::LabelDrop | Action::LabelKeep => {
            let both = (rule.pattern.matches(label), rule.pattern.matches(to));
            matches!(both, (Some(one), Some(other)) if one == other)
        }
        _ => !touches(rule, label) && !touches(rule, to),
    }
}
