//! Everything that starts with a backslash outside of a class, and single escaped characters anywhere.

use super::super::error::RegexErrorKind;
use super::super::tree::Look;
use super::{ParseError, Parser, SUFFIX};

impl Parser<'_> {
    /// Reads what starts with a backslash, outside of a class.
    pub(super) fn backslash(&mut self) -> Result<(), ParseError> {
        let look = match self.peek_at(1) {
            Some(b'A') => Look::TextStart,
            Some(b'z') => Look::TextEnd,
            Some(b'b') => Look::WordBoundary,
            Some(b'B') => Look::NotWordBoundary,
            Some(b'Q') => return self.quoted(),
            _ => return self.escaped_class_or_character(),
        };
        self.at += 2;
        self.push_look(look)
    }

    /// Reads `\Q…\E`: plain characters, up to the end when there is no `\E`.
    fn quoted(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        self.at += 2;
        let rest = self.rest();
        let length = rest.find(r"\E");
        if length.is_none() && start >= self.syntax.prefix().len() {
            self.swallowed_at.get_or_insert(start);
        }
        let end = self.at + length.unwrap_or(rest.len());
        while self.at < end {
            let Some(c) = self.next_char() else { break };
            self.push_literal(u32::from(c))?;
        }
        if length.is_some() {
            self.at += 2;
        }
        Ok(())
    }

    fn escaped_class_or_character(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        if let Some(class) = self.class_escape()? {
            return self.push_class(class);
        }
        if start + SUFFIX.len() + 1 == self.text.len() {
            self.swallowed_at.get_or_insert(start);
        }
        let code = self.escaped_character()?;
        self.push_literal(code)
    }

    /// Reads one escaped character, also inside of a class; gives its code point, which may be a surrogate.
    pub(super) fn escaped_character(&mut self) -> Result<u32, ParseError> {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.next_char() else {
            return Err(ParseError::new(RegexErrorKind::TrailingBackslash, self.text.len(), self.text.len()));
        };
        let code = match c {
            '1'..='7' if !matches!(self.peek(), Some(b'0'..=b'7')) => None,
            '0'..='7' => Some(self.octal(u32::from(c) - u32::from('0'))),
            'x' => self.hexadecimal(),
            'a' => Some(0x07),
            'f' => Some(0x0C),
            'n' => Some(0x0A),
            'r' => Some(0x0D),
            't' => Some(0x09),
            'v' => Some(0x0B),
            _ if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(u32::from(c)),
            _ => None,
        };
        code.ok_or_else(|| ParseError::new(RegexErrorKind::InvalidEscape, start, self.at))
    }

    /// Up to two more octal digits after the first.
    fn octal(&mut self, first: u32) -> u32 {
        let mut code = first;
        for _ in 0..2 {
            let Some(digit @ b'0'..=b'7') = self.peek() else { break };
            code = code * 8 + u32::from(digit - b'0');
            self.at += 1;
        }
        code
    }

    /// What follows `\x`: two digits, or any number of them in braces. Stops after the first wrong character.
    fn hexadecimal(&mut self) -> Option<u32> {
        let first = self.next_char()?;
        if first != '{' {
            let second = self.next_char();
            return Some(first.to_digit(16)? * 16 + second?.to_digit(16)?);
        }
        let mut code = None;
        loop {
            match self.next_char()? {
                '}' => return code,
                digit => {
                    let value = code.unwrap_or(0) * 16 + digit.to_digit(16)?;
                    if value > u32::from(char::MAX) {
                        return None;
                    }
                    code = Some(value);
                }
            }
        }
    }
}
