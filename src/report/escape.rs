//! Values as they may be shown on a terminal: on one line, and without control characters.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` with all characters that could move the cursor, change colors or turn the direction of
/// writing replaced by an escape like `\n` or `\u{1b}`. A backslash stays as it is.
///
/// ```
/// assert_eq!(promcfg::report::escape_text("a\tb\u{1b}[31m"), "a\\tb\\u{1b}[31m");
/// assert_eq!(promcfg::report::escape_text("(.+):\\d+"), "(.+):\\d+");
/// ```
#[must_use]
pub fn escape_text(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(is_dangerous) else { return Cow::Borrowed(text) };
    let (clean, rest) = text.split_at(first);
    let mut escaped = String::with_capacity(text.len() + 8);
    escaped.push_str(clean);
    for character in rest.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            _ if is_dangerous(character) => {
                let _never = write!(escaped, "\\u{{{:x}}}", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// Control characters, line separators, marks of writing direction, and marks without a width.
pub(super) fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `text` escaped, and cut after `most` characters with a note of how much was left out.
///
/// ```
/// assert_eq!(promcfg::report::shorten("0123456789", 4), "0123… (6 more characters)");
/// assert_eq!(promcfg::report::shorten("0123", 4), "0123");
/// ```
#[must_use]
pub fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => escape_text(text),
        Some((end, _)) => {
            let (shown, rest) = text.split_at(end);
            let left_out = rest.chars().count();
            Cow::Owned(format!("{}… ({left_out} more characters)", escape_text(shown)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_comes_through() {
        assert_eq!(escape_text("a\nb\rc\u{7}\u{9b}31m"), "a\\nb\\rc\\u{7}\\u{9b}31m");
        assert_eq!(escape_text("a\u{202e}b\u{2028}"), "a\\u{202e}b\\u{2028}");
        assert_eq!(escape_text("größe 大"), "größe 大");
    }

    #[test]
    fn a_long_value_is_cut_at_characters() {
        assert_eq!(shorten("äöüß", 2), "äö… (2 more characters)");
        assert_eq!(shorten("\n\n\n", 1), "\\n… (2 more characters)");
    }
}
