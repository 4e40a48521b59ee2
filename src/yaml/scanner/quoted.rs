//! Scalars in single and double quotes.

use super::super::cursor::is_space_or_end;
use super::super::fault::Read;
use super::super::token::{ScalarStyle, TextRef, Token, TokenKind};
use super::plain::Fold;
use super::{Mark, Scanner};

/// What of the text between the quotes was taken over.
struct Taken {
    /// Where the decoded text begins, once it differs from the source.
    decoded_from: Option<usize>,
    /// Up to where the source was taken over.
    source: usize,
}

impl Scanner<'_> {
    pub(super) fn fetch_quoted(&mut self, style: ScalarStyle) -> Read<()> {
        self.save_key()?;
        self.may_begin_key = false;
        let start = self.cursor.mark();
        let quote = self.cursor.byte();
        self.cursor.skip_ascii(1);
        let content_start = self.cursor.at;
        let mut taken = Taken { decoded_from: None, source: content_start };
        loop {
            self.cursor.need(4)?;
            if self.cursor.is_document_indicator() {
                return Err(self.cursor.fault(start, "found unexpected document indicator"));
            }
            if self.cursor.is_end() {
                return Err(self.cursor.fault(start, "found unexpected end of stream"));
            }
            let is_break_escaped = self.take_content(start, quote, &mut taken)?;
            self.cursor.need(1)?;
            if self.cursor.byte() == quote {
                break;
            }
            self.take_space(is_break_escaped, &mut taken)?;
        }
        let text = match taken.decoded_from {
            Some(from) => {
                self.take_source(&mut taken, self.cursor.at);
                TextRef::decoded(from, self.decoded.len())
            }
            None => TextRef::source(content_start, self.cursor.at),
        };
        self.cursor.skip_ascii(1);
        let token = Token { text, ..self.token(TokenKind::Scalar(style), start.at) };
        self.push(token);
        Ok(())
    }

    /// Takes characters up to a blank, a break or the closing quote; says whether it stopped after
    /// an escaped line break.
    fn take_content(&mut self, start: Mark, quote: u8, taken: &mut Taken) -> Read<bool> {
        loop {
            let stop = self.content_end(quote);
            self.cursor.skip_to(stop);
            self.cursor.need(2)?;
            let byte = self.cursor.byte();
            if is_space_or_end(self.cursor.bytes(), stop)
                || (byte == quote && (quote == b'"' || self.cursor.byte_at(1) != b'\''))
            {
                return Ok(false);
            }
            self.take_source(taken, stop);
            if byte == b'\'' {
                self.decoded.push('\'');
                self.cursor.skip_ascii(2);
            } else if super::super::cursor::is_break(self.cursor.bytes(), stop + 1) {
                self.cursor.need(3)?;
                self.cursor.skip_ascii(1);
                self.cursor.skip_break();
                taken.source = self.cursor.at;
                return Ok(true);
            } else {
                self.take_escape(start)?;
            }
            taken.source = self.cursor.at;
        }
    }

    /// Where plain content stops: at a blank, a break, the quote, or in double quotes a backslash.
    fn content_end(&self, quote: u8) -> usize {
        let bytes = self.cursor.bytes();
        let mut at = self.cursor.at;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => break,
                b'\\' if quote == b'"' => break,
                0xc2 | 0xe2 if is_space_or_end(bytes, at) => break,
                _ if byte == quote => break,
                _ => at += 1,
            }
        }
        at
    }

    /// Adds the source up to `end` to the decoded text, which begins here if it has not yet.
    fn take_source(&mut self, taken: &mut Taken, end: usize) {
        taken.decoded_from.get_or_insert(self.decoded.len());
        let piece = self.cursor.text().get(taken.source..end).unwrap_or("");
        self.decoded.push_str(piece);
        taken.source = end;
    }

    /// Takes blanks and line breaks: blanks beside a break vanish, breaks fold.
    fn take_space(&mut self, is_break_escaped: bool, taken: &mut Taken) -> Read<()> {
        let space_start = self.cursor.at;
        let mut fold: Option<Fold> = None;
        let mut following = String::new();
        loop {
            if self.cursor.is_blank() {
                self.cursor.skip_ascii(1);
            } else if self.cursor.is_break() {
                self.cursor.need(2)?;
                if is_break_escaped {
                    self.cursor.read_break(&mut following);
                } else {
                    if fold.is_none() {
                        self.take_source(taken, space_start);
                    }
                    self.cursor.read_break(&mut fold.get_or_insert_default().breaks);
                }
            } else {
                break;
            }
        }
        self.cursor.need(1)?;
        if let Some(fold) = fold {
            fold.add_to(&mut self.decoded);
            taken.source = self.cursor.at;
        } else if is_break_escaped {
            self.decoded.push_str(&following);
            taken.source = self.cursor.at;
        }
        Ok(())
    }

    /// Takes the escape that begins here.
    fn take_escape(&mut self, start: Mark) -> Read<()> {
        let digits = match self.cursor.byte_at(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            letter => {
                let Some(character) = escaped_character(letter) else {
                    return Err(self.cursor.fault(start, "found unknown escape character"));
                };
                self.decoded.push(character);
                self.cursor.skip_ascii(2);
                return Ok(());
            }
        };
        self.cursor.skip_ascii(2);
        self.cursor.need(digits)?;
        let mut code: u32 = 0;
        for index in 0..digits {
            let Some(digit) = char::from(self.cursor.byte_at(index)).to_digit(16) else {
                return Err(self.cursor.fault(start, "did not find expected hexdecimal number"));
            };
            code = code << 4 | digit;
        }
        let Some(character) = char::from_u32(code) else {
            return Err(self.cursor.fault(start, "found invalid Unicode character escape code"));
        };
        self.decoded.push(character);
        self.cursor.skip_ascii(digits);
        Ok(())
    }
}

/// The character of a backslash and a letter, but for those with digits.
pub(in crate::yaml) fn escaped_character(letter: u8) -> Option<char> {
    Some(match letter {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        b' ' | b'"' | b'\'' | b'\\' => char::from(letter),
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
