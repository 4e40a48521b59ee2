//! Faults of relabel rules.

use crate::diagnostic::{Diagnostic, ids};
use crate::re2::{RegexError, RegexErrorKind};
use crate::relabel::{Action, RuleError};
use crate::text::{Location, go_quote, most_similar};

use super::error;

pub(in crate::config) fn null_rule(at: Location, list: &str, upstream: &str) -> Diagnostic {
    super::null_entry(at, list, upstream)
}

pub(in crate::config) fn invalid_action(at: Location, action: &str) -> Diagnostic {
    let fault = error(ids::INVALID_ACTION, at, format!("{} is no action", go_quote(action)))
        .with_upstream(format!("unknown relabel action {}", go_quote(action)));
    let names = || Action::ALL.iter().map(|action| action.name());
    let squeezed: String = action.chars().filter(char::is_ascii_alphabetic).collect();
    match most_similar(action.trim(), names()).or_else(|| most_similar(&squeezed, names())) {
        Some(known) => fault.with_help(format!("did you mean `{known}`?")),
        None => fault.with_note(format!("the actions are {}", names().collect::<Vec<_>>().join(", "))),
    }
}

/// Why Prometheus refuses a rule that is well-formed.
pub(in crate::config) fn invalid_rule(at: Location, fault: &RuleError) -> Diagnostic {
    let diagnostic = match fault {
        RuleError::Regex(regex) => invalid_regex(at, regex),
        RuleError::EmptyAction => error(ids::MISSING_ACTION, at, "`action` is given, but has no value")
            .with_help("write an action, or remove the key: the default is `replace`"),
        RuleError::ZeroModulus => error(ids::MISSING_MODULUS, at, "the action `hashmod` needs a `modulus`")
            .with_note("the hash of the source labels is taken modulo that number")
            .with_help("add `modulus: …`, the number of shards"),
        RuleError::MissingTargetLabel(action) => {
            error(ids::MISSING_TARGET_LABEL, at, format!("the action `{action}` needs a `target_label`"))
                .with_note(missing_target_note(*action))
                .with_help("add `target_label: …`, the label to write")
        }
        RuleError::InvalidTargetLabel { target_label, .. } => {
            error(ids::INVALID_TARGET_LABEL, at, format!("{} is no label name", go_quote(target_label)))
                .with_note(
                    "under `metric_name_validation_scheme: legacy` a name is letters, digits and `_`, no digit first",
                )
                .with_help("rename the label")
        }
        RuleError::ReplacementNotAllowed(action) => {
            error(ids::INVALID_REPLACEMENT, at, format!("the action `{action}` takes no `replacement`"))
                .with_help("remove `replacement`")
        }
        RuleError::InvalidReplacement { replacement, .. } => {
            error(ids::INVALID_REPLACEMENT, at, format!("{} can be no label name", go_quote(replacement)))
                .with_note("the replacement of a `labelmap` makes the names of the new labels")
                .with_help("write for example `replacement: $1`")
        }
        RuleError::OnlySourceAndTarget { action, field } => {
            error(ids::UNEXPECTED_RULE_FIELD, at, format!("the action `{action}` takes no `{field}`"))
                .with_note("it compares `source_labels` with `target_label`, and nothing else")
                .with_help(format!("remove `{field}`"))
        }
        RuleError::OnlyRegex { action, field } => {
            let fault = error(ids::UNEXPECTED_RULE_FIELD, at, format!("the action `{action}` takes no `{field}`"))
                .with_note("it looks at the names of labels, with `regex` alone");
            match (action, *field) {
                (Action::LabelDrop, "source_labels") => fault.with_help(
                    "to drop targets by a value, write `action: drop`; to remove labels, write their names as `regex`",
                ),
                (_, "source_labels") => fault.with_help(
                    "to keep targets by a value, write `action: keep`; to keep labels, write their names as `regex`",
                ),
                _ => fault.with_help(format!("remove `{field}`")),
            }
        }
    };
    diagnostic.with_upstream(fault.to_string())
}

fn missing_target_note(action: Action) -> &'static str {
    match action {
        Action::Replace => "`replace`, also when no action is given, writes its result to that label",
        Action::KeepEqual | Action::DropEqual => "its value is compared with that of the source labels",
        _ => "the action writes its result to that label",
    }
}

/// Whether an escape is that of a group: `\\1`.
fn is_back_reference(escape: &str) -> bool {
    escape.strip_prefix('\\').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn invalid_regex(at: Location, regex: &RegexError) -> Diagnostic {
    let words = match regex.kind {
        RegexErrorKind::MissingParen => "a `(` of the regular expression is never closed",
        RegexErrorKind::MissingRepeatArgument => "the regular expression repeats nothing here",
        RegexErrorKind::NestedRepeat => "the regular expression repeats a repetition here",
        RegexErrorKind::TrailingBackslash => "the regular expression ends in a backslash",
        RegexErrorKind::InvalidEscape => "the regular expression has an escape that Go does not know",
        RegexErrorKind::InvalidPerlSyntax => "the regular expression has a construct that Go does not know",
        _ => {
            return error(ids::INVALID_REGEX, at, format!("the regular expression is refused: {}", regex.kind.text()));
        }
    };
    let fault = error(ids::INVALID_REGEX, at, words);
    match regex.kind {
        RegexErrorKind::MissingRepeatArgument => fault
            .with_note("`*`, `+` and `?` repeat what stands before them; this is no file pattern")
            .with_help("for \"anything\", write `.*`"),
        RegexErrorKind::InvalidPerlSyntax => fault
            .with_note("Prometheus uses RE2, which has no look-ahead, look-behind or back-references")
            .with_help("to exclude values, use a rule with `action: drop`"),
        RegexErrorKind::InvalidEscape if is_back_reference(&regex.fragment) => fault
            .with_note("Prometheus uses RE2, which has no back-references in patterns")
            .with_help("to compare two labels, use `action: keepequal` or `dropequal`; a `replacement` refers to groups with `$1`"),
        _ => fault,
    }
}
