//! Two variants of a list, run side by side over the same labels: which labels can differ at the end.
//!
//! Both start with equal labels. A rule that both variants have does the same on both sides, unless it
//! reads a label that differs already; a rule that only one variant has makes the labels that it writes
//! differ. The labels that are left at the end are all that can differ, on any target: this needs no
//! sample, and holds for all targets that discovery will ever find.

use std::collections::BTreeMap;

use crate::relabel::Action;

use super::list::RelabelList;
use super::rule::RuleFacts;

/// The labels that can differ, each with the rule of the new list that writes it last, if one does.
pub(crate) type Differing = BTreeMap<String, Option<usize>>;

/// The reason why nothing can be said about all targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// A rule decides by a label that differs whether a target is kept.
    FiltersBy { rule: usize, label: String },
    /// A rule of both lists reads a label that differs, and writes labels that are not known by name.
    ReadsInto { rule: usize, label: String },
    /// A rule that only one list has keeps or drops targets.
    Filters,
    /// A rule that only one list has writes or removes labels that are not known by name.
    Untracked,
    /// A pattern is too large to be run.
    TooLarge { rule: usize },
}

/// A rule of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Both have it; the index in the new list.
    Both(usize),
    /// Only the old one has it; the index there.
    Removed(usize),
    /// Only the new one has it; the index there.
    Added(usize),
}

/// The labels that can differ after the lists, if all else is equal before them.
pub(crate) fn differing_labels(old: &RelabelList<'_>, new: &RelabelList<'_>) -> Result<Differing, Doubt> {
    let mut differing = Differing::new();
    for step in aligned(&old.rules, &new.rules) {
        match step {
            Step::Both(index) => run_both(&new.rules[index], &mut differing)?,
            Step::Removed(index) => run_one(&old.rules[index], None, &mut differing)?,
            Step::Added(index) => run_one(&new.rules[index], Some(index), &mut differing)?,
        }
    }
    Ok(differing)
}

/// A rule that both variants run.
fn run_both(rule: &RuleFacts<'_>, differing: &mut Differing) -> Result<(), Doubt> {
    match rule.action {
        Action::LabelMap => return map(rule, differing),
        Action::LabelDrop => return select(rule, true, differing),
        Action::LabelKeep => return select(rule, false, differing),
        _ => {}
    }
    match differing.keys().find(|name| rule.reads(name)).cloned() {
        Some(label) if rule.action.is_filter() => Err(Doubt::FiltersBy { rule: rule.index, label }),
        Some(label) => {
            let target = rule.target().ok_or(Doubt::ReadsInto { rule: rule.index, label })?;
            differing.insert(target.into_owned(), Some(rule.index));
            Ok(())
        }
        None => {
            differing.retain(|name, _| !rule.overwrites(name));
            Ok(())
        }
    }
}

/// A labelmap copies what differs to names that differ then.
fn map(rule: &RuleFacts<'_>, differing: &mut Differing) -> Result<(), Doubt> {
    let names: Vec<String> = differing.keys().cloned().collect();
    for name in names {
        if matches(rule, &name)? {
            let to = rule.expanded(&rule.replacement, &name).ok_or(Doubt::TooLarge { rule: rule.index })?;
            differing.insert(to, Some(rule.index));
        }
    }
    Ok(())
}

/// Labels that are removed on both sides are equal again.
fn select(rule: &RuleFacts<'_>, removes_matches: bool, differing: &mut Differing) -> Result<(), Doubt> {
    let names: Vec<String> = differing.keys().cloned().collect();
    for name in names {
        if matches(rule, &name)? == removes_matches {
            differing.remove(&name);
        }
    }
    Ok(())
}

fn matches(rule: &RuleFacts<'_>, name: &str) -> Result<bool, Doubt> {
    rule.pattern.matches(name).ok_or(Doubt::TooLarge { rule: rule.index })
}

/// A rule that one of the variants runs; `index` is its place in the new list.
fn run_one(rule: &RuleFacts<'_>, index: Option<usize>, differing: &mut Differing) -> Result<(), Doubt> {
    match rule.action {
        action if action.is_filter() => Err(Doubt::Filters),
        Action::LabelDrop => {
            let names = rule.pattern.texts().ok_or(Doubt::Untracked)?;
            differing.extend(names.iter().map(|name| (name.to_string(), index)));
            Ok(())
        }
        _ => {
            let target = rule.target().ok_or(Doubt::Untracked)?;
            differing.insert(target.into_owned(), index);
            Ok(())
        }
    }
}

/// The rules of both lists in an order that keeps that of each, with as many as possible together.
fn aligned(old: &[RuleFacts<'_>], new: &[RuleFacts<'_>]) -> Vec<Step> {
    let is_same = |one: usize, other: usize| old[one].rule.spec == new[other].rule.spec;
    let most = old.len().min(new.len());
    let start = (0..most).take_while(|&index| is_same(index, index)).count();
    let end = (0..most - start).take_while(|&index| is_same(old.len() - 1 - index, new.len() - 1 - index)).count();
    let mut steps: Vec<Step> = (0..start).map(Step::Both).collect();
    steps.extend(aligned_middle(start..old.len() - end, start..new.len() - end, is_same));
    steps.extend((new.len() - end..new.len()).map(Step::Both));
    steps
}

