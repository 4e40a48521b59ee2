//! Whether two trees mean the same, with aliases and merge keys followed.

use rustc_hash::FxHashSet;

use crate::yaml::{Node, NodeId, NodeKind};

/// Keys with their values, in the order in which yaml.v2 sets them: of a key that is set twice, the last one counts.
pub(super) type Pairs<'t> = Vec<(Node<'t>, Node<'t>)>;

/// So many mappings are merged into one at most.
const MOST_MERGED: usize = 1000;

/// Whether both trees mean the same. The order of keys has no meaning.
pub(super) fn is_same_meaning(old: Node<'_>, new: Node<'_>) -> bool {
    let (mut open, mut seen) = (vec![(old, new)], FxHashSet::<(NodeId, NodeId)>::default());
    while let Some((old, new)) = open.pop() {
        let (old, new) = (old.resolved(), new.resolved());
        if !seen.insert((old.id(), new.id())) {
            continue;
        }
        if old.kind() != new.kind()
            || old.tag() != new.tag()
            || (old.kind() == NodeKind::Scalar && !is_same_scalar(old, new))
        {
            return false;
        }
        let (mut items, mut others) = (old.items(), new.items());
        loop {
            match (items.next(), others.next()) {
                (Some(one), Some(other)) => open.push((one, other)),
                (None, None) => break,
                _ => return false,
            }
        }
        if old.kind() != NodeKind::Mapping {
            continue;
        }
        let has_merge = |map: Node<'_>| map.entries().any(|(key, _)| key.is_merge_key());
        if !has_merge(old) && !has_merge(new) {
            let (mut own, mut others) = (old.entries(), new.entries());
            loop {
                match (own.next(), others.next()) {
                    (Some(one), Some(other)) => open.extend([(one.0, other.0), (one.1, other.1)]),
                    (None, None) => break,
                    _ => return false,
                }
            }
            continue;
        }
        let (Some(own), Some(others)) = (effective(old), effective(new)) else { return false };
        if own.len() != others.len() {
            return false;
        }
        for (key, value) in own {
            match others.iter().find(|(other, _)| text_of(*other) == text_of(key)) {
                Some((_, other)) => open.push((value, *other)),
                None => return false,
            }
        }
    }
    true
}

/// Whether both are the same value: other quotes, or a block instead of quotes, make no other text.
fn is_same_scalar(old: Node<'_>, new: Node<'_>) -> bool {
    (old.value() == new.value() && (old.style() == new.style() || (old.is_text() && new.is_text())))
        || (old.is_null() && new.is_null())
}

/// The text of a key, through an alias.
pub(super) fn text_of(key: Node<'_>) -> &str {
    key.resolved().value()
}

/// The pairs of a mapping with those that its merge keys bring, each key once. `None` for what cannot be merged.
pub(super) fn effective(map: Node<'_>) -> Option<Pairs<'_>> {
    let mut last: Pairs<'_> = Vec::new();
    for (key, value) in flattened(map)? {
        match last.iter_mut().find(|(own, _)| text_of(*own) == text_of(key)) {
            Some(own) => *own = (key, value),
            None => last.push((key, value)),
        }
    }
    Some(last)
}

/// All pairs in the order in which they are set.
fn flattened(map: Node<'_>) -> Option<Pairs<'_>> {
    let mut steps = vec![map.entries()];
    let (mut pairs, mut merged) = (Vec::new(), 0);
    while let Some(entries) = steps.last_mut() {
        let Some((key, value)) = entries.next() else {
            steps.pop();
            continue;
        };
        if !key.is_merge_key() {
            pairs.push((key, value));
            continue;
        }
        let sources: Vec<Node<'_>> = match value.kind() {
            NodeKind::Sequence => value.items().map(Node::resolved).collect(),
            NodeKind::Scalar | NodeKind::Mapping | NodeKind::Alias => vec![value.resolved()],
        };
        merged += sources.len();
        if merged > MOST_MERGED || sources.iter().any(|source| source.kind() != NodeKind::Mapping) {
            return None;
        }
        // The one on top is read first: the last of a list.
        steps.extend(sources.into_iter().map(Node::entries));
    }
    Some(pairs)
}

/// The value of a key that a mapping has only by its merge keys.
pub(crate) fn merged_value<'t>(map: Node<'t>, key: &str) -> Option<Node<'t>> {
    effective(map)?.into_iter().find(|(own, _)| text_of(*own) == key).map(|(_, value)| value)
}

/// The value that a mapping would have by its merge keys, if it had not the key itself.
pub(crate) fn value_from_merge<'t>(map: Node<'t>, key: &str) -> Option<Node<'t>> {
    let merged = map.entries().filter(|(own, _)| own.is_merge_key()).map(|(_, value)| value);
    let sources = merged.flat_map(|value| match value.kind() {
        NodeKind::Sequence => value.items().map(Node::resolved).collect(),
        NodeKind::Scalar | NodeKind::Mapping | NodeKind::Alias => vec![value.resolved()],
    });
    sources.filter(|source| source.kind() == NodeKind::Mapping).find_map(|source| merged_value(source, key))
}

/// What a merge key brings to its mapping. `None` where another key of the mapping and what is merged are in each other's
/// way: yaml.v2 and other readers do not agree then on what the mapping has.
pub(super) fn brought<'t>(map: Node<'t>, merge: Node<'t>, value: Node<'t>) -> Option<Pairs<'t>> {
    let sources: Vec<Node<'t>> = match value.kind() {
        NodeKind::Sequence => value.items().map(Node::resolved).collect(),
        NodeKind::Scalar | NodeKind::Mapping | NodeKind::Alias => vec![value.resolved()],
    };
    let own: Pairs<'t> = map.entries().filter(|(key, _)| key.id() != merge.id()).collect();
    let mut brought: Pairs<'t> = Vec::new();
    for source in sources {
        for (key, value) in effective(source).filter(|_| source.kind() == NodeKind::Mapping)? {
            let is_brought = brought.iter().any(|(other, _)| text_of(*other) == text_of(key));
            let same = own.iter().find(|(other, _)| text_of(*other) == text_of(key));
            let joins = |node: Node<'t>| node.resolved().kind() == NodeKind::Mapping;
            match same {
                // A mapping of the source and one of its own are filled together.
                Some((other, of_own)) if other.id() < merge.id() || (joins(value) && joins(*of_own)) => return None,
                Some(_) => {}
                None if is_brought && joins(value) => return None,
                None if is_brought => {}
                None => brought.push((key, value)),
            }
        }
    }
    Some(brought)
}
