//! Operations on lists of relabel rules, in the tree.

use crate::diagnostic::Diagnostic;
use crate::text::Span;
use crate::yaml::Node;
use crate::yaml_edit::{New, Plan, Style};

use super::RuleField;
use super::nodes::{Nodes, is_empty, remove_key};

pub(super) fn add_rule<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: Node<'t>,
    key: &str,
    first: bool,
    rule: New,
) -> Result<(), Diagnostic> {
    match nodes.value(job, key)?.filter(|list| first && !is_empty(*list)) {
        Some(list) => {
            let outcome = plan.prepend_item(list, rule, Style::of(nodes.tree, list));
            outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
        }
        None => add_rules(plan, nodes, job, key, vec![rule]),
    }
}

/// Adds rules at the end of a list.
pub(super) fn add_rules<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: Node<'t>,
    key: &str,
    rules: Vec<New>,
) -> Result<(), Diagnostic> {
    let outcome = match nodes.value(job, key)? {
        None => plan.append_entry(job, key, New::List(rules), Style::of(nodes.tree, job)),
        Some(list) if is_empty(list) => {
            plan.fill(list, New::List(rules));
            Ok(())
        }
        Some(list) => {
            let style = Style::of(nodes.tree, list);
            rules.into_iter().try_for_each(|rule| plan.append_item(list, rule, style))
        }
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}

/// Writes another text as the value of a field.
pub(super) fn set_field<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: Node<'t>,
    key: &str,
    rule: Span,
    (field, text): (&str, &str),
) -> Result<(), Diagnostic> {
    let Some(list) = nodes.value(job, key)? else { return Ok(()) };
    let rule = nodes.item(list, rule)?;
    if let Some(old) = nodes.value(rule, field)? {
        // A number in quotes would be a text.
        let written = text.parse::<u64>().is_ok() && field == RuleField::Modulus.key();
        plan.rewrite(old, text, written.then(|| text.to_string()));
    }
    Ok(())
}

/// Writes another name where a rule reads a label.
pub(super) fn rename_source<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: Node<'t>,
    key: &str,
    rule: Span,
    (sources, from, to): (&str, &str, &str),
) -> Result<(), Diagnostic> {
    let Some(list) = nodes.value(job, key)? else { return Ok(()) };
    let Some(sources) = nodes.value(nodes.item(list, rule)?, sources)? else { return Ok(()) };
    for source in sources.items().filter(|source| source.resolved().value() == from) {
        plan.rewrite(nodes.item(sources, source.resolved().full_span())?, to, None);
    }
    Ok(())
}

pub(super) fn remove_rules<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: Node<'t>,
    key: &str,
    spans: &[Span],
) -> Result<(), Diagnostic> {
    let Some(list) = nodes.value(job, key)? else { return Ok(()) };
    let items = spans.iter().map(|span| nodes.item(list, *span)).collect::<Result<Vec<_>, _>>()?;
    let is_last = list.items().all(|item| items.iter().any(|gone| gone.id() == item.id()));
    let outcome = if is_last && (!list.is_flow() || job.is_flow()) {
        remove_key(plan, job, key)
    } else {
        items.into_iter().try_for_each(|item| plan.remove_item(list, item))
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}
