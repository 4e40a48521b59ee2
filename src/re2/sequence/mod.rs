//! Patterns that are a row of texts, of repeated classes and of ways to choose from, such as `(.*);([^:]+)(?::\d+)?` or
//! `(prod|stage)-(.+)`: matched piece by piece.
//!
//! A repeat first goes as far as it can, or as little as it must, as it is greedy or not, and comes back only to places
//! where the next piece can begin; of several ways the first is tried that can begin with the next character. That is
//! the order in which Go tries the ways of a match, so that the first way found has Go's groups. Places are found by
//! looking for a byte, not by trying each. Where a pattern goes back too often, or a text is not ASCII, the caller
//! takes the general engine.

mod build;
mod class;

use self::class::{Class, Next, Start};
use super::position::NOWHERE;

/// Pieces of the longest row.
const MAX_PIECES: usize = 64;
/// Pieces of most rows, for which a match needs little memory.
const FEW_PIECES: usize = 12;
/// Bytes of all its texts.
const MAX_TEXT: usize = 1 << 12;
/// Characters that a search may go over: some, and more for a longer text.
const FUEL: usize = 256;
const FUEL_PER_BYTE: usize = 32;

/// A row of pieces that must match a whole text.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    pieces: Vec<Piece>,
    /// Slots, each with the number of pieces before it. Of a slot that is in it several times the last one that was
    /// passed counts.
    saves: Vec<(u32, usize)>,
    /// Every match ends with it.
    suffix: Box<[u8]>,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(Box<[u8]>),
    /// One of several texts, the first of them that leads to a match.
    Texts(Box<[Box<[u8]>]>),
    Repeat(Repeat),
    /// Ways to go on, of which the first one that leads to a match counts.
    Ways(Ways),
    /// The end of a way: goes on at the piece where all ways meet.
    Jump(usize),
    /// A place that groups refer to.
    Mark,
}

#[derive(Clone, Copy, Debug)]
struct Repeat {
    class: Class,
    min: usize,
    max: usize,
    greedy: bool,
    next: Next,
}

#[derive(Clone, Debug)]
struct Ways {
    ways: Vec<Way>,
    /// The piece where all ways meet.
    end: usize,
}

#[derive(Clone, Copy, Debug)]
struct Way {
    /// Its first piece.
    piece: usize,
    start: Start,
}

/// A piece that can go on elsewhere: the first and last place where a repeat can end, or the next way and the place
/// where it begins.
#[derive(Clone, Copy, Default)]
struct Choice {
    piece: u32,
    from: u32,
    to: u32,
}

impl Ways {
    /// The first way, from the one of that number on, that can begin at a place.
    #[inline]
    fn possible(&self, from: usize, text: &[u8], at: usize) -> Option<(usize, Way)> {
        let ways = self.ways.get(from..)?;
        let found = ways.iter().position(|way| way.start.allows(text, at))?;
        Some((from + found, *ways.get(found)?))
    }
}

impl Sequence {
    /// Memory of the row, in bytes, roughly.
    pub(super) fn weight(&self) -> usize {
        let texts = self.pieces.iter().map(|piece| match piece {
            Piece::Texts(texts) => texts.iter().map(|text| 16 + text.len()).sum(),
            Piece::Text(text) => text.len(),
            Piece::Repeat(_) | Piece::Ways(_) | Piece::Jump(_) | Piece::Mark => 0,
        });
        let texts: usize = texts.sum();
        self.pieces.len() * (size_of::<Piece>() + size_of::<Way>()) + self.saves.len() * 16 + texts + 128
    }

    /// Whether the row is the whole text, and where its groups are: filled as far as `slots` reaches. `None` when that
    /// is not found out here.
    #[inline]
    pub(super) fn search(&self, text: &[u8], slots: &mut [u32]) -> Option<bool> {
        if !self.suffix.is_empty() && !text.ends_with(&self.suffix) {
            return Some(false);
        }
        if !text.is_ascii() || text.len() >= NOWHERE as usize {
            return None;
        }
        if self.pieces.len() <= FEW_PIECES {
            self.search_in::<FEW_PIECES>(text, slots)
        } else {
            self.search_in::<MAX_PIECES>(text, slots)
        }
    }

    /// As [`search`](Self::search), with memory for that many pieces.
    fn search_in<const PIECES: usize>(&self, text: &[u8], slots: &mut [u32]) -> Option<bool> {
        let mut search = Search::<PIECES> {
            pieces: &self.pieces,
            text,
            ends: [NOWHERE; PIECES],
            choices: [Choice::default(); PIECES],
            choice_count: 0,
            fuel: FUEL + FUEL_PER_BYTE * text.len(),
        };
        let found = search.run()?;
        // Not without slots: a fill of nothing, at an address where nothing is, takes 100 ns on some processors.
        if found && !slots.is_empty() {
            slots.fill(NOWHERE);
            for &(slot, before) in &self.saves {
                let at = before.checked_sub(1).map_or(0, |last| search.ends.get(last).copied().unwrap_or(NOWHERE));
                if let Some(place) = slots.get_mut(slot as usize)
                    && at != NOWHERE
                {
                    *place = at;
                }
            }
        }
        Some(found)
    }
}

/// A search in a text.
struct Search<'s, const PIECES: usize> {
    pieces: &'s [Piece],
    text: &'s [u8],
    /// Where each piece ended; nowhere for those of ways that were not taken.
    ends: [u32; PIECES],
    /// At most one for each piece.
    choices: [Choice; PIECES],
    choice_count: usize,
    fuel: usize,
}

