//! Values that have the form of credentials, whatever key they are under: `Bearer …`, passwords and tokens in URLs, tokens by their
//! prefix, private keys, and long words that look random.

use std::ops::Range;

use memchr::memmem;

use super::random::{is_random, is_word_byte};
use super::{queries, urls};

/// The credentials in a text, in no order.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = urls::passwords(text);
    found.extend(queries::values(text));
    found.extend(armored(text));
    found.extend(after_schemes(text));
    found.extend(tokens(text));
    found
}

/// Blocks in PEM form.
fn armored(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut end = 0;
    for start in memmem::find_iter(text.as_bytes(), "-----BEGIN ").filter(|start| is_text(text, *start)) {
        if start < end {
            continue;
        }
        let closing = memmem::find(&text.as_bytes()[start..], b"-----END ");
        end = closing.map_or(text.len(), |length| line_end(text, start + length));
        found.push(start..end);
    }
    found
}

fn is_text(text: &str, at: usize) -> bool {
    text.is_char_boundary(at)
}

pub(super) fn line_end(text: &str, from: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', text.as_bytes().get(from..).unwrap_or(&[])).map_or(text.len(), |length| from + length)
}

/// What follows `Bearer` and `Basic`, as in a header.
fn after_schemes(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for scheme in ["Bearer", "bearer", "BEARER", "Basic", "basic", "BASIC", "Token", "ApiKey"] {
        for start in memmem::find_iter(text.as_bytes(), scheme) {
            let before = text.as_bytes().get(start.wrapping_sub(1)).copied().unwrap_or(b' ');
            let after = text.get(start + scheme.len()..).unwrap_or("");
            let blanks = after.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            if before.is_ascii_alphanumeric() || matches!(before, b'_' | b'-') || blanks == 0 {
                continue;
            }
            let rest = &after[blanks..];
            let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '}' | ')' | ']' | '`' | '<');
            let word = rest.find(ends).map_or(rest, |end| &rest[..end]);
            if is_credential(scheme, word) {
                let from = start + scheme.len() + blanks;
                found.push(from..from + word.len());
            }
        }
    }
    found
}

/// Whether a word after a scheme is one of English.
fn is_credential(scheme: &str, word: &str) -> bool {
    const SHORTEST: usize = 4;
    const LONG: usize = 16;
    let is_word = word.trim_end_matches(['.', ':', '?', '!']).bytes().all(|byte| byte.is_ascii_lowercase());
    let is_of_sentence = is_word && word.len() < LONG;
    let is_header = matches!(scheme, "Bearer" | "Basic");
    let is_usual = word.to_ascii_lowercase().starts_with("auth") || word.to_ascii_lowercase().starts_with("token");
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let has_both_cases = word.bytes().any(|byte| byte.is_ascii_lowercase())
        && word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
    let starts_as_token = word.starts_with(|c: char| c.is_ascii_alphanumeric());
    word.len() >= SHORTEST
        && starts_as_token
        && !is_of_sentence
        && !(is_usual && word.len() < LONG && !has_digit)
        && (is_header || has_digit || has_both_cases || word.len() >= LONG)
}

/// What the tokens of clouds and forges begin with.
const PREFIXES: [&str; 34] = [
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "glrt-",
    "glcbt-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xoxs-",
    "xapp-",
    "AIza",
    "ya29",
    "sk-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "hvs",
    "dop_v1_",
    "npm_",
    "pypi-",
    "glsa_",
    "glc_",
    "eyJ",
    "dapi",
    "lin_api_",
    "NRAK-",
    "shpat_",
    "tskey-",
    "hf_",
];

/// Tokens with a known prefix, and words that look random.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| is_word_byte(**byte)).count();
        if length >= SHORTEST_WORD {
            let range = word_in(bytes, at..at + length);
            if let Some(word) = text.get(range.clone()) {
                if let Some(start) = prefixed(word) {
                    let from = range.start + start;
                    let more =
                        bytes[from..].iter().take_while(|byte| is_word_byte(**byte) || matches!(byte, b'.' | b'~'));
                    let end = from + more.count();
                    found.push(from..end);
                    at = end;
                    continue;
                }
                found.extend(random_in(text, word, &range));
            }
        }
        at += length.max(1);
    }
    found
}

const SHORTEST_WORD: usize = 16;

/// The word without separators at its beginning: `=token` is `token`.
fn word_in(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let is_separator = |byte: &&u8| matches!(byte, b'=' | b'/' | b'+' | b'-');
    let lead = bytes[range.clone()].iter().take_while(is_separator).count();
    range.start + lead..range.end
}

/// The words of a run that look random. A run is several words where `=` is in it.
fn random_in(text: &str, run: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = range.start;
    for word in run.split_inclusive('=') {
        let before = text.get(..start).unwrap_or("");
        if is_random(word.trim_end_matches('='), before) {
            found.push(start..start + word.len());
        }
        start += word.len();
    }
    found
}

/// Where a token with a known prefix begins in a word.
fn prefixed(word: &str) -> Option<usize> {
    const REST: usize = 12;
    let starts = std::iter::once(0)
        .chain(word.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'/' | b'=')).map(|(at, _)| at + 1));
    starts.take(8).find(|&start| {
        let part = word.get(start..).unwrap_or("");
        let prefix = PREFIXES.iter().find(|prefix| part.starts_with(**prefix));
        prefix.is_some_and(|prefix| {
            let rest = &part[prefix.len()..];
            let word = rest.split(['/', '=']).next().unwrap_or("");
            word.len() >= REST && has_letters_and_digits(word)
        })
    })
}

/// A token has digits; a name that happens to begin in the same way seldom does.
fn has_letters_and_digits(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit()) && word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::merged;

    fn found(text: &str) -> Vec<&str> {
        merged(find(text)).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn credentials_are_found_by_their_form() {
        assert_eq!(found("x: Bearer abc123"), ["abc123"]);
        assert_eq!(found("x: [\"Basic bWU6aHVudGVyMg==\"]"), ["bWU6aHVudGVyMg=="]);
        assert_eq!(
            found("# was ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
            ["ghp_16C7e42F292c6912E7710c838347Ae178B4a"]
        );
        assert_eq!(found("a?t=glpat-12345abcdeABCDE12345&x=1"), ["glpat-12345abcdeABCDE12345"]);
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
        assert_eq!(found(&format!("x: {jwt}\n")), [jwt]);
        let key = "-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----";
        assert_eq!(found(&format!("x: |\n{key}\ny")), [key]);
        assert_eq!(found("x=q8Zk1Vb0Rt7Ym2Xc9Ld4Pw6Hs3Jf5Ga y"), ["q8Zk1Vb0Rt7Ym2Xc9Ld4Pw6Hs3Jf5Ga"]);
    }

    #[test]
    fn names_ids_hashes_and_patterns_are_not_credentials() {
        for text in [
            "type: Bearer\ncredentials_file: x",
            "use a bearer token for basic authentication",
            "Bearer token, Basic auth",
            "uid: 0f8fad5b-d9cb-469f-a165-70867728950e",
            "image: quay.io/prometheus/node@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "revision: da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "regex: (?:container_(?:network|memory|cpu)_[a-z_]+|kube_pod_container_status_(?:restarts|ready))_total",
            "__meta_kubernetes_pod_annotation_prometheus_io_scrape",
            "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
