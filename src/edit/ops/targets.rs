//! Targets and groups that are added, in the tree of a config or of a target file, and how those that move are written.

use rustc_hash::FxHashMap;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Location, Span};
use crate::yaml::{Node, NodeKind, Ownership, Tree, comments};
use crate::yaml_edit::{New, Plan, Style, attached};

use super::super::request::refused;
use super::groups::{group_of, list_of_groups};
use super::new::{NewLabel, NewTarget};
use super::nodes::{Nodes, is_empty, is_named};

/// How targets and labels that move are written, each by its place.
pub(in crate::edit) type WrittenTexts = FxHashMap<Location, WrittenText>;

/// A scalar with its comments.
#[derive(Clone, Debug)]
pub(in crate::edit) struct WrittenText {
    value: New,
    /// Whether it is a value in braces.
    is_in_braces: bool,
    above: Vec<String>,
    behind: Option<String>,
}

impl WrittenText {
    /// The scalar at these bytes of a text.
    pub(in crate::edit) fn of(tree: &Tree, ownership: &Ownership, span: Span) -> Option<Self> {
        let is_text = |node: &Node<'_>| matches!(node.kind(), NodeKind::Scalar | NodeKind::Alias);
        let is_here = |node: &Node<'_>| is_text(node) && node.span() == span;
        // With an anchor or a tag it begins before its text.
        let node = tree.nodes_at(span.start).find(is_here).or_else(|| tree.nodes().find(is_here))?;
        let (text, element) = (tree.text(), ownership.element(node.id()));
        let own = node.parent().map_or(element.span, |list| attached(ownership, list, node));
        let goes_along = |comment: &&Span| own.contains(**comment);
        let leading = element.leading.iter().filter(goes_along);
        let mut above: Vec<String> = leading.map(|comment| comment.of(text).to_string()).collect();
        let mut behind = None;
        for comment in element.trailing.iter().filter(goes_along) {
            let between = text.get(element.span.end as usize..comment.start as usize).unwrap_or("");
            match between.contains(['\n', '\r']) || behind.is_some() {
                true => above.push(comment.of(text).to_string()),
                false => behind = Some(format!("{between}{}", comment.of(text))),
            }
        }
        let is_in_braces = node.parent().is_some_and(|map| map.kind() == NodeKind::Mapping && map.is_flow());
        Some(Self { value: New::copy(node), is_in_braces, above, behind })
    }

    /// The comments of the group at these bytes that belong to no target of it.
    pub(in crate::edit) fn add_comments_of(&mut self, tree: &Tree, ownership: &Ownership, group: Span) {
        let is_group = |node: &Node<'_>| node.kind() == NodeKind::Mapping && node.span() == group;
        let Some(node) = tree.nodes_at(group.start).find(is_group) else { return };
        let targets = node.entries().find(|(key, _)| is_named(*key, "targets")).map(|(_, list)| list);
        let of_targets: Vec<Span> = targets
            .into_iter()
            .flat_map(|list| list.items().map(move |item| attached(ownership, list, item)))
            .collect();
        let is_of_target = |comment: &Span| {
            let after = of_targets.partition_point(|own| own.start <= comment.start);
            after.checked_sub(1).is_some_and(|before| of_targets[before].contains(*comment))
        };
        let group = node.parent().map_or(group, |groups| attached(ownership, groups, node));
        let of_group = |comment: &Span| group.contains(*comment) && !is_of_target(comment);
        let comments = comments(tree).into_iter().filter(of_group);
        let texts: Vec<String> = comments.map(|comment| comment.of(tree.text()).to_string()).collect();
        self.above.splice(0..0, texts);
    }

    /// A value with the comments of this one.
    pub(super) fn noted(&self, value: New) -> New {
        if !self.has_comments() {
            return value;
        }
        New::Noted { above: self.above.clone(), value: Box::new(value), behind: self.behind.clone() }
    }

    pub(super) fn has_comments(&self) -> bool {
        !self.above.is_empty() || self.behind.is_some()
    }
}

/// Adds targets at the end of a group.
pub(super) fn add_to_group<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: &ScrapeConfig,
    group: Location,
    targets: &[NewTarget],
    written: &WrittenTexts,
) -> Result<(), Diagnostic> {
    add_to_list(plan, nodes, group_of(nodes, job, group.span)?, "targets", targets, written)
}

