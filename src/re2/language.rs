//! Which texts patterns match, compared: whether one matches all that another matches, or both match a text.
//!
//! The programs of both are run side by side over all texts: a state is the set of instructions that each can be at. Of the
//! characters that no instruction tells apart, one is tried.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::program::{Inst, Program};
use super::tree::Look;

/// So many pairs of states are looked at.
const MOST_STATES: usize = 20_000;
/// The number of characters that are distinguished.
const MOST_CHARACTERS: usize = 300;
/// So many instructions are looked at in all.
const MOST_STEPS: usize = 4_000_000;

/// Whether `outer` matches every text that `inner` matches; `None` where that takes too long to say, or depends on the
/// borders of words or lines.
pub(super) fn includes(outer: &Program, inner: &Program) -> Option<bool> {
    has_text(inner, outer, &|inner, outer| inner && !outer).map(|found| !found)
}

/// Whether both match a text.
pub(super) fn overlap(one: &Program, other: &Program) -> Option<bool> {
    has_text(one, other, &|one, other| one && other)
}

/// Whether there is a text of which both patterns together say this, and which the first one matches.
fn has_text(one: &Program, other: &Program, is_wanted: &dyn Fn(bool, bool) -> bool) -> Option<bool> {
    if !(one.anchored && other.anchored) {
        return None;
    }
    let characters = characters(&[one, other])?;
    let first = (reached(one, &[0], true)?, reached(other, &[0], true)?);
    let (mut seen, mut open, mut steps) = (FxHashSet::default(), vec![first], 0);
    while let Some((at, other_at)) = open.pop() {
        if is_wanted(at.is_match, other_at.is_match) {
            return Some(true);
        }
        for c in &characters {
            let next = after(one, &at, *c);
            if next.is_empty() {
                continue;
            }
            let other_next = after(other, &other_at, *c);
            steps += at.taking.len() + other_at.taking.len() + next.len() + other_next.len();
            let next = (reached(one, &next, false)?, reached(other, &other_next, false)?);
            if steps > MOST_STEPS || seen.len() > MOST_STATES {
                return None;
            }
            if !next.0.is_dead() && seen.insert((next.0.key(), next.1.key())) {
                open.push(next);
            }
        }
    }
    Some(false)
}

/// Where a program can be after a text.
struct State {
    /// The instructions that take a character next.
    taking: Vec<u32>,
    /// Whether the text as it is matches.
    is_match: bool,
}

impl State {
    fn is_dead(&self) -> bool {
        self.taking.is_empty() && !self.is_match
    }

    fn key(&self) -> (Vec<u32>, bool) {
        (self.taking.clone(), self.is_match)
    }
}

/// A character of each set of those that no instruction tells apart.
fn characters(programs: &[&Program]) -> Option<Vec<char>> {
    let mut starts = BTreeSet::from(['\0']);
    let mut start = |c: Option<char>| starts.extend(c);
    for program in programs {
        for inst in &program.code {
            match inst {
                Inst::Byte(byte) => {
                    start(Some(char::from(*byte)));
                    start(following(char::from(*byte)));
                }
                Inst::Char(c) => {
                    start(Some(*c));
                    start(following(*c));
                }
                Inst::Class(_) | Inst::Split(_) | Inst::Jump(_) | Inst::Save(_) | Inst::Look(_) | Inst::Match => {}
            }
        }
        for class in &program.classes {
            for (first, last) in class.ranges() {
                start(Some(first));
                start(following(last));
            }
        }
    }
    (starts.len() <= MOST_CHARACTERS).then(|| starts.into_iter().collect())
}

fn following(c: char) -> Option<char> {
    (u32::from(c) + 1..=0xE000).find_map(char::from_u32).or_else(|| char::from_u32(u32::from(c) + 1))
}

/// The instructions after those that take a character.
fn after(program: &Program, state: &State, c: char) -> Vec<u32> {
    let takes = |pc: &u32| match program.code.get(*pc as usize) {
        Some(Inst::Byte(byte)) => c == char::from(*byte),
        Some(Inst::Char(wanted)) => c == *wanted,
        Some(Inst::Class(class)) => program
            .classes
            .get(*class as usize)
            .is_some_and(|class| if c.is_ascii() { class.has_ascii(c as u8) } else { class.has_other(c) }),
        _ => false,
    };
    state.taking.iter().filter(|pc| takes(pc)).map(|pc| pc + 1).collect()
}

/// What is reached from instructions without taking a character.
fn reached(program: &Program, from: &[u32], is_start: bool) -> Option<State> {
    let mut open: Vec<(u32, bool)> = from.iter().map(|pc| (*pc, false)).collect();
    let mut seen: FxHashSet<(u32, bool)> = open.iter().copied().collect();
    let mut state = State { taking: Vec::new(), is_match: false };
    while let Some((pc, is_end)) = open.pop() {
        let mut go = |pc: u32, is_end: bool| {
            if seen.insert((pc, is_end)) {
                open.push((pc, is_end));
            }
        };
        match program.code.get(pc as usize)? {
            // After the end of the text no character comes.
            Inst::Byte(_) | Inst::Char(_) | Inst::Class(_) if is_end => {}
            Inst::Byte(_) | Inst::Char(_) | Inst::Class(_) => state.taking.push(pc),
            Inst::Split(split) => {
                let split = program.splits.get(*split as usize)?;
                go(split.first, is_end);
                go(split.second, is_end);
            }
            Inst::Jump(to) => go(*to, is_end),
            Inst::Save(_) => go(pc + 1, is_end),
            Inst::Look(Look::TextStart) => {
                if is_start {
                    go(pc + 1, is_end);
                }
            }
            Inst::Look(Look::TextEnd) => go(pc + 1, true),
            Inst::Look(Look::LineStart | Look::LineEnd | Look::WordBoundary | Look::NotWordBoundary) => return None,
            // A match that is not at the end is not one of the whole text.
            Inst::Match if is_end => state.is_match = true,
            Inst::Match => return None,
        }
    }
    state.taking.sort_unstable();
    Some(state)
}
