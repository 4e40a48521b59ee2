//! Chains worked out for one sequence of label names.
//!
//! Sets that come one after the other mostly have the same names in the same order. For such a sequence it is known
//! before any value is read which labels a set can ever have, which of them each rule reads and writes, and in which
//! order they come out. So each of these labels gets a *register*, those of the input in their order first, and a rule
//! is a *step* on registers. Values are not copied: a register says where one is in the input, until it is written.
//!
//! `names` finds the sequence of a set, `build` makes the steps, `run` takes them. What cannot be said in this way goes
//! through a [`LabelBuilder`](super::LabelBuilder): sets that are large or seldom or have a name twice, rules that write
//! a label whose name depends on values, and what is beyond a limit.

mod build;
mod names;
mod run;

pub(super) use names::{Known, SequenceId, Sequences, Walk};
pub(super) use run::{LineInput, Machine, PairInput, Place};

/// Registers of the largest layout.
const MAX_REGISTERS: usize = 200;
/// Bytes of the largest input, and of the values that rules make of it. With as many registers as there may be, a set
/// is then smaller than any limit.
pub(super) const MAX_BYTES: usize = 1 << 16;

/// A name as it is in the input, and its text.
type WrittenName<'n> = (&'n [u8], &'n str);

/// The number of a label among all that a set of one sequence can have.
type Register = u32;

/// The register of a label that no set has: always empty.
const EMPTY: Register = Register::MAX;

/// A chain, worked out for one sequence of names.
#[derive(Debug)]
pub(super) struct Layout {
    register_count: usize,
    outputs: Box<[Output]>,
    /// The names of the outputs as keys of JSON objects, each with the quote that closes the value before it, and a
    /// comma.
    keys: Box<[u8]>,
    steps: Box<[Step]>,
}

/// A label that a set can have after all rules.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) name: Box<str>,
    register: Register,
    /// Where its key is.
    key: (u32, u32),
    /// How many outputs, from this one on, are in the input as they come out: labels that no rule writes, one after the
    /// other, with nothing between them but their keys. It is so if none of them is empty.
    pub(super) run: u32,
}

/// A rule on registers.
#[derive(Debug)]
struct Step {
    /// Its index in the plan.
    rule: usize,
    source: Source,
    work: Work,
}

#[derive(Debug)]
enum Source {
    Nothing,
    One(Register),
    Several(Box<[Register]>),
}

#[derive(Debug)]
enum Work {
    Filter,
    Compare(Register),
    Replace(Register),
    Hash(Register),
    Case(Register),
    Copy(Copies),
    Clear(Box<[Register]>),
}

/// What a labelmap does.
#[derive(Debug)]
struct Copies {
    /// From where to where. Of several to one register the last one counts.
    copies: Box<[(Register, Register)]>,
    /// Whether a register is read after it is written.
    overlaps: bool,
    /// Registers that are copied to one, where it is not known which comes last: it must not matter.
    rivals: Box<[Box<[Register]>]>,
}

impl Layout {
    /// The labels that a set can have after all rules, in byte order of their names.
    #[inline]
    pub(super) fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// The name of an output as a key, with what is between it and the value before it.
    #[inline]
    pub(super) fn key(&self, output: &Output) -> &[u8] {
        self.keys.get(output.key.0 as usize..output.key.1 as usize).unwrap_or(&[])
    }
}
