//! Patterns that are a row of texts and of repeated classes, such as `(.*);([^:]+):(\d+)`: matched piece by piece.
//!
//! A repeat first goes as far as it can, or as little as it must, as it is greedy or not, and comes back only to places
//! where the next piece can begin: that is the order in which Go tries the ways of a match, so that the first way found
//! has Go's groups. Places are found by looking for a byte, not by trying each. Where a pattern goes back too often, or
//! a text is not ASCII, the caller takes the general engine.

use super::position::NOWHERE;
use super::program::{AsciiSet, ascii_of};
use super::tree::{Look, Node, NodeId, Tree};

/// Pieces of the longest row.
const MAX_PIECES: usize = 32;
/// Bytes of all its texts.
const MAX_TEXT: usize = 1 << 12;
/// Nodes that are looked at to make one.
const MAX_NODES: usize = 256;
/// Characters that a search may go over: some, and more for a longer text.
const FUEL: usize = 256;
const FUEL_PER_BYTE: usize = 32;

/// A row of pieces that must match a whole text.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    pieces: Vec<Piece>,
    /// Slots, each with the number of pieces before it.
    saves: Vec<(u32, usize)>,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(Box<[u8]>),
    Repeat { class: Class, min: usize, max: usize, greedy: bool, next: Next },
}

/// A class of ASCII characters.
#[derive(Clone, Copy, Debug)]
enum Class {
    Any,
    AllBut(u8),
    Of(AsciiSet),
}

/// Where a repeat can end.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// At the end of the text only.
    End,
    /// Before a byte that is not of the class.
    Outside,
    /// Before this byte, which is of the class.
    Byte(u8),
    /// Before a byte of a set.
    Of(AsciiSet),
    Anywhere,
}

/// A repeat that can end elsewhere, and the first and last of those places.
#[derive(Clone, Copy)]
struct Choice {
    piece: usize,
    from: usize,
    to: usize,
}

impl Sequence {
    /// The row that a pattern is, wrapper included, if it is one.
    pub(super) fn of(tree: &Tree) -> Option<Self> {
        let mut maker = Maker { tree, pieces: Vec::new(), saves: vec![(0, 0)], text: Vec::new(), bytes: 0 };
        maker.run()?;
        let Maker { mut pieces, saves, .. } = maker;
        for index in 0..pieces.len() {
            let next = next_after(&pieces, index);
            if let Some(Piece::Repeat { class, next: place, .. }) = pieces.get_mut(index) {
                *place = match next {
                    Next::Byte(byte) if !class.has(byte) => Next::Outside,
                    Next::Of(set) if !class.meets(set) => Next::Outside,
                    next => next,
                };
            }
        }
        Some(Self { pieces, saves })
    }

    /// Memory of the row, in bytes, roughly.
    pub(super) fn weight(&self) -> usize {
        self.pieces.len() * (size_of::<Piece>() + 16) + self.saves.len() * 16 + MAX_TEXT / 16
    }

    /// Whether the row is the whole text, and where its groups are: filled as far as `slots` reaches. `None` when that
    /// is not found out here.
    pub(super) fn search(&self, text: &[u8], slots: &mut [u32]) -> Option<bool> {
        if !text.is_ascii() || text.len() >= NOWHERE as usize {
            return None;
        }
        let mut ends = [0u32; MAX_PIECES];
        let found = self.find(text, &mut ends)?;
        // Not without slots: a fill of nothing, at an address where nothing is, takes 100 ns on some processors.
        if found && !slots.is_empty() {
            slots.fill(NOWHERE);
            for &(slot, before) in &self.saves {
                let at = before.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(0);
                if let Some(place) = slots.get_mut(slot as usize) {
                    *place = at;
                }
            }
        }
        Some(found)
    }

