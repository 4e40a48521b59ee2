//! The proof of an edit: the new text is the old one with what was intended, and nothing else.

use rustc_hash::FxHashMap;

use crate::text::{Edits, Span};
use crate::yaml::{Node, NodeId, NodeKind, Tree};

use super::comments::{Commented, comments_stay};
use super::emit::New;
use super::plan::{Intent, Plan};

/// Why an edit is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unproved {
    /// The operations are in each other's way.
    Overlap,
    /// The new text cannot be read.
    Unreadable,
    /// The new tree is not the intended one; the place is in the old text.
    OtherTree(Span),
    /// A comment would be lost, or stand at something else; the place is in the old text.
    Comment(Span),
}

/// Makes the edits of a plan and proves them. The new tree comes with them.
pub(crate) fn prove(plan: &Plan<'_>) -> Result<(Edits, Tree), Unproved> {
    let edits = plan.edits().ok_or(Unproved::Overlap)?;
    let tree = Tree::parse(edits.apply(plan.tree.text()));
    if tree.fault().is_some() {
        return Err(Unproved::Unreadable);
    }
    let (Some(old), Some(new)) = (plan.tree.root(), tree.root()) else { return Err(Unproved::Unreadable) };
    same_trees(&plan.intents, old, new)?;
    let (old, new) = (Commented::of(plan.tree), Commented::of(&tree));
    comments_stay(&old, &new, &edits, &plan.moved_comments, &plan.gone_comments).map_err(Unproved::Comment)?;
    Ok((edits, tree))
}

/// Whether `new` is `old` with what is intended. Goes through both at once.
pub(super) fn same_trees(
    intended: &FxHashMap<NodeId, Vec<Intent>>,
    old: Node<'_>,
    new: Node<'_>,
) -> Result<(), Unproved> {
    let mut open = vec![(old, new)];
    while let Some((old, new)) = open.pop() {
        let other = Unproved::OtherTree(old.span());
        let intents = intended.get(&old.id()).map_or(&[][..], Vec::as_slice);
        if let Some(value) = intents.iter().find_map(becomes) {
            if !(is_bare(new, old.anchor()) && is_value(new, value)) {
                return Err(other);
            }
            continue;
        }
        if !is_alike(old, new) {
            return Err(other);
        }
        match old.kind() {
            NodeKind::Sequence => same_items(old, new, intents, &mut open).ok_or(other)?,
            NodeKind::Mapping => same_entries(old, new, intents, &mut open).ok_or(other)?,
            NodeKind::Scalar | NodeKind::Alias => {}
        }
    }
    Ok(())
}

/// Whether the items of `new` are these items of a list with what is intended of the list and of the nodes in them. What is to
/// come before `end` comes after them.
pub(super) fn same_items_and_below(
    items: &[Node<'_>],
    new: Node<'_>,
    (of_list, end): (&[Intent], Option<NodeId>),
    of_nodes: &FxHashMap<NodeId, Vec<Intent>>,
) -> Option<()> {
    let tree = items.first()?.tree();
    let mut open = Vec::new();
    let mut left = new.items();
    for item in items {
        added_items(of_list, Some(item.id()), &mut left)?;
        copies(tree, of_list, Some(item.id()), &mut left)?;
        if !is_gone(of_list, *item) {
            open.push((*item, left.next()?));
        }
    }
    added_items(of_list, end, &mut left)?;
    copies(tree, of_list, end, &mut left)?;
    if left.next().is_some() {
        return None;
    }
    open.into_iter().try_for_each(|(old, new)| same_trees(of_nodes, old, new)).ok()
}

/// Whether the items that are to come before the child of that number, or at the end, are the next ones.
fn added_items<'n>(intents: &[Intent], place: Option<NodeId>, left: &mut impl Iterator<Item = Node<'n>>) -> Option<()> {
    for intent in intents {
        if let Intent::Item { before, value } = intent
            && *before == place
        {
            left.next().filter(|added| is_written(*added, value))?;
        }
    }
    Some(())
}

fn becomes(intent: &Intent) -> Option<&New> {
    match intent {
        Intent::Becomes { value } => Some(value),
        _ => None,
    }
}

fn is_alike(old: Node<'_>, new: Node<'_>) -> bool {
    old.kind() == new.kind()
        && old.style() == new.style()
        && old.is_flow() == new.is_flow()
        && old.value() == new.value()
        && old.anchor() == new.anchor()
        && old.tag() == new.tag()
}

fn is_gone(intents: &[Intent], child: Node<'_>) -> bool {
    intents.iter().any(|intent| matches!(intent, Intent::Without { child: gone } if *gone == child.id()))
}

type Pairs<'o, 'n> = Vec<(Node<'o>, Node<'n>)>;

