//! Targets that leave their groups, and what is left of the groups and of their lists.
//!
//! A group without targets goes, and a list without groups with its key. Where these were the last targets of the list, an
//! empty list in brackets stays in their place, so that a target that comes back is where it was.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{ScrapeConfig, TargetGroup};
use crate::diagnostic::Diagnostic;
use crate::text::{Location, Span, Spanned};
use crate::yaml::{Node, NodeId, NodeKind, Tree};
use crate::yaml_edit::{Plan, is_marked, value_from_merge};

use super::groups::{group_of, list_of_groups};
use super::nodes::{Nodes, is_named};

/// Targets that leave their group.
pub(super) struct Leaving<'o> {
    pub(super) job: &'o ScrapeConfig,
    pub(super) group: Location,
    pub(super) targets: &'o FxHashSet<Span>,
    /// Whether an empty list may stay in their place.
    pub(super) may_stay: bool,
}

/// Groups that lose all of their targets, of one list.
pub(super) struct Emptied<'t> {
    pub(super) list: Node<'t>,
    /// The items of the list that are these groups, perhaps aliases.
    pub(super) groups: Vec<Node<'t>>,
    pub(super) may_stay: bool,
}

/// Takes targets out of their groups.
pub(super) fn remove_targets<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    leaving: &[Leaving<'_>],
) -> Result<(), Diagnostic> {
    let mut emptied: Vec<(&ScrapeConfig, Emptied<'t>)> = Vec::new();
    let mut places = FxHashMap::<NodeId, usize>::default();
    let mut seen: FxHashSet<NodeId> = FxHashSet::default();
    for Leaving { job, group, targets, may_stay } in leaving {
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
            emptied.push((job, Emptied { list: groups, groups: Vec::new(), may_stay: *may_stay }));
            emptied.len() - 1
        });
        // The item of the list that is the group, perhaps by an alias.
        let written = groups.items().filter(|item| item.resolved().id() == node.id() && seen.insert(item.id()));
        emptied[place].1.groups.extend(written);
    }
    emptied.iter().try_for_each(|(job, own)| {
        let owner = || own.list.parent().map(|_| nodes.job(job)).transpose();
        remove_groups(plan, nodes, own, &owner)
    })
}

/// Takes groups out of their list, or all targets out of groups that stay. The mapping that has the list is needed where it
/// loses it.
pub(super) fn remove_groups<'t>(
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    emptied: &Emptied<'t>,
    owner: &dyn Fn() -> Result<Option<Node<'t>>, Diagnostic>,
) -> Result<(), Diagnostic> {
    let Emptied { list, groups, may_stay } = emptied;
    let stays = |group: &&Node<'t>| *may_stay && stays(*list, groups, **group);
    let (stay, gone): (Vec<&Node<'t>>, Vec<&Node<'t>>) = groups.iter().partition(stays);
    for targets in stay.into_iter().filter_map(|group| targets_of(*group)) {
        plan.empty_list(targets).map_err(|obstacle| nodes.obstacle(&obstacle))?;
    }
    if gone.is_empty() {
        return Ok(());
    }
    let is_all = list.items().count() == gone.len();
    let of_list = |(_, value): &(Node<'t>, Node<'t>)| value.resolved().id() == list.id();
    let owner = if is_all { owner()? } else { None };
    let entry = owner.and_then(|owner| Some((owner, owner.entries().find(of_list)?)));
    let outcome = match entry {
        Some((owner, (key, value))) if can_go(owner, key) && (!may_stay || goes(plan, owner, (key, value))) => {
            plan.remove_element_of_map(owner, key)
        }
        Some(_) | None if is_all && list.is_flow() => plan.empty_list(*list),
        Some(_) | None => plan.remove_elements(*list, &gone.iter().map(|group| group.id()).collect::<Vec<_>>()),
    };
    outcome.map_err(|obstacle| nodes.obstacle(&obstacle))
}

/// Whether a mapping can lose an entry: it has others, and no merge key brings it another value.
fn can_go<'t>(owner: Node<'t>, key: Node<'t>) -> bool {
    owner.entries().count() > 1 && value_from_merge(owner, key.value()).is_none()
}

/// Whether a job loses all of the targets that are written in its own file.
pub(super) fn loses_all(job: &ScrapeConfig, leaving: &[Leaving<'_>]) -> bool {
    let is_gone = |group: &TargetGroup| {
        let of_group = leaving.iter().find(|own| own.group == group.at());
        let is_gone = |target: &Spanned<String>| of_group.is_some_and(|own| own.targets.contains(&target.span));
        !group.targets.is_empty() && group.targets.iter().all(is_gone)
    };
    let mut own = job.static_configs.iter().filter(|group| group.file == job.file).peekable();
    own.peek().is_some() && own.all(is_gone)
}

/// Whether a group that loses all of its targets stays with an empty list of them: one in brackets, where the list of groups
/// has no other targets. In a list in brackets, only one that was there before its targets.
pub(in crate::edit) fn stays(list: Node<'_>, emptied: &[Node<'_>], group: Node<'_>) -> bool {
    let is_emptied = |group: &Node<'_>| emptied.iter().any(|other| other.id() == group.id());
    let has_targets =
        |group: Node<'_>| targets_of(group.resolved()).is_some_and(|list| list.resolved().items().count() > 0);
    let is_last = !list.items().filter(|group| !is_emptied(group)).any(has_targets);
    let is_kept = |targets: Node<'_>| targets.is_flow() && (!list.is_flow() || is_marked(targets));
    is_last && targets_of(group).is_some_and(is_kept)
}

/// Of groups that lose all of their targets, by their bytes, those that stay.
pub(in crate::edit) fn staying(tree: &Tree, emptied: &[Span]) -> FxHashSet<Span> {
    let group_at = |span: &Span| {
        let is_group = |node: &Node<'_>| node.kind() == NodeKind::Mapping && node.full_span() == *span;
        tree.nodes_at(span.start).find(is_group)
    };
    let groups: Vec<Node<'_>> = emptied.iter().filter_map(group_at).collect();
    let stays = |group: &&Node<'_>| {
        let list = group.parent().filter(|list| list.kind() == NodeKind::Sequence);
        list.is_some_and(|list| stays(list, &groups, **group))
    };
    groups.iter().filter(stays).map(|group| group.full_span()).collect()
}

fn targets_of(group: Node<'_>) -> Option<Node<'_>> {
    let is_targets = |key: Node<'_>| ["targets", "static"].iter().any(|name| is_named(key, name));
    group.entries().find(|(key, _)| is_targets(*key)).map(|(_, list)| list)
}

/// Whether a list of groups that loses all of them goes with its key. In brackets, only one that the mapping has got with its
/// groups; on lines, one without comments of its own.
fn goes<'t>(plan: &Plan<'t>, owner: Node<'t>, (key, value): (Node<'t>, Node<'t>)) -> bool {
    match value.kind() {
        NodeKind::Alias => true,
        _ if value.is_flow() => {
            let is_last = owner.entries().last().is_some_and(|(_, last)| last.id() == value.id());
            owner.is_flow() && is_last && !is_marked(value)
        }
        _ => !plan.has_own_comments(owner, (key, value)),
    }
}
