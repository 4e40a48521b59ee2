//! A relabel rule that a list contains twice.

use crate::analysis::{META, RelabelList, RuleFacts};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        let Some(first) = list.before(rule.index).find(|other| other.is_same_as(rule)) else { continue };
        let between = || list.rules.iter().take(rule.index).skip(first.index);
        if between().any(|other| may_matter(other, rule)) {
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

/// Whether `other` may change a label so that the rule has an effect again.
fn may_matter(other: &RuleFacts<'_>, rule: &RuleFacts<'_>) -> bool {
    if rule.action.is_about_names() {
        // Labels of pods and machines do not have names like meta labels.
        let is_of_meta = rule.pattern.prefix().starts_with(META) && !rule.replacement.text().starts_with(META);
        return !(is_of_meta && other.is_same_as(rule)) && other.may_write_beginning(rule.pattern.prefix());
    }
    let changes = |name: &str| other.may_write(name) || other.may_remove(name);
    let is_read_changed = || rule.placed_reads().any(|(name, _)| changes(name));
    let is_target_changed = || match rule.target() {
        Some(target) => !other.is_same_as(rule) && changes(&target),
        None => rule.action.has_target_label() && !rule.action.is_filter(),
    };
    is_read_changed() || is_target_changed()
}
