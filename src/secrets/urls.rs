//! Passwords in URLs, `scheme://user:password@host`, also where the URL cannot be read: a password with `/`, `?`, `#`,
//! blanks or escapes that should have been written in another way.

use std::ops::Range;

use memchr::memmem;

/// The passwords of all URLs in a text, and those of `user:password@host` without a scheme.
pub(super) fn passwords(text: &str) -> Vec<Range<usize>> {
    let separators = separators(text);
    let mut found = Vec::new();
    for (index, separator) in separators.iter().enumerate() {
        let next = separators.get(index + 1).map_or(text.len(), |next| next.start);
        let region = region(text, separator, next);
        found.extend(in_region(text, separator, region));
    }
    found.extend(without_scheme(text));
    found
}

/// The places of `://`, also as JSON may write it.
fn separators(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> =
        memmem::find_iter(text.as_bytes(), "://").map(|start| start..start + "://".len()).collect();
    const ESCAPED: &str = ":\\/\\/";
    found.extend(memmem::find_iter(text.as_bytes(), ESCAPED).map(|start| start..start + ESCAPED.len()));
    found.sort_by_key(|range| range.start);
    found
}

/// Where a URL can end at most: at its closing quote, else at the end of the line.
fn region(text: &str, separator: &Range<usize>, next: usize) -> Range<usize> {
    const LONGEST: usize = 4096;
    let bytes = text.as_bytes();
    let scheme = scheme(text, separator.start);
    let quote = scheme.start.checked_sub(1).and_then(|at| bytes.get(at)).filter(|byte| matches!(byte, b'"' | b'\''));
    let rest = bytes.get(separator.end..next).unwrap_or(&[]);
    if let Some(quote) = quote
        && let Some(length) = rest.iter().take(LONGEST).position(|byte| byte == quote)
    {
        return separator.end..separator.end + length;
    }
    let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    separator.end..separator.end + length
}

fn scheme(text: &str, end: usize) -> Range<usize> {
    const LONGEST: usize = 24;
    let is_scheme = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-');
    let before = text.as_bytes().get(..end).unwrap_or(&[]);
    end - before.iter().rev().take(LONGEST).take_while(is_scheme).count()..end
}

fn in_region(text: &str, separator: &Range<usize>, region: Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(region.clone())?;
    // The address of a host in brackets has colons.
    let bracketed = if rest.starts_with('[') { rest.find(']').map_or(0, |end| end + 1) } else { 0 };
    match rest.rfind('@').filter(|at| *at > bracketed && !is_digest(&rest[at + 1..])) {
        Some(at) => {
            let colon = rest.get(bracketed..at)?.find(':')? + bracketed;
            let password = &rest[colon + 1..at];
            // Go hides passwords that it can read.
            let is_secret = !matches!(password, "" | "xxxxx") && !is_port_with_more(password);
            is_secret.then(|| region.start + colon + 1..region.start + at)
        }
        None => {
            let is_http = matches!(text.get(scheme(text, separator.start))?, "http" | "https");
            if is_http && bracketed == 0 { in_place_of_port(rest, region.start) } else { None }
        }
    }
}

/// Whether what seems to be a password is a port, and another text follows the URL.
fn is_port_with_more(password: &str) -> bool {
    let digits = password.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &password[digits..];
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ']' | '}' | ')' | '`' | '<' | '\\');
    (1..=5).contains(&digits) && (rest.starts_with(ends) || rest.starts_with(['/', '?', '#']) && rest.contains(ends))
}

fn is_digest(text: &str) -> bool {
    text.starts_with("sha256:") || text.starts_with("sha512:")
}

/// `http://user:password` without a host: Go says that the port is invalid.
fn in_place_of_port(rest: &str, start: usize) -> Option<Range<usize>> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ']' | '}' | ')' | '`' | '<' | '>');
    let word = rest.split(ends).next()?;
    let host_end = word.find(['/', '?', '#']).unwrap_or(word.len());
    let colon = word.get(..host_end)?.find(':')?;
    let port = word.get(colon + 1..host_end)?;
    let is_port = port.is_empty() || port.bytes().all(|byte| byte.is_ascii_digit());
    // A template, a pattern or a word in the place of the port.
    let is_open = port.starts_with(|c: char| !c.is_alphanumeric())
        || port.eq_ignore_ascii_case("port")
        || word.contains(['$', '\\', '|', '*']);
    (!is_port && !is_open).then(|| start + colon + 1..start + word.len())
}

