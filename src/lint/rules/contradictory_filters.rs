//! Two filters of a list that nothing passes.

use rustc_hash::FxHashMap;

use crate::analysis::{Needs, PatternFacts, Presence, RelabelList, RuleFacts, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short, subject};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const CHECK: Check =
    Check::List(Needs::two_rules().and_in_list(&[Subjects::KEEP, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let is_filter = |rule: &&RuleFacts<'_>| {
        matches!(rule.action, Action::Keep | Action::Drop)
            && !rule.sources().is_empty()
            && rule.rule.field("regex").is_some()
            && !rule.pattern.matches_nothing()
            && !rule.pattern.matches_everything()
            && !drops_all(list, rule)
    };
    let mut alike: FxHashMap<Condition<'_>, Filters<'_, '_>> = FxHashMap::default();
    for later in list.rules.iter().filter(is_filter) {
        let filters = alike.entry(condition_of(later)).or_default();
        let Some(earlier) = filters.exclusive_with(list, later) else {
            filters.add(later);
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

/// What filters of the same value have in common: the labels, and what is between their values.
type Condition<'r> = (&'r [String], Option<&'r str>);

fn condition_of<'r>(rule: &'r RuleFacts<'_>) -> Condition<'r> {
    let separator = Some(rule.rule.spec.separator.as_str()).filter(|_| rule.sources().len() > 1);
    (rule.sources(), separator)
}

/// The filters of one value so far. A drop can only exclude a keep, so that the usual long lists of drops are
/// not compared with each other.
#[derive(Default)]
struct Filters<'l, 'c> {
    keeps: Vec<&'l RuleFacts<'c>>,
    drops: Vec<&'l RuleFacts<'c>>,
}

/// How many filters of one value are compared with a later one: the nearest. More of them would have to be keeps of
/// one value that all let something pass, which no list needs.
const NEAREST: usize = 100;

impl<'l, 'c> Filters<'l, 'c> {
    fn add(&mut self, rule: &'l RuleFacts<'c>) {
        if rule.action == Action::Keep { self.keeps.push(rule) } else { self.drops.push(rule) }
    }

    /// The first filter before `later` that lets nothing pass which `later` lets pass.
    fn exclusive_with(&self, list: &RelabelList<'_>, later: &RuleFacts<'_>) -> Option<&'l RuleFacts<'c>> {
        let drops = if later.action == Action::Keep { &self.drops[..] } else { &[] };
        let nearest = |all: &[&'l RuleFacts<'c>]| {
            let mut near = all[all.len().saturating_sub(NEAREST)..].iter().copied();
            near.find(|earlier| are_exclusive(list, earlier, later))
        };
        [nearest(&self.keeps), nearest(drops)].into_iter().flatten().min_by_key(|rule| rule.index)
    }
}

/// Whether a rule drops every value of a label that is always set: another rule reports it.
fn drops_all(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> bool {
    let is_set = |name: &String| name == "__name__" || list.presence_at(rule.index, name) == Presence::Always;
    rule.action == Action::Drop && rule.pattern.matches_everything_but_empty() && rule.sources().iter().all(is_set)
}

/// Whether no value passes both rules, which read the same value.
fn are_exclusive(list: &RelabelList<'_>, earlier: &RuleFacts<'_>, later: &RuleFacts<'_>) -> bool {
    let is_changed = |name: &String| list.about(name).is_changed_in(earlier.index + 1..later.index);
    let is_exclusive = match (earlier.action, later.action) {
        (Action::Keep, Action::Keep) => are_disjoint(&earlier.pattern, &later.pattern),
        (Action::Keep, Action::Drop) => is_within(&earlier.pattern, &later.pattern),
        (Action::Drop, Action::Keep) => is_within(&later.pattern, &earlier.pattern),
        _ => false,
    };
    is_exclusive && !earlier.sources().iter().any(is_changed)
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
