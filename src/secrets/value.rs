//! Values that base64 does not hide.

use std::ops::Range;

use base64::Engine;

/// The values of Kubernetes Secrets: all long runs of letters of base64 that are words of their own and no keys, however
/// the manifest is written, and what follows them in lines of its own, as the last line of a value. In an object without a
/// kind, those that are a text or compressed.
pub(super) fn encoded_values(text: &str) -> Vec<Range<usize>> {
    const SHORTEST: usize = 24;
    let is_secret = has_secret(text);
    if !is_secret && !["metadata", "binaryData"].iter().any(|key| text.contains(key)) {
        return Vec::new();
    }
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let is_edge = |byte: Option<&u8>| byte.is_none_or(|byte| byte.is_ascii_whitespace() || b"\"',[]{}:".contains(byte));
    let bytes = text.as_bytes();
    let (mut ranges, mut at): (Vec<Range<usize>>, usize) = (Vec::new(), 0);
    while at < bytes.len() {
        let length = bytes.iter().skip(at).take_while(|byte| is_letter(**byte)).count();
        let before = at.checked_sub(1).and_then(|last| bytes.get(last));
        let after = bytes.get(at + length..).unwrap_or(&[]);
        let is_key = after.starts_with(b":") || after.starts_with(b"\":");
        let is_digest = bytes.iter().skip(at).take(length).all(u8::is_ascii_hexdigit);
        let is_word = is_edge(before) && is_edge(after.first()) && !is_key && !is_digest;
        let is_value = || is_secret || text.get(at..at + length).is_some_and(hides_text);
        let is_continued = length > 0
            && is_edge(after.first())
            && !is_key
            && ranges.last().is_some_and(|last| is_line_end(bytes.get(last.end..at).unwrap_or(&[])));
        if is_continued || (length >= SHORTEST && is_word && is_value()) {
            ranges.push(at..at + length);
        }
        at += length + 1;
    }
    ranges
}

/// Whether nothing but the end of a line is between two lines of a value.
fn is_line_end(between: &[u8]) -> bool {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'\\';
    memchr::memchr2(b'\n', b'\r', between).is_some() && between.iter().all(is_blank)
}

/// Whether a text has the kind of a Secret: `kind: Secret`, in any way of writing.
pub(super) fn has_secret(text: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), "Secret").any(|at| {
        let before = text.get(..at).unwrap_or("");
        let before = before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '"' | '\'' | '\\'));
        before.len() < at && before.ends_with("kind")
    })
}

/// Whether a word is base64 of a text, or of compressed data.
fn hides_text(word: &str) -> bool {
    let bytes = base64::engine::general_purpose::STANDARD.decode(word).unwrap_or_default();
    let is_printed = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace() || !byte.is_ascii();
    let is_text = !bytes.is_empty() && bytes.iter().all(is_printed) && std::str::from_utf8(&bytes).is_ok();
    bytes.starts_with(&[0x1f, 0x8b]) || is_text
}
