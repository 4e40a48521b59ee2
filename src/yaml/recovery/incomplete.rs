//! Which nodes of a tree lose something by the parts that are left out.

use rustc_hash::FxHashSet;

use super::super::tree::{Node, NodeId, NodeKind, Tree};
use super::extent::Cut;
use super::lines::Lines;

/// The nodes that are not complete.
#[derive(Clone, Debug, Default)]
pub(super) struct Incomplete {
    /// All of them.
    pub(super) all: FxHashSet<NodeId>,
    /// Those that lose an entry or an item of their own.
    pub(super) direct: FxHashSet<NodeId>,
}

impl Incomplete {
    /// Finds them; `lines` have the text without the parts.
    pub(super) fn of(tree: &Tree, lines: &Lines, cuts: &[Cut]) -> Self {
        let mut found = Self::default();
        let nodes: Vec<Node<'_>> = tree.nodes().collect();
        for cut in cuts {
            let index = nodes.partition_point(|node| (node.full_span().start as usize) < cut.start);
            found.mark_before(index.checked_sub(1).and_then(|last| nodes.get(last)).copied(), lines, cut);
            found.mark_after(nodes.get(index).copied(), lines, cut);
        }
        found.mark_aliases(tree);
        found
    }

    /// Marks the nodes that begin before a cut.
    fn mark_before(&mut self, last: Option<Node<'_>>, lines: &Lines, cut: &Cut) {
        let mut is_inside = false;
        let mut next = last;
        while let Some(node) = next {
            if !is_inside && holds(node, lines, cut) {
                self.direct.insert(node.id());
                is_inside = true;
            }
            if is_inside && !self.all.insert(node.id()) {
                return;
            }
            next = node.parent();
        }
    }

    /// Marks the collections that begin after a cut of their first entries or items.
    fn mark_after(&mut self, first: Option<Node<'_>>, lines: &Lines, cut: &Cut) {
        let mut next = first;
        while let Some(node) = next {
            let start = node.full_span().start as usize;
            if start < cut.start {
                return;
            }
            let line = lines.get(lines.number_of(start));
            let is_same_level = line.is_some_and(|line| line.indent() >= cut.column);
            if (is_same_level || node.parent().is_none()) && is_block(node) && column(node, lines) <= cut.column {
                self.direct.insert(node.id());
                self.all.insert(node.id());
            }
            next = node.parent();
        }
    }

    /// Marks the aliases of nodes that are not complete, with all that they are in.
    fn mark_aliases(&mut self, tree: &Tree) {
        const MOST_ROUNDS: usize = 20;
        if self.all.is_empty() {
            return;
        }
        let aliases: Vec<Node<'_>> = tree.nodes().filter(|node| node.kind() == NodeKind::Alias).collect();
        for _ in 0..MOST_ROUNDS {
            let count = self.all.len();
            for alias in &aliases {
                if !self.all.contains(&alias.resolved().id()) {
                    continue;
                }
                let mut next = Some(*alias);
                while let Some(node) = next.filter(|node| self.all.insert(node.id())) {
                    next = node.parent();
                }
            }
            if self.all.len() == count {
                return;
            }
        }
    }
}

fn is_block(node: Node<'_>) -> bool {
    matches!(node.kind(), NodeKind::Mapping | NodeKind::Sequence) && !node.is_flow()
}

fn column(node: Node<'_>, lines: &Lines) -> usize {
    lines.column_of(node.span().start as usize)
}

/// Whether a node that begins before a cut has it in itself.
fn holds(node: Node<'_>, lines: &Lines, cut: &Cut) -> bool {
    match node.kind() {
        NodeKind::Mapping | NodeKind::Sequence if node.is_flow() => cut.start < node.span().end as usize,
        NodeKind::Mapping | NodeKind::Sequence => column(node, lines) <= cut.outer_column,
        // All that was below a key is gone.
        NodeKind::Scalar => {
            node.span().is_empty() && node.parent().is_some_and(|parent| column(parent, lines) < cut.outer_column)
        }
        NodeKind::Alias => false,
    }
}
