//! Text to tokens: indentation, simple keys, indicators. Scalars, and what begins with `&`, `*`,
//! `!` or `%`, have files of their own.
//!
//! Behavior: `scannerc.go` of go.yaml.in/yaml/v2 v2.4.4, its oddities included; they decide which
//! files Prometheus loads.

mod block;
mod names;
mod plain;
mod quoted;

use std::collections::VecDeque;

use crate::text::Span;

pub(super) use quoted::escaped_character;

use super::cursor::{Cursor, Mark};
use super::fault::Read;
use super::read_limit::ReadLimit;
use super::token::{RawTag, ScalarStyle, TextRef, Token, TokenKind};

/// The deepest nesting yaml.v2 reads.
pub(super) const MAX_DEPTH: usize = 10_000;
/// How far after its key a `:` may be, in characters.
pub(super) const SIMPLE_KEY_LENGTH: usize = 1024;

/// Reads tokens one after the other, no further ahead than yaml.v2 does.
pub(super) struct Scanner<'s> {
    pub(super) cursor: Cursor<'s>,
    pub(super) tokens: VecDeque<Token>,
    /// How many tokens were taken from the queue.
    tokens_taken: usize,
    /// Column of the block collection we are in, -1 outside of any.
    pub(super) indent: isize,
    pub(super) indents: Vec<isize>,
    /// One possible simple key a flow level, the block level first.
    pub(super) keys: Vec<SimpleKey>,
    pub(super) may_begin_key: bool,
    /// Set by a possible key for the token that is pushed next.
    pub(super) next_key_level: Option<u32>,
    /// Texts that differ from what is in the source.
    pub(super) decoded: String,
    pub(super) tags: Vec<RawTag>,
    /// Whether the end was met in the middle of a line: yaml.v2 then counts a line more.
    pub(super) ends_inside_line: bool,
    pub(super) is_finished: bool,
}

/// A place that turns out to be a key if a `:` follows on the same line.
#[derive(Clone, Copy)]
pub(super) struct SimpleKey {
    pub(super) is_possible: bool,
    pub(super) is_required: bool,
    /// Whether the queue waits for it.
    pub(super) is_awaited: bool,
    token: usize,
    mark: Mark,
    column: usize,
}

impl<'s> Scanner<'s> {
    pub(super) fn new(text: &'s str, read_limit: ReadLimit) -> Self {
        let cursor = Cursor::new(text, read_limit);
        let none = SimpleKey {
            is_possible: false,
            is_required: false,
            is_awaited: false,
            token: 0,
            mark: cursor.mark(),
            column: 0,
        };
        Self {
            cursor,
            tokens: VecDeque::new(),
            tokens_taken: 0,
            indent: -1,
            indents: Vec::new(),
            keys: vec![none],
            may_begin_key: true,
            next_key_level: None,
            decoded: String::new(),
            tags: Vec::new(),
            ends_inside_line: false,
            is_finished: false,
        }
    }

    /// The next token, which stays. At the end of the text that is [`TokenKind::StreamEnd`], again and again.
    pub(super) fn peek(&mut self) -> Read<Token> {
        while self.needs_more_tokens()? {
            self.fetch()?;
        }
        Ok(self.tokens.front().copied().unwrap_or_else(|| self.token(TokenKind::StreamEnd, self.cursor.at)))
    }

    /// Takes the token that was peeked at.
    pub(super) fn take(&mut self) {
        if self.tokens.pop_front().is_some() {
            self.tokens_taken += 1;
        }
    }

    /// The text a token refers to.
    pub(super) fn text(&self, text: TextRef) -> &str {
        let buffer = if text.is_decoded { self.decoded.as_str() } else { self.cursor.text() };
        text.span.of(buffer)
    }

    /// While the first token in the queue may still turn out to be a key, its `:` must be looked for.
    fn needs_more_tokens(&mut self) -> Read<bool> {
        let Some(head) = self.tokens.front() else { return Ok(!self.is_finished) };
        let Some(level) = head.key_level else { return Ok(false) };
        let level = level as usize;
        match self.keys.get(level) {
            Some(key) if key.is_awaited && key.token == self.tokens_taken => self.is_key_valid(level),
            _ => Ok(false),
        }
    }

