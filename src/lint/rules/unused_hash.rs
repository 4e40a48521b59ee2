//! A hash that no rule looks at.

use crate::analysis::{RelabelList, RuleFacts};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action == Action::HashMod) {
        let label = rule.rule.spec.target_label.as_str();
        // Of samples any label is stored; of a target those that do not begin so.
        if !list.stage.is_of_targets() || !label.starts_with("__") || label.starts_with("__param_") {
            continue;
        }
        let is_read = |other: &RuleFacts<'_>| other.reads(label);
        // What is read too early, or by a wrong name, is told where it is read.
        if list.behind(rule.index).any(is_read)
            || list.is_read_too_early(rule.index, label)
            || list.unset_read_behind(rule.index).is_some()
        {
            continue;
        }
        let Some(target) = rule.rule.field("target_label") else { continue };
        let message = format!("`{label}` is read by no rule behind this one, so that every target stays");
        let finding = in_rule(list, rule, target.value, message)
            .with_note("a hash picks nothing by itself, and labels that begin with `__` are removed after relabeling");
        let keep = format!("`{{source_labels: [{label}], regex: '0', action: keep}}`");
        sink.push(finding.with_help(format!("keep one share of the targets: {keep}")));
    }
}
