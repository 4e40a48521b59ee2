//! Operations on the targets of groups, in the tree of a config or of a target file.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Location, Span};
use crate::yaml::{Node, NodeId, NodeKind, Ownership, Tree};
use crate::yaml_edit::{New, Obstacle, Plan, Style, attached};

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
        Some(Self { value: New::copy(node), above, behind })
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
        let comments = ownership.comments_in(group).filter(|comment| !is_of_target(comment));
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

/// Targets that leave their group.
pub(super) struct Leaving<'o> {
    pub(super) job: &'o ScrapeConfig,
    pub(super) group: Location,
    pub(super) targets: &'o FxHashSet<Span>,
}

/// Takes targets out of their groups; a group that loses all of them goes, and a section that loses all of its groups.
pub(super) fn remove_targets<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    leaving: &[Leaving<'_>],
) -> Result<(), Diagnostic> {
    let mut emptied: Vec<(&ScrapeConfig, Node<'t>, Vec<Node<'t>>)> = Vec::new();
    let mut places = FxHashMap::<NodeId, usize>::default();
    let mut seen: FxHashSet<NodeId> = FxHashSet::default();
    for Leaving { job, group, targets } in leaving {
        let node = group_of(nodes, job, group.span)?;
        let Some(list) = nodes.value(node, "targets")? else { continue };
        let items = targets.iter().map(|target| nodes.text_item(list, *target)).collect::<Result<Vec<_>, _>>()?;
        if list.items().count() > items.len() {
            // Groups that share a list lose a target of it once.
            let ids: Vec<NodeId> = items.into_iter().map(Node::id).filter(|id| seen.insert(*id)).collect();
            if ids.is_empty() {
                continue;
            }
            plan.remove_elements(list, &ids).map_err(|obstacle| nodes.obstacle(&obstacle))?;
            continue;
        }
        let Some(groups) = list_of_groups(nodes, job)? else { continue };
        let place = *places.entry(groups.id()).or_insert_with(|| {
            emptied.push((job, groups, Vec::new()));
            emptied.len() - 1
        });
        // The item of the list that is the group, perhaps by an alias.
        let written = groups.items().filter(|item| item.resolved().id() == node.id() && seen.insert(item.id()));
        emptied[place].2.extend(written);
    }
    emptied.into_iter().try_for_each(|(job, groups, gone)| remove_groups(plan, nodes, job, (groups, &gone)))
}

