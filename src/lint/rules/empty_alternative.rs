//! `a|b|`, which also matches the empty value of a missing label.

use crate::analysis::{Needs, Presence, RelabelList, RuleFacts, Stage, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, subject};
use crate::relabel::Action;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::MATCHING, Subjects::ALTERNATIVES, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        // The joined value of several labels is never empty.
        let [source] = rule.sources() else { continue };
        if !matches!(rule.action, Action::Keep | Action::Drop | Action::Replace) {
            continue;
        }
        if !rule.pattern.has_alternatives() {
            continue;
        }
        let has_name = matches!(list.stage, Stage::Metric | Stage::Write) && source == "__name__";
        if has_name || list.presence_at(rule.index, source) == Presence::Always {
            continue;
        }
        let Some(regex) = rule.rule.field("regex") else { continue };
        let Some(place) = rule.pattern.empty_alternatives().into_iter().next() else { continue };
        if rule.pattern.matches_everything() || rule.pattern.matches_empty() != Some(true) {
            continue;
        }
        let message = format!("an empty alternative {}", consequence(list, rule, source));
        let help = "remove the extra `|`; if this is intended, write `^$|...`";
        let finding = in_rule(list, rule, regex.part(place), message)
            .with_argument("label", source.as_str())
            .with_argument("pattern", rule.pattern.text());
        sink.push(finding.with_note("the value of a missing label is the empty text").with_help(help));
    }
}

fn consequence(list: &RelabelList<'_>, rule: &RuleFacts<'_>, source: &str) -> String {
    let subject = subject(list.stage);
    match rule.action {
        Action::Keep => format!("keeps every {subject} without `{source}`"),
        Action::Drop => format!("drops every {subject} without `{source}`"),
        _ => format!("sets `{}` on every {subject} without `{source}`", rule.rule.spec.target_label),
    }
}
