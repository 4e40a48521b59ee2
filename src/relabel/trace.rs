//! What each rule of a chain read, matched and changed.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Action;

/// One rule's part in a run over a label set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// Index of the rule in its list, from 0.
    pub rule: usize,
    /// What it does.
    pub action: Action,
    /// The joined value of its source labels; `None` for the actions that look at label names.
    pub input: Option<String>,
    /// Whether its regex (or its comparison) matched; for actions without one, `true`.
    /// For labelmap, labeldrop and labelkeep: whether any name matched.
    pub matched: bool,
    /// What the regex's groups captured, the whole match first; `null` for a group that took no part.
    /// Empty for the actions that look at label names, and when nothing matched.
    pub groups: Vec<Option<String>>,
    /// The labels it changed, in the order it changed them.
    pub changes: Vec<Change>,
    /// Labels to which a labelmap copied different values from several labels: the last one won. Of a target
    /// Prometheus goes over the labels in random order, so that there the result is not defined.
    pub collisions: Vec<String>,
    /// Whether it dropped the whole set.
    pub dropped: bool,
}

/// A label before and after a rule; `None` is an absent label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// Its name.
    pub label: String,
    /// Its value before.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
}

/// Bytes of texts that the steps of one run may have.
const MAX_TRACE: usize = 64 << 20;
/// What the system needs for a piece of memory.
const ALLOCATION: usize = 16;

/// Receives the steps of the rules.
pub(super) trait Observer {
    /// Whether it listens: what only it needs is not worked out otherwise.
    const TRACING: bool;

    /// A rule begins.
    fn begin(&mut self, rule: usize, action: Action);
    /// The value the rule reads.
    fn input(&mut self, value: &str);
    /// The rule's pattern or comparison matched.
    fn matched(&mut self);
    /// What the pattern's groups captured.
    fn groups<'a>(&mut self, groups: impl Iterator<Item = Option<&'a str>>);
    /// A label got another value; `""` is an absent label.
    fn change(&mut self, label: &str, before: &str, after: &str);
    /// Two labels were copied to one.
    fn collision(&mut self, label: &str);
    /// The rule ends.
    fn end(&mut self, dropped: bool);
    /// Whether there was more to write down than is allowed: what was written down is incomplete then.
    fn is_full(&self) -> bool;
}

/// NoTrace listens.
#[derive(Debug)]
pub(super) struct NoTrace;

impl Observer for NoTrace {
    const TRACING: bool = false;

    fn begin(&mut self, _: usize, _: Action) {}
    fn input(&mut self, _: &str) {}
    fn matched(&mut self) {}
    fn groups<'a>(&mut self, _: impl Iterator<Item = Option<&'a str>>) {}
    fn change(&mut self, _: &str, _: &str, _: &str) {}
    fn collision(&mut self, _: &str) {}
    fn end(&mut self, _: bool) {}
    fn is_full(&self) -> bool {
        false
    }
}

/// Writes down steps.
#[derive(Debug)]
pub(super) struct Tracer<'a> {
    steps: &'a mut Vec<Step>,
    step: Step,
    /// Where in the step's changes a label is.
    changed: FxHashMap<String, usize>,
    /// Bytes of texts that were to be written down.
    bytes: usize,
}

impl<'a> Tracer<'a> {
    pub(super) fn new(steps: &'a mut Vec<Step>) -> Self {
        Self { steps, step: Step::new(0, Action::default()), changed: FxHashMap::default(), bytes: 0 }
    }

    /// A copy of the text, unless there is too much already.
    fn copy(&mut self, text: &str) -> String {
        self.bytes = self.bytes.saturating_add(text.len() + size_of::<Change>());
        if self.is_full() { String::new() } else { text.to_string() }
    }

    /// The same for the value of a label, `""` for an absent one.
    fn value(&mut self, value: &str) -> Option<String> {
        (!value.is_empty()).then(|| self.copy(value))
    }
}

impl Step {
    /// The bytes of memory that it takes.
    pub(crate) fn memory(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, |text| text.capacity() + ALLOCATION);
        let groups: usize = self.groups.iter().map(text).sum();
        let change =
            |change: &Change| change.label.capacity() + ALLOCATION + text(&change.before) + text(&change.after);
        let changes: usize = self.changes.iter().map(change).sum();
        let collisions: usize = self.collisions.iter().map(|name| name.capacity() + ALLOCATION).sum();
        let lists = self.groups.capacity() * size_of::<Option<String>>()
            + self.changes.capacity() * size_of::<Change>()
            + self.collisions.capacity() * size_of::<String>();
        size_of::<Self>() + text(&self.input) + groups + changes + collisions + lists
    }

    fn new(rule: usize, action: Action) -> Self {
        Self {
            rule,
            action,
            input: None,
            matched: false,
            groups: Vec::new(),
            changes: Vec::new(),
            collisions: Vec::new(),
            dropped: false,
        }
    }
}

impl Observer for Tracer<'_> {
    const TRACING: bool = true;

    fn begin(&mut self, rule: usize, action: Action) {
        self.step = Step::new(rule, action);
        self.changed.clear();
    }

    fn input(&mut self, value: &str) {
        self.step.input = Some(self.copy(value));
    }

    fn matched(&mut self) {
        self.step.matched = true;
    }

    fn groups<'a>(&mut self, groups: impl Iterator<Item = Option<&'a str>>) {
        self.step.groups = groups.map(|group| group.map(|group| self.copy(group))).collect();
    }

    fn change(&mut self, label: &str, before: &str, after: &str) {
        let after = self.value(after);
        if let Some(change) = self.changed.get(label).and_then(|&index| self.step.changes.get_mut(index)) {
            change.after = after;
            return;
        }
        let (label, before) = (self.copy(label), self.value(before));
        if !self.is_full() {
            self.changed.insert(label.clone(), self.step.changes.len());
            self.step.changes.push(Change { label, before, after });
        }
    }

    fn collision(&mut self, label: &str) {
        if !self.step.collisions.iter().any(|known| known == label) {
            self.step.collisions.push(label.to_string());
        }
    }

    fn end(&mut self, dropped: bool) {
        self.step.dropped = dropped;
        self.step.changes.retain(|change| change.before != change.after);
        self.steps.push(std::mem::replace(&mut self.step, Step::new(0, Action::default())));
    }

    fn is_full(&self) -> bool {
        self.bytes > MAX_TRACE
    }
}
