//! A rule that drops everything.

use super::filters::{Condition, condition, every};
use crate::analysis::{Needs, Presence, RelabelList, RuleFacts, Stage, Subjects, Verdict};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::FILTER]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let reason = |rule: &RuleFacts<'_>| match condition_of_any_value(list, rule) {
        Some(condition) => Some(Some(condition)),
        None => (rule.verdict() == Some(Verdict::DropsAll)).then(|| condition(rule)),
    };
    // No rule after the first such rule runs.
    let Some((rule, condition)) = list.rules.iter().find_map(|rule| Some((rule, reason(rule)?))) else { return };
    let Some(condition) = condition else { return };
    let message = format!("drops every {}: {}", every(list), condition.reason);
    let mut finding = in_rule(list, rule, condition.at, message)
        .with_argument("action", rule.action.name())
        .with_argument("regex", rule.pattern.text())
        .with_help(help(list, rule));
    if let Some(dead) = list.behind(rule.index).next() {
        let at = Location::new(list.file, dead.rule.span);
        finding = match list.behind(rule.index).count() {
            1 => finding.with_label(at, "this rule never runs"),
            count => finding.with_label(at, format!("this rule and all later rules never run: {count} rules")),
        };
    }
    sink.push(finding);
}

/// Why a drop of every value but the empty one drops everything: because the label always has a value.
fn condition_of_any_value(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<Condition> {
    let [source] = rule.sources() else { return None };
    let is_of_any = rule.action == Action::Drop && rule.pattern.matches_everything_but_empty();
    let is_name = matches!(list.stage, Stage::Metric | Stage::Write) && source == "__name__" && rule.index == 0;
    if !is_of_any || !(is_name || list.presence_at(rule.index, source) == Presence::Always) {
        return None;
    }
    let pattern = short(rule.pattern.text());
    let reason = format!("`{pattern}` matches every value, and every {} has a label `{source}`", every(list));
    Some(Condition { reason, at: rule.rule.field("regex")?.value })
}

fn help(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> String {
    match (rule.action, rule.sources()) {
        (Action::Keep, []) => "add `source_labels` with the labels that `regex` must match".to_string(),
        (Action::Drop, []) => "add `source_labels` and `regex`, or remove the rule".to_string(),
        (Action::DropEqual | Action::KeepEqual, _) => "compare the label with another one".to_string(),
        (Action::Drop, [source]) if list.presence_at(rule.index, source) != Presence::Always => {
            format!("to drop every {} with a label `{source}`, write `regex: .+`", every(list))
        }
        _ => "write a `regex` for the values to select; it must match the whole value".to_string(),
    }
}
