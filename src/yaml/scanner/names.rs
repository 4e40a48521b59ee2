//! Anchors, aliases, tags and directives.

use super::super::cursor::{Mark, is_word};
use super::super::fault::Read;
use super::super::token::{RawTag, TextRef, Token, TokenKind};
use super::Scanner;

/// Characters of a tag besides letters, digits, `_` and `-`.
const TAG_CHARACTERS: &[u8] = b";/?:@&=+$,.!~*'()[]%";

impl Scanner<'_> {
    /// `&name` or `*name`.
    pub(super) fn fetch_anchor(&mut self, kind: TokenKind) -> Read<()> {
        self.save_key()?;
        self.may_begin_key = false;
        let start = self.cursor.mark();
        self.cursor.skip_ascii(1);
        let name = self.skip_word()?;
        let is_ended = self.cursor.is_space_at(0) || b"?:,]}%@`".contains(&self.cursor.byte());
        if name.span.is_empty() || !is_ended {
            return Err(self.cursor.fault(start, "did not find expected alphabetic or numeric character"));
        }
        let token = Token { text: name, ..self.token(kind, start.at) };
        self.push(token);
        Ok(())
    }

    /// Steps over letters, digits, `_` and `-`.
    fn skip_word(&mut self) -> Read<TextRef> {
        let start = self.cursor.at;
        while is_word(self.cursor.byte()) {
            self.cursor.skip_ascii(1);
        }
        self.cursor.need(1)?;
        Ok(TextRef::source(start, self.cursor.at))
    }

    /// `!suffix`, `!handle!suffix` or `!<uri>`.
    pub(super) fn fetch_tag(&mut self) -> Read<()> {
        self.save_key()?;
        self.may_begin_key = false;
        let start = self.cursor.mark();
        self.cursor.need(2)?;
        let tag =
            if self.cursor.byte_at(1) == b'<' { self.read_verbatim_tag(start)? } else { self.read_short_tag(start)? };
        self.cursor.need(1)?;
        if !self.cursor.is_space_at(0) {
            return Err(self.cursor.fault(start, "did not find expected whitespace or line break"));
        }
        let token = self.tag_token(TokenKind::Tag, start, tag);
        self.push(token);
        Ok(())
    }

    fn tag_token(&mut self, kind: TokenKind, start: Mark, tag: RawTag) -> Token {
        self.tags.push(tag);
        Token { text: TextRef::source(self.tags.len() - 1, self.tags.len() - 1), ..self.token(kind, start.at) }
    }

    fn read_verbatim_tag(&mut self, start: Mark) -> Read<RawTag> {
        self.cursor.skip_ascii(2);
        let suffix = self.read_tag_uri(start, "")?;
        if self.cursor.byte() != b'>' {
            return Err(self.cursor.fault(start, "did not find the expected '>'"));
        }
        self.cursor.skip_ascii(1);
        Ok(RawTag { handle: String::new(), suffix })
    }

    fn read_short_tag(&mut self, start: Mark) -> Read<RawTag> {
        let handle = self.read_tag_handle(start, false)?;
        if handle.len() > 1 && handle.ends_with('!') {
            let suffix = self.read_tag_uri(start, "")?;
            return Ok(RawTag { handle, suffix });
        }
        let suffix = self.read_tag_uri(start, &handle)?;
        // A lone `!` is a tag of its own, which no handle represents.
        Ok(if suffix.is_empty() {
            RawTag { handle: String::new(), suffix: "!".to_string() }
        } else {
            RawTag { handle: "!".to_string(), suffix }
        })
    }

    /// `!`, `!name!`, or the beginning `!name` of a tag without handle.
    fn read_tag_handle(&mut self, start: Mark, is_directive: bool) -> Read<String> {
        self.cursor.need(1)?;
        if self.cursor.byte() != b'!' {
            return Err(self.cursor.fault(start, "did not find expected '!'"));
        }
        self.cursor.skip_ascii(1);
        let name = self.skip_word()?;
        let mut handle = format!("!{}", self.text(name));
        if self.cursor.byte() == b'!' {
            self.cursor.skip_ascii(1);
            handle.push('!');
        } else if is_directive && handle != "!" {
            return Err(self.cursor.fault(start, "did not find expected '!'"));
        }
        Ok(handle)
    }

    /// The rest of a tag; `head` is what was read of it with its `!`.
    fn read_tag_uri(&mut self, start: Mark, head: &str) -> Read<String> {
        let mut uri: Vec<u8> = head.bytes().skip(1).collect();
        self.cursor.need(1)?;
        let mut is_given = !head.is_empty();
        while is_word(self.cursor.byte()) || TAG_CHARACTERS.contains(&self.cursor.byte()) {
            if self.cursor.byte() == b'%' {
                self.read_uri_escape(start, &mut uri)?;
            } else {
                uri.push(self.cursor.byte());
                self.cursor.skip_ascii(1);
            }
            is_given = true;
        }
        self.cursor.need(1)?;
        if !is_given {
            return Err(self.cursor.fault(start, "did not find expected tag URI"));
        }
        Ok(String::from_utf8_lossy(&uri).into_owned())
    }

    /// `%41` and its like: the octets of one character.
    fn read_uri_escape(&mut self, start: Mark, uri: &mut Vec<u8>) -> Read<()> {
        let mut octets_left = None;
        while octets_left != Some(0) {
            self.cursor.need(3)?;
            let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            let digits = (digit(self.cursor.byte_at(1)), digit(self.cursor.byte_at(2)));
            let (b'%', (Some(high), Some(low))) = (self.cursor.byte(), digits) else {
                return Err(self.cursor.fault(start, "did not find URI escaped octet"));
            };
            let octet = high << 4 | low;
            octets_left = match octets_left {
                None => match octet {
                    0..=0x7f => Some(0),
                    0xc0..=0xdf => Some(1),
                    0xe0..=0xef => Some(2),
                    0xf0..=0xf7 => Some(3),
                    _ => return Err(self.cursor.fault(start, "found an incorrect leading UTF-8 octet")),
                },
                Some(_) if octet & 0xc0 != 0x80 => {
                    return Err(self.cursor.fault(start, "found an incorrect trailing UTF-8 octet"));
                }
                Some(left) => Some(left - 1),
            };
            uri.push(octet);
            self.cursor.skip_ascii(3);
        }
        Ok(())
    }

    /// `%YAML 1.1` or `%TAG !handle! prefix`.
    pub(super) fn fetch_directive(&mut self) -> Read<()> {
        self.close_blocks(-1);
        self.remove_key()?;
        self.may_begin_key = false;
        let start = self.cursor.mark();
        self.cursor.skip_ascii(1);
        let name = self.skip_word()?;
        if name.span.is_empty() {
            return Err(self.cursor.fault(start, "could not find expected directive name"));
        }
        if !self.cursor.is_space_at(0) {
            return Err(self.cursor.fault(start, "found unexpected non-alphabetical character"));
        }
        let token = match self.text(name) {
            "YAML" => self.read_version(start)?,
            "TAG" => self.read_tag_directive(start)?,
            _ => return Err(self.cursor.fault(start, "found unknown directive name")),
        };
        self.cursor.skip_blanks()?;
        self.cursor.skip_comment()?;
        if !self.cursor.is_break_or_end() {
            return Err(self.cursor.fault(start, "did not find expected comment or line break"));
        }
        self.cursor.need(2)?;
        self.cursor.skip_break();
        self.push(token);
        Ok(())
    }

    fn read_version(&mut self, start: Mark) -> Read<Token> {
        self.cursor.skip_blanks()?;
        let major = self.read_version_number(start)?;
        if self.cursor.byte() != b'.' {
            return Err(self.cursor.fault(start, "did not find expected digit or '.' character"));
        }
        self.cursor.skip_ascii(1);
        let minor = self.read_version_number(start)?;
        Ok(self.token(TokenKind::VersionDirective { is_1_1: (major, minor) == (1, 1) }, start.at))
    }

    fn read_version_number(&mut self, start: Mark) -> Read<u8> {
        const MAX_DIGITS: usize = 2;
        self.cursor.need(1)?;
        let (mut number, mut digits) = (0, 0);
        while self.cursor.byte().is_ascii_digit() {
            digits += 1;
            if digits > MAX_DIGITS {
                return Err(self.cursor.fault(start, "found extremely long version number"));
            }
            number = number * 10 + (self.cursor.byte() - b'0');
            self.cursor.skip_ascii(1);
        }
        self.cursor.need(1)?;
        if digits == 0 {
            return Err(self.cursor.fault(start, "did not find expected version number"));
        }
        Ok(number)
    }

    fn read_tag_directive(&mut self, start: Mark) -> Read<Token> {
        self.cursor.skip_blanks()?;
        let handle = self.read_tag_handle(start, true)?;
        self.cursor.need(1)?;
        if !self.cursor.is_blank() {
            return Err(self.cursor.fault(start, "did not find expected whitespace"));
        }
        self.cursor.skip_blanks()?;
        let suffix = self.read_tag_uri(start, "")?;
        self.cursor.need(1)?;
        if !self.cursor.is_space_at(0) {
            return Err(self.cursor.fault(start, "did not find expected whitespace or line break"));
        }
        Ok(self.tag_token(TokenKind::TagDirective, start, RawTag { handle, suffix }))
    }
}
