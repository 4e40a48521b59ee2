//! Runs programs: leftmost-first as Go does, with the same submatches.
//!
//! The first choice is a backtracker that looks one symbol ahead, so that most patterns never branch. Where
//! it branches it notes the place, and goes there only once. When it goes over the text too often all the
//! same, it starts again and notes every place it passes, so that time stays linear. Texts too long for
//! its table run on a simulation of all threads at once.

use super::error::TooLargeError;
use super::pike;
use super::position::{NOWHERE, char_at, look_holds};
use super::program::{END_SYMBOL, Inst, Program};

/// Branch-and-place pairs the backtracker remembers at most, one bit each.
const MAX_VISITED: usize = 1 << 23;
/// Branches that a search may pass before it is called slow: some, and more for a longer text.
const FUEL: usize = 256;
const FUEL_PER_BYTE: usize = 16;
/// Entries on the stack of the backtracker.
const MAX_STACK: usize = 1 << 22;

/// Where the groups of a pattern matched, and memory that matching reuses: make one and use it for many matches.
///
/// ```
/// let regex = promcfg::re2::Regex::new("([^:]+):(\\d+)").unwrap();
/// let mut captures = promcfg::re2::Captures::new();
/// assert!(regex.captures("host:9100", &mut captures).unwrap());
/// assert_eq!(captures.get(2), Some((5, 9)));
/// assert_eq!(captures.get(3), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Captures {
    pub(super) slots: Vec<u32>,
    pub(super) scratch: Scratch,
}

impl Captures {
    /// An empty buffer, for patterns of any size.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Start and end, in bytes, of group `group` in the last match; group 0 is the whole match. `None` when
    /// there is no such group, or it took no part.
    #[must_use]
    #[inline]
    pub fn get(&self, group: usize) -> Option<(usize, usize)> {
        let start = *self.slots.get(group * 2)?;
        let end = *self.slots.get(group * 2 + 1)?;
        (start != NOWHERE && end != NOWHERE).then_some((start as usize, end as usize))
    }

    /// Number of groups of the last pattern, the whole match included; 0 before the first match.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len() / 2
    }

    /// Whether nothing was matched with it yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

/// Working memory of the engines.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    stack: Vec<Entry>,
    visited: Vec<u64>,
    pub(super) pike: pike::Memory,
}

#[derive(Clone, Copy, Debug)]
enum Entry {
    /// Go on at an instruction and a place.
    Branch(u32, u32),
    /// Put a slot back.
    Restore(u32, u32),
}

enum Outcome {
    Match,
    NoMatch,
    /// It took more steps than a search that branches little.
    TooSlow,
    /// The text or the pattern is too long for the tables.
    GiveUp,
}

/// How a branch goes on.
enum Way {
    /// At this instruction.
    To(u32),
    Nowhere,
    /// The search ends.
    Out(Outcome),
}

/// Finds the first match at or after `from`. Slots are filled as far as `slots` reaches; none are needed to
/// only know whether there is a match.
pub(super) fn search(
    program: &Program,
    text: &str,
    from: usize,
    slots: &mut [u32],
    scratch: &mut Scratch,
) -> Result<bool, TooLargeError> {
    if text.len() >= NOWHERE as usize {
        return Err(TooLargeError);
    }
    if program.anchored && from > 0 {
        return Ok(false);
    }
    let fuel = FUEL + FUEL_PER_BYTE * (text.len() - from.min(text.len()));
    let mut run = Backtrack { program, text, from, slots, scratch, fresh: true, fuel, notes_all: false };
    let mut outcome = run.search();
    if matches!(outcome, Outcome::TooSlow) {
        (run.fresh, run.notes_all) = (true, true);
        outcome = run.search();
    }
    match outcome {
        Outcome::Match => Ok(true),
        Outcome::NoMatch => Ok(false),
        Outcome::TooSlow | Outcome::GiveUp => pike::search(program, text, from, run.slots, &mut run.scratch.pike),
    }
}

struct Backtrack<'a> {
    program: &'a Program,
    text: &'a str,
    from: usize,
    slots: &'a mut [u32],
    scratch: &'a mut Scratch,
    /// The table of visited places is not cleared yet.
    fresh: bool,
    /// Branches that may still be passed.
    fuel: usize,
    /// Whether branches with only one way to go on are noted as well.
    notes_all: bool,
}

