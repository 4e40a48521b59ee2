//! Repetition operators: `*`, `+`, `?`, `{n,m}` and their lazy forms.

use super::super::error::RegexErrorKind;
use super::{ParseError, Parser};

/// The largest bound, and the largest product of nested bounds.
const MAX_COUNT: u32 = 1000;

impl Parser<'_> {
    /// Reads `*`, `+` or `?`; gives the place of the operator.
    pub(super) fn simple_repeat(&mut self, operator: u8) -> Result<usize, ParseError> {
        let start = self.at;
        self.at += 1;
        let bounds = match operator {
            b'*' => (0, None),
            b'+' => (1, None),
            _ => (0, Some(1)),
        };
        self.apply_repeat(start, bounds, false)?;
        Ok(start)
    }

    /// Reads `{n}`, `{n,}` or `{n,m}`; a `{` that starts none of them is an ordinary character.
    pub(super) fn counted_repeat(&mut self) -> Result<Option<usize>, ParseError> {
        let start = self.at;
        let Some((min, max, length)) = counted_bounds(self.rest()) else {
            self.at += 1;
            self.push_literal(u32::from('{'))?;
            return Ok(None);
        };
        self.at += length;
        let fault = ParseError::new(RegexErrorKind::InvalidRepeatCount, start, self.at);
        let bound = |count: Option<u64>| count.and_then(|count| u32::try_from(count).ok()).unwrap_or(u32::MAX);
        let min = bound(Some(min));
        let max = max.map(|max| bound(Some(max)));
        if min > MAX_COUNT || max.is_some_and(|max| max > MAX_COUNT || min > max) {
            return Err(fault);
        }
        self.apply_repeat(start, (min, max), true)?;
        Ok(Some(start))
    }

    fn apply_repeat(&mut self, start: usize, bounds: (u32, Option<u32>), counted: bool) -> Result<(), ParseError> {
        let lazy = self.peek() == Some(b'?');
        if lazy {
            self.at += 1;
        }
        let greedy = lazy == self.flags.swap_greed;
        if let Some(before) = self.last_repeat {
            return Err(ParseError::new(RegexErrorKind::NestedRepeat, before, self.at));
        }
        let Some(sub) = self.frames.last_mut().and_then(|frame| frame.items.pop()) else {
            return Err(ParseError::new(RegexErrorKind::MissingRepeatArgument, start, self.at));
        };
        let node = self.repeat(sub, bounds, counted, greedy)?;
        let (min, max) = bounds;
        let several = min >= 2 || max.is_some_and(|max| max >= 2);
        if counted && several && self.meta_of(node).product > MAX_COUNT {
            return Err(ParseError::new(RegexErrorKind::InvalidRepeatCount, start, self.at));
        }
        self.push_node(node);
        Ok(())
    }
}

/// Least count, greatest count, and the length of a well-formed `{…}` at the start of `text`.
fn counted_bounds(text: &str) -> Option<(u64, Option<u64>, usize)> {
    let rest = text.strip_prefix('{')?;
    let (min, rest) = number(rest)?;
    let (max, rest) = match rest.strip_prefix(',') {
        None => (Some(min), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => {
            let (max, rest) = number(rest)?;
            (Some(max), rest)
        }
    };
    let rest = rest.strip_prefix('}')?;
    Some((min, max, text.len() - rest.len()))
}

/// A decimal number without leading zeros; one too big for the type is as good as any other too big one.
fn number(text: &str) -> Option<(u64, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u64::MAX), rest))
}
