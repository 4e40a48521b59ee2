//! References to groups that the pattern does not have.

use super::templates::{Used, consequence, is_variable, number_and_rest, used_templates};
use crate::analysis::{RelabelList, RuleFacts, references};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short};
use crate::re2::{GroupReference, Reference};
use crate::relabel::Action;
use crate::text::{Location, most_similar};

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in &list.rules {
        if rule.action == Action::LabelMap && rule.pattern.group_count() == 0 {
            continue;
        }
        for used in used_templates(rule) {
            let missing = references(&used.template, &rule.pattern).filter(|(_, is_there)| !is_there);
            for (reference, _) in missing.filter(|(reference, _)| !is_of_another_rule(rule, reference)) {
                sink.extend(finding(list, rule, &used, reference));
            }
        }
    }
}

/// Variables and `$1_x` are told by rules of their own.
fn is_of_another_rule(rule: &RuleFacts<'_>, reference: &Reference) -> bool {
    let GroupReference::Name(name) = &reference.group else { return false };
    is_variable(name) || number_and_rest(name).is_some_and(|(number, _)| number <= rule.pattern.group_count())
}

fn finding(list: &RelabelList<'_>, rule: &RuleFacts<'_>, used: &Used<'_>, reference: &Reference) -> Option<Diagnostic> {
    let written = reference.span.of(used.template.text());
    let pattern = short(rule.pattern.text());
    let lack = match (&reference.group, rule.pattern.group_count()) {
        (GroupReference::Name(name), _) => format!("the pattern `{pattern}` has no group named `{name}`"),
        (_, 0) => format!("the pattern `{pattern}` has no group"),
        (_, 1) => format!("the pattern `{pattern}` has one group only"),
        (_, count) => format!("the pattern `{pattern}` has {count} groups only"),
    };
    let outcome = consequence(list, rule, used);
    let regex = rule.rule.field("regex");
    let finding = match used.field {
        Some(field) => {
            let message = format!("`{written}` is empty{outcome}");
            let finding = in_rule(list, rule, field.part(reference.span), message);
            match regex {
                Some(regex) => finding.with_label(Location::new(list.file, regex.value), lack),
                None => finding.with_note(lack),
            }
        }
        None => {
            let message = format!("{lack}, and the replacement is `{written}` when none is given{outcome}");
            in_rule(list, rule, regex?.value, message)
        }
    };
    Some(finding.with_help(help(rule, reference)))
}

fn help(rule: &RuleFacts<'_>, reference: &Reference) -> String {
    let group = match &reference.group {
        GroupReference::Number(_) => {
            return "put in parentheses what is to be copied, or write `$0` for all that is matched".to_string();
        }
        GroupReference::Name(name) => name.as_str(),
    };
    if group.starts_with("__") || rule.sources().iter().any(|source| source == group) {
        return format!("the value of a label is not named: put `{group}` in `source_labels`, and write `$1`");
    }
    match most_similar(group, rule.pattern.regex().group_names().flatten()) {
        Some(similar) => format!("there is a group named `{similar}`"),
        None => format!("a group is named with `(?P<{group}>...)`; one without a name is `$1`, and `$$` is a dollar"),
    }
}
