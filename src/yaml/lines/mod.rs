//! The fast reader: line by line to the nodes of the tree, for what nearly all configs are made of.
//!
//! It and the exact engine (`scanner`, `parser`) take turns on one text and one tree. They meet
//! between two nodes of a block collection, where the exact engine's state is small: no token waits,
//! no simple key is awaited, and the states of the parser are one for each open collection. There
//! the fast reader works on the engine's own stacks (indentations, states, starts), so that nothing
//! is translated, and each side can go on where the other one stopped.
//!
//! The fast reader stops at the first thing that it does not know, which is one of:
//!
//! - a whole line (a document indicator, a complex key, an anchor before a key): [`Stop::Line`];
//! - a value (a tag, a scalar of several lines, a block scalar whose header has a digit or `+`, an
//!   alias without its anchor, `a: b: c`), from the end of its `:` on: [`Stop::Value`];
//! - an item, from the end of its `-` on: [`Stop::Item`].
//!
//! The exact engine reads that one node and at most a key and a value more, then the lines go on
//! (`turns`). So a region that is read exactly is the smallest one that a node can be.
//!
//! It never decides that a text is wrong. It reads a line only if that line and the beginning of the
//! next one leave no doubt: a plain scalar is taken when the next content is not its continuation, a
//! key when its `:` follows within 1024 bytes on its line, brackets when they are closed and nothing
//! follows. If the exact engine comes upon a fault, the whole text is read again by that engine
//! alone, so that the fault and the nodes before it are yaml.v2's. `bounds` keeps it away from rare
//! line breaks and from where yaml.v2 could meet bytes that are not text.
//!
//! A reader that goes on after a fault can start at the beginning of any line, once the stacks say
//! which collections are open: [`Parser::read_lines`](super::parser::Parser) asks for nothing else.

mod anchor;
mod block;
mod bytes;
mod flow;
mod scalar;
mod turns;

use crate::text::Span;

use super::build::Builder;
use super::data::Shape;
use super::parser::State;
use super::scanner::MAX_DEPTH;
use super::token::ScalarStyle;
use bytes::{CLASS, PLAIN_START, byte, is_dash, is_line_end, next_line, skip_spaces};
use scalar::Scalar;

/// Reads lines into a tree, on the stacks of the exact engine.
struct Lines<'p, 's> {
    text: &'s str,
    /// The bytes up to the bound: all lines in it are complete.
    bytes: &'s [u8],
    /// Whether the bound is the end of the text.
    is_whole: bool,
    /// Column of the block collection we are in, -1 outside of any.
    indent: isize,
    indents: &'p mut Vec<isize>,
    /// One state for each collection we are in.
    states: &'p mut Vec<State>,
    starts: &'p mut Vec<usize>,
    builder: &'p mut Builder,
    decoded: &'p mut String,
    /// Start of the line we are in.
    line: usize,
    /// End of the last thing that represents bytes.
    last_end: usize,
    /// The key with which the next line begins, when it is known already.
    key: Option<Scalar>,
}

/// A line with content.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    /// Where its content begins; the bound when there is none.
    at: usize,
    /// Whether comments are between it and the line before.
    follows_comment: bool,
}

/// What the exact engine is to read.
#[derive(Clone, Copy)]
enum Stop {
    /// What begins at the start of this line.
    Line { start: usize },
    /// The value of a key whose `:` ends at `end`.
    Value { line: usize, end: usize },
    /// The item whose `-` ends at `end`.
    Item { line: usize, end: usize },
}

impl Line {
    fn column(self) -> isize {
        self.at.wrapping_sub(self.start).cast_signed()
    }
}

impl Lines<'_, '_> {
    /// Reads a document from its beginning at `start` on, its `---` included. `None` without effect
    /// where its node is not one that is read here.
    fn read_document(&mut self, start: usize) -> Option<Stop> {
        let mut line = self.content(start);
        let stop = Stop::Line { start };
        if self.bytes.get(line.start..)?.starts_with(b"---") {
            line = self.content(self.end_of_line(line.start + 3)?);
        }
        match byte(self.bytes, line.at) {
            b'[' | b'{' => return self.brackets(line.at).map(|below| Stop::Line { start: below.start }),
            _ if is_dash(self.bytes, line.at) => self.open(State::BlockSequenceEntry, line, stop).ok()?,
            b'-' | b'.' => return None,
            _ => {
                self.key = Some(self.scalar(line.at).filter(|key| self.is_key(key))?);
                self.open(State::BlockMappingKey, line, stop).ok()?;
            }
        }
        Some(self.read_from(line))
    }

