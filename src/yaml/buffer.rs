//! The buffer of yaml.v2, for the one thing in which it shows: a byte order mark at its beginning.
//!
//! yaml.v2 accepts a byte order mark at the start of a line, but looks for it where its buffer begins, not where the
//! line does. So as long as a mark is the first character of the buffer, every line loses its first character. A mark
//! comes there at the start of a file that has two, and where the reader needs more characters than the buffer has
//! left, just before a mark.
//!
//! Source: `readerc.go`, `is_bom` and `yaml_parser_scan_to_next_token` of go.yaml.in/yaml/v2 v2.4.4.

use crate::text::Encoding;

/// The byte order mark.
pub(super) const MARK: char = '\u{feff}';

/// Bytes that are read at once.
const PIECE: usize = 512;

/// Which part of a text is in the buffer.
#[derive(Clone)]
pub(super) struct Buffer {
    encoding: Encoding,
    /// Where it ends, as an offset in the text.
    end: usize,
    /// Zeros after the end of the text, one for each attempt to read more.
    zeros: usize,
    /// Bytes of the file that are not of the text: the byte order mark of UTF-16.
    unread_mark: usize,
    begins_with_mark: bool,
}

impl Buffer {
    /// The first piece of a text that begins at `start`; none for a text in which the buffer does not show.
    pub(super) fn of(text: &str, start: usize, encoding: Encoding) -> Option<Self> {
        if !text.get(start..).is_some_and(|rest| rest.contains(MARK)) {
            return None;
        }
        let mut buffer = Self {
            encoding,
            end: 0,
            zeros: 0,
            unread_mark: mark_width(encoding),
            begins_with_mark: text[start..].starts_with(MARK),
        };
        buffer.read_piece(text);
        Some(buffer)
    }

    /// Reads until the buffer has that many characters from `at` on.
    pub(super) fn need(&mut self, text: &str, at: usize, characters: usize) {
        // What is read one by one is asked for one by one.
        while at > self.end && self.end < text.len() {
            self.begin(text, self.end);
            self.read_piece(text);
        }
        if self.left(text, at, characters) >= characters {
            return;
        }
        self.begin(text, at);
        while self.left(text, at, characters) < characters {
            if self.end == text.len() {
                self.zeros += 1;
                break;
            }
            self.read_piece(text);
        }
    }

    /// Whether the buffer begins with a byte order mark.
    pub(super) fn begins_with_mark(&self) -> bool {
        self.begins_with_mark
    }

    fn begin(&mut self, text: &str, at: usize) {
        self.begins_with_mark = text.get(at..).is_some_and(|rest| rest.starts_with(MARK));
    }

    /// How many characters are left from `at` on, counted up to `most`.
    fn left(&self, text: &str, at: usize, most: usize) -> usize {
        text.get(at..self.end).map_or(0, |rest| rest.chars().take(most).count()) + self.zeros
    }

    fn read_piece(&mut self, text: &str) {
        let mut raw = std::mem::take(&mut self.unread_mark);
        let rest = text.get(self.end..).unwrap_or("");
        for character in rest.chars() {
            raw += raw_width(character, self.encoding);
            if raw > PIECE {
                return;
            }
            self.end += character.len_utf8();
        }
    }
}

/// Bytes of the byte order mark that is not part of the text.
pub(super) fn mark_width(encoding: Encoding) -> usize {
    if encoding == Encoding::Utf8 { 0 } else { 2 }
}

/// Bytes of a character in the file.
pub(super) fn raw_width(character: char, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => character.len_utf8(),
        Encoding::Utf16Le | Encoding::Utf16Be => 2 * character.len_utf16(),
    }
}
