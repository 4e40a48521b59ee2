//! Which sequence of names a set has: a tree of the names that followed one another in the sets before.

use std::sync::Arc;

use super::super::plan::Plan;
use super::Layout;

/// Nodes and bytes of all names that are remembered.
const MAX_NODES: usize = 1 << 14;
const MAX_BYTES: usize = 4 << 20;
/// Names that can follow one sequence.
const MAX_FOLLOWERS: usize = 32;
/// Sets of a new sequence before its layout is made.
const SETS_BEFORE_LAYOUT: u32 = 2;
/// Sets that are not found before all is forgotten, once nothing more can be remembered.
const PATIENCE: usize = 1 << 12;

/// The sequences met so far.
#[derive(Debug)]
pub(in super::super) struct Sequences {
    plan: Arc<Plan>,
    nodes: Vec<Node>,
    bytes: usize,
    misses: usize,
}

/// A sequence of names, and those that are one longer.
#[derive(Debug, Default)]
struct Node {
    /// The names that follow, as they are in the input, with the number of their node.
    followers: Vec<(Box<[u8]>, u32)>,
    sets: u32,
    /// `None` when the rules cannot be worked out for it.
    layout: Option<Option<Box<Layout>>>,
}

/// The number of a sequence.
pub(in super::super) type SequenceId = u32;

impl Sequences {
    pub(in super::super) const START: SequenceId = 0;

    pub(in super::super) fn new(plan: &Arc<Plan>) -> Self {
        Self { plan: Arc::clone(plan), nodes: vec![Node::default()], bytes: 0, misses: 0 }
    }

    /// The sequence that is one name longer, if the rest of the input begins with that name; and the bytes of it.
    #[inline]
    pub(in super::super) fn follow(&self, id: SequenceId, rest: &[u8]) -> Option<(SequenceId, usize)> {
        let followers = self.nodes.get(id as usize)?.followers.iter();
        let mut found = followers.filter(|(name, _)| rest.starts_with(name));
        found.next().map(|(name, next)| (*next, name.len()))
    }

    /// The sequence that is one name longer.
    #[inline]
    pub(in super::super) fn follow_name(&self, id: SequenceId, name: &[u8]) -> Option<SequenceId> {
        let followers = self.nodes.get(id as usize)?.followers.iter();
        let mut found = followers.filter(|(known, _)| **known == *name);
        found.next().map(|(_, next)| *next)
    }

    /// The layout of a sequence.
    #[inline]
    pub(in super::super) fn layout(&self, id: SequenceId) -> Option<&Layout> {
        self.nodes.get(id as usize)?.layout.as_ref()?.as_deref()
    }

    /// Notes a sequence that has no layout yet: its names, and as they are in the input.
    #[cold]
    pub(in super::super) fn learn<'n>(&mut self, names: impl Iterator<Item = (&'n [u8], &'n str)> + Clone) {
        if names.clone().count() > super::MAX_REGISTERS {
            return;
        }
        let Some(id) = self.node(names.clone().map(|(written, _)| written)) else {
            self.misses += 1;
            if self.misses > PATIENCE {
                *self = Self::new(&self.plan);
            }
            return;
        };
        let Some(node) = self.nodes.get_mut(id as usize) else { return };
        node.sets = node.sets.saturating_add(1);
        if node.layout.is_none() && node.sets >= SETS_BEFORE_LAYOUT {
            let names: Vec<&str> = names.map(|(_, name)| name).collect();
            node.layout = Some(Layout::new(&self.plan, &names).map(Box::new));
        }
    }

    /// The node of a sequence; `None` when there are too many.
    fn node<'n>(&mut self, names: impl Iterator<Item = &'n [u8]>) -> Option<SequenceId> {
        let mut id = Self::START;
        for name in names {
            id = match self.follow_name(id, name) {
                Some(next) => next,
                None => self.add(id, name)?,
            };
        }
        Some(id)
    }

    fn add(&mut self, id: SequenceId, name: &[u8]) -> Option<SequenceId> {
        let next = self.nodes.len() as SequenceId;
        let node = self.nodes.get_mut(id as usize)?;
        if next as usize >= MAX_NODES || self.bytes + name.len() > MAX_BYTES || node.followers.len() >= MAX_FOLLOWERS {
            return None;
        }
        node.followers.push((name.into(), next));
        self.bytes += name.len();
        self.nodes.push(Node::default());
        Some(next)
    }
}
