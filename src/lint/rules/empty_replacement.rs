//! An empty replacement that is probably a mistake.

use crate::analysis::{Needs, Presence, RelabelList, RuleFacts, Subjects, constant_text};
use crate::diagnostic::Diagnostic;
use crate::lint::consequence::removes;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::REPLACE, Subjects::EMPTY_REPLACEMENT, Subjects::REPLACEMENT_GIVEN]), check);

/// The spellings of null in YAML.
const NULLS: [&str; 5] = ["", "~", "null", "Null", "NULL"];

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action == Action::Replace) {
        let is_empty = constant_text(&rule.replacement).is_some_and(|text| text.is_empty());
        let Some(field) = rule.rule.field("replacement").filter(|_| is_empty) else { continue };
        let Some(target) = rule.target() else { continue };
        let written = sink.tree(list.file).map(|tree| field.value.of(tree.text()));
        let is_null = written.is_some_and(|text| NULLS.contains(&text));
        let is_there = list.presence_at(rule.index, &target) != Presence::Never;
        let message = match (is_null, is_there) {
            (true, _) => format!("`replacement` has no value, so the rule {}", removes(list, &target)),
            (false, false) => format!("the rule removes `{target}`, which is never set"),
            (false, true) => continue,
        };
        // The key if the value is empty.
        let span = if field.value.is_empty() { field.key } else { field.value };
        let finding = in_rule(list, rule, span, message).with_argument("label", target.as_ref());
        sink.push(explained(rule, finding));
    }
}

fn explained(rule: &RuleFacts<'_>, finding: Diagnostic) -> Diagnostic {
    let finding = finding.with_note("a rule that sets a label to an empty value removes it");
    finding.with_help(if rule.sources().is_empty() {
        "write a value for the label, or remove the rule"
    } else {
        "remove `replacement` to copy the value; write `''` to remove the label"
    })
}
