//! For the rules about keep and drop: why a rule does the same to all.

use super::templates::variable_in_pattern;
use crate::analysis::{RelabelList, RuleFacts};
use crate::lint::sink::{short, subject};
use crate::relabel::Action;
use crate::text::Span;

/// Why a rule does the same to all, and the place to show.
pub(super) struct Condition {
    pub(super) reason: String,
    pub(super) at: Span,
}

/// "target" or what else the list works on.
pub(super) fn every(list: &RelabelList<'_>) -> &'static str {
    subject(list.stage)
}

/// Why a rule that does the same to all does so; `None` for one whose pattern holds a
/// variable, which is told by itself.
pub(super) fn condition(rule: &RuleFacts<'_>) -> Option<Condition> {
    if variable_in_pattern(rule.pattern.text()).is_some() {
        return None;
    }
    let place = |name: &str| rule.rule.field(name).map(|field| field.value);
    let at = place("regex").or_else(|| place("action"))?;
    let pattern = short(rule.pattern.text());
    let reason = match rule.action {
        Action::KeepEqual | Action::DropEqual => {
            let target = &rule.rule.spec.target_label;
            return Some(Condition {
                reason: format!("`{target}` is compared with itself"),
                at: place("target_label")?,
            });
        }
        _ if rule.rule.spec.regex.is_none() && rule.sources().is_empty() => {
            "neither `source_labels` nor `regex` are given".to_string()
        }
        _ if rule.rule.spec.regex.is_none() => "no `regex` is given, and the default matches everything".to_string(),
        _ if rule.pattern.matches_nothing() => format!("`{pattern}` matches nothing"),
        _ if rule.sources().is_empty() => {
            let matches = if rule.pattern.matches_empty()? { "matches" } else { "does not match" };
            format!("there are no `source_labels`, and `{pattern}` {matches} the empty text that is read then")
        }
        _ => format!("`{pattern}` matches every value, also that of a label that is not there"),
    };
    Some(Condition { reason, at })
}

/// Whether a keep or drop before looks at what the rule reads, so that what lacks it may be dropped.
pub(super) fn is_looked_at_before(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> bool {
    list.before(rule.index).any(|other| {
        let reads = |name: &String| other.sources().contains(name);
        matches!(other.action, Action::Keep | Action::Drop) && rule.sources().iter().any(reads)
    })
}
