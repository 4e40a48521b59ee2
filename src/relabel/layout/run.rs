//! Steps at work on registers.

use std::io::Write as _;

use super::super::case;
use super::super::pattern::{Expansion, Pattern, Piece};
use super::super::plan::{Operation, Plan};
use super::super::run::{Verdict, hash_of};
use super::{Copies, Layout, MAX_BYTES, Output, Register, Source, Step, Work};
use crate::re2::Captures;

/// Where a value is: in a part of the input, or among the values that rules made. An empty one is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Place {
    pub(in super::super) source: u32,
    pub(in super::super) start: u32,
    pub(in super::super) end: u32,
}

/// The source of values that rules made.
const MADE: u32 = u32::MAX;

impl Place {
    #[inline]
    pub(in super::super) fn is_empty(self) -> bool {
        self.start == self.end
    }

    #[inline]
    pub(in super::super) fn is_made(self) -> bool {
        self.source == MADE
    }

    fn part(self, (start, end): (usize, usize)) -> Self {
        Self { start: self.start + start as u32, end: self.start + end as u32, ..self }
    }
}

/// What the values of a set are parts of.
pub(in super::super) trait Input {
    fn source(&self, source: u32) -> &[u8];
}

/// A set in one line.
#[derive(Clone, Copy)]
pub(in super::super) struct LineInput<'l>(pub(in super::super) &'l [u8]);

impl Input for LineInput<'_> {
    #[inline]
    fn source(&self, _: u32) -> &[u8] {
        self.0
    }
}

/// A set of names and values.
#[derive(Clone, Copy)]
pub(in super::super) struct PairInput<'l>(pub(in super::super) &'l [(&'l str, &'l str)]);

impl Input for PairInput<'_> {
    #[inline]
    fn source(&self, source: u32) -> &[u8] {
        self.0.get(source as usize).map_or(&[], |(_, value)| value.as_bytes())
    }
}

/// The registers, and memory that is kept from set to set.
#[derive(Debug, Default)]
pub(in super::super) struct Machine {
    registers: Vec<Place>,
    /// The values that rules made, one after the other, and before them values of the input that had to be decoded.
    pub(in super::super) made: Vec<u8>,
    captures: Captures,
    copied: Vec<Place>,
    text: String,
}

impl Machine {
    /// Forgets the set before.
    #[inline]
    pub(in super::super) fn begin(&mut self) {
        self.made.clear();
        self.registers.clear();
    }

    /// Adds the value of the next label of the input.
    #[inline]
    pub(in super::super) fn load(&mut self, place: Place) {
        self.registers.push(place);
    }

    /// Adds the values of labels that are names and values.
    #[inline]
    pub(in super::super) fn load_pairs(&mut self, labels: &[(&str, &str)]) {
        let places = labels.iter().enumerate();
        self.registers.extend(places.map(|(source, (_, value))| Place {
            source: source as u32,
            start: 0,
            end: value.len() as u32,
        }));
    }

    /// Where a value is that was put at the end of [`made`](Self::made), from `start` on.
    #[inline]
    pub(in super::super) fn made_since(&self, start: usize) -> Place {
        Place { source: MADE, start: start as u32, end: self.made.len() as u32 }
    }

    /// The bytes of a value.
    #[inline]
    pub(in super::super) fn bytes<'m>(&'m self, input: &'m impl Input, place: Place) -> &'m [u8] {
        bytes(&self.made, input, place)
    }

    /// Where the value of an output is.
    #[inline]
    pub(in super::super) fn output(&self, output: &Output) -> Place {
        self.value(output.register)
    }

    /// Runs a chain on the values that were loaded, those of the layout's names. `None` when that must be done in the
    /// general way.
    #[inline]
    pub(in super::super) fn run(&mut self, plan: &Plan, layout: &Layout, input: &impl Input) -> Option<Verdict> {
        self.registers.resize(layout.register_count, Place::default());
        for step in &layout.steps {
            let stays = self.step(plan, step, input)?;
            if self.made.len() > MAX_BYTES {
                return None;
            }
            if !stays {
                return Some(Verdict::Dropped { rule: step.rule });
            }
        }
        Some(Verdict::Kept)
    }

