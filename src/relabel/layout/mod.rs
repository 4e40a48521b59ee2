//! Chains worked out for one sequence of label names.
//!
//! Sets that come one after the other mostly have the same names in the same order. For such a sequence it is known
//! before any value is read which labels a set can ever have, which of them each rule reads and writes, and in which
//! order they come out. So each of these labels gets a *register*, in the order of the names, and a rule is a *step* on
//! registers. Values are not copied: a register says where one is in the input, until it is written.
//!
//! `names` finds the sequence of a set, `build` makes the steps, `run` takes them. What cannot be said in this way goes
//! through a [`LabelBuilder`](super::LabelBuilder): sets that are large or seldom, rules that write a label whose name
//! depends on values, labelmaps that copy several labels to one, and what is beyond a limit.

mod build;
mod names;
mod run;

pub(super) use names::{SequenceId, Sequences};
pub(super) use run::{LineInput, Machine, PairInput, Place};

/// Registers of the largest layout.
const MAX_REGISTERS: usize = 200;
/// Bytes of the largest input, and of the values that rules make of it. With as many registers as there may be, a set
/// is then smaller than any limit.
pub(super) const MAX_BYTES: usize = 1 << 16;

/// The number of a label among all that a set of one sequence can have, in byte order of their names.
type Register = u32;

/// A chain, worked out for one sequence of names.
#[derive(Debug)]
pub(super) struct Layout {
    /// The register of each label of the input.
    loads: Vec<Register>,
    /// The name of each register.
    names: Vec<Box<str>>,
    /// The names as keys of JSON objects, one after the other, each with the quote that closes the value before it, and
    /// a comma.
    keys: Vec<u8>,
    key_ends: Vec<u32>,
    steps: Vec<Step>,
}

/// A rule on registers.
#[derive(Debug)]
struct Step {
    /// Its index in the plan.
    rule: usize,
    source: Box<[Register]>,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Filter,
    Compare(Register),
    Replace(Register),
    Hash(Register),
    Case(Register),
    /// From where to where; whether one is read after it is written.
    Copy(Box<[(Register, Register)]>, bool),
    Clear(Box<[Register]>),
}

impl Layout {
    /// How many labels a set can have.
    pub(super) fn register_count(&self) -> usize {
        self.names.len()
    }

    pub(super) fn name(&self, register: usize) -> &str {
        self.names.get(register).map_or("", |name| name)
    }

    /// The name as a key, with what is between it and the value before it.
    #[inline]
    pub(super) fn key(&self, register: usize) -> &[u8] {
        let start = register.checked_sub(1).and_then(|before| self.key_ends.get(before)).copied().unwrap_or(0);
        let end = self.key_ends.get(register).copied().unwrap_or(0);
        self.keys.get(start as usize..end as usize).unwrap_or(&[])
    }
}
