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
}

/// Writes down steps.
#[derive(Debug)]
pub(super) struct Tracer<'a> {
    steps: &'a mut Vec<Step>,
    step: Step,
    /// Where in the step's changes a label is.
    changed: FxHashMap<String, usize>,
}

impl<'a> Tracer<'a> {
    pub(super) fn new(steps: &'a mut Vec<Step>) -> Self {
        Self { steps, step: Step::new(0, Action::default()), changed: FxHashMap::default() }
    }
}

impl Step {
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
        self.step.input = Some(value.to_string());
    }

    fn matched(&mut self) {
        self.step.matched = true;
    }

    fn groups<'a>(&mut self, groups: impl Iterator<Item = Option<&'a str>>) {
        self.step.groups = groups.map(|group| group.map(str::to_string)).collect();
    }

    fn change(&mut self, label: &str, before: &str, after: &str) {
        let present = |value: &str| (!value.is_empty()).then(|| value.to_string());
        if let Some(change) = self.changed.get(label).and_then(|&index| self.step.changes.get_mut(index)) {
            change.after = present(after);
            return;
        }
        self.changed.insert(label.to_string(), self.step.changes.len());
        self.step.changes.push(Change { label: label.to_string(), before: present(before), after: present(after) });
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
}
