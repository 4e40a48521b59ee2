//! From the rules of a plan and a sequence of names to registers and steps.

use std::collections::{BTreeMap, BTreeSet};

use super::super::escape::push_escaped;
use super::super::pattern::{Expansion, Pattern};
use super::super::plan::{NameIndex, Operation, Plan, Rule, Target};
use super::super::run::mapped_name;
use super::{Copies, EMPTY, Layout, MAX_REGISTERS, Output, Register, Source, Step, Work, WrittenName};
use crate::re2::{Captures, Template};

/// Bytes of all names.
const MAX_NAMES: usize = 1 << 16;
/// References that a replacement may have, and its bytes.
const MAX_REFERENCES: usize = 32;
const MAX_REPLACEMENT: usize = 1 << 12;

/// Whether the labels that a chain reads and writes are known from the names of a set.
pub(super) fn has_layouts(plan: &Plan) -> bool {
    let is_fixed = |rule: &Rule| match &rule.operation {
        Operation::Replace { target: Target::Expanded(_), .. } => false,
        Operation::Replace { replacement, .. } => is_small(replacement),
        Operation::Filter { .. }
        | Operation::Compare { .. }
        | Operation::Hash { .. }
        | Operation::Case { .. }
        | Operation::Map { .. }
        | Operation::Select { .. } => true,
    };
    plan.names.len() <= MAX_NAMES && plan.rules.iter().all(|rule| rule.source.len() <= MAX_REFERENCES && is_fixed(rule))
}

/// Whether a replacement stays far from all limits, and refers to groups by their numbers.
fn is_small(replacement: &Expansion) -> bool {
    match replacement {
        Expansion::Constant(text) => text.len() <= MAX_REPLACEMENT,
        Expansion::Part(_) | Expansion::Group(_) => true,
        Expansion::Parts { parts, .. } => parts.len() <= MAX_REFERENCES && replacement.max_length(0) <= MAX_REPLACEMENT,
        Expansion::Engine(_) => false,
    }
}

impl Layout {
    /// The rules of a plan that [has layouts](has_layouts), for sets of these names: the base of each set, or labels that
    /// are added to an empty one. `None` when the rules depend on more than that.
    pub(super) fn new(plan: &Plan, is_base: bool, names: &[WrittenName<'_>]) -> Option<Self> {
        let mut builder = Builder {
            plan,
            is_base,
            loaded: names.len(),
            registers: BTreeMap::new(),
            name_bytes: 0,
            present: BTreeSet::new(),
            changed: BTreeSet::new(),
        };
        for (register, (_, name)) in names.iter().enumerate() {
            // Of a name that is there twice the last value counts.
            if builder.register(name)? != register as Register {
                return None;
            }
            builder.present.insert((*name).to_string());
        }
        let mut steps = Vec::with_capacity(plan.rules.len());
        for (rule, of) in plan.rules.iter().enumerate() {
            if let Some(work) = builder.work(of)? {
                steps.push(Step { rule, source: builder.source(of), work });
            }
        }
        let (outputs, keys) = builder.outputs(names);
        let register_count = builder.registers.len();
        Some(Self { register_count, outputs, keys, steps: steps.into() })
    }
}

struct Builder<'p> {
    plan: &'p Plan,
    is_base: bool,
    /// Names of the input: their registers come first.
    loaded: usize,
    registers: BTreeMap<String, Register>,
    name_bytes: usize,
    /// The labels that a set can have, after the rules so far.
    present: BTreeSet<String>,
    /// The registers that a rule so far may have written or cleared.
    changed: BTreeSet<Register>,
}

/// When a labelmap comes to a label: in the order of the names, or of the registers; or nobody knows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Known(usize),
    /// After all labels that are as they were loaded.
    Added,
    Unknown,
}

