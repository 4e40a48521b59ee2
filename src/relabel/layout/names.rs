//! Which sequence of names a set has: a tree of the names that followed one another in the sets before.

use std::sync::Arc;

use super::super::plan::Plan;
use super::build::has_layouts;
use super::{Layout, MAX_REGISTERS, WrittenName};

/// Nodes and bytes of all names that are remembered, and registers of all layouts.
const MAX_NODES: usize = 1 << 13;
const MAX_BYTES: usize = 4 << 20;
const MAX_ALL_REGISTERS: usize = 1 << 18;
/// Nodes that can follow one.
const MAX_FOLLOWERS: usize = 64;
/// Sets of a new sequence before its layout is made.
const SETS_BEFORE_LAYOUT: u32 = 2;
/// Sets that are not found before all is forgotten, once nothing more can be remembered.
const PATIENCE: usize = 1 << 12;

/// The sequences met so far.
#[derive(Debug)]
pub(in super::super) struct Sequences {
    plan: Arc<Plan>,
    /// Whether the sets are bases, as those of samples are.
    is_base: bool,
    /// Whether nothing is remembered, as the plan has no layouts.
    is_off: bool,
    nodes: Vec<Node>,
    bytes: usize,
    registers: usize,
    misses: usize,
}

/// A sequence of names: that of the node before, and some more.
#[derive(Debug, Default)]
struct Node {
    /// The names that it has more, as they are in the input. Only the first node has none.
    names: Vec<Box<[u8]>>,
    /// The nodes with longer sequences, each of which goes on with another name.
    followers: Vec<SequenceId>,
    sets: u32,
    /// `None` when the rules cannot be worked out for it.
    layout: Option<Option<Box<Layout>>>,
}

/// What is known of a sequence.
#[derive(Debug)]
pub(in super::super) enum Known<'s> {
    Layout(&'s Layout),
    /// The rules cannot be worked out for it.
    NoLayout,
    /// Nothing is worked out yet.
    Nothing,
}

/// The number of a sequence.
pub(in super::super) type SequenceId = u32;

/// A set whose sequence is looked for, name by name.
pub(in super::super) trait Walk {
    /// Goes over the next name if it is this one, as it is in the input; says whether it is.
    fn take(&mut self, name: &[u8]) -> bool;
    /// Whether the next name is this one.
    fn is_next(&self, name: &[u8]) -> bool;
    /// Whether there are no more names.
    fn is_done(&self) -> bool;
}

const START: SequenceId = 0;

impl Sequences {
    /// For sets that are the base, or labels added to an empty one.
    pub(in super::super) fn new(plan: &Arc<Plan>, is_base: bool) -> Self {
        let is_off = !has_layouts(plan);
        let nodes = vec![Node::default()];
        Self { plan: Arc::clone(plan), is_base, is_off, nodes, bytes: 0, registers: 0, misses: 0 }
    }

    /// The sequence of a set, if it is known.
    #[inline]
    pub(in super::super) fn find(&self, set: &mut impl Walk) -> Option<SequenceId> {
        let mut id = START;
        loop {
            let node = self.nodes.get(id as usize)?;
            if !node.names.iter().all(|name| set.take(name)) {
                return None;
            }
            if set.is_done() {
                return Some(id);
            }
            id = self.follower(node, |name| set.is_next(name))?;
        }
    }

    /// The node that goes on with a name.
    #[inline]
    fn follower(&self, node: &Node, is_next: impl Fn(&[u8]) -> bool) -> Option<SequenceId> {
        let first = |id: SequenceId| self.nodes.get(id as usize).and_then(|node| node.names.first());
        node.followers.iter().copied().find(|&id| first(id).is_some_and(|name| is_next(name)))
    }

