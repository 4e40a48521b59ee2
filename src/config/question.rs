//! The parts of a question in the shapes of the conformance data.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// A string member.
pub(crate) fn text_of<'q>(question: &'q Value, name: &str) -> Result<&'q str, String> {
    let text = question.get(name).and_then(Value::as_str);
    text.ok_or_else(|| format!("expected an object with a string `{name}`"))
}

/// A string member that can be absent or null.
pub(crate) fn text_or<'q>(question: &'q Value, name: &str, default: &'q str) -> Result<&'q str, String> {
    match question.get(name) {
        None | Some(Value::Null) => Ok(default),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(format!("expected a string for `{name}`")),
    }
}

/// The bytes of `text`, or of `b64`, which is base 64.
pub(crate) fn bytes_of(question: &Value) -> Result<Vec<u8>, String> {
    match question.get("b64") {
        None | Some(Value::Null) => {
            let text = text_of(question, "text").map_err(|message| format!("{message} or `b64`"))?;
            Ok(text.as_bytes().to_vec())
        }
        Some(Value::String(encoded)) => {
            STANDARD.decode(encoded).map_err(|error| format!("`b64` is not base 64: {error}"))
        }
        Some(_) => Err("expected a string for `b64`".to_string()),
    }
}

/// The labels of an object member; none if it is absent or null.
pub(crate) fn labels_of(question: &Value, name: &str) -> Result<Vec<(String, String)>, String> {
    let fault = || format!("expected an object with string values for `{name}`");
    let labels = match question.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(labels) => labels.as_object().ok_or_else(fault)?,
    };
    let pair = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_string()));
    labels.iter().map(|label| pair(label).ok_or_else(fault)).collect()
}

/// A boolean member; false if it is absent or null.
pub(crate) fn flag_of(question: &Value, name: &str) -> Result<bool, String> {
    match question.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(format!("expected true or false for `{name}`")),
    }
}