    /// Finds where each piece ends.
    fn find(&self, text: &[u8], ends: &mut [u32; MAX_PIECES]) -> Option<bool> {
        let mut choices = [Choice { piece: 0, from: 0, to: 0 }; MAX_PIECES];
        let mut choice_count = 0;
        let mut fuel = FUEL + FUEL_PER_BYTE * text.len();
        let (mut piece, mut at) = (0, 0);
        loop {
            let end = match self.pieces.get(piece) {
                None if at == text.len() => return Some(true),
                None => None,
                Some(Piece::Text(wanted)) => {
                    let rest = text.get(at..).unwrap_or(&[]);
                    rest.starts_with(wanted).then_some(at + wanted.len())
                }
                Some(Piece::Repeat { class, min, max, greedy, next }) => {
                    let last = class.run_end(text, at, *max);
                    fuel = fuel.checked_sub(last - at + 1)?;
                    let places = last.checked_sub(*min).filter(|most| *most >= at).map(|_| (at + min, last));
                    places.and_then(|(from, to)| match next {
                        Next::End => (to == text.len()).then_some(to),
                        Next::Outside => Some(to),
                        next => {
                            let found = next.place(text, from, to, *greedy)?;
                            let (from, to) = rest_of(from, to, found, *greedy);
                            if from <= to {
                                *choices.get_mut(choice_count)? = Choice { piece, from, to };
                                choice_count += 1;
                            }
                            Some(found)
                        }
                    })
                }
            };
            if let Some(end) = end {
                *ends.get_mut(piece)? = end as u32;
                (piece, at) = (piece + 1, end);
                continue;
            }
            // Back to the last repeat that can end elsewhere.
            loop {
                let Some(last) = choice_count.checked_sub(1) else { return Some(false) };
                let choice = choices.get_mut(last)?;
                let Some(Piece::Repeat { greedy, next, .. }) = self.pieces.get(choice.piece) else { return None };
                let found = next.place(text, choice.from, choice.to, *greedy);
                let passed = found.map_or(choice.to - choice.from, |found| match greedy {
                    true => choice.to - found,
                    false => found - choice.from,
                });
                fuel = fuel.checked_sub(passed + 1)?;
                if let Some(found) = found {
                    (choice.from, choice.to) = rest_of(choice.from, choice.to, found, *greedy);
                    *ends.get_mut(choice.piece)? = found as u32;
                    (piece, at) = (choice.piece + 1, found);
                    choice_count -= usize::from(choice.from > choice.to);
                    break;
                }
                choice_count = last;
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

impl Next {
    /// The first place to try from `from` to `to`, both included.
    #[inline]
    fn place(self, text: &[u8], from: usize, to: usize, greedy: bool) -> Option<usize> {
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

impl Class {
    fn of(ranges: &[(char, char)]) -> Self {
        let set = ascii_of(ranges);
        match (set[0].count_zeros(), set[1].count_zeros()) {
            (0, 0) => Self::Any,
            (1, 0) => Self::AllBut(set[0].trailing_ones() as u8),
            (0, 1) => Self::AllBut(64 + set[1].trailing_ones() as u8),
            _ => Self::Of(set),
        }
    }

    fn has(self, byte: u8) -> bool {
        match self {
            Self::Any => true,
            Self::AllBut(other) => byte != other,
            Self::Of(set) => has(set, byte),
        }
    }

    fn meets(self, set: AsciiSet) -> bool {
        (0..128).any(|byte| has(set, byte) && self.has(byte))
    }

    /// Where at most `max` characters of the class end, from `at` on.
    #[inline]
    fn run_end(self, text: &[u8], at: usize, max: usize) -> usize {
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

#[inline]
fn has(set: AsciiSet, byte: u8) -> bool {
    set[usize::from(byte >> 6) & 1] >> (byte & 63) & 1 == 1
}

/// Where the piece `index` can end, by the piece after it.
fn next_after(pieces: &[Piece], index: usize) -> Next {
    match pieces.get(index + 1) {
        None => Next::End,
        Some(Piece::Text(text)) => text.first().map_or(Next::Anywhere, |&byte| Next::Byte(byte)),
        Some(Piece::Repeat { min: 0, .. }) => Next::Anywhere,
        Some(Piece::Repeat { class: Class::Any, .. }) => Next::Anywhere,
        Some(Piece::Repeat { class: Class::AllBut(byte), .. }) => {
            let bit = 1u128 << byte;
            Next::Of([!(bit as u64), !((bit >> 64) as u64)])
        }
        Some(Piece::Repeat { class: Class::Of(set), .. }) => Next::Of(*set),
    }
}

struct Maker<'t> {
    tree: &'t Tree,
    pieces: Vec<Piece>,
    saves: Vec<(u32, usize)>,
    /// Characters that become the next piece.
    text: Vec<u8>,
    bytes: usize,
}

enum Task {
    Node(NodeId),
    Save(u32),
}

impl Maker<'_> {
    fn run(&mut self) -> Option<()> {
        let mut tasks = vec![Task::Node(self.tree.root)];
        let (mut is_open, mut is_closed, mut seen) = (false, false, 0);
        while let Some(task) = tasks.pop() {
            seen += 1;
            if seen > MAX_NODES {
                return None;
            }
            let id = match task {
                Task::Save(slot) => {
                    self.end_text()?;
                    self.saves.push((slot, self.pieces.len()));
                    continue;
                }
                Task::Node(id) => id,
            };
            let is_character = matches!(self.tree.node(id), Node::Char(_) | Node::Class(_) | Node::Repeat { .. });
            if is_character && (!is_open || is_closed) {
                return None;
            }
            match *self.tree.node(id) {
                Node::Empty => {}
                // Before all characters, and after them; a match begins and ends there.
                Node::Look(Look::TextStart) if self.pieces.is_empty() && self.text.is_empty() => is_open = true,
                Node::Look(Look::TextEnd) => is_closed = true,
                Node::Look(_) | Node::Alternate(..) => return None,
                Node::Concat(start, end) => {
                    tasks.extend(self.tree.span(start, end).iter().rev().map(|&id| Task::Node(id)));
                }
                Node::Capture { group, sub } => {
                    tasks.extend([Task::Save(group * 2 + 1), Task::Node(sub), Task::Save(group * 2)]);
                }
                Node::Char(c) => self.push_character(c)?,
                Node::Class(index) => self.push_repeat(Class::of(self.tree.class(index)), (1, 1), true)?,
                Node::Repeat { sub, min, max, greedy } => {
                    let class = match *self.tree.node(sub) {
                        Node::Class(index) => Class::of(self.tree.class(index)),
                        Node::Char(c) if c.is_ascii() => Class::of(&[(c, c)]),
                        _ => return None,
                    };
                    let max = max.map_or(usize::MAX, |max| max as usize);
                    self.push_repeat(class, (min as usize, max), greedy)?;
                }
            }
        }
        self.end_text()?;
        self.saves.push((1, self.pieces.len()));
        (is_open && is_closed).then_some(())
    }

    fn push_character(&mut self, c: char) -> Option<()> {
        if !c.is_ascii() {
            return None;
        }
        self.text.push(c as u8);
        self.bytes += 1;
        (self.bytes <= MAX_TEXT).then_some(())
    }

    fn end_text(&mut self) -> Option<()> {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.push(Piece::Text(text.into()))?;
        }
        Some(())
    }

    fn push_repeat(&mut self, class: Class, (min, max): (usize, usize), greedy: bool) -> Option<()> {
        self.end_text()?;
        self.push(Piece::Repeat { class, min, max, greedy, next: Next::Anywhere })
    }

    fn push(&mut self, piece: Piece) -> Option<()> {
        self.pieces.push(piece);
        (self.pieces.len() <= MAX_PIECES).then_some(())
    }
}
