//! A line of a file, cut to a number of columns around a mark.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::cli::wrap::width_of;

/// A tab goes to the next multiple of this.
const TAB: usize = 4;
/// Columns that are shown beside a mark, if there are any.
const EDGE: usize = 4;

/// The part of a line that is shown.
#[derive(Debug)]
pub(super) struct ShownLine {
    text: String,
    /// The characters that are shown, and after them the end.
    places: Vec<Place>,
}

/// Where a character is: its offset in the file, and its offset and column in the text that is shown.
#[derive(Clone, Copy, Debug)]
struct Place {
    in_file: usize,
    offset: usize,
    column: usize,
}

impl ShownLine {
    /// The line `range` of `source`, cut to `room` columns around `marked`.
    pub(super) fn new(
        source: &str,
        range: Range<usize>,
        marked: Option<Range<usize>>,
        room: usize,
        ellipsis: &str,
    ) -> Self {
        let start = marked.as_ref().map_or(range.start, |marked| marked.start);
        // Of a very long line only this part is looked at: a character has four bytes at most.
        let from = floor_boundary(source, start.saturating_sub(4 * room).max(range.start));
        let to = floor_boundary(source, (start + 8 * room).min(range.end));
        let cells = cells(source, from..to);
        let width = cells.last().map_or(0, |cell| cell.columns.end);
        let is_whole = from == range.start && to == range.end;
        let window = if is_whole && width <= room { 0..width } else { window(&cells, marked.as_ref(), room) };
        let left = if window.start > 0 || from > range.start { ellipsis } else { "" };
        let right = if window.end < width || to < range.end { ellipsis } else { "" };
        let inner = window.start + width_of(left)..window.end.saturating_sub(width_of(right));
        let mut shown = Self { text: left.to_string(), places: Vec::new() };
        let mut end = (from, width_of(left));
        for cell in cells.iter().filter(|cell| inner.start <= cell.columns.start && cell.columns.end <= inner.end) {
            let column = width_of(left) + cell.columns.start - inner.start;
            shown.places.push(Place { in_file: cell.bytes.start, offset: shown.text.len(), column });
            match cell.character {
                '\t' => shown.text.push_str(&" ".repeat(cell.columns.len())),
                '\r' => shown.text.push(' '),
                character => shown.text.push(character),
            }
            end = (cell.bytes.end, column + cell.columns.len());
        }
        shown.places.push(Place { in_file: end.0, offset: shown.text.len(), column: end.1 });
        shown.text.push_str(right);
        // A mark at the end of a line needs a column.
        if marked.is_some_and(|marked| marked.start >= range.end) {
            shown.text.push(' ');
        }
        shown
    }

    /// What is shown.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The offset and the column of a character of the file; nothing when it is not shown.
    pub(super) fn place_of(&self, in_file: usize) -> Option<(usize, usize)> {
        let index = self.places.binary_search_by_key(&in_file, |place| place.in_file).ok()?;
        Some((self.places[index].offset, self.places[index].column))
    }

    /// The offset and the column where the characters before a place of the file end, as far as they are shown.
    pub(super) fn end_before(&self, in_file: usize) -> (usize, usize) {
        let index = self.places.partition_point(|place| place.in_file < in_file).min(self.places.len() - 1);
        (self.places[index].offset, self.places[index].column)
    }
}

/// A character with its place and its columns.
struct Cell {
    character: char,
    bytes: Range<usize>,
    columns: Range<usize>,
}

fn cells(source: &str, range: Range<usize>) -> Vec<Cell> {
    let mut column = 0;
    let cell = |(offset, character): (usize, char)| {
        let width = match character {
            '\t' => TAB - column % TAB,
            '\r' => 1,
            _ => character.width().unwrap_or(0),
        };
        let start = column;
        column += width;
        let offset = range.start + offset;
        Cell { character, bytes: offset..offset + character.len_utf8(), columns: start..column }
    };
    source[range.clone()].char_indices().map(cell).collect()
}

/// The columns that are shown of a line that is too wide: the first ones if the mark is among them, else
/// those around the mark.
fn window(cells: &[Cell], marked: Option<&Range<usize>>, room: usize) -> Range<usize> {
    let width = cells.last().map_or(0, |cell| cell.columns.end);
    let Some(marked) = marked else { return 0..room.min(width) };
    let column_of = |offset: usize| {
        let at = cells.partition_point(|cell| cell.bytes.start < offset);
        cells.get(at).map_or(width, |cell| cell.columns.start)
    };
    let (start, end) = (column_of(marked.start), column_of(marked.end));
    if end + EDGE <= room {
        return 0..room.min(width);
    }
    let margin = room.saturating_sub(end - start) / 2;
    let first = start.saturating_sub(margin.max(EDGE)).min(width.saturating_sub(room));
    first..(first + room).min(width)
}

fn floor_boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of a line, and in it what is marked.
    fn shown(line: &str, marked: &str, room: usize) -> (String, String) {
        let start = line.find(marked).expect("is in the line");
        let shown = ShownLine::new(line, 0..line.len(), Some(start..start + marked.len()), room, "...");
        let from = shown.place_of(start).expect("the mark is shown").0;
        let to = shown.end_before(start + marked.len()).0;
        assert!(width_of(shown.text()) <= room, "{}", shown.text());
        (shown.text().to_string(), shown.text()[from..to].to_string())
    }

    fn pair(text: &str, marked: &str) -> (String, String) {
        (text.to_string(), marked.to_string())
    }

    #[test]
    fn a_line_that_has_room_is_shown_whole() {
        assert_eq!(shown("a: bcd", "bcd", 6), pair("a: bcd", "bcd"));
    }

    #[test]
    fn a_wide_line_is_cut_on_the_sides_without_the_mark() {
        let line = "0123456789abcdefghijklmnopqrstuvwxyz";
        assert_eq!(shown(line, "234", 20), pair("0123456789abcdefg...", "234"));
        assert_eq!(shown(line, "ij", 20), pair("...cdefghijklmnop...", "ij"));
        assert_eq!(shown(line, "xyz", 20), pair("...jklmnopqrstuvwxyz", "xyz"));
    }

    #[test]
    fn a_mark_without_room_is_cut_itself() {
        let line = "key: 0123456789abcdefghijklmnopqrstuvwxyz";
        assert_eq!(
            shown(line, "0123456789abcdefghijklmnopqrstuvwxyz", 20),
            pair("... 0123456789abc...", "0123456789abc")
        );
    }

    #[test]
    fn wide_characters_have_two_columns_and_tabs_end_at_a_multiple_of_four() {
        assert_eq!(shown("大大大大大大: x, 大大大大大大", "x", 20), pair("大大大大大大: x, ...", "x"));
        assert_eq!(shown("a:\tx", "x", 20), pair("a:  x", "x"));
    }

    #[test]
    fn of_a_line_with_a_million_characters_a_part_is_looked_at() {
        let line = format!("{}mark{}", "é".repeat(500_000), "大".repeat(500_000));
        let (text, marked) = shown(&line, "mark", 40);
        // One column is left where a wide character has no room.
        assert!(width_of(&text) >= 39, "{text}");
        assert_eq!(marked, "mark");
    }

    #[test]
    fn a_mark_at_the_end_of_a_line_has_a_column() {
        let shown = ShownLine::new("a:", 0..2, Some(2..2), 20, "...");
        assert_eq!((shown.text(), shown.place_of(2)), ("a: ", Some((2, 2))));
    }
}
