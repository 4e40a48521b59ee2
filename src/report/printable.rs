//! Texts of files as they may be shown: without secrets, and without characters that a terminal obeys.

use crate::text::obeyed;

use super::Secrets;

/// A text that may be shown: every byte of a secret is a `*`, every byte of a character that a
/// terminal would obey is a `?`. Offsets and line ends stay as they are.
///
/// ```
/// assert_eq!(promcfg::report::printable("password: hunter2\nx: \u{1b}[31m\n"), "password: *******\nx: ?[31m\n");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    let secrets = Secrets::find(text);
    let shown = if secrets.is_empty() { text.to_string() } else { secrets.starred(text, 0..text.len()) };
    let places: Vec<(usize, char)> =
        obeyed(&shown).filter(|(_, character)| !matches!(character, '\n' | '\r' | '\t')).collect();
    if places.is_empty() {
        return shown;
    }
    let mut safe = String::with_capacity(shown.len());
    let mut done = 0;
    for (at, character) in places {
        safe.push_str(&shown[done..at]);
        safe.extend(std::iter::repeat_n('?', character.len_utf8()));
        done = at + character.len_utf8();
    }
    safe.push_str(&shown[done..]);
    safe
}
