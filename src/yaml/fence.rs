//! How far yaml.v2 could read a text that holds bytes or characters it refuses.
//!
//! yaml.v2 takes its input in pieces of 512 bytes and refuses a bad character when it takes the
//! piece with it. So a bad character far behind what the first document needs is never seen, and one
//! close behind it is.
//!
//! Source: `readerc.go` of go.yaml.in/yaml/v2 v2.4.4.

use crate::text::{DecodeFault, Encoding, Span};

use super::fault::SyntaxFault;

const PIECE: usize = 512;

/// The place from which on nothing can be read.
pub(super) struct Fence {
    /// Where the piece with the first bad character begins; `usize::MAX` when there is none.
    at: usize,
    bad: Span,
    message: &'static str,
}

impl Fence {
    /// Finds the first character of `text` that yaml.v2 refuses; `fault` tells of bad bytes where the
    /// text was cut off.
    pub(super) fn of(text: &str, encoding: Encoding, fault: Option<DecodeFault>) -> Self {
        if let Some(at) = first_control_character(text) {
            let width = text[at..].chars().next().map_or(1, char::len_utf8);
            let message = "control characters are not allowed";
            return Self { at: piece_start(text, at, encoding), bad: Span::new(at, at + width), message };
        }
        match fault {
            Some(fault) => {
                let at = piece_start(text, text.len(), encoding);
                Self { at, bad: Span::empty(text.len()), message: fault.message }
            }
            None => Self { at: usize::MAX, bad: Span::default(), message: "" },
        }
    }

    /// Whether that many characters from `at` could reach the fence.
    #[inline]
    pub(super) fn is_beyond(&self, at: usize, characters: usize) -> bool {
        at + 4 * characters > self.at
    }

    /// The fault if reading `characters` characters from `at` of `text` reaches the fence.
    pub(super) fn reached(&self, text: &str, at: usize, characters: usize) -> Option<SyntaxFault> {
        let readable = text.get(at..self.at).map_or(0, |between| between.chars().take(characters).count());
        (readable < characters).then(|| SyntaxFault {
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
    while let Some(found) = bytes[at..].iter().position(|&byte| IS_SUSPECT[usize::from(byte)]) {
        at += found;
        let next = |ahead: usize| bytes.get(at + ahead).copied().unwrap_or(0);
        let is_bad = match bytes[at] {
            0xc2 => next(1) < 0xa0 && next(1) != 0x85,
            0xef => next(1) == 0xbf && next(2) >= 0xbe,
            _ => true,
        };
        if is_bad {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Bytes that are, or may begin, a character that is not allowed.
static IS_SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = !matches!(byte as u8, b'\t' | b'\n' | b'\r');
        byte += 1;
    }
    table[0x7f] = true;
    table[0xc2] = true;
    table[0xef] = true;
    table
};

/// Where the piece that holds the character at `bad` begins, both as offsets in `text`.
fn piece_start(text: &str, bad: usize, encoding: Encoding) -> usize {
    let width = |character: char| match encoding {
        Encoding::Utf8 => character.len_utf8(),
        Encoding::Utf16Le | Encoding::Utf16Be => 2 * character.len_utf16(),
    };
    let mark = if encoding == Encoding::Utf8 || text.starts_with('\u{feff}') { 0 } else { 2 };
    let (mut start, mut raw, mut piece_end) = (0, mark, PIECE);
    for (at, character) in text.char_indices() {
        let end = raw + width(character);
        if end > piece_end {
            (start, piece_end) = (at, raw + PIECE);
        }
        if at >= bad {
            return start;
        }
        raw = end;
    }
    // Bad bytes behind the text: they begin a new piece when the last one is full.
    if raw >= piece_end { bad } else { start }
}
