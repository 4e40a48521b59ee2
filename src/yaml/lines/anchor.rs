//! Anchors of values and items, and aliases.

use super::super::cursor::is_word;
use super::bytes::{byte, is_line_end, is_space_or_end, skip_spaces};
use super::{Line, Lines, Stop, span};

impl Lines<'_, '_> {
    /// Adds the value or item whose anchor is at `start`, if nothing but the anchor is to be read before it.
    pub(super) fn anchored(&mut self, start: usize, stop: Stop) -> Result<Line, Stop> {
        let end = self.end_of_name(start + 1).filter(|&end| is_space_or_end(self.bytes, end)).ok_or(stop)?;
        let (node, last_end) = (self.builder.count(), self.last_end);
        let at = skip_spaces(self.bytes, end);
        let below = match byte(self.bytes, at) {
            b'[' | b'{' => self.brackets(at),
            b'|' | b'>' => self.block_scalar(at),
            first if first == b'#' || is_line_end(self.bytes, at) => {
                self.last_end = end;
                self.node_below(end, at, stop).ok()
            }
            _ => self.scalar(at).and_then(|scalar| self.last_on_line(&scalar)),
        };
        let Some(below) = below else {
            self.last_end = last_end;
            return Err(stop);
        };
        self.builder.give_anchor(node, span(start, end), self.text);
        Ok(below)
    }

    /// Adds the alias at `start`, if nothing but a comment follows on its line; gives the next line.
    pub(super) fn alias_on_line(&mut self, start: usize) -> Option<Line> {
        let end = self.end_of_name(start + 1)?;
        let below = self.end_of_line(end)?;
        self.alias(start, end)?;
        self.last_end = end;
        Some(self.content(below))
    }

    /// Adds the alias at `start` inside of brackets; gives where it ends.
    pub(super) fn alias_in_brackets(&mut self, start: usize) -> Option<usize> {
        let end = self.end_of_name(start + 1)?;
        let is_ended = is_space_or_end(self.bytes, end) || matches!(byte(self.bytes, end), b',' | b']' | b'}');
        self.alias(start, end).filter(|()| is_ended)?;
        Some(end)
    }

    /// Adds an alias whose anchor was read before.
    fn alias(&mut self, start: usize, end: usize) -> Option<()> {
        self.builder.alias(span(start, end), self.text.get(start + 1..end)?)
    }

    /// Where the name that begins at `start` ends; `None` when it is empty.
    fn end_of_name(&self, start: usize) -> Option<usize> {
        let mut end = start;
        while is_word(byte(self.bytes, end)) {
            end += 1;
        }
        (end > start).then_some(end)
    }
}