    #[inline]
    fn value(&self, register: Register) -> Place {
        self.registers.get(register as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn write(&mut self, register: Register, place: Place) {
        if let Some(value) = self.registers.get_mut(register as usize) {
            *value = place;
        }
    }

    /// Takes a step; says whether the set stays.
    #[inline]
    fn step(&mut self, plan: &Plan, step: &Step, input: &impl Input) -> Option<bool> {
        let rule = plan.rules.get(step.rule)?;
        match &step.work {
            Work::Copy(copies) => {
                self.copy(copies, input)?;
                return Some(true);
            }
            Work::Clear(cleared) => {
                cleared.iter().for_each(|&register| self.write(register, Place::default()));
                return Some(true);
            }
            _ => {}
        }
        let read = match &step.source {
            Source::Nothing => Place::default(),
            Source::One(register) => self.value(*register),
            Source::Several(registers) => self.join(&rule.separator, registers, input)?,
        };
        match (&step.work, &rule.operation) {
            (Work::Filter, Operation::Filter { pattern, keep }) => {
                let text = bytes(&self.made, input, read);
                Some(pattern.find_bytes(text, &mut self.captures, false)?.is_some() == *keep)
            }
            (Work::Compare(target), Operation::Compare { keep, .. }) => {
                let target = self.value(*target);
                Some((self.bytes(input, target) == self.bytes(input, read)) == *keep)
            }
            (Work::Replace(target), Operation::Replace { pattern, replacement, deletes, .. }) => {
                if let Some(value) = self.replacement(read, pattern, replacement, input)?
                    && (*deletes || !value.is_empty())
                {
                    self.write(*target, value);
                }
                Some(true)
            }
            (Work::Hash(target), Operation::Hash { modulus, .. }) => {
                let hash = hash_of(self.bytes(input, read), *modulus);
                let start = self.made.len();
                // Writing to memory cannot fail.
                let _ = write!(self.made, "{hash}");
                self.write(*target, self.made_since(start));
                Some(true)
            }
            (Work::Case(target), Operation::Case { upper, .. }) => {
                let value = self.change_case(read, *upper, plan.semantics.syntax.unicode(), input)?;
                self.write(*target, value);
                Some(true)
            }
            _ => None,
        }
    }

    /// `None` when it is not known which of several values is copied last.
    fn copy(&mut self, copies: &Copies, input: &impl Input) -> Option<()> {
        if !copies.rivals.iter().all(|rivals| self.is_one_value(rivals, input)) {
            return None;
        }
        if copies.overlaps {
            let mut copied = std::mem::take(&mut self.copied);
            copied.clear();
            copied.extend(copies.copies.iter().map(|&(from, _)| self.value(from)));
            for (&(_, to), &place) in copies.copies.iter().zip(&copied).filter(|(_, place)| !place.is_empty()) {
                self.write(to, place);
            }
            self.copied = copied;
            return Some(());
        }
        for &(from, to) in &copies.copies {
            let place = self.value(from);
            if !place.is_empty() {
                self.write(to, place);
            }
        }
        Some(())
    }

    /// Whether those of some labels that are present have one value.
    fn is_one_value(&self, registers: &[Register], input: &impl Input) -> bool {
        let mut places = registers.iter().map(|&register| self.value(register)).filter(|place| !place.is_empty());
        let Some(first) = places.next() else { return true };
        places.all(|place| self.bytes(input, place) == self.bytes(input, first))
    }

    /// The values of several labels, joined.
    fn join(&mut self, separator: &str, source: &[Register], input: &impl Input) -> Option<Place> {
        let start = self.made.len();
        for (position, &register) in source.iter().enumerate() {
            if position > 0 {
                self.made.extend_from_slice(separator.as_bytes());
            }
            let place = self.value(register);
            if place.is_made() {
                self.made.extend_from_within(place.start as usize..place.end as usize);
            } else {
                self.made.extend_from_slice(bytes(&[], input, place));
            }
            if self.made.len() > 2 * MAX_BYTES {
                return None;
            }
        }
        Some(self.made_since(start))
    }

    /// The value that a replace writes: the outer `None` when it cannot be found here, the inner one when the pattern
    /// does not match.
    #[inline]
    fn replacement(
        &mut self,
        read: Place,
        pattern: &Pattern,
        replacement: &Expansion,
        input: &impl Input,
    ) -> Option<Option<Place>> {
        let text = bytes(&self.made, input, read);
        let Some(found) = pattern.find_bytes(text, &mut self.captures, replacement.needs_groups())? else {
            return Some(None);
        };
        let length = text.len();
        if let Some(part) = replacement.as_part(length, found, &self.captures) {
            return Some(Some(read.part(part)));
        }
        let start = self.made.len();
        replacement.pieces(length, found, &self.captures, |piece| match piece {
            Piece::Text(text) => self.made.extend_from_slice(text.as_bytes()),
            Piece::Part(part) => {
                let part = read.part(part);
                if part.is_made() {
                    self.made.extend_from_within(part.start as usize..part.end as usize);
                } else {
                    self.made.extend_from_slice(bytes(&[], input, part));
                }
            }
        });
        Some(Some(self.made_since(start)))
    }

    fn change_case(&mut self, read: Place, upper: bool, unicode: u16, input: &impl Input) -> Option<Place> {
        self.text.clear();
        let text = std::str::from_utf8(bytes(&self.made, input, read)).ok()?;
        if upper {
            case::push_upper(text, unicode, &mut self.text);
        } else {
            case::push_lower(text, unicode, &mut self.text);
        }
        let start = self.made.len();
        self.made.extend_from_slice(self.text.as_bytes());
        Some(self.made_since(start))
    }
}

#[inline]
fn bytes<'m>(made: &'m [u8], input: &'m impl Input, place: Place) -> &'m [u8] {
    let source = if place.is_made() { made } else { input.source(place.source) };
    source.get(place.start as usize..place.end as usize).unwrap_or(&[])
}
