//! The proof that a change drops, or no longer drops, just the samples that it is to.

use crate::analysis::{RelabelList, RuleFacts};
use crate::relabel::{Action, RuleSpec};

use super::super::claim::LabelChangeKind;
use super::super::ops::{Alternatives, METRIC_NAME, filters_names};
use super::by_names::{changed_rules, inserted_at, spec_at};
use super::statement::Statement;

/// Whether the new list is the old one with a rule more that drops just the samples that are stated, or with more
/// alternatives in the pattern of such a rule.
///
/// # Errors
/// The reason why this is not proved.
pub(super) fn is_filtered(
    old: &RelabelList<'_>,
    new: &RelabelList<'_>,
    statement: &Statement,
    key: &str,
) -> Result<(), String> {
    let action = match statement.claim.change {
        LabelChangeKind::Dropped => Action::Drop,
        LabelChangeKind::OthersDropped | LabelChangeKind::NoLongerDropped => Action::Keep,
        _ => return Err("the change is not about whole samples".to_string()),
    };
    let is_extended = old.rules.len() == new.rules.len();
    let index = match changed_rules(old, new).as_slice() {
        [index] if is_extended => Some(*index),
        _ => inserted_at(old, new),
    };
    let (Some(index), Some(rule)) = (index, &statement.rule) else {
        return Err("the lists differ in other rules".to_string());
    };
    if spec_at(new, index) != Some(rule) || !filters_names(rule, action) {
        return Err("the lists differ in other rules".to_string());
    }
    let is_other_change = match statement.claim.change {
        LabelChangeKind::OthersDropped => is_extended,
        LabelChangeKind::NoLongerDropped => !is_extended,
        _ => false,
    };
    if is_other_change {
        return Err(format!("{key}[{index}] does not drop just these samples"));
    }
    let late = |rule: &&RuleFacts<'_>| rule.may_write(METRIC_NAME) || rule.may_remove(METRIC_NAME);
    if let Some(late) = new.behind(index).find(late) {
        return Err(format!("{key}[{}] can change the names of metrics afterwards", late.index));
    }
    let own = if is_extended { spec_at(old, index).cloned() } else { None };
    match is_of_pattern(rule, own.as_ref(), statement) {
        true => Ok(()),
        false => Err(format!("the pattern of {key}[{index}] is not just the requested one")),
    }
}

/// Whether the pattern of a rule is the one before, if there was one, together with the stated one.
fn is_of_pattern(rule: &RuleSpec, before: Option<&RuleSpec>, statement: &Statement) -> bool {
    let [(name, wanted)] = statement.claim.conditions.as_slice() else { return false };
    let alternatives = |spec: &RuleSpec| Alternatives::of_regex(spec.regex.as_deref()?);
    let (Some(wanted), Some(new)) = (Alternatives::of_regex(wanted), alternatives(rule)) else { return false };
    let is_just_this = match before {
        None => wanted.is_same(&new),
        Some(spec) => alternatives(&RuleSpec { regex: spec.regex.clone(), ..rule.clone() })
            .filter(|_| RuleSpec { regex: rule.regex.clone(), ..spec.clone() } == *rule)
            .is_some_and(|old| {
                let (more, left_out) = (new.without(&old), wanted.without(&new));
                // What the rule had before includes the others.
                let is_covered = spec.regex.as_deref().is_some_and(|regex| left_out.not_in(regex).is_empty());
                old.without(&new).is_empty() && more.without(&wanted).is_empty() && is_covered
            }),
    };
    name == METRIC_NAME && is_just_this
}