/// `user:password@host`.
fn without_scheme(text: &str) -> Vec<Range<usize>> {
    const LONGEST: usize = 160;
    const NO_USERS: [&str; 9] = ["mailto", "sip", "sips", "xmpp", "acct", "git", "npm", "thin", "http"];
    let bytes = text.as_bytes();
    let is_edge = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`,[{(=<>|;".contains(byte);
    let is_user = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+' | b'%');
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'@', bytes) {
        let from = at.saturating_sub(LONGEST);
        let start = bytes[from..at].iter().rposition(is_edge).map_or(from, |edge| from + edge + 1);
        let (Some(word), Some(after)) = (text.get(start..at), text.get(at + 1..)) else { continue };
        let start = start + length_of_slashes(word);
        let word = text.get(start..at).unwrap_or("");
        let Some((user, password)) = word.split_once(':') else { continue };
        let is_host = after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '$' | '{' | '['));
        let digits = password.bytes().take_while(u8::is_ascii_digit).count();
        let is_port = digits > 0 && password[digits..].starts_with('/');
        if !user.is_empty()
            && user.bytes().all(is_user)
            && !NO_USERS.contains(&user)
            && !password.is_empty()
            && !password.starts_with("//")
            && !is_port
            && is_host
            && !is_digest(after)
        {
            found.push(start + user.len() + 1..at);
        }
    }
    found
}

/// The length of slashes before a user, and of a scheme before them, where they are not `scheme://`.
fn length_of_slashes(word: &str) -> usize {
    let scheme = word.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let from = if word[scheme..].starts_with(':') { scheme + 1 } else { 0 };
    let rest = &word[from..];
    let slashes = rest.bytes().take_while(|byte| matches!(byte, b'/' | b'\\')).count();
    let is_separator = from > 0 && (rest.starts_with("//") || rest.starts_with("\\/\\/"));
    if slashes == 0 || is_separator { 0 } else { from + slashes }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        passwords(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn passwords_are_found_whatever_is_in_them() {
        for password in
            ["hunter2", "a/b", "a?b", "a#b", "a b", "a%zzb", "12/34", "a@b", "a\\u0040b", "8080", "ä:ö", "a #b"]
        {
            assert_eq!(found(&format!("proxy_url: http://me:{password}@h:80/x")), [password]);
            assert_eq!(found(&format!("x: \"http://me:{password}@h\" # a@b")), [password]);
        }
        assert_eq!(found("http:\\/\\/me:hunter2@h"), ["hunter2"]);
        assert_eq!(found("x: 'http://me:hun\n  ter2@h'"), ["hun\n  ter2"]);
        assert_eq!(found("x: http://me:hunter2"), ["hunter2"]);
        assert_eq!(found("x: http://me:hunter2/path y"), ["hunter2/path"]);
        assert_eq!(found("- me:hunter2@h:9100"), ["hunter2"]);
        for wrong in ["//", "/", "http:/", "http:\\\\", "\\\\"] {
            assert_eq!(found(&format!("x: {wrong}me:hunter2@h/x")), ["hunter2"], "{wrong}");
        }
    }

    #[test]
    fn other_urls_have_no_password() {
        for text in [
            "http://h:80/x",
            "http://[::1]:80/x",
            "{a: http://h:80/x, mail: me@x}",
            "[\"http://a:1\", \"me@x\"]",
            "http://$1:$2/x",
            "http://host:port/",
            "http://{{ h }}:{{ p }}/",
            "https?://([^:]+):(\\d+)",
            "docker://sha256:0f8fad5bd9cb",
            "docker-pullable://r:5000/img@sha256:0f8fad5bd9cb",
            "r:5000/img@v1",
            "mailto:me@x",
            "git@github.com:me/x",
            "container_id: quay.io/x:v1@sha256:0f8f",
            "http://me@h:80/",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
