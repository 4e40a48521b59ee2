//! The rules of a list by the labels that they concern: a look-up instead of a search through all rules for each label.
//!
//! Most rules name their labels. Those that do not (a `labelmap`, a pattern that does not list names) are *open*:
//! they are looked at for every label, so that an analyzed list has few of them, or few rules.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::relabel::Action;

use super::presence::Presence;
use super::rule::RuleFacts;

/// So many labels are searched one by one.
const FEW_LABELS: usize = 12;
/// So many rules about a label are searched one by one.
const FEW_RULES: usize = 16;

/// The rules of a list by the labels that they name.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentions<'c> {
    labels: Vec<Label<'c>>,
    /// Where each label is, if there are more than a few.
    by_name: FxHashMap<Cow<'c, str>, usize>,
    /// The rules that may concern a label of any name.
    open: Vec<usize>,
    /// What was asked for already, of labels that no rule names.
    others: RefCell<FxHashMap<Box<str>, Rc<About>>>,
    /// For a prefix the rules that may write a label that begins with it.
    beginnings: RefCell<FxHashMap<Box<str>, Rc<[usize]>>>,
}

/// A label that rules name.
#[derive(Clone, Debug)]
struct Label<'c> {
    name: Cow<'c, str>,
    first: Mention,
    others: Vec<Mention>,
    /// Whether a rule that names it may set or remove it.
    may_change: bool,
    /// Whether it exists before the first rule, once that was asked for.
    before: OnceCell<Presence>,
    about: OnceCell<Rc<About>>,
}

/// A rule that names a label.
#[derive(Clone, Copy, Debug)]
struct Mention {
    rule: usize,
    /// Whether the rule reads the value of the label.
    is_read: bool,
}

/// What a rule does with a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    /// It reads its value or its existence.
    Read,
    /// It reads its value.
    ValueRead,
    /// It is a keep or a drop that reads its value.
    Filter,
    /// It may set it.
    Write,
    /// It may set or remove it.
    Change,
    /// The label is its target label.
    Target,
    /// It reads it, always overwrites it or always removes it.
    Use,
    /// It always removes it.
    Removal,
}

const KINDS: [Kind; 8] =
    [Kind::Read, Kind::ValueRead, Kind::Filter, Kind::Write, Kind::Change, Kind::Target, Kind::Use, Kind::Removal];

impl Kind {
    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// What the rules of a list do with one label.
#[derive(Debug)]
pub(crate) struct About {
    /// The rules that concern it, in order, each with the kinds.
    rules: Vec<(usize, u8)>,
    /// The rules of each kind, in order, if there are more than a few rules.
    by_kind: Option<Box<[Vec<usize>; KINDS.len()]>>,
    /// Whether it exists at the start.
    before: Presence,
    /// Whether it exists after each rule that changes that, with the last rule that removed it.
    presence: Vec<(usize, Presence, Option<usize>)>,
}

impl<'c> Mentions<'c> {
    pub(super) fn of(rules: &[RuleFacts<'c>]) -> Self {
        let mut mentions = Self { labels: Vec::with_capacity(rules.len() + 1), ..Self::default() };
        for rule in rules {
            for name in rule.reads_of_values() {
                mentions.add(Cow::Borrowed(name), rule.index, true);
            }
            if rule.action.is_about_names() {
                match rule.pattern.texts().filter(|_| rule.action == Action::LabelDrop) {
                    Some(texts) => {
                        for name in texts {
                            mentions.add(Cow::Owned(name.to_string()), rule.index, true);
                            mentions.mark_changed(name);
                        }
                    }
                    None => mentions.open.push(rule.index),
                }
            } else if rule.action.has_target_label() && !rule.action.is_filter() {
                match rule.target() {
                    Some(target) => {
                        mentions.add(target.clone(), rule.index, false);
                        mentions.mark_changed(&target);
                    }
                    None => mentions.open.push(rule.index),
                }
            }
        }
        mentions
    }

    fn add(&mut self, name: Cow<'c, str>, rule: usize, is_read: bool) {
        let mention = Mention { rule, is_read };
        let known = self.find(&name);
        let Some(label) = known.and_then(|at| self.labels.get_mut(at)) else {
            if self.labels.len() == FEW_LABELS {
                let all = self.labels.iter().enumerate().map(|(at, label)| (label.name.clone(), at));
                self.by_name = all.collect();
            }
            if self.labels.len() >= FEW_LABELS {
                self.by_name.insert(name.clone(), self.labels.len());
            }
            let (before, about) = (OnceCell::new(), OnceCell::new());
            self.labels.push(Label { name, first: mention, others: Vec::new(), may_change: false, before, about });
            return;
        };
        let last = label.others.last_mut().unwrap_or(&mut label.first);
        if last.rule == rule {
            last.is_read |= is_read;
        } else {
            label.others.push(mention);
        }
    }

    fn mark_changed(&mut self, name: &str) {
        if let Some(label) = self.find(name).and_then(|at| self.labels.get_mut(at)) {
            label.may_change = true;
        }
    }

    fn find(&self, name: &str) -> Option<usize> {
        if self.labels.len() > FEW_LABELS {
            return self.by_name.get(name).copied();
        }
        self.labels.iter().position(|label| label.name == name)
    }

    fn label(&self, name: &str) -> Option<&Label<'c>> {
        self.find(name).and_then(|at| self.labels.get(at))
    }

