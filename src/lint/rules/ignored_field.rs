//! Fields that the action of their rule does not look at.

use super::fields::{given, in_words, is_default};
use crate::analysis::RelabelList;
use crate::config::WrittenField;
use crate::diagnostic::Safety;
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        let ignored: Vec<&WrittenField> = given(rule)
            .filter(|(field, is_used)| !is_used && !is_default(&rule.rule.spec, field.name))
            .map(|(field, _)| field)
            .collect();
        let [first, rest @ ..] = &ignored[..] else { continue };
        let names: Vec<String> = ignored.iter().map(|field| format!("`{}`", field.name)).collect();
        let message = format!("the action `{}` ignores {}", rule.action, in_words(&names));
        let mut finding = in_rule(list, rule, first.whole(), message).with_help(help(rule.action, first.name));
        for field in rest {
            finding = finding.with_label(Location::new(list.file, field.whole()), "ignored, too");
        }
        let edits = sink.tree(list.file).and_then(|tree| fix::without_fields(tree, rule.rule, &ignored));
        sink.push(fix::attached(finding, "remove what is ignored", Safety::Safe, edits));
    }
}

fn help(action: Action, field: &str) -> &'static str {
    match (action, field) {
        (Action::Keep | Action::Drop, "target_label") => {
            "to compare two labels write `action: keepequal` or `dropequal`, to set one write a rule of its own"
        }
        (Action::Keep | Action::Drop, "replacement") => "to set a label write a rule of its own",
        (Action::Lowercase | Action::Uppercase, "regex") => "all values are changed: remove `regex`",
        (Action::HashMod, "regex") => "the hash is of the whole value: remove `regex`",
        (Action::LabelMap, "source_labels") => "it goes over all labels; which is said by `regex`, of their names",
        (Action::LabelMap, "target_label") => "the names to copy to are made from `replacement`",
        _ => "remove it, or write the action that was meant",
    }
}
