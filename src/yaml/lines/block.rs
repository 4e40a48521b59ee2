//! Block scalars: `|` and `>` without an indentation indicator, whose last line breaks are not kept.

use super::super::token::ScalarStyle;
use super::bytes::{byte, is_line_end, next_line, skip_spaces};
use super::{Line, Lines, span};

/// Where the next line of a block scalar is, after empty lines.
struct BlockLine {
    start: usize,
    /// Its first byte after the indentation.
    at: usize,
    /// How many empty lines are before it.
    breaks: usize,
}

impl Lines<'_, '_> {
    /// Adds the block scalar whose header is at `start`; gives the line below it.
    pub(super) fn block_scalar(&mut self, start: usize) -> Option<Line> {
        let style = if byte(self.bytes, start) == b'|' { ScalarStyle::Literal } else { ScalarStyle::Folded };
        let is_stripped = byte(self.bytes, start + 1) == b'-';
        let header = start + 1 + usize::from(is_stripped);
        let first = self.end_of_line(header)?;
        let from = self.decoded.len();
        let Some((end, below)) = self.block_text(style, is_stripped, first) else {
            self.decoded.truncate(from);
            return None;
        };
        let end = end.unwrap_or(header);
        self.builder.decoded_scalar(style, span(start, end), span(from, self.decoded.len()));
        self.last_end = end;
        Some(self.content(below))
    }

    /// Decodes the lines from `first` on that belong to a block scalar; gives where the last one ends, if there are
    /// such, and the start of the line below.
    fn block_text(&mut self, style: ScalarStyle, is_stripped: bool, first: usize) -> Option<(Option<usize>, usize)> {
        let (indent, mut line) = self.first_block_line(first)?;
        let mut end = None;
        let (mut has_break, mut follows_blank) = (false, false);
        while line.at - line.start == indent && line.at < self.bytes.len() {
            #[cfg(test)]
            super::super::cursor::work::count();
            let begins_blank = matches!(byte(self.bytes, line.at), b' ' | b'\t');
            let folds = style == ScalarStyle::Folded && has_break && !follows_blank && !begins_blank;
            if !folds && has_break {
                self.decoded.push('\n');
            } else if folds && line.breaks == 0 {
                self.decoded.push(' ');
            }
            self.push_breaks(line.breaks);
            let below = next_line(self.bytes, line.at);
            let line_end = self.before_line_break(line.at, below);
            self.decoded.push_str(self.text.get(line.at..line_end)?);
            end = Some(line_end);
            has_break = line_end < below;
            follows_blank = begins_blank;
            line = self.next_block_line(below, indent)?;
        }
        // What follows the bound may belong to it.
        if line.at >= self.bytes.len() && !self.is_whole {
            return None;
        }
        if !is_stripped && has_break {
            self.decoded.push('\n');
        }
        Some((end, line.start))
    }

    /// The indentation of the block scalar whose lines begin at `first`, and the first of them.
    fn first_block_line(&self, first: usize) -> Option<(usize, BlockLine)> {
        let mut line = BlockLine { start: first, at: first, breaks: 0 };
        let mut widest = 0;
        loop {
            line.at = skip_spaces(self.bytes, line.start);
            widest = widest.max(line.at - line.start);
            match byte(self.bytes, line.at) {
                b'\t' => return None,
                b'\n' | b'\r' => {
                    line.start = next_line(self.bytes, line.at);
                    line.breaks += 1;
                }
                _ => break,
            }
        }
        let least = usize::try_from(self.indent + 1).unwrap_or(0).max(1);
        Some((widest.max(least), line))
    }

    /// The next line from `start` on that is not empty, at its first byte that is beyond the indentation or not a space.
    fn next_block_line(&self, start: usize, indent: usize) -> Option<BlockLine> {
        let mut line = BlockLine { start, at: start, breaks: 0 };
        loop {
            let end = self.bytes.len().min(line.start + indent);
            line.at = line.start;
            while line.at < end && self.bytes[line.at] == b' ' {
                line.at += 1;
            }
            if line.at < end && self.bytes[line.at] == b'\t' {
                return None;
            }
            if line.at >= self.bytes.len() || !is_line_end(self.bytes, line.at) {
                return Some(line);
            }
            line.start = next_line(self.bytes, line.at);
            line.breaks += 1;
        }
    }

    fn push_breaks(&mut self, count: usize) {
        for _ in 0..count {
            self.decoded.push('\n');
        }
    }

    /// Where the line with the byte at `at` ends, whose next line begins at `below`.
    fn before_line_break(&self, at: usize, below: usize) -> usize {
        match self.bytes.get(at..below) {
            Some([.., b'\r', b'\n']) => below - 2,
            Some([.., b'\n']) => below - 1,
            _ => below,
        }
    }
}
