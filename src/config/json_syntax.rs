//! The syntax of JSON, with the words of Go's `encoding/json` for what is wrong.

use crate::release::Release;
use crate::text::go_quote;

/// A fault of the syntax: where it is, and Go's message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct JsonFault {
    pub(super) at: usize,
    pub(super) message: String,
}

/// What may come next in an open object or list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// A key, or the end of an object without members.
    FirstKey,
    /// A key, after a comma.
    Key,
    /// The colon after a key.
    Colon,
    /// The value of a member.
    Member,
    /// A comma or the end, after a member.
    AfterMember,
    /// An item, or the end of a list without items.
    FirstItem,
    /// An item, after a comma.
    Item,
    /// A comma or the end, after an item.
    AfterItem,
}

/// Go reads no deeper nesting.
pub(super) const MAX_DEPTH: usize = 10_000;

const VALUE: &str = "looking for beginning of value";
const KEY: &str = "looking for beginning of object key string";

/// The first fault of a text that should be one JSON value.
pub(super) fn first_fault(text: &str, release: Release) -> Option<JsonFault> {
    Scanner { text, at: 0, release }.run().err()
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    release: Release,
}

impl Scanner<'_> {
    fn run(&mut self) -> Result<(), JsonFault> {
        let mut open: Vec<Open> = Vec::new();
        let mut is_done = false;
        while let Some(byte) = self.next_after_blanks() {
            if is_done {
                return Err(self.unexpected("after top-level value"));
            }
            let Some(&state) = open.last() else {
                self.value(byte, &mut open)?;
                is_done = open.is_empty();
                continue;
            };
            match (state, byte) {
                (Open::FirstKey, b'}') | (Open::AfterMember, b'}') | (Open::FirstItem | Open::AfterItem, b']') => {
                    self.at += 1;
                    open.pop();
                    is_done = open.is_empty();
                }
                (Open::FirstKey | Open::Key, b'"') => {
                    self.string()?;
                    set(&mut open, Open::Colon);
                }
                (Open::FirstKey | Open::Key, _) => return Err(self.unexpected(KEY)),
                (Open::Colon, b':') => {
                    self.at += 1;
                    set(&mut open, Open::Member);
                }
                (Open::Colon, _) => return Err(self.unexpected("after object key")),
                (Open::Member, _) => {
                    set(&mut open, Open::AfterMember);
                    self.value(byte, &mut open)?;
                }
                (Open::AfterMember, b',') => {
                    self.at += 1;
                    set(&mut open, Open::Key);
                }
                (Open::AfterMember, _) => return Err(self.unexpected("after object key:value pair")),
                (Open::FirstItem | Open::Item, _) => {
                    set(&mut open, Open::AfterItem);
                    self.value(byte, &mut open)?;
                }
                (Open::AfterItem, b',') => {
                    self.at += 1;
                    set(&mut open, Open::Item);
                }
                (Open::AfterItem, _) => return Err(self.unexpected("after array element")),
            }
        }
        if is_done { Ok(()) } else { Err(self.end()) }
    }

    fn next_after_blanks(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        self.peek()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes over a scalar, or into an object or a list.
    fn value(&mut self, first: u8, open: &mut Vec<Open>) -> Result<(), JsonFault> {
        match first {
            b'{' | b'[' if open.len() == MAX_DEPTH => {
                const WORDS: &str = "exceeded max depth";
                Err(match self.release.has_new_json_reader() {
                    true => JsonFault { at: self.at, message: WORDS.to_string() },
                    false => self.unexpected(WORDS),
                })
            }
            b'{' | b'[' => {
                self.at += 1;
                open.push(if first == b'{' { Open::FirstKey } else { Open::FirstItem });
                Ok(())
            }
            b'"' => self.string(),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(self.unexpected(VALUE)),
        }
    }

    fn literal(&mut self, word: &str) -> Result<(), JsonFault> {
        for expected in word.bytes() {
            match self.peek() {
                Some(found) if found == expected => self.at += 1,
                Some(_) => {
                    let words = format!("in literal {word} (expecting '{}')", char::from(expected));
                    return Err(self.unexpected(&words));
                }
                None => return Err(self.end()),
            }
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), JsonFault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
            self.digit("in numeric literal")?;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits();
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digit("after decimal point in numeric literal")?;
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digit("in exponent of numeric literal")?;
            self.digits();
        }
        Ok(())
    }

    /// Whether a digit is next.
    fn digit(&self, place: &str) -> Result<(), JsonFault> {
        match self.peek() {
            Some(b'0'..=b'9') => Ok(()),
            Some(_) => Err(self.unexpected(place)),
            None => Err(self.end()),
        }
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Result<(), JsonFault> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(0..0x20) => return Err(self.unexpected("in string")),
                Some(_) => self.at += 1,
                None => return Err(self.end()),
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonFault> {
        let start = self.at;
        self.at += 1;
        let Some(escaped) = self.peek() else { return Err(self.end()) };
        match escaped {
            b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => {
                self.at += 1;
                Ok(())
            }
            b'u' => {
                self.at += 1;
                for _ in 0..4 {
                    match self.peek() {
                        Some(digit) if digit.is_ascii_hexdigit() => self.at += 1,
                        Some(_) => return Err(self.bad_escape(start)),
                        None => return Err(self.end()),
                    }
                }
                Ok(())
            }
            _ => Err(self.bad_escape(start)),
        }
    }

    /// An escape that JSON does not have, to the character that is wrong.
    fn bad_escape(&self, start: usize) -> JsonFault {
        let wrong = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let shown = self.text.get(start..self.at + wrong).unwrap_or("");
        JsonFault { at: start, message: format!("invalid escape sequence `{shown}` in string") }
    }

    fn unexpected(&self, place: &str) -> JsonFault {
        let found = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        let shown = match found {
            Some('\'') => "'\\''".to_string(),
            Some('"') => "'\"'".to_string(),
            Some(found) => {
                let quoted = go_quote(&found.to_string());
                format!("'{}'", quoted.trim_start_matches('"').trim_end_matches('"'))
            }
            None => return self.end(),
        };
        JsonFault { at: self.at, message: format!("invalid character {shown} {place}") }
    }

    fn end(&self) -> JsonFault {
        JsonFault { at: self.text.len(), message: "unexpected end of JSON input".to_string() }
    }
}