fn remove_groups<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: &ScrapeConfig,
    (groups, gone): (Node<'t>, &[Node<'t>]),
) -> Result<(), Diagnostic> {
    let is_all = groups.items().count() == gone.len();
    let outcome = match groups.parent() {
        Some(_) if is_all => {
            let job = nodes.job(job)?;
            match job.entries().find(|(_, value)| value.resolved().id() == groups.id()) {
                Some((key, _)) => plan.remove_element_of_map(job, key),
                None => Err(Obstacle::Layout(groups.span())),
            }
        }
        Some(_) | None => plan.remove_elements(groups, &gone.iter().map(|group| group.id()).collect::<Vec<_>>()),
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
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
        Some(list) if is_empty(list) => {
            let items = new_targets(plan, nodes, None, true, targets, written)?;
            plan.fill(list, New::Row(items));
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

/// Adds a group at the end of the groups that the file has for the job.
pub(super) fn add_group<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: &ScrapeConfig,
    targets: &[NewTarget],
    labels: &[NewLabel],
    written: &WrittenTexts,
) -> Result<(), Diagnostic> {
    let owner = || nodes.job(job);
    let place = GroupPlace { groups: list_of_groups(nodes, job)?, owner: &owner, key: "static_configs" };
    add_group_at(plan, nodes, &place, targets, labels, written)
}

/// Where a new group goes: to a list, or to one that a mapping is to have under a key.
pub(super) struct GroupPlace<'p, 't> {
    pub(super) groups: Option<Node<'t>>,
    pub(super) owner: &'p dyn Fn() -> Result<Node<'t>, Diagnostic>,
    pub(super) key: &'static str,
}

/// Adds a group at its place.
pub(super) fn add_group_at<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    place: &GroupPlace<'_, 't>,
    targets: &[NewTarget],
    labels: &[NewLabel],
    written: &WrittenTexts,
) -> Result<(), Diagnostic> {
    let groups = place.groups;
    let model = model_of(nodes, groups);
    let is_block_item = match groups {
        Some(groups) => !groups.is_flow() && !is_empty(groups),
        None => !(place.owner)()?.is_flow(),
    };
    let is_row = !is_block_item || (model.is_none_or(Node::is_flow) && !has_comments(targets, written));
    let neighbor = model.and_then(|model| model.items().last());
    let items = new_targets(plan, nodes, neighbor, !is_block_item, targets, written)?;
    let items = if is_row { New::Row(items) } else { New::List(items) };
    let mut group = vec![("targets".to_string(), items)];
    if !labels.is_empty() {
        let label = |label: &NewLabel| {
            let as_written = text_of(label.from, written).filter(|_| is_here(label.from, nodes) && !plan.is_json());
            let value = as_written.map_or_else(|| New::text(&label.value), |written| written.value.clone());
            (label.name.clone(), value)
        };
        group.push(("labels".to_string(), New::Map(labels.iter().map(label).collect())));
    }
    let group = New::Map(group);
    let outcome = match groups {
        None => {
            let owner = (place.owner)()?;
            plan.append_entry(owner, place.key, New::List(vec![group]), Style::of(nodes.tree, owner))
        }
        Some(groups) if is_empty(groups) => {
            plan.fill(groups, New::List(vec![group]));
            Ok(())
        }
        Some(groups) => plan.append_items(groups, vec![group], Style::of(nodes.tree, groups)),
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}

/// Adds a target file to `file_sd_configs` of a job.
pub(super) fn add_file_entry<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    job: &ScrapeConfig,
    path: &str,
) -> Result<(), Diagnostic> {
    let node = nodes.job(job)?;
    let entry = New::Map(vec![("files".to_string(), New::Row(vec![New::text(path)]))]);
    let outcome = match nodes.value(node, "file_sd_configs")? {
        None => {
            // Above `static_configs`: below, it would be among the lines that go with the last target.
            let keys: Vec<Node<'t>> = node.entries().map(|(key, _)| key).collect();
            let place = keys.iter().position(|key| is_named(*key, "static_configs"));
            let above = place.and_then(|place| keys.get(place.checked_sub(1)?)).copied();
            let (list, style) = (New::List(vec![entry]), Style::of(nodes.tree, node));
            match above {
                Some(above) => plan.insert_entry(node, Some(above), "file_sd_configs", list, style),
                None => plan.append_entry(node, "file_sd_configs", list, style),
            }
        }
        Some(list) if is_empty(list) => {
            plan.fill(list, New::List(vec![entry]));
            Ok(())
        }
        Some(list) => plan.append_items(list, vec![entry], Style::of(nodes.tree, list)),
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}

/// A list of targets that shows how a new one is written: the last one of these groups, else the first one of the text.
pub(super) fn model_of<'t>(nodes: Nodes<'t>, groups: Option<Node<'t>>) -> Option<Node<'t>> {
    let targets =
        |map: Node<'t>| map.entries().find(|(key, _)| is_named(*key, "targets")).map(|(_, list)| list.resolved());
    let has_items = |list: &Node<'t>| list.items().next().is_some();
    let near =
        groups.and_then(|groups| groups.items().map(Node::resolved).filter_map(targets).filter(has_items).last());
    const ENOUGH: usize = 100_000;
    near.or_else(|| nodes.tree.nodes().take(ENOUGH).filter_map(targets).find(has_items))
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
