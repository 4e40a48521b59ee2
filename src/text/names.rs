//! Names of files that are not UTF-8, as texts.
//!
//! A byte that is not part of UTF-8 is the character U+10FF00 plus the byte: one of U+10FF80 to U+10FFFF. These are for
//! private use; where a name has one of them, its four bytes are written in the same way. So every name has one text, and
//! every text that is made so gives back its name.

use std::borrow::Cow;

/// A byte `b` is the character of this number plus `b`.
const BYTES: u32 = 0x0010_ff00;

/// The byte that a character is for.
pub(super) fn byte_of(character: char) -> Option<u8> {
    u32::from(character).checked_sub(BYTES).and_then(|byte| u8::try_from(byte).ok()).filter(|byte| *byte >= 0x80)
}

fn character_of(byte: u8) -> char {
    char::from_u32(BYTES + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The text of a name: UTF-8 as it is, each other byte as the character U+10FF00 plus the byte.
///
/// ```
/// use promcfg::text::{name_from_bytes, name_to_bytes};
/// let name = name_from_bytes(b"a\xff.yml");
/// assert_eq!(name, "a\u{10ffff}.yml");
/// assert_eq!(*name_to_bytes(&name), *b"a\xff.yml");
/// ```
#[must_use]
pub fn name_from_bytes(bytes: &[u8]) -> String {
    if let Ok(name) = std::str::from_utf8(bytes)
        && name.is_ascii()
    {
        return name.to_string();
    }
    let mut name = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match byte_of(character) {
                None => name.push(character),
                Some(_) => name.extend(character.encode_utf8(&mut [0; 4]).bytes().map(character_of)),
            }
        }
        name.extend(chunk.invalid().iter().copied().map(character_of));
    }
    name
}

/// The bytes of a name: see [`name_from_bytes`].
///
/// ```
/// assert_eq!(*promcfg::text::name_to_bytes("größe.yml"), *"größe.yml".as_bytes());
/// ```
#[must_use]
pub fn name_to_bytes(name: &str) -> Cow<'_, [u8]> {
    if name.is_ascii() || name.chars().all(|character| byte_of(character).is_none()) {
        return Cow::Borrowed(name.as_bytes());
    }
    let mut bytes = Vec::with_capacity(name.len());
    for character in name.chars() {
        match byte_of(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_comes_back_and_has_a_text_of_its_own() {
        let names: [&[u8]; 8] = [
            b"a.yml",
            "größe".as_bytes(),
            b"\xff\x80",
            b"a\xe2\x82",
            "\u{10ffff}".as_bytes(),
            "\u{10ff80}x".as_bytes(),
            b"\xf4\x8f\xbf\xff",
            b"",
        ];
        let texts: Vec<String> = names.iter().map(|name| name_from_bytes(name)).collect();
        for (name, text) in names.iter().zip(&texts) {
            assert_eq!(*name_to_bytes(text), **name);
        }
        let distinct: std::collections::BTreeSet<&String> = texts.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }
}
