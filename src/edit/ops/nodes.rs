//! Finds the nodes of a tree that an operation is about, and refuses those that other places share.

use std::cell::RefCell;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{FileId, Location, Span};
use crate::yaml::{Node, NodeId, NodeKind, Tree};
use crate::yaml_edit::{Obstacle, Plan};

use super::super::request::refused;

/// The nodes of the text that is edited.
#[derive(Clone, Copy)]
pub(in crate::edit) struct Nodes<'t> {
    pub(in crate::edit) file: FileId,
    pub(in crate::edit) tree: &'t Tree,
    /// The nodes that other places use and that are changed all the same; `None` where such a change is refused.
    pub(in crate::edit) shared: Option<&'t RefCell<Vec<NodeId>>>,
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

    /// The mapping of a job: an item of the list of jobs, or a text that is the job itself.
    pub(super) fn item_of_job(self, job: &ScrapeConfig) -> Result<Node<'t>, Diagnostic> {
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
        if item.kind() == NodeKind::Alias {
            return Err(self.through_alias(item, "the job"));
        }
        Ok(item)
    }

    /// The list of jobs: `scrape_configs` of a config, or the text as a whole.
    pub(super) fn list_of_jobs(self, root: Node<'t>) -> Result<Option<Node<'t>>, Diagnostic> {
        if root.kind() == NodeKind::Sequence {
            return Ok(Some(root));
        }
        let Some((key, list)) = root.entries().find(|(key, _)| key.value() == "scrape_configs") else {
            return Ok(None);
        };
        if list.kind() == NodeKind::Alias {
            return Err(self.through_alias(list, key.value()));
        }
        self.unshared(list)?;
        Ok(Some(list))
    }

    /// The value of `key` in a mapping, if it has one that is written there and not shared.
    pub(in crate::edit) fn value(self, map: Node<'t>, key: &str) -> Result<Option<Node<'t>>, Diagnostic> {
        let is_own = map.entries().any(|(name, _)| !name.is_merge_key() && name.value() == key);
        for (merge, merged) in map.entries().filter(|(key, _)| key.is_merge_key() && !is_own) {
            let merged = merged.resolved();
            let mut sources: Vec<Node<'t>> = merged.items().map(Node::resolved).collect();
            sources.push(merged);
            let source = sources.iter().find(|source| source.entries().any(|(name, _)| name.value() == key));
            if let (Some(source), Some(shared)) = (source, self.shared) {
                shared.borrow_mut().push(source.id());
                let value = source.entries().find(|(name, _)| name.value() == key).map(|(_, value)| value);
                return value.map(|value| self.resolved(value, key)).transpose();
            }
            if let Some(source) = source {
                let at = Location::new(self.file, merge.full_span());
                return Err(refused(
                    ids::EDIT_MERGED_KEY,
                    at,
                    format!("`{key}` comes from a merge key, which other mappings can share"),
                )
                .with_argument("field", key)
                .with_label(Location::new(self.file, source.full_span()), "defined here")
                .with_help(BOTH_WAYS));
            }
        }
        let Some((_, value)) = map.entries().find(|(name, _)| name.value() == key) else { return Ok(None) };
        self.resolved(value, key).map(Some)
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

    /// The node itself, or the one that an alias repeats, if it may be changed.
    fn resolved(self, node: Node<'t>, what: &str) -> Result<Node<'t>, Diagnostic> {
        match (node.kind(), self.shared) {
            (NodeKind::Alias, Some(shared)) => {
                let anchored = node.resolved();
                shared.borrow_mut().push(anchored.id());
                Ok(anchored)
            }
            (NodeKind::Alias, None) => Err(self.through_alias(node, what)),
            (NodeKind::Scalar | NodeKind::Sequence | NodeKind::Mapping, _) => self.unshared(node).map(|()| node),
        }
    }

    /// The key `name` of a mapping, if it is written there. It is a plain word or a quoted one.
    pub(in crate::edit) fn key(self, map: Node<'t>, name: &str) -> Result<Option<Node<'t>>, Diagnostic> {
        let Some((key, _)) = map.entries().find(|(key, _)| key.value() == name) else { return Ok(None) };
        if key.kind() == NodeKind::Alias {
            return Err(self.through_alias(key, name));
        }
        self.unshared(key)?;
        Ok(Some(key))
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
    pub(super) fn unshared_up(self, node: Node<'t>) -> Result<(), Diagnostic> {
        if node.kind() == NodeKind::Alias {
            return Err(self.through_alias(node, "it"));
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
            shared.borrow_mut().push(node.id());
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

    /// Refuses a change of shared nodes that a place outside of the items of these jobs uses.
    pub(in crate::edit) fn used_only_by(self, jobs: &[&ScrapeConfig]) -> Result<(), Diagnostic> {
        let Some(shared) = self.shared else { return Ok(()) };
        let shared = shared.borrow();
        let is_inside =
            |alias: Node<'t>, span: Span| span.start <= alias.full_span().start && alias.full_span().end <= span.end;
        let is_of_selected = |alias: Node<'t>| {
            let is_within = |node: Node<'t>| node.id() != alias.id() && is_inside(alias, node.full_span());
            jobs.iter().any(|job| job.file == self.file && is_inside(alias, job.span))
                || shared.iter().filter_map(|id| self.tree.get(*id)).any(is_within)
        };
        let aliases = self.tree.nodes().filter(|node| node.kind() == NodeKind::Alias);
        let others: Vec<Node<'t>> =
            aliases.filter(|alias| shared.contains(&alias.resolved().id()) && !is_of_selected(*alias)).collect();
        let is_elsewhere = |node: &Node<'t>| !is_of_selected(*node) && name_of_user(*node).is_some();
        let anchored = shared.iter().filter_map(|id| self.tree.get(*id)).filter(|node| node.anchor().is_some());
        let defined = anchored.filter(is_elsewhere).find(|node| !jobs.iter().any(|job| is_inside(*node, job.span)));
        let Some(anchored) = others.first().map(|alias| alias.resolved()).or(defined) else { return Ok(()) };
        let anchor = anchored.anchor().unwrap_or("");
        let mut refusal = refused(
            ids::EDIT_SHARED_ANCHOR,
            Location::new(self.file, anchored.full_span()),
            format!("jobs that are not selected, or that change differently, use the anchor `&{anchor}`"),
        );
        if let Some(job) = defined.and_then(name_of_user) {
            refusal = refusal.with_note(format!("job {job} defines it"));
        }
        for alias in others.iter().take(10) {
            let user = name_of_user(*alias).map_or("another part".to_string(), |job| format!("job {job}"));
            refusal = refusal.with_label(Location::new(self.file, alias.full_span()), format!("{user} uses it"));
        }
        Err(refusal.with_help("select these jobs as well, or use --through-anchor expand"))
    }

    /// Refuses to remove nodes with an anchor that a place outside of them uses. They are in the order of the text.
    pub(super) fn unused_elsewhere(self, removed: &[Node<'t>]) -> Result<(), Diagnostic> {
        let is_removed = |node: Node<'t>| {
            let before = removed.partition_point(|own| own.id() <= node.id());
            let own = before.checked_sub(1).and_then(|at| removed.get(at));
            own.is_some_and(|own| node.full_span().end <= own.full_span().end)
        };
        let aliases = self.tree.nodes().filter(|node| node.kind() == NodeKind::Alias && !is_removed(*node));
        match aliases.map(Node::resolved).find(|anchored| is_removed(*anchored)) {
            None => Ok(()),
            Some(anchored) => Err(self
                .shared_anchor(anchored, anchored.anchor().unwrap_or(""), self.uses(anchored))
                .with_help("replace the aliases that must differ with the content, or edit it by hand")),
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

const BOTH_WAYS: &str = "use --through-anchor expand to edit a copy, or --through-anchor change to edit what is shared";

/// A refusal of a command that does not copy or change what is shared: what to do instead.
pub(in crate::edit) fn without_ways(refusal: Diagnostic) -> Diagnostic {
    match refusal.help.as_deref() {
        Some(BOTH_WAYS) => {
            refusal.with_help("replace the aliases that must differ with the content, or edit it by hand")
        }
        Some(_) | None => refusal,
    }
}

/// The name of the job that a node is in.
fn name_of_user(node: Node<'_>) -> Option<&str> {
    let mut at = Some(node);
    while let Some(node) = at {
        if let Some((_, name)) = node.entries().find(|(key, _)| key.value() == "job_name") {
            return Some(name.value());
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
    match map.entries().find(|(name, _)| name.value() == key) {
        Some((key, _)) => plan.remove_entry(map, key),
        None => Ok(()),
    }
}
