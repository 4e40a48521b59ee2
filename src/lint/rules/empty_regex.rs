//! A `regex` key without a value.

use crate::analysis::{Needs, RelabelList, Subjects};
use crate::config::Origin;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::EMPTY_PATTERN, Subjects::REGEX_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(tree) = sink.tree(list.file) else { return };
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex() && rule.pattern.text().is_empty()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        if regex.origin != Origin::Own || regex.value.of(tree.text()).contains(['"', '\'']) {
            continue;
        }
        let (note, help) = if rule.action.is_about_names() {
            ("no label has an empty name", "write a pattern that matches label names")
        } else {
            (
                "the value of a missing label is the empty text",
                "write `regex: ''` if this is intended, or remove `regex` to match everything",
            )
        };
        let finding = in_rule(list, rule, regex.key, "`regex` has no value, so it matches only the empty text")
            .with_argument("action", rule.action.to_string())
            .with_argument("source_labels", rule.sources().join(","))
            .with_note(note)
            .with_note("the default `(.*)` applies only if the field is missing")
            .with_help(help);
        sink.push(finding);
    }
}
