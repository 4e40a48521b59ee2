//! How far yaml.v2 could read a text that holds bytes or characters it refuses.
//!
//! yaml.v2 reads its input in pieces of 512 bytes and refuses a bad character when it reads the
//! piece with it. So a bad character far after what the first document needs is never seen, and one
//! close after it is.
//!
//! Source: `readerc.go` of go.yaml.in/yaml/v2 v2.4.4.

use crate::text::{DecodeError, Encoding, Span};

use super::buffer::{Buffer, MARK, mark_width, raw_width};
use super::fault::SyntaxError;

const PIECE: usize = 512;

/// The place from which on nothing can be read, and the buffer that is filled on the way.
#[derive(Clone)]
pub(super) struct ReadLimit {
    /// Where reading begins: after the byte order mark that tells the encoding.
    pub(super) start: usize,
    /// The buffer, when a byte order mark in the text may come to its beginning.
    buffer: Option<Buffer>,
    /// The first place that needs a closer look.
    near: usize,
    /// Where the piece with the first bad character begins; `usize::MAX` when there is none.
    at: usize,
    bad: Span,
    message: &'static str,
}

impl ReadLimit {
    /// Finds the first character of `text` that yaml.v2 refuses; `fault` tells of bad bytes where the
    /// text was cut off.
    pub(super) fn of(text: &str, encoding: Encoding, fault: Option<DecodeError>) -> Self {
        let start = if encoding == Encoding::Utf8 && text.starts_with(MARK) { MARK.len_utf8() } else { 0 };
        let buffer = Buffer::of(text, start, encoding);
        let read_limit = |at: usize, bad, message| {
            let near = if buffer.is_some() { 0 } else { at };
            Self { start, buffer, near, at, bad, message }
        };
        if let Some(at) = first_control_character(text) {
            let width = text[at..].chars().next().map_or(1, char::len_utf8);
            let bad = Span::new(at, at + width);
            return read_limit(piece_start(text, at, encoding), bad, "control characters are not allowed");
        }
        match fault {
            Some(fault) => {
                let end = text.len();
                let at = if fault.is_cut_short() { end } else { piece_start(text, end, encoding) };
                read_limit(at, Span::empty(end), fault.message)
            }
            None => read_limit(usize::MAX, Span::default(), ""),
        }
    }

    /// Whether that many characters from `at` could reach the read_limit.
    #[inline]
    pub(super) fn is_beyond(&self, at: usize, characters: usize) -> bool {
        at + 4 * characters > self.near
    }

    /// The first place that needs a closer look.
    pub(super) fn near(&self) -> usize {
        self.near
    }

    /// Whether the buffer begins with a byte order mark, which costs every line its first character.
    #[inline]
    pub(super) fn takes_first_characters(&self) -> bool {
        self.buffer.as_ref().is_some_and(Buffer::begins_with_mark)
    }

    /// The fault if reading `characters` characters from `at` of `text` reaches the limit.
    pub(super) fn reached(&mut self, text: &str, at: usize, characters: usize) -> Option<SyntaxError> {
        let is_short =
            |end: usize| text.get(at..end).map_or(0, |between| between.chars().take(characters).count()) < characters;
        if let Some(buffer) = &mut self.buffer {
            buffer.need(text, at, characters);
        }
        (self.at != usize::MAX && is_short(self.at)).then(|| SyntaxError {
            span: self.bad,
            context: None,
            message: self.message.to_string(),
            line: None,
        })
    }
}

/// Offset of the first character outside of what YAML 1.1 allows.
fn first_control_character(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at = find_beyond_ascii::<true>(bytes, at);
        let next = |ahead: usize| bytes.get(at + ahead).copied().unwrap_or(0);
        let is_bad = match bytes.get(at)? {
            0xc2 => next(1) < 0xa0 && next(1) != 0x85,
            0xef => next(1) == 0xbf && next(2) >= 0xbe,
            byte => byte.is_ascii(),
        };
        if is_bad {
            return Some(at);
        }
        at += 1;
    }
}

/// The first byte from `at` on that is not a printable ASCII character, TAB, LF or, with `CR`, CR; the length when
/// there is none.
pub(super) fn find_beyond_ascii<const CR: bool>(bytes: &[u8], at: usize) -> usize {
    const BLOCK: usize = 32;
    let is_beyond =
        |byte: u8| !(matches!(byte, b'\t' | b'\n') || (b' '..0x7f).contains(&byte) || (CR && byte == b'\r'));
    let mut at = at.min(bytes.len());
    if bytes.get(at).is_some_and(|&byte| is_beyond(byte)) {
        return at;
    }
    // Whole blocks without a branch a byte, which the compiler makes wide.
    while let Some(block) = bytes.get(at..at + BLOCK) {
        if block.iter().fold(false, |any, &byte| any | is_beyond(byte)) {
            break;
        }
        at += BLOCK;
    }
    while bytes.get(at).is_some_and(|&byte| !is_beyond(byte)) {
        at += 1;
    }
    at
}

/// Where the piece that holds the character at `bad` begins, both as offsets in `text`.
fn piece_start(text: &str, bad: usize, encoding: Encoding) -> usize {
    let (mut start, mut raw, mut piece_end) = (0, mark_width(encoding), PIECE);
    for (at, character) in text.char_indices() {
        let end = raw + raw_width(character, encoding);
        if end > piece_end {
            (start, piece_end) = (at, raw + PIECE);
        }
        if at >= bad {
            return start;
        }
        raw = end;
    }
    // Bad bytes after the text: they begin a new piece when the last one is full.
    if raw >= piece_end { bad } else { start }
}
