//! A hash that no rule reads.

use crate::analysis::{Needs, RelabelList, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::HASHMOD]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action == Action::HashMod) {
        let label = rule.rule.spec.target_label.as_str();
        // Samples keep every label; targets keep only labels without the prefix `__`.
        if !list.stage.is_of_targets() || !label.starts_with("__") || label.starts_with("__param_") {
            continue;
        }
        // A read that is too early, or of a wrong name, is reported at the reading rule.
        if list.is_read_behind(rule.index, label)
            || list.is_read_too_early(rule.index, label)
            || list.unset_read_behind(rule.index).is_some()
        {
            continue;
        }
        let Some(target) = rule.rule.field("target_label") else { continue };
        let message = format!("no later rule reads `{label}`, so every target is kept");
        let finding = in_rule(list, rule, target.value, message).with_argument("target_label", label).with_note(
            "a hash alone selects nothing, and Prometheus removes labels that start with `__` after relabeling",
        );
        let keep = format!("`{{source_labels: [{label}], regex: '0', action: keep}}`");
        sink.push(finding.with_help(format!("to keep one share of the targets, add {keep}")));
    }
}
