//! Conflicts of a merge that are not resolved: `<<<<<<<`, `=======`, `>>>>>>>`.

use super::extent::Cut;
use super::lines::Lines;

/// The conflicts of a text, each with both of its versions, and single marks that are left.
pub(super) fn conflicts(lines: &Lines) -> Vec<Cut> {
    let mut found = Vec::new();
    let mut number = 0;
    let mut is_conflict_seen = false;
    while number < lines.count() {
        let Some(mark) = mark_of(lines.line_text(number)) else {
            number += 1;
            continue;
        };
        let end = if mark == b'<' { end_of_conflict(lines, number) } else { None };
        // Without a conflict, a line of `=` may be anything.
        if mark == b'=' && !is_conflict_seen {
            number += 1;
            continue;
        }
        is_conflict_seen = true;
        let cut = cut(lines, number, end.unwrap_or(number + 1));
        number = cut.end_line;
        found.push(cut);
    }
    found
}

/// `<`, `=`, `>` or `|`, if the line is a mark of a conflict.
fn mark_of(line: &str) -> Option<u8> {
    const LENGTH: usize = 7;
    let first = *line.as_bytes().first().filter(|byte| matches!(byte, b'<' | b'=' | b'>' | b'|'))?;
    let count = line.bytes().take_while(|&byte| byte == first).count();
    let is_mark = count == LENGTH && line[LENGTH..].chars().next().is_none_or(|next| next == ' ');
    is_mark.then_some(first)
}

/// The line after the conflict that begins on a line, if it is whole.
fn end_of_conflict(lines: &Lines, start: usize) -> Option<usize> {
    let mut is_divided = false;
    for number in start + 1..lines.count() {
        match mark_of(lines.line_text(number)) {
            Some(b'<') => return None,
            Some(b'=') => is_divided = true,
            Some(b'>') => return is_divided.then_some(number + 1),
            _ => {}
        }
    }
    None
}

/// The lines of a conflict, with those after it that continue its last entry.
fn cut(lines: &Lines, start: usize, end: usize) -> Cut {
    let mut first_columns = Vec::new();
    let (mut lowest, mut begins_version) = (usize::MAX, true);
    for number in start..end {
        if mark_of(lines.line_text(number)).is_some() {
            begins_version = true;
        } else if let Some(line) = lines.get(number) {
            lowest = lowest.min(line.indent());
            if std::mem::take(&mut begins_version) {
                first_columns.push(line.indent());
            }
        }
    }
    let around = || {
        let (before, after) = (lines.previous(start), lines.next(end.saturating_sub(1)));
        before.map_or(0, |line| line.column()).max(after.map_or(0, |line| line.indent()))
    };
    let column = first_columns.into_iter().max().unwrap_or_else(around);
    let mut end_line = end;
    while lowest != usize::MAX
        && let Some(next) = lines.next(end_line.saturating_sub(1)).filter(|next| next.indent() > lowest)
    {
        end_line = next.number + 1;
    }
    Cut { start: lines.start_of(start), end: lines.end_of(end_line - 1), column, outer_column: column, end_line }
}
