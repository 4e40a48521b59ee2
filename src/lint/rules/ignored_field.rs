//! Fields that the action of their rule ignores.

use super::fields::{given, in_words, is_default};
use crate::analysis::{Needs, RelabelList, Subjects};
use crate::config::WrittenField;
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::UNUSED_GIVEN]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        let ignored: Vec<&WrittenField> = given(rule)
            .filter(|(field, is_used)| !is_used && !is_default(&rule.rule.spec, field.name))
            .map(|(field, _)| field)
            .collect();
        let [first, rest @ ..] = &ignored[..] else { continue };
        let names: Vec<String> = ignored.iter().map(|field| format!("`{}`", field.name)).collect();
        let message = format!("the action `{}` ignores {}", rule.action, in_words(&names));
        let mut finding = in_rule(list, rule, first.whole(), message)
            .with_argument("action", rule.action.to_string())
            .with_argument("fields", ignored.iter().map(|field| field.name).collect::<Vec<_>>().join(","))
            .with_help(help(rule.action, first.name));
        for field in rest {
            finding = finding.with_label(Location::new(list.file, field.whole()), "also ignored");
        }
        let edits = sink.tree(list.file).and_then(|tree| fix::without_fields(tree, rule.rule, &ignored));
        sink.push(fix::attached(finding, "remove the ignored fields", Safety::Safe, edits));
    }
}

fn help(action: Action, field: &str) -> &'static str {
    match (action, field) {
        (Action::Keep | Action::Drop, "target_label") => {
            "to compare two labels, write `action: keepequal` or `dropequal`; to set a label, write a separate rule"
        }
        (Action::Keep | Action::Drop, "replacement") => "to set a label, write a separate rule",
        (Action::Lowercase | Action::Uppercase, "regex") => "remove `regex`: the action changes all values",
        (Action::HashMod, "regex") => "remove `regex`: the action hashes the whole value",
        (Action::LabelMap, "source_labels") => {
            "remove `source_labels`: the action applies to all labels whose names match `regex`"
        }
        (Action::LabelMap, "target_label") => "remove `target_label`: `replacement` is the new label name",
        _ => "remove the field, or correct the action",
    }
}
