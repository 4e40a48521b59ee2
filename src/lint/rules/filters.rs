//! Shared by the rules about keep and drop: the reason why a rule keeps or drops everything.

use super::templates::variable_in_pattern;
use crate::analysis::{RelabelList, RuleFacts};
use crate::lint::sink::{short, subject};
use crate::relabel::Action;
use crate::text::Span;

/// The reason why a rule keeps or drops everything, and its place.
pub(super) struct Condition {
    pub(super) reason: String,
    pub(super) at: Span,
}

/// The thing that the list relabels, such as "target".
pub(super) fn every(list: &RelabelList<'_>) -> &'static str {
    subject(list.stage)
}

/// The reason why a rule keeps or drops everything; `None` if its pattern contains a variable, which
/// another rule reports.
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
            "`source_labels` and `regex` are missing".to_string()
        }
        _ if rule.rule.spec.regex.is_none() => "`regex` is missing, and the default matches everything".to_string(),
        _ if rule.pattern.matches_nothing() => format!("`{pattern}` matches nothing"),
        _ if rule.sources().is_empty() => {
            let matches = if rule.pattern.matches_empty()? { "matches" } else { "does not match" };
            format!("`source_labels` is missing, and `{pattern}` {matches} the empty text")
        }
        _ => format!("`{pattern}` matches every value, even that of a missing label"),
    };
    Some(Condition { reason, at })
}

/// Whether an earlier keep or drop reads the same label, and may drop targets without it.
pub(super) fn is_looked_at_before(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> bool {
    rule.sources().iter().any(|name| list.about(name).is_filtered_in(0..rule.index))
}
