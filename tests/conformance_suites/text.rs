//! YAML, scalars and regular expressions: the layers below Prometheus itself.

use promcfg::re2::debug_regexp;
use promcfg::yaml::{debug_scalar, debug_yaml};
use serde_json::{Value, json};

use super::{same, text_of};

/// The same events; for a refused text the same fault, wherever Go says it is.
pub(super) fn check_yaml(case: &Value) -> Result<(), String> {
    let actual = debug_yaml(text_of(case, "text")?);
    match (case.get("error"), actual.get("error")) {
        (Some(expected), Some(actual)) => same("the fault", &without_line(expected), &without_line(actual)),
        (Some(expected), None) => Err(format!("Go refuses it: {expected}")),
        (None, Some(actual)) => Err(format!("Go reads it, but: {actual}")),
        (None, None) => same_events(&case["events"], &actual["events"]),
    }
}

/// `yaml: line 3: x` and `yaml: x` are the same fault.
fn without_line(error: &Value) -> Value {
    let text = error.as_str().unwrap_or("");
    let words = text.strip_prefix("yaml: ").unwrap_or(text);
    let without = words.strip_prefix("line ").and_then(|rest| rest.split_once(": ")).map_or(words, |(_, rest)| rest);
    Value::from(without)
}

fn same_events(expected: &Value, actual: &Value) -> Result<(), String> {
    if expected == actual {
        return Ok(());
    }
    let none = Vec::new();
    let (expected, actual) = (expected.as_array().unwrap_or(&none), actual.as_array().unwrap_or(&none));
    let index = expected.iter().zip(actual).take_while(|(expected, actual)| expected == actual).count();
    let at = |events: &[Value]| events.get(index).map_or("nothing".to_string(), ToString::to_string);
    Err(format!("event {index} differs: expected {}, came {}", at(expected), at(actual)))
}

/// The same value and the same answer for each Go type.
pub(super) fn check_scalar(case: &Value) -> Result<(), String> {
    let actual = debug_scalar(text_of(case, "text")?);
    same("`any`", &case["any"], &actual["any"])?;
    same("`as`", &case["as"], &actual["as"])
}

/// The same error text, or the same groups for every input.
pub(super) fn check_regexp(case: &Value) -> Result<(), String> {
    let none = Vec::new();
    let matches = case.get("matches").and_then(Value::as_array).unwrap_or(&none);
    let inputs: Vec<&str> = matches.iter().filter_map(|each| each["input"].as_str()).collect();
    let actual = debug_regexp(text_of(case, "pattern")?, &inputs);
    match case.get("error") {
        Some(expected) => same("the error", expected, actual.get("error").unwrap_or(&Value::Null)),
        None => {
            same("the matches", case.get("matches").unwrap_or(&json!([])), actual.get("matches").unwrap_or(&actual))
        }
    }
}
