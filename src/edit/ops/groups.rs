//! Operations on target groups, in the tree of a config or of a target file.

use crate::config::{ScrapeConfig, TargetGroup};
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Location, Span, Spanned};
use crate::yaml::{Node, NodeKind};
use crate::yaml_edit::{New, Plan, Style};

use super::super::request::refused;
use super::nodes::{Nodes, is_empty, is_named, remove_key};

/// Sets a label of a group, in the typed config.
pub(super) fn set_label(labels: &mut Vec<(Spanned<String>, Spanned<String>)>, name: &str, value: &str) {
    labels.retain(|(own, _)| own.value != name);
    labels.push((Spanned::new(name.to_string(), Span::empty(0)), Spanned::new(value.to_string(), Span::empty(0))));
}

/// The list of groups: `static_configs` of the job, or a target file as a whole.
pub(super) fn list_of_groups<'t>(nodes: Nodes<'t>, job: &ScrapeConfig) -> Result<Option<Node<'t>>, Diagnostic> {
    let root = nodes.tree.root();
    let is_target_file = |root: &Node<'_>| nodes.file != job.file || root.full_span() == job.span;
    match root.filter(|root| root.kind() == NodeKind::Sequence && is_target_file(root)) {
        Some(root) => Ok(Some(root)),
        None => nodes.value(nodes.job(job)?, "static_configs"),
    }
}

/// Sets a label, or removes it.
pub(super) fn change_label(labels: &mut Vec<(Spanned<String>, Spanned<String>)>, name: &str, value: Option<&str>) {
    match value {
        Some(value) => set_label(labels, name, value),
        None => labels.retain(|(own, _)| own.value != name),
    }
}

pub(super) fn group_of<'t>(nodes: Nodes<'t>, job: &ScrapeConfig, span: Span) -> Result<Node<'t>, Diagnostic> {
    let list = list_of_groups(nodes, job)?.ok_or_else(|| {
        refused(ids::EDIT_LAYOUT, Location::new(nodes.file, span), "the group is not found in `static_configs`")
    })?;
    nodes.item(list, span)
}

pub(super) fn set_group_label<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    group: Node<'t>,
    name: &str,
    value: &str,
) -> Result<(), Diagnostic> {
    let entry = New::Map(vec![(name.to_string(), New::text(value))]);
    let outcome = match nodes.value(group, "labels")? {
        None => plan.append_entry(group, "labels", entry, Style::of(nodes.tree, group)),
        Some(labels) if is_empty(labels) => {
            plan.fill(labels, entry);
            Ok(())
        }
        Some(labels) => match nodes.value(labels, name)? {
            Some(old) => {
                plan.replace(old, value);
                Ok(())
            }
            None => plan.append_entry(labels, name, New::text(value), Style::of(nodes.tree, labels)),
        },
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}

pub(super) fn remove_group_label<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    group: Node<'t>,
    name: &str,
) -> Result<(), Diagnostic> {
    let Some(labels) = nodes.value(group, "labels")? else { return Ok(()) };
    nodes.value(labels, name)?;
    let is_last = labels.entries().count() == 1;
    let outcome = if is_last && (!labels.is_flow() || group.is_flow()) {
        remove_key(plan, group, "labels")
    } else {
        remove_key(plan, labels, name)
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}

/// Gives a label of a group another name, and leaves its value.
pub(super) fn rename_group_label<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    group: Node<'t>,
    name: &str,
    to: &str,
) -> Result<(), Diagnostic> {
    let Some(labels) = nodes.value(group, "labels")? else { return Ok(()) };
    nodes.value(labels, name)?;
    if let Some(key) = nodes.key(labels, name)? {
        plan.rewrite(key, to, None);
    }
    Ok(())
}

/// Takes a target out of its group and appends a group for it.
pub(super) fn split_group<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: &ScrapeConfig,
    group: Location,
    target: Span,
    (name, value): (&str, Option<&str>),
) -> Result<(), Diagnostic> {
    let node = group_of(nodes, job, group.span)?;
    let Some(targets) = nodes.value(node, "targets")? else { return Ok(()) };
    let item = nodes.text_item(targets, target)?;
    let Some(list) = list_of_groups(nodes, job)? else { return Ok(()) };
    let Some(old) = job.static_configs.iter().find(|own| own.at() == group) else { return Ok(()) };
    let labels = labels_of_new_group(nodes.value(node, "labels")?, old, name, value);
    let mut append = || {
        let moved = plan.take_item(targets, item)?;
        let moved = if targets.is_flow() { New::Row(vec![moved]) } else { New::List(vec![moved]) };
        let mut new = vec![("targets".to_string(), moved)];
        if !labels.is_empty() {
            new.push(("labels".to_string(), New::Map(labels.clone())));
        }
        plan.append_item(list, New::Map(new), Style::of(nodes.tree, list))
    };
    let outcome = append();
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}

/// The labels of the old group, written as they are, with the change.
fn labels_of_new_group(
    written: Option<Node<'_>>,
    old: &TargetGroup,
    name: &str,
    value: Option<&str>,
) -> Vec<(String, New)> {
    let mut labels = old.labels.clone();
    // File discovery adds a label that is written nowhere.
    labels.retain(|(name, _)| !name.span.is_empty());
    change_label(&mut labels, name, value);
    let as_written = |label: &str, of_label: &str| {
        let entry = written?.entries().find(|(key, _)| is_named(*key, label))?.1.resolved();
        (entry.value() == of_label).then(|| New::copy(entry))
    };
    let label = |(label, of_label): (Spanned<String>, Spanned<String>)| {
        let new = as_written(&label.value, &of_label.value).unwrap_or_else(|| New::text(&of_label.value));
        (label.value, new)
    };
    labels.into_iter().map(label).collect()
}
