//! The changes of a job: as they are tried on the typed config, and as operations on the tree.

use crate::config::{RelabelRule, ScrapeConfig, TargetGroup};
use crate::diagnostic::Diagnostic;
use crate::relabel::RuleSpec;
use crate::text::{Span, Spanned};
use crate::yaml::{Node, NodeKind};
use crate::yaml_edit::{New, Plan, Style};

use super::locate::Locator;
use super::request::refused;

/// A rule to be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewRule {
    pub(super) spec: RuleSpec,
}

impl NewRule {
    fn written(&self) -> New {
        let defaults = RuleSpec::default();
        let mut entries = Vec::new();
        if let Some(labels) = &self.spec.source_labels {
            entries.push(("source_labels".to_string(), New::Row(labels.iter().map(New::text).collect())));
        }
        if let Some(regex) = &self.spec.regex {
            entries.push(("regex".to_string(), New::text(regex)));
        }
        if !self.spec.target_label.is_empty() {
            entries.push(("target_label".to_string(), New::text(&self.spec.target_label)));
        }
        if self.spec.replacement != defaults.replacement {
            entries.push(("replacement".to_string(), New::text(&self.spec.replacement)));
        }
        if let Some(action) = self.spec.action.filter(|_| self.spec.action != defaults.action) {
            entries.push(("action".to_string(), New::text(action.name())));
        }
        New::Map(entries)
    }
}

/// A list of rules of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RuleList {
    Target,
    Metric,
}

impl RuleList {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Target => "relabel_configs",
            Self::Metric => "metric_relabel_configs",
        }
    }

    pub(super) fn of(self, job: &ScrapeConfig) -> &[RelabelRule] {
        match self {
            Self::Target => &job.relabel_configs,
            Self::Metric => &job.metric_relabel_configs,
        }
    }

    fn of_mut(self, job: &mut ScrapeConfig) -> &mut Vec<RelabelRule> {
        match self {
            Self::Target => &mut job.relabel_configs,
            Self::Metric => &mut job.metric_relabel_configs,
        }
    }
}

/// A change of a job.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Op {
    /// A rule more, at the start or at the end of its list.
    AddRule { list: RuleList, first: bool, rule: NewRule },
    /// Another replacement of the rule that stands there.
    SetReplacement { list: RuleList, rule: Span, replacement: String },
    /// The rules that stand there are gone.
    RemoveRules { list: RuleList, spans: Vec<Span> },
    /// A label more, or another value of it, for a group of `static_configs`.
    SetGroupLabel { group: Span, name: String, value: String },
    /// A label less.
    RemoveGroupLabel { group: Span, name: String },
    /// A target goes to a group of its own, with the labels of its old one and one more.
    SplitGroup { group: Span, target: Span, name: String, value: String },
}

fn set_label(labels: &mut Vec<(Spanned<String>, Spanned<String>)>, name: &str, value: &str) {
    labels.retain(|(own, _)| own.value != name);
    labels.push((Spanned::new(name.to_string(), Span::empty(0)), Spanned::new(value.to_string(), Span::empty(0))));
}

impl Op {
    /// Makes the change on the typed job.
    pub(super) fn try_on(&self, job: &mut ScrapeConfig) {
        match self {
            Self::AddRule { list, first, rule } => {
                let rule = RelabelRule::new(rule.spec.clone(), Span::empty(0));
                let rules = list.of_mut(job);
                rules.insert(if *first { 0 } else { rules.len() }, rule);
            }
            Self::SetReplacement { list, rule, replacement } => {
                let rules = list.of_mut(job).iter_mut().filter(|own| own.span == *rule);
                rules.for_each(|rule| rule.spec.replacement.clone_from(replacement));
            }
            Self::RemoveRules { list, spans } => list.of_mut(job).retain(|rule| !spans.contains(&rule.span)),
            Self::SetGroupLabel { group, name, value } => {
                let groups = job.static_configs.iter_mut().filter(|own| own.span == *group);
                groups.for_each(|group| set_label(&mut group.labels, name, value));
            }
            Self::RemoveGroupLabel { group, name } => {
                let groups = job.static_configs.iter_mut().filter(|own| own.span == *group);
                groups.for_each(|group| group.labels.retain(|(own, _)| own.value != *name));
            }
            Self::SplitGroup { group, target, name, value } => {
                let Some(old) = job.static_configs.iter_mut().find(|own| own.span == *group) else { return };
                let mut new = old.clone();
                old.targets.retain(|own| own.span != *target);
                new.targets.retain(|own| own.span == *target);
                set_label(&mut new.labels, name, value);
                job.static_configs.push(new);
            }
        }
    }