/// Adds targets at the end of the list that a mapping has under a key.
pub(super) fn add_to_list<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    node: Node<'t>,
    key: &str,
    targets: &[NewTarget],
    written: &WrittenTexts,
) -> Result<(), Diagnostic> {
    let outcome = match nodes.value(node, key)? {
        None => {
            let items = new_targets(plan, nodes, None, false, targets, written)?;
            plan.append_entry(node, key, New::List(items), Style::of(nodes.tree, node))
        }
        Some(list) if is_empty(list) && has_comments(targets, written) && plan.has_place_for_lines(node, list) => {
            let items = new_targets(plan, nodes, None, false, targets, written)?;
            plan.fill_with_lines(node, list, New::List(items), Style::of(nodes.tree, node));
            Ok(())
        }
        Some(list) if is_empty(list) => {
            let items = new_targets(plan, nodes, None, true, targets, written)?;
            // A group that a list in brackets has got with its targets looks the same.
            plan.fill_list(
                list,
                items,
                node.parent().is_some_and(|groups| groups.kind() == NodeKind::Sequence && groups.is_flow()),
            );
            Ok(())
        }
        Some(list) if list.is_flow() && has_comments(targets, written) && !plan.is_json() => {
            let items = new_targets(plan, nodes, list.items().last(), false, targets, written)?;
            let noted = plan.append_noted(list, items, Style::of(nodes.tree, node));
            return noted.map_err(|_| without_place(nodes, targets, written));
        }
        Some(list) => {
            let items = new_targets(plan, nodes, list.items().last(), list.is_flow(), targets, written)?;
            plan.append_items(list, items, Style::of(nodes.tree, list))
        }
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}

fn has_comments(targets: &[NewTarget], written: &WrittenTexts) -> bool {
    targets.iter().any(|target| text_of(target.from, written).is_some_and(WrittenText::has_comments))
}

/// The refusal of targets with comments that go where a comment has no place.
fn without_place(nodes: Nodes<'_>, targets: &[NewTarget], written: &WrittenTexts) -> Diagnostic {
    let noted = |target: &&NewTarget| text_of(target.from, written).is_some_and(WrittenText::has_comments);
    let target = targets.iter().find(noted);
    let (address, from) = target.map_or(("", None), |target| (target.address.as_str(), target.from));
    let at = from.unwrap_or(Location::new(nodes.file, Span::empty(0)));
    let message = format!("the target {address} has a comment, which has no place where it goes");
    refused(ids::EDIT_COMMENT, at, message)
        .with_note("the targets there are written in brackets, together with something else")
        .with_help("move the comment by hand, then the target")
}

/// A group to be written: its targets, and its labels.
pub(super) type GroupToWrite<'o> = (&'o [NewTarget], &'o [NewLabel]);

/// Adds groups at the end of those that the file has for the job.
pub(super) fn add_groups<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: &ScrapeConfig,
    new: &[GroupToWrite<'_>],
    written: &WrittenTexts,
) -> Result<(), Diagnostic> {
    let owner = || nodes.job(job);
    let place = GroupPlace {
        groups: list_of_groups(nodes, job)?,
        owner: &owner,
        key: "static_configs",
        rules: ["relabel_configs", "metric_relabel_configs"],
    };
    add_groups_at(plan, nodes, &place, new, written)
}

/// Where new groups go: to a list, or to one that a mapping is to have under a key, above its rules.
pub(super) struct GroupPlace<'p, 't> {
    pub(super) groups: Option<Node<'t>>,
    pub(super) owner: &'p dyn Fn() -> Result<Node<'t>, Diagnostic>,
    pub(super) key: &'static str,
    pub(super) rules: [&'static str; 2],
}

/// Adds groups at their place.
pub(super) fn add_groups_at<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    place: &GroupPlace<'_, 't>,
    new: &[GroupToWrite<'_>],
    written: &WrittenTexts,
) -> Result<(), Diagnostic> {
    let is_noted = new.iter().any(|(targets, _)| has_comments(targets, written));
    let owner = match place.groups {
        Some(groups) if !is_empty(groups) => None,
        Some(groups) => groups.parent(),
        None => Some((place.owner)()?),
    };
    let fills_lines = |groups: Node<'t>| is_noted && owner.is_some_and(|owner| plan.has_place_for_lines(owner, groups));
    let is_block = match place.groups {
        Some(groups) if is_empty(groups) => fills_lines(groups) || (groups.parent().is_none() && !plan.is_json()),
        Some(groups) => !groups.is_flow(),
        None => !owner.is_some_and(Node::is_flow),
    };
    let style = GroupStyle { is_block, groups: place.groups };
    let groups = new.iter().map(|group| style.group(plan, nodes, *group, written));
    let groups = groups.collect::<Result<Vec<New>, Diagnostic>>()?;
    let outcome = match (place.groups, owner) {
        (None, Some(owner)) => {
            let (list, style) = (New::List(groups), Style::of(nodes.tree, owner));
            let keys: Vec<Node<'t>> = owner.entries().map(|(key, _)| key).collect();
            let rules = keys.iter().position(|key| place.rules.iter().any(|rules| is_named(*key, rules)));
            match rules.and_then(|at| keys.get(at.checked_sub(1)?)).filter(|_| is_block) {
                Some(above) => plan.insert_entry(owner, Some(*above), place.key, list, style),
                None => plan.append_entry(owner, place.key, list, style),
            }
        }
        (Some(list), Some(owner)) if is_block => {
            plan.fill_with_lines(owner, list, New::List(groups), Style::of(nodes.tree, owner));
            Ok(())
        }
        (Some(list), None) if is_empty(list) && plan.fill_root_with_lines(list, &groups, plan.style(list)) => Ok(()),
        (Some(list), _) if is_empty(list) => {
            // A list that the mapping has got with its groups looks the same.
            let is_last = |owner: Node<'t>| owner.entries().last().is_some_and(|(_, value)| value.id() == list.id());
            let is_marked = owner.is_some_and(|owner| owner.is_flow() && is_last(owner));
            plan.fill_list(list, groups, is_marked);
            Ok(())
        }
        (Some(list), _) => plan.append_items(list, groups, Style::of(nodes.tree, list)),
        (None, None) => Ok(()),
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}

/// How new groups are written: on lines or in brackets, and like the groups beside them.
struct GroupStyle<'t> {
    is_block: bool,
    groups: Option<Node<'t>>,
}

impl<'t> GroupStyle<'t> {
    fn group(
        &self,
        plan: &Plan<'t>,
        nodes: Nodes<'t>,
        (targets, labels): GroupToWrite<'_>,
        written: &WrittenTexts,
    ) -> Result<New, Diagnostic> {
        // Lines of their own say that the group goes with its targets, unless there are others.
        let near = self.groups.and_then(model_among);
        let is_row = !self.is_block || (near.is_some_and(Node::is_flow) && !has_comments(targets, written));
        let neighbor = near.or_else(|| model_of(nodes, None)).and_then(|model| model.items().last());
        let items = new_targets(plan, nodes, neighbor, !self.is_block, targets, written)?;
        let items = if is_row { New::Row(items) } else { New::List(items) };
        let mut group = vec![("targets".to_string(), items)];
        if !labels.is_empty() {
            group.push(("labels".to_string(), self.labels(plan, nodes, labels, written)));
        }
        Ok(New::Map(group))
    }

    /// Labels like those of the groups beside, else as they were written, else like the first ones of the text.
    fn labels(&self, plan: &Plan<'t>, nodes: Nodes<'t>, labels: &[NewLabel], written: &WrittenTexts) -> New {
        let label = |label: &NewLabel| {
            let as_written = text_of(label.from, written).filter(|_| is_here(label.from, nodes) && !plan.is_json());
            let value = as_written.map_or_else(|| New::text(&label.value), |written| written.value.clone());
            (label.name.clone(), value)
        };
        let entries = labels.iter().map(label).collect();
        let is_flow = |map: Node<'t>| map.is_flow();
        let near = self.groups.and_then(|groups| groups.items().filter_map(|group| value_of(group, "labels")).last());
        let before = labels.iter().find_map(|label| text_of(label.from, written)).map(|text| text.is_in_braces);
        let first = || nodes.tree.nodes().take(ENOUGH).find_map(|map| value_of(map, "labels"));
        match near.map(is_flow).or(before).unwrap_or_else(|| first().is_some_and(is_flow)) {
            true => New::InBraces(entries),
            false => New::Map(entries),
        }
    }
}

/// So many nodes are looked at to learn how a text is written.
const ENOUGH: usize = 100_000;

/// A list of targets that shows how a new one is written: the last one of these groups, else the first one of the text.
pub(super) fn model_of<'t>(nodes: Nodes<'t>, groups: Option<Node<'t>>) -> Option<Node<'t>> {
    let first = || nodes.tree.nodes().take(ENOUGH).filter_map(|map| value_of(map, "targets")).find(has_items);
    groups.and_then(model_among).or_else(first)
}

/// The last list of targets of these groups.
fn model_among(groups: Node<'_>) -> Option<Node<'_>> {
    groups.items().filter_map(|group| value_of(group, "targets")).filter(has_items).last()
}

fn has_items(list: &Node<'_>) -> bool {
    list.items().next().is_some()
}

/// The value of a key of a mapping, through aliases; one that has something in it.
fn value_of<'t>(map: Node<'t>, key: &str) -> Option<Node<'t>> {
    let (_, value) = map.resolved().entries().find(|(name, _)| is_named(*name, key))?;
    Some(value.resolved()).filter(|value| value.items().next().is_some() || value.entries().next().is_some())
}

fn text_of(from: Option<Location>, written: &WrittenTexts) -> Option<&WrittenText> {
    from.and_then(|from| written.get(&from))
}

fn is_here(from: Option<Location>, nodes: Nodes<'_>) -> bool {
    from.is_some_and(|from| from.file == nodes.file)
}

/// Targets as they are to be written: those that move within the file as they are, others like their neighbor.
fn new_targets<'t>(
    plan: &Plan<'t>,
    nodes: Nodes<'t>,
    neighbor: Option<Node<'t>>,
    is_in_brackets: bool,
    targets: &[NewTarget],
    written: &WrittenTexts,
) -> Result<Vec<New>, Diagnostic> {
    let new = |target: &NewTarget| {
        let like_neighbor = || plan.like(&target.address, neighbor);
        let Some(text) = text_of(target.from, written) else { return Ok(like_neighbor()) };
        let as_written = is_here(target.from, nodes) && !plan.is_json();
        let value = if as_written { text.value.clone() } else { like_neighbor() };
        match text.has_comments() {
            true if is_in_brackets => Err(without_place(nodes, std::slice::from_ref(target), written)),
            true => {
                let (above, behind) = (text.above.clone(), text.behind.clone());
                Ok(New::Noted { above, value: Box::new(value), behind })
            }
            false => Ok(value),
        }
    };
    targets.iter().map(new).collect()
}
