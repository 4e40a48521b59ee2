//! The keys of a tree, as `crate::format` wants them.

use crate::format::{Key, MOST_DEPTH, Outline, shortened};
use crate::yaml::{Node, NodeKind, Tree};

/// The keys of all documents of a text. The first is taken from the tree, the others from their lines.
pub(super) fn outline_of(tree: &Tree) -> Outline<'_> {
    let mut outline = Outline::default();
    if let Some(root) = tree.root() {
        add(root, 0, false, &mut outline);
    }
    if let Some(rest) = tree.rest() {
        let lines = Outline::of_lines(tree.text().get(rest.range()).unwrap_or(""));
        outline.append(lines);
    }
    outline
}

/// Adds the keys of a collection; the depth is bounded, so that this ends.
fn add<'t>(node: Node<'t>, depth: usize, is_item: bool, outline: &mut Outline<'t>) {
    if depth >= MOST_DEPTH || outline.is_full() {
        return;
    }
    match node.kind() {
        NodeKind::Sequence => add_items(node, depth, outline),
        NodeKind::Mapping => {
            for (index, (key, value)) in node.entries().enumerate() {
                let is_item = is_item && index == 0;
                let text = if value.kind() == NodeKind::Scalar { shortened(value.value()) } else { "" };
                outline.push(Key { depth, document: 0, is_item, name: key.value(), value: text });
                add(value, depth + 1, false, outline);
            }
        }
        NodeKind::Scalar | NodeKind::Alias => {}
    }
}

/// Lists in lists are no depth of their own; a few of them are looked into.
fn add_items<'t>(list: Node<'t>, depth: usize, outline: &mut Outline<'t>) {
    for item in list.items() {
        if item.kind() == NodeKind::Mapping {
            add(item, depth, true, outline);
        }
    }
}
