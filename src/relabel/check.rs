//! Whether Prometheus accepts a rule.

use super::{Action, NameScheme, RuleError, RuleSpec, Semantics};
use crate::re2::RegexCache;

/// Checks a rule as Prometheus does when it loads a config: the newest release, or that of a [`Semantics`].
///
/// ```
/// use promcfg::relabel::{NameScheme, RuleSpec, check_rule};
/// let rule = RuleSpec { target_label: "a-b".to_string(), ..RuleSpec::default() };
/// assert!(check_rule(&rule, NameScheme::Utf8).is_ok());
/// let fault = check_rule(&rule, NameScheme::Legacy).unwrap_err();
/// assert_eq!(fault.to_string(), r#""a-b" is invalid 'target_label' for replace action"#);
/// ```
///
/// # Errors
/// The first fault, in Prometheus's order: the pattern is compiled while the rule is decoded, so it comes first.
pub fn check_rule(rule: &RuleSpec, semantics: impl Into<Semantics>) -> Result<(), RuleError> {
    check_rule_with(&mut RegexCache::new(), rule, semantics)
}

/// As [`check_rule`], with patterns that are parsed once however many rules have them.
///
/// # Errors
/// The first fault, in Prometheus's order.
pub fn check_rule_with(
    patterns: &mut RegexCache,
    rule: &RuleSpec,
    semantics: impl Into<Semantics>,
) -> Result<(), RuleError> {
    let semantics = semantics.into();
    if let Some(pattern) = &rule.regex {
        patterns.get_in(semantics.syntax, pattern).map_err(RuleError::Regex)?;
    }
    check_fields(rule, semantics)
}

