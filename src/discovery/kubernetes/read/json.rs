//! Objects in JSON, read in one pass.

use serde::de::DeserializeSeed;
use serde_json::{Deserializer, Error};

use super::super::objects::KubernetesObjects;
use super::super::values::without_mark;
use super::ObjectError;
use super::object::{ObjectSeed, Order};

/// Why JSON was not read to its end.
pub(super) struct JsonError {
    pub(super) error: ObjectError,
    /// Whether it is not JSON at all.
    pub(super) is_syntax: bool,
}

/// Reads values one after the other: lists, objects, or lists of them in brackets. Of a value with an error nothing is
/// used, and reading ends there.
pub(super) fn read(text: &str) -> (KubernetesObjects, Option<JsonError>) {
    let mut deserializer = Deserializer::from_str(text);
    let mut all = KubernetesObjects::default();
    loop {
        let mut objects = KubernetesObjects::default();
        match ObjectSeed::new(&mut objects, Order::AnyInJson).deserialize(&mut deserializer) {
            Ok(unkinded) => {
                if let Some(unkinded) = unkinded {
                    unkinded.skip(&mut objects);
                }
                all.extend(objects);
            }
            Err(error) => return (all, Some(json_error(&error))),
        }
        if deserializer.end().is_ok() {
            return (all, None);
        }
    }
}

fn json_error(error: &Error) -> JsonError {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let place = format!(" at line {line} column {column}");
    let words = without_mark(text.strip_suffix(&place).unwrap_or(&text));
    let is_syntax = error.is_syntax() || error.is_eof();
    let message = if is_syntax { format!("invalid JSON: {words}") } else { words.to_string() };
    JsonError { error: ObjectError { message, line, column }, is_syntax }
}
