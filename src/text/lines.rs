//! From byte offsets to lines and columns.

/// A line and a column as people count them, both from 1; columns count characters.
///
/// ```
/// let index = promcfg::text::LineIndex::new("é: x\nb");
/// let position = index.position("é: x\nb", 4);
/// assert_eq!((position.line, position.column), (1, 4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line number, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Where each line of a text begins. Lines end at LF, CRLF or CR.
///
/// ```
/// let text = "a\r\nb\rc\n";
/// let index = promcfg::text::LineIndex::new(text);
/// assert_eq!(index.line_count(), 4); // the last one is empty
/// assert_eq!(index.line_of(3), 2);
/// assert_eq!(&text[index.line_range(text, 2)], "b");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many characters there are before each block of [`BLOCK`] bytes; empty when the text is ASCII, where
    /// a character is a byte. With it, a column in a long line does not need all that is before it.
    characters: Vec<u32>,
}

/// Bytes of a block of which the characters are counted in advance.
const BLOCK: usize = 1024;

impl LineIndex {
    /// Reads `text` once.
    ///
    /// ```
    /// assert_eq!(promcfg::text::LineIndex::new("").line_count(), 1);
    /// ```
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let is_first_of_crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if !is_first_of_crlf {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts, characters: characters_before_blocks(bytes) }
    }

    /// Number of lines; a text that ends with a line end has an empty last line.
    ///
    /// ```
    /// assert_eq!(promcfg::text::LineIndex::new("a\nb").line_count(), 2);
    /// ```
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The line that holds the byte at `offset`, from 1; past the end, the last line.
    ///
    /// ```
    /// assert_eq!(promcfg::text::LineIndex::new("a\nb").line_of(2), 2);
    /// ```
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= offset)
    }

    /// The bytes of line `line` (from 1) without its line end; empty for a line that is not there.
    ///
    /// ```
    /// let text = "a\r\nbc\n";
    /// assert_eq!(promcfg::text::LineIndex::new(text).line_range(text, 1), 0..1);
    /// ```
    #[must_use]
    pub fn line_range(&self, text: &str, line: usize) -> std::ops::Range<usize> {
        let Some(&start) = line.checked_sub(1).and_then(|index| self.starts.get(index)) else {
            return text.len()..text.len();
        };
        let start = (start as usize).min(text.len());
        let end = self.starts.get(line).map_or(text.len(), |&next| next as usize);
        let content = text.get(start..end).unwrap_or("").trim_end_matches(['\r', '\n']);
        start..start + content.len()
    }

    /// Line and column of the byte at `offset` of `text`, the text this index was made from.
    /// An offset inside a character counts as that character's; a byte order mark is not a column.
    ///
    /// ```
    /// let text = "\u{feff}ab";
    /// assert_eq!(promcfg::text::LineIndex::new(text).position(text, 4).column, 2);
    /// ```
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = floor_char_boundary(text, offset);
        let line = self.line_of(offset);
        let start = self.starts.get(line - 1).map_or(0, |&start| start as usize);
        let marks = if line == 1 { byte_order_marks(text, offset) } else { 0 };
        let before = self.characters_before(text, offset) - self.characters_before(text, start.min(offset));
        Position { line, column: before - marks + 1 }
    }

    /// How many characters of `text` begin before `offset`.
    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        match self.characters.get(block) {
            Some(&before) => before as usize + characters_in(&text.as_bytes()[block * BLOCK..offset]),
            None => offset,
        }
    }
}

/// How many characters there are before each block; nothing for a text in ASCII.
fn characters_before_blocks(bytes: &[u8]) -> Vec<u32> {
    if bytes.is_ascii() {
        return Vec::new();
    }
    let mut before = 0;
    let mut blocks = vec![0];
    for block in bytes.chunks(BLOCK) {
        before += characters_in(block);
        blocks.push(u32::try_from(before).unwrap_or(u32::MAX));
    }
    blocks
}

/// How many characters begin in these bytes: all bytes but those that continue a character.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000).count()
}

/// How many byte order marks `text` begins with, as far as `offset`.
fn byte_order_marks(text: &str, offset: usize) -> usize {
    text.chars().take_while(|character| *character == '\u{feff}').count().min(offset / '\u{feff}'.len_utf8())
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Where the line of `offset` begins.
pub(crate) fn line_start(text: &str, offset: usize) -> usize {
    memchr::memrchr2(b'\n', b'\r', &text.as_bytes()[..offset]).map_or(0, |at| at + 1)
}

/// Where the content of the line of `offset` ends, its line end not included.
pub(crate) fn content_end(text: &str, offset: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text.as_bytes()[offset..]).map_or(text.len(), |at| offset + at)
}

/// Where the line after that of `offset` begins; the end of the text when there is none.
pub(crate) fn next_line(text: &str, offset: usize) -> usize {
    let end = content_end(text, offset);
    let rest = &text[end..];
    end + if rest.starts_with("\r\n") { 2 } else { rest.len().min(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, offset: usize) -> (usize, usize) {
        let position = LineIndex::new(text).position(text, offset);
        (position.line, position.column)
    }

    #[test]
    fn every_kind_of_line_end_starts_a_new_line() {
        assert_eq!(place("a\nb", 2), (2, 1));
        assert_eq!(place("a\r\nb", 3), (2, 1));
        assert_eq!(place("a\rb", 2), (2, 1));
        assert_eq!(place("a\n\rb", 3), (3, 1));
    }

    #[test]
    fn the_line_end_belongs_to_its_line() {
        assert_eq!(place("ab\r\nc", 2), (1, 3));
        assert_eq!(place("ab\r\nc", 3), (1, 4));
    }

    #[test]
    fn a_column_in_a_long_line_is_that_of_a_short_one() {
        // The blocks end within characters, and the line begins within a block.
        let line = "aé大😀".repeat(1000);
        let text = format!("\u{feff}\u{feff}{line}\r\nß{line}\n");
        let index = LineIndex::new(&text);
        let mut expected = (1, 1);
        for (offset, character) in text.char_indices() {
            let position = index.position(&text, offset);
            assert_eq!((position.line, position.column), expected, "byte {offset}");
            match character {
                '\n' => expected = (expected.0 + 1, 1),
                '\u{feff}' => {}
                _ => expected.1 += 1,
            }
        }
        assert_eq!(place(&text, text.len()), (3, 1));
    }

    #[test]
    fn columns_count_characters_and_offsets_past_the_end_are_the_end() {
        assert_eq!(place("日本x", 6), (1, 3));
        assert_eq!(place("日本x", 7), (1, 4));
        assert_eq!(place("ab\n", 99), (2, 1));
    }
}
