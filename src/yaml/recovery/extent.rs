//! How much of a text is left out for a broken line: the smallest entry or item that it is in.

use super::lines::{Line, Lines};

/// A part that is left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The column that tells which entries and items around it lose something: those that begin in it or before it.
    pub(super) column: usize,
    /// The same for those that begin before the dash of the item whose first entry it is.
    pub(super) outer_column: usize,
    /// The line after it.
    pub(super) end_line: usize,
}

/// A column in which entries (or items) of an open mapping (or list) begin.
type Level = (usize, bool);

/// The columns of the collections that are open before a line.
pub(super) fn levels_before(lines: &Lines, number: usize) -> Vec<Level> {
    const MOST_LINES: usize = 5_000;
    let mut levels = Vec::new();
    let mut lowest = usize::MAX;
    let mut at = number;
    for _ in 0..MOST_LINES {
        let Some(line) = lines.previous(at) else { break };
        at = line.number;
        if line.has_tab || !line.is_plausible() || line.indent() >= lowest {
            continue;
        }
        if line.is_item() {
            // Items may begin in the column of the key that they belong to.
            lowest = line.indent() + 1;
            if line.key.is_some() {
                levels.push((line.column(), false));
            }
            levels.push((line.indent(), true));
            if levels.iter().any(|&(column, is_item)| column == line.indent() && !is_item) {
                lowest = line.indent();
            }
        } else {
            lowest = line.indent();
            levels.push((line.indent(), false));
        }
        if lowest == 0 {
            break;
        }
    }
    levels
}

/// The entry or item of a broken line. `floor` is a column: lines beyond it belong to the broken line, but for those
/// that continue a collection that was open before.
pub(super) fn cut_of(lines: &Lines, line: &Line, floor: usize, levels: &[Level], column: usize) -> Cut {
    let last = last_line(lines, line, floor, levels);
    let end = lines.end_of(last);
    let next = lines.next(last);
    // The item goes on without its first entry.
    let goes_on = line.is_item() && next.is_some_and(|next| !next.is_item() && next.indent() == line.column());
    let start = if goes_on { line.content } else { line.first };
    let column = if goes_on { column } else { line.indent() };
    let outer_column = if goes_on { line.indent() } else { column };
    Cut { start, end, column, outer_column, end_line: last + 1 }
}

fn last_line(lines: &Lines, line: &Line, floor: usize, levels: &[Level]) -> usize {
    // Items may begin in the column of the key that they belong to.
    let may_have_items = || match line.key {
        Some(_) => line.value.is_none() || line.open.is_some(),
        None => {
            let is_below_bare_key =
                lines.previous(line.number).is_some_and(|before| before.key.is_some() && before.value.is_none());
            !is_below_bare_key && !levels_before(lines, line.number).contains(&(floor, true))
        }
    };
    let is_next_item = |next: Line| next.is_item() && next.indent() == floor;
    let takes_items = !line.is_item()
        && line.is_word(lines.text())
        && lines.next(line.number).is_some_and(is_next_item)
        && may_have_items();
    let mut last = line.number;
    let mut lists = ListsInItem::new(line);
    while let Some(next) = lines.next(last) {
        let level = (next.indent(), next.is_item());
        let is_deeper = next.indent() > floor && !levels.contains(&level);
        let is_item_of_key = takes_items && next.is_item() && next.indent() == floor;
        let byte = lines.text().as_bytes()[next.first];
        let is_closing = matches!(byte, b']' | b'}') && next.indent() == floor;
        let is_in_list = lists.has(lines, line, &next);
        if !(is_deeper || is_item_of_key || is_closing || is_in_list) {
            break;
        }
        last = next.number;
    }
    lines.end_of_block_text(last)
}

/// Lists in an item, whose items begin in the column of their keys: where the item is indented less than its neighbors, they
/// look like those.
struct ListsInItem {
    is_item: bool,
    /// The column of the key without a value in the line before.
    bare_key: Option<usize>,
    /// The column of the list that is open.
    list: Option<usize>,
}

impl ListsInItem {
    fn new(item: &Line) -> Self {
        let bare_key = (item.key.is_some() && item.value.is_none()).then(|| item.column());
        Self { is_item: item.is_item(), bare_key, list: None }
    }

    /// Whether a line of the item, the next one each time, is in such a list.
    fn has(&mut self, lines: &Lines, item: &Line, next: &Line) -> bool {
        let column = next.indent();
        if next.is_item() && self.bare_key == Some(column) {
            self.list = Some(column);
        } else if !next.is_item() && self.list.is_some_and(|list| column <= list) {
            self.list = None;
        }
        self.bare_key = (next.key.is_some() && next.value.is_none()).then(|| next.column());
        let is_twin = || lines.key_of(item).is_some() && lines.key_of(item) == lines.key_of(next);
        self.is_item && next.is_item() && column > item.indent() && self.list == Some(column) && !is_twin()
    }
}

/// The entry or item around a part, with that part.
pub(super) fn around(lines: &Lines, start: usize, end: usize) -> Option<Cut> {
    let number = lines.number_of(start);
    let column = lines.column_of(start);
    let mut parent = lines.previous(number)?;
    while parent.indent() >= column {
        parent = lines.previous(parent.number)?;
    }
    let levels = levels_before(lines, parent.number);
    let cut = cut_of(lines, &parent, parent.column(), &levels, parent.column());
    let end_line = cut.end_line.max(lines.number_of(end) + 1);
    Some(Cut { end: cut.end.max(end), end_line, ..cut })
}
