//! What the rules of a chain do, worked out once and ready to run.

use rustc_hash::FxHashMap;

use super::pattern::{Expansion, Pattern};
use super::{Action, RuleSpec, Semantics};
use crate::re2::Template;

/// What the rules do, ready to run.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) rules: Vec<Rule>,
    pub(super) semantics: Semantics,
    /// The label names the rules give, each once.
    pub(super) names: Vec<String>,
    /// Where each is in them; empty when the plan is complete.
    pub(super) indexes: FxHashMap<String, NameIndex>,
    /// Number of rules that are about label names.
    pub(super) memo_count: usize,
}

/// The place of a name in [`Plan::names`].
pub(super) type NameIndex = u32;

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) action: Action,
    pub(super) source: Vec<NameIndex>,
    pub(super) separator: Box<str>,
    pub(super) operation: Operation,
}

#[derive(Debug)]
pub(super) enum Operation {
    /// keep, drop: whether the set stays when the pattern matches.
    Filter { pattern: Pattern, keep: bool },
    /// keepequal, dropequal: whether the set stays when the values are equal.
    Compare { target: NameIndex, keep: bool },
    /// replace; whether an empty result deletes the label.
    Replace { pattern: Pattern, target: Target, replacement: Expansion, deletes: bool },
    /// hashmod.
    Hash { target: NameIndex, modulus: u64 },
    /// lowercase, uppercase.
    Case { target: NameIndex, upper: bool },
    /// labelmap.
    Map { memo: usize, pattern: Pattern, replacement: Expansion, template: Template },
    /// labeldrop, labelkeep: whether a label stays when its name matches.
    Select { memo: usize, pattern: Pattern, keep: bool },
}

/// The target label of a replace.
#[derive(Debug)]
pub(super) enum Target {
    Fixed(NameIndex),
    /// The expansion never is a valid name.
    Never,
    Expanded(Expansion),
}

impl Plan {
    pub(super) fn add(&mut self, rule: &RuleSpec, action: Action, pattern: Pattern) {
        let source_labels = if action.has_source_labels() { rule.source_labels.as_deref() } else { None };
        let source = source_labels.unwrap_or(&[]).iter().map(|name| self.name(name)).collect();
        let operation = self.operation(rule, action, pattern);
        self.rules.push(Rule { action, source, separator: rule.separator.as_str().into(), operation });
    }

    fn operation(&mut self, rule: &RuleSpec, action: Action, pattern: Pattern) -> Operation {
        match action {
            Action::Keep | Action::Drop => Operation::Filter { pattern, keep: action == Action::Keep },
            Action::KeepEqual | Action::DropEqual => {
                Operation::Compare { target: self.name(&rule.target_label), keep: action == Action::KeepEqual }
            }
            Action::Replace => {
                let target = self.target(&pattern, &rule.target_label);
                let replacement = pattern.expansion(&rule.replacement);
                let deletes = self.semantics.deletes_templated || !rule.target_label.contains('$');
                Operation::Replace { pattern, target, replacement, deletes }
            }
            Action::HashMod => Operation::Hash { target: self.name(&rule.target_label), modulus: rule.modulus },
            Action::Lowercase | Action::Uppercase => {
                Operation::Case { target: self.name(&rule.target_label), upper: action == Action::Uppercase }
            }
            Action::LabelMap => {
                let replacement = pattern.expansion(&rule.replacement);
                let template = Template::parse(&rule.replacement);
                Operation::Map { memo: self.memo(), pattern, replacement, template }
            }
            Action::LabelDrop | Action::LabelKeep => {
                Operation::Select { memo: self.memo(), pattern, keep: action == Action::LabelKeep }
            }
        }
    }

    fn target(&mut self, pattern: &Pattern, target_label: &str) -> Target {
        match pattern.expansion(target_label) {
            Expansion::Constant(name) if self.semantics.names.allows(&name) => Target::Fixed(self.name(&name)),
            Expansion::Constant(_) => Target::Never,
            expansion => Target::Expanded(expansion),
        }
    }

    fn name(&mut self, name: &str) -> NameIndex {
        if let Some(&known) = self.indexes.get(name) {
            return known;
        }
        let index = self.names.len() as NameIndex;
        self.names.push(name.to_string());
        self.indexes.insert(name.to_string(), index);
        index
    }

    fn memo(&mut self) -> usize {
        self.memo_count += 1;
        self.memo_count - 1
    }
}
