//! RegexCache so simple that no engine is needed to match them.

use super::tree::{Look, Node, NodeId, Tree};

/// Texts a finite pattern may represent before it counts as general.
const MAX_TEXTS: usize = 1024;
/// Bytes of all of them together.
const MAX_BYTES: usize = 1 << 16;

/// What a pattern amounts to, wrapper included. `.` counts as "any character" only where it matches newline,
/// as it does in a relabel rule unless `(?-s)` is used.
///
/// ```
/// use promcfg::re2::{Regex, Shape, ShapePart};
/// let regex = Regex::new("__meta_(.+)").unwrap();
/// let Shape::Prefix { prefix, rest_may_be_empty, groups } = regex.shape() else { panic!() };
/// assert_eq!((&**prefix, *rest_may_be_empty, &**groups), ("__meta_", false, &[ShapePart::Rest][..]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// The text must be one of these: a literal, an alternation of literals, or anything else that represents
    /// a limited number of texts. Sorted, without repeats; empty when nothing can match.
    Texts {
        /// The texts.
        texts: Box<[Box<str>]>,
        /// What each group, from group 1 on, holds after a match.
        groups: Box<[ShapePart]>,
    },
    /// The text must start with a prefix (which may be empty), followed by anything: `(.*)`, `.+`, `foo_(.*)`.
    Prefix {
        /// The prefix.
        prefix: Box<str>,
        /// Whether nothing at all may follow: `.*` rather than `.+`.
        rest_may_be_empty: bool,
        /// What each group, from group 1 on, holds after a match.
        groups: Box<[ShapePart]>,
    },
    /// The text must end with a suffix, after anything: `.*foo`, `(.+)_total`.
    Suffix {
        /// The suffix, never empty.
        suffix: Box<str>,
        /// Whether nothing at all may come before.
        rest_may_be_empty: bool,
        /// What each group, from group 1 on, holds after a match.
        groups: Box<[ShapePart]>,
    },
    /// The text must hold an infix, with anything before and after it: `.*foo.*`, `.+foo.*`.
    Infix {
        /// The infix, never empty.
        infix: Box<str>,
        /// Whether nothing at all may come before.
        start_may_be_empty: bool,
        /// Whether nothing at all may follow.
        end_may_be_empty: bool,
        /// What each group, from group 1 on, holds after a match: always the whole text.
        groups: Box<[ShapePart]>,
    },
    /// Anything else: use the engine.
    General,
}

/// What a group of a simple pattern holds after a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapePart {
    /// The whole text.
    Whole,
    /// The part that is the fixed prefix or suffix.
    Fixed,
    /// The part besides the prefix or suffix.
    Rest,
}

/// Finds the shape of a parsed pattern.
pub(super) fn shape(tree: &Tree) -> Shape {
    simple(tree).unwrap_or(Shape::General)
}

fn simple(tree: &Tree) -> Option<Shape> {
    let items = flatten(tree, tree.root)?;
    let [start, inner @ .., end] = &items[..] else { return None };
    if !matches!(tree.node(*start), Node::Look(Look::TextStart))
        || !matches!(tree.node(*end), Node::Look(Look::TextEnd))
    {
        return None;
    }
    let mut groups = Vec::new();
    let mut inner = without_anchors(tree, inner).to_vec();
    // A group around everything.
    while let [only] = inner[..] {
        let sub = match *tree.node(only) {
            Node::Capture { sub, .. } => {
                groups.push(ShapePart::Whole);
                sub
            }
            Node::Concat(..) => only,
            _ => break,
        };
        inner = without_anchors(tree, &flatten(tree, sub)?).to_vec();
    }
    if tree.names.len() == groups.len() + 1
        && let Some(texts) = texts(tree, &inner)
    {
        return Some(Shape::Texts { texts, groups: groups.into() });
    }
    infix(tree, &inner, &groups).or_else(|| open_ended(tree, &inner, groups))
}

/// The items without `^` before all others and `$` after them, where they say nothing new.
fn without_anchors<'i>(tree: &Tree, mut items: &'i [NodeId]) -> &'i [NodeId] {
    while let [first, rest @ ..] = items
        && matches!(tree.node(*first), Node::Look(Look::TextStart))
    {
        items = rest;
    }
    while let [rest @ .., last] = items
        && matches!(tree.node(*last), Node::Look(Look::TextEnd))
    {
        items = rest;
    }
    items
}

/// A fixed text between two repeats of any character, in no groups but those around everything.
fn infix(tree: &Tree, items: &[NodeId], groups: &[ShapePart]) -> Option<Shape> {
    let [first, fixed @ .., last] = items else { return None };
    let start_may_be_empty = any_repeat(tree, *first)?;
    let end_may_be_empty = any_repeat(tree, *last)?;
    if fixed.is_empty() || tree.names.len() != groups.len() + 1 {
        return None;
    }
    let infix: String = fixed.iter().map(|&id| fixed_text(tree, id)).collect::<Option<_>>()?;
    let groups = groups.into();
    (!infix.is_empty()).then(|| Shape::Infix { infix: infix.into(), start_may_be_empty, end_may_be_empty, groups })
}

/// Whether a repeat of any character may be empty; `None` for any other node.
fn any_repeat(tree: &Tree, id: NodeId) -> Option<bool> {
    match *tree.node(id) {
        Node::Repeat { sub, min: min @ (0 | 1), max: None, .. } if is_any(tree, sub) => Some(min == 0),
        _ => None,
    }
}

