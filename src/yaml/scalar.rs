//! What a scalar represents: yaml.v2's resolution of a text and its tag to a value of Go.

use std::borrow::Cow;

use super::number::{Whole, is_timestamp, parse_decimal, parse_go_float, parse_whole};
use super::token::ScalarStyle;
use super::tree::{Node, NodeKind};

/// What all tags of YAML itself begin with; written `!!`.
const LONG_PREFIX: &str = "tag:yaml.org,2002:";

/// A resolved scalar: its short tag, such as `!!int`, and its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Resolved<'t> {
    pub(super) tag: Cow<'t, str>,
    pub(super) value: Value<'t>,
}

/// A value of one of Go's types.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'t> {
    Null,
    Bool(bool),
    Int(i64),
    Unsigned(u64),
    Float(f64),
    Text(&'t str),
    /// Looks like a time; reads as its text.
    Timestamp,
    /// Bytes written in base 64.
    Binary(Vec<u8>),
}

/// The tag as messages show it.
pub(super) fn short_tag(tag: &str) -> Cow<'_, str> {
    match tag.strip_prefix(LONG_PREFIX) {
        Some(name) => Cow::Owned(format!("!!{name}")),
        None => Cow::Borrowed(tag),
    }
}

/// Whether the reader looks at nothing but that: types that decode themselves are not asked.
///
/// Source: `decoder.prepare` of yaml.v2; a quoted `null` counts, and `Null` does not.
pub(super) fn is_prepared_null(node: Node<'_>) -> bool {
    match node.tag() {
        Some(tag) => tag.strip_prefix(LONG_PREFIX) == Some("null"),
        None if node.kind() == NodeKind::Scalar => {
            let is_plain = node.style() == Some(ScalarStyle::Plain);
            matches!(node.value(), "null" | "~") || (is_plain && node.value().is_empty())
        }
        None => false,
    }
}

/// Whether a key means "take the entries of my value": `<<`, not in quotes.
pub(super) fn is_merge_key(node: Node<'_>) -> bool {
    if node.kind() != NodeKind::Scalar || node.value() != "<<" {
        return false;
    }
    match node.tag() {
        None => node.style() == Some(ScalarStyle::Plain),
        Some(tag) => tag == "!" || tag.strip_prefix(LONG_PREFIX) == Some("merge"),
    }
}

/// Whether a plain text is a null.
pub(super) fn is_null_word(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// The value of a scalar node.
///
/// # Errors
/// Its text is not of the kind its tag says; yaml.v2 then refuses the whole document with this text.
pub(super) fn resolve(node: Node<'_>) -> Result<Resolved<'_>, String> {
    let text = node.value();
    let Some(tag) = node.tag() else {
        return Ok(if node.style() == Some(ScalarStyle::Plain) {
            resolve_plain(text, Times::Taken)
        } else {
            Resolved { tag: "!!str".into(), value: Value::Text(text) }
        });
    };
    match tag.strip_prefix(LONG_PREFIX) {
        Some("str") => Ok(Resolved { tag: "!!str".into(), value: Value::Text(text) }),
        Some("binary") => match decode_base64(text) {
            Some(bytes) => Ok(Resolved { tag: "!!binary".into(), value: Value::Binary(bytes) }),
            None => Err("!!binary value contains invalid base64 data".to_string()),
        },
        Some("timestamp") => resolve_tagged(text, "!!timestamp", Times::Taken),
        Some(name @ ("bool" | "int" | "float" | "null")) => resolve_tagged(text, &format!("!!{name}"), Times::Ignored),
        _ => Ok(Resolved { tag: short_tag(tag), value: Value::Text(text) }),
    }
}

fn resolve_tagged<'t>(text: &'t str, wanted: &str, times: Times) -> Result<Resolved<'t>, String> {
    let resolved = resolve_plain(text, times);
    if resolved.tag == wanted {
        return Ok(resolved);
    }
    if let (Value::Int(value), "!!float") = (&resolved.value, wanted) {
        #[expect(clippy::cast_precision_loss, reason = "as in Go")]
        let value = Value::Float(*value as f64);
        return Ok(Resolved { tag: "!!float".into(), value });
    }
    Err(format!("cannot decode {} `{text}` as a {wanted}", resolved.tag))
}

/// Whether a text may be a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Taken,
    Ignored,
}

fn resolve_plain(text: &str, times: Times) -> Resolved<'_> {
    let (tag, value) = match text.as_bytes().first() {
        None => ("!!null", Value::Null),
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => resolve_word(text),
        Some(b'.') => resolve_dotted(text),
        Some(b'+' | b'-' | b'0'..=b'9') => resolve_number(text, times),
        Some(_) => ("!!str", Value::Text(text)),
    };
    Resolved { tag: tag.into(), value }
}

fn resolve_word(text: &str) -> (&'static str, Value<'_>) {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            ("!!bool", Value::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            ("!!bool", Value::Bool(false))
        }
        text if is_null_word(text) => ("!!null", Value::Null),
        text => ("!!str", Value::Text(text)),
    }
}

fn resolve_dotted(text: &str) -> (&'static str, Value<'_>) {
    let value = match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
        _ if text.contains('_') => without_underscores(text).and_then(|text| parse_go_float(&text)),
        _ => parse_go_float(text),
    };
    value.map_or(("!!str", Value::Text(text)), |value| ("!!float", Value::Float(value)))
}

