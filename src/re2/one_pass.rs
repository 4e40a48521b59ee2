//! Patterns of which the next character always decides how a match goes on: matched in one pass over the text, with
//! their groups, and without going back.
//!
//! `(\d+);((([0-9]+?)(\.|$)){4})` is one, `(.*):(\d+)` is not: a colon may end the first group or be part of it. The end
//! of the text counts as a character. The table is for ASCII; a text with other characters takes the general engine.

use super::position::NOWHERE;
use super::program::{Inst, Program};
use super::tree::Look;

/// Instructions of a program that is tried.
const MAX_CODE: usize = 1 << 10;
/// Steps of the table.
const MAX_STEPS: usize = 1 << 13;
/// Slots that a step can set, a bit each.
const MAX_SLOTS: usize = 32;

/// No match any more; and the match.
const DEAD: u32 = 0;
const MATCH: u32 = 1;
const START: u32 = 2;

/// The table of a pattern.
#[derive(Clone, Debug)]
pub(super) struct OnePass {
    /// By state, then by symbol; the last symbol is the end of the text.
    steps: Vec<Step>,
    symbols: Box<[u8; 128]>,
    width: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Step {
    to: u32,
    /// The slots that get the place before the character.
    saves: u32,
}

impl OnePass {
    /// The table of a program, if each next character has one way to go on only.
    pub(super) fn of(program: &Program) -> Option<Self> {
        if program.code.len() > MAX_CODE || program.slots > MAX_SLOTS || !program.groups_are_exact {
            return None;
        }
        let mut symbols = Box::new([0; 128]);
        for (symbol, place) in symbols.iter_mut().zip(program.symbols.iter()) {
            *symbol = place.trailing_zeros() as u8;
        }
        let width = program.groups.len() + 1;
        let states = vec![u32::MAX; program.code.len()];
        let mut maker = Maker { program, width, steps: vec![Step::default(); 3 * width], states, open: Vec::new() };
        maker.state(0, START)?;
        while let Some((pc, state)) = maker.open.pop() {
            maker.state(pc, state)?;
        }
        Some(Self { steps: maker.steps, symbols, width })
    }

    /// Memory of the table, in bytes, roughly.
    pub(super) fn weight(&self) -> usize {
        self.steps.len() * size_of::<Step>() + 192
    }

    /// Whether the pattern matches the text, and where its groups are: filled as far as `slots` reaches. `None` when the
    /// text is not ASCII.
    pub(super) fn search(&self, text: &[u8], slots: &mut [u32]) -> Option<bool> {
        if !text.is_ascii() || text.len() >= NOWHERE as usize {
            return None;
        }
        if slots.is_empty() {
            return Some(self.run(text, |_, _| {}));
        }
        slots.fill(NOWHERE);
        Some(self.run(text, |mut saves, at| {
            while saves != 0 {
                if let Some(place) = slots.get_mut(saves.trailing_zeros() as usize) {
                    *place = at as u32;
                }
                saves &= saves - 1;
            }
        }))
    }

    #[inline]
    fn run(&self, text: &[u8], mut save: impl FnMut(u32, usize)) -> bool {
        let mut row = START as usize * self.width;
        for (at, &byte) in text.iter().enumerate() {
            let symbol = self.symbols[usize::from(byte & 127)];
            let Some(step) = self.steps.get(row + usize::from(symbol)) else { return false };
            if step.saves != 0 {
                save(step.saves, at);
            }
            if step.to == DEAD {
                return false;
            }
            row = step.to as usize;
        }
        let Some(step) = self.steps.get(row + self.width - 1) else { return false };
        if step.saves != 0 {
            save(step.saves, text.len());
        }
        step.to == MATCH
    }
}

struct Maker<'p> {
    program: &'p Program,
    width: usize,
    steps: Vec<Step>,
    /// The state of each instruction that a character leads to.
    states: Vec<u32>,
    /// Instructions whose state has no steps yet.
    open: Vec<(u32, u32)>,
}

impl Maker<'_> {
    /// Finds the steps of a state: those of the instructions that are reached from `pc` without a character.
    fn state(&mut self, pc: u32, state: u32) -> Option<()> {
        let mut seen = vec![false; self.program.code.len()];
        // The instruction, the slots to set, and whether the text has ended.
        let mut ways = vec![(pc, 0u32, false)];
        while let Some((pc, saves, is_end)) = ways.pop() {
            // Two ways to one place: which is taken is not decided by the next character.
            if std::mem::replace(seen.get_mut(pc as usize)?, true) {
                return None;
            }
            match *self.program.code.get(pc as usize)? {
                Inst::Split(index) => {
                    let split = self.program.splits.get(index as usize)?;
                    ways.extend([(split.second, saves, is_end), (split.first, saves, is_end)]);
                }
                Inst::Jump(to) => ways.push((to, saves, is_end)),
                Inst::Save(slot) => ways.push((pc + 1, saves | 1 << slot, is_end)),
                Inst::Look(Look::TextStart) => {
                    if state == START {
                        ways.push((pc + 1, saves, is_end));
                    }
                }
                Inst::Look(Look::TextEnd) => ways.push((pc + 1, saves, true)),
                Inst::Look(_) => return None,
                Inst::Match if is_end => self.claim(state, self.width - 1, Step { to: MATCH, saves })?,
                // A match may end before the text.
                Inst::Match => return None,
                Inst::Byte(_) | Inst::Char(_) | Inst::Class(_) if is_end => {}
                Inst::Byte(byte) => {
                    let symbol = self.program.symbols[usize::from(byte)];
                    self.go_on(state, symbol, pc + 1, saves)?;
                }
                Inst::Class(index) => {
                    let class = self.program.classes.get(index as usize)?;
                    self.go_on(state, self.program.symbols_of(class.ascii), pc + 1, saves)?;
                }
                Inst::Char(_) => {}
            }
        }
        Some(())
    }

    /// Adds the steps from a state to the one of an instruction.
    fn go_on(&mut self, state: u32, mut symbols: u64, pc: u32, saves: u32) -> Option<()> {
        let known = self.states.get(pc as usize).copied()?;
        let to = if known == u32::MAX { (self.steps.len() / self.width) as u32 } else { known };
        if known == u32::MAX {
            self.steps.resize(self.steps.len() + self.width, Step::default());
            *self.states.get_mut(pc as usize)? = to;
            self.open.push((pc, to));
        }
        if self.steps.len() > MAX_STEPS {
            return None;
        }
        while symbols != 0 {
            self.claim(state, symbols.trailing_zeros() as usize, Step { to: to * self.width as u32, saves })?;
            symbols &= symbols - 1;
        }
        Some(())
    }

    /// Takes the step of a symbol, if no other way has it.
    fn claim(&mut self, state: u32, symbol: usize, step: Step) -> Option<()> {
        let place = self.steps.get_mut(state as usize * self.width + symbol)?;
        if *place != Step::default() {
            return None;
        }
        *place = step;
        Some(())
    }
}
