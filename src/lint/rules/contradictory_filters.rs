//! Two filters of a list that nothing passes.

use crate::analysis::{PatternFacts, Presence, RelabelList, RuleFacts};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short, subject};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let is_filter = |rule: &&RuleFacts<'_>| {
        matches!(rule.action, Action::Keep | Action::Drop)
            && !rule.sources().is_empty()
            && rule.rule.field("regex").is_some()
            && !rule.pattern.matches_nothing()
            && !rule.pattern.matches_everything()
            && !drops_all(list, rule)
    };
    let filters: Vec<&RuleFacts<'_>> = list.rules.iter().filter(is_filter).collect();
    for (index, later) in filters.iter().enumerate() {
        let Some(earlier) = filters[..index].iter().find(|earlier| are_exclusive(list, earlier, later)) else {
            continue;
        };
        let Some(regex) = later.rule.field("regex") else { continue };
        let (things, key) = (subject(list.stage), list.key);
        let reason = match earlier.action {
            Action::Keep => {
                format!("only those with `{}` pass `{key}[{}]`", short(earlier.pattern.text()), earlier.index)
            }
            _ => format!("those with `{}` do not pass `{key}[{}]`", short(earlier.pattern.text()), earlier.index),
        };
        let message = format!("no {things} passes this rule: {reason}");
        let finding = in_rule(list, later, regex.value, message)
            .with_label(Location::new(list.file, earlier.rule.span), "and this rule")
            .with_argument("source_labels", later.sources().join(","))
            .with_argument("pattern", later.pattern.text())
            .with_argument("other", earlier.pattern.text())
            .with_note(format!("every {things} must pass all rules of a list"));
        sink.push(finding.with_help(match (earlier.action, later.action) {
            (Action::Keep, Action::Keep) => "write one rule with both patterns: `a|b`",
            _ => "remove one of the rules, or write narrower patterns",
        }));
        return;
    }
}

/// Whether a rule drops every value of a label that is always set: another rule reports it.
fn drops_all(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> bool {
    let is_set = |name: &String| name == "__name__" || list.presence_at(rule.index, name) == Presence::Always;
    rule.action == Action::Drop && rule.pattern.matches_everything_but_empty() && rule.sources().iter().all(is_set)
}

/// Whether no value passes both rules, which read the same value.
fn are_exclusive(list: &RelabelList<'_>, earlier: &RuleFacts<'_>, later: &RuleFacts<'_>) -> bool {
    let is_same = earlier.sources() == later.sources()
        && (earlier.sources().len() == 1 || earlier.rule.spec.separator == later.rule.spec.separator);
    let is_changed = || {
        let between = list.rules.iter().take(later.index).skip(earlier.index + 1);
        between
            .flat_map(|rule| earlier.sources().iter().map(move |name| (rule, name)))
            .any(|(rule, name)| rule.may_write(name) || rule.may_remove(name))
    };
    is_same
        && !is_changed()
        && match (earlier.action, later.action) {
            (Action::Keep, Action::Keep) => are_disjoint(&earlier.pattern, &later.pattern),
            (Action::Keep, Action::Drop) => is_within(&earlier.pattern, &later.pattern),
            (Action::Drop, Action::Keep) => is_within(&later.pattern, &earlier.pattern),
            _ => false,
        }
}

/// Whether no text matches both patterns, as far as their texts and prefixes show.
fn are_disjoint(one: &PatternFacts, other: &PatternFacts) -> bool {
    let none_of = |texts: &[Box<str>], pattern: &PatternFacts| {
        !texts.is_empty() && texts.iter().all(|text| pattern.matches(text) == Some(false))
    };
    let (first, second) = (one.prefix(), other.prefix());
    let differ = !first.is_empty() && !second.is_empty() && !first.starts_with(second) && !second.starts_with(first);
    differ
        || one.texts().is_some_and(|texts| none_of(texts, other))
        || other.texts().is_some_and(|texts| none_of(texts, one))
}

/// Whether the second pattern matches every text that the first one matches.
fn is_within(inner: &PatternFacts, outer: &PatternFacts) -> bool {
    let all = |texts: &[Box<str>]| !texts.is_empty() && texts.iter().all(|text| outer.matches(text) == Some(true));
    inner.text() == outer.text() || inner.texts().is_some_and(all)
}
