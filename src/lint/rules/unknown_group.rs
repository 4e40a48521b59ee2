//! References to groups that the pattern does not have.

use super::templates::{Used, consequence, is_variable, number_and_rest, used_templates};
use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects, references};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short};
use crate::re2::{GroupReference, Reference};
use crate::relabel::Action;
use crate::text::{Location, most_similar};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::GROUP_MISSING]), check);

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

/// Whether another lint rule reports the reference: variables and `$1_x` have their own rules.
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
        (_, 1) => format!("the pattern `{pattern}` has only one group"),
        (_, count) => format!("the pattern `{pattern}` has only {count} groups"),
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
            let message = format!("{lack}, but the default replacement is `{written}`{outcome}");
            in_rule(list, rule, regex?.value, message)
        }
    };
    let finding = finding
        .with_argument("target_label", rule.rule.spec.target_label.as_str())
        .with_argument("reference", written)
        .with_argument("regex", rule.pattern.text());
    Some(finding.with_help(help(rule, reference)))
}

fn help(rule: &RuleFacts<'_>, reference: &Reference) -> String {
    let group = match &reference.group {
        GroupReference::Number(_) => {
            return "put the part to copy in parentheses, or write `$0` for the whole match".to_string();
        }
        GroupReference::Name(name) => name.as_str(),
    };
    if group.starts_with("__") || rule.sources().iter().any(|source| source == group) {
        return format!("to copy the value of a label, write `source_labels: [{group}]` and `$1`");
    }
    match most_similar(group, rule.pattern.regex().group_names().flatten()) {
        Some(similar) => format!("did you mean the group `{similar}`?"),
        None => format!(
            "name a group with `(?P<{group}>...)`, refer to an unnamed group with `$1`, or write `$$` for a dollar sign"
        ),
    }
}
