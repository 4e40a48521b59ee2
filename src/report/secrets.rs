//! Which bytes of a text are secret.
//!
//! Works on any text, also on one that is no YAML: what stands after a key with the name of a
//! secret field is taken as secret, and rather too much than too little.

use std::ops::Range;

use base64::Engine;

use crate::config::secret_keys;

/// The secret parts of a text: values after keys such as `password`, private keys in PEM form, and
/// passwords inside URLs.
///
/// ```
/// use promcfg::report::Secrets;
/// let text = "basic_auth:\n  username: me\n  password: hunter2\n";
/// let secrets = Secrets::find(text);
/// assert_eq!(secrets.masked(text, 27..46), "  password: <secret>");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    ranges: Vec<Range<usize>>,
}

/// What is shown instead.
const MASK: &str = "<secret>";

impl Secrets {
    /// Finds the secret parts of `text` in one pass.
    #[must_use]
    pub fn find(text: &str) -> Self {
        let mut ranges = Vec::new();
        let mut aliases = Vec::new();
        let mut end_of_last = 0;
        for colon in memchr::memchr_iter(b':', text.as_bytes()) {
            if colon < end_of_last {
                continue;
            }
            if let Some(key_start) = secret_key_before(text, colon) {
                let value = value_after(text, key_start, colon + 1);
                aliases.extend(alias_in(text.get(value.clone()).unwrap_or("")));
                end_of_last = value.end;
                ranges.push(value);
            } else if let Some(password) = password_in_url(text, colon) {
                ranges.push(password);
            }
        }
        ranges.extend(private_keys(text));
        ranges.extend(encoded_values(text));
        ranges.extend(aliases.into_iter().filter_map(|name| anchored(text, name)));
        Self { ranges: merged(ranges) }
    }

    /// Whether nothing in the text is secret.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether a byte of `range` is secret.
    #[must_use]
    pub fn overlaps(&self, range: &Range<usize>) -> bool {
        self.in_range(range).next().is_some()
    }

    /// The part `range` of `text` with `<secret>` in place of each secret. The range should not go
    /// beyond one line.
    #[must_use]
    pub fn masked(&self, text: &str, range: Range<usize>) -> String {
        let mut shown = String::with_capacity(range.len());
        let mut at = range.start;
        for secret in self.in_range(&range) {
            let secret = secret.start.max(range.start)..secret.end.min(range.end);
            shown.push_str(text.get(at..secret.start).unwrap_or(""));
            let hidden = text.get(secret.clone()).unwrap_or("");
            let indent = hidden.len() - hidden.trim_start_matches([' ', '\t']).len();
            shown.push_str(hidden.get(..indent).unwrap_or(""));
            if !hidden.trim().is_empty() {
                shown.push_str(MASK);
            }
            at = secret.end;
        }
        shown.push_str(text.get(at..range.end).unwrap_or(""));
        shown
    }

    /// The part `range` of `text` with every byte of a secret replaced by `*`, so that offsets stay
    /// as they are. Line ends stay.
    #[must_use]
    pub fn starred(&self, text: &str, range: Range<usize>) -> String {
        let mut shown = String::with_capacity(range.len());
        let mut at = range.start;
        for secret in self.in_range(&range) {
            let (start, end) = (secret.start.max(range.start), secret.end.min(range.end));
            shown.push_str(text.get(at..start).unwrap_or(""));
            let hidden = text.as_bytes().get(start..end).unwrap_or(&[]);
            shown.extend(hidden.iter().map(|byte| if byte.is_ascii_whitespace() { char::from(*byte) } else { '*' }));
            at = end;
        }
        shown.push_str(text.get(at..range.end).unwrap_or(""));
        shown
    }

    fn in_range(&self, range: &Range<usize>) -> impl Iterator<Item = &Range<usize>> {
        let first = self.ranges.partition_point(|secret| secret.end <= range.start);
        let end = range.end;
        self.ranges.iter().skip(first).take_while(move |secret| secret.start < end)
    }
}

