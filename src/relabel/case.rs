//! Case mapping of single code points, as Go's `unicode.ToUpper` and `unicode.ToLower`.

/// Appends `text` in upper case: per code point, by Unicode's simple mappings.
pub(super) fn push_upper(text: &str, out: &mut String) {
    if text.is_ascii() {
        push_ascii(text, u8::to_ascii_uppercase, out);
    } else {
        out.extend(text.chars().map(upper));
    }
}

/// Appends `text` in lower case: per code point, by Unicode's simple mappings.
pub(super) fn push_lower(text: &str, out: &mut String) {
    if text.is_ascii() {
        push_ascii(text, u8::to_ascii_lowercase, out);
    } else {
        out.extend(text.chars().map(lower));
    }
}

fn push_ascii(text: &str, map: impl Fn(&u8) -> u8, out: &mut String) {
    out.extend(text.as_bytes().iter().map(|byte| char::from(map(byte))));
}

/// Where the full mapping has several characters the simple one has one, or is the character itself.
fn upper(c: char) -> char {
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

fn lower(c: char) -> char {
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
        push_upper(text, &mut uppered);
        push_lower(text, &mut lowered);
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
}
