//! From the rules of a plan and a sequence of names to registers and steps.

use std::collections::BTreeSet;

use super::super::escape::push_escaped;
use super::super::pattern::{Expansion, Pattern};
use super::super::plan::{NameIndex, Operation, Plan, Rule, Target};
use super::super::run::mapped_name;
use super::{Layout, MAX_REGISTERS, Register, Step, Work};
use crate::re2::{Captures, Template};

/// Bytes of all names.
const MAX_NAMES: usize = 1 << 16;
/// References that a replacement may have, and its bytes.
const MAX_REFERENCES: usize = 32;
const MAX_REPLACEMENT: usize = 1 << 12;

/// A rule whose labels are known by their names.
enum Draft<'p> {
    Plain(&'p Rule, Option<NameIndex>),
    Copy(Vec<(String, String)>),
    Clear(Vec<String>),
}

impl Layout {
    /// The rules for sets of these names; `None` when they depend on more than that.
    pub(super) fn new(plan: &Plan, names: &[&str]) -> Option<Self> {
        let mut present: BTreeSet<String> = names.iter().map(ToString::to_string).collect();
        let mut all = present.clone();
        let mut drafts = Vec::with_capacity(plan.rules.len());
        for rule in &plan.rules {
            let draft = draft(plan, rule, &present)?;
            match &draft {
                Draft::Plain(_, written) => {
                    present.extend(written.and_then(|name| plan.names.get(name as usize)).cloned());
                }
                Draft::Copy(copies) => present.extend(copies.iter().map(|(_, to)| to.clone())),
                Draft::Clear(cleared) => cleared.iter().for_each(|name| {
                    present.remove(name);
                }),
            }
            all.extend(present.iter().cloned());
            if all.len() > MAX_REGISTERS {
                return None;
            }
            drafts.push(draft);
        }
        let names_of_registers: Vec<Box<str>> = all.into_iter().map(String::into_boxed_str).collect();
        if names_of_registers.iter().map(|name| name.len()).sum::<usize>() > MAX_NAMES {
            return None;
        }
        let registers = Registers { plan, names: &names_of_registers };
        let loads = names.iter().map(|name| registers.of(name)).collect();
        let steps = drafts.iter().enumerate().map(|(rule, draft)| registers.step(rule, draft)).collect();
        let (keys, key_ends) = keys(&names_of_registers);
        Some(Self { loads, names: names_of_registers, keys, key_ends, steps })
    }
}

/// The names as keys.
fn keys(names: &[Box<str>]) -> (Vec<u8>, Vec<u32>) {
    let (mut keys, mut ends) = (String::new(), Vec::with_capacity(names.len()));
    for name in names {
        keys.push_str("\",\"");
        push_escaped(name, &mut keys);
        keys.push_str("\":\"");
        ends.push(keys.len() as u32);
    }
    (keys.into_bytes(), ends)
}

/// What a rule does to the labels that may be present.
fn draft<'p>(plan: &'p Plan, rule: &'p Rule, present: &BTreeSet<String>) -> Option<Draft<'p>> {
    match &rule.operation {
        Operation::Filter { .. } | Operation::Compare { .. } => Some(Draft::Plain(rule, None)),
        Operation::Replace { target, replacement, .. } => {
            let Target::Fixed(target) = target else { return None };
            is_small(replacement).then_some(Draft::Plain(rule, Some(*target)))
        }
        Operation::Hash { target, .. } | Operation::Case { target, .. } => Some(Draft::Plain(rule, Some(*target))),
        Operation::Map { pattern, replacement, template, .. } => {
            let copies = copies(pattern, replacement, template, present)?;
            let targets: BTreeSet<&String> = copies.iter().map(|(_, to)| to).collect();
            // Which of several labels wins depends on the order in which they were written.
            (targets.len() == copies.len()).then_some(Draft::Copy(copies))
        }
        Operation::Select { pattern, keep, .. } => {
            let mut cleared = Vec::new();
            for name in present {
                let matches = pattern.find(name, &mut Captures::new(), false).ok()?.is_some();
                if matches != *keep {
                    cleared.push(name.clone());
                }
            }
            Some(Draft::Clear(cleared))
        }
    }
    .filter(|_| rule.source.len() <= MAX_REFERENCES && plan.names.len() <= MAX_NAMES)
}

fn copies(
    pattern: &Pattern,
    replacement: &Expansion,
    template: &Template,
    present: &BTreeSet<String>,
) -> Option<Vec<(String, String)>> {
    let (mut copies, mut captures, mut to) = (Vec::new(), Captures::new(), String::new());
    for name in present {
        if mapped_name(pattern, replacement, template, name, &mut captures, &mut to).ok()? {
            copies.push((name.clone(), to.clone()));
        }
    }
    Some(copies)
}

/// Whether a replacement stays far from all limits, and refers to groups by their numbers.
fn is_small(replacement: &Expansion) -> bool {
    match replacement {
        Expansion::Constant(text) => text.len() <= MAX_REPLACEMENT,
        Expansion::Part(_) => true,
        Expansion::Parts(parts) => parts.len() <= MAX_REFERENCES && replacement.max_length(0) <= MAX_REPLACEMENT,
        Expansion::Engine(template) => {
            template.references().len() <= MAX_REFERENCES
                && template.text().len() <= MAX_REPLACEMENT
                && !template.has_named_references()
        }
    }
}

struct Registers<'a> {
    plan: &'a Plan,
    names: &'a [Box<str>],
}

impl Registers<'_> {
    /// The register of a name; the one after all others, which is always empty, for a name that no set has.
    fn of(&self, name: &str) -> Register {
        self.names.binary_search_by(|known| (**known).cmp(name)).unwrap_or(self.names.len()) as Register
    }

    fn of_index(&self, name: NameIndex) -> Register {
        self.plan.names.get(name as usize).map_or(self.names.len() as Register, |name| self.of(name))
    }

    fn step(&self, rule: usize, draft: &Draft<'_>) -> Step {
        match draft {
            Draft::Copy(copies) => {
                let copies: Box<[_]> = copies.iter().map(|(from, to)| (self.of(from), self.of(to))).collect();
                let mut written = BTreeSet::new();
                let mut overlaps = false;
                for &(from, to) in &copies {
                    overlaps |= written.contains(&from);
                    written.insert(to);
                }
                Step { rule, source: Box::default(), work: Work::Copy(copies, overlaps) }
            }
            Draft::Clear(cleared) => {
                let cleared = cleared.iter().map(|name| self.of(name)).collect();
                Step { rule, source: Box::default(), work: Work::Clear(cleared) }
            }
            Draft::Plain(of, _) => {
                let source = of.source.iter().map(|&name| self.of_index(name)).collect();
                Step { rule, source, work: self.work(of) }
            }
        }
    }

    fn work(&self, rule: &Rule) -> Work {
        match &rule.operation {
            Operation::Filter { .. } => Work::Filter,
            Operation::Compare { target, .. } => Work::Compare(self.of_index(*target)),
            Operation::Replace { target: Target::Fixed(target), .. } => Work::Replace(self.of_index(*target)),
            Operation::Hash { target, .. } => Work::Hash(self.of_index(*target)),
            Operation::Case { target, .. } => Work::Case(self.of_index(*target)),
            // These are no plain drafts.
            Operation::Replace { .. } | Operation::Map { .. } | Operation::Select { .. } => Work::Clear(Box::default()),
        }
    }
}