    /// Notes the change down as operations on the tree.
    pub(super) fn plan<'t>(
        &self,
        plan: &mut Plan<'t>,
        locator: Locator<'t>,
        job: &ScrapeConfig,
    ) -> Result<(), Diagnostic> {
        let map = locator.job(job)?;
        match self {
            Self::AddRule { list, first, rule } => add_rule(plan, locator, map, list.key(), *first, rule.written()),
            Self::SetReplacement { list, rule, replacement } => {
                set_replacement(plan, locator, map, list.key(), (*rule, replacement))
            }
            Self::RemoveRules { list, spans } => remove_rules(plan, locator, map, list.key(), spans),
            Self::SetGroupLabel { group, name, value } => {
                let group = group_of(locator, map, *group)?;
                set_group_label(plan, locator, group, name, value)
            }
            Self::RemoveGroupLabel { group, name } => {
                let group = group_of(locator, map, *group)?;
                remove_group_label(plan, locator, group, name)
            }
            Self::SplitGroup { group, target, name, value } => {
                split_group(plan, locator, map, *group, *target, (name, value), job)
            }
        }
    }
}

fn is_empty(node: Node<'_>) -> bool {
    node.kind() == NodeKind::Scalar
        || (node.is_flow() && node.items().next().is_none() && node.entries().next().is_none())
}

fn add_rule<'t>(
    plan: &mut Plan<'t>,
    locator: Locator<'t>,
    job: Node<'t>,
    key: &str,
    first: bool,
    rule: New,
) -> Result<(), Diagnostic> {
    let outcome = match locator.value(job, key)? {
        None => plan.append_entry(job, key, New::List(vec![rule]), Style::of(locator.tree, job)),
        Some(list) if is_empty(list) => {
            plan.fill(list, New::List(vec![rule]));
            Ok(())
        }
        Some(list) if first => plan.prepend_item(list, rule, Style::of(locator.tree, list)),
        Some(list) => plan.append_item(list, rule, Style::of(locator.tree, list)),
    };
    outcome.map_err(|obstacle| locator.obstacle(&obstacle))
}

fn set_replacement<'t>(
    plan: &mut Plan<'t>,
    locator: Locator<'t>,
    job: Node<'t>,
    key: &str,
    (rule, replacement): (Span, &str),
) -> Result<(), Diagnostic> {
    let Some(list) = locator.value(job, key)? else { return Ok(()) };
    let rule = locator.item(list, rule)?;
    if let Some(old) = locator.value(rule, "replacement")? {
        plan.replace(old, replacement);
    }
    Ok(())
}

fn remove_rules<'t>(
    plan: &mut Plan<'t>,
    locator: Locator<'t>,
    job: Node<'t>,
    key: &str,
    spans: &[Span],
) -> Result<(), Diagnostic> {
    let Some(list) = locator.value(job, key)? else { return Ok(()) };
    let items = spans.iter().map(|span| locator.item(list, *span)).collect::<Result<Vec<_>, _>>()?;
    let is_last = list.items().all(|item| items.iter().any(|gone| gone.id() == item.id()));
    let outcome = if is_last && (!list.is_flow() || job.is_flow()) {
        remove_key(plan, job, key)
    } else {
        items.into_iter().try_for_each(|item| plan.remove_item(list, item))
    };
    outcome.map_err(|obstacle| locator.obstacle(&obstacle))
}