/// The longest common subsequence; an edit touches few rules, so that the ranges are short.
fn aligned_middle(
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
    is_same: impl Fn(usize, usize) -> bool,
) -> Vec<Step> {
    const MOST: usize = 1_000_000;
    if old.is_empty() || new.is_empty() || old.len().saturating_mul(new.len()) > MOST {
        return old.map(Step::Removed).chain(new.map(Step::Added)).collect();
    }
    let width = new.len() + 1;
    // The length of the longest common part of what is left of both, by what is left.
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for one in (0..old.len()).rev() {
        for other in (0..new.len()).rev() {
            lengths[one * width + other] = if is_same(old.start + one, new.start + other) {
                lengths[(one + 1) * width + other + 1] + 1
            } else {
                lengths[(one + 1) * width + other].max(lengths[one * width + other + 1])
            };
        }
    }
    let (mut steps, mut one, mut other) = (Vec::new(), 0, 0);
    while one < old.len() && other < new.len() {
        if is_same(old.start + one, new.start + other) {
            steps.push(Step::Both(new.start + other));
            (one, other) = (one + 1, other + 1);
        } else if lengths[(one + 1) * width + other] >= lengths[one * width + other + 1] {
            steps.push(Step::Removed(old.start + one));
            one += 1;
        } else {
            steps.push(Step::Added(new.start + other));
            other += 1;
        }
    }
    steps.extend((old.start + one..old.end).map(Step::Removed));
    steps.extend((new.start + other..new.end).map(Step::Added));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Facts, lists_of_job};
    use crate::config::Config;
    use crate::options::Options;
    use crate::text::Sources;

    fn compared(old: &str, new: &str) -> Result<Vec<String>, Doubt> {
        let mut sources = Sources::new();
        let mut config = |rules: &str| {
            let text = format!(
                "scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [{{role: pod}}]\n  relabel_configs:\n{rules}"
            );
            let file = sources.add("p.yml", text);
            let (config, faults) = Config::read(&mut sources, file, &Options::default());
            assert!(faults.is_empty(), "{faults:?}");
            config
        };
        let (old, new) = (config(old), config(new));
        let mut facts = Facts::default();
        let [old, _] = lists_of_job(&mut facts, &old.scrape_configs[0]).expect("is valid");
        let [new, _] = lists_of_job(&mut facts, &new.scrape_configs[0]).expect("is valid");
        differing_labels(&old, &new).map(|differing| differing.into_keys().collect())
    }

    const POD: &str = "  - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}\n";
    const TEAM: &str = "  - {target_label: team, replacement: core}\n";

    #[test]
    fn an_added_or_removed_rule_makes_the_label_differ_that_it_writes() {
        let both = format!("{POD}{TEAM}");
        assert_eq!(compared(POD, &both), Ok(vec!["team".to_string()]));
        assert_eq!(compared(&both, POD), Ok(vec!["team".to_string()]));
        assert_eq!(compared(&both, &both), Ok(vec![]));
        let other = both.replace("core", "other");
        assert_eq!(compared(&both, &other), Ok(vec!["team".to_string()]));
    }

    #[test]
    fn a_rule_that_reads_a_label_that_differs_makes_its_own_label_differ() {
        let reading = "  - {source_labels: [team], target_label: __address__, regex: 'x(.*)'}\n";
        let after = compared(&format!("{POD}{reading}"), &format!("{POD}{TEAM}{reading}"));
        assert_eq!(after, Ok(vec!["__address__".to_string(), "team".to_string()]));
        let filter = "  - {source_labels: [team], regex: core, action: keep}\n";
        let after = compared(&format!("{POD}{filter}"), &format!("{POD}{TEAM}{filter}"));
        assert_eq!(after, Err(Doubt::FiltersBy { rule: 2, label: "team".into() }));
        let templated = "  - {source_labels: [team], target_label: 'x_$1'}\n";
        let after = compared(&format!("{POD}{templated}"), &format!("{POD}{TEAM}{templated}"));
        assert_eq!(after, Err(Doubt::ReadsInto { rule: 2, label: "team".into() }));
    }

    #[test]
    fn a_label_that_both_lists_write_or_remove_afterwards_is_equal_again() {
        let after = |rule: &str| compared(rule, &format!("{TEAM}{rule}"));
        assert_eq!(after("  - {target_label: team, replacement: x}\n"), Ok(vec![]));
        assert_eq!(after("  - {regex: te.m, action: labeldrop}\n"), Ok(vec![]));
        assert_eq!(after("  - {regex: '__.*|job', action: labelkeep}\n"), Ok(vec![]));
        assert_eq!(after("  - {source_labels: [job], regex: x, target_label: team}\n"), Ok(vec!["team".to_string()]));
    }

    #[test]
    fn a_labelmap_copies_what_differs() {
        let after = |rule: &str| compared(rule, &format!("{TEAM}{rule}"));
        assert_eq!(after("  - {regex: '__meta_(.+)', action: labelmap}\n"), Ok(vec!["team".to_string()]));
        assert_eq!(
            after("  - {regex: '(te.*)', replacement: 'my_$1', action: labelmap}\n"),
            Ok(vec!["my_team".to_string(), "team".to_string()])
        );
    }

    #[test]
    fn nothing_is_said_of_filters_and_unknown_names_that_only_one_list_has() {
        assert_eq!(
            compared(POD, &format!("{POD}  - {{source_labels: [pod], regex: x, action: drop}}\n")),
            Err(Doubt::Filters)
        );
        assert_eq!(
            compared(POD, &format!("{POD}  - {{regex: '__meta_(.+)', action: labelmap}}\n")),
            Err(Doubt::Untracked)
        );
        assert_eq!(
            compared(POD, &format!("{POD}  - {{regex: 'a|b', action: labeldrop}}\n")),
            Ok(vec!["a".to_string(), "b".to_string()])
        );
    }
}
