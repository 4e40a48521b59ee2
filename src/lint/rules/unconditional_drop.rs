//! A rule that drops everything.

use super::filters::{condition, every};
use crate::analyse::{RelabelList, RuleFacts, Verdict};
use crate::lint::engine::{Check, Rule};
use crate::lint::report::{Report, in_rule};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const RULE: Rule = Rule { id: "unconditional-drop", check: Check::List(check) };

fn check(list: &RelabelList<'_>, report: &mut Report<'_>) {
    let all = list.rules.iter().filter(|rule| rule.verdict() == Some(Verdict::DropsAll));
    // What stands behind the first one never runs.
    let Some((rule, condition)) = all.take(1).find_map(|rule| Some((rule, condition(rule)?))) else { return };
    let message = format!("drops every {}: {}", every(list), condition.reason);
    let mut finding = in_rule(list, rule, condition.at, message).with_help(help(rule));
    if let Some(dead) = list.behind(rule.index).next() {
        let at = Location::new(list.file, dead.rule.span);
        finding = match list.behind(rule.index).count() {
            1 => finding.with_label(at, "this rule never runs"),
            count => finding.with_label(at, format!("this rule and what follows never run: {count} rules")),
        };
    }
    report.push(finding);
}

fn help(rule: &RuleFacts<'_>) -> &'static str {
    let is_without_sources = rule.sources().is_empty();
    match rule.action {
        Action::Keep if is_without_sources => "name in `source_labels` the labels that `regex` is to match",
        Action::Drop if is_without_sources => "say which with `source_labels` and `regex`, or remove the rule",
        Action::DropEqual | Action::KeepEqual => "compare it with another label",
        _ => "say in `regex` which are meant: it is to match the whole value",
    }
}
