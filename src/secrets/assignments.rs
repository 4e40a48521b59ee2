//! Labels in sentences, `token="…"`: the value of a name that is one of secrets.

use std::ops::Range;

use super::labels::{is_secret_name, says_nothing};

/// The secret values, without their quotes.
pub(super) fn values(text: &str) -> Vec<Range<usize>> {
    const LONGEST: usize = 64;
    let bytes = text.as_bytes();
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(bytes, "=\"") {
        let length = bytes[..at].iter().rev().take(LONGEST + 1).take_while(is_name).count();
        let name = text.get(at - length..at).unwrap_or("");
        let start = at + "=\"".len();
        let value = start..start + length_to_quote(bytes.get(start..).unwrap_or(&[]));
        if !says_nothing(text.get(value.clone()).unwrap_or("")) && is_secret_name(name) {
            found.push(value);
        }
    }
    found
}

/// How many bytes are before the closing quote, with backslashes as Go has them.
fn length_to_quote(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::values;

    fn found(text: &str) -> Vec<&str> {
        values(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn labels_in_sentences_are_found_by_their_names() {
        assert_eq!(found("1 target gains token=\"a\\\"b c\"; nothing else changes"), ["a\\\"b c"]);
        assert_eq!(found("up{env=\"x\", api_key=\"y\"} and password=\"z"), ["y", "z"]);
        assert_eq!(found("env=\"x\" token=\"\" secret=\"true\" token_url=\"y\" =\"z\""), Vec::<&str>::new());
    }
}
