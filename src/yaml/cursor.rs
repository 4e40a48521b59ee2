//! A place in a text that moves forward, and the classes of characters yaml.v2 knows.
//!
//! Source: `yamlprivateh.go` and `readerc.go` of go.yaml.in/yaml/v2 v2.4.4.

use crate::text::Span;

use super::fault::{Read, SyntaxError};
use super::read_limit::ReadLimit;

/// The byte at the end of a text, which no text contains.
pub(super) const END: u8 = 0;

/// A place in a text: a byte offset, with the line and what is needed for the column.
pub(super) struct Cursor<'s> {
    bytes: &'s [u8],
    text: &'s str,
    read_limit: ReadLimit,
    pub(super) at: usize,
    /// Lines counted from 0 as yaml.v2 does: CR, LF, CRLF, NEL, LS and PS end one.
    pub(super) line: usize,
    /// Offset from which columns count; moves right by the bytes a character has beyond its first.
    column_origin: usize,
    /// Line breaks that a byte order mark took, so that they end no line.
    pub(super) breaks_taken: usize,
    /// Characters after the end of the text that were stepped over.
    pub(super) past_end: usize,
}

/// A place to come back to in messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) at: usize,
    pub(super) line: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(text: &'s str, read_limit: ReadLimit) -> Self {
        let at = read_limit.start;
        Self { bytes: text.as_bytes(), text, read_limit, at, line: 0, column_origin: at, breaks_taken: 0, past_end: 0 }
    }

    pub(super) fn text(&self) -> &'s str {
        self.text
    }

    pub(super) fn bytes(&self) -> &'s [u8] {
        self.bytes
    }

    /// The byte here, [`END`] at the end.
    #[inline]
    pub(super) fn byte(&self) -> u8 {
        self.byte_at(0)
    }

    /// The byte that many bytes on.
    #[inline]
    pub(super) fn byte_at(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(END)
    }

    /// Column in characters, from 0.
    #[inline]
    pub(super) fn column(&self) -> usize {
        self.at - self.column_origin
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { at: self.at, line: self.line }
    }

    /// yaml.v2 reads ahead this many characters here; fails when that reaches what is not a text.
    #[inline]
    pub(super) fn need(&mut self, characters: usize) -> Read<()> {
        #[cfg(test)]
        work::count();
        if self.read_limit.is_beyond(self.at, characters) { self.check_fence(characters) } else { Ok(()) }
    }

    #[cold]
    fn check_fence(&mut self, characters: usize) -> Read<()> {
        match self.read_limit.reached(self.text, self.at, characters) {
            Some(fault) => Err(Box::new(fault)),
            None => Ok(()),
        }
    }

    /// Steps over that many bytes, all of them ASCII and no line break.
    #[inline]
    pub(super) fn skip_ascii(&mut self, count: usize) {
        self.at += count;
    }

    /// Steps to `at`, over characters of the same line.
    pub(super) fn skip_to(&mut self, at: usize) {
        let passed = self.bytes.get(self.at..at).unwrap_or(&[]);
        self.column_origin += passed.iter().filter(|&&byte| is_continuation(byte)).count();
        self.at = at;
    }

    /// Goes to `at` in the line that begins at `line`, which is after usual line breaks, LF and CRLF, only.
    pub(super) fn jump(&mut self, at: usize, line: usize) {
        let passed = self.bytes.get(self.at..line).unwrap_or(&[]);
        self.line += memchr::memchr_iter(b'\n', passed).count();
        self.at = line;
        self.column_origin = line;
        self.skip_to(at);
    }

    /// Steps over a line break, if there is one here.
    pub(super) fn skip_break(&mut self) {
        let width = self.break_width();
        if width > 0 {
            self.at += width;
            self.line += 1;
            self.column_origin = self.at;
        }
    }

    /// Ends a last line that no line break ends, as yaml.v2 does; says whether there was one.
    pub(super) fn end_line(&mut self) -> bool {
        let is_inside_line = self.column() != 0;
        if is_inside_line {
            self.line += 1;
            self.column_origin = self.at;
        }
        is_inside_line
    }

    /// Steps over a line break and adds what yaml.v2 makes of it: LF for CR, LF, CRLF and NEL; LS
    /// and PS stay themselves.
    pub(super) fn read_break(&mut self, out: &mut String) {
        let width = self.break_width();
        if width == 0 {
            return;
        }
        if width == 3 {
            out.push_str(self.text.get(self.at..self.at + width).unwrap_or(""));
        } else {
            out.push('\n');
        }
        self.skip_break();
    }

    /// Bytes of the line break here, 0 when there is none.
    #[inline]
    fn break_width(&self) -> usize {
        match self.byte() {
            b'\n' => 1,
            b'\r' if self.byte_at(1) == b'\n' => 2,
            b'\r' => 1,
            0xc2 if self.byte_at(1) == 0x85 => 2,
            0xe2 if self.byte_at(1) == 0x80 && matches!(self.byte_at(2), 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    #[inline]
    pub(super) fn is_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    #[inline]
    pub(super) fn is_blank(&self) -> bool {
        is_blank(self.byte())
    }

    #[inline]
    pub(super) fn is_break(&self) -> bool {
        is_break(self.bytes, self.at)
    }

    #[inline]
    pub(super) fn is_break_or_end(&self) -> bool {
        self.is_end() || self.is_break()
    }

    /// Whether a blank, a line break or the end is that many bytes on.
    #[inline]
    pub(super) fn is_space_at(&self, ahead: usize) -> bool {
        is_space_or_end(self.bytes, self.at + ahead)
    }

    /// Steps over the character that a byte order mark takes from each line (`buffer.rs`). The zero at the end of the
    /// text also counts: then the end is in the middle of a line.
    #[inline]
    pub(super) fn skip_for_mark(&mut self) {
        if !self.read_limit.takes_first_characters() || self.column() != 0 {
            return;
        }
        if self.is_end() {
            self.past_end += 1;
            self.column_origin -= 1;
        } else {
            let width = width(self.byte());
            // Of CR and LF only the first is taken, and the other one ends the line.
            let is_pair = self.byte() == b'\r' && self.byte_at(1) == b'\n';
            self.breaks_taken += usize::from(self.is_break() && !is_pair);
            self.column_origin += width - 1;
            self.at += width;
        }
    }

    /// Whether `---` or `...` is alone at the start of this line.
    #[inline]
    pub(super) fn is_document_indicator(&self) -> bool {
        matches!(self.byte(), b'-' | b'.')
            && self.column() == 0
            && (self.stands_alone(b"---") || self.stands_alone(b"..."))
    }

    pub(super) fn stands_alone(&self, indicator: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(indicator) && self.is_space_at(indicator.len())
    }

    /// Steps over a comment up to its line's end, if one begins here.
    pub(super) fn skip_comment(&mut self) -> Read<()> {
        if self.byte() == b'#' {
            let end = line_end(self.bytes, self.at);
            self.skip_to(end);
            self.need(1)?;
        }
        Ok(())
    }

    pub(super) fn skip_blanks(&mut self) -> Read<()> {
        while self.is_blank() {
            self.skip_ascii(1);
        }
        self.need(1)
    }

    /// A fault of the scanner at this place, about a construct that begins at `context`.
    #[cold]
    pub(super) fn fault(&self, context: Mark, message: &str) -> Box<SyntaxError> {
        let line = if self.line != 0 { Some(self.line + 1) } else { Some(context.line).filter(|&line| line != 0) };
        let width = if self.is_break_or_end() { 0 } else { width(self.byte()) };
        let context = (context.at != self.at).then(|| Span::new(context.at, context.at + 1));
        Box::new(SyntaxError { span: Span::new(self.at, self.at + width), context, message: message.to_string(), line })
    }
}

/// Bytes of the character that begins with `first`.
#[inline]
pub(super) fn width(first: u8) -> usize {
    match first {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0.. => 4,
    }
}

#[inline]
fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

#[inline]
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether a line break of yaml.v2 begins at `at`.
#[inline]
pub(super) fn is_break(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        Some(b'\n' | b'\r') => true,
        Some(0xc2) => bytes.get(at + 1) == Some(&0x85),
        Some(0xe2) => bytes.get(at + 1) == Some(&0x80) && matches!(bytes.get(at + 2), Some(0xa8 | 0xa9)),
        _ => false,
    }
}

#[inline]
pub(super) fn is_space_or_end(bytes: &[u8], at: usize) -> bool {
    match bytes.get(at) {
        None | Some(b' ' | b'\t' | b'\n' | b'\r') => true,
        Some(0xc2 | 0xe2) => is_break(bytes, at),
        Some(_) => false,
    }
}

/// Offset of the line break (or the end) at or after `at`.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    let Some(rest) = bytes.get(at..) else { return bytes.len() };
    let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let line = &rest[..end];
    if line.is_ascii() {
        return at + end;
    }
    // The rare line breaks are not ASCII.
    (at..at + end).find(|&at| bytes[at] >= 0xc2 && is_break(bytes, at)).unwrap_or(at + end)
}

/// Characters of an anchor, a directive name, a tag handle.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// How often the reader asked for characters: what tests measure instead of time.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local!(static COUNT: Cell<usize> = const { Cell::new(0) });

    pub(in crate::yaml) fn count() {
        COUNT.set(COUNT.get() + 1);
    }

    /// The count of this thread since the last call.
    pub(in crate::yaml) fn taken() -> usize {
        COUNT.replace(0)
    }
}
