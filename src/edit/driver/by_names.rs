//! The proof that a change drops, keeps or copies just the labels whose names are stated.

use crate::analysis::{RelabelList, RuleFacts};
use crate::relabel::{Action, RuleSpec};

use super::super::claim::LabelChangeKind;
use super::super::ops::{Alternatives, quote_pattern, selects_names};
use super::statement::Statement;

/// Whether the new list is the old one with the stated rule at its end, where nothing can undo it, or, if it drops labels,
/// where no later rule has to do with them; or with the stated
/// names added to patterns of such rules, where no later rule has to do with these names.
///
/// # Errors
/// The reason why this is not proved.
pub(super) fn is_by_names(
    old: &RelabelList<'_>,
    new: &RelabelList<'_>,
    statement: &Statement,
    key: &str,
) -> Result<(), String> {
    let changed = changed_rules(old, new);
    if new.rules.len() == old.rules.len() + 1 {
        let added = inserted_at(old, new).filter(|index| spec_at(new, *index) == statement.rule.as_ref());
        return match (added, &statement.claim.change) {
            (None, _) | (Some(_), LabelChangeKind::NamesKept { .. }) => {
                Err("the lists differ in other rules".to_string())
            }
            (Some(index), _) if index == old.rules.len() => Ok(()),
            (Some(index), LabelChangeKind::NamesLost { labels }) => no_later_rule_concerns(new, index, labels, key),
            (Some(index), LabelChangeKind::OthersLost { .. }) => later_rules_are_about_kept(new, index, key),
            (Some(index), LabelChangeKind::Mapped { to, .. }) if !to.is_empty() => {
                later_rules_are_not_about(new, index, to, key)
            }
            (Some(index), _) => Err(format!("{key}[{}] comes after the new rule", index + 1)),
        };
    }
    let (action, names) = match &statement.claim.change {
        LabelChangeKind::NamesLost { labels } => (Action::LabelDrop, labels),
        LabelChangeKind::NamesKept { labels } => (Action::LabelKeep, labels),
        _ => return Err("the lists differ in other rules".to_string()),
    };
    if new.rules.len() != old.rules.len() || changed.is_empty() {
        return Err("the lists differ in other rules".to_string());
    }
    for index in changed {
        let (Some(before), Some(after)) = (spec_at(old, index), spec_at(new, index)) else { continue };
        if !is_extended(before, after, action, names) {
            return Err(format!("{key}[{index}] does not have just the requested names more"));
        }
        no_later_rule_concerns(new, index, names, key)?;
    }
    match names.iter().find(|name| action == Action::LabelKeep && !is_kept_by_all(new, name)) {
        Some(name) => Err(format!("another rule can drop `{name}`")),
        None => Ok(()),
    }
}

/// Where the new list has a rule more than the old one, and no other difference.
pub(super) fn inserted_at(old: &RelabelList<'_>, new: &RelabelList<'_>) -> Option<usize> {
    let index = old.rules.iter().zip(&new.rules).take_while(|(old, new)| old.rule.spec == new.rule.spec).count();
    let (rest, new_rest) = (old.rules.get(index..)?, new.rules.get(index + 1..)?);
    is_same(rest, new_rest).then_some(index)
}

/// The places at which two lists have different rules, up to the end of the new one.
pub(super) fn changed_rules(old: &RelabelList<'_>, new: &RelabelList<'_>) -> Vec<usize> {
    (0..new.rules.len()).filter(|&index| spec_at(old, index) != spec_at(new, index)).collect()
}

/// Whether two lists, or parts of lists, have the same rules.
pub(super) fn is_same(one: &[RuleFacts<'_>], other: &[RuleFacts<'_>]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.rule.spec == other.rule.spec)
}

/// The rule at a place of a list.
pub(super) fn spec_at<'l>(list: &'l RelabelList<'_>, index: usize) -> Option<&'l RuleSpec> {
    list.rules.get(index).map(|rule| &rule.rule.spec)
}

/// Whether a rule reads or sets a label; rules that select labels by their names may.
pub(super) fn concerns(rule: &RuleFacts<'_>, label: &str) -> bool {
    let is_selection = matches!(rule.action, Action::LabelDrop | Action::LabelKeep);
    rule.may_write(label) || (rule.reads(label) && !is_selection)
}

/// Checks that no rule after this one reads or sets one of the labels; rules that select labels by their names may.
fn no_later_rule_concerns(list: &RelabelList<'_>, index: usize, names: &[String], key: &str) -> Result<(), String> {
    let late = list
        .behind(index)
        .find_map(|rule| names.iter().find(|name| concerns(rule, name)).map(|name| (rule.index, name)));
    match late {
        Some((rule, name)) => Err(format!("{key}[{rule}] reads or sets `{name}` afterwards")),
        None => Ok(()),
    }
}

/// Checks that the rules after one that keeps labels read and set none but those that it keeps.
fn later_rules_are_about_kept(list: &RelabelList<'_>, index: usize, key: &str) -> Result<(), String> {
    let Some(keeping) = list.rules.get(index) else { return Err("the lists differ in other rules".to_string()) };
    let is_kept = |name: &str| keeping.pattern.matches(name) == Some(true);
    later_rules_have(list, index, key, &is_kept)
}

/// Checks that the rules after one that copies labels read and set none with the prefix of the copies.
fn later_rules_are_not_about(list: &RelabelList<'_>, index: usize, prefix: &str, key: &str) -> Result<(), String> {
    later_rules_have(list, index, key, &|name| !name.starts_with(prefix))
}

/// Checks that the rules after one name all labels that they read and set, and which names these are.
fn later_rules_have(
    list: &RelabelList<'_>,
    index: usize,
    key: &str,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<(), String> {
    let is_fine = |rule: &RuleFacts<'_>| {
        let spec = &rule.rule.spec;
        let has_own_names = !matches!(rule.action, Action::LabelDrop | Action::LabelKeep | Action::LabelMap)
            && !spec.target_label.contains('$');
        let sources = spec.source_labels.iter().flatten();
        has_own_names && sources.chain([&spec.target_label]).all(|name| name.is_empty() || is_wanted(name))
    };
    match list.behind(index).find(|rule| !is_fine(rule)) {
        Some(rule) => Err(format!("{key}[{}] comes after the new rule", rule.index)),
        None => Ok(()),
    }
}

/// Whether no rule that selects labels drops this one.
fn is_kept_by_all(list: &RelabelList<'_>, name: &str) -> bool {
    list.rules.iter().all(|rule| match rule.action {
        Action::LabelKeep => rule.pattern.matches(name) == Some(true),
        _ => true,
    })
}

/// Whether a rule is the one before with names of these as further alternatives.
fn is_extended(before: &RuleSpec, after: &RuleSpec, action: Action, names: &[String]) -> bool {
    let alternatives = |spec: &RuleSpec| Alternatives::of_regex(spec.regex.as_deref()?);
    let (Some(old), Some(new)) = (alternatives(before), alternatives(after)) else { return false };
    let quoted: Vec<String> = names.iter().map(|name| quote_pattern(name)).collect();
    let more = Alternatives::of_patterns(quoted.iter().map(String::as_str));
    let is_same_form =
        selects_names(before, action) && RuleSpec { regex: before.regex.clone(), ..after.clone() } == *before;
    is_same_form && old.without(&new).is_empty() && new.without(&old).without(&more).is_empty()
}
