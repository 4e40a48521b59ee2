//! Rules at work: the one implementation of what each action does.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use md5::{Digest, Md5};

use super::names::NameId;
use super::pattern::{Expansion, Found, Pattern};
use super::plan::{NameIndex, Operation, Plan, Rule, Target};
use super::set::{LabelBuilder, TOMBSTONE};
use super::trace::{NoTrace, Observer, Tracer};
use super::value::Value;
use super::workspace::{Matched, Memo, Workspace};
use super::{Step, case};
use crate::re2::{Captures, Regex, Template, TooLargeError};

/// The result of a chain for a label set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It stays, with the labels in the set.
    Kept,
    /// A rule dropped it.
    Dropped {
        /// Index of the rule, from 0.
        rule: usize,
    },
}

/// A rule is legal, but running it would take more memory or time than is allowed: what Prometheus makes of
/// the labels is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct LimitError {
    /// Index of the rule, from 0.
    pub rule: usize,
    /// Which limit it is.
    pub limit: Limit,
}

/// A limit of what is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// Of the size of compiled patterns, and of the work a match takes.
    Regex,
    /// Of the size of a label set: 16 MiB.
    Labels,
    /// Of the size of what is written down about the rules, where that is asked for: 64 MiB.
    Trace,
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit {
            Limit::Regex => write!(f, "the regular expression of rule {} is too large to simulate", self.rule),
            Limit::Labels => write!(f, "the labels exceed 16 MiB in rule {}", self.rule),
            Limit::Trace => write!(f, "the trace exceeds 64 MiB in rule {}", self.rule),
        }
    }
}

impl std::error::Error for LimitError {}

pub(super) fn run(plan: &Arc<Plan>, set: &mut LabelBuilder) -> Result<Verdict, LimitError> {
    run_observed(plan, set, &mut NoTrace)
}

pub(super) fn run_traced(
    plan: &Arc<Plan>,
    set: &mut LabelBuilder,
    steps: &mut Vec<Step>,
) -> Result<Verdict, LimitError> {
    // The steps tell changes in the order of the labels.
    set.sort_base();
    run_observed(plan, set, &mut Tracer::new(steps))
}

/// The memory of the set for this plan, if it ran last; else new memory.
fn workspace(plan: &Arc<Plan>, set: &mut LabelBuilder) -> Box<Workspace> {
    match set.workspace.take() {
        Some(workspace) if Arc::ptr_eq(&workspace.plan, plan) => workspace,
        _ => {
            let ids = plan.names.iter().map(|name| set.names.intern(name)).collect();
            set.grow_slots();
            Box::new(Workspace::new(plan, ids))
        }
    }
}

fn run_observed<O: Observer>(
    plan: &Arc<Plan>,
    set: &mut LabelBuilder,
    observer: &mut O,
) -> Result<Verdict, LimitError> {
    let mut workspace = workspace(plan, set);
    let verdict = Run { plan, set, workspace: &mut workspace, observer }.run();
    set.workspace = Some(workspace);
    verdict
}

struct Run<'a, O> {
    plan: &'a Plan,
    set: &'a mut LabelBuilder,
    workspace: &'a mut Workspace,
    observer: &'a mut O,
}

impl From<TooLargeError> for Limit {
    fn from(_: TooLargeError) -> Self {
        Self::Regex
    }
}

