//! Label maps as any JSON: slower than [`ndjson`](super::ndjson) reads what is usual, and exact.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer as _, MapAccess, Visitor};

use super::unescape::escaped_unit;

/// Reads any JSON object of strings.
pub(super) fn parse(line: &str) -> Result<Vec<(String, String)>, serde_json::Error> {
    struct Pairs;
    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<(String, String)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of label names and values")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry()? {
                pairs.push(pair);
            }
            Ok(pairs)
        }
    }
    let line = repair_surrogates(line);
    let mut deserializer = serde_json::Deserializer::from_str(&line);
    let pairs = deserializer.deserialize_map(Pairs)?;
    deserializer.end()?;
    Ok(pairs)
}

/// The problem, without a line number: it is the caller who knows the line.
pub(super) fn explain(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let kind = if error.is_data() { "" } else { "invalid JSON: " };
    match message.rsplit_once(" at line ") {
        Some((message, _)) if error.column() == 0 => format!("{kind}{message}"),
        Some((message, _)) => format!("{kind}{message} at column {}", error.column()),
        None => message,
    }
}

/// The text of a line; every byte that is not UTF-8 becomes U+FFFD.
pub(super) fn decode(line: &[u8]) -> Cow<'_, str> {
    if let Ok(line) = std::str::from_utf8(line) {
        return Cow::Borrowed(line);
    }
    let mut text = String::with_capacity(line.len());
    for chunk in line.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    Cow::Owned(text)
}

/// Replaces escapes of surrogates that have no partner with the escape of U+FFFD.
fn repair_surrogates(line: &str) -> Cow<'_, str> {
    let mut repaired = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = line.as_bytes().get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let start = at + found;
        let rest = line.as_bytes().get(start..).unwrap_or(b"");
        at = start + 2;
        match escaped_unit(rest) {
            Some(0xd800..=0xdbff) if matches!(rest.get(6..).and_then(escaped_unit), Some(0xdc00..=0xdfff)) => {
                at = start + 12;
            }
            Some(0xd800..=0xdfff) => {
                repaired.push_str(line.get(copied..start).unwrap_or(""));
                repaired.push_str("\\ufffd");
                at = start + 6;
                copied = at;
            }
            _ => {}
        }
    }
    if copied == 0 {
        return Cow::Borrowed(line);
    }
    repaired.push_str(line.get(copied..).unwrap_or(""));
    Cow::Owned(repaired)
}