    /// How often one of the rules has to be looked at to know everything about every label.
    pub(super) fn comparisons(&self, rules: usize) -> usize {
        self.open.len().saturating_mul(self.labels.len().max(rules))
    }

    /// Whether the label exists before each rule, if it is plain that no rule changes that.
    pub(super) fn unchanged(&self, name: &str, presence_before: impl FnOnce() -> Presence) -> Option<Presence> {
        if !self.open.is_empty() {
            return None;
        }
        match self.label(name) {
            Some(label) if label.may_change => None,
            Some(label) => Some(*label.before.get_or_init(presence_before)),
            None => Some(presence_before()),
        }
    }

    /// Whether a rule may set or remove the label.
    pub(super) fn is_changed(&self, name: &str) -> bool {
        !self.open.is_empty() || self.label(name).is_some_and(|label| label.may_change)
    }

    /// Whether a rule after this one may concern the label.
    pub(super) fn may_concern_later(&self, index: usize, name: &str) -> bool {
        let last = |label: &Label<'_>| label.others.last().unwrap_or(&label.first).rule;
        self.open.last().is_some_and(|open| *open > index) || self.label(name).is_some_and(|label| last(label) > index)
    }

    /// What the rules do with a label; it is found out once.
    pub(super) fn about(
        &self,
        rules: &[RuleFacts<'_>],
        name: &str,
        presence_before: impl FnOnce() -> Presence,
    ) -> Rc<About> {
        if let Some(label) = self.label(name) {
            let before = || *label.before.get_or_init(presence_before);
            return Rc::clone(label.about.get_or_init(|| Rc::new(About::of(self, rules, name, before()))));
        }
        if let Some(known) = self.others.borrow().get(name) {
            return Rc::clone(known);
        }
        let made = Rc::new(About::of(self, rules, name, presence_before()));
        self.others.borrow_mut().insert(name.into(), Rc::clone(&made));
        made
    }

    /// Whether a rule in the range may set a label whose name begins with the prefix.
    pub(super) fn may_begin_in(&self, rules: &[RuleFacts<'_>], range: Range<usize>, prefix: &str) -> bool {
        if let Some(known) = self.beginnings.borrow().get(prefix) {
            return is_in(known, range);
        }
        let writes = rules.iter().filter(|rule| rule.may_write_beginning(prefix)).map(|rule| rule.index);
        let made: Rc<[usize]> = writes.collect();
        self.beginnings.borrow_mut().insert(prefix.into(), Rc::clone(&made));
        is_in(&made, range)
    }

    /// The rules that may concern labels of any name.
    pub(super) fn open(&self) -> impl Iterator<Item = usize> {
        self.open.iter().copied()
    }

    /// The rules that may concern the label, in order.
    pub(super) fn rules_about(&self, name: &str) -> impl Iterator<Item = usize> {
        self.concerning(name).into_iter().map(|mention| mention.rule)
    }

    /// The rules that may concern the label, in order, and how.
    fn concerning(&self, name: &str) -> Vec<Mention> {
        let label = self.label(name);
        let named = label.into_iter().flat_map(|label| std::iter::once(&label.first).chain(&label.others));
        let mut all: Vec<Mention> = named.copied().collect();
        all.extend(self.open.iter().map(|&rule| Mention { rule, is_read: false }));
        if !self.open.is_empty() {
            all.sort_by_key(|mention| mention.rule);
            all.dedup_by(|later, earlier| {
                earlier.is_read |= later.is_read && later.rule == earlier.rule;
                later.rule == earlier.rule
            });
        }
        all
    }
}

impl About {
    /// `presence` is whether the label exists before the first rule.
    fn of(mentions: &Mentions<'_>, rules: &[RuleFacts<'_>], name: &str, mut presence: Presence) -> Self {
        let concerning = mentions.concerning(name);
        let mut about =
            Self { rules: Vec::with_capacity(concerning.len()), by_kind: None, before: presence, presence: Vec::new() };
        let mut remover = None;
        for Mention { rule: index, is_read } in concerning {
            let Some(rule) = rules.get(index) else { continue };
            let is_value_read = is_read && !rule.action.is_about_names();
            let reads = is_value_read || (rule.action.is_about_names() && rule.reads(name));
            let (writes, removes) = (rule.may_write(name), rule.removes(name));
            let may_remove = rule.may_remove(name);
            let is_filter = matches!(rule.action, Action::Keep | Action::Drop);
            let kinds = [
                (reads, Kind::Read),
                (is_value_read, Kind::ValueRead),
                (is_value_read && is_filter, Kind::Filter),
                (writes, Kind::Write),
                (writes || may_remove, Kind::Change),
                (rule.has_target(name), Kind::Target),
                (reads || removes || rule.overwrites(name), Kind::Use),
                (removes, Kind::Removal),
            ];
            let bits = kinds.into_iter().filter(|(is_one, _)| *is_one).fold(0, |bits, (_, kind)| bits | kind.bit());
            about.rules.push((index, bits));
            let after = match presence {
                _ if removes => Presence::Never,
                Presence::Never if writes => Presence::Sometimes,
                Presence::Always if may_remove => Presence::Sometimes,
                presence => presence,
            };
            if after != presence {
                remover = if after == Presence::Never { Some(index) } else { remover };
                about.presence.push((index + 1, after, remover));
                presence = after;
            }
        }
        if about.rules.len() > FEW_RULES {
            let of_kind = |kind: Kind| {
                let all = about.rules.iter().filter(|(_, bits)| bits & kind.bit() != 0);
                all.map(|(index, _)| *index).collect::<Vec<usize>>()
            };
            about.by_kind = Some(Box::new(KINDS.map(of_kind)));
        }
        about
    }

    /// The first rule of a kind at `start` or after it.
    fn first(&self, kind: Kind, start: usize) -> Option<usize> {
        match &self.by_kind {
            Some(by_kind) => {
                let all = &by_kind[kind as usize];
                all.get(all.partition_point(|index| *index < start)).copied()
            }
            None => {
                let mut all = self.rules.iter().filter(|(index, bits)| *index >= start && bits & kind.bit() != 0);
                all.next().map(|(index, _)| *index)
            }
        }
    }

    /// The last rule of a kind before `end`.
    fn last(&self, kind: Kind, end: usize) -> Option<usize> {
        match &self.by_kind {
            Some(by_kind) => {
                let all = &by_kind[kind as usize];
                let after = all.partition_point(|index| *index < end);
                after.checked_sub(1).and_then(|at| all.get(at)).copied()
            }
            None => {
                let mut all = self.rules.iter().rev().filter(|(index, bits)| *index < end && bits & kind.bit() != 0);
                all.next().map(|(index, _)| *index)
            }
        }
    }

    fn is_in(&self, kind: Kind, range: Range<usize>) -> bool {
        self.first(kind, range.start).is_some_and(|index| index < range.end)
    }

    /// The first rule that reads the value of the label.
    pub(crate) fn first_value_read(&self) -> Option<usize> {
        self.first(Kind::ValueRead, 0)
    }

    /// The first rule of which it is the target label and that may set it, after `index`.
    pub(crate) fn next_setter(&self, index: usize) -> Option<usize> {
        let next = |start: usize| self.first(Kind::Target, start);
        let mut all = std::iter::successors(next(index + 1), |last| next(last + 1));
        all.find(|&rule| self.is_in(Kind::Write, rule..rule + 1))
    }

    /// The first rule after `index` that reads, overwrites or removes the label.
    pub(crate) fn next_use(&self, index: usize) -> Option<usize> {
        self.first(Kind::Use, index + 1)
    }

    /// The last rule before `index` that may set the label.
    pub(crate) fn last_writer(&self, index: usize) -> Option<usize> {
        self.last(Kind::Write, index)
    }

    /// The last rule before `index` that may set or remove the label.
    pub(crate) fn last_change(&self, index: usize) -> Option<usize> {
        self.last(Kind::Change, index)
    }

    /// Whether any rule may set the label.
    pub(crate) fn is_written(&self) -> bool {
        self.first(Kind::Write, 0).is_some()
    }

    /// Whether it is the target label of any rule.
    pub(crate) fn is_target(&self) -> bool {
        self.first(Kind::Target, 0).is_some()
    }

    /// Whether a rule in the range may set the label.
    pub(crate) fn is_written_in(&self, rules: Range<usize>) -> bool {
        self.is_in(Kind::Write, rules)
    }

    /// Whether a rule in the range may set or remove the label.
    pub(crate) fn is_changed_in(&self, rules: Range<usize>) -> bool {
        self.is_in(Kind::Change, rules)
    }

    /// Whether a rule in the range reads the value or the existence of the label.
    pub(crate) fn is_read_in(&self, rules: Range<usize>) -> bool {
        self.is_in(Kind::Read, rules)
    }

    /// Whether a keep or a drop in the range reads the value of the label.
    pub(crate) fn is_filtered_in(&self, rules: Range<usize>) -> bool {
        self.is_in(Kind::Filter, rules)
    }

    /// Whether it is the target label of a rule in the range.
    pub(crate) fn is_target_in(&self, rules: Range<usize>) -> bool {
        self.is_in(Kind::Target, rules)
    }

    /// Whether a rule in the range always removes the label.
    pub(crate) fn is_removed_in(&self, rules: Range<usize>) -> bool {
        self.is_in(Kind::Removal, rules)
    }

    /// Whether the label exists when rule `index` runs, and if not, the last rule that removed it.
    pub(super) fn presence_at(&self, index: usize) -> (Presence, Option<usize>) {
        let after = self.presence.partition_point(|&(from, _, _)| from <= index);
        let last = after.checked_sub(1).and_then(|at| self.presence.get(at));
        last.map_or((self.before, None), |&(_, presence, remover)| (presence, remover))
    }
}

/// Whether one of the indexes, which are in order, is in the range.
fn is_in(indexes: &[usize], range: Range<usize>) -> bool {
    let first = indexes.partition_point(|&index| index < range.start);
    indexes.get(first).is_some_and(|index| *index < range.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Facts, lists_of_job};
    use crate::config::Config;
    use crate::options::Options;
    use crate::text::Sources;

    /// Rules of every action, with labels that they share.
    const RULES: [&str; 18] = [
        "{source_labels: [a, b, a], target_label: c}",
        "{source_labels: [c], regex: x, target_label: a, replacement: y}",
        "{target_label: a, replacement: ''}",
        "{source_labels: [b], target_label: '${1}'}",
        "{source_labels: [b], target_label: 'x$$', replacement: z}",
        "{source_labels: [a], regex: 'x.*', action: keep}",
        "{source_labels: [b], regex: x, action: drop}",
        "{source_labels: [a], target_label: b, action: keepequal}",
        "{source_labels: [c], target_label: c, action: dropequal}",
        "{source_labels: [a], modulus: 3, target_label: __tmp_h, action: hashmod}",
        "{source_labels: [a], target_label: b, action: lowercase}",
        "{source_labels: [b], target_label: c, action: uppercase}",
        "{regex: 'a|c', action: labeldrop}",
        "{regex: 'a.*', action: labeldrop}",
        "{regex: '__.*|job|b|c', action: labelkeep}",
        "{regex: '__meta_(.+)', action: labelmap}",
        "{regex: 'a', replacement: c, action: labelmap}",
        "{source_labels: [__tmp_h], regex: '(.+)', target_label: instance}",
    ];
    const NAMES: [&str; 10] = ["a", "b", "c", "x$", "__tmp_h", "job", "instance", "__address__", "", "other"];

    /// The same as [`About::presence_at`], by looking at every rule.
    fn presence_by_search(
        list: &crate::analysis::RelabelList<'_>,
        index: usize,
        name: &str,
    ) -> (Presence, Option<usize>) {
        let (mut presence, mut remover) = (list.sources.presence(name), None);
        for rule in list.rules.iter().take(index) {
            let after = match presence {
                _ if rule.removes(name) => Presence::Never,
                Presence::Never if rule.may_write(name) => Presence::Sometimes,
                Presence::Always if rule.may_remove(name) => Presence::Sometimes,
                presence => presence,
            };
            if after == Presence::Never && presence != Presence::Never {
                remover = Some(rule.index);
            }
            presence = after;
        }
        (presence, remover)
    }

    #[test]
    fn a_look_up_finds_what_a_search_through_all_rules_finds() {
        for round in 0..RULES.len() {
            let order = (0..2 * RULES.len()).map(|at| RULES[(at * (round + 1) + round) % RULES.len()]);
            let rules: String = order.map(|rule| format!("  - {rule}\n")).collect();
            let text = format!(
                "scrape_configs:\n- job_name: j\n  static_configs: [{{targets: ['h:1'], labels: {{a: x}}}}, {{targets: ['i:1'], labels: {{b: ''}}}}]\n  relabel_configs:\n{rules}"
            );
            let mut sources = Sources::new();
            let file = sources.add("p.yml", text);
            let (config, faults) = Config::read(&mut sources, file, &Options::default());
            assert!(faults.is_empty(), "{faults:?}");
            let [list, _] = lists_of_job(&mut Facts::default(), &config.scrape_configs[0]).expect("is valid");
            for name in NAMES {
                let about = list.about(name);
                let all = |fits: &dyn Fn(&RuleFacts<'_>) -> bool| -> Vec<usize> {
                    list.rules.iter().filter(|rule| fits(rule)).map(|rule| rule.index).collect()
                };
                let of = |kind: Kind| -> Vec<usize> {
                    let forwards: Vec<usize> =
                        std::iter::successors(about.first(kind, 0), |last| about.first(kind, last + 1)).collect();
                    let end = list.rules.len();
                    let mut backwards: Vec<usize> =
                        std::iter::successors(about.last(kind, end), |first| about.last(kind, *first)).collect();
                    backwards.reverse();
                    assert_eq!(forwards, backwards);
                    forwards
                };
                let ends = |rule: &RuleFacts<'_>| rule.overwrites(name) || rule.removes(name);
                assert_eq!(of(Kind::Read), all(&|rule| rule.reads(name)), "{name}");
                assert_eq!(
                    of(Kind::ValueRead),
                    all(&|rule| rule.placed_reads().any(|(read, _)| read == name)),
                    "{name}"
                );
                assert_eq!(of(Kind::Write), all(&|rule| rule.may_write(name)), "{name}");
                assert_eq!(of(Kind::Change), all(&|rule| rule.may_write(name) || rule.may_remove(name)), "{name}");
                assert_eq!(of(Kind::Target), all(&|rule| rule.target().is_some_and(|target| target == name)), "{name}");
                assert_eq!(of(Kind::Use), all(&|rule| rule.reads(name) || ends(rule)), "{name}");
                assert_eq!(of(Kind::Removal), all(&|rule| rule.removes(name)), "{name}");
                for index in 0..=list.rules.len() {
                    assert_eq!(about.presence_at(index), presence_by_search(&list, index, name), "{name} at {index}");
                }
            }
        }
    }
}
