//! Block scalars: `|` and `>`.

use super::super::cursor::line_end;
use super::super::fault::Read;
use super::super::token::{ScalarStyle, TextRef, Token, TokenKind};
use super::{Mark, Scanner};

/// What becomes of the line breaks at the end of a block scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Scanner<'_> {
    pub(super) fn fetch_block_scalar(&mut self, style: ScalarStyle) -> Read<()> {
        self.remove_key()?;
        self.may_begin_key = true;
        let start = self.cursor.mark();
        self.cursor.skip_ascii(1);
        let (chomping, increment) = self.read_block_header(start)?;
        let mut content_end = self.cursor.at;
        self.skip_header_rest(start)?;
        let mut indent = match increment {
            0 => 0,
            increment => usize::try_from(self.indent).unwrap_or(0) + increment,
        };
        let decoded_from = self.decoded.len();
        let mut leading_break = String::new();
        let mut breaks = String::new();
        let mut end = self.skip_block_breaks(start, &mut indent, &mut breaks)?;
        self.cursor.need(1)?;
        let mut follows_blank_line = false;
        while self.cursor.column() == indent && !self.cursor.is_end() {
            let begins_blank = self.cursor.is_blank();
            let folds =
                style == ScalarStyle::Folded && !follows_blank_line && !begins_blank && leading_break.starts_with('\n');
            if !folds {
                self.decoded.push_str(&leading_break);
            } else if breaks.is_empty() {
                self.decoded.push(' ');
            }
            self.decoded.push_str(&breaks);
            leading_break.clear();
            breaks.clear();
            follows_blank_line = begins_blank;
            content_end = self.take_block_line();
            self.cursor.need(2)?;
            self.cursor.read_break(&mut leading_break);
            end = self.skip_block_breaks(start, &mut indent, &mut breaks)?;
        }
        if chomping != Chomping::Strip {
            self.decoded.push_str(&leading_break);
        }
        if chomping == Chomping::Keep {
            self.decoded.push_str(&breaks);
            content_end = content_end.max(self.before_break(end));
        }
        let text = TextRef::decoded(decoded_from, self.decoded.len());
        let token = self.token(TokenKind::Scalar(style), start.at);
        let span = crate::text::Span::new(start.at, end);
        let content_end = u32::try_from(content_end).unwrap_or(u32::MAX);
        self.push(Token { text, span, content_end, ..token });
        Ok(())
    }

    /// Chomping and indentation indicators, in either order.
    fn read_block_header(&mut self, start: Mark) -> Read<(Chomping, usize)> {
        self.cursor.need(1)?;
        let first = self.read_chomping();
        let increment = self.read_increment(start)?;
        self.cursor.need(1)?;
        let chomping = match first {
            None if increment > 0 => self.read_chomping(),
            first => first,
        };
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn read_chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.cursor.byte() {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.cursor.skip_ascii(1);
        Some(chomping)
    }

    fn read_increment(&mut self, start: Mark) -> Read<usize> {
        let digit = self.cursor.byte();
        if !digit.is_ascii_digit() {
            return Ok(0);
        }
        if digit == b'0' {
            return Err(self.cursor.fault(start, "found an indentation indicator equal to 0"));
        }
        self.cursor.skip_ascii(1);
        Ok(usize::from(digit - b'0'))
    }

    fn skip_header_rest(&mut self, start: Mark) -> Read<()> {
        self.cursor.need(1)?;
        self.cursor.skip_blanks()?;
        self.cursor.skip_comment()?;
        if !self.cursor.is_break_or_end() {
            return Err(self.cursor.fault(start, "did not find expected comment or line break"));
        }
        self.cursor.need(2)?;
        self.cursor.skip_break();
        Ok(())
    }

    /// Takes the rest of this line into the decoded text; gives its end.
    fn take_block_line(&mut self) -> usize {
        let end = line_end(self.cursor.bytes(), self.cursor.at);
        let line = self.cursor.text().get(self.cursor.at..end).unwrap_or("");
        self.decoded.push_str(line);
        self.cursor.skip_to(end);
        end
    }

    /// Steps over blank lines and the indentation of the next line. An `indent` of 0 is found out
    /// here. Gives the start of the line where the scalar's mark ends.
    fn skip_block_breaks(&mut self, start: Mark, indent: &mut usize, breaks: &mut String) -> Read<usize> {
        let mut end = self.cursor.at;
        let mut widest = 0;
        loop {
            self.cursor.need(1)?;
            let is_inside = |column: usize| *indent == 0 || column < *indent;
            while is_inside(self.cursor.column()) && self.cursor.byte() == b' ' {
                self.cursor.skip_ascii(1);
            }
            widest = widest.max(self.cursor.column());
            self.cursor.need(1)?;
            if is_inside(self.cursor.column()) && self.cursor.byte() == b'\t' {
                return Err(self.cursor.fault(start, "found a tab character where an indentation space is expected"));
            }
            if !self.cursor.is_break() {
                break;
            }
            self.cursor.need(2)?;
            self.cursor.read_break(breaks);
            end = self.cursor.at;
        }
        if *indent == 0 {
            *indent = widest.max(usize::try_from(self.indent + 1).unwrap_or(0)).max(1);
        }
        Ok(end)
    }

    /// The offset before the line break that ends at `end`.
    fn before_break(&self, end: usize) -> usize {
        let text = self.cursor.text().get(..end).unwrap_or("");
        let without =
            text.strip_suffix("\r\n").or_else(|| text.strip_suffix(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']));
        without.unwrap_or(text).len()
    }
}
