//! A replacement that is empty where that cannot be meant.

use crate::analysis::{Presence, RelabelList, RuleFacts, constant_text};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(check);

/// How nothing is written in YAML.
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
            (true, _) => format!("`replacement` has no value, so that the rule removes `{target}`"),
            (false, false) => format!("the rule removes `{target}`, which is not there"),
            (false, true) => continue,
        };
        // The key, where there is no text to point at.
        let span = if field.value.is_empty() { field.key } else { field.value };
        sink.push(explained(rule, in_rule(list, rule, span, message)));
    }
}

fn explained(rule: &RuleFacts<'_>, finding: Diagnostic) -> Diagnostic {
    let finding = finding.with_note("a label cannot have an empty value: to set it to one is to remove it");
    finding.with_help(if rule.sources().is_empty() {
        "write the value that the label is to have, or remove the rule"
    } else {
        "leave `replacement` out to copy the value; write `''` to remove the label"
    })
}