    /// What is known of a sequence.
    #[inline]
    pub(in super::super) fn known(&self, id: SequenceId) -> Known<'_> {
        match self.nodes.get(id as usize).and_then(|node| node.layout.as_ref()) {
            Some(Some(layout)) => Known::Layout(layout),
            Some(None) => Known::NoLayout,
            None => Known::Nothing,
        }
    }

    /// Notes a sequence that has no layout yet.
    #[cold]
    pub(in super::super) fn learn<'n>(&mut self, names: impl Iterator<Item = WrittenName<'n>>) {
        if self.is_off {
            return;
        }
        let names: Vec<WrittenName<'_>> = names.take(MAX_REGISTERS + 1).collect();
        if names.len() > MAX_REGISTERS {
            return;
        }
        if self.learn_names(&names).is_none() {
            self.misses += 1;
            if self.misses > PATIENCE {
                *self = Self::new(&self.plan, self.is_base);
            }
        }
    }

    /// `None` when the tree is full.
    fn learn_names(&mut self, names: &[WrittenName<'_>]) -> Option<()> {
        let id = self.node(names)?;
        let node = self.nodes.get_mut(id as usize)?;
        node.sets = node.sets.saturating_add(1);
        if node.layout.is_none() && node.sets >= SETS_BEFORE_LAYOUT {
            if self.registers > MAX_ALL_REGISTERS {
                return None;
            }
            let layout = Layout::new(&self.plan, self.is_base, names).map(Box::new);
            self.registers += layout.as_ref().map_or(1, |layout| layout.register_count);
            node.layout = Some(layout);
        }
        Some(())
    }

    /// The node of a sequence; `None` when there are too many.
    fn node(&mut self, names: &[WrittenName<'_>]) -> Option<SequenceId> {
        let (mut id, mut rest) = (START, names);
        loop {
            let node = self.nodes.get(id as usize)?;
            let pairs = node.names.iter().zip(rest);
            let common = pairs.take_while(|(known, (name, _))| known.as_ref() == *name).count();
            if common < node.names.len() {
                self.split(id, common)?;
            }
            rest = rest.get(common..)?;
            let Some((next, _)) = rest.first() else { return Some(id) };
            let node = self.nodes.get(id as usize)?;
            id = match self.follower(node, |name| name == *next) {
                Some(follower) => follower,
                None => return self.add(id, rest),
            };
        }
    }

    /// Divides a node after some of its names.
    fn split(&mut self, id: SequenceId, at: usize) -> Option<()> {
        if self.nodes.len() >= MAX_NODES {
            return None;
        }
        let longer = self.nodes.len() as SequenceId;
        let node = self.nodes.get_mut(id as usize)?;
        let names = node.names.split_off(at.min(node.names.len()));
        let shorter = Node { names: std::mem::take(&mut node.names), followers: vec![longer], sets: 0, layout: None };
        let old = std::mem::replace(node, shorter);
        self.nodes.push(Node { names, ..old });
        Some(())
    }

    fn add(&mut self, id: SequenceId, names: &[WrittenName<'_>]) -> Option<SequenceId> {
        let next = self.nodes.len() as SequenceId;
        let bytes: usize = names.iter().map(|(name, _)| name.len()).sum();
        let node = self.nodes.get_mut(id as usize)?;
        if next as usize >= MAX_NODES || self.bytes + bytes > MAX_BYTES || node.followers.len() >= MAX_FOLLOWERS {
            return None;
        }
        node.followers.push(next);
        self.bytes += bytes;
        self.nodes.push(Node { names: names.iter().map(|(name, _)| (*name).into()).collect(), ..Node::default() });
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relabel::{Chain, NameScheme};

    struct Names<'n>(&'n [&'n str]);

    impl Walk for Names<'_> {
        fn take(&mut self, name: &[u8]) -> bool {
            let is_next = self.is_next(name);
            self.0 = self.0.get(usize::from(is_next)..).unwrap_or(&[]);
            is_next
        }

        fn is_next(&self, name: &[u8]) -> bool {
            self.0.first().is_some_and(|first| first.as_bytes() == name)
        }

        fn is_done(&self) -> bool {
            self.0.is_empty()
        }
    }

    #[test]
    fn sequences_are_found_however_they_begin_alike() {
        let chain = Chain::new(&[], NameScheme::Utf8).unwrap();
        let mut sequences = Sequences::new(&chain.plan, true);
        let sets: [&[&str]; 8] = [
            &["a", "b", "c", "d"],
            &["a", "b"],
            &["a", "b", "x"],
            &["a"],
            &[],
            &["b", "a"],
            &["a", "b", "c", "d", "e"],
            &["c"],
        ];
        for (count, set) in sets.iter().enumerate() {
            assert!(!matches!(sequences.find(&mut Names(set)).map(|id| sequences.known(id)), Some(Known::Layout(_))));
            for _ in 0..SETS_BEFORE_LAYOUT {
                sequences.learn(set.iter().map(|name| (name.as_bytes(), *name)));
            }
            for known in &sets[..=count] {
                let id = sequences.find(&mut Names(known)).unwrap();
                let Known::Layout(layout) = sequences.known(id) else { panic!("{known:?} after {count}") };
                assert_eq!(layout.register_count, known.len());
            }
        }
        assert!(sequences.find(&mut Names(&["a", "b", "y"])).is_none());
    }

    #[test]
    fn what_does_not_fit_is_forgotten_in_the_end() {
        let chain = Chain::new(&[], NameScheme::Utf8).unwrap();
        let mut sequences = Sequences::new(&chain.plan, true);
        let mut largest = 0;
        for number in 0..20_000 {
            let names = [(number % 90).to_string(), number.to_string()];
            sequences.learn(names.iter().map(|name| (name.as_bytes(), name.as_str())));
            largest = largest.max(sequences.nodes.len());
        }
        assert!((1_000..=MAX_NODES).contains(&largest), "{largest}");
        assert!(sequences.misses <= PATIENCE);
    }
}