    fn fetch(&mut self) -> Read<()> {
        self.skip_to_next_token()?;
        self.close_blocks(self.cursor.column() as isize);
        self.cursor.need(4)?;
        if self.cursor.is_end() {
            return self.fetch_end();
        }
        let is_flow = self.is_flow();
        if self.cursor.column() == 0 {
            match self.cursor.byte() {
                b'%' => return self.fetch_directive(),
                b'-' if self.cursor.stands_alone(b"---") => {
                    return self.fetch_document_indicator(TokenKind::DocumentStart);
                }
                b'.' if self.cursor.stands_alone(b"...") => {
                    return self.fetch_document_indicator(TokenKind::DocumentEnd);
                }
                _ => {}
            }
        }
        match self.cursor.byte() {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.cursor.is_space_at(1) => self.fetch_block_entry(),
            b'?' if is_flow || self.cursor.is_space_at(1) => self.fetch_key(),
            b':' if is_flow || self.cursor.is_space_at(1) => self.fetch_value(),
            b'*' => self.fetch_anchor(TokenKind::Alias),
            b'&' => self.fetch_anchor(TokenKind::Anchor),
            b'!' => self.fetch_tag(),
            b'|' if !is_flow => self.fetch_block_scalar(ScalarStyle::Literal),
            b'>' if !is_flow => self.fetch_block_scalar(ScalarStyle::Folded),
            b'\'' => self.fetch_quoted(ScalarStyle::SingleQuoted),
            b'"' => self.fetch_quoted(ScalarStyle::DoubleQuoted),
            b'\t' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => {
                Err(self.cursor.fault(self.cursor.mark(), "found character that cannot start any token"))
            }
            _ => self.fetch_plain(),
        }
    }

    fn is_flow(&self) -> bool {
        self.keys.len() > 1
    }

    /// Steps over blanks, comments and line breaks. A tab is a blank only where no key may begin.
    fn skip_to_next_token(&mut self) -> Read<()> {
        loop {
            self.cursor.need(1)?;
            self.cursor.skip_for_mark();
            let takes_tabs = self.is_flow() || !self.may_begin_key;
            while self.cursor.byte() == b' ' || (takes_tabs && self.cursor.byte() == b'\t') {
                self.cursor.skip_ascii(1);
            }
            self.cursor.need(1)?;
            self.cursor.skip_comment()?;
            if !self.cursor.is_break() {
                return Ok(());
            }
            self.cursor.need(2)?;
            self.cursor.skip_break();
            if !self.is_flow() {
                self.may_begin_key = true;
            }
        }
    }

    fn token(&self, kind: TokenKind, start: usize) -> Token {
        token_at(kind, Span::new(start, self.cursor.at))
    }

    fn push(&mut self, mut token: Token) {
        token.key_level = self.next_key_level.take();
        self.tokens.push_back(token);
    }

    /// Puts a token of no width before the `number`th token of all; after all others when that one
    /// was taken already, as yaml.v2 does.
    fn insert(&mut self, kind: TokenKind, at: usize, number: Option<usize>) {
        let token = token_at(kind, Span::empty(at));
        match number.and_then(|number| number.checked_sub(self.tokens_taken)) {
            Some(index) if index <= self.tokens.len() => self.tokens.insert(index, token),
            _ => self.tokens.push_back(token),
        }
    }

    /// Takes the indicator of `width` ASCII bytes here as a token.
    fn push_indicator(&mut self, kind: TokenKind, width: usize) {
        let start = self.cursor.at;
        self.cursor.skip_ascii(width);
        let token = self.token(kind, start);
        self.push(token);
    }

    /// Whether the possible key of a level can still be one.
    fn is_key_valid(&mut self, level: usize) -> Read<bool> {
        let key = self.keys[level];
        if !key.is_possible {
            return Ok(false);
        }
        let is_out_of_reach = key.mark.line < self.cursor.line || self.is_far_behind(key.mark.at);
        if is_out_of_reach {
            if key.is_required {
                return Err(self.cursor.fault(key.mark, "could not find expected ':'"));
            }
            self.keys[level].is_possible = false;
        }
        Ok(!is_out_of_reach)
    }

    fn is_far_behind(&self, at: usize) -> bool {
        let between = self.cursor.text().get(at..self.cursor.at).unwrap_or("");
        between.len() > SIMPLE_KEY_LENGTH && between.chars().count() > SIMPLE_KEY_LENGTH
    }

    /// What begins here may be a key.
    fn save_key(&mut self) -> Read<()> {
        if !self.may_begin_key {
            return Ok(());
        }
        let is_required = !self.is_flow() && self.indent == self.cursor.column() as isize;
        self.remove_key()?;
        let level = self.keys.len() - 1;
        self.keys[level] = SimpleKey {
            is_possible: true,
            is_required,
            is_awaited: true,
            token: self.tokens_taken + self.tokens.len(),
            mark: self.cursor.mark(),
            column: self.cursor.column(),
        };
        self.next_key_level = u32::try_from(level).ok();
        Ok(())
    }

