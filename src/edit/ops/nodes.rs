//! Finds the nodes of a tree that an operation is about, and refuses those that other places share.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use crate::config::{ScrapeConfig, is_key_of_config};
use crate::diagnostic::{Diagnostic, ids};
use crate::input::operator::{is_object, object_in_words};
use crate::text::{FileId, Location, Span};
use crate::yaml::{Node, NodeId, NodeKind, Tree};
use crate::yaml_edit::{Intent, Obstacle, Plan, merged_value};

use super::super::request::{REMOVED, refused};

/// The nodes of the text that is edited.
#[derive(Clone, Copy)]
pub(in crate::edit) struct Nodes<'t> {
    pub(in crate::edit) file: FileId,
    pub(in crate::edit) tree: &'t Tree,
    /// The nodes that other places use and that are changed all the same; `None` where such a change is refused.
    pub(in crate::edit) shared: Option<&'t RefCell<Shared>>,
}

/// Nodes that several places use and that a change reaches.
#[derive(Debug, Default)]
pub(in crate::edit) struct Shared {
    nodes: FxHashSet<NodeId>,
    /// The aliases by which the change reaches them, and those of them that it reaches where they are written.
    reached: FxHashSet<NodeId>,
}

impl Shared {
    /// A node that is reached by an alias.
    fn by_alias(&mut self, alias: NodeId, node: NodeId) {
        self.nodes.insert(node);
        self.reached.insert(alias);
    }

    /// A node that is reached where it is written.
    fn directly(&mut self, node: NodeId) {
        self.nodes.insert(node);
        self.reached.insert(node);
    }
}

