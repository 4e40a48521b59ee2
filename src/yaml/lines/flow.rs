//! Collections in brackets.

use super::super::data::Shape;
use super::super::scanner::SIMPLE_KEY_LENGTH;
use super::super::token::ScalarStyle;
use super::bytes::{CLASS, PLAIN_START, byte, is_space_or_end, next_line, skip_blanks};
use super::scalar::Scalar;
use super::{Line, Lines, offset, span};

/// Deeper brackets are for the exact engine.
const MOST_BRACKETS: usize = 100;

/// What is next inside of brackets.
enum Next {
    /// A value or item, which begins there.
    Node(usize),
    /// What may follow a node.
    AfterNode(usize),
}

impl Lines<'_, '_> {
    /// Adds the collection whose bracket is at `start`, if nothing but a comment follows on the line
    /// where it ends; gives the next line.
    pub(super) fn brackets(&mut self, start: usize) -> Option<Line> {
        let mark = self.builder.mark();
        let end = self.read_brackets(start);
        let below = end.and_then(|end| self.end_of_line(end));
        let Some((end, below)) = end.zip(below) else {
            self.builder.rewind(mark);
            return None;
        };
        self.last_end = end;
        Some(self.content(below))
    }

    /// Where the collection ends whose bracket is at `start`.
    pub(super) fn read_brackets(&mut self, start: usize) -> Option<usize> {
        let mut depth = 0;
        let mut next = Next::Node(start);
        loop {
            #[cfg(test)]
            super::super::cursor::work::count();
            match next {
                Next::Node(at) => {
                    let is_flow = true;
                    let shape = match byte(self.bytes, at) {
                        b'[' => Shape::Sequence { is_flow },
                        b'{' => Shape::Mapping { is_flow },
                        b'*' => {
                            next = Next::AfterNode(self.alias_in_brackets(at)?);
                            continue;
                        }
                        _ => {
                            next = Next::AfterNode(self.flow_scalar(at)?);
                            continue;
                        }
                    };
                    if depth == MOST_BRACKETS {
                        return None;
                    }
                    depth += 1;
                    self.builder.collection(shape, span(at, at + 1));
                    next = self.first_or_next(at + 1)?;
                }
                Next::AfterNode(at) => {
                    let at = self.skip_space(at)?;
                    match byte(self.bytes, at) {
                        b',' => next = self.first_or_next(at + 1)?,
                        b']' | b'}' => {
                            self.close_bracket(at)?;
                            depth -= 1;
                            if depth == 0 {
                                return Some(at + 1);
                            }
                            next = Next::AfterNode(at + 1);
                        }
                        _ => return None,
                    }
                }
            }
        }
    }

    /// After an opening bracket or a comma: the closing bracket, an item, or a key and its value.
    fn first_or_next(&mut self, at: usize) -> Option<Next> {
        let at = self.skip_space(at)?;
        if matches!(byte(self.bytes, at), b']' | b'}') {
            return Some(Next::AfterNode(at));
        }
        match self.builder.current_shape() {
            Some(Shape::Mapping { .. }) => self.flow_key(at),
            _ => Some(Next::Node(at)),
        }
    }

    /// Adds the key at `at`, and its value if that is not written.
    fn flow_key(&mut self, at: usize) -> Option<Next> {
        let key = self.scan_in_brackets(at)?;
        let colon = skip_blanks(self.bytes, key.after);
        let is_key = byte(self.bytes, colon) == b':'
            && (key.is_quoted() || is_space_or_end(self.bytes, colon + 1))
            && colon - at <= SIMPLE_KEY_LENGTH;
        if !is_key {
            return None;
        }
        self.add(&key);
        let end = colon + 1;
        let at = self.skip_space(end)?;
        if matches!(byte(self.bytes, at), b',' | b'}') {
            self.builder.scalar(ScalarStyle::Plain, span(end, end));
            return Some(Next::AfterNode(at));
        }
        Some(Next::Node(at))
    }

    /// Adds the scalar at `at`; gives where the next thing is.
    fn flow_scalar(&mut self, at: usize) -> Option<usize> {
        let scalar = self.scan_in_brackets(at)?;
        self.add(&scalar);
        Some(scalar.after)
    }

    fn scan_in_brackets(&mut self, at: usize) -> Option<Scalar> {
        match byte(self.bytes, at) {
            b'\'' => self.single_quoted(at),
            b'"' => self.double_quoted(at),
            first if CLASS[usize::from(first)] & PLAIN_START != 0 => Some(self.plain_in_brackets(at)),
            b'-' if !is_space_or_end(self.bytes, at + 1) => Some(self.plain_in_brackets(at)),
            _ => None,
        }
    }

    /// Ends the collection that the bracket at `at` closes.
    fn close_bracket(&mut self, at: usize) -> Option<()> {
        let closing = match self.builder.current_shape()? {
            Shape::Sequence { .. } => b']',
            Shape::Mapping { .. } => b'}',
            Shape::Scalar(_) | Shape::Alias => return None,
        };
        if byte(self.bytes, at) != closing {
            return None;
        }
        self.builder.close(offset(at + 1));
        Some(())
    }

    /// The next thing inside of brackets: after blanks, line breaks and comments. `None` where a line
    /// begins with what may be an indicator of documents.
    fn skip_space(&self, at: usize) -> Option<usize> {
        let mut at = skip_blanks(self.bytes, at);
        loop {
            match byte(self.bytes, at) {
                b'\n' | b'\r' | b'#' => {
                    at = next_line(self.bytes, at);
                    if matches!(byte(self.bytes, at), b'-' | b'.' | b'%') {
                        return None;
                    }
                    at = skip_blanks(self.bytes, at);
                }
                0 => return None,
                _ => return Some(at),
            }
        }
    }
}