impl<O: Observer> Run<'_, O> {
    fn run(&mut self) -> Result<Verdict, LimitError> {
        if self.set.is_too_large() {
            return Err(LimitError { rule: 0, limit: Limit::Labels });
        }
        for (index, rule) in self.plan.rules.iter().enumerate() {
            self.observer.begin(index, rule.action);
            self.set.compact();
            let stays = self.step(index as u32, rule).map_err(|limit| LimitError { rule: index, limit })?;
            if self.set.is_too_large() {
                return Err(LimitError { rule: index, limit: Limit::Labels });
            }
            self.observer.end(!stays);
            if self.observer.is_full() {
                return Err(LimitError { rule: index, limit: Limit::Trace });
            }
            if !stays {
                return Ok(Verdict::Dropped { rule: index });
            }
        }
        Ok(Verdict::Kept)
    }

    /// Runs one rule; says whether the set stays.
    #[inline]
    fn step(&mut self, index: u32, rule: &Rule) -> Result<bool, Limit> {
        match &rule.operation {
            Operation::Map { memo, pattern, replacement, template } => {
                self.map(index, *memo, pattern, replacement, template)?;
                return Ok(true);
            }
            Operation::Select { memo, pattern, keep } => {
                self.select(*memo, pattern, *keep)?;
                return Ok(true);
            }
            _ => {}
        }
        let input = self.input(rule)?;
        if O::TRACING {
            self.observer.input(self.set.value_text(input));
        }
        match &rule.operation {
            Operation::Filter { pattern, keep } => Ok(self.find(pattern, input, false)?.is_some() == *keep),
            Operation::Compare { target, keep } => {
                let target = self.set.value(self.id(*target));
                let is_equal = self.set.value_text(target) == self.set.value_text(input);
                if is_equal {
                    self.observer.matched();
                }
                Ok(is_equal == *keep)
            }
            Operation::Replace { pattern, target, replacement, deletes } => {
                if let Some((target, value)) = self.replacement(input, pattern, target, replacement)?
                    && (*deletes || value.length > 0)
                {
                    self.write(index, target, value);
                }
                Ok(true)
            }
            Operation::Hash { target, modulus } => {
                self.hash(index, input, *target, *modulus);
                Ok(true)
            }
            Operation::Case { target, upper } => {
                self.change_case(index, input, *target, *upper);
                Ok(true)
            }
            Operation::Map { .. } | Operation::Select { .. } => Ok(true),
        }
    }

    #[inline]
    fn id(&self, name: NameIndex) -> NameId {
        self.workspace.ids.get(name as usize).copied().unwrap_or_default()
    }

    /// The values of the source labels, joined.
    #[inline]
    fn input(&mut self, rule: &Rule) -> Result<Value, Limit> {
        match rule.source[..] {
            [] => Ok(Value::default()),
            [name] => Ok(self.set.value(self.id(name))),
            _ => self.join(rule),
        }
    }

    fn join(&mut self, rule: &Rule) -> Result<Value, Limit> {
        let mut length = rule.separator.len() * (rule.source.len() - 1);
        for &name in &rule.source {
            length += self.set.value(self.id(name)).length as usize;
            if LabelBuilder::is_too_long(length) {
                return Err(Limit::Labels);
            }
        }
        let start = self.set.text.len() as u32;
        for (position, &name) in rule.source.iter().enumerate() {
            if position > 0 {
                self.set.store(&rule.separator);
            }
            let value = self.set.value(self.id(name));
            self.set.store_copy(value);
        }
        Ok(Value { start, length: self.set.text.len() as u32 - start })
    }

    #[inline]
    fn find(&mut self, pattern: &Pattern, input: Value, with_groups: bool) -> Result<Option<Found>, Limit> {
        let text = self.set.value_text(input);
        let captures = &mut self.workspace.captures;
        let found = pattern.find(text, captures, with_groups || O::TRACING)?;
        if let Some(found) = found
            && O::TRACING
        {
            self.observer.matched();
            let groups = pattern.groups(text, found, captures);
            self.observer.groups(groups.iter().map(|group| group.and_then(|(start, end)| text.get(start..end))));
        }
        Ok(found)
    }

    /// The label that a replace writes, and its value.
    fn replacement(
        &mut self,
        input: Value,
        pattern: &Pattern,
        target: &Target,
        replacement: &Expansion,
    ) -> Result<Option<(NameId, Value)>, Limit> {
        let with_groups =
            replacement.needs_groups() || matches!(target, Target::Expanded(target) if target.needs_groups());
        let Some(found) = self.find(pattern, input, with_groups)? else { return Ok(None) };
        let target = match target {
            Target::Fixed(name) => self.id(*name),
            Target::Never => return Ok(None),
            Target::Expanded(target) => {
                let Some(id) = self.expand_target(input, pattern, target, found)? else { return Ok(None) };
                id
            }
        };
        let text = self.set.value_text(input);
        let value = if let Some((start, end)) = replacement.as_part(text.len(), found, &self.workspace.captures) {
            Value { start: input.start + start as u32, length: (end - start) as u32 }
        } else if let Expansion::Constant(text) = replacement {
            self.set.store(text)
        } else {
            if LabelBuilder::is_too_long(replacement.max_length(text.len())) {
                return Err(Limit::Labels);
            }
            let Workspace { expanded, captures, .. } = &mut *self.workspace;
            expanded.clear();
            replacement.expand(pattern, text, found, captures, expanded);
            self.set.store(expanded)
        };
        Ok(Some((target, value)))
    }

    /// The label that a template of a target represents, if its name is valid.
    fn expand_target(
        &mut self,
        input: Value,
        pattern: &Pattern,
        target: &Expansion,
        found: Found,
    ) -> Result<Option<NameId>, Limit> {
        let text = self.set.value_text(input);
        let Workspace { name, captures, .. } = &mut *self.workspace;
        if LabelBuilder::is_too_long(target.max_length(text.len())) {
            return Err(Limit::Labels);
        }
        name.clear();
        target.expand(pattern, text, found, captures, name);
        if !self.plan.semantics.names.allows(name) {
            return Ok(None);
        }
        intern(self.set, name).map(Some)
    }

    fn hash(&mut self, index: u32, input: Value, target: NameIndex, modulus: u64) {
        let hash = hash_of(self.set.value_text(input).as_bytes(), modulus);
        let expanded = &mut self.workspace.expanded;
        expanded.clear();
        // Writing to a String cannot fail.
        let _ = write!(expanded, "{hash}");
        let value = self.set.store(expanded);
        self.observer.matched();
        self.write(index, self.id(target), value);
    }

    fn change_case(&mut self, index: u32, input: Value, target: NameIndex, upper: bool) {
        let expanded = &mut self.workspace.expanded;
        expanded.clear();
        let text = self.set.value_text(input);
        let unicode = self.plan.semantics.syntax.unicode();
        if upper {
            case::push_upper(text, unicode, expanded);
        } else {
            case::push_lower(text, unicode, expanded);
        }
        let value = self.set.store(expanded);
        self.observer.matched();
        self.write(index, self.id(target), value);
    }

    /// Sets a label, or deletes it when the value is empty.
    #[inline]
    fn write(&mut self, index: u32, target: NameId, value: Value) {
        if value.length == 0 {
            self.delete(target);
            return;
        }
        let before = self.set.assign(target, value, index);
        if O::TRACING {
            let before = before.map_or(Value::default(), |(value, _)| value);
            let (before, after) = (self.set.value_text(before), self.set.value_text(value));
            self.observer.change(self.set.names.text(target), before, after);
        }
    }

    fn delete(&mut self, name: NameId) {
        let before = self.set.delete(name);
        if let Some(before) = before
            && O::TRACING
        {
            self.observer.change(self.set.names.text(name), self.set.value_text(before), "");
        }
    }

    fn map(
        &mut self,
        index: u32,
        memo: usize,
        pattern: &Pattern,
        replacement: &Expansion,
        template: &Template,
    ) -> Result<(), Limit> {
        let mut matched = std::mem::take(&mut self.workspace.matched);
        matched.clear();
        let result = self.collect_mapped(memo, pattern, replacement, template, &mut matched);
        if result.is_ok() {
            if matched.len() > 1 && self.plan.semantics.maps_by_name {
                matched.sort_unstable_by(|left, right| self.set.compare_names(left.entry, right.entry));
            } else if matched.len() > 1 && !self.set.is_in_order() {
                matched.sort_unstable_by(|left, right| self.set.compare(left.entry, right.entry));
            }
            for each in &matched {
                self.observer.matched();
                self.copy(index, each);
                if self.set.is_too_large() {
                    break;
                }
            }
        }
        self.workspace.matched = matched;
        result
    }

    /// Notes the labels whose names match, with their present values.
    fn collect_mapped(
        &mut self,
        memo: usize,
        pattern: &Pattern,
        replacement: &Expansion,
        template: &Template,
        matched: &mut Vec<Matched>,
    ) -> Result<(), Limit> {
        let mut position = 0;
        while let Some(unknown) = self.collect_known(memo, &mut position, matched) {
            self.learn_mapped(memo, unknown, pattern, replacement, template)?;
        }
        Ok(())
    }

    /// Notes the labels of known names from `position` on, up to a name nothing is known of yet.
    #[inline]
    fn collect_known(&mut self, memo: usize, position: &mut usize, matched: &mut Vec<Matched>) -> Option<NameId> {
        let memo = self.workspace.memos.get(memo).map_or(&[][..], Vec::as_slice);
        for entry in self.set.entries.get(*position..)? {
            if entry.mark != TOMBSTONE {
                match memo.get(entry.name as usize) {
                    Some(Memo::NoMatch) => {}
                    Some(&Memo::Match(to)) => {
                        matched.push(Matched { entry: *position as u32, value: entry.value, to });
                    }
                    Some(Memo::Unknown) | None => return Some(entry.name),
                }
            }
            *position += 1;
        }
        None
    }

    fn copy(&mut self, index: u32, matched: &Matched) {
        let before = self.set.assign(matched.to, matched.value, index);
        let (before, is_ours) = before.map_or((Value::default(), false), |(before, mark)| (before, mark == index));
        let collides = is_ours && self.set.value_text(before) != self.set.value_text(matched.value);
        self.set.collided |= collides;
        if O::TRACING {
            let name = self.set.names.text(matched.to);
            self.observer.change(name, self.set.value_text(before), self.set.value_text(matched.value));
            if collides {
                self.observer.collision(name);
            }
        }
    }

    /// Deletes the labels whose names match, or those whose names do not.
    fn select(&mut self, memo: usize, pattern: &Pattern, keep: bool) -> Result<(), Limit> {
        for position in 0..self.set.entries.len() {
            let Some(&entry) = self.set.entries.get(position) else { break };
            if entry.mark == TOMBSTONE {
                continue;
            }
            let matches = match self.recall(memo, entry.name) {
                Memo::Match(_) => true,
                Memo::NoMatch => false,
                Memo::Unknown => {
                    let name = self.set.names.text(entry.name);
                    let found = pattern.find(name, &mut self.workspace.captures, false)?;
                    let learnt = found.map_or(Memo::NoMatch, |_| Memo::Match(entry.name));
                    self.remember(memo, entry.name, learnt);
                    found.is_some()
                }
            };
            if matches {
                self.observer.matched();
            }
            if matches != keep {
                self.delete(entry.name);
            }
        }
        Ok(())
    }

    #[inline]
    fn recall(&self, memo: usize, name: NameId) -> Memo {
        self.workspace.memos.get(memo).and_then(|memo| memo.get(name as usize)).copied().unwrap_or(Memo::Unknown)
    }

    fn remember(&mut self, memo: usize, name: NameId, learnt: Memo) {
        let count = self.set.names.len();
        if let Some(memo) = self.workspace.memos.get_mut(memo) {
            if memo.len() < count {
                memo.resize(count, Memo::Unknown);
            }
            if let Some(place) = memo.get_mut(name as usize) {
                *place = learnt;
            }
        }
    }

    /// Works out to which label, if any, a labelmap copies a label.
    #[cold]
    fn learn_mapped(
        &mut self,
        memo: usize,
        name: NameId,
        pattern: &Pattern,
        replacement: &Expansion,
        template: &Template,
    ) -> Result<(), Limit> {
        let text = self.set.names.text(name);
        let Workspace { captures, name: mapped, .. } = &mut *self.workspace;
        let matched = mapped_name(pattern, replacement, template, text, captures, mapped)?;
        let learnt = if matched { Memo::Match(intern(self.set, mapped)?) } else { Memo::NoMatch };
        self.remember(memo, name, learnt);
        Ok(())
    }
}

