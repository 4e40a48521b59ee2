//! A sample target as a line of JSON.

use serde_json::{Map, Value};

use crate::scrape::DiscoveredTarget;

use super::{TargetInputError, fault, kind, label_pairs};

/// Reads a line that is one target: either `{"target":{…},"labels":{…}}` (its own labels and its
/// group's), or a plain map of its own labels. What the job adds (job, scheme, path …) is not
/// written; `""` is an absent label.
///
/// # Errors
/// The line is not a target; the message says why, the caller adds the line number.
///
/// ```
/// let target = promcfg::simulate::read_target_line(r#"{"target":{"__address__":"h:1"},"labels":{"env":"prod"}}"#)?;
/// assert_eq!(target.group, [("env".to_string(), "prod".to_string())]);
/// let plain = promcfg::simulate::read_target_line(r#"{"__address__":"h:1","__meta_zone":"b"}"#)?;
/// assert_eq!(plain.own.len(), 2);
/// # Ok::<(), promcfg::simulate::TargetInputError>(())
/// ```
pub fn read_target_line(line: &str) -> Result<DiscoveredTarget, TargetInputError> {
    read_named_target_line(line).map(|(_, target)| target)
}

/// As [`read_target_line`], with the name of the target's job, which a line `{"job":"…","target":{…},"labels":{…}}` has.
///
/// # Errors
/// As [`read_target_line`].
///
/// ```
/// let line = r#"{"job":"node","target":{"__address__":"h:1"}}"#;
/// let (job, target) = promcfg::simulate::read_named_target_line(line)?;
/// assert_eq!((job.as_deref(), target.own.len()), (Some("node"), 1));
/// # Ok::<(), promcfg::simulate::TargetInputError>(())
/// ```
pub fn read_named_target_line(line: &str) -> Result<(Option<String>, DiscoveredTarget), TargetInputError> {
    let object = match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(object)) => object,
        Ok(other) => return Err(fault(format!("expected a JSON object of labels, found {}", kind(&other)))),
        Err(error) => return Err(fault(format!("invalid JSON: {}", without_line(&error)))),
    };
    let is_pair = matches!(object.get("target"), Some(Value::Object(_)));
    if !is_pair {
        return Ok((None, DiscoveredTarget { own: label_pairs(&object, "target")?, group: Vec::new() }));
    }
    if let Some(other) = object.keys().find(|key| !matches!(key.as_str(), "job" | "target" | "labels")) {
        return Err(fault(format!("unknown field `{other}` next to `target`: only `job` and `labels` are allowed")));
    }
    let job = match object.get("job") {
        None | Some(Value::Null) => None,
        Some(Value::String(job)) => Some(job.clone()),
        Some(other) => return Err(fault(format!("expected a string for `job`, found {}", kind(other)))),
    };
    Ok((job, DiscoveredTarget { own: member(&object, "target")?, group: member(&object, "labels")? }))
}

fn member(object: &Map<String, Value>, name: &str) -> Result<Vec<(String, String)>, TargetInputError> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Object(labels)) => label_pairs(labels, name),
        Some(other) => Err(fault(format!("expected an object of labels for `{name}`, found {}", kind(other)))),
    }
}

/// serde_json's words and column without its line number, which is always 1 here.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let words = text.split(" at line ").next().unwrap_or(&text);
    format!("{words} (column {})", error.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(line: &str) -> String {
        read_target_line(line).expect_err("must be refused").message
    }

    #[test]
    fn a_label_named_target_with_a_string_value_is_a_label() {
        let target = read_target_line(r#"{"target":"x"}"#).expect("is a target");
        assert_eq!(target.own, [("target".to_string(), "x".to_string())]);
    }

    #[test]
    fn another_line_is_refused_with_the_reason() {
        assert_eq!(message("[1]"), "expected a JSON object of labels, found a list");
        assert_eq!(message("{\"a\":"), "invalid JSON: EOF while parsing a value (column 5)");
        assert_eq!(message(r#"{"a":1}"#), "target: expected a string for the label \"a\", found a number");
        assert_eq!(
            message(r#"{"target":{},"label":{}}"#),
            "unknown field `label` next to `target`: only `job` and `labels` are allowed"
        );
        assert_eq!(message(r#"{"target":{},"job":1}"#), "expected a string for `job`, found a number");
        assert_eq!(message(r#"{"target":{},"labels":[]}"#), "expected an object of labels for `labels`, found a list");
    }
}
