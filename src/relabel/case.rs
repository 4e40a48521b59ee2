//! Case mapping of single code points, as Go's `unicode.ToUpper` and `unicode.ToLower`.

use crate::text::new_case_of;

/// Appends `text` in upper case: per code point, by the simple mappings of a major version of Unicode.
pub(super) fn push_upper(text: &str, unicode: u16, out: &mut String) {
    if text.is_ascii() {
        push_ascii(text, u8::to_ascii_uppercase, out);
    } else {
        out.extend(text.chars().map(|c| upper(c, unicode)));
    }
}

/// Appends `text` in lower case: per code point, by the simple mappings of a major version of Unicode.
pub(super) fn push_lower(text: &str, unicode: u16, out: &mut String) {
    if text.is_ascii() {
        push_ascii(text, u8::to_ascii_lowercase, out);
    } else {
        out.extend(text.chars().map(|c| lower(c, unicode)));
    }
}

fn push_ascii(text: &str, map: impl Fn(&u8) -> u8, out: &mut String) {
    out.extend(text.as_bytes().iter().map(|byte| char::from(map(byte))));
}

/// Where the full mapping has several characters the simple one has one, or is the character itself.
fn upper(c: char, unicode: u16) -> char {
    if let Some(pair) = new_case_of(c) {
        return if unicode >= pair.since { pair.upper } else { c };
    }
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => match c {
            // Greek letters with a iota below become their title case.
            '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => offset(c, 8),
            '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => offset(c, 9),
            _ => c,
        },
    }
}

fn lower(c: char, unicode: u16) -> char {
    if let Some(pair) = new_case_of(c) {
        return if unicode >= pair.since { pair.lower } else { c };
    }
    let mut mapped = c.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ if c == '\u{130}' => 'i',
        _ => c,
    }
}

fn offset(c: char, by: u32) -> char {
    char::from_u32(u32::from(c) + by).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str) -> (String, String) {
        let (mut uppered, mut lowered) = (String::new(), String::new());
        push_upper(text, 17, &mut uppered);
        push_lower(text, 17, &mut lowered);
        (uppered, lowered)
    }

    #[track_caller]
    fn maps(text: &str, uppered: &str, lowered: &str) {
        assert_eq!(both(text), (uppered.to_string(), lowered.to_string()));
    }

    #[test]
    fn letters_of_all_scripts_change_case() {
        maps("aZ9-", "AZ9-", "az9-");
        maps("äÖяЖ", "ÄÖЯЖ", "äöяж");
        maps("ɐⱯ", "ⱯⱯ", "ɐɐ");
        maps("ꭰᎠ", "ᎠᎠ", "ꭰꭰ");
    }

    #[test]
    fn characters_whose_full_mapping_is_longer_stay() {
        maps(
            "ß\u{149}\u{fb01}\u{1f0}\u{390}\u{587}",
            "ß\u{149}\u{fb01}\u{1f0}\u{390}\u{587}",
            "ß\u{149}\u{fb01}\u{1f0}\u{390}\u{587}",
        );
        maps("ẞ", "ẞ", "ß");
    }

    #[test]
    fn titlecase_letters_become_upper_or_lower() {
        maps("\u{1c4}\u{1c5}\u{1c6}", "\u{1c4}\u{1c4}\u{1c4}", "\u{1c6}\u{1c6}\u{1c6}");
    }

    #[test]
    fn greek_iota_below_has_simple_mappings() {
        maps("\u{1f80}\u{1f97}\u{1fa7}", "\u{1f88}\u{1f9f}\u{1faf}", "\u{1f80}\u{1f97}\u{1fa7}");
        maps("\u{1f88}\u{1fbc}", "\u{1f88}\u{1fbc}", "\u{1f80}\u{1fb3}");
        maps(
            "\u{1fb3}\u{1fc3}\u{1ff3}\u{1fb2}",
            "\u{1fbc}\u{1fcc}\u{1ffc}\u{1fb2}",
            "\u{1fb3}\u{1fc3}\u{1ff3}\u{1fb2}",
        );
    }

    #[test]
    fn there_is_no_context() {
        maps("ΑΣ", "ΑΣ", "ασ");
        maps("İIı", "İII", "iiı");
        maps("ς", "Σ", "ς");
    }

    #[test]
    fn new_letters_change_case_since_their_version_of_unicode() {
        let both = |text: &str, unicode: u16| {
            let (mut uppered, mut lowered) = (String::new(), String::new());
            push_upper(text, unicode, &mut uppered);
            push_lower(text, unicode, &mut lowered);
            (uppered, lowered)
        };
        let letters = "\u{105A3}\u{264}\u{A7DC}\u{10D65}\u{16EA0}";
        let of_13 = both(letters, 13);
        assert_eq!(of_13, (letters.to_string(), letters.to_string()));
        let upper_15 = "\u{1057C}\u{264}\u{A7DC}\u{10D65}\u{16EA0}";
        assert_eq!(both(letters, 15), (upper_15.to_string(), letters.to_string()));
        let upper_17 = "\u{1057C}\u{A7CB}\u{A7DC}\u{10D65}\u{16EA0}";
        let lower_17 = "\u{105A3}\u{264}\u{19B}\u{10D85}\u{16EBB}";
        assert_eq!(both(letters, 17), (upper_17.to_string(), lower_17.to_string()));
    }
}
