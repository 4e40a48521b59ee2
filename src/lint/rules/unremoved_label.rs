//! Empty values that remove the label of a templated target only since Prometheus 2.50.

use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects, constant_text, groups_that_may_be_empty};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::re2::{GroupReference, Template, TemplatePiece};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::REPLACE, Subjects::TEMPLATE_TARGET]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.release.deletes_templated_labels() {
        return;
    }
    for rule in list.rules.iter().filter(|rule| rule.action == Action::Replace) {
        let target = rule.rule.spec.target_label.as_str();
        let Some(field) = rule.rule.field("target_label").filter(|_| is_emptied(rule, &Template::parse(target))) else {
            continue;
        };
        let is_constant = !rule.replacement.has_references();
        let message = if is_constant {
            format!("the rule has no effect: an empty `replacement` does not remove the label `{target}`")
        } else {
            format!("if `{}` is empty, the rule does not remove the label `{target}`", rule.replacement.text())
        };
        sink.push(
            in_rule(list, rule, field.value, message)
                .with_argument("target_label", target)
                .with_note("Prometheus 2.50 and later remove the label, so an upgrade can remove labels of targets")
                .with_help(if is_constant {
                    "remove the rule if no label should be removed"
                } else {
                    "change `regex` so that the rule does not apply to empty values, for example with `(.+)`"
                }),
        );
    }
}

/// Whether the value may be empty where the target label is not.
fn is_emptied(rule: &RuleFacts<'_>, target: &Template) -> bool {
    if constant_text(target).is_some() {
        return false;
    }
    let Some(of_value) = groups(rule, &rule.replacement) else { return false };
    let only_groups = rule.replacement.pieces().all(|piece| matches!(piece, TemplatePiece::Group(_)));
    let optional = groups_that_may_be_empty(&rule.pattern);
    let may_be_empty = |number: &usize| *number > rule.pattern.group_count() || optional.contains(number);
    let is_named_otherwise = |number: &usize| *number <= rule.pattern.group_count() && !of_value.contains(number);
    only_groups
        && of_value.iter().all(may_be_empty)
        && groups(rule, target).is_none_or(|of_target| of_target.iter().any(is_named_otherwise))
}

/// The numbers of the groups of a template; `None` if it refers to the whole match.
fn groups(rule: &RuleFacts<'_>, template: &Template) -> Option<Vec<usize>> {
    let number = |group: &GroupReference| match group {
        GroupReference::Number(number) => Some(*number).filter(|number| *number > 0),
        GroupReference::Name(name) => {
            let named = rule.pattern.regex().group_names().position(|own| own == Some(name));
            Some(named.unwrap_or(usize::MAX))
        }
    };
    template.references().iter().map(|reference| number(&reference.group)).collect()
}