/// The checks besides the pattern's own, in Prometheus's order.
pub(super) fn check_fields(rule: &RuleSpec, semantics: Semantics) -> Result<(), RuleError> {
    let action = rule.action.ok_or(RuleError::EmptyAction)?;
    if action == Action::HashMod && rule.modulus == 0 {
        return Err(RuleError::ZeroModulus);
    }
    if action.has_target_label() && rule.target_label.is_empty() {
        return Err(RuleError::MissingTargetLabel(action));
    }
    // The target label of a hashmod comes late in Prometheus, but nothing in between is about a hashmod.
    if action.has_target_label() && !is_valid_target(rule, action, semantics) {
        return Err(RuleError::InvalidTargetLabel { action, target_label: rule.target_label.clone() });
    }
    match action {
        Action::Lowercase | Action::Uppercase | Action::KeepEqual | Action::DropEqual
            if rule.replacement != RuleSpec::DEFAULT_REPLACEMENT =>
        {
            Err(RuleError::ReplacementNotAllowed(action))
        }
        Action::KeepEqual | Action::DropEqual => match beyond_source_and_target(rule) {
            Some(field) => Err(RuleError::OnlySourceAndTarget { action, field }),
            None => Ok(()),
        },
        Action::LabelMap if !is_valid_map(&rule.replacement, semantics) => {
            Err(RuleError::InvalidReplacement { action, replacement: rule.replacement.clone() })
        }
        Action::LabelDrop | Action::LabelKeep => match beyond_regex(rule) {
            Some(field) => Err(RuleError::OnlyRegex { action, field }),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn is_valid_target(rule: &RuleSpec, action: Action, semantics: Semantics) -> bool {
    let is_template = match action {
        Action::Replace => true,
        Action::Lowercase | Action::Uppercase | Action::KeepEqual | Action::DropEqual => {
            semantics.reads_references_literally
        }
        Action::Keep | Action::Drop | Action::HashMod | Action::LabelMap | Action::LabelDrop | Action::LabelKeep => {
            false
        }
    };
    if is_template && rule.target_label.contains('$') {
        is_valid_template(&rule.target_label, semantics.templates)
    } else {
        semantics.names.allows(&rule.target_label)
    }
}

fn is_valid_map(replacement: &str, semantics: Semantics) -> bool {
    if semantics.refuses_map_references {
        return NameScheme::Legacy.allows(replacement);
    }
    is_valid_template(replacement, semantics.templates)
}

/// Whether a template can result in a label name.
pub(crate) fn is_valid_template(template: &str, scheme: NameScheme) -> bool {
    match scheme {
        NameScheme::Utf8 => !template.is_empty(),
        NameScheme::Legacy => is_legacy_template(template),
    }
}

/// `^(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+$`: letters, digits, `_` and references, no digit first.
fn is_legacy_template(template: &str) -> bool {
    let is_word = |byte: &u8| *byte == b'_' || byte.is_ascii_alphanumeric();
    let mut rest = template.as_bytes();
    if rest.first().is_none_or(u8::is_ascii_digit) {
        return false;
    }
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if is_word(first) {
            continue;
        }
        if *first != b'$' {
            return false;
        }
        let inner = rest.strip_prefix(b"{").unwrap_or(rest);
        let is_braced = inner.len() < rest.len();
        let length = inner.iter().take_while(|byte| is_word(byte)).count();
        let (name, after) = inner.split_at(length);
        rest = match after.strip_prefix(b"}") {
            _ if name.is_empty() => return false,
            Some(after) if is_braced => after,
            _ if is_braced => return false,
            _ => after,
        };
    }
    true
}

/// The first field given that keepequal and dropequal do not take.
fn beyond_source_and_target(rule: &RuleSpec) -> Option<&'static str> {
    if rule.regex.is_some() {
        Some("regex")
    } else if rule.modulus != 0 {
        Some("modulus")
    } else if rule.separator != RuleSpec::DEFAULT_SEPARATOR {
        Some("separator")
    } else {
        None
    }
}

/// The first field given that labeldrop and labelkeep do not take.
fn beyond_regex(rule: &RuleSpec) -> Option<&'static str> {
    if rule.source_labels.is_some() {
        Some("source_labels")
    } else if !rule.target_label.is_empty() {
        Some("target_label")
    } else if rule.modulus != 0 {
        Some("modulus")
    } else if rule.separator != RuleSpec::DEFAULT_SEPARATOR {
        Some("separator")
    } else if rule.replacement != RuleSpec::DEFAULT_REPLACEMENT {
        Some("replacement")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(change: impl FnOnce(&mut RuleSpec)) -> RuleSpec {
        let mut rule = RuleSpec { target_label: "t".to_string(), ..RuleSpec::default() };
        change(&mut rule);
        rule
    }

    fn message(rule: &RuleSpec, scheme: NameScheme) -> String {
        check_rule(rule, scheme).map_or_else(|fault| fault.to_string(), |()| String::new())
    }

    #[track_caller]
    fn refused(expected: &str, field: &str, scheme: NameScheme, change: impl FnOnce(&mut RuleSpec)) {
        let fault = check_rule(&rule(change), scheme).unwrap_err();
        assert_eq!((fault.to_string().as_str(), fault.field()), (expected, field));
    }

    #[track_caller]
    fn taken(scheme: NameScheme, change: impl FnOnce(&mut RuleSpec)) {
        assert_eq!(message(&rule(change), scheme), "");
    }

    type Changes<const N: usize> = [(&'static str, fn(&mut RuleSpec)); N];

    use Action::*;
    use NameScheme::{Legacy, Utf8};

    #[test]
    fn a_null_action_is_refused_before_anything_but_the_pattern() {
        refused("relabel action cannot be empty", "action", Utf8, |rule| rule.action = None);
        refused("error parsing regexp: missing closing ): `^(?s:()$`", "regex", Utf8, |rule| {
            rule.action = None;
            rule.regex = Some("(".to_string());
        });
    }

    #[test]
    fn hashmod_needs_a_modulus_and_then_a_target() {
        let modulus = "relabel configuration for hashmod requires non-zero modulus";
        refused(modulus, "modulus", Utf8, |rule| {
            rule.action = Some(HashMod);
            rule.target_label = String::new();
        });
        refused(
            "relabel configuration for hashmod action requires 'target_label' value",
            "target_label",
            Utf8,
            |rule| {
                (rule.action, rule.modulus, rule.target_label) = (Some(HashMod), 3, String::new());
            },
        );
        refused(r#""h$1" is invalid 'target_label' for hashmod action"#, "target_label", Legacy, |rule| {
            (rule.action, rule.modulus, rule.target_label) = (Some(HashMod), 3, "h$1".to_string());
        });
        taken(Utf8, |rule| (rule.action, rule.modulus, rule.target_label) = (Some(HashMod), 3, "h$1".to_string()));
    }

    #[test]
    fn actions_that_write_a_label_need_its_name() {
        for action in [Replace, Lowercase, Uppercase, KeepEqual, DropEqual] {
            let expected = format!("relabel configuration for {action} action requires 'target_label' value");
            refused(&expected, "target_label", Utf8, |rule| {
                (rule.action, rule.target_label) = (Some(action), String::new());
            });
        }
        for action in [Keep, Drop, LabelMap, LabelDrop, LabelKeep] {
            taken(Utf8, |rule| (rule.action, rule.target_label) = (Some(action), String::new()));
        }
    }

    #[test]
    fn legacy_templates_are_words_and_references_without_a_digit_first() {
        for template in ["$1", "${1}_x", "a_$b", "a1$1", "$1$2", "_${a}1", "x${1}2y$z"] {
            taken(Legacy, |rule| rule.target_label = template.to_string());
        }
        for template in ["1$1", "a$", "${a-b}", "${}", "$", "a$-", "é$1", "${1", "$$1", "$ {1}", "a${", "a-$1", "$é"]
        {
            let expected = format!("\"{template}\" is invalid 'target_label' for replace action");
            refused(&expected, "target_label", Legacy, |rule| rule.target_label = template.to_string());
            taken(Utf8, |rule| rule.target_label = template.to_string());
        }
    }

    #[test]
    fn only_replace_has_a_template_for_a_target() {
        for action in [Lowercase, Uppercase, KeepEqual, DropEqual] {
            taken(Utf8, |rule| (rule.action, rule.target_label) = (Some(action), "b$1".to_string()));
            let expected = format!("\"b$1\" is invalid 'target_label' for {action} action");
            refused(&expected, "target_label", Legacy, |rule| {
                (rule.action, rule.target_label) = (Some(action), "b$1".to_string());
            });
        }
    }

    #[test]
    fn some_actions_take_no_replacement() {
        for action in [Lowercase, Uppercase, KeepEqual, DropEqual] {
            let expected = format!("'replacement' can not be set for {action} action");
            refused(&expected, "replacement", Utf8, |rule| {
                (rule.action, rule.replacement) = (Some(action), String::new());
            });
        }
        taken(Utf8, |rule| (rule.action, rule.replacement) = (Some(Keep), "x".to_string()));
    }

    #[test]
    fn labelmap_needs_a_replacement_that_may_be_a_name() {
        refused(r#""" is invalid 'replacement' for labelmap action"#, "replacement", Utf8, |rule| {
            (rule.action, rule.replacement) = (Some(LabelMap), String::new());
        });
        refused(r#""a-$1" is invalid 'replacement' for labelmap action"#, "replacement", Legacy, |rule| {
            (rule.action, rule.replacement) = (Some(LabelMap), "a-$1".to_string());
        });
        taken(Utf8, |rule| {
            *rule = RuleSpec {
                action: Some(LabelMap),
                replacement: "-".to_string(),
                modulus: 3,
                separator: String::new(),
                source_labels: Some(vec!["a".to_string()]),
                ..rule.clone()
            };
        });
    }

    #[test]
    fn equality_takes_source_and_target_only() {
        let changes: Changes<3> = [
            ("regex", |rule| rule.regex = Some("(.*)".to_string())),
            ("modulus", |rule| rule.modulus = 1),
            ("separator", |rule| rule.separator = String::new()),
        ];
        for (field, change) in changes {
            let expected = "dropequal action requires only 'source_labels' and `target_label`, and no other fields";
            refused(expected, field, Utf8, |rule| {
                rule.action = Some(DropEqual);
                change(rule);
            });
        }
    }

    #[test]
    fn labeldrop_and_labelkeep_take_a_regex_only() {
        let changes: Changes<5> = [
            ("source_labels", |rule| rule.source_labels = Some(Vec::new())),
            ("target_label", |rule| rule.target_label = "a".to_string()),
            ("modulus", |rule| rule.modulus = 1),
            ("separator", |rule| rule.separator = ",".to_string()),
            ("replacement", |rule| rule.replacement = String::new()),
        ];
        for (field, change) in changes {
            refused("labelkeep action requires only 'regex', and no other fields", field, Utf8, |rule| {
                (rule.action, rule.target_label) = (Some(LabelKeep), String::new());
                change(rule);
            });
        }
    }

    #[test]
    fn messages_quote_as_go_does() {
        refused(r#""a\nb\u200b" is invalid 'target_label' for replace action"#, "target_label", Legacy, |rule| {
            rule.target_label = "a\nb\u{200b}".to_string();
        });
    }
}
