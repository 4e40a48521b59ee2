//! Places in a text: none, the character there, and what holds there.

use super::tree::Look;

/// Marks a group that took no part.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The character that starts at byte `at`.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// Whether a condition holds between the bytes before and after `at`.
pub(super) fn look_holds(look: Look, bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| bytes.get(at));
    let after = bytes.get(at);
    let word = |byte: Option<&u8>| byte.is_some_and(|&byte| byte == b'_' || byte.is_ascii_alphanumeric());
    match look {
        Look::TextStart => before.is_none(),
        Look::TextEnd => after.is_none(),
        Look::LineStart => before.is_none_or(|&byte| byte == b'\n'),
        Look::LineEnd => after.is_none_or(|&byte| byte == b'\n'),
        Look::WordBoundary => word(before) != word(after),
        Look::NotWordBoundary => word(before) == word(after),
    }
}