impl Backtrack<'_> {
    fn search(&mut self) -> Outcome {
        let mut start = self.from;
        loop {
            // Not without slots: a fill of nothing, at an address where nothing is, takes 100 ns on some processors.
            if !self.slots.is_empty() {
                self.slots.fill(NOWHERE);
            }
            match self.run(start) {
                Outcome::NoMatch if !self.program.anchored => {}
                outcome => return outcome,
            }
            match self.text.get(start..).and_then(|rest| rest.chars().next()) {
                Some(c) => start += c.len_utf8(),
                None => return Outcome::NoMatch,
            }
        }
    }

    /// Tries to match at `start`.
    fn run(&mut self, start: usize) -> Outcome {
        let bytes = self.text.as_bytes();
        let code = &self.program.code;
        self.scratch.stack.clear();
        let mut pc = 0usize;
        let mut at = start;
        loop {
            let alive = match code.get(pc) {
                Some(&Inst::Byte(byte)) => {
                    let found = bytes.get(at) == Some(&byte);
                    at += 1;
                    found
                }
                Some(&Inst::Class(index)) => self.take_class(index, &mut at),
                Some(&Inst::Char(c)) => {
                    let found = char_at(self.text, at) == Some(c);
                    at += c.len_utf8();
                    found
                }
                Some(&Inst::Split(index)) => match self.branch(index, at) {
                    Way::To(to) => {
                        pc = to as usize;
                        continue;
                    }
                    Way::Nowhere => false,
                    Way::Out(outcome) => return outcome,
                },
                Some(&Inst::Jump(to)) => {
                    pc = to as usize;
                    continue;
                }
                Some(&Inst::Save(slot)) if self.save(slot, at) => true,
                Some(&Inst::Look(look)) => look_holds(look, bytes, at),
                Some(Inst::Match) => return Outcome::Match,
                Some(Inst::Save(_)) | None => return Outcome::GiveUp,
            };
            if alive {
                pc += 1;
            } else if !self.back(&mut pc, &mut at) {
                return Outcome::NoMatch;
            }
        }
    }

    /// Goes over one character, if it is of the class.
    #[inline]
    fn take_class(&self, index: u32, at: &mut usize) -> bool {
        let Some(class) = self.program.classes.get(index as usize) else { return false };
        match self.text.as_bytes().get(*at) {
            Some(&byte) if byte < 0x80 => {
                *at += 1;
                class.has_ascii(byte)
            }
            Some(_) => char_at(self.text, *at).is_some_and(|c| {
                *at += c.len_utf8();
                class.has_other(c)
            }),
            None => false,
        }
    }

    /// Remembers a place in a slot, and on the stack what was there; `false` when the stack is full.
    #[inline]
    fn save(&mut self, slot: u32, at: usize) -> bool {
        let Some(place) = self.slots.get_mut(slot as usize) else { return true };
        match self.scratch.stack.len() {
            0 => {}
            1..=MAX_STACK => self.scratch.stack.push(Entry::Restore(slot, *place)),
            _ => return false,
        }
        *place = at as u32;
        true
    }

    /// Where to go on at a branch, by the next symbol.
    #[inline]
    fn branch(&mut self, index: u32, at: usize) -> Way {
        let Program { splits, symbols, .. } = self.program;
        let Some(split) = splits.get(index as usize) else { return Way::Out(Outcome::GiveUp) };
        let symbol = self.text.as_bytes().get(at).map_or(END_SYMBOL, |&byte| symbols[usize::from(byte)]);
        let first = split.first_symbols & symbol != 0;
        let second = split.second_symbols & symbol != 0;
        match self.pass(index, at, first && second) {
            Outcome::Match => {}
            Outcome::NoMatch => return Way::Nowhere,
            outcome => return Way::Out(outcome),
        }
        if first && second {
            self.scratch.stack.push(Entry::Branch(split.second, at as u32));
        }
        match (first, second) {
            (true, _) => Way::To(split.first),
            (false, true) => Way::To(split.second),
            (false, false) => Way::Nowhere,
        }
    }

    /// Goes back to the last branch, if there is one.
    fn back(&mut self, pc: &mut usize, at: &mut usize) -> bool {
        while let Some(entry) = self.scratch.stack.pop() {
            match entry {
                Entry::Branch(branch, place) => {
                    *pc = branch as usize;
                    *at = place as usize;
                    return true;
                }
                Entry::Restore(slot, old) => {
                    if let Some(place) = self.slots.get_mut(slot as usize) {
                        *place = old;
                    }
                }
            }
        }
        false
    }

    /// Whether to go on at a branch: `NoMatch` when it is known to lead nowhere.
    #[inline]
    fn pass(&mut self, split: u32, at: usize, has_both_ways: bool) -> Outcome {
        if has_both_ways || self.notes_all {
            return self.enter(split, at);
        }
        self.fuel -= 1;
        if self.fuel == 0 { Outcome::TooSlow } else { Outcome::Match }
    }

    /// Notes that a branch is entered at a place: `Match` when that is new, `NoMatch` when it was there before.
    #[inline]
    fn enter(&mut self, split: u32, at: usize) -> Outcome {
        let width = self.text.len() + 1 - self.from;
        if self.fresh {
            let Some(bits) = self.program.splits.len().checked_mul(width).filter(|&bits| bits <= MAX_VISITED) else {
                return Outcome::GiveUp;
            };
            self.scratch.visited.clear();
            self.scratch.visited.resize(bits.div_ceil(64), 0);
            self.fresh = false;
        }
        if self.scratch.stack.len() > MAX_STACK {
            return Outcome::GiveUp;
        }
        let bit = split as usize * width + (at - self.from);
        match self.scratch.visited.get_mut(bit / 64) {
            Some(word) if *word >> (bit % 64) & 1 == 0 => {
                *word |= 1 << (bit % 64);
                Outcome::Match
            }
            _ => Outcome::NoMatch,
        }
    }
}
