//! A value that is overwritten or removed before anything reads it.

use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(Needs::two_rules().and_in_list(&[Subjects::TARGET_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        let Some(field) = rule.rule.field("target_label") else { continue };
        let Some(name) = rule.target().filter(|name| rule.may_write(name)) else { continue };
        // The first later rule that reads, overwrites or removes the label.
        if !list.may_concern_later(rule.index, &name) {
            continue;
        }
        let next = list.about(&name).next_use(rule.index);
        let Some(next) = next.and_then(|next| list.rules.get(next)) else { continue };
        let ends = |other: &RuleFacts<'_>| other.overwrites(&name) || other.removes(&name);
        let is_value_read = next.placed_reads().any(|(read, _)| read == name);
        if is_value_read || !ends(next) || next.is_same_as(rule) {
            continue;
        }
        let done = if next.removes(&name) { "removed" } else { "overwritten" };
        let message = format!("`{name}` is {done} by `{}[{}]` before any rule reads it", list.key, next.index);
        let finding = in_rule(list, rule, field.value, message)
            .with_label(Location::new(list.file, next.rule.span), format!("{done} here"))
            .with_argument("label", name.as_ref())
            .with_note("this rule has no effect");
        sink.push(finding.with_help(if may_be_override(next) {
            format!(
                "write `regex: (.+)` in `{}[{}]` to overwrite only if the source label has a value",
                list.key, next.index
            )
        } else {
            "remove one of the two rules".to_string()
        }));
    }
}

/// Whether the rule copies one label, perhaps in order to override an earlier value.
fn may_be_override(rule: &RuleFacts<'_>) -> bool {
    rule.pattern.matches_everything() && rule.sources().len() == 1 && rule.replacement.has_references()
}