/// Where the key before the colon begins, if it is the name of a secret field.
fn secret_key_before(text: &str, colon: usize) -> Option<usize> {
    let before = text.get(..colon)?.trim_end();
    let is_quoted = before.ends_with(['"', '\'']);
    let name_end = before.len() - usize::from(is_quoted);
    let bytes = before.as_bytes();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    const LONGEST: usize = 40;
    let name_length = bytes[..name_end].iter().rev().take(LONGEST).take_while(|byte| is_name(byte)).count();
    let start = name_end - name_length;
    let name = before.get(start..name_end)?;
    secret_keys().iter().any(|key| key.eq_ignore_ascii_case(name)).then(|| start - usize::from(is_quoted && start > 0))
}

/// The bytes of the value that begins at `start`, after the colon of a key at `key_start`: the rest
/// of the line, a quoted or bracketed value to its end, and all lines that may belong to it.
fn value_after(text: &str, key_start: usize, start: usize) -> Range<usize> {
    let line_start = text.get(..key_start).and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |end| end + 1);
    let key_column = key_start - line_start;
    let value_start =
        start + text.get(start..).unwrap_or("").bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let mut end = line_end(text, closing(text, value_start));
    loop {
        let next = end + newline_length(text, end);
        if next == end || next >= text.len() {
            return value_start..end;
        }
        let next_end = line_end(text, next);
        if !belongs_to_value(text.get(next..next_end).unwrap_or(""), key_column) {
            return value_start..end;
        }
        end = next_end;
    }
}

/// Whether a line after the key's can be part of its value: it is blank, indented more than the
/// key, or at least nothing that begins something else.
fn belongs_to_value(line: &str, key_column: usize) -> bool {
    let content = line.trim_start_matches([' ', '\t']);
    let indent = line.len() - content.len();
    if content.is_empty() || indent > key_column {
        return true;
    }
    let is_list_item = content == "-" || content.starts_with("- ");
    if is_list_item && indent == key_column {
        return true;
    }
    let begins_something =
        is_list_item || content.starts_with(['#', '}', ']', '{', '?']) || matches!(content.trim_end(), "---" | "...");
    !begins_something && !looks_like_key(content)
}

/// `name:`, `name: value`, `"name": value`.
fn looks_like_key(content: &str) -> bool {
    let Some((name, rest)) = content.split_once(':') else { return false };
    let is_name =
        |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '"' | '\'' | '/' | '*');
    !name.is_empty() && name.trim_end().chars().all(is_name) && (rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
}

