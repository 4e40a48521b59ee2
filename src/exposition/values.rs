//! Texts of a page as they are meant, without escapes, and bounds in one form; labels as messages show them.

use std::borrow::Cow;

use memchr::memchr;

use crate::text::{format_float, go_quote_bytes, parse_float};

/// A name or a value without its escapes: `\"`, `\\` and `\n`. A backslash before another character stays.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'\\', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let mut next = Some(first);
    while let Some(at) = next {
        plain.push_str(&rest[..at]);
        let (replacement, length) = escape(rest.as_bytes().get(at + 1));
        plain.push(char::from(replacement));
        rest = &rest[at + length..];
        next = memchr(b'\\', rest.as_bytes());
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The same of bytes that are not text.
pub(super) fn unescaped_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr(b'\\', rest) {
        plain.extend_from_slice(&rest[..at]);
        let (replacement, length) = escape(rest.get(at + 1));
        plain.push(replacement);
        rest = &rest[at + length..];
    }
    plain.extend_from_slice(rest);
    plain
}

/// The character that an escape has, and the length of the escape.
fn escape(after: Option<&u8>) -> (u8, usize) {
    match after {
        Some(b'"') => (b'"', 2),
        Some(b'\\') => (b'\\', 2),
        Some(b'n') => (b'\n', 2),
        _ => (b'\\', 1),
    }
}

/// A bound of a bucket or a quantile as OpenMetrics writes floats, if it is one: `1` becomes `1.0`.
pub(super) fn as_float(value: Cow<'_, str>) -> Cow<'_, str> {
    match Form::of(value.as_bytes()) {
        Form::Float => return value,
        Form::Whole => return Cow::Owned(value.into_owned() + ".0"),
        Form::Other => {}
    }
    let Ok(float) = parse_float(&value) else { return value };
    // Zero has no sign here.
    let mut written = format_float(if float == 0.0 { 0.0 } else { float });
    if float.is_finite() && !written.contains(['e', '.']) {
        written.push_str(".0");
    }
    if *value == *written { value } else { Cow::Owned(written) }
}

/// How a bound is written.
enum Form {
    /// Already as it is to be.
    Float,
    /// A whole number that only lacks `.0`.
    Whole,
    /// One that has to be read.
    Other,
}

impl Form {
    /// The form of a bound; `Other` if it has so many digits that they may not be those of the number.
    fn of(bound: &[u8]) -> Self {
        const MOST_WHOLE: usize = 6;
        const MOST_DIGITS: usize = 15;
        if bound == b"+Inf" {
            return Self::Float;
        }
        let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let whole = digits(bound);
        if whole == 0 || whole > MOST_WHOLE || whole > 1 && bound[0] == b'0' {
            return Self::Other;
        }
        let fraction = match &bound[whole..] {
            [] => return Self::Whole,
            b".0" => return Self::Float,
            [b'.', fraction @ ..] => fraction,
            _ => return Self::Other,
        };
        let is_digits = digits(fraction) == fraction.len() && fraction.last().is_some_and(|last| *last != b'0');
        // Smaller ones have an exponent.
        let is_large = bound[0] != b'0' || fraction.iter().take(4).any(|digit| *digit != b'0');
        if is_digits && is_large && whole + fraction.len() <= MOST_DIGITS { Self::Float } else { Self::Other }
    }
}

/// Labels as Prometheus's messages show them, sorted by name.
pub(super) fn shown_labels(mut pairs: Vec<(Vec<u8>, Vec<u8>)>) -> String {
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    let shown: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", shown_name(name), go_quote_bytes(value))).collect();
    format!("{{{}}}", shown.join(", "))
}

fn shown_name(name: &[u8]) -> String {
    let is_plain = name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && name.first().is_some_and(|byte| !byte.is_ascii_digit());
    if is_plain { String::from_utf8_lossy(name).into_owned() } else { go_quote_bytes(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_escapes_are_read_and_others_stay() {
        assert_eq!(unescaped(r#"a\"b\\n\n\x\"#), "a\"b\\n\n\\x\\");
        assert_eq!(unescaped("é\\né"), "é\né");
        assert!(matches!(unescaped("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn bounds_are_written_in_one_form() {
        let written = |value: &str| as_float(Cow::Borrowed(value)).into_owned();
        for (value, expected) in [
            ("1", "1.0"),
            ("0.10", "0.1"),
            ("-0", "0.0"),
            ("100000000", "1e+08"),
            ("0.00001", "1e-05"),
            ("inf", "+Inf"),
            ("nan", "NaN"),
            ("1_0", "10.0"),
            ("0", "0.0"),
            ("007", "7.0"),
            ("999999", "999999.0"),
            ("1000000", "1e+06"),
            ("5.", "5.0"),
            (".5", "0.5"),
            ("2.50", "2.5"),
            ("0.0001", "0.0001"),
            ("0.00011", "0.00011"),
            ("0.00009", "9e-05"),
            ("123456.123456789", "123456.123456789"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("0.10000000000000001", "0.1"),
            ("0x1p4", "16.0"),
            ("0x10", "0x10"),
            ("1e999", "1e999"),
            ("abc", "abc"),
            ("", ""),
        ] {
            assert_eq!(written(value), expected, "{value:?}");
        }
    }
}
