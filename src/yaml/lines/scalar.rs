//! Scalars that end on their line.

use super::super::scanner::{SIMPLE_KEY_LENGTH, escaped_character};
use super::super::token::ScalarStyle;
use super::bytes::{
    CLASS, PLAIN_START, WORD_STOP, byte, find_class, is_line_end, is_space_or_end, next_line, skip_blanks, skip_spaces,
};
use super::{Line, Lines, offset, span};
use crate::text::Span;

/// A scalar that was scanned and is not in the tree yet.
pub(super) struct Scalar {
    style: ScalarStyle,
    start: usize,
    end: usize,
    /// Its place in the decoded texts, if it does not read as it is written.
    decoded: Option<Span>,
    /// Where the next thing on its line is: the end of the line, a `#` or a `:` among them.
    pub(super) after: usize,
}

impl Scalar {
    pub(super) fn is_quoted(&self) -> bool {
        self.style != ScalarStyle::Plain
    }
}

impl Lines<'_, '_> {
    /// The scalar that begins at `at`, if all of it is on this line. Of one without quotes it is the
    /// part on this line: [`Lines::last_on_line`] decides about the rest.
    #[inline]
    pub(super) fn scalar(&mut self, at: usize) -> Option<Scalar> {
        match byte(self.bytes, at) {
            b'\'' => self.single_quoted(at),
            b'"' => self.double_quoted(at),
            first if CLASS[usize::from(first)] & PLAIN_START != 0 => Some(self.plain(at)),
            b'-' if !is_space_or_end(self.bytes, at + 1) => Some(self.plain(at)),
            _ => None,
        }
    }

    /// Whether a scalar in block context is a key.
    #[inline]
    pub(super) fn is_key(&self, scalar: &Scalar) -> bool {
        byte(self.bytes, scalar.after) == b':'
            && is_space_or_end(self.bytes, scalar.after + 1)
            && scalar.after - scalar.start <= SIMPLE_KEY_LENGTH
    }

    #[inline]
    pub(super) fn add(&mut self, scalar: &Scalar) {
        let place = span(scalar.start, scalar.end);
        match scalar.decoded {
            None => self.builder.scalar(scalar.style, place),
            Some(text) => self.builder.decoded_scalar(scalar.style, place, text),
        }
    }

    /// Adds a scalar that is a value or item, if nothing but a comment follows on its line and it does
    /// not go on below; gives the next line.
    #[inline]
    pub(super) fn last_on_line(&mut self, scalar: &Scalar) -> Option<Line> {
        let is_ended_by_comment = byte(self.bytes, scalar.after) == b'#' && scalar.after > scalar.end;
        if !is_ended_by_comment && !is_line_end(self.bytes, scalar.after) {
            return None;
        }
        let below = self.content(next_line(self.bytes, scalar.after));
        if scalar.style == ScalarStyle::Plain && !is_ended_by_comment && self.may_continue(below) {
            return None;
        }
        self.add(scalar);
        self.last_end = scalar.end;
        Some(below)
    }

    /// Whether a scalar without quotes may go on in this line, the first one with content after it.
    #[inline]
    fn may_continue(&self, line: Line) -> bool {
        if line.at >= self.bytes.len() {
            return !self.is_whole;
        }
        byte(self.bytes, line.at) == b'\t' || (line.column() > self.indent && !line.follows_comment)
    }

    /// The start of the next line, if nothing but a comment is on this one from `at` on.
    pub(super) fn end_of_line(&self, at: usize) -> Option<usize> {
        let rest = skip_spaces(self.bytes, at);
        let is_comment = byte(self.bytes, rest) == b'#' && rest > at;
        (is_comment || is_line_end(self.bytes, rest)).then(|| next_line(self.bytes, rest))
    }

    #[inline]
    fn plain(&self, start: usize) -> Scalar {
        let bytes = self.bytes;
        let mut at = start + 1;
        loop {
            at = find_class(bytes, at, WORD_STOP);
            let end = at;
            match byte(bytes, at) {
                b':' if !is_space_or_end(bytes, at + 1) => {
                    at += 1;
                    continue;
                }
                b' ' | b'\t' => {
                    at = skip_blanks(bytes, at);
                    let is_end = match byte(bytes, at) {
                        b'#' => true,
                        b':' => is_space_or_end(bytes, at + 1),
                        _ => is_line_end(bytes, at),
                    };
                    if !is_end {
                        continue;
                    }
                }
                _ => {}
            }
            return Scalar { style: ScalarStyle::Plain, start, end, decoded: None, after: at };
        }
    }

    /// Inside of brackets: also ends at an indicator of theirs.
    pub(super) fn plain_in_brackets(&self, start: usize) -> Scalar {
        use super::bytes::FLOW_STOP;
        let bytes = self.bytes;
        let mut at = start + 1;
        loop {
            at = find_class(bytes, at, FLOW_STOP);
            let end = at;
            match byte(bytes, at) {
                b':' if !is_space_or_end(bytes, at + 1) => {
                    at += 1;
                    continue;
                }
                b' ' | b'\t' => {
                    at = skip_blanks(bytes, at);
                    let next = byte(bytes, at);
                    let is_end = match next {
                        b'#' => true,
                        b':' => is_space_or_end(bytes, at + 1),
                        _ => CLASS[usize::from(next)] & FLOW_STOP != 0,
                    };
                    if !is_end {
                        continue;
                    }
                }
                _ => {}
            }
            return Scalar { style: ScalarStyle::Plain, start, end, decoded: None, after: at };
        }
    }

    pub(super) fn single_quoted(&mut self, start: usize) -> Option<Scalar> {
        let mut decoded_from = None;
        let mut from = start + 1;
        loop {
            let stop = from + memchr::memchr2(b'\'', b'\n', self.bytes.get(from..)?)?;
            if byte(self.bytes, stop) == b'\n' {
                return None;
            }
            if byte(self.bytes, stop + 1) != b'\'' {
                return Some(self.quoted(ScalarStyle::SingleQuoted, start, stop, decoded_from, from));
            }
            decoded_from.get_or_insert(self.decoded.len());
            self.decoded.push_str(self.text.get(from..=stop).unwrap_or(""));
            from = stop + 2;
        }
    }

    pub(super) fn double_quoted(&mut self, start: usize) -> Option<Scalar> {
        let mut decoded_from = None;
        let mut from = start + 1;
        loop {
            let stop = from + memchr::memchr3(b'"', b'\\', b'\n', self.bytes.get(from..)?)?;
            match byte(self.bytes, stop) {
                b'"' => return Some(self.quoted(ScalarStyle::DoubleQuoted, start, stop, decoded_from, from)),
                b'\\' => {
                    let character = escaped_character(byte(self.bytes, stop + 1))?;
                    decoded_from.get_or_insert(self.decoded.len());
                    self.decoded.push_str(self.text.get(from..stop).unwrap_or(""));
                    self.decoded.push(character);
                    from = stop + 2;
                }
                _ => return None,
            }
        }
    }

    /// A scalar that begins with the quote at `start` and ends with the one at `stop`, of which the
    /// text from `from` on is not decoded yet.
    #[inline]
    fn quoted(
        &mut self,
        style: ScalarStyle,
        start: usize,
        stop: usize,
        decoded_from: Option<usize>,
        from: usize,
    ) -> Scalar {
        let decoded = decoded_from.map(|begin| {
            self.decoded.push_str(self.text.get(from..stop).unwrap_or(""));
            Span { start: offset(begin), end: offset(self.decoded.len()) }
        });
        let end = stop + 1;
        Scalar { style, start, end, decoded, after: skip_blanks(self.bytes, end) }
    }
}