/// The text without its underscores, each of which must be between digits.
fn without_underscores(text: &str) -> Option<String> {
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let is_placed = |index: usize| index > 0 && is_digit(bytes.get(index - 1)) && is_digit(bytes.get(index + 1));
    let mut places = text.match_indices('_');
    places.all(|(index, _)| is_placed(index)).then(|| text.replace('_', ""))
}

fn resolve_number(text: &str, times: Times) -> (&'static str, Value<'_>) {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return ("!!float", Value::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return ("!!float", Value::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    if times == Times::Taken && is_timestamp(text) {
        return ("!!timestamp", Value::Timestamp);
    }
    let digits: Cow<'_, str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    match parse_whole(&digits) {
        Some(Whole::Signed(value)) => return ("!!int", Value::Int(value)),
        Some(Whole::Unsigned(value)) => return ("!!int", Value::Unsigned(value)),
        None => {}
    }
    match parse_decimal(&digits) {
        Some(value) => ("!!float", Value::Float(value)),
        None => resolve_signed_binary(&digits).unwrap_or(("!!str", Value::Text(text))),
    }
}

/// `0b+1` and `0b-1`: what is left of yaml.v2's own reading of numbers in base 2.
fn resolve_signed_binary(digits: &str) -> Option<(&'static str, Value<'static>)> {
    let binary = digits.strip_prefix("0b")?;
    let is_signed = binary.starts_with(['+', '-']);
    let value = is_signed.then(|| i64::from_str_radix(binary, 2).ok()).flatten()?;
    Some(("!!int", Value::Int(value)))
}

/// Base 64 with padding; line breaks are skipped.
///
/// Source: Go's `base64.StdEncoding`.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let symbols: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    if !symbols.len().is_multiple_of(4) {
        return None;
    }
    let padding = symbols.iter().rev().take(2).take_while(|&&symbol| symbol == b'=').count();
    let mut bytes = Vec::with_capacity(symbols.len() / 4 * 3);
    for (index, four) in symbols.chunks_exact(4).enumerate() {
        let is_last = (index + 1) * 4 == symbols.len();
        let padding = if is_last { padding } else { 0 };
        let mut bits = 0_u32;
        for (place, &symbol) in four.iter().enumerate() {
            let value = if place >= 4 - padding { 0 } else { base64_value(symbol)? };
            bits = bits << 6 | value;
        }
        let [_, first, second, third] = bits.to_be_bytes();
        bytes.extend([first, second, third].into_iter().take(3 - padding));
    }
    Some(bytes)
}

fn base64_value(symbol: u8) -> Option<u32> {
    match symbol {
        b'A'..=b'Z' => Some(u32::from(symbol - b'A')),
        b'a'..=b'z' => Some(u32::from(symbol - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(symbol - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Tree;

    fn resolved(text: &str) -> String {
        let tree = Tree::parse(text);
        match resolve(tree.root().unwrap()) {
            Ok(resolved) => format!("{} {:?}", resolved.tag, resolved.value),
            Err(message) => message,
        }
    }

    #[test]
    fn a_plain_text_is_what_it_looks_like() {
        assert_eq!(resolved("on"), "!!bool Bool(true)");
        assert_eq!(resolved("oN"), "!!str Text(\"oN\")");
        assert_eq!(resolved("1_000"), "!!int Int(1000)");
        assert_eq!(resolved(".42_5"), "!!float Float(0.425)");
        assert_eq!(resolved(".4__2"), "!!str Text(\".4__2\")");
        assert_eq!(resolved(".42_"), "!!str Text(\".42_\")");
        assert_eq!(resolved("010"), "!!int Int(8)");
        assert_eq!(resolved("08"), "!!float Float(8.0)");
        assert_eq!(resolved("1:30"), "!!str Text(\"1:30\")");
        assert_eq!(resolved("2001-1-2"), "!!timestamp Timestamp");
        assert_eq!(resolved("0b-11"), "!!int Int(-3)");
        assert_eq!(resolved("-0b-11"), "!!str Text(\"-0b-11\")");
    }

    #[test]
    fn a_quoted_text_is_text_and_a_tagged_one_what_its_tag_says() {
        assert_eq!(resolved("'1'"), "!!str Text(\"1\")");
        assert_eq!(resolved("!!int '1'"), "!!int Int(1)");
        assert_eq!(resolved("!!float 1"), "!!float Float(1.0)");
        assert_eq!(resolved("!!int x"), "cannot decode !!str `x` as a !!int");
        assert_eq!(resolved("!!binary aGk="), "!!binary Binary([104, 105])");
        assert_eq!(resolved("!!binary aGk"), "!!binary value contains invalid base64 data");
        assert_eq!(resolved("!thing 1"), "!thing Text(\"1\")");
    }

    #[test]
    fn base_64_is_read_as_go_reads_it() {
        assert_eq!(decode_base64(""), Some(vec![]));
        assert_eq!(decode_base64("aGVs\nbG8="), Some(b"hello".to_vec()));
        assert_eq!(decode_base64("/w=="), Some(vec![255]));
        for text in ["a", "a===", "aGk= ", "a=k=", "aGk=aGk=", "===="] {
            assert_eq!(decode_base64(text), None, "{text:?}");
        }
    }
}
