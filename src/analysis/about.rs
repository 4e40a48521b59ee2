//! The rules of a list by the labels that they concern: a look-up instead of a search through all rules for each label.
//!
//! Most rules name their labels. Those that do not (a `labelmap`, a pattern that does not list names) are *open*:
//! they are looked at for every label, so that an analyzed list has few of them, or few rules.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::relabel::Action;

use super::presence::Presence;
use super::rule::RuleFacts;

/// The rules of a list by the labels that they name.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentions {
    by_name: FxHashMap<Box<str>, Vec<Mention>>,
    /// The rules that may concern a label of any name.
    open: Vec<usize>,
    /// What was asked for already.
    known: RefCell<FxHashMap<Box<str>, Rc<About>>>,
    /// For a prefix the rules that may write a label that begins with it.
    beginnings: RefCell<FxHashMap<Box<str>, Rc<[usize]>>>,
}

/// A rule that names a label.
#[derive(Clone, Copy, Debug)]
struct Mention {
    rule: usize,
    /// Whether the rule reads the value of the label.
    is_read: bool,
}

/// What the rules of a list do with one label; each list of indexes is in order.
#[derive(Debug, Default)]
pub(crate) struct About {
    /// The rules that read its value or its existence.
    reads: Vec<usize>,
    /// The rules that read its value.
    value_reads: Vec<usize>,
    /// Keep and drop rules that read its value.
    filters: Vec<usize>,
    /// The rules that may set it.
    writes: Vec<usize>,
    /// The rules that may set or remove it.
    changes: Vec<usize>,
    /// The rules of which it is the target label.
    targets: Vec<usize>,
    /// The rules that read it, always overwrite it or always remove it.
    uses: Vec<usize>,
    /// The rules that always remove it.
    removals: Vec<usize>,
    /// Whether it exists at the start, and after each rule that changes that, with the last rule that removed it.
    presence: Vec<(usize, Presence, Option<usize>)>,
}

