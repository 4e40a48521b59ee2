//! Groups: capturing, named, non-capturing, and flag changes.

use super::super::error::RegexErrorKind;
use super::{Flags, Frame, ParseError, Parser};

impl Parser<'_> {
    /// Reads what starts with `(`.
    pub(super) fn open_group(&mut self) -> Result<(), ParseError> {
        if self.peek_at(1) == Some(b'?') {
            return self.perl_group();
        }
        let start = self.at;
        self.at += 1;
        self.open_capture(start, None)
    }

    fn open_capture(&mut self, opened_at: usize, name: Option<&str>) -> Result<(), ParseError> {
        self.count(|limits, flags| limits.open(true, flags))?;
        let group = u32::try_from(self.tree.names.len()).unwrap_or(u32::MAX);
        self.tree.names.push(name.map(Box::from));
        self.frames.push(Frame { group: Some(group), outer_flags: self.flags, opened_at, ..Frame::default() });
        Ok(())
    }

    /// Reads what starts with `(?`.
    fn perl_group(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let rest = self.rest();
        // Something must follow the `<`, else it is not a name at all.
        let name_at = if rest.starts_with("(?P<") && rest.len() > 4 {
            4
        } else if self.syntax.has_short_names() && rest.starts_with("(?<") && rest.len() > 3 {
            3
        } else {
            return self.flag_group();
        };
        let name = rest.get(name_at..).unwrap_or("");
        let Some(length) = name.find('>') else {
            return Err(ParseError::new(RegexErrorKind::InvalidNamedCapture, start, self.text.len()));
        };
        let name = name.get(..length).unwrap_or("");
        self.at += name_at + length + 1;
        if name.is_empty() || !name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()) {
            return Err(ParseError::new(RegexErrorKind::InvalidNamedCapture, start, self.at));
        }
        self.open_capture(start, Some(name))
    }

    /// Reads `(?flags)` or `(?flags:`.
    fn flag_group(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        self.at += 2;
        let mut flags = self.flags;
        let mut negative = false;
        let mut saw_flag = false;
        while let Some(c) = self.next_char() {
            match c {
                '-' if !negative => {
                    negative = true;
                    saw_flag = false;
                }
                ':' | ')' if !negative || saw_flag => {
                    if c == ':' {
                        self.count(|limits, outer| limits.open(false, outer))?;
                        let outer_flags = self.flags;
                        self.frames.push(Frame { outer_flags, opened_at: start, ..Frame::default() });
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => {
                    if !set_flag(&mut flags, c, !negative) {
                        break;
                    }
                    saw_flag = true;
                }
            }
        }
        Err(ParseError::new(RegexErrorKind::InvalidPerlSyntax, start, self.at))
    }

    /// Ends the alternative being read.
    pub(super) fn close_alternative(&mut self) -> Result<(), ParseError> {
        let items = self.frames.last_mut().map(|frame| std::mem::take(&mut frame.items)).unwrap_or_default();
        let node = self.concat(&items)?;
        if let Some(frame) = self.frames.last_mut() {
            frame.alternatives.push(node);
        }
        Ok(())
    }

    /// Reads `)`.
    pub(super) fn close_group(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        self.count(|limits, _| limits.close())?;
        self.close_alternative()?;
        if self.frames.len() < 2 {
            // The wrapper's own parenthesis is one too many when the pattern closed the wrapper's group before.
            let shown = if start + 2 == self.text.len() { self.wrapper_closed_at.unwrap_or(start) } else { start };
            let fault = self.whole(RegexErrorKind::UnexpectedParen);
            return Err(ParseError { shown: Some((shown, shown + 1)), ..fault });
        }
        let frame = self.frames.pop().unwrap_or_default();
        if frame.opened_at < self.syntax.prefix().len() {
            self.wrapper_closed_at = Some(start);
        }
        let mut node = self.alternate(&frame.alternatives)?;
        if let Some(group) = frame.group {
            node = self.capture(group, node)?;
        }
        self.flags = frame.outer_flags;
        self.push_node(node);
        self.at += 1;
        Ok(())
    }
}

fn set_flag(flags: &mut Flags, letter: char, on: bool) -> bool {
    match letter {
        'i' => flags.fold_case = on,
        'm' => flags.multi_line = on,
        's' => flags.dot_matches_newline = on,
        'U' => flags.swap_greed = on,
        _ => return false,
    }
    true
}