fn set(open: &mut [Open], state: Open) {
    if let Some(last) = open.last_mut() {
        *last = state;
    }
}

#[cfg(test)]
mod tests {
    use super::{JsonFault, MAX_DEPTH};
    use crate::release::Release;

    fn first_fault(text: &str) -> Option<JsonFault> {
        super::first_fault(text, Release::LATEST)
    }

    #[test]
    fn faults_are_worded_as_go_words_them() {
        for (text, message) in [
            ("[e]", "invalid character 'e' looking for beginning of value"),
            ("[1,]", "invalid character ']' looking for beginning of value"),
            ("{1: 2}", "invalid character '1' looking for beginning of object key string"),
            ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string"),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            ("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair"),
            ("[1 2]", "invalid character '2' after array element"),
            ("[]'", "invalid character '\\'' after top-level value"),
            ("[01]", "invalid character '1' after array element"),
            ("[-a]", "invalid character 'a' in numeric literal"),
            ("[1.a]", "invalid character 'a' after decimal point in numeric literal"),
            ("[1ea]", "invalid character 'a' in exponent of numeric literal"),
            ("nul,", "invalid character ',' in literal null (expecting 'l')"),
            ("\"\t\"", "invalid character '\\t' in string"),
            ("\"\\L\"", "invalid escape sequence `\\L` in string"),
            ("", "unexpected end of JSON input"),
            ("[{", "unexpected end of JSON input"),
        ] {
            assert_eq!(first_fault(text).map(|fault| fault.message).as_deref(), Some(message), "{text}");
        }
        for text in ["[]", " {\"a\": [1, -0.5e+3, true, null, \"\\u00e9\\n\"]} ", "1"] {
            assert_eq!(first_fault(text), None, "{text}");
        }
    }

    #[test]
    fn nesting_has_a_limit() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let message = |release: Release| super::first_fault(&nested(MAX_DEPTH + 1), release).map(|fault| fault.message);
        assert_eq!(first_fault(&nested(MAX_DEPTH)), None);
        assert_eq!(message(Release::LATEST).as_deref(), Some("invalid character '[' exceeded max depth"));
        assert_eq!(message(Release::LATEST.built_with_go(27)).as_deref(), Some("exceeded max depth"));
    }
}
