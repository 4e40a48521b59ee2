//! What a rule comes to when a label it reads is not there.

use crate::analyse::{RelabelList, RuleFacts, Stage};
use crate::diagnostic::Diagnostic;
use crate::re2::{Captures, TooLarge};
use crate::relabel::Action;

/// Adds what the rule does instead, where that is certain: when the label that is never there is all it reads.
pub(super) fn with_consequence(list: &RelabelList<'_>, rule: &RuleFacts<'_>, finding: Diagnostic) -> Diagnostic {
    match consequence(list, rule) {
        Some(note) if rule.sources().len() == 1 => finding.with_note(note),
        _ => finding,
    }
}

fn consequence(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<String> {
    let matches_empty = rule.pattern.matches_empty()?;
    let things = things(list.stage);
    match (rule.action, matches_empty) {
        (Action::Keep, false) | (Action::Drop, true) => Some(format!("the rule drops every {things}")),
        (Action::Keep, true) | (Action::Drop, false) => Some("the rule drops nothing".to_string()),
        (Action::Replace, false) => Some("the pattern never matches, so the rule does nothing".to_string()),
        (Action::Replace, true) => {
            let target = rule.target()?;
            let value = value_of_empty(rule).ok()?;
            Some(match value.as_str() {
                "" => format!("the rule only removes `{target}`"),
                _ => format!("the rule always sets `{target}` to `{value}`"),
            })
        }
        (Action::Lowercase | Action::Uppercase, _) => Some(format!("the rule only removes `{}`", rule.target()?)),
        (Action::HashMod, _) => Some(format!("`{}` is the same number for every {things}", rule.target()?)),
        _ => None,
    }
}

/// What the replacement gives when the pattern is matched with the empty text.
fn value_of_empty(rule: &RuleFacts<'_>) -> Result<String, TooLarge> {
    let (mut captures, mut value) = (Captures::new(), String::new());
    if rule.pattern.regex().captures("", &mut captures)? {
        rule.replacement.expand(rule.pattern.regex(), "", &captures, &mut value);
    }
    Ok(value)
}

/// What the rules of a stage work on, one of them.
pub(super) fn things(stage: Stage) -> &'static str {
    match stage {
        Stage::Target => "target",
        Stage::Metric => "sample",
        Stage::Alert => "alert",
        Stage::Alertmanager => "Alertmanager",
        Stage::Write => "series",
    }
}
