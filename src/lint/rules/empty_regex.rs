//! `regex:` with nothing behind it.

use crate::analysis::RelabelList;
use crate::config::Origin;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(tree) = sink.tree(list.file) else { return };
    for rule in list.rules.iter().filter(|rule| rule.action.has_regex() && rule.pattern.text().is_empty()) {
        let Some(regex) = rule.rule.field("regex") else { continue };
        if regex.origin != Origin::Own || regex.value.of(tree.text()).contains(['"', '\'']) {
            continue;
        }
        let (what, help) = if rule.action.is_about_names() {
            ("no label is called so", "give a pattern that matches the names of labels")
        } else {
            (
                "which is what a label that is not there has",
                "write `regex: ''` if that is meant, or leave `regex` out, to match everything",
            )
        };
        let finding =
            in_rule(list, rule, regex.key, format!("a `regex` without a value matches the empty text only: {what}"))
                .with_note("the default, `(.*)`, holds when the field is left out, not when it is empty")
                .with_help(help);
        sink.push(finding);
    }
}
