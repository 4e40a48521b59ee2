//! Scalars without quotes.

use super::super::cursor::is_space_or_end;
use super::super::fault::Read;
use super::super::token::{ScalarStyle, TextRef, Token, TokenKind};
use super::Scanner;

/// Bytes at which a word may end: blanks, breaks, `:`, and in flow collections indicators.
static MAY_END_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let stops = b" \t\r\n:,?[]{}\xc2\xe2";
    let mut index = 0;
    while index < stops.len() {
        table[stops[index] as usize] = true;
        index += 1;
    }
    table
};

impl Scanner<'_> {
    pub(super) fn fetch_plain(&mut self) -> Read<()> {
        self.save_key()?;
        self.may_begin_key = false;
        let start = self.cursor.mark();
        let mut end = start.at;
        let mut decoded_from = None;
        let mut fold = None;
        loop {
            self.cursor.need(4)?;
            if self.cursor.is_document_indicator() || self.cursor.byte() == b'#' {
                break;
            }
            let word_end = self.word_end();
            if word_end > self.cursor.at {
                match fold.take() {
                    Some(fold) => self.add_folded(start.at, end, &mut decoded_from, &fold, word_end),
                    None => self.add_to_decoded(decoded_from, end, word_end),
                }
                self.cursor.skip_to(word_end);
                end = word_end;
                self.cursor.need(2)?;
            }
            if !(self.cursor.is_blank() || self.cursor.is_break()) {
                break;
            }
            self.skip_space_in_plain(start, &mut fold)?;
            if !self.is_flow() && (self.cursor.column() as isize) < self.indent + 1 {
                break;
            }
        }
        if fold.is_some() {
            self.may_begin_key = true;
        }
        let text = match decoded_from {
            Some(from) => TextRef::decoded(from, self.decoded.len()),
            None => TextRef::source(start.at, end),
        };
        let token = self.token(TokenKind::Scalar(ScalarStyle::Plain), start.at);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        let span = crate::text::Span { start: token.span.start, end };
        self.push(Token { text, span, content_end: end, ..token });
        Ok(())
    }

    /// Where the word that begins here ends.
    fn word_end(&self) -> usize {
        let bytes = self.cursor.bytes();
        let is_flow = self.is_flow();
        let mut at = self.cursor.at;
        loop {
            while at < bytes.len() && !MAY_END_WORD[usize::from(bytes[at])] {
                at += 1;
            }
            let ends = match bytes.get(at) {
                None | Some(b' ' | b'\t' | b'\r' | b'\n') => true,
                Some(b':') => is_space_or_end(bytes, at + 1),
                Some(0xc2 | 0xe2) => is_space_or_end(bytes, at),
                Some(_) => is_flow,
            };
            if ends {
                return at;
            }
            at += 1;
        }
    }

    /// Adds the text from `end` (blanks on the same line included) to the decoded text, if there is one.
    fn add_to_decoded(&mut self, decoded_from: Option<usize>, end: usize, word_end: usize) {
        if decoded_from.is_some() {
            let piece = self.cursor.text().get(end..word_end).unwrap_or("");
            self.decoded.push_str(piece);
        }
    }

    /// Adds line breaks as they fold, then the word that ends at `word_end`.
    fn add_folded(&mut self, start: usize, end: usize, decoded_from: &mut Option<usize>, fold: &Fold, word_end: usize) {
        let source = self.cursor.text();
        if decoded_from.is_none() {
            *decoded_from = Some(self.decoded.len());
            self.decoded.push_str(source.get(start..end).unwrap_or(""));
        }
        fold.add_to(&mut self.decoded);
        self.decoded.push_str(source.get(self.cursor.at..word_end).unwrap_or(""));
    }

    /// Steps over blanks and line breaks after a word.
    fn skip_space_in_plain(&mut self, start: super::Mark, fold: &mut Option<Fold>) -> Read<()> {
        self.cursor.need(1)?;
        loop {
            if self.cursor.is_blank() {
                let is_left_of_content = (self.cursor.column() as isize) < self.indent + 1;
                if fold.is_some() && is_left_of_content && self.cursor.byte() == b'\t' {
                    return Err(self.cursor.fault(start, "found a tab character that violates indentation"));
                }
                self.cursor.skip_ascii(1);
            } else if self.cursor.is_break() {
                self.cursor.need(2)?;
                self.cursor.read_break(&mut fold.get_or_insert_default().breaks);
            } else {
                return self.cursor.need(1);
            }
        }
    }
}

/// Line breaks between two pieces of a scalar.
#[derive(Default)]
pub(super) struct Fold {
    pub(super) breaks: String,
}

impl Fold {
    /// One line feed becomes a blank, more lose their first; LS and PS stay.
    pub(super) fn add_to(&self, out: &mut String) {
        match self.breaks.strip_prefix('\n') {
            Some("") => out.push(' '),
            Some(rest) => out.push_str(rest),
            None => out.push_str(&self.breaks),
        }
    }
}
