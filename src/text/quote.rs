//! Text quoted as Go quotes it.

use std::fmt::Write as _;

use super::unicode::CharacterClass;

/// The text in double quotes, escaped as Go's `strconv.Quote` (the verb `%q`) does: Prometheus's
/// messages show names and values so. Printable characters of any script stay, all others become
/// `\n`, `\x00`, `\u200b` and the like.
///
/// ```
/// assert_eq!(promcfg::text::go_quote("a\"b\n"), r#""a\"b\n""#);
/// assert_eq!(promcfg::text::go_quote("é\u{200b}\u{7f}"), r#""é\u200b\x7f""#);
/// ```
#[must_use]
pub fn go_quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    push_text(text, &mut quoted);
    quoted.push('"');
    quoted
}

/// As [`go_quote`], for bytes that need not be UTF-8: those that are not become `\xff` and the like.
pub(crate) fn go_quote_bytes(bytes: &[u8]) -> String {
    let mut quoted = String::with_capacity(bytes.len() + 2);
    quoted.push('"');
    for chunk in bytes.utf8_chunks() {
        push_text(chunk.valid(), &mut quoted);
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(quoted, "\\x{byte:02x}");
        }
    }
    quoted.push('"');
    quoted
}

fn push_text(text: &str, quoted: &mut String) {
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0c' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\x0b' => quoted.push_str("\\v"),
            _ if is_printable(c) => quoted.push(c),
            _ => push_code(u32::from(c), quoted),
        }
    }
}

fn push_code(code: u32, quoted: &mut String) {
    // Writing to a String cannot fail.
    let _ = match code {
        0..=0x7f => write!(quoted, "\\x{code:02x}"),
        0x80..=0xffff => write!(quoted, "\\u{code:04x}"),
        _ => write!(quoted, "\\U{code:08x}"),
    };
}

/// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols, and the ASCII space.
fn is_printable(c: char) -> bool {
    static PRINTABLE: CharacterClass = CharacterClass::new(r"[\p{L}\p{M}\p{N}\p{P}\p{S}]");
    if c.is_ascii() { (' '..='~').contains(&c) } else { PRINTABLE.contains(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_and_other_scripts_stay() {
        assert_eq!(go_quote(""), "\"\"");
        assert_eq!(go_quote("a-b c"), "\"a-b c\"");
        assert_eq!(go_quote("äß漢🎉"), "\"äß漢🎉\"");
        assert_eq!(go_quote("e\u{301}"), "\"e\u{301}\"");
    }

    #[test]
    fn quotes_backslashes_and_controls_are_escaped() {
        assert_eq!(go_quote("\"\\"), r#""\"\\""#);
        assert_eq!(go_quote("\x07\x08\x0c\n\r\t\x0b"), r#""\a\b\f\n\r\t\v""#);
        assert_eq!(go_quote("\0\x1b\x7f"), r#""\x00\x1b\x7f""#);
    }

    #[test]
    fn bytes_that_are_not_text_are_shown_one_by_one() {
        assert_eq!(go_quote_bytes("日本".as_bytes()), "\"日本\"");
        assert_eq!(go_quote_bytes(b"a\xe6\x97"), r#""a\xe6\x97""#);
        assert_eq!(go_quote_bytes(b"\xff\n"), r#""\xff\n""#);
    }

    #[test]
    fn what_is_not_printable_is_shown_by_its_code() {
        assert_eq!(go_quote("\u{80}\u{a0}\u{ad}\u{feff}\u{2028}"), r#""\u0080\u00a0\u00ad\ufeff\u2028""#);
        assert_eq!(go_quote("\u{e000}\u{e0001}\u{10ffff}"), r#""\ue000\U000e0001\U0010ffff""#);
        assert_eq!(go_quote("\u{fffd}"), "\"\u{fffd}\"");
    }
}
