//! `a|b|`, which also matches a label that is not there.

use crate::analysis::{Presence, RelabelList, RuleFacts, Stage};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, subject};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        // Of several labels the joined value is never empty.
        let [source] = rule.sources() else { continue };
        if !matches!(rule.action, Action::Keep | Action::Drop | Action::Replace) {
            continue;
        }
        let has_name = list.stage == Stage::Metric && source == "__name__";
        if has_name || list.presence_at(rule.index, source) == Presence::Always {
            continue;
        }
        let Some(regex) = rule.rule.field("regex") else { continue };
        let Some(place) = rule.pattern.empty_alternatives().into_iter().next() else { continue };
        if rule.pattern.matches_everything() || rule.pattern.matches_empty() != Some(true) {
            continue;
        }
        let message = format!("an alternative is empty, so that {}", consequence(list, rule, source));
        let help = "remove the `|`; to mean what has no value say it: `^$|...`";
        sink.push(in_rule(list, rule, regex.part(place), message).with_help(help));
    }
}

fn consequence(list: &RelabelList<'_>, rule: &RuleFacts<'_>, source: &str) -> String {
    let subject = subject(list.stage);
    match rule.action {
        Action::Keep => format!("a {subject} without `{source}` is kept"),
        Action::Drop => format!("a {subject} without `{source}` is dropped"),
        _ => format!("`{}` is written without `{source}`, too", rule.rule.spec.target_label),
    }
}