/// The end of the quoted or bracketed value at `start`; `start` itself for any other.
fn closing(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or("").as_bytes();
    let mut at = 0;
    // A tag or an anchor may stand before the value.
    while matches!(rest.get(at), Some(b'!' | b'&')) {
        at += rest[at..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        at += rest[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    }
    let mut depth = 0_usize;
    let mut quote = None;
    while let Some(&byte) = rest.get(at) {
        match (quote, byte) {
            (Some(b'"'), b'\\') => at += 1,
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[' | b'{') => depth += 1,
            (None, b']' | b'}') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 => return start,
            (None, _) => {}
        }
        at += 1;
        if quote.is_none() && depth == 0 {
            break;
        }
    }
    (start + at).min(text.len())
}

fn line_end(text: &str, from: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', text.as_bytes().get(from..).unwrap_or(&[])).map_or(text.len(), |length| from + length)
}

fn newline_length(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([b'\r' | b'\n', ..]) => 1,
        _ => 0,
    }
}

/// The password of `scheme://user:password@host`, when `colon` is the one after the scheme.
fn password_in_url(text: &str, colon: usize) -> Option<Range<usize>> {
    let authority = text.get(colon..)?.strip_prefix("://")?;
    let length = authority
        .find(|character: char| character.is_whitespace() || matches!(character, '/' | '"'))
        .unwrap_or(authority.len());
    let (user_info, _) = authority.get(..length)?.rsplit_once('@')?;
    let (user, _) = user_info.split_once(':')?;
    let start = colon + "://".len();
    Some(start + user.len() + 1..start + user_info.len())
}

/// Private keys in PEM form, wherever they stand.
fn private_keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut end = 0;
    for start in memchr::memmem::find_iter(text.as_bytes(), "-----BEGIN ") {
        let first_line = text.get(start..line_end(text, start)).unwrap_or("");
        if start < end || !first_line.contains("PRIVATE KEY") {
            continue;
        }
        let closing = text.get(start..).and_then(|rest| rest.find("-----END "));
        end = closing.map_or(text.len(), |length| line_end(text, start + length));
        found.push(start..end);
    }
    found
}

/// The name in `*name`, when that is the whole value.
fn alias_in(value: &str) -> Option<&str> {
    let name = value.trim().strip_prefix('*')?;
    name.split_whitespace().next()
}

/// The value that an anchor names.
fn anchored(text: &str, name: &str) -> Option<Range<usize>> {
    let wanted = format!("&{name}");
    let start = text
        .match_indices(&wanted)
        .map(|(start, _)| start + wanted.len())
        .find(|&end| text.get(end..).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)))?;
    let line_start = text.get(..start)?.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let line = text.get(line_start..)?;
    let key_start = line_start + (line.len() - line.trim_start_matches([' ', '-']).len());
    Some(value_after(text, key_start.min(start), start))
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The values of Kubernetes Secrets, which base64 does not hide: all long runs of its letters that are words of their
/// own, however the manifest is written. In an object without a kind, those that are a text or compressed.
fn encoded_values(text: &str) -> Vec<Range<usize>> {
    const SHORTEST: usize = 24;
    let is_secret = text.contains("Secret");
    if !is_secret && !["metadata", "binaryData"].iter().any(|key| text.contains(key)) {
        return Vec::new();
    }
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let is_edge = |byte: Option<&u8>| byte.is_none_or(|byte| byte.is_ascii_whitespace() || b"\"',[]{}:".contains(byte));
    let bytes = text.as_bytes();
    let (mut ranges, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let length = bytes.iter().skip(at).take_while(|byte| is_letter(**byte)).count();
        let before = at.checked_sub(1).and_then(|last| bytes.get(last));
        let is_word = is_edge(before) && is_edge(bytes.get(at + length));
        let is_value = || is_secret || text.get(at..at + length).is_some_and(hides_text);
        if length >= SHORTEST && is_word && is_value() {
            ranges.push(at..at + length);
        }
        at += length + 1;
    }
    ranges
}

/// Whether a word is base64 of a text, or of compressed data.
fn hides_text(word: &str) -> bool {
    let bytes = base64::engine::general_purpose::STANDARD.decode(word).unwrap_or_default();
    bytes.starts_with(&[0x1f, 0x8b]) || (!bytes.is_empty() && std::str::from_utf8(&bytes).is_ok())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_values_of_a_kubernetes_secret_are_secret_in_base64_as_well() {
        let value = "c2NyYXBlX2NvbmZpZ3M6IFtdCg==";
        for text in [
            format!("kind: Secret\ndata:\n  p.yml: {value}\n"),
            format!("kind: Secret\ndata:\n  p.yml: \"{value}\"\n"),
            format!("kind: Secret\ndata:\n  p.yml: >-\n    {value}\n    {value}\n"),
            format!("{{\"kind\":\"Secret\",\"data\":{{\"p.yml\":\"{value}\"}}}}"),
            format!("{{kind: 'Secret', data: {{a: {value}, b: {value}}}}}\r\n"),
            format!("metadata: {{}}\ndata: {{p.yml: {value}}}\n"),
            format!("kind: ConfigMap\nbinaryData: {{p.yml: {value}}}\n"),
        ] {
            assert!(!crate::report::printable(&text).contains(value), "{text}");
        }
        assert!(Secrets::find(&format!("kind: ConfigMap\ndata:\n  p.yml: {value}\n")).is_empty());
        let path = "metadata: {}\ndata:\n  p.yml: |\n    files: [/etc/prometheus/secrets/tls/ca]\n";
        assert!(Secrets::find(path).is_empty());
    }

    use super::*;

    /// The whole text as its lines would be shown.
    fn shown(text: &str) -> String {
        let secrets = Secrets::find(text);
        let index = crate::text::LineIndex::new(text);
        let lines = (1..=index.line_count()).map(|line| secrets.masked(text, index.line_range(text, line)));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_value_after_a_secret_key_is_masked_however_it_is_written() {
        assert_eq!(shown("password: hunter2 # mine"), "password: <secret>");
        assert_eq!(shown("- password:hunter2"), "- password:<secret>");
        assert_eq!(shown("\"password\" : 'hunter2'"), "\"password\" : <secret>");
        assert_eq!(shown("{user: me, credentials: hunter2}"), "{user: me, credentials: <secret>");
        assert_eq!(shown("? password\n: hunter2\n"), "? password\n: <secret>\n");
    }

    #[test]
    fn what_only_resembles_a_secret_key_is_shown() {
        assert_eq!(
            shown("password_file: /a\nkey_file: b\nmy_key: c\nkeys: d"),
            "password_file: /a\nkey_file: b\nmy_key: c\nkeys: d"
        );
        assert_eq!(shown("job_name: password"), "job_name: password");
    }

    #[test]
    fn block_scalars_are_masked_to_their_end() {
        assert_eq!(
            shown("tls_config:\n  key: |\n    line one\n\n    line two: x\n  cert_file: a\n"),
            "tls_config:\n  key: <secret>\n    <secret>\n\n    <secret>\n  cert_file: a\n"
        );
    }

    #[test]
    fn a_block_that_is_indented_wrongly_is_masked_too() {
        assert_eq!(
            shown(
                "  key: |\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4\nMIIE\n-----END RSA PRIVATE KEY-----\nglobal:\n"
            ),
            "  key: <secret>\n<secret>\n<secret>\n<secret>\n<secret>\nglobal:\n"
        );
        assert_eq!(
            shown("  credentials: >\n  abc\n  def\n  type: x"),
            "  credentials: <secret>\n  <secret>\n  <secret>\n  type: x"
        );
    }

    #[test]
    fn quoted_values_are_masked_over_lines_to_the_closing_quote() {
        assert_eq!(
            shown("a:\n  token: \"one\ntwo: three\nfour\"\nb: 1"),
            "a:\n  token: <secret>\n<secret>\n<secret>\nb: 1"
        );
        assert_eq!(shown("token: \"never\nclosed: x"), "token: <secret>\n<secret>");
    }

    #[test]
    fn lists_and_maps_of_secrets_are_masked() {
        assert_eq!(
            shown("h:\n  secrets:\n  - one\n  - two\n  files: []"),
            "h:\n  secrets:\n  <secret>\n  <secret>\n  files: []"
        );
        assert_eq!(shown("secrets: [one,\n two]\nx: 1"), "secrets: <secret>\n <secret>\nx: 1");
        assert_eq!(shown("proxy_connect_header:\n  A: [x]\nurl: y"), "proxy_connect_header:\n  <secret>\nurl: y");
    }

    #[test]
    fn a_secret_behind_an_alias_is_masked_where_it_is_anchored() {
        assert_eq!(shown("x: &pw hunter2\ny: 1\npassword: *pw\n"), "x: &pw <secret>\ny: 1\npassword: <secret>\n");
    }

    #[test]
    fn every_secret_field_of_every_section_is_known() {
        let mut keys = secret_keys().to_vec();
        keys.sort_unstable();
        assert_eq!(
            keys,
            [
                "application_credential_secret",
                "application_secret",
                "auth_token",
                "bearer_token",
                "certificate_password",
                "client_certificate_key",
                "client_secret",
                "consumer_key",
                "credentials",
                "key",
                "key_passphrase",
                "password",
                "private_key",
                "proxy_connect_header",
                "secret_key",
                "secrets",
                "service_account_key",
                "token",
            ]
        );
    }

    #[test]
    fn a_password_inside_a_url_is_masked() {
        assert_eq!(shown("proxy_url: http://me:hunter2@h:80/x"), "proxy_url: http://me:<secret>@h:80/x");
        assert_eq!(shown("url: http://h:80/@x"), "url: http://h:80/@x");
    }
}
