//! Signs that somebody typed into the indentation of a line: the line then begins in a column that says nothing.

use super::extent::levels_before;
use super::lines::{Line, Lines};

/// The columns of the collections that are open before a line, and of the one whose entry or item begins after a sign.
pub(super) fn levels_of(lines: &Lines, line: &Line) -> Vec<(usize, bool)> {
    let mut levels = levels_before(lines, line.number);
    if let Some(column) = column_after_sign(lines, line) {
        // The sign may have moved it by one.
        let columns = [column, column.saturating_sub(1)];
        levels.extend(columns.into_iter().flat_map(|column| [(column, true), (column, false)]));
    }
    levels
}

/// The column of what follows a sign in the indentation of a line.
pub(super) fn column_after_sign(lines: &Lines, line: &Line) -> Option<usize> {
    let content = &lines.text()[line.content..line.end];
    let rest = content.strip_prefix(|sign: char| sign.is_ascii_punctuation() && !matches!(sign, '-' | '_'))?;
    let text = rest.trim_start_matches([' ', '\t']);
    let is_apart =
        text.len() < rest.len() && text.starts_with(|c: char| c.is_ascii_alphanumeric() || "-_'\"".contains(c));
    (is_apart && !line.is_item()).then(|| line.end - text.len() - line.start)
}

/// The line with a sign in its indentation that belongs to nothing: the one of a fault, or the one before it.
pub(super) fn stray_line(lines: &Lines, here: &Line) -> Option<Line> {
    [Some(*here), lines.previous(here.number)].into_iter().flatten().find(|line| is_stray(lines, line))
}

/// Whether a line has nothing but one sign.
pub(super) fn is_lone_sign(lines: &Lines, line: &Line) -> bool {
    !line.is_item() && lines.text()[line.content..line.end].trim_end().len() == 1
}

/// Whether a line begins with a sign that is not part of what follows it.
fn is_stray(lines: &Lines, line: &Line) -> bool {
    let content = &lines.text()[line.content..line.end];
    let Some(sign) = content.bytes().next() else { return false };
    let follows_item = || content[1..].trim_start_matches(' ').starts_with("- ");
    match sign {
        b':' | b',' | b'!' | b'@' | b'&' | b'*' | b'|' | b'>' | b'%' => {
            is_lone_sign(lines, line) || column_after_sign(lines, line).is_some()
        }
        b']' | b'}' => column_after_sign(lines, line).is_some(),
        b'[' | b'{' => column_after_sign(lines, line).is_some() && follows_item(),
        _ => false,
    }
}