fn same_items<'o, 'n>(old: Node<'o>, new: Node<'n>, intents: &[Intent], open: &mut Pairs<'o, 'n>) -> Option<()> {
    let mut left = new.items();
    for item in old.items() {
        added_items(intents, Some(item.id()), &mut left)?;
        copies(old.tree(), intents, Some(item.id()), &mut left)?;
        if !is_gone(intents, item) {
            open.push((item, left.next()?));
        }
    }
    added_items(intents, None, &mut left)?;
    copies(old.tree(), intents, None, &mut left)?;
    left.next().is_none().then_some(())
}

/// Whether the copies that are to be there are the next items.
fn copies<'n>(
    tree: &Tree,
    intents: &[Intent],
    place: Option<NodeId>,
    left: &mut impl Iterator<Item = Node<'n>>,
) -> Option<()> {
    for intent in intents {
        if let Intent::Copy { before, of, key, text } = intent
            && *before == place
        {
            let item = tree.get(*of)?;
            left.next().filter(|new| is_copy(item, *new, key, text))?;
        }
    }
    Some(())
}

/// Whether a mapping is a copy of another one, without its anchors and with this text as the value of a key.
fn is_copy(old: Node<'_>, new: Node<'_>, key: &str, text: &str) -> bool {
    let mut open = Vec::new();
    let is_same_kind = |old: Node<'_>, new: Node<'_>| {
        old.kind() == new.kind() && old.is_flow() == new.is_flow() && old.tag() == new.tag() && new.anchor().is_none()
    };
    if !is_same_kind(old, new) || old.entries().count() != new.entries().count() {
        return false;
    }
    for ((old_key, old_value), (new_key, new_value)) in old.entries().zip(new.entries()) {
        open.push((old_key, new_key));
        match old_key.value() == key {
            true if new_value.is_text() && new_value.value() == text => {}
            true => return false,
            false => open.push((old_value, new_value)),
        }
    }
    while let Some((old, new)) = open.pop() {
        let is_same = is_same_kind(old, new) && old.style() == new.style() && old.value() == new.value();
        let counts = |node: Node<'_>| (node.items().count(), node.entries().count());
        if !is_same || counts(old) != counts(new) {
            return false;
        }
        open.extend(old.items().zip(new.items()));
        for ((old_key, old_value), (new_key, new_value)) in old.entries().zip(new.entries()) {
            open.extend([(old_key, new_key), (old_value, new_value)]);
        }
    }
    true
}

fn same_entries<'o, 'n>(old: Node<'o>, new: Node<'n>, intents: &[Intent], open: &mut Pairs<'o, 'n>) -> Option<()> {
    let mut left = new.entries();
    let added_at = |place: Option<NodeId>| {
        intents.iter().filter_map(move |intent| match intent {
            Intent::Entry { before, key, value } if *before == place => Some((key, value)),
            _ => None,
        })
    };
    for (key, value) in old.entries() {
        for (name, value) in added_at(Some(key.id())) {
            left.next().filter(|(new_key, added)| new_key.value() == name && is_written(*added, value))?;
        }
        if is_gone(intents, key) {
            continue;
        }
        let (new_key, new_value) = left.next()?;
        open.push((key, new_key));
        open.push((value, new_value));
    }
    for (name, value) in added_at(None) {
        left.next().filter(|(new_key, added)| new_key.value() == name && is_written(*added, value))?;
    }
    left.next().is_none().then_some(())
}

/// Whether a new node reads as the value that was to be written.
fn is_written(node: Node<'_>, value: &New) -> bool {
    is_bare(node, None) && is_value(node, value)
}

/// Whether a node has no tag, and no anchor but this one.
fn is_bare(node: Node<'_>, anchor: Option<&str>) -> bool {
    node.anchor() == anchor && node.tag().is_none()
}

fn is_value(node: Node<'_>, value: &New) -> bool {
    match value {
        New::Text(text) => node.is_text() && node.value() == text,
        New::Noted { value, .. } | New::Apart(value) => is_written(node, value),
        New::Bare(text) | New::Written { text, .. } => node.kind() == NodeKind::Scalar && node.value() == text,
        New::Row(items) | New::List(items) => {
            node.kind() == NodeKind::Sequence
                && node.items().count() == items.len()
                && node.items().zip(items).all(|(node, item)| is_written(node, item))
        }
        New::Map(entries) | New::InBraces(entries) => {
            node.kind() == NodeKind::Mapping
                && node.entries().count() == entries.len()
                && node
                    .entries()
                    .zip(entries)
                    .all(|((key, node), (name, value))| key.is_text() && key.value() == name && is_written(node, value))
        }
    }
}