    /// Reads lines from `start` on as far as it can.
    fn read(&mut self, start: usize) -> Stop {
        let line = self.content(start);
        self.read_from(line)
    }

    fn read_from(&mut self, line: Line) -> Stop {
        let mut line = line;
        while line.at < self.bytes.len() {
            match self.read_line(line) {
                Ok(next) => line = next,
                Err(stop) => return stop,
            }
        }
        Stop::Line { start: line.start }
    }

    /// The next line with content from the start of a line on.
    fn content(&self, start: usize) -> Line {
        let mut start = start;
        let mut follows_comment = false;
        loop {
            #[cfg(test)]
            super::cursor::work::count();
            let at = skip_spaces(self.bytes, start);
            match byte(self.bytes, at) {
                b'\n' => start = at + 1,
                b'\r' => start = next_line(self.bytes, at),
                b'#' => {
                    follows_comment = true;
                    start = next_line(self.bytes, at);
                }
                _ => return Line { start, at, follows_comment },
            }
        }
    }

    /// Reads a line; gives the next one.
    fn read_line(&mut self, line: Line) -> Result<Line, Stop> {
        self.line = line.start;
        if let Some(key) = self.key.take() {
            return self.entry(&key);
        }
        self.close_blocks(line.column());
        let stop = Stop::Line { start: line.start };
        if line.column() != self.indent {
            return Err(stop);
        }
        let is_item = is_dash(self.bytes, line.at);
        match self.states.last() {
            Some(State::BlockSequenceEntry | State::IndentlessSequenceEntry) if is_item => return self.item(line.at),
            Some(State::IndentlessSequenceEntry) => self.close_indentless(),
            _ => {}
        }
        let may_be_indicator = self.indent == 0 && matches!(byte(self.bytes, line.at), b'-' | b'.');
        if may_be_indicator || self.states.last() != Some(&State::BlockMappingKey) {
            return Err(stop);
        }
        match self.scalar(line.at) {
            Some(key) if self.is_key(&key) => self.entry(&key),
            _ => Err(stop),
        }
    }

    /// Reads a key and its value.
    fn entry(&mut self, key: &Scalar) -> Result<Line, Stop> {
        let end = key.after + 1;
        self.add(key);
        self.last_end = end;
        let stop = Stop::Value { line: self.line, end };
        let at = skip_spaces(self.bytes, end);
        match byte(self.bytes, at) {
            b'[' | b'{' => self.brackets(at).ok_or(stop),
            b'&' => self.anchored(at, stop),
            b'*' => self.alias_on_line(at).ok_or(stop),
            b'|' | b'>' => self.block_scalar(at).ok_or(stop),
            b'#' => self.node_below(end, at, stop),
            _ if is_line_end(self.bytes, at) => self.node_below(end, at, stop),
            _ => {
                let scalar = self.scalar(at).ok_or(stop)?;
                self.last_on_line(&scalar).ok_or(stop)
            }
        }
    }

    /// Reads an item, from its `-` on, and items within it on the same line.
    fn item(&mut self, dash: usize) -> Result<Line, Stop> {
        let mut dash = dash;
        loop {
            let end = dash + 1;
            self.last_end = end;
            let stop = Stop::Item { line: self.line, end };
            let at = skip_spaces(self.bytes, end);
            match byte(self.bytes, at) {
                b'[' | b'{' => return self.brackets(at).ok_or(stop),
                b'&' => return self.anchored(at, stop),
                b'*' => return self.alias_on_line(at).ok_or(stop),
                b'|' | b'>' => return self.block_scalar(at).ok_or(stop),
                b'#' => return self.node_below(end, at, stop),
                b'-' if is_dash(self.bytes, at) => {
                    self.open(State::BlockSequenceEntry, Line { start: self.line, at, follows_comment: false }, stop)?;
                    dash = at;
                }
                _ if is_line_end(self.bytes, at) => return self.node_below(end, at, stop),
                _ => {
                    let scalar = self.scalar(at).ok_or(stop)?;
                    if !self.is_key(&scalar) {
                        return self.last_on_line(&scalar).ok_or(stop);
                    }
                    self.open(State::BlockMappingKey, Line { start: self.line, at, follows_comment: false }, stop)?;
                    return self.entry(&scalar);
                }
            }
        }
    }