impl Mentions {
    pub(super) fn of(rules: &[RuleFacts<'_>]) -> Self {
        let mut mentions = Self::default();
        for rule in rules {
            for name in rule.sources() {
                mentions.add(name, rule.index, true);
            }
            if rule.action.is_about_names() {
                match rule.pattern.texts().filter(|_| rule.action == Action::LabelDrop) {
                    Some(texts) => texts.iter().for_each(|name| mentions.add(name, rule.index, true)),
                    None => mentions.open.push(rule.index),
                }
            } else if matches!(rule.action, Action::KeepEqual | Action::DropEqual) {
                mentions.add(&rule.rule.spec.target_label, rule.index, true);
            } else if rule.action.has_target_label() {
                match rule.target() {
                    Some(target) => mentions.add(&target, rule.index, false),
                    None => mentions.open.push(rule.index),
                }
            }
        }
        mentions
    }

    fn add(&mut self, name: &str, rule: usize, is_read: bool) {
        let mention = Mention { rule, is_read };
        let Some(all) = self.by_name.get_mut(name) else {
            self.by_name.insert(name.into(), vec![mention]);
            return;
        };
        match all.last_mut().filter(|last| last.rule == rule) {
            Some(last) => last.is_read |= is_read,
            None => all.push(mention),
        }
    }

    /// How often one of the rules has to be looked at to know everything about every label.
    pub(super) fn comparisons(&self, rules: usize) -> usize {
        self.open.len().saturating_mul(self.by_name.len().max(rules))
    }

    /// What the rules do with a label; it is found out once.
    pub(super) fn about(
        &self,
        rules: &[RuleFacts<'_>],
        name: &str,
        presence_before: impl FnOnce() -> Presence,
    ) -> Rc<About> {
        if let Some(known) = self.known.borrow().get(name) {
            return Rc::clone(known);
        }
        let made = Rc::new(About::of(self, rules, name, presence_before()));
        self.known.borrow_mut().insert(name.into(), Rc::clone(&made));
        made
    }

    /// Whether a rule in the range may set a label whose name begins with the prefix.
    pub(super) fn may_begin_in(&self, rules: &[RuleFacts<'_>], range: std::ops::Range<usize>, prefix: &str) -> bool {
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
        let named = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let mut all: Vec<Mention> = named.to_vec();
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
    fn of(mentions: &Mentions, rules: &[RuleFacts<'_>], name: &str, mut presence: Presence) -> Self {
        let mut about = Self::default();
        let mut remover = None;
        about.presence.push((0, presence, None));
        for Mention { rule: index, is_read } in mentions.concerning(name) {
            let Some(rule) = rules.get(index) else { continue };
            let is_value_read = is_read && !rule.action.is_about_names();
            let reads = is_value_read || (rule.action.is_about_names() && rule.reads(name));
            let (writes, removes) = (rule.may_write(name), rule.removes(name));
            let may_remove = rule.may_remove(name);
            let is_filter = matches!(rule.action, Action::Keep | Action::Drop);
            for (is_one, all) in [
                (reads, &mut about.reads),
                (is_value_read, &mut about.value_reads),
                (is_value_read && is_filter, &mut about.filters),
                (writes, &mut about.writes),
                (writes || may_remove, &mut about.changes),
                (rule.target().is_some_and(|target| target == name), &mut about.targets),
                (reads || removes || rule.overwrites(name), &mut about.uses),
                (removes, &mut about.removals),
            ] {
                if is_one {
                    all.push(index);
                }
            }
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
        about
    }

    /// The first rule that reads the value of the label.
    pub(crate) fn first_value_read(&self) -> Option<usize> {
        self.value_reads.first().copied()
    }

    /// The first rule of which it is the target label and that may set it, after `index`.
    pub(crate) fn next_setter(&self, index: usize) -> Option<usize> {
        let start = self.targets.partition_point(|&rule| rule <= index);
        self.targets[start..].iter().copied().find(|&rule| is_in(&self.writes, rule..rule + 1))
    }

    /// The first rule after `index` that reads, overwrites or removes the label.
    pub(crate) fn next_use(&self, index: usize) -> Option<usize> {
        self.uses.get(self.uses.partition_point(|&rule| rule <= index)).copied()
    }

    /// The last rule before `index` that may set the label.
    pub(crate) fn last_writer(&self, index: usize) -> Option<usize> {
        last_before(&self.writes, index)
    }

    /// The last rule before `index` that may set or remove the label.
    pub(crate) fn last_change(&self, index: usize) -> Option<usize> {
        last_before(&self.changes, index)
    }

    /// Whether any rule may set the label.
    pub(crate) fn is_written(&self) -> bool {
        !self.writes.is_empty()
    }

    /// Whether it is the target label of any rule.
    pub(crate) fn is_target(&self) -> bool {
        !self.targets.is_empty()
    }

    /// Whether a rule in the range may set the label.
    pub(crate) fn is_written_in(&self, rules: std::ops::Range<usize>) -> bool {
        is_in(&self.writes, rules)
    }

    /// Whether a rule in the range may set or remove the label.
    pub(crate) fn is_changed_in(&self, rules: std::ops::Range<usize>) -> bool {
        is_in(&self.changes, rules)
    }

    /// Whether a rule in the range reads the value or the existence of the label.
    pub(crate) fn is_read_in(&self, rules: std::ops::Range<usize>) -> bool {
        is_in(&self.reads, rules)
    }

    /// Whether a keep or a drop in the range reads the value of the label.
    pub(crate) fn is_filtered_in(&self, rules: std::ops::Range<usize>) -> bool {
        is_in(&self.filters, rules)
    }

    /// Whether it is the target label of a rule in the range.
    pub(crate) fn is_target_in(&self, rules: std::ops::Range<usize>) -> bool {
        is_in(&self.targets, rules)
    }

    /// Whether a rule in the range always removes the label.
    pub(crate) fn is_removed_in(&self, rules: std::ops::Range<usize>) -> bool {
        is_in(&self.removals, rules)
    }

    /// Whether the label exists when rule `index` runs, and if not, the last rule that removed it.
    pub(super) fn presence_at(&self, index: usize) -> (Presence, Option<usize>) {
        let after = self.presence.partition_point(|&(from, _, _)| from <= index);
        let last = after.checked_sub(1).and_then(|at| self.presence.get(at));
        last.map_or((Presence::Unknown, None), |&(_, presence, remover)| (presence, remover))
    }
}

/// Whether one of the indexes, which are in order, is in the range.
fn is_in(indexes: &[usize], range: std::ops::Range<usize>) -> bool {
    let first = indexes.partition_point(|&index| index < range.start);
    indexes.get(first).is_some_and(|index| *index < range.end)
}

fn last_before(indexes: &[usize], end: usize) -> Option<usize> {
    let after = indexes.partition_point(|&index| index < end);
    after.checked_sub(1).and_then(|at| indexes.get(at)).copied()
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
                let ends = |rule: &RuleFacts<'_>| rule.overwrites(name) || rule.removes(name);
                assert_eq!(about.reads, all(&|rule| rule.reads(name)), "{name}");
                assert_eq!(about.value_reads, all(&|rule| rule.placed_reads().any(|(read, _)| read == name)), "{name}");
                assert_eq!(about.writes, all(&|rule| rule.may_write(name)), "{name}");
                assert_eq!(about.changes, all(&|rule| rule.may_write(name) || rule.may_remove(name)), "{name}");
                assert_eq!(about.targets, all(&|rule| rule.target().is_some_and(|target| target == name)), "{name}");
                assert_eq!(about.uses, all(&|rule| rule.reads(name) || ends(rule)), "{name}");
                assert_eq!(about.removals, all(&|rule| rule.removes(name)), "{name}");
                for index in 0..=list.rules.len() {
                    assert_eq!(about.presence_at(index), presence_by_search(&list, index, name), "{name} at {index}");
                }
            }
        }
    }
}
