//! Secrets in the queries of URLs, as in `http://h/x?token=…`: after a name that is one of secrets, or of signatures.

use std::ops::Range;

use super::keys::{KeyKind, Keys};

/// Names of queries with which a URL is signed, and that are too short or too usual for keys.
const SIGNATURES: [&str; 4] = ["sig", "signature", "x-amz-signature", "x-goog-signature"];

/// The secret values in queries, in no order.
pub(super) fn values(text: &str) -> Vec<Range<usize>> {
    const LONGEST: usize = 64;
    let bytes = text.as_bytes();
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let mut keys = Keys::default();
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'=', bytes) {
        let length = bytes[..at].iter().rev().take(LONGEST).take_while(is_name).count();
        let start = at - length;
        let is_in_query = matches!(start.checked_sub(1).and_then(|before| bytes.get(before)), Some(b'?' | b'&'));
        if length == 0 || !is_in_query {
            continue;
        }
        let name = text.get(start..at).unwrap_or("");
        let is_secret = matches!(keys.kind_of(name), KeyKind::Secret | KeyKind::Likely)
            || SIGNATURES.iter().any(|known| name.eq_ignore_ascii_case(known));
        let value = value_at(text, at + 1);
        if is_secret && !value.is_empty() {
            found.push(value);
        }
    }
    found
}

/// Up to the next parameter, the fragment or the end of the URL. A sign that ends a part of a sentence or a list belongs to
/// the value where more of it follows. A template or a group of a pattern does not count as a value.
fn value_at(text: &str, start: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or("");
    if rest.starts_with(['$', '{', '(', '[']) {
        return start..start;
    }
    let is_end = |c: char| c.is_whitespace() || matches!(c, '&' | '#' | '"' | '\'' | '`' | '<' | '>');
    let is_stop = |c: char| matches!(c, ',' | ';' | ':' | '.' | ')' | ']' | '}');
    let length = rest.find(is_end).unwrap_or(rest.len());
    start..start + rest[..length].trim_end_matches(is_stop).len()
}

#[cfg(test)]
mod tests {
    use super::values;

    fn found(text: &str) -> Vec<&str> {
        values(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn secrets_in_queries_are_found_by_their_names() {
        assert_eq!(found("\"https://h/x?a=b&token=abc#f\""), ["abc"]);
        assert_eq!(found("write `/x?api_key=abc&a=b` in it"), ["abc"]);
        assert_eq!(found("[h/x?token=a,b;c], from /x?token=abc; nothing"), ["a,b;c", "abc"]);
        assert_eq!(found("/x?access_token=abc&X-Amz-Signature=def&sig=ghi"), ["abc", "def", "ghi"]);
    }

    #[test]
    fn other_queries_have_none() {
        for text in ["/x?a=b&format=prometheus", "/x?token=$1", "/x?token={{ t }}", "token_id=abc", "/x?token=&a=b"] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
