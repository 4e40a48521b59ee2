//! Texts of a page as they are meant: without escapes, and bounds in one form.

use std::borrow::Cow;

use memchr::memchr;

use crate::text::{format_float, parse_float};

/// A name or a value without its escapes: `\"`, `\\` and `\n`. A backslash before another character stays.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        plain.push_str(&rest[..at]);
        let (replacement, length) = match rest.as_bytes().get(at + 1) {
            Some(b'"') => ('"', 2),
            Some(b'\\') => ('\\', 2),
            Some(b'n') => ('\n', 2),
            _ => ('\\', 1),
        };
        plain.push(replacement);
        rest = &rest[at + length..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// A bound of a bucket or a quantile as OpenMetrics writes floats, if it is one: `1` becomes `1.0`.
pub(super) fn as_float(value: Cow<'_, str>) -> Cow<'_, str> {
    let Ok(float) = parse_float(&value) else { return value };
    // Zero has no sign here.
    let mut written = format_float(if float == 0.0 { 0.0 } else { float });
    if float.is_finite() && !written.contains(['e', '.']) {
        written.push_str(".0");
    }
    if *value == *written { value } else { Cow::Owned(written) }
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