/// A fixed text and one repeat of any character, in either order.
fn open_ended(tree: &Tree, items: &[NodeId], mut groups: Vec<ShapePart>) -> Option<Shape> {
    let mut fixed = String::new();
    let mut rest: Option<(usize, bool)> = None;
    for (index, &id) in items.iter().enumerate() {
        let (id, group_count) = without_groups(tree, id);
        let part = match any_repeat(tree, id) {
            Some(may_be_empty) if rest.is_none() => {
                rest = Some((index, may_be_empty));
                ShapePart::Rest
            }
            _ => {
                fixed.push_str(&fixed_text(tree, id)?);
                ShapePart::Fixed
            }
        };
        // A group must hold all of the fixed text, or all of the rest.
        if group_count > 0 && part == ShapePart::Fixed && items.len() != 2 {
            return None;
        }
        groups.extend((0..group_count).map(|_| part));
    }
    let (index, rest_may_be_empty) = rest?;
    if groups.len() + 1 != tree.names.len() {
        return None;
    }
    let groups = groups.into();
    if index + 1 == items.len() {
        return Some(Shape::Prefix { prefix: fixed.into(), rest_may_be_empty, groups });
    }
    (index == 0).then(|| Shape::Suffix { suffix: fixed.into(), rest_may_be_empty, groups })
}

/// What is inside the groups that hold nothing but one node, and their number.
fn without_groups(tree: &Tree, mut id: NodeId) -> (NodeId, usize) {
    let mut count = 0;
    while let Node::Capture { sub, .. } = *tree.node(id) {
        id = sub;
        count += 1;
    }
    (id, count)
}

/// Whether a node is one character, whichever.
fn is_any(tree: &Tree, id: NodeId) -> bool {
    matches!(*tree.node(id), Node::Class(index) if *tree.class(index) == [('\0', char::MAX)])
}

/// The text of a node that consists of plain characters.
fn fixed_text(tree: &Tree, id: NodeId) -> Option<String> {
    let items = flatten(tree, id)?;
    items.iter().map(|&id| if let Node::Char(c) = *tree.node(id) { Some(c) } else { None }).collect()
}

/// The items of nested concatenations, as one list. Long ones are not simple.
fn flatten(tree: &Tree, root: NodeId) -> Option<Vec<NodeId>> {
    let mut open = vec![root];
    let mut items = Vec::new();
    while let Some(id) = open.pop() {
        match *tree.node(id) {
            Node::Concat(start, end) => open.extend(tree.span(start, end).iter().rev()),
            Node::Empty => {}
            _ => items.push(id),
        }
        if items.len() + open.len() > MAX_BYTES {
            return None;
        }
    }
    Some(items)
}

/// All texts the items represent, if they hold no groups and are not too many.
fn texts(tree: &Tree, items: &[NodeId]) -> Option<Box<[Box<str>]>> {
    let last = *items.iter().max().unwrap_or(&0) as usize;
    if tree.nodes.len() > MAX_BYTES {
        return None;
    }
    let mut found: Vec<Option<Vec<String>>> = Vec::with_capacity(last + 1);
    for node in tree.nodes.iter().take(last + 1) {
        // A character has one text, which is made where it is needed.
        let texts = if matches!(node, Node::Char(_)) { None } else { texts_of(tree, node, &mut found) };
        found.push(texts);
    }
    let all = product(tree, items, &mut found)?;
    let mut all: Vec<Box<str>> = all.into_iter().map(String::into_boxed_str).collect();
    all.sort_unstable();
    all.dedup();
    Some(all.into())
}

fn take(tree: &Tree, found: &mut [Option<Vec<String>>], id: NodeId) -> Option<Vec<String>> {
    match *tree.node(id) {
        Node::Char(c) => Some(vec![c.to_string()]),
        _ => found.get_mut(id as usize)?.take(),
    }
}

fn texts_of(tree: &Tree, node: &Node, found: &mut [Option<Vec<String>>]) -> Option<Vec<String>> {
    match *node {
        Node::Empty => Some(vec![String::new()]),
        Node::Char(c) => Some(vec![c.to_string()]),
        Node::Class(index) => {
            let ranges = tree.class(index);
            let count: usize = ranges.iter().map(|&(low, high)| (low..=high).take(20).count()).sum();
            (count <= 16).then(|| ranges.iter().flat_map(|&(low, high)| low..=high).map(String::from).collect())
        }
        Node::Concat(start, end) => product(tree, tree.span(start, end), found),
        Node::Alternate(start, end) => {
            let mut all = Vec::new();
            for &id in tree.span(start, end) {
                all.extend(take(tree, found, id)?);
                if all.len() > MAX_TEXTS {
                    return None;
                }
            }
            Some(all)
        }
        Node::Repeat { sub, min: 0, max: Some(1), .. } => {
            let mut all = take(tree, found, sub)?;
            all.push(String::new());
            Some(all)
        }
        Node::Look(_) | Node::Repeat { .. } | Node::Capture { .. } => None,
    }
}

/// Every text of the first node followed by every text of the second, and so on.
fn product(tree: &Tree, items: &[NodeId], found: &mut [Option<Vec<String>>]) -> Option<Vec<String>> {
    let mut all = vec![String::new()];
    // Bytes of all of them together.
    let mut size = 0;
    for &id in items {
        if let Node::Char(c) = *tree.node(id) {
            size += c.len_utf8() * all.len();
            all.iter_mut().for_each(|text| text.push(c));
        } else {
            let set = take(tree, found, id)?;
            let added: usize = set.iter().map(String::len).sum();
            size = size * set.len() + added * all.len();
            if all.len() * set.len() > MAX_TEXTS || size > MAX_BYTES {
                return None;
            }
            match &set[..] {
                [only] => all.iter_mut().for_each(|text| text.push_str(only)),
                set => all = all.iter().flat_map(|head| set.iter().map(move |tail| format!("{head}{tail}"))).collect(),
            }
        }
        if size > MAX_BYTES {
            return None;
        }
    }
    Some(all)
}
