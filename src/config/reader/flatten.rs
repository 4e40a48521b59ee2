//! The keys and values of a mapping with what its merge keys bring, in the order yaml.v2 sets them.

use crate::yaml::{Node, NodeEntries, NodeId, NodeKind};

use super::Reader;

/// A key and its value, and where they come from.
#[derive(Clone, Copy)]
pub(super) struct Pair<'t> {
    pub(super) key: Node<'t>,
    pub(super) value: Node<'t>,
    /// The mapping they are in: the node itself, or one merged into it.
    pub(super) mapping: NodeId,
    /// The alias they come through, if any.
    pub(super) alias: Option<Node<'t>>,
}

/// A mapping that is being read.
struct Frame<'t> {
    entries: NodeEntries<'t>,
    mapping: NodeId,
    alias: Option<Node<'t>>,
    enters_alias: bool,
}

const NO_MAP: &str = "map merge requires map or sequence of maps as the value";

impl<'t> Reader<'t> {
    /// The pairs of a mapping. Merged mappings are read where their `<<` is; of a list of them
    /// the last is read first.
    pub(super) fn flatten(&mut self, mapping: Node<'t>) -> Vec<Pair<'t>> {
        const USUAL: usize = 8;
        let mut pairs = Vec::with_capacity(USUAL);
        if !mapping.entries().any(|(key, _)| key.is_merge_key()) {
            let own = |(key, value)| Pair { key, value, mapping: mapping.id(), alias: None };
            pairs.extend(mapping.entries().map(own));
            return pairs;
        }
        let mut frames =
            vec![Frame { entries: mapping.entries(), mapping: mapping.id(), alias: None, enters_alias: false }];
        while let Some(frame) = frames.last_mut() {
            let Some((key, value)) = frame.entries.next() else {
                if frame.enters_alias {
                    self.budget.leave();
                }
                frames.pop();
                continue;
            };
            let alias = frame.alias;
            if !key.is_merge_key() {
                pairs.push(Pair { key, value, mapping: frame.mapping, alias });
                continue;
            }
            if !self.merge(value, alias, &mut frames) {
                break;
            }
        }
        for frame in frames.iter().filter(|frame| frame.enters_alias) {
            debug_assert!(frame.alias.is_some());
            self.budget.leave();
        }
        pairs
    }

    /// Puts the mappings that `value` represents on the stack; whether it represents mappings.
    fn merge(&mut self, value: Node<'t>, alias: Option<Node<'t>>, frames: &mut Vec<Frame<'t>>) -> bool {
        let merged: Vec<Node<'t>> = match value.kind() {
            NodeKind::Sequence => value.items().collect(),
            _ => vec![value],
        };
        // The one on top of the stack is read first: the last of a list.
        merged.into_iter().all(|node| self.push_merged(node, alias, frames))
    }

    fn push_merged(&mut self, node: Node<'t>, alias: Option<Node<'t>>, frames: &mut Vec<Frame<'t>>) -> bool {
        let mapping = node.resolved();
        if mapping.kind() != NodeKind::Mapping {
            self.stop(node, NO_MAP);
            return false;
        }
        let enters_alias = node.kind() == NodeKind::Alias;
        let entered = if enters_alias { self.budget.enter(node) } else { Ok(()) };
        if let Err(message) = entered.and_then(|()| self.budget.count()) {
            self.stop(node, &message);
            return false;
        }
        let alias = if enters_alias { Some(node) } else { alias };
        frames.push(Frame { entries: mapping.entries(), mapping: mapping.id(), alias, enters_alias });
        true
    }

    /// Looks at the value of a pair, counted as aliased if the pair is.
    pub(super) fn visit_pair<R: Default>(&mut self, pair: Pair<'t>, look: impl FnOnce(&mut Self, Node<'t>) -> R) -> R {
        let Some(alias) = pair.alias else { return self.visit(pair.value, look) };
        self.budget.open.push(alias.id());
        let answer = self.visit(pair.value, look);
        self.budget.leave();
        answer
    }
}
