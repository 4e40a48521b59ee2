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
    /// Which reading of a mapping they are from: one that is merged twice is read twice.
    pub(super) reading: u32,
    /// The alias they come through, if any.
    pub(super) alias: Option<Node<'t>>,
}

impl<'t> Pair<'t> {
    /// A pair of the mapping itself.
    pub(super) fn own(mapping: Node<'t>, key: Node<'t>, value: Node<'t>) -> Self {
        Self { key, value, mapping: mapping.id(), reading: 0, alias: None }
    }
}

/// What is still to be read.
enum Step<'t> {
    /// The rest of a mapping.
    Read(Frame<'t>),
    /// A node to be merged, and the alias it comes through.
    Merge(Node<'t>, Option<Node<'t>>),
}

/// A mapping that is being read.
struct Frame<'t> {
    entries: NodeEntries<'t>,
    mapping: NodeId,
    reading: u32,
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
            pairs.extend(mapping.entries().map(|(key, value)| Pair::own(mapping, key, value)));
            return pairs;
        }
        let frame =
            Frame { entries: mapping.entries(), mapping: mapping.id(), reading: 0, alias: None, enters_alias: false };
        let (mut steps, mut readings) = (vec![Step::Read(frame)], 1);
        while let Some(step) = steps.last_mut() {
            let frame = match step {
                Step::Read(frame) => frame,
                Step::Merge(node, alias) => {
                    let (node, alias) = (*node, *alias);
                    steps.pop();
                    let Some(frame) = self.merged(node, alias, readings) else { break };
                    readings += 1;
                    steps.push(Step::Read(frame));
                    continue;
                }
            };
            let Some((key, value)) = frame.entries.next() else {
                if frame.enters_alias {
                    self.budget.leave();
                }
                steps.pop();
                continue;
            };
            let alias = frame.alias;
            if !key.is_merge_key() {
                pairs.push(Pair { key, value, mapping: frame.mapping, reading: frame.reading, alias });
                continue;
            }
            match value.kind() {
                // The one on top is read first: the last of a list.
                NodeKind::Sequence => steps.extend(value.items().map(|item| Step::Merge(item, alias))),
                NodeKind::Scalar | NodeKind::Mapping | NodeKind::Alias => steps.push(Step::Merge(value, alias)),
            }
        }
        for step in &steps {
            if let Step::Read(Frame { enters_alias: true, .. }) = step {
                self.budget.leave();
            }
        }
        pairs
    }

    /// The mapping that a merged node represents; `None` with a fault if it represents none.
    fn merged(&mut self, node: Node<'t>, alias: Option<Node<'t>>, reading: u32) -> Option<Frame<'t>> {
        let mapping = node.resolved();
        if mapping.kind() != NodeKind::Mapping {
            self.give_up_on(node, NO_MAP);
            return None;
        }
        let enters_alias = node.kind() == NodeKind::Alias;
        if enters_alias && let Err(message) = self.budget.enter(node) {
            self.give_up_on(node, &message);
            return None;
        }
        if let Err(message) = self.budget.count() {
            self.stop(node, &message);
            if enters_alias {
                self.budget.leave();
            }
            return None;
        }
        let alias = if enters_alias { Some(node) } else { alias };
        Some(Frame { entries: mapping.entries(), mapping: mapping.id(), reading, alias, enters_alias })
    }

    /// Looks at the value of a pair, counted as aliased if the pair is.
    pub(super) fn visit_pair<R: Default>(&mut self, pair: Pair<'t>, look: impl FnOnce(&mut Self, Node<'t>) -> R) -> R {
        self.through(pair, |reader| reader.visit(pair.value, look))
    }

    /// Reads the value of a pair, which counts as aliased if the pair is.
    pub(super) fn through<R>(&mut self, pair: Pair<'t>, read: impl FnOnce(&mut Self) -> R) -> R {
        let Some(alias) = pair.alias else { return read(self) };
        self.budget.open.push(alias.id());
        let answer = read(self);
        self.budget.leave();
        answer
    }
}