impl Builder<'_> {
    /// The register of a name that a set may have.
    fn register(&mut self, name: &str) -> Option<Register> {
        if let Some(&known) = self.registers.get(name) {
            return Some(known);
        }
        let register = self.registers.len() as Register;
        self.registers.insert(name.to_string(), register);
        self.name_bytes += name.len();
        (self.registers.len() <= MAX_REGISTERS && self.name_bytes <= MAX_NAMES).then_some(register)
    }

    /// The register that a rule reads.
    fn read(&self, name: NameIndex) -> Register {
        let name = self.plan.names.get(name as usize);
        name.and_then(|name| self.registers.get(name)).copied().unwrap_or(EMPTY)
    }

    fn source(&self, rule: &Rule) -> Source {
        match rule.source[..] {
            [] => Source::Nothing,
            [name] => Source::One(self.read(name)),
            _ => Source::Several(rule.source.iter().map(|&name| self.read(name)).collect()),
        }
    }

    /// What a rule does; the inner `None` when it does nothing.
    fn work(&mut self, rule: &Rule) -> Option<Option<Work>> {
        Some(Some(match &rule.operation {
            Operation::Filter { .. } => Work::Filter,
            Operation::Compare { target, .. } => Work::Compare(self.read(*target)),
            Operation::Replace { target: Target::Fixed(target), .. } => Work::Replace(self.write_index(*target)?),
            Operation::Replace { target: Target::Never, .. } => return Some(None),
            Operation::Replace { target: Target::Expanded(_), .. } => return None,
            Operation::Hash { target, .. } => Work::Hash(self.write_index(*target)?),
            Operation::Case { target, .. } => Work::Case(self.write_index(*target)?),
            Operation::Map { pattern, replacement, template, .. } => {
                Work::Copy(self.copies(pattern, replacement, template)?)
            }
            Operation::Select { pattern, keep, .. } => Work::Clear(self.clear(pattern, *keep)?),
        }))
    }

    fn write_index(&mut self, name: NameIndex) -> Option<Register> {
        let name = self.plan.names.get(name as usize)?;
        self.write(name)
    }

    /// Notes that a label may be written.
    fn write(&mut self, name: &str) -> Option<Register> {
        let register = self.register(name)?;
        self.present.insert(name.to_string());
        self.changed.insert(register);
        Some(register)
    }

    fn clear(&mut self, pattern: &Pattern, keep: bool) -> Option<Box<[Register]>> {
        let mut captures = Captures::new();
        let mut cleared = Vec::new();
        for name in std::mem::take(&mut self.present) {
            let matches = pattern.find(&name, &mut captures, false).ok()?.is_some();
            if matches == keep {
                self.present.insert(name);
            } else {
                cleared.push(self.register(&name)?);
            }
        }
        self.changed.extend(&cleared);
        Some(cleared.into())
    }

    fn copies(&mut self, pattern: &Pattern, replacement: &Expansion, template: &Template) -> Option<Copies> {
        let (mut found, mut captures, mut to) = (Vec::new(), Captures::new(), String::new());
        for (index, name) in self.present.iter().enumerate() {
            if mapped_name(pattern, replacement, template, name, &mut captures, &mut to).ok()? {
                let register = self.registers.get(name).copied()?;
                found.push((self.turn(register, index), register, to.clone()));
            }
        }
        found.sort_by_key(|(turn, register, _)| (*turn, *register));
        let mut copies = Vec::with_capacity(found.len());
        let mut sources: BTreeMap<Register, Vec<(Turn, Register)>> = BTreeMap::new();
        let (mut written, mut overlaps) = (BTreeSet::new(), false);
        for (turn, from, to) in &found {
            let to = self.write(to)?;
            overlaps |= written.contains(from);
            written.insert(to);
            copies.push((*from, to));
            sources.entry(to).or_default().push((*turn, *from));
        }
        let rivals = sources.into_values().filter(|sources| !is_decided(sources));
        let rivals = rivals.map(|sources| sources.into_iter().map(|(_, from)| from).collect()).collect();
        Some(Copies { copies: copies.into(), overlaps, rivals })
    }

    /// When a labelmap comes to a label, the one of that number in the order of the names.
    fn turn(&self, register: Register, by_name: usize) -> Turn {
        if self.plan.semantics.maps_by_name {
            return Turn::Known(by_name);
        }
        match (register as usize >= self.loaded, self.changed.contains(&register)) {
            (true, _) => Turn::Added,
            // It may have been deleted, and added again.
            (false, true) => Turn::Unknown,
            (false, false) if self.is_base => Turn::Known(by_name),
            (false, false) => Turn::Known(register as usize),
        }
    }

    /// The labels that are left, and their keys.
    fn outputs(&self, names: &[WrittenName<'_>]) -> (Box<[Output]>, Box<[u8]>) {
        let mut keys = String::new();
        let mut outputs: Vec<Output> = Vec::with_capacity(self.present.len());
        for name in &self.present {
            let start = keys.len() as u32;
            keys.push_str("\",\"");
            push_escaped(name, &mut keys);
            keys.push_str("\":\"");
            let register = self.registers.get(name).copied().unwrap_or(EMPTY);
            let key = (start, keys.len() as u32);
            outputs.push(Output { name: name.as_str().into(), register, key, run: 1 });
        }
        for index in (1..outputs.len()).rev() {
            let [before, output] = &mut outputs[index - 1..=index] else { continue };
            let written = names.get(output.register as usize).map(|(written, _)| *written);
            let is_unchanged = |output: &Output| !self.changed.contains(&output.register);
            if output.register == before.register.wrapping_add(1)
                && written == keys.as_bytes().get(output.key.0 as usize..output.key.1 as usize)
                && is_unchanged(before)
                && is_unchanged(output)
            {
                before.run = output.run + 1;
            }
        }
        (outputs.into(), keys.into_bytes().into())
    }
}

/// Whether it is known which of several labels that are copied to one comes last.
fn is_decided(sources: &[(Turn, Register)]) -> bool {
    match sources {
        [_] => true,
        // Sorted: those that are as they were loaded come first.
        [.., (before, _), (last, _)] => *before < Turn::Added && *last <= Turn::Added,
        [] => true,
    }
}
