//! Classes of ASCII characters, and where a repeat of one can end.

use super::super::program::{AsciiSet, ascii_of};

/// A class of ASCII characters.
#[derive(Clone, Copy, Debug)]
pub(super) enum Class {
    Any,
    AllBut(u8),
    Of(AsciiSet),
}

/// With which characters a text can go on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Start {
    pub(super) set: AsciiSet,
    /// Whether the text may also end.
    pub(super) at_end: bool,
}

/// Where a repeat can end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    /// At the end of the text only.
    End,
    /// Where the run of its characters ends.
    Outside,
    /// Before this byte.
    Byte(u8),
    /// Before a byte of a set.
    Of(AsciiSet),
    Anywhere,
}

impl Class {
    /// No character at all.
    pub(super) const NONE: Self = Self::Of([0; 2]);

    pub(super) fn of(ranges: &[(char, char)]) -> Self {
        let set = ascii_of(ranges);
        match (set[0].count_zeros(), set[1].count_zeros()) {
            (0, 0) => Self::Any,
            (1, 0) => Self::AllBut(set[0].trailing_ones() as u8),
            (0, 1) => Self::AllBut(64 + set[1].trailing_ones() as u8),
            _ => Self::Of(set),
        }
    }

    pub(super) fn set(self) -> AsciiSet {
        match self {
            Self::Any => [!0; 2],
            Self::AllBut(byte) => {
                let only = only(byte);
                [!only[0], !only[1]]
            }
            Self::Of(set) => set,
        }
    }

    /// Where at most `max` characters of the class end, from `at` on.
    #[inline]
    pub(super) fn run_end(self, text: &[u8], at: usize, max: usize) -> usize {
        let end = at.saturating_add(max).min(text.len());
        let Some(run) = text.get(at..end) else { return at };
        let length = match self {
            Self::Any => None,
            Self::AllBut(byte) => memchr::memchr(byte, run),
            Self::Of(set) => run.iter().position(|&byte| !has(set, byte)),
        };
        at + length.unwrap_or(run.len())
    }
}

impl Start {
    pub(super) fn of_byte(byte: u8) -> Self {
        Self { set: only(byte), at_end: false }
    }

    pub(super) fn or(self, other: Self) -> Self {
        let set = [self.set[0] | other.set[0], self.set[1] | other.set[1]];
        Self { set, at_end: self.at_end || other.at_end }
    }

    /// Whether the text can go on so at a place.
    #[inline]
    pub(super) fn allows(&self, text: &[u8], at: usize) -> bool {
        text.get(at).map_or(self.at_end, |&byte| has(self.set, byte))
    }
}

impl Next {
    /// Where a repeat of a class can end, by how the text can go on after it.
    pub(super) fn after(class: Class, start: Start) -> Self {
        let (class, next) = (class.set(), start.set);
        match next[0].count_ones() + next[1].count_ones() {
            0 => Self::End,
            // Within the run a character of the class follows.
            _ if class[0] & next[0] == 0 && class[1] & next[1] == 0 => Self::Outside,
            _ if start.at_end => Self::Anywhere,
            1 if next[0] != 0 => Self::Byte(next[0].trailing_zeros() as u8),
            1 => Self::Byte(64 + next[1].trailing_zeros() as u8),
            _ => Self::Of(next),
        }
    }

    /// The first place to try from `from` to `to`, both included.
    #[inline]
    pub(super) fn place(self, text: &[u8], from: usize, to: usize, greedy: bool) -> Option<usize> {
        let places = text.get(from..(to + 1).min(text.len()))?;
        let offset = match self {
            Self::Byte(byte) if greedy => memchr::memrchr(byte, places),
            Self::Byte(byte) => memchr::memchr(byte, places),
            Self::Of(set) if greedy => places.iter().rposition(|&byte| has(set, byte)),
            Self::Of(set) => places.iter().position(|&byte| has(set, byte)),
            Self::Anywhere | Self::End | Self::Outside if from > to => None,
            Self::Anywhere | Self::End | Self::Outside => Some(if greedy { to - from } else { 0 }),
        };
        offset.map(|offset| from + offset)
    }
}

#[inline]
fn has(set: AsciiSet, byte: u8) -> bool {
    set[usize::from(byte >> 6) & 1] >> (byte & 63) & 1 == 1
}

fn only(byte: u8) -> AsciiSet {
    let bit = 1u128 << (byte & 127);
    [bit as u64, (bit >> 64) as u64]
}
