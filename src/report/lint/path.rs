//! Names of files as programs want them.

use std::borrow::Cow;

use crate::text::name_to_bytes;

/// A path as Git and the forges write it: with `/`, and without `./` before it.
pub(super) fn tidy_path(name: &str) -> Cow<'_, str> {
    let name = if cfg!(windows) && name.contains('\\') { Cow::Owned(name.replace('\\', "/")) } else { name.into() };
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.strip_prefix("./").unwrap_or(name)),
        Cow::Owned(name) => Cow::Owned(name.strip_prefix("./").unwrap_or(&name).to_string()),
    }
}

/// A path as a URI: relative as it is, an absolute one with the scheme `file`. All that has a meaning
/// in URIs or is beyond ASCII is percent-encoded.
pub(super) fn path_uri(name: &str) -> String {
    let path = tidy_path(name);
    let has_drive = matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    let (mut uri, path) = match (cfg!(windows) && has_drive, path.starts_with('/')) {
        (true, _) => (format!("file:///{}", &path[..2]), &path[2..]),
        (false, true) => ("file://".to_string(), &*path),
        (false, false) => (String::new(), &*path),
    };
    for &byte in name_to_bytes(path).iter() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_has_a_meaning_in_a_uri_is_encoded() {
        assert_eq!(path_uri("conf/p.yml"), "conf/p.yml");
        assert_eq!(path_uri("./a b/50%.yml"), "a%20b/50%25.yml");
        assert_eq!(path_uri("c:d/größe#1?.yml"), "c%3Ad/gr%C3%B6%C3%9Fe%231%3F.yml");
        assert_eq!(path_uri("/etc/prometheus.yml"), "file:///etc/prometheus.yml");
        assert_eq!(path_uri("<stdin>"), "%3Cstdin%3E");
        assert_eq!(path_uri(&crate::text::name_from_bytes(b"a\xff.yml")), "a%FF.yml");
    }
}
