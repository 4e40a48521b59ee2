//! Changes made on the typed job. Groups and rules are found by their places without a search for each change.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{RelabelRule, RuleAuthor, ScrapeConfig, TargetGroup};
use crate::text::{Location, Span};

use super::rule::{empty_as_pattern, is_generated, with_pattern_for_empty};
use super::{Op, RuleField, RuleList, groups};

/// Where a rule is added to a list: before or after the rules of the user, which the rules that an operator generates can be
/// around.
fn place_of_new(rules: &[RelabelRule], first: bool) -> usize {
    let is_own = |rule: &RelabelRule| rule.author.is_user();
    let is_after = |rule: &RelabelRule| matches!(rule.author, RuleAuthor::Enforced | RuleAuthor::Sharding);
    let end = rules.iter().rposition(is_own).map(|last| last + 1);
    let end = end.or_else(|| rules.iter().position(is_after)).unwrap_or(rules.len());
    if first { rules.iter().position(is_own).unwrap_or(end) } else { end }
}

/// A job on which changes are made.
pub(super) struct Tried<'j> {
    job: &'j mut ScrapeConfig,
    /// The indices of the groups at a place: several where one is split.
    groups: Option<FxHashMap<Location, Vec<usize>>>,
    /// The indices of the rules of a list at a place; gone when rules are added or removed.
    rules: Option<(RuleList, FxHashMap<Span, Vec<usize>>)>,
}

impl<'j> Tried<'j> {
    pub(super) fn new(job: &'j mut ScrapeConfig) -> Self {
        Self { job, groups: None, rules: None }
    }

    pub(super) fn apply(&mut self, op: &Op) {
        match op {
            Op::AddRule { list, first, rule } => {
                let spec = rule.spec.clone();
                let spec = if is_generated(self.job) { with_pattern_for_empty(spec) } else { spec };
                let rules = list.of_mut(self.job);
                let at = place_of_new(rules, *first);
                rules.insert(at, RelabelRule::new(spec, Span::empty(0)));
                self.rules = None;
            }
            Op::AddRules { list, rules } => {
                let is_generated = is_generated(self.job);
                let own = list.of_mut(self.job);
                let at = place_of_new(own, false);
                for (index, rule) in rules.iter().enumerate() {
                    let spec = rule.spec.clone();
                    let spec = if is_generated { with_pattern_for_empty(spec) } else { spec };
                    own.insert(at + index, RelabelRule::new(spec, Span::empty(0)));
                }
                self.rules = None;
            }
            Op::SetRuleField { list, rule, field, text } => {
                let is_pattern = *field == RuleField::Regex && is_generated(self.job);
                let text = if is_pattern { empty_as_pattern(text) } else { text };
                self.each_rule(*list, *rule, |rule| field.set(&mut rule.spec, text));
            }
            Op::RenameSource { list, rule, from, to } => self.each_rule(*list, *rule, |rule| {
                let names = rule.spec.source_labels.iter_mut().flatten();
                names.filter(|name| *name == from).for_each(|name| name.clone_from(to));
            }),
            Op::RemoveRules { list, spans } => {
                let spans: FxHashSet<Span> = spans.iter().copied().collect();
                list.of_mut(self.job).retain(|rule| !spans.contains(&rule.span));
                self.rules = None;
            }
            Op::SetGroupLabel { group, name, value } => {
                self.each_group(*group, |group| groups::set_label(&mut group.labels, name, value));
            }
            Op::RemoveGroupLabel { group, name } => {
                self.each_group(*group, |group| group.labels.retain(|(own, _)| own.value != *name));
            }
            Op::RenameGroupLabel { group, name, to } => self.each_group(*group, |group| {
                let names = group.labels.iter_mut().map(|(own, _)| &mut own.value);
                names.filter(|own| *own == name).for_each(|own| own.clone_from(to));
            }),
            Op::SplitGroup { group, target, name, value } => self.split(*group, *target, name, value.as_deref()),
        }
    }

    /// The first group at the place loses a target, which goes to a new group at the end.
    fn split(&mut self, at: Location, target: Span, name: &str, value: Option<&str>) {
        let Some(first) = self.groups_at(at).first().copied() else { return };
        let old = &mut self.job.static_configs[first];
        let (split, rest) = old.targets.drain(..).partition(|own| own.span == target);
        old.targets = rest;
        let mut new = TargetGroup { targets: split, ..old.clone() };
        groups::change_label(&mut new.labels, name, value);
        let index = self.job.static_configs.len();
        self.job.static_configs.push(new);
        if let Some(groups) = &mut self.groups {
            groups.entry(at).or_default().push(index);
        }
    }

    fn each_group(&mut self, at: Location, change: impl Fn(&mut TargetGroup)) {
        for index in self.groups_at(at).to_vec() {
            change(&mut self.job.static_configs[index]);
        }
    }

    fn groups_at(&mut self, at: Location) -> &[usize] {
        let groups = self.groups.get_or_insert_with(|| {
            let mut groups: FxHashMap<Location, Vec<usize>> = FxHashMap::default();
            for (index, group) in self.job.static_configs.iter().enumerate() {
                groups.entry(group.at()).or_default().push(index);
            }
            groups
        });
        groups.get(&at).map_or(&[], Vec::as_slice)
    }

    fn each_rule(&mut self, list: RuleList, at: Span, change: impl Fn(&mut RelabelRule)) {
        if self.rules.as_ref().is_none_or(|(own, _)| *own != list) {
            let mut rules: FxHashMap<Span, Vec<usize>> = FxHashMap::default();
            for (index, rule) in list.of_mut(self.job).iter().enumerate() {
                rules.entry(rule.span).or_default().push(index);
            }
            self.rules = Some((list, rules));
        }
        let indices = self.rules.as_ref().and_then(|(_, rules)| rules.get(&at));
        for &index in indices.into_iter().flatten() {
            change(&mut list.of_mut(self.job)[index]);
        }
    }
}
