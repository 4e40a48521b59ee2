//! URLs as Go parses them: whether one is taken, and the parts the checks ask for.
//!
//! Source: `net/url.Parse` of Go 1.26.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::text::go_quote;

/// The parts of a URL that Prometheus looks at.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Url {
    /// In lower case.
    pub(crate) scheme: String,
    /// With its port, without user and password.
    pub(crate) host: String,
}

/// Parses a URL.
///
/// # Errors
/// Go's message: ``parse ":x": missing protocol scheme``. A password in the URL is replaced by
/// `xxxxx`.
pub(crate) fn parse_url(text: &str) -> Result<Url, String> {
    let (main, fragment) = text.split_once('#').unwrap_or((text, ""));
    let fault = |shown: &str, message: String| format!("parse {}: {message}", go_quote(&without_password(shown)));
    let url = parse_main(main, HostSyntax::Brackets).map_err(|message| fault(main, message))?;
    check_escapes(fragment, Part::Other).map_err(|message| fault(text, message))?;
    Ok(url)
}

/// How strict the syntax of a host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostSyntax {
    /// Go before 1.26: anything may be in brackets.
    Lax,
    /// An IPv6 address is in brackets; of several colons outside of brackets the last one begins the port.
    Brackets,
    /// The same, and in a URL of HTTP the first colon outside of brackets begins the port.
    BracketsAndColons,
}

/// Parses a URL without a fragment.
///
/// # Errors
/// Go's message without the URL: `missing protocol scheme`.
pub(crate) fn parse_main(text: &str, syntax: HostSyntax) -> Result<Url, String> {
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return Err("net/url: invalid control character in URL".to_string());
    }
    let (scheme, rest) = split_scheme(text)?;
    let scheme = scheme.to_ascii_lowercase();
    let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            return Ok(Url { scheme, host: String::new() });
        }
        if rest.split('/').next().unwrap_or("").contains(':') {
            return Err("first path segment in URL cannot contain colon".to_string());
        }
    }
    let authority = if scheme.is_empty() && rest.starts_with("///") { None } else { rest.strip_prefix("//") };
    let Some(authority) = authority else {
        check_escapes(rest, Part::Other)?;
        return Ok(Url { scheme, host: String::new() });
    };
    let is_http = matches!(scheme.as_str(), "http" | "https");
    let is_lenient = syntax == HostSyntax::BracketsAndColons && !is_http;
    let syntax = if is_lenient { HostSyntax::Brackets } else { syntax };
    let (authority, path) = authority.split_at(authority.find('/').unwrap_or(authority.len()));
    let host = match authority.rsplit_once('@') {
        Some((user, host)) => {
            check_host(host, syntax)?;
            check_user(user)?;
            host
        }
        None => {
            check_host(authority, syntax)?;
            authority
        }
    };
    check_escapes(path, Part::Other)?;
    Ok(Url { scheme, host: host.to_string() })
}

fn split_scheme(text: &str) -> Result<(&str, &str), String> {
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            b':' if index == 0 => return Err("missing protocol scheme".to_string()),
            b':' => return Ok((&text[..index], &text[index + 1..])),
            _ => return Ok(("", text)),
        }
    }
    Ok(("", text))
}

fn check_user(user: &str) -> Result<(), String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    if !user.bytes().all(is_allowed) {
        return Err("net/url: invalid userinfo".to_string());
    }
    check_escapes(user, Part::Other)
}

fn check_host(host: &str, syntax: HostSyntax) -> Result<(), String> {
    let is_lax = syntax == HostSyntax::Lax;
    let Some(inner) = host.strip_prefix('[') else {
        if host.contains('[') && !is_lax {
            return Err("invalid IP-literal".to_string());
        }
        let is_first = syntax == HostSyntax::BracketsAndColons;
        if let Some(colon) = if is_first { host.find(':') } else { host.rfind(':') } {
            check_port(&host[colon..])?;
        }
        return check_escapes(host, Part::Host);
    };
    if inner.contains('[') && !is_lax {
        return Err("invalid IP-literal".to_string());
    }
    let Some(end) = inner.rfind(']') else { return Err("missing ']' in host".to_string()) };
    check_port(&inner[end + 1..])?;
    let address = &inner[..end];
    let (address, zone) = address.split_once("%25").map_or((address, None), |(address, zone)| (address, Some(zone)));
    check_escapes(address, Part::Host)?;
    check_escapes(zone.unwrap_or(""), Part::Zone)?;
    if is_lax || (address.parse::<Ipv6Addr>().is_ok() && zone != Some("")) {
        return Ok(());
    }
    let is_ipv4 = zone.is_none() && address.parse::<Ipv4Addr>().is_ok();
    Err(if is_ipv4 { "invalid IP-literal" } else { "invalid host" }.to_string())
}

