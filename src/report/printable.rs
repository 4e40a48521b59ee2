//! Texts of files as they may be shown: without secrets, and without characters that a terminal obeys.

use super::Secrets;
use super::escape::is_dangerous;

/// A text that may be shown: every byte of a secret is a `*`, every byte of a character that a
/// terminal would obey is a `?`. Offsets and line ends stay as they are.
///
/// ```
/// assert_eq!(promcfg::report::printable("password: hunter2\nx: \u{1b}[31m\n"), "password: *******\nx: ?[31m\n");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    let secrets = Secrets::find(text);
    let mut shown = if secrets.is_empty() { text.to_string() } else { secrets.starred(text, 0..text.len()) };
    let is_unsafe = |character: char| is_dangerous(character) && !matches!(character, '\n' | '\r' | '\t');
    if shown.contains(is_unsafe) {
        let mut safe = String::with_capacity(shown.len());
        for character in shown.chars() {
            if is_unsafe(character) {
                safe.extend(std::iter::repeat_n('?', character.len_utf8()));
            } else {
                safe.push(character);
            }
        }
        shown = safe;
    }
    shown
}
