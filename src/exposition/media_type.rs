//! The `Content-Type` header, as Go's `mime.ParseMediaType` reads it.

use std::collections::BTreeMap;

/// Why a header is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaTypeError {
    NoType,
    NoSlash,
    NoSubtype,
    AfterSubtype,
    Parameter,
    DuplicateParameter,
}

impl MediaTypeError {
    /// Go's message, without `mime: `.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::NoType => "no media type",
            Self::NoSlash => "expected slash after first token",
            Self::NoSubtype => "expected token after slash",
            Self::AfterSubtype => "unexpected content after media subtype",
            Self::Parameter => "invalid media parameter",
            Self::DuplicateParameter => "duplicate parameter name",
        }
    }
}

/// The type of a header in lower case. Its parameters must be valid, and equal where one occurs twice.
pub(super) fn media_type(header: &str) -> Result<String, MediaTypeError> {
    let (base, mut rest) = header.split_at(header.find(';').unwrap_or(header.len()));
    let media_type = base.to_lowercase().trim().to_string();
    check_type(&media_type)?;
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(media_type);
        }
        let Some((name, value, after)) = parameter(rest) else {
            return if rest.trim() == ";" { Ok(media_type) } else { Err(MediaTypeError::Parameter) };
        };
        if parameters.get(&name).is_some_and(|known| *known != value) {
            return Err(MediaTypeError::DuplicateParameter);
        }
        parameters.insert(name, value);
        rest = after;
    }
}

fn check_type(media_type: &str) -> Result<(), MediaTypeError> {
    let (kind, rest) = token(media_type);
    if kind.is_empty() {
        return Err(MediaTypeError::NoType);
    }
    if rest.is_empty() {
        return Ok(());
    }
    let (subtype, rest) = token(rest.strip_prefix('/').ok_or(MediaTypeError::NoSlash)?);
    match (subtype, rest) {
        ("", _) => Err(MediaTypeError::NoSubtype),
        (_, "") => Ok(()),
        _ => Err(MediaTypeError::AfterSubtype),
    }
}

fn is_special(byte: u8) -> bool {
    b"()<>@,;:\\\"/[]?=".contains(&byte)
}

/// The token at the start of a text, and the rest.
fn token(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_graphic() || is_special(byte));
    text.split_at(end.unwrap_or(text.len()))
}

/// The name in lower case and the value of `; name=value`, and the rest.
fn parameter(text: &str) -> Option<(String, String, &str)> {
    let (name, rest) = token(text.strip_prefix(';')?.trim_start());
    if name.is_empty() {
        return None;
    }
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    if rest.starts_with('"') {
        let (value, after) = quoted(rest)?;
        return Some((name.to_lowercase(), value, after));
    }
    let (value, after) = token(rest);
    (!value.is_empty()).then(|| (name.to_lowercase(), value.to_string(), after))
}

/// A text in quotes and the rest. A backslash before a character that needs none is part of the text.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[at + 1..])),
            '\r' | '\n' => return None,
            '\\' => match characters.next_if(|(_, next)| u8::try_from(*next).is_ok_and(is_special)) {
                Some((_, next)) => value.push(next),
                None => value.push('\\'),
            },
            _ => value.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_go_reads_them() {
        for (header, expected) in [
            ("text/plain", "text/plain"),
            (" Text/PLAIN ; Version=0.0.4;charset=utf-8 ; ", "text/plain"),
            ("text/plain; a=\"b;c\\\"d\"; a=\"b;c\\\"d\"", "text/plain"),
            ("text/plain; a*0=x; a*1=y", "text/plain"),
            ("text", "text"),
            ("text/plain;", "text/plain"),
        ] {
            assert_eq!(media_type(header).as_deref(), Ok(expected), "{header:?}");
        }
        for (header, expected) in [
            (";version=1", MediaTypeError::NoType),
            ("text plain", MediaTypeError::NoSlash),
            ("text/", MediaTypeError::NoSubtype),
            ("text/plain, text/html", MediaTypeError::AfterSubtype),
            ("text/plain; version", MediaTypeError::Parameter),
            ("text/plain; version=", MediaTypeError::Parameter),
            ("text/plain; version=\"1", MediaTypeError::Parameter),
            ("text/plain;;", MediaTypeError::Parameter),
            ("text/plain; version=1 2", MediaTypeError::Parameter),
            ("text/plain; a=1; A=2", MediaTypeError::DuplicateParameter),
        ] {
            assert_eq!(media_type(header), Err(expected), "{header:?}");
        }
    }
}
