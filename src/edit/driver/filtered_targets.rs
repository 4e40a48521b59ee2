//! The proof that a change drops, or no longer drops, just the targets that it is to.

use crate::analysis::{RelabelList, RuleFacts};
use crate::relabel::{Action, RuleSpec};

use super::super::claim::LabelChangeKind;
use super::super::ops::Alternatives;
use super::by_names::{changed_rules, concerns, inserted_at, is_same, spec_at};
use super::statement::Statement;

/// Whether the new list is the old one with the stated rule more, which reads the labels as they are at the end or before
/// all rules; or with the alternatives of that rule in the pattern of such rules.
///
/// # Errors
/// The reason why this is not proved.
pub(super) fn is_filtered(
    old: &RelabelList<'_>,
    new: &RelabelList<'_>,
    statement: &Statement,
    key: &str,
) -> Result<(), String> {
    if let Some(obstacle) = &statement.obstacle {
        return Err(obstacle.clone());
    }
    let Some(rule) = &statement.rule else { return Err("no rule drops just these targets".to_string()) };
    let (action, discovered, is_extended) = match statement.claim.change {
        LabelChangeKind::TargetsDropped { discovered } => (Action::Drop, discovered, None),
        LabelChangeKind::OtherTargetsDropped { discovered } => (Action::Keep, discovered, Some(false)),
        LabelChangeKind::TargetsKept { discovered } => (Action::Keep, discovered, Some(true)),
        _ => return Err("the change is not about whole targets".to_string()),
    };
    let others = || "the lists differ in other rules".to_string();
    let changed = match inserted_at(old, new).filter(|index| spec_at(new, *index) == Some(rule)) {
        Some(_) if is_extended == Some(true) => return Err(others()),
        Some(index) => vec![index],
        None if is_extended == Some(false) || old.rules.len() != new.rules.len() => return Err(others()),
        None => {
            let changed = changed_rules(old, new);
            let is_just = |&index: &usize| is_with_alternatives(spec_at(old, index), spec_at(new, index), rule);
            if changed.is_empty() || !changed.iter().all(is_just) {
                return Err(others());
            }
            changed
        }
    };
    if rule.action != Some(action) {
        return Err(others());
    }
    for index in changed {
        let may_change = |rule: &&RuleFacts<'_>, name: &str| rule.may_write(name) || rule.may_remove(name);
        for name in rule.source_labels.iter().flatten() {
            let other = match discovered {
                true => new.before(index).find(|rule| may_change(rule, name)),
                false => new.behind(index).find(|rule| may_change(rule, name)),
            };
            if let Some(other) = other {
                let when = if discovered { "before" } else { "afterwards" };
                return Err(format!("{key}[{}] can change `{name}` {when}", other.index));
            }
        }
    }
    Ok(())
}

/// Whether the new list is the old one with two rules more that keep a shard, or with another shard in such rules.
///
/// # Errors
/// The reason why this is not proved.
pub(super) fn is_sharded(
    old: &RelabelList<'_>,
    new: &RelabelList<'_>,
    statement: &Statement,
    key: &str,
) -> Result<(), String> {
    let others = || "the lists differ in other rules".to_string();
    let (Some(keep), by) = (&statement.rule, &statement.claim.label) else { return Err(others()) };
    let Some([label]) = keep.source_labels.as_deref() else { return Err(others()) };
    let count = old.rules.iter().zip(&new.rules).take_while(|(old, new)| old.rule.spec == new.rule.spec).count();
    let (place, of) = match &statement.claim.change {
        LabelChangeKind::OtherShardsDropped { of, .. } => {
            let rest = (old.rules.get(count..), new.rules.get(count + 2..));
            let (Some(rest), Some(new_rest)) = rest else { return Err(others()) };
            if !is_same(rest, new_rest)
                || new
                    .rules
                    .iter()
                    .enumerate()
                    .any(|(index, rule)| index != count && index != count + 1 && concerns(rule, label))
            {
                return Err(others());
            }
            (count, *of)
        }
        LabelChangeKind::ShardChanged { of, .. } => {
            // Of two rules, the number of shards changes in the first one, and that of the shard in the second one.
            let is_hash = |spec: &RuleSpec| spec.action == Some(Action::HashMod);
            let place = if spec_at(old, count).is_some_and(is_hash) { Some(count) } else { count.checked_sub(1) };
            let Some(place) = place else { return Err(others()) };
            let rest = |list: &[RuleFacts<'_>]| list.get(place + 2..).is_some();
            let is_pair = old.rules.len() == new.rules.len()
                && rest(&old.rules)
                && is_same(&old.rules[place + 2..], &new.rules[place + 2..]);
            let before = (spec_at(old, place), spec_at(old, place + 1));
            let (Some(hash), Some(kept)) = before else { return Err(others()) };
            let hash = RuleSpec { modulus: *of, ..hash.clone() };
            let kept = RuleSpec { regex: keep.regex.clone(), ..kept.clone() };
            let is_one = is_pair && spec_at(new, place) == Some(&hash) && kept == *keep;
            if !is_one || new.behind(place + 1).any(|rule| concerns(rule, label)) {
                return Err(others());
            }
            (place, *of)
        }
        _ => return Err("the change is not about shards".to_string()),
    };
    let hash = RuleSpec {
        source_labels: Some(vec![by.clone()]),
        modulus: of,
        target_label: label.clone(),
        action: Some(Action::HashMod),
        ..RuleSpec::default()
    };
    if spec_at(new, place) != Some(&hash) || spec_at(new, place + 1) != Some(keep) {
        return Err(others());
    }
    match new.behind(place + 1).find(|rule| rule.may_write(by) || rule.may_remove(by)) {
        Some(late) => Err(format!("{key}[{}] can change `{by}` afterwards", late.index)),
        None => Ok(()),
    }
}

/// Whether a rule is the one before with the alternatives of `wanted`, and reads the same labels as that.
fn is_with_alternatives(before: Option<&RuleSpec>, after: Option<&RuleSpec>, wanted: &RuleSpec) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    let alternatives = |spec: &RuleSpec| Alternatives::of_regex(spec.regex.as_deref()?);
    let wanted_alternatives = wanted.regex.as_deref().map(|regex| Alternatives::of_patterns([regex]));
    let (Some(old), Some(new), Some(more)) = (alternatives(before), alternatives(after), wanted_alternatives) else {
        return false;
    };
    let is_same_form = RuleSpec { regex: before.regex.clone(), ..after.clone() } == *before
        && (&after.source_labels, &after.separator, after.action)
            == (&wanted.source_labels, &wanted.separator, wanted.action);
    is_same_form && old.with(&more.without(&old)).is_same(&new)
}
