//! How the exact engine and the lines take turns.

use std::any::Any;

use super::super::build::Builder;
use super::super::fault::Read;
use super::super::parser::{Parser, State};
use super::super::scanner::Scanner;
use super::bytes::{byte, is_line_end, next_line, skip_spaces};
use super::{Lines, Stop};

impl Parser<'_, '_> {
    /// Begins the document by lines, if it begins with such; says whether that was so.
    pub(in crate::yaml) fn begin_by_lines(&mut self) -> Read<bool> {
        let start = self.scanner.cursor.at;
        self.states.push(State::DocumentEnd);
        let Some(stop) = self.with_lines(start, |lines| lines.read_document(start)) else {
            self.states.pop();
            return Ok(false);
        };
        self.add_usual_handles();
        self.go_on(start, stop)?;
        self.read_lines()?;
        Ok(true)
    }

    /// Reads lines as far as possible, if the place is one where that can begin. On return it is the
    /// exact engine's turn.
    pub(in crate::yaml) fn read_lines(&mut self) -> Read<()> {
        while let Some(start) = self.line_to_read() {
            let Some(stop) = self.with_lines(start, |lines| Some(lines.read(start))) else { return Ok(()) };
            self.go_on(start, stop)?;
            if matches!(stop, Stop::Line { .. }) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads exactly what the lines stopped at, but for the states on the stack.
    fn go_on(&mut self, start: usize, stop: Stop) -> Read<()> {
        let (at, line) = match stop {
            Stop::Line { start } => (start, start),
            Stop::Value { line, end } | Stop::Item { line, end } => (end, line),
        };
        self.by_lines += at.saturating_sub(start);
        let is_value = matches!(stop, Stop::Value { .. });
        self.scanner.go_on_at(at, line, !is_value);
        match stop {
            Stop::Line { .. } => Ok(()),
            Stop::Value { end, .. } => self.block_mapping_node(end),
            Stop::Item { end, .. } if self.states.last() == Some(&State::IndentlessSequenceEntry) => {
                self.indentless_item(end)
            }
            Stop::Item { end, .. } => self.block_sequence_item(end),
        }
    }

    /// The start of the line that can be read next.
    fn line_to_read(&self) -> Option<usize> {
        self.bounds.as_ref()?;
        match self.states.last()? {
            State::BlockMappingKey | State::BlockSequenceEntry | State::IndentlessSequenceEntry => {
                self.scanner.line_to_read()
            }
            _ => None,
        }
    }

    /// Reads from the line that begins at `start`, where there is one before the bound.
    fn with_lines(&mut self, start: usize, read: impl FnOnce(&mut Lines<'_, '_>) -> Option<Stop>) -> Option<Stop> {
        let sink: &mut dyn Any = self.sink;
        let builder = sink.downcast_mut::<Builder>()?;
        let text = self.scanner.cursor.text();
        let limit = self.bounds.as_mut()?.limit(text.as_bytes(), self.scanner.cursor.at);
        let bytes = text.as_bytes().get(..limit).filter(|_| start < limit)?;
        let mut lines = Lines {
            text,
            bytes,
            is_whole: limit == text.len(),
            indent: self.scanner.indent,
            indents: &mut self.scanner.indents,
            states: &mut self.states,
            starts: &mut self.starts,
            builder,
            decoded: &mut self.scanner.decoded,
            line: start,
            last_end: self.last_end,
            key: None,
        };
        let stop = read(&mut lines)?;
        self.scanner.indent = lines.indent;
        self.last_end = lines.last_end;
        lines.builder.set_end(super::offset(lines.last_end));
        self.took_turns = true;
        Some(stop)
    }
}

impl Scanner<'_> {
    /// The start of the next line, if the scanner is between two tokens of block collections and
    /// nothing but a comment is left on its line, or nothing but indentation was read of it.
    fn line_to_read(&self) -> Option<usize> {
        let key = self.keys.first().filter(|_| self.keys.len() == 1)?;
        if !self.tokens.is_empty() || self.is_finished || (key.is_possible && key.is_required) {
            return None;
        }
        let (bytes, here) = (self.cursor.bytes(), self.cursor.at);
        let rest = skip_spaces(bytes, here);
        if rest >= bytes.len() {
            return None;
        }
        let is_line_break = byte(bytes, rest) == b'\n' || bytes.get(rest..)?.starts_with(b"\r\n");
        if is_line_break || byte(bytes, rest) == b'#' {
            return Some(next_line(bytes, rest)).filter(|&start| start < bytes.len() || is_line_end(bytes, start));
        }
        let start = here.checked_sub(self.cursor.column())?;
        let is_line_start = start.checked_sub(1).is_some_and(|before| byte(bytes, before) == b'\n');
        let is_in_indentation = self.may_begin_key && is_line_start && skip_spaces(bytes, start) >= here;
        is_in_indentation.then_some(start)
    }

    /// Goes on at `at`, in the line that begins at `line`, after lines that others read.
    fn go_on_at(&mut self, at: usize, line: usize, may_begin_key: bool) {
        self.cursor.jump(at, line);
        self.may_begin_key = may_begin_key;
        self.next_key_level = None;
        if let Some(key) = self.keys.first_mut() {
            key.is_possible = false;
            key.is_awaited = false;
        }
    }
}