    /// Finds the value or item that is not on the line of its indicator, which ends at `end`; nothing
    /// but perhaps a comment follows there at `rest`. What is below is only begun here.
    fn node_below(&mut self, end: usize, rest: usize, stop: Stop) -> Result<Line, Stop> {
        let line = self.content(next_line(self.bytes, rest));
        if line.at >= self.bytes.len() {
            return if self.is_whole { Ok(self.nothing(end, line)) } else { Err(stop) };
        }
        let is_item = is_dash(self.bytes, line.at);
        if line.column() > self.indent {
            if is_item {
                self.open(State::BlockSequenceEntry, line, stop)?;
                return Ok(line);
            }
            let key = self.scalar(line.at).filter(|key| self.is_key(key)).ok_or(stop)?;
            self.open(State::BlockMappingKey, line, stop)?;
            self.key = Some(key);
            return Ok(line);
        }
        if line.column() < self.indent {
            return Ok(self.nothing(end, line));
        }
        let may_begin_key = matches!(byte(self.bytes, line.at), b'\'' | b'"')
            || CLASS[usize::from(byte(self.bytes, line.at))] & PLAIN_START != 0;
        match self.states.last() {
            Some(State::BlockMappingKey) if is_item => {
                self.states.push(State::IndentlessSequenceEntry);
                self.builder.collection(Shape::Sequence { is_flow: false }, Span::empty(line.at));
                Ok(line)
            }
            Some(State::BlockSequenceEntry | State::IndentlessSequenceEntry) if is_item => Ok(self.nothing(end, line)),
            Some(State::BlockMappingKey | State::IndentlessSequenceEntry) if may_begin_key => {
                Ok(self.nothing(end, line))
            }
            _ => Err(stop),
        }
    }

    /// Adds a value or item that is not written, after its indicator; gives the line below.
    fn nothing(&mut self, end: usize, below: Line) -> Line {
        self.builder.scalar(ScalarStyle::Plain, Span::empty(end));
        below
    }

    /// Opens the block collection that begins with a line's content.
    fn open(&mut self, state: State, line: Line, stop: Stop) -> Result<(), Stop> {
        if self.indents.len() >= MAX_DEPTH {
            return Err(stop);
        }
        self.indents.push(self.indent);
        self.indent = line.column();
        self.states.push(state);
        self.starts.push(line.at);
        let shape = match state {
            State::BlockMappingKey => Shape::Mapping { is_flow: false },
            _ => Shape::Sequence { is_flow: false },
        };
        self.builder.collection(shape, Span::empty(line.at));
        Ok(())
    }

    /// Closes the block collections that are indented more than `column`, up to one that only the
    /// exact engine knows how to close.
    fn close_blocks(&mut self, column: isize) {
        while self.indent > column {
            match self.states.last() {
                Some(State::IndentlessSequenceEntry) => self.close_indentless(),
                Some(State::BlockMappingKey | State::BlockSequenceEntry) => {
                    self.states.pop();
                    self.starts.pop();
                    self.indent = self.indents.pop().unwrap_or(-1);
                    self.builder.close(offset(self.last_end));
                }
                _ => return,
            }
        }
    }

    fn close_indentless(&mut self) {
        self.states.pop();
        self.builder.close(offset(self.last_end));
    }
}

/// An offset in a text that is small enough: see [`Bounds::of`](super::bounds::Bounds::of).
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "longer texts are not read by lines")]
fn offset(at: usize) -> u32 {
    at as u32
}

/// A span of such a text.
#[inline]
fn span(start: usize, end: usize) -> Span {
    Span { start: offset(start), end: offset(end) }
}
