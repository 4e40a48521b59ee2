//! Shared by the rules about fields: the fields of a relabel rule, and whether its action uses them.

use crate::analysis::RuleFacts;
use crate::config::WrittenField;
use crate::relabel::{Action, RuleSpec};

/// Every field but `action`, in the order of Prometheus's documentation.
const FIELDS: [&str; 6] = ["source_labels", "separator", "target_label", "regex", "modulus", "replacement"];

/// The fields of a rule except `action`, and whether its action uses them.
pub(super) fn given<'r>(rule: &'r RuleFacts<'_>) -> impl Iterator<Item = (&'r WrittenField, bool)> {
    let action = rule.action;
    FIELDS.iter().filter_map(move |name| Some((rule.rule.field(name)?, is_used(action, name))))
}

fn is_used(action: Action, field: &str) -> bool {
    match field {
        "source_labels" | "separator" => action.has_source_labels(),
        "regex" => action.has_regex(),
        "target_label" => action.has_target_label(),
        "replacement" => action.has_replacement(),
        "modulus" => action == Action::HashMod,
        _ => true,
    }
}

/// Whether a field has its default value.
pub(super) fn is_default(spec: &RuleSpec, field: &str) -> bool {
    let default = RuleSpec::default();
    match field {
        "source_labels" => spec.source_labels.as_ref().is_none_or(Vec::is_empty),
        "separator" => spec.separator == default.separator,
        "regex" => spec.pattern() == RuleSpec::DEFAULT_PATTERN,
        "target_label" => spec.target_label.is_empty(),
        "replacement" => matches!(spec.replacement.as_str(), "$1" | "${1}"),
        "modulus" => spec.modulus == 0,
        _ => false,
    }
}

/// Names in quotes, the last two with an `and`.
pub(super) fn in_words(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
