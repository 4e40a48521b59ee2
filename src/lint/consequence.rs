//! The effect of a rule that reads a missing label.

use crate::analysis::{Presence, RelabelList, RuleFacts, Stage};
use crate::diagnostic::Diagnostic;
use crate::lint::sink::subject;
use crate::re2::{Captures, TooLargeError};
use crate::relabel::Action;

/// Adds the effect of the rule if it is certain: if the rule reads only the missing label.
pub(super) fn with_consequence(list: &RelabelList<'_>, rule: &RuleFacts<'_>, finding: Diagnostic) -> Diagnostic {
    match consequence(list, rule) {
        Some(note) if rule.sources().len() == 1 => finding.with_note(note),
        _ => finding,
    }
}

fn consequence(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<String> {
    let matches_empty = rule.pattern.matches_empty()?;
    let subject = subject(list.stage);
    match (rule.action, matches_empty) {
        (Action::Keep, false) | (Action::Drop, true) => Some(format!("the rule drops every {subject}")),
        (Action::Keep, true) | (Action::Drop, false) => Some("the rule drops nothing".to_string()),
        (Action::Replace, false) => Some("the pattern never matches, so the rule does nothing".to_string()),
        (Action::Replace, true) => match value_of_empty(rule).ok()?.as_str() {
            "" => removal(list, rule),
            value => Some(format!("the rule always sets `{}` to `{value}`", rule.target()?)),
        },
        (Action::Lowercase | Action::Uppercase, _) => removal(list, rule),
        (Action::HashMod, _) => Some(format!("`{}` is the same number for every {subject}", rule.target()?)),
        _ => None,
    }
}

/// The effect of a rule that sets its target label to the empty text.
fn removal(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<String> {
    let target = rule.target()?;
    Some(match list.presence_at(rule.index, &target) {
        Presence::Never => "the rule does nothing".to_string(),
        _ => format!("the rule only {}", removes(list, &target)),
    })
}

/// That a label is removed: `` removes `env` ``.
pub(super) fn removes(list: &RelabelList<'_>, target: &str) -> String {
    if list.stage == Stage::Target && target == "instance" {
        return "removes `instance`, which Prometheus then sets to `__address__`".to_string();
    }
    format!("removes `{target}`")
}

/// The expanded replacement for the empty text.
pub(super) fn value_of_empty(rule: &RuleFacts<'_>) -> Result<String, TooLargeError> {
    let (mut captures, mut value) = (Captures::new(), String::new());
    if rule.pattern.regex().captures("", &mut captures)? {
        rule.replacement.expand(rule.pattern.regex(), "", &captures, &mut value);
    }
    Ok(value)
}
