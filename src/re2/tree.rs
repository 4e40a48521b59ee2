//! A parsed pattern: nodes in an arena, children always before their parents, so no pass over it recurses.

use std::sync::Arc;

/// Index of a node in its [`Tree`].
pub(super) type NodeId = u32;

/// Sorted, disjoint ranges of characters.
pub(super) type Ranges = Arc<[(char, char)]>;

/// A condition that takes no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordBoundary,
    NotWordBoundary,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Empty,
    /// One character.
    Char(char),
    /// One character out of a class; an index into [`Tree::classes`].
    Class(u32),
    Look(Look),
    /// Nodes one after the other; a range of [`Tree::children`].
    Concat(u32, u32),
    /// The first node that leads to a match; a range of [`Tree::children`].
    Alternate(u32, u32),
    Repeat {
        sub: NodeId,
        min: u32,
        max: Option<u32>,
        greedy: bool,
    },
    Capture {
        group: u32,
        sub: NodeId,
    },
}

/// The whole pattern, wrapper included.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) children: Vec<NodeId>,
    pub(super) classes: Vec<Ranges>,
    pub(super) root: NodeId,
    /// Group names by number; the first one represents the whole match.
    pub(super) names: Vec<Option<Box<str>>>,
}

impl Tree {
    pub(super) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id as usize).unwrap_or(&Node::Empty)
    }

    pub(super) fn span(&self, start: u32, end: u32) -> &[NodeId] {
        self.children.get(start as usize..end as usize).unwrap_or(&[])
    }

    pub(super) fn class(&self, index: u32) -> &[(char, char)] {
        self.classes.get(index as usize).map_or(&[], |ranges| ranges)
    }

    /// Which nodes can match without taking a character.
    pub(super) fn nullable(&self) -> Vec<bool> {
        let mut result: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let is = |id: &NodeId| result.get(*id as usize).copied().unwrap_or(true);
            let value = match node {
                Node::Empty | Node::Look(_) => true,
                Node::Char(_) | Node::Class(_) => false,
                Node::Concat(start, end) => self.span(*start, *end).iter().all(is),
                Node::Alternate(start, end) => self.span(*start, *end).iter().any(is),
                Node::Repeat { sub, min, .. } => *min == 0 || is(sub),
                Node::Capture { sub, .. } => is(sub),
            };
            result.push(value);
        }
        result
    }
}