/// The last 8 bytes of a text's MD5 as a number, modulo another one.
pub(crate) fn hash_of(text: &[u8], modulus: u64) -> u64 {
    let hash = Md5::digest(text).iter().skip(8).fold(0, |hash: u64, &byte| hash << 8 | u64::from(byte));
    // A modulus of 0 is refused before.
    hash.checked_rem(modulus).unwrap_or(0)
}

/// Whether a labelmap copies a label of this name, and to which one.
pub(super) fn mapped_name(
    pattern: &Pattern,
    replacement: &Expansion,
    template: &Template,
    name: &str,
    captures: &mut Captures,
    mapped: &mut String,
) -> Result<bool, Limit> {
    mapped.clear();
    Ok(match pattern.find(name, captures, false)? {
        None => false,
        Some(Found::Engine) => map_by_engine(pattern.regex(), name, template, mapped)?,
        Some(found) => {
            if LabelBuilder::is_too_long(replacement.max_length(name.len())) {
                return Err(Limit::Labels);
            }
            replacement.expand(pattern, name, found, captures, mapped);
            true
        }
    })
}

/// Replaces all matches in a name: several, where the pattern escapes its anchors.
fn map_by_engine(regex: &Regex, name: &str, template: &Template, mapped: &mut String) -> Result<bool, Limit> {
    let matches = name.len() + 1;
    let length = template.text().len().saturating_mul(matches);
    let length = length.saturating_add(template.references().len().saturating_mul(name.len()));
    if LabelBuilder::is_too_long(length) {
        return Err(Limit::Labels);
    }
    Ok(regex.replace_all(name, template, mapped)?)
}

fn intern(set: &mut LabelBuilder, name: &str) -> Result<NameId, Limit> {
    if set.names.is_beyond(name.len()) {
        return Err(Limit::Labels);
    }
    let id = set.names.intern(name);
    set.grow_slots();
    Ok(id)
}
