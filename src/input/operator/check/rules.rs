//! Relabel rules as the operator checks them: of all kinds of objects and of scrape classes, but not of remote write.
//!
//! Source: `pkg/prometheus/validation/validator.go`.

use crate::re2::Syntax;
use crate::relabel::{Action, RuleSpec, is_valid_template};
use crate::text::go_quote;

use super::super::generate::Fault;
use super::super::value::{Data, Value};
use super::{Checks, at, items};

/// Checks a list of rules.
pub(super) fn list(checks: &mut Checks<'_, '_>, rules: &[Value]) -> Result<(), Fault> {
    for (index, own) in rules.iter().enumerate() {
        rule(checks, own).map_err(super::within(format!("[{index}]")))?;
    }
    Ok(())
}

/// Checks the list of rules under a key, with a name for it.
pub(super) fn under(checks: &mut Checks<'_, '_>, own: &Value, key: &str, name: &str) -> Result<(), Fault> {
    list(checks, items(own, key)).map_err(super::within(name))
}

fn rule(checks: &mut Checks<'_, '_>, rule: &Value) -> Result<(), Fault> {
    let shown = rule.filled("action").and_then(Value::as_str).unwrap_or("replace");
    let fault = |key: &str, message: String| Err(Fault::new(message, at(rule, key)));
    let action = Action::from_name(&shown.to_lowercase());
    if let Some(action) = action {
        let since = match action {
            Action::Lowercase | Action::Uppercase => (2, 36),
            Action::KeepEqual | Action::DropEqual => (2, 41),
            Action::Replace
            | Action::Keep
            | Action::Drop
            | Action::HashMod
            | Action::LabelMap
            | Action::LabelDrop
            | Action::LabelKeep => (0, 0),
        };
        if !checks.server.is_from(since.0, since.1) {
            let (major, minor) = since;
            let message = format!("{shown} relabel action is only supported from Prometheus version {major}.{minor}.0");
            return fault("action", message);
        }
    }
    let regex = rule.text("regex");
    if let Err(error) = checks.patterns.get_in(Syntax::default(), regex) {
        return fault("regex", format!("invalid regex {regex} for relabel configuration: {error}"));
    }
    match action {
        Some(action) => fields(checks, rule, action, shown),
        None => Ok(()),
    }
}

/// Checks the fields that an action asks for.
fn fields(checks: &Checks<'_, '_>, rule: &Value, action: Action, shown: &str) -> Result<(), Fault> {
    let fault = |key: &str, message: String| Err(Fault::new(message, at(rule, key)));
    let names = checks.names();
    let target = rule.text("targetLabel");
    let replacement = rule.get("replacement").and_then(Value::as_str);
    let other_replacement = replacement.filter(|text| *text != RuleSpec::DEFAULT_REPLACEMENT);
    if action == Action::HashMod && modulus(rule) == 0 {
        return fault("modulus", "relabel configuration for hashmod requires non-zero modulus".to_string());
    }
    if action.has_target_label() && target.is_empty() {
        return fault("targetLabel", format!("relabel configuration for {shown} action needs targetLabel value"));
    }
    let is_late = action == Action::HashMod;
    let bad_target = action.has_target_label() && !names.allows(target);
    let target_fault =
        || fault("targetLabel", format!("{} is invalid 'target_label' for {shown} action", go_quote(target)));
    if bad_target && !is_late {
        return target_fault();
    }
    match action {
        Action::Lowercase | Action::Uppercase | Action::KeepEqual | Action::DropEqual
            if other_replacement.is_some() =>
        {
            fault("replacement", format!("'replacement' can not be set for {shown} action"))
        }
        Action::LabelMap => match replacement.filter(|text| !is_valid_template(text, names)) {
            Some(text) => {
                fault("replacement", format!("{} is invalid 'replacement' for {shown} action", go_quote(text)))
            }
            None => Ok(()),
        },
        Action::HashMod if bad_target => target_fault(),
        Action::KeepEqual | Action::DropEqual => {
            match beyond(rule, &["regex", "modulus", "separator", "replacement"]) {
                Some(key) => {
                    let only = "requires only 'source_labels' and `target_label`, and no other fields";
                    fault(key, format!("{shown} action {only}"))
                }
                None => Ok(()),
            }
        }
        Action::LabelDrop | Action::LabelKeep => {
            let keys = ["sourceLabels", "targetLabel", "modulus", "separator", "replacement"];
            match beyond(rule, &keys) {
                Some(key) => fault(key, format!("{shown} action requires only 'regex', and no other fields")),
                None => Ok(()),
            }
        }
        Action::Replace | Action::Keep | Action::Drop | Action::HashMod | Action::Lowercase | Action::Uppercase => {
            Ok(())
        }
    }
}

/// The first of the fields that has another value than the default.
fn beyond<'k>(rule: &Value, keys: &[&'k str]) -> Option<&'k str> {
    keys.iter().copied().find(|key| match (*key, rule.get(key)) {
        (_, None) => false,
        ("sourceLabels", Some(labels)) => !labels.items().is_empty(),
        ("modulus", Some(_)) => modulus(rule) != 0,
        ("regex", Some(regex)) => !matches!(regex.as_str(), Some("" | RuleSpec::DEFAULT_PATTERN)),
        ("separator", Some(separator)) => separator.as_str() != Some(RuleSpec::DEFAULT_SEPARATOR),
        ("replacement", Some(replacement)) => replacement.as_str() != Some(RuleSpec::DEFAULT_REPLACEMENT),
        (_, Some(text)) => text.as_str() != Some(""),
    })
}

fn modulus(rule: &Value) -> i64 {
    match rule.get("modulus").map(|modulus| &modulus.data) {
        Some(Data::Int(modulus)) => *modulus,
        _ => 0,
    }
}