fn check_port(port: &str) -> Result<(), String> {
    let is_valid = port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    if is_valid { Ok(()) } else { Err(format!("invalid port {} after host", go_quote(port))) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Host,
    Zone,
    Other,
}

/// Whether an ASCII character may be in a host without an escape.
fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!$&'()*+,;=:[]<>\"-_.~".contains(&byte)
}

/// Escapes must be complete; a host may have few characters and almost no escapes.
fn check_escapes(text: &str, part: Part) -> Result<(), String> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'%' {
            let escape = bytes.get(at + 1..at + 3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
            let shown = || String::from_utf8_lossy(&bytes[at..bytes.len().min(at + 3)]).into_owned();
            let Some(escape) = escape else { return Err(format!("invalid URL escape {}", go_quote(&shown()))) };
            let is_ascii = matches!(escape[0], b'0'..=b'7');
            if part == Part::Host && is_ascii && escape != b"25" {
                return Err(format!("invalid URL escape {}", go_quote(&shown())));
            }
            let code = u8::from_str_radix(std::str::from_utf8(escape).unwrap_or(""), 16).unwrap_or(0);
            if part == Part::Zone && !matches!(code, b'%' | b' ') && !is_host_byte(code) {
                return Err(format!("invalid URL escape {}", go_quote(&shown())));
            }
            at += 3;
            continue;
        }
        if part != Part::Other && byte < 0x80 && !is_host_byte(byte) {
            return Err(format!("invalid character {} in host name", go_quote(&char::from(byte).to_string())));
        }
        at += 1;
    }
    Ok(())
}

/// The URL with `xxxxx` for its password: it is never shown.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("//") else { return url.to_string() };
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
        Some((user, host)) => format!("{scheme}//{user}:xxxxx@{host}{}", &rest[end..]),
        None => url.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_and_host_are_taken_from_a_url() {
        let url = parse_url("HTTPS://me:pw@h.example:80/a%20b?c#d").expect("is a URL");
        assert_eq!((url.scheme.as_str(), url.host.as_str()), ("https", "h.example:80"));
        assert_eq!(parse_url("relative/path"), Ok(Url::default()));
        assert_eq!(parse_url("").map(|url| url.host), Ok(String::new()));
        assert_eq!(parse_url("mailto:x").map(|url| url.scheme), Ok("mailto".to_string()));
        assert_eq!(parse_url("http://[::1]:80/").map(|url| url.host), Ok("[::1]:80".to_string()));
    }

    #[test]
    fn what_is_no_url_is_refused_in_gos_words() {
        for (text, expected) in [
            (":x", r#"parse ":x": missing protocol scheme"#),
            ("http://[::1", r#"parse "http://[::1": missing ']' in host"#),
            ("a:b/c:d", ""),
            ("1a:b", r#"parse "1a:b": first path segment in URL cannot contain colon"#),
            ("http://h:x/", r#"parse "http://h:x/": invalid port ":x" after host"#),
            ("http://h/%zz", r#"parse "http://h/%zz": invalid URL escape "%zz""#),
            ("http://a b/", r#"parse "http://a b/": invalid character " " in host name"#),
            ("http://u:p w@h/", r#"parse "http://u:xxxxx@h/": net/url: invalid userinfo"#),
            ("http://h/\n", r#"parse "http://h/\n": net/url: invalid control character in URL"#),
        ] {
            assert_eq!(parse_url(text).err().unwrap_or_default(), expected, "{text}");
        }
    }
}