fn remove_key<'t>(plan: &mut Plan<'t>, map: Node<'t>, key: &str) -> Result<(), crate::yaml_edit::Obstacle> {
    match map.entries().find(|(name, _)| name.value() == key) {
        Some((key, _)) => plan.remove_entry(map, key),
        None => Ok(()),
    }
}

fn group_of<'t>(locator: Locator<'t>, job: Node<'t>, span: Span) -> Result<Node<'t>, Diagnostic> {
    let list = locator.value(job, "static_configs")?.ok_or_else(|| {
        refused(
            "edit-layout",
            crate::text::Location::new(locator.file, span),
            "the group is not found in `static_configs`",
        )
    })?;
    locator.item(list, span)
}

fn set_group_label<'t>(
    plan: &mut Plan<'t>,
    locator: Locator<'t>,
    group: Node<'t>,
    name: &str,
    value: &str,
) -> Result<(), Diagnostic> {
    let entry = New::Map(vec![(name.to_string(), New::text(value))]);
    let outcome = match locator.value(group, "labels")? {
        None => plan.append_entry(group, "labels", entry, Style::of(locator.tree, group)),
        Some(labels) if is_empty(labels) => {
            plan.fill(labels, entry);
            Ok(())
        }
        Some(labels) => match locator.value(labels, name)? {
            Some(old) => {
                plan.replace(old, value);
                Ok(())
            }
            None => plan.append_entry(labels, name, New::text(value), Style::of(locator.tree, labels)),
        },
    };
    outcome.map_err(|obstacle| locator.obstacle(&obstacle))
}

fn remove_group_label<'t>(
    plan: &mut Plan<'t>,
    locator: Locator<'t>,
    group: Node<'t>,
    name: &str,
) -> Result<(), Diagnostic> {
    let Some(labels) = locator.value(group, "labels")? else { return Ok(()) };
    locator.value(labels, name)?;
    let is_last = labels.entries().count() == 1;
    let outcome = if is_last && (!labels.is_flow() || group.is_flow()) {
        remove_key(plan, group, "labels")
    } else {
        remove_key(plan, labels, name)
    };
    outcome.map_err(|obstacle| locator.obstacle(&obstacle))
}

/// Takes a target out of its group and appends a group for it.
fn split_group<'t>(
    plan: &mut Plan<'t>,
    locator: Locator<'t>,
    job: Node<'t>,
    group: Span,
    target: Span,
    (name, value): (&str, &str),
    typed: &ScrapeConfig,
) -> Result<(), Diagnostic> {
    let node = group_of(locator, job, group)?;
    let Some(targets) = locator.value(node, "targets")? else { return Ok(()) };
    let item = locator.item(targets, target)?;
    let Some(list) = locator.value(job, "static_configs")? else { return Ok(()) };
    let Some(old) = typed.static_configs.iter().find(|own| own.span == group) else { return Ok(()) };
    let labels = labels_of_new_group(locator.value(node, "labels")?, old, name, value);
    let mut append = || {
        let moved = plan.take_item(targets, item)?;
        let moved = if targets.is_flow() { New::Row(vec![moved]) } else { New::List(vec![moved]) };
        let new = New::Map(vec![("targets".to_string(), moved), ("labels".to_string(), New::Map(labels.clone()))]);
        plan.append_item(list, new, Style::of(locator.tree, list))
    };
    let outcome = append();
    outcome.map_err(|obstacle| locator.obstacle(&obstacle))
}

/// The labels of the old group, written as they are, and one more.
fn labels_of_new_group(written: Option<Node<'_>>, old: &TargetGroup, name: &str, value: &str) -> Vec<(String, New)> {
    let mut labels = old.labels.clone();
    set_label(&mut labels, name, value);
    let as_written = |label: &str, of_label: &str| {
        let entry = written?.entries().find(|(key, _)| key.value() == label)?.1;
        (entry.value() == of_label).then(|| New::copy(entry))
    };
    let label = |(label, of_label): (Spanned<String>, Spanned<String>)| {
        let new = as_written(&label.value, &of_label.value).unwrap_or_else(|| New::text(&of_label.value));
        (label.value, new)
    };
    labels.into_iter().map(label).collect()
}
