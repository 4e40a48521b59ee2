//! A relabel rule that a list contains twice.

use rustc_hash::FxHashMap;

use crate::analysis::{META, Needs, RelabelList, RuleFacts};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(Needs::two_rules(), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    // The last rule with each effect.
    let mut known: FxHashMap<Effect<'_>, usize> = FxHashMap::default();
    for rule in &list.rules {
        let Some(first) = known.insert(Effect::of(rule), rule.index).and_then(|first| list.rules.get(first)) else {
            continue;
        };
        if has_effect_again(list, first, rule) {
            continue;
        }
        let message = format!("the rule does the same as `{}[{}]`", list.key, first.index);
        let finding = in_rule(list, rule, rule.rule.span, message)
            .with_argument("action", rule.action.to_string())
            .with_argument("source_labels", rule.sources().join(","))
            .with_argument("pattern", rule.pattern.text())
            .with_argument("target_label", rule.rule.spec.target_label.as_str());
        sink.push(
            finding
                .with_label(Location::new(list.file, first.rule.span), "the first rule")
                .with_note("no rule in between changes a label that it reads or writes, so it has no effect")
                .with_help("remove one of the rules, or change the copy"),
        );
    }
}

/// What is the same in rules with the same effect: see [`RuleFacts::is_same_as`].
#[derive(PartialEq, Eq, Hash)]
struct Effect<'r> {
    action: Action,
    sources: &'r [String],
    separator: Option<&'r str>,
    pattern: Option<&'r str>,
    target: Option<&'r str>,
    replacement: Option<&'r str>,
    modulus: Option<u64>,
}

impl<'r> Effect<'r> {
    fn of(rule: &'r RuleFacts<'_>) -> Self {
        let (action, spec) = (rule.action, &rule.rule.spec);
        Self {
            action,
            sources: rule.sources(),
            separator: (rule.sources().len() > 1).then_some(spec.separator.as_str()),
            pattern: action.has_regex().then(|| rule.pattern.text()),
            target: action.has_target_label().then_some(spec.target_label.as_str()),
            replacement: action.has_replacement().then_some(spec.replacement.as_str()),
            modulus: (action == Action::HashMod).then_some(spec.modulus),
        }
    }
}

/// Whether `first`, the last rule that is the same, or a rule after it may change a label so that the rule has an
/// effect.
fn has_effect_again(list: &RelabelList<'_>, first: &RuleFacts<'_>, rule: &RuleFacts<'_>) -> bool {
    let (from_first, between) = (first.index..rule.index, first.index + 1..rule.index);
    if rule.action.is_about_names() {
        // Labels of pods and machines do not have names like meta labels.
        let is_of_meta = rule.pattern.prefix().starts_with(META) && !rule.replacement.text().starts_with(META);
        return list.may_begin_in(if is_of_meta { between } else { from_first }, rule.pattern.prefix());
    }
    let mut reads = rule.placed_reads();
    reads.any(|(name, _)| list.about(name).is_changed_in(from_first.clone()))
        || match rule.target() {
            Some(target) => list.about(&target).is_changed_in(between),
            None => rule.action.has_target_label() && !rule.action.is_filter(),
        }
}
