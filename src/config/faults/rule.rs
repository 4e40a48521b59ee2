//! Faults of relabel rules.

use crate::diagnostic::{Diagnostic, ids};
use crate::format::own_action;
use crate::re2::{RegexError, RegexErrorKind};
use crate::relabel::{Action, RuleError};
use crate::release::Release;
use crate::text::{Location, most_similar};

use super::{error, legacy_names, quoted};

pub(in crate::config) fn null_rule(at: Location, list: &str, upstream: &str) -> Diagnostic {
    Diagnostic { message: "empty relabel rule".to_string(), ..super::null_entry(at, list, upstream) }
}

pub(in crate::config) fn invalid_action(at: Location, action: &str, release: Release) -> Diagnostic {
    let fault = error(ids::INVALID_ACTION, at, format!("unknown action {}", quoted(action)))
        .with_argument("action", action)
        .with_upstream(format!("unknown relabel action {}", quoted(action)));
    if let Some(own) = own_action(action) {
        let note = format!("`{}` is an action of VictoriaMetrics; Prometheus does not have it", own.name);
        return fault.with_note(note).with_help(own.instead);
    }
    let known = Action::ALL.iter().filter(|action| action.availability().includes(release));
    let names = || known.clone().map(|action| action.name());
    let squeezed: String = action.chars().filter(char::is_ascii_alphabetic).collect();
    match most_similar(action.trim(), names()).or_else(|| most_similar(&squeezed, names())) {
        Some(known) => fault.with_help(format!("did you mean `{known}`?")),
        None => fault.with_note(format!("the actions are {}", names().collect::<Vec<_>>().join(", "))),
    }
}

/// Why Prometheus refuses a rule that is well-formed.
pub(in crate::config) fn invalid_rule(at: Location, fault: &RuleError, release: Release) -> Diagnostic {
    let diagnostic = match fault {
        RuleError::Regex(regex) => invalid_regex(at, regex),
        RuleError::EmptyAction => error(ids::MISSING_ACTION, at, "empty `action`")
            .with_help("write an action, or remove the field: the default is `replace`"),
        RuleError::ZeroModulus => error(ids::MISSING_MODULUS, at, "missing `modulus` for the action `hashmod`")
            .with_note("`hashmod` writes the hash of the source labels modulo this number")
            .with_help("add `modulus: …`, the number of shards"),
        RuleError::MissingTargetLabel(action) => {
            error(ids::MISSING_TARGET_LABEL, at, format!("missing `target_label` for the action `{action}`"))
                .with_argument("action", action.name())
                .with_note(missing_target_note(*action))
                .with_help("add `target_label: …`")
        }
        RuleError::InvalidTargetLabel { target_label, .. } => {
            error(ids::INVALID_TARGET_LABEL, at, format!("invalid target label {}", quoted(target_label)))
                .with_argument("target_label", target_label)
                .with_note(legacy_names(release))
                .with_help("rename the label")
        }
        RuleError::ReplacementNotAllowed(action) => {
            error(ids::INVALID_REPLACEMENT, at, format!("`replacement` is not allowed with the action `{action}`"))
                .with_argument("action", action.name())
                .with_help("remove `replacement`")
        }
        RuleError::InvalidReplacement { replacement, .. } => {
            error(ids::INVALID_REPLACEMENT, at, format!("invalid replacement {}", quoted(replacement)))
                .with_argument("replacement", replacement)
                .with_note("with `labelmap`, the replacement is the name of the new label")
                .with_help("write a label name or a reference to a group, for example `replacement: $1`")
        }
        RuleError::OnlySourceAndTarget { action, field } => unexpected_field(at, *action, field)
            .with_note("it only compares `source_labels` with `target_label`")
            .with_help(format!("remove `{field}`")),
        RuleError::OnlyRegex { action, field } => {
            let fault =
                unexpected_field(at, *action, field).with_note("it only matches `regex` with the names of labels");
            match (action, *field) {
                (Action::LabelDrop, "source_labels") => fault.with_help(
                    "to drop targets by a label value, write `action: drop`; to remove labels, match their names with `regex`",
                ),
                (_, "source_labels") => fault.with_help(
                    "to keep targets by a label value, write `action: keep`; to keep labels, match their names with `regex`",
                ),
                _ => fault.with_help(format!("remove `{field}`")),
            }
        }
    };
    diagnostic.with_upstream(fault.to_string())
}

fn unexpected_field(at: Location, action: Action, field: &str) -> Diagnostic {
    error(ids::UNEXPECTED_RULE_FIELD, at, format!("`{field}` is not allowed with the action `{action}`"))
        .with_argument("action", action.name())
        .with_argument("field", field)
}

fn missing_target_note(action: Action) -> &'static str {
    match action {
        Action::Replace => "`replace`, the default action, writes its result to this label",
        Action::KeepEqual | Action::DropEqual => "the action compares the value of this label with the source labels",
        _ => "the action writes its result to this label",
    }
}

/// Whether an escape is that of a group: `\\1`.
fn is_back_reference(escape: &str) -> bool {
    escape.strip_prefix('\\').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn invalid_regex(at: Location, regex: &RegexError) -> Diagnostic {
    let fragment = &regex.fragment;
    let words = match regex.kind {
        RegexErrorKind::MissingParen => "missing closing `)`".to_string(),
        RegexErrorKind::MissingBracket => "missing closing `]`".to_string(),
        RegexErrorKind::MissingRepeatArgument => format!("nothing to repeat before `{fragment}`"),
        RegexErrorKind::NestedRepeat => format!("nested repetition `{fragment}`"),
        RegexErrorKind::TrailingBackslash => "a backslash at the end".to_string(),
        RegexErrorKind::InvalidEscape => format!("unknown escape `{fragment}`"),
        RegexErrorKind::InvalidPerlSyntax => format!("unsupported syntax `{fragment}`"),
        _ => regex.kind.text().to_string(),
    };
    let fault = error(ids::INVALID_REGEX, at, format!("invalid regular expression: {words}"))
        .with_argument("error", regex.kind.text())
        .with_argument("fragment", fragment);
    match regex.kind {
        RegexErrorKind::MissingParen => fault.with_help("close the group, or write `\\(` for the character itself"),
        RegexErrorKind::MissingBracket => fault.with_help("close the class, or write `\\[` for the character itself"),
        RegexErrorKind::MissingRepeatArgument => fault
            .with_note("`*`, `+` and `?` repeat the part before them; this is not a file pattern")
            .with_help("to match any text, write `.*`"),
        RegexErrorKind::TrailingBackslash => fault.with_help("write `\\\\` for the character itself"),
        RegexErrorKind::InvalidPerlSyntax => fault
            .with_note("Prometheus uses RE2, which has no look-ahead, look-behind or back-references")
            .with_help("to exclude values, use a rule with `action: drop`"),
        RegexErrorKind::InvalidEscape if is_back_reference(fragment) => fault
            .with_note("Prometheus uses RE2, which has no back-references in patterns")
            .with_help("to compare two labels, use `action: keepequal` or `dropequal`; a `replacement` refers to groups with `$1`"),
        _ => fault,
    }
}