    /// What may have been a key on this level is none.
    fn remove_key(&mut self) -> Read<()> {
        let level = self.keys.len() - 1;
        let key = &mut self.keys[level];
        if key.is_possible {
            if key.is_required {
                let mark = key.mark;
                return Err(self.cursor.fault(mark, "could not find expected ':'"));
            }
            key.is_possible = false;
            key.is_awaited = false;
        }
        Ok(())
    }

    /// Opens a block collection at `column` unless one is open there.
    fn open_block(&mut self, column: usize, at: usize, number: Option<usize>, kind: TokenKind) -> Read<()> {
        let column = column as isize;
        if self.is_flow() || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            let mark = self.keys[0].mark;
            return Err(self.cursor.fault(mark, "exceeded max depth of 10000"));
        }
        self.insert(kind, at, number);
        Ok(())
    }

    /// Closes the block collections that are indented more than `column`.
    fn close_blocks(&mut self, column: isize) {
        if self.is_flow() {
            return;
        }
        while self.indent > column {
            let token = self.token(TokenKind::BlockEnd, self.cursor.at);
            self.tokens.push_back(token);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn fetch_end(&mut self) -> Read<()> {
        self.ends_inside_line |= self.cursor.end_line();
        self.close_blocks(-1);
        self.remove_key()?;
        self.may_begin_key = false;
        self.is_finished = true;
        self.push_indicator(TokenKind::StreamEnd, 0);
        Ok(())
    }

    fn fetch_document_indicator(&mut self, kind: TokenKind) -> Read<()> {
        self.close_blocks(-1);
        self.remove_key()?;
        self.may_begin_key = false;
        self.push_indicator(kind, 3);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Read<()> {
        self.save_key()?;
        self.keys.push(SimpleKey {
            is_possible: false,
            is_required: false,
            is_awaited: false,
            token: self.tokens_taken + self.tokens.len(),
            mark: self.cursor.mark(),
            column: self.cursor.column(),
        });
        if self.keys.len() - 1 > MAX_DEPTH {
            return Err(self.cursor.fault(self.cursor.mark(), "exceeded max depth of 10000"));
        }
        self.may_begin_key = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Read<()> {
        self.remove_key()?;
        if self.is_flow() {
            // An empty collection takes the key that began with its bracket along: yaml.v2 forgets
            // to wait for it, so `{}: x` is not a mapping.
            let closed = self.keys.pop().map(|key| key.token);
            if let Some(outer) = self.keys.last_mut().filter(|outer| Some(outer.token) == closed) {
                outer.is_awaited = false;
            }
        }
        self.may_begin_key = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Read<()> {
        self.remove_key()?;
        self.may_begin_key = true;
        self.push_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Read<()> {
        if !self.is_flow() {
            if !self.may_begin_key {
                return Err(self
                    .cursor
                    .fault(self.cursor.mark(), "block sequence entries are not allowed in this context"));
            }
            self.open_block(self.cursor.column(), self.cursor.at, None, TokenKind::BlockSequenceStart)?;
        }
        self.remove_key()?;
        self.may_begin_key = true;
        self.push_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Read<()> {
        if !self.is_flow() {
            if !self.may_begin_key {
                return Err(self.cursor.fault(self.cursor.mark(), "mapping keys are not allowed in this context"));
            }
            self.open_block(self.cursor.column(), self.cursor.at, None, TokenKind::BlockMappingStart)?;
        }
        self.remove_key()?;
        self.may_begin_key = !self.is_flow();
        self.push_indicator(TokenKind::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Read<()> {
        let level = self.keys.len() - 1;
        if self.is_key_valid(level)? {
            let key = self.keys[level];
            self.insert(TokenKind::Key, key.mark.at, Some(key.token));
            self.open_block(key.column, key.mark.at, Some(key.token), TokenKind::BlockMappingStart)?;
            self.keys[level].is_possible = false;
            self.keys[level].is_awaited = false;
            self.may_begin_key = false;
        } else {
            if !self.is_flow() {
                if !self.may_begin_key {
                    return Err(self
                        .cursor
                        .fault(self.cursor.mark(), "mapping values are not allowed in this context"));
                }
                self.open_block(self.cursor.column(), self.cursor.at, None, TokenKind::BlockMappingStart)?;
            }
            self.may_begin_key = !self.is_flow();
        }
        self.push_indicator(TokenKind::Value, 1);
        Ok(())
    }
}

fn token_at(kind: TokenKind, span: Span) -> Token {
    Token { kind, span, content_end: span.end, text: TextRef::default(), key_level: None }
}