impl<'t> Nodes<'t> {
    /// The mapping of a job, which no other place uses.
    pub(in crate::edit) fn job(self, job: &ScrapeConfig) -> Result<Node<'t>, Diagnostic> {
        let node = self.item_of_job(job)?;
        if node.parent().is_some() {
            self.unshared(node)?;
        }
        Ok(node)
    }

    /// The mapping of a job, of which no other place uses this key.
    pub(super) fn job_without(self, job: &ScrapeConfig, key: &str) -> Result<Node<'t>, Diagnostic> {
        let node = self.item_of_job(job)?;
        let merges_another = |alias: Node<'t>| {
            let map = alias
                .parent()
                .filter(|map| map.entries().any(|(key, value)| key.is_merge_key() && value.id() == alias.id()));
            map.is_some_and(|map| map.entries().any(|(own, _)| is_named(own, key)))
        };
        let mut users =
            self.tree.nodes().filter(|own| own.kind() == NodeKind::Alias && own.resolved().id() == node.id());
        if users.all(merges_another) { Ok(node) } else { self.job(job) }
    }

    /// The mapping of a job: an item of the list of jobs, or a text that is the job itself.
    pub(in crate::edit) fn item_of_job(self, job: &ScrapeConfig) -> Result<Node<'t>, Diagnostic> {
        let missing =
            || refused(ids::EDIT_LAYOUT, Location::new(self.file, job.span), "the job is not found in its list");
        let root = self.tree.root().ok_or_else(missing)?;
        // A text that is the job itself.
        if root.full_span() == job.span && root.kind() == NodeKind::Mapping {
            return Ok(root);
        }
        let list = self.list_of_jobs(root)?.ok_or_else(missing)?;
        let is_job = |node: &Node<'_>| {
            node.full_span() == job.span && node.parent().is_some_and(|parent| parent.id() == list.id())
        };
        let item = self.tree.nodes_at(job.span.start).find(is_job);
        let item = item.or_else(|| list.items().find(|item| item.resolved().full_span() == job.span));
        let item = item.ok_or_else(missing)?;
        match (item.kind(), self.shared) {
            (NodeKind::Alias, Some(_)) => self.resolved(item, "the job"),
            (NodeKind::Alias, None) => Err(self.through_alias(item, "the job")),
            (NodeKind::Scalar | NodeKind::Sequence | NodeKind::Mapping, _) => Ok(item),
        }
    }

    /// The item of the list of jobs that is a job: itself, or an alias of it.
    pub(super) fn written_job(self, job: &ScrapeConfig) -> Result<Node<'t>, Diagnostic> {
        let root = self.tree.root().filter(|root| root.full_span() != job.span);
        let list = root.map(|root| self.list_of_jobs(root)).transpose()?.flatten();
        let item = list.and_then(|list| list.items().find(|item| item.resolved().full_span() == job.span));
        item.map_or_else(|| self.item_of_job(job), Ok)
    }

    /// The list of jobs: `scrape_configs` of a config, or the text as a whole.
    pub(super) fn list_of_jobs(self, root: Node<'t>) -> Result<Option<Node<'t>>, Diagnostic> {
        if root.kind() == NodeKind::Sequence {
            return Ok(Some(root));
        }
        let Some((_, list)) = root.entries().find(|(key, _)| is_named(*key, "scrape_configs")) else {
            return Ok(None);
        };
        self.resolved(list, "scrape_configs").map(Some)
    }

    /// The value of `key` in a mapping, if it has one that is written there and not shared.
    pub(in crate::edit) fn value(self, map: Node<'t>, key: &str) -> Result<Option<Node<'t>>, Diagnostic> {
        if let Some((_, value)) = map.entries().find(|(name, _)| is_named(*name, key)) {
            return self.resolved(value, key).map(Some);
        }
        let Some((merge, _)) = map.entries().find(|(name, _)| name.is_merge_key()) else { return Ok(None) };
        let Some(value) = merged_value(map, key) else { return Ok(None) };
        let Some(source) = value.parent() else { return Ok(None) };
        if let Some(shared) = self.shared {
            self.note_merge(shared, map, source);
            return self.resolved(value, key).map(Some);
        }
        let message = format!("`{key}` comes from a merge key, which other mappings can share");
        Err(refused(ids::EDIT_MERGED_KEY, Location::new(self.file, merge.full_span()), message)
            .with_argument("field", key)
            .with_label(Location::new(self.file, source.full_span()), "defined here")
            .with_help(BOTH_WAYS))
    }

    /// Notes down that a change reaches a mapping by the merge keys of another one, and those of the mappings between them.
    fn note_merge(self, shared: &RefCell<Shared>, map: Node<'t>, source: Node<'t>) {
        let (mut open, mut seen) = (vec![map], FxHashSet::default());
        while let Some(map) = open.pop() {
            for (_, merged) in map.entries().filter(|(key, _)| key.is_merge_key() && seen.insert(key.id())) {
                let items: Vec<Node<'t>> =
                    if merged.kind() == NodeKind::Sequence { merged.items().collect() } else { vec![merged] };
                for item in items {
                    let mapping = item.resolved();
                    let brings = mapping.id() == source.id() || mapping.entries().any(|(key, _)| key.is_merge_key());
                    if brings && item.kind() == NodeKind::Alias {
                        shared.borrow_mut().by_alias(item.id(), mapping.id());
                    }
                    if mapping.id() != source.id() {
                        open.push(mapping);
                    }
                }
            }
        }
    }

    /// An item of a list, by its bytes.
    pub(in crate::edit) fn item(self, list: Node<'t>, span: Span) -> Result<Node<'t>, Diagnostic> {
        let is_item =
            |node: &Node<'_>| node.full_span() == span && node.parent().is_some_and(|parent| parent.id() == list.id());
        let item = self.tree.nodes_at(span.start).find(is_item);
        let item = item.or_else(|| list.items().find(|item| item.resolved().full_span() == span));
        let item = item.ok_or_else(|| {
            refused(ids::EDIT_LAYOUT, Location::new(self.file, span), "the item is not found in its list")
        })?;
        self.resolved(item, "it")
    }

    /// An item of a list that is a text, by the bytes of the text: as it is written, perhaps an alias.
    pub(super) fn text_item(self, list: Node<'t>, span: Span) -> Result<Node<'t>, Diagnostic> {
        let item = list.items().find(|item| item.span() == span || item.full_span() == span);
        item.ok_or_else(|| {
            refused(ids::EDIT_LAYOUT, Location::new(self.file, span), "the item is not found in its list")
        })
    }

    /// The node itself, or the one that an alias repeats, if it may be changed.
    fn resolved(self, node: Node<'t>, what: &str) -> Result<Node<'t>, Diagnostic> {
        match (node.kind(), self.shared) {
            (NodeKind::Alias, Some(shared)) => {
                let anchored = node.resolved();
                shared.borrow_mut().by_alias(node.id(), anchored.id());
                Ok(anchored)
            }
            (NodeKind::Alias, None) => Err(self.through_alias(node, what)),
            (NodeKind::Scalar | NodeKind::Sequence | NodeKind::Mapping, _) => self.unshared(node).map(|()| node),
        }
    }

    /// The key `name` of a mapping, if it is written there. It is a plain word or a quoted one.
    pub(in crate::edit) fn key(self, map: Node<'t>, name: &str) -> Result<Option<Node<'t>>, Diagnostic> {
        let Some((key, _)) = map.entries().find(|(key, _)| is_named(*key, name)) else { return Ok(None) };
        self.resolved(key, name).map(Some)
    }

    fn through_alias(self, alias: Node<'t>, what: &str) -> Diagnostic {
        let anchored = alias.resolved();
        let uses = self.uses(anchored);
        let uses = if uses == 1 { "is used once".to_string() } else { format!("is used {uses} times") };
        refused(ids::EDIT_THROUGH_ALIAS, Location::new(self.file, alias.full_span()), format!("{what} is an alias"))
            .with_label(
                Location::new(self.file, anchored.full_span()),
                format!("the alias repeats this anchor, which {uses}"),
            )
            .with_note("an edit of the anchor would change every place that uses it")
            .with_help(BOTH_WAYS)
    }

    /// Refuses a node that other places use, by itself or with what is around it.
    pub(in crate::edit) fn unshared_up(self, node: Node<'t>) -> Result<(), Diagnostic> {
        if node.kind() == NodeKind::Alias {
            return self.resolved(node, "it").map(|_| ());
        }
        let mut at = Some(node);
        while let Some(node) = at {
            self.unshared(node)?;
            at = node.parent();
        }
        Ok(())
    }

    /// Refuses a node that other places use.
    fn unshared(self, node: Node<'t>) -> Result<(), Diagnostic> {
        let Some(anchor) = node.anchor() else { return Ok(()) };
        let uses = self.uses(node);
        if uses == 0 {
            return Ok(());
        }
        if let Some(shared) = self.shared {
            shared.borrow_mut().directly(node.id());
            return Ok(());
        }
        Err(self.shared_anchor(node, anchor, uses).with_help(BOTH_WAYS))
    }

    fn shared_anchor(self, node: Node<'t>, anchor: &str, uses: usize) -> Diagnostic {
        let places = if uses == 1 { "1 other place uses".to_string() } else { format!("{uses} other places use") };
        refused(
            ids::EDIT_SHARED_ANCHOR,
            Location::new(self.file, node.full_span()),
            format!("the part to change has the anchor `&{anchor}`, which {places}"),
        )
    }

    /// Refuses a change of shared nodes that a place uses by which the change does not reach them, unless it is in the bytes
    /// of these users, of which all that follows from the change is proved.
    /// With `of_targets`, the targets of these jobs are part of that.
    pub(in crate::edit) fn used_only_by(self, users: &[Span], of_targets: bool) -> Result<(), Diagnostic> {
        let Some(shared) = self.shared else { return Ok(()) };
        let shared = shared.borrow();
        let is_inside =
            |node: Node<'t>, span: Span| span.start <= node.full_span().start && node.full_span().end <= span.end;
        // A mapping that is merged into a job is part of the job: all of that is compared.
        let is_merged = |node: Node<'t>| mapping_of_merge(node).is_some_and(|map| map.parent().is_some_and(is_of_jobs));
        let is_compared = |node: Node<'t>| is_merged(node) || (of_targets && is_of_groups(node));
        let is_of_users = |node: Node<'t>| users.iter().any(|span| is_inside(node, *span)) && is_compared(node);
        let is_reached = |node: &Node<'t>| shared.reached.contains(&node.id()) || is_of_users(*node);
        let aliases = self.tree.nodes().filter(|node| node.kind() == NodeKind::Alias);
        let is_shared = |alias: &Node<'t>| shared.nodes.contains(&alias.resolved().id());
        let others: Vec<Node<'t>> = aliases.filter(is_shared).filter(|alias| !is_reached(alias)).collect();
        let nodes = self.tree.nodes().filter(|node| shared.nodes.contains(&node.id()));
        let defined =
            nodes.filter(|node| !is_reached(node)).find(|node| node.anchor().is_some() && !self.is_only_defined(*node));
        let Some(anchored) = others.first().map(|alias| alias.resolved()).or(defined) else { return Ok(()) };
        let anchor = anchored.anchor().unwrap_or("");
        let mut refusal = refused(
            ids::EDIT_SHARED_ANCHOR,
            Location::new(self.file, anchored.full_span()),
            format!("parts that are not selected, or that change differently, use the anchor `&{anchor}`"),
        );
        if let Some(user) = defined.and_then(name_of_user) {
            refusal = refusal.with_note(format!("{user} defines it"));
        }
        refusal = self.with_users(refusal, others.iter().filter(|alias| alias.resolved().id() == anchored.id()));
        Err(refusal.with_help("select these as well, or use --through-anchor expand to edit a copy"))
    }

    /// Whether a node is in a section that has no meaning but to define anchors, such as `defaults`.
    fn is_only_defined(self, node: Node<'t>) -> bool {
        let Some(root) = self.tree.root().filter(|root| root.kind() == NodeKind::Mapping) else { return false };
        let has = |name: &str| root.entries().any(|(key, _)| is_named(key, name));
        let mut entries = root.entries();
        let section = entries.find(|(_, value)| {
            value.full_span().start <= node.full_span().start && node.full_span().end <= value.full_span().end
        });
        section.is_some_and(|(key, _)| !is_key_of_config(key.value()) && !is_object(root) && !has("job_name"))
    }

    /// Refuses a plan that removes nodes with an anchor that another place uses.
    pub(in crate::edit) fn keeps_anchors(self, plan: &Plan<'t>) -> Result<(), Diagnostic> {
        let aliases = || self.tree.nodes().filter(|node| node.kind() == NodeKind::Alias);
        if aliases().next().is_none() {
            return Ok(());
        }
        let mut removed: Vec<(Span, NodeId, bool)> = Vec::new();
        for (id, intent) in plan.intents.iter().flat_map(|(id, intents)| intents.iter().map(move |own| (*id, own))) {
            let node = |id: NodeId| self.tree.get(id);
            match intent {
                Intent::Without { child } => {
                    let Some(own) = node(*child) else { continue };
                    let entry = node(id).and_then(|map| map.entries().find(|(key, _)| key.id() == own.id()));
                    let span = entry.map_or(own.full_span(), |(key, value)| key.full_span().to(value.full_span()));
                    removed.push((span, own.id(), true));
                }
                // The anchor of the node itself stays.
                Intent::Becomes { .. } => removed.extend(node(id).map(|own| (own.full_span(), id, false))),
                Intent::Item { .. } | Intent::Entry { .. } | Intent::Copy { .. } => {}
            }
        }
        let is_gone = |node: Node<'t>| {
            let own = node.full_span();
            removed
                .iter()
                .any(|(span, id, whole)| span.start <= own.start && own.end <= span.end && (*whole || *id != node.id()))
        };
        let left: Vec<Node<'t>> = aliases().filter(|alias| is_gone(alias.resolved()) && !is_gone(*alias)).collect();
        let Some(anchored) = left.first().map(|alias| alias.resolved()) else { return Ok(()) };
        let anchor = anchored.anchor().unwrap_or("");
        let users: Vec<&Node<'t>> = left.iter().filter(|alias| alias.resolved().id() == anchored.id()).collect();
        let places = if users.len() == 1 {
            "1 other place uses".to_string()
        } else {
            format!("{} other places use", users.len())
        };
        let message = format!("the part to remove has the anchor `&{anchor}`, which {places}");
        let refusal = refused(ids::EDIT_SHARED_ANCHOR, Location::new(self.file, anchored.full_span()), message);
        let refusal = self.with_users(refusal, users.into_iter());
        Err(refusal.with_argument(REMOVED, anchor).with_help(MOVED))
    }

    /// Names the users of an anchor, with their places.
    fn with_users<'n>(self, refusal: Diagnostic, aliases: impl Iterator<Item = &'n Node<'t>>) -> Diagnostic
    where
        't: 'n,
    {
        aliases.take(MOST_USERS).fold(refusal, |refusal, alias| {
            let user = name_of_user(*alias).unwrap_or_else(|| "another part".to_string());
            refusal.with_label(Location::new(self.file, alias.full_span()), format!("{user} uses it"))
        })
    }

    /// Notes down a node that is changed, with what is around it, where other places use these.
    pub(in crate::edit) fn note_shared_around(self, node: Node<'t>) {
        let Some(shared) = self.shared else { return };
        let mut at = Some(node);
        while let Some(node) = at {
            if node.anchor().is_some() && self.uses(node) > 0 {
                shared.borrow_mut().directly(node.id());
            }
            at = node.parent();
        }
    }

    fn uses(self, anchored: Node<'t>) -> usize {
        self.tree.nodes().filter(|node| node.kind() == NodeKind::Alias && node.resolved().id() == anchored.id()).count()
    }

    /// An obstacle of the layout, as a refusal.
    pub(in crate::edit) fn obstacle(self, obstacle: &Obstacle) -> Diagnostic {
        match obstacle {
            Obstacle::EndsInBlockScalar(span) => refused(
                ids::EDIT_BLOCK_SCALAR_END,
                Location::new(self.file, *span),
                "the text ends inside this block scalar, without a line end",
            )
            .with_note("a line end after it would become part of its value")
            .with_help("add a line end at the end of the file, or write `|-`"),
            Obstacle::Layout(span) => {
                refused(ids::EDIT_LAYOUT, Location::new(self.file, *span), "this layout has no place for the change")
                    .with_help("write this part on lines of its own")
            }
        }
    }
}

/// So many users of an anchor are named.
const MOST_USERS: usize = 10;

const BOTH_WAYS: &str = "use --through-anchor expand to edit a copy, or --through-anchor change to edit what is shared";

const MOVED: &str =
    "use --through-anchor expand to move this part to the first place that uses it, or change these places as well";

/// Whether a key is this one, perhaps as an alias.
pub(super) fn is_named(key: Node<'_>, name: &str) -> bool {
    !key.is_merge_key() && key.resolved().value() == name
}

/// The mapping that an alias is merged into.
fn mapping_of_merge(alias: Node<'_>) -> Option<Node<'_>> {
    let parent = alias.parent()?;
    let (map, value) = if parent.kind() == NodeKind::Sequence { (parent.parent()?, parent) } else { (parent, alias) };
    let is_merge = |(key, own): (Node<'_>, Node<'_>)| key.is_merge_key() && own.id() == value.id();
    map.entries().any(is_merge).then_some(map)
}

/// Whether a list is the list of jobs.
fn is_of_jobs(list: Node<'_>) -> bool {
    match list.parent() {
        None => true,
        Some(parent) => {
            parent.parent().is_none()
                && parent.entries().any(|(key, value)| is_named(key, "scrape_configs") && value.id() == list.id())
        }
    }
}

/// Whether a node is `static_configs` of a job, or one of its groups.
fn is_of_groups(node: Node<'_>) -> bool {
    let is_value = |value: Node<'_>| {
        value.parent().is_some_and(|job| {
            let mut entries = job.entries();
            let is_own = entries.any(|(key, own)| is_named(key, "static_configs") && own.id() == value.id());
            is_own && job.parent().is_some_and(is_of_jobs)
        })
    };
    is_value(node) || node.parent().is_some_and(|list| list.kind() == NodeKind::Sequence && is_value(list))
}

/// The job or the object that a node is in.
fn name_of_user(node: Node<'_>) -> Option<String> {
    let text = |map: Node<'_>, name: &str| {
        map.entries().find(|(key, _)| is_named(*key, name)).map(|(_, value)| value.resolved().value().to_string())
    };
    let mut at = Some(node);
    while let Some(node) = at {
        if let Some(job) = text(node, "job_name") {
            return Some(format!("job {job}"));
        }
        if let Some(object) = object_in_words(node) {
            return Some(object);
        }
        at = node.parent();
    }
    None
}

/// Whether a node is an empty collection, or a value that is not written.
pub(super) fn is_empty(node: Node<'_>) -> bool {
    node.kind() == NodeKind::Scalar
        || (node.is_flow() && node.items().next().is_none() && node.entries().next().is_none())
}

/// Takes a key out of a mapping, if it has it.
pub(super) fn remove_key<'t>(plan: &mut Plan<'t>, map: Node<'t>, key: &str) -> Result<(), Obstacle> {
    match map.entries().find(|(name, _)| is_named(*name, key)) {
        Some((key, _)) => plan.remove_entry(map, key),
        None => Ok(()),
    }
}