impl<const PIECES: usize> Search<'_, PIECES> {
    /// Finds where each piece ends; says whether there is a match.
    #[inline]
    fn run(&mut self) -> Option<bool> {
        let pieces = self.pieces;
        let (mut piece, mut at) = (0, 0);
        loop {
            let end = match pieces.get(piece) {
                None if at == self.text.len() => return Some(true),
                None => None,
                Some(Piece::Text(wanted)) => {
                    let rest = self.text.get(at..).unwrap_or(&[]);
                    rest.starts_with(wanted).then_some(at + wanted.len())
                }
                Some(Piece::Texts(texts)) => self.one_of(piece, texts, 0, at)?,
                Some(Piece::Repeat(repeat)) => self.repeat(piece, repeat, at)?,
                Some(Piece::Mark) => Some(at),
                Some(&Piece::Jump(to)) => {
                    piece = to;
                    continue;
                }
                Some(Piece::Ways(ways)) => match ways.possible(0, self.text, at) {
                    Some(found) => {
                        *self.ends.get_mut(piece)? = at as u32;
                        piece = self.enter(piece, ways, found, at)?;
                        continue;
                    }
                    None => None,
                },
            };
            if let Some(end) = end {
                *self.ends.get_mut(piece)? = end as u32;
                (piece, at) = (piece + 1, end);
                continue;
            }
            match self.back()? {
                Some(next) => (piece, at) = next,
                None => return Some(false),
            }
        }
    }

    /// Where a repeat ends at first; the outer `None` when that takes too long.
    #[inline]
    fn repeat(&mut self, piece: usize, repeat: &Repeat, at: usize) -> Option<Option<usize>> {
        let last = repeat.class.run_end(self.text, at, repeat.max);
        self.fuel = self.fuel.checked_sub(last - at + 1)?;
        let (from, to) = (at.saturating_add(repeat.min), last);
        if from > to {
            return Some(None);
        }
        match repeat.next {
            Next::End => Some((to == self.text.len()).then_some(to)),
            Next::Outside => Some(Some(to)),
            next => {
                let Some(found) = next.place(self.text, from, to, repeat.greedy) else { return Some(None) };
                let (from, to) = rest_of(from, to, found, repeat.greedy);
                if from <= to {
                    self.choose_later(piece, from, to)?;
                }
                Some(Some(found))
            }
        }
    }

    /// Where the first of some texts ends, from the one of that number on; the outer `None` when that takes too long.
    fn one_of(&mut self, piece: usize, texts: &[Box<[u8]>], from: usize, at: usize) -> Option<Option<usize>> {
        let rest = self.text.get(at..).unwrap_or(&[]);
        self.fuel = self.fuel.checked_sub(texts.len() - from.min(texts.len()))?;
        let mut possible = texts.iter().enumerate().skip(from).filter(|(_, text)| rest.starts_with(text));
        let Some((_, text)) = possible.next() else { return Some(None) };
        if let Some((next, _)) = possible.next() {
            self.choose_later(piece, next, at)?;
        }
        Some(Some(at + text.len()))
    }

    fn choose_later(&mut self, piece: usize, from: usize, to: usize) -> Option<()> {
        *self.choices.get_mut(self.choice_count)? = Choice { piece: piece as u32, from: from as u32, to: to as u32 };
        self.choice_count += 1;
        Some(())
    }

    /// Goes a way; the piece to go on at.
    fn enter(&mut self, piece: usize, ways: &Ways, (number, way): (usize, Way), at: usize) -> Option<usize> {
        self.fuel = self.fuel.checked_sub(1 + ways.end - piece)?;
        // Groups of the other ways have no part in the match.
        self.ends.get_mut(piece + 1..ways.end)?.fill(NOWHERE);
        if let Some((next, _)) = ways.possible(number + 1, self.text, at) {
            self.choose_later(piece, next, at)?;
        }
        Some(way.piece)
    }

    /// Back to the last piece that can go on elsewhere: the next piece and its place, the inner `None` when there is
    /// nothing left.
    fn back(&mut self) -> Option<Option<(usize, usize)>> {
        loop {
            let Some(last) = self.choice_count.checked_sub(1) else { return Some(None) };
            let choice = *self.choices.get(last)?;
            let (piece, from, to) = (choice.piece as usize, choice.from as usize, choice.to as usize);
            self.choice_count = last;
            match self.pieces.get(piece)? {
                Piece::Repeat(Repeat { greedy, next, .. }) => {
                    let found = next.place(self.text, from, to, *greedy);
                    let passed = found.map_or(to - from, |found| if *greedy { to - found } else { found - from });
                    self.fuel = self.fuel.checked_sub(passed + 1)?;
                    if let Some(found) = found {
                        let (from, to) = rest_of(from, to, found, *greedy);
                        if from <= to {
                            self.choose_later(piece, from, to)?;
                        }
                        *self.ends.get_mut(piece)? = found as u32;
                        return Some(Some((piece + 1, found)));
                    }
                }
                Piece::Ways(ways) => {
                    let way = *ways.ways.get(from)?;
                    return Some(Some((self.enter(piece, ways, (from, way), to)?, to)));
                }
                Piece::Texts(texts) => {
                    if let Some(end) = self.one_of(piece, texts, from, to)? {
                        *self.ends.get_mut(piece)? = end as u32;
                        return Some(Some((piece + 1, end)));
                    }
                }
                Piece::Text(_) | Piece::Jump(_) | Piece::Mark => return None,
            }
        }
    }
}

/// The places that are left after one was tried: none when the first comes after the last.
fn rest_of(from: usize, to: usize, tried: usize, greedy: bool) -> (usize, usize) {
    match (greedy, tried.checked_sub(1)) {
        (false, _) => (tried + 1, to),
        (true, Some(before)) => (from, before),
        (true, None) => (1, 0),
    }
}
