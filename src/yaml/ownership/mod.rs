//! To which entry or item each byte of a text belongs: for each node its whole item (dash, key, colon, anchor, tag,
//! comma), and the comments that belong to it.
//!
//! An *element* is the root, an item of a list, or an entry of a mapping (its key and its value). The extents of the
//! elements of a collection tile it: between them are only blanks and line breaks.
//!
//! Where a comment belongs:
//! - in the line of an element, to the innermost element that ends in this line; so do the comments right below it
//!   in the same column;
//! - after the key or dash of a block collection in its line, to the element of the collection, as its header;
//! - in its own line, to the next element; but below the last element of a collection that is indented as far as the
//!   comment, and further than the next element, to that last element;
//! - above the first element of a document and separated from it by an empty line, to the document.

mod gap;
#[cfg(test)]
mod tests;
mod walk;

use std::ops::Range;

use crate::text::Span;

use super::tree::{Node, NodeId, Tree};
use walk::Walk;

pub(super) use gap::{Gap, GapPart};

/// The elements of a tree, and the comments of each: see [`Tree::ownership`].
#[derive(Clone, Debug)]
pub struct Ownership {
    elements: Vec<ElementData>,
    comments: Vec<Span>,
}

/// An entry of a mapping, an item of a list, or the root of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'o> {
    /// From its dash, its key or its `?`, with anchors and tags, to the end of its value; with the comma after it.
    pub span: Span,
    /// Its span with the comments that belong to it and to the elements in it.
    pub extent: Span,
    /// The comments above it, each from its `#` to the end of its line.
    pub leading: &'o [Span],
    /// The comments after it in its last line, and below it.
    pub trailing: &'o [Span],
}

/// What is kept of a node.
#[derive(Clone, Debug)]
struct ElementData {
    /// The node whose element this node is in: of a key its value, else the node itself.
    owner: u32,
    span: Span,
    extent: Span,
    leading: Range<u32>,
    trailing: Range<u32>,
    /// For a collection the place from which its elements tile it.
    inner: u32,
}

impl ElementData {
    /// A node of which nothing is known yet.
    fn of(node: NodeId) -> Self {
        let nothing = Span { start: u32::MAX, end: 0 };
        Self { owner: node.index(), span: nothing, extent: nothing, leading: 0..0, trailing: 0..0, inner: 0 }
    }
}

impl Tree {
    /// Finds the element of each node, and the comments of each element. Takes one pass over the tree.
    ///
    /// Of a text with a fault, the elements before it are found.
    ///
    /// ```
    /// let text = "jobs:\n# the first\n- a # one\n# the second\n- b\n";
    /// let tree = promcfg::yaml::Tree::parse(text);
    /// let ownership = tree.ownership();
    /// let (_, jobs) = tree.root().and_then(|root| root.entries().next()).expect("has an entry");
    /// let extents: Vec<&str> = jobs.items().map(|item| ownership.element(item.id()).extent.of(text)).collect();
    /// assert_eq!(extents, ["# the first\n- a # one", "# the second\n- b"]);
    /// ```
    #[must_use]
    pub fn ownership(&self) -> Ownership {
        let (elements, comments) = Walk::new(self).run();
        Ownership { elements, comments }
    }
}

impl Ownership {
    /// The element of a node of this tree: for a key and for a value the entry of both. A node of another tree may get
    /// the empty element at the start of the text.
    ///
    /// ```
    /// let tree = promcfg::yaml::Tree::parse("a: 1 # one\n");
    /// let (key, value) = tree.root().and_then(|root| root.entries().next()).expect("has an entry");
    /// let ownership = tree.ownership();
    /// assert_eq!(ownership.element(key.id()), ownership.element(value.id()));
    /// assert_eq!(ownership.element(key.id()).span.of(tree.text()), "a: 1");
    /// assert_eq!(ownership.element(key.id()).trailing[0].of(tree.text()), "# one");
    /// ```
    #[must_use]
    pub fn element(&self, node: NodeId) -> Element<'_> {
        let owner = self.data(node.index()).map_or(0, |data| data.owner);
        let Some(data) = self.data(owner) else {
            return Element { span: Span::default(), extent: Span::default(), leading: &[], trailing: &[] };
        };
        let comments =
            |range: &Range<u32>| self.comments.get(range.start as usize..range.end as usize).unwrap_or_default();
        Element {
            span: data.span,
            extent: data.extent,
            leading: comments(&data.leading),
            trailing: comments(&data.trailing),
        }
    }

    /// The comments within these bytes, whatever they belong to, each from its `#` to the end of its line.
    pub(crate) fn comments_in(&self, span: Span) -> impl Iterator<Item = Span> + '_ {
        self.comments.iter().copied().filter(move |comment| span.start <= comment.start && comment.end <= span.end)
    }

    /// The part of the text that the extents of a collection's elements tile: between brackets, or from after the
    /// key or the dash to the end of the last extent. `None` for scalars, aliases and empty collections.
    ///
    /// ```
    /// let tree = promcfg::yaml::Tree::parse("a: [b, c # last\n  ] # end\n");
    /// let (_, list) = tree.root().and_then(|root| root.entries().next()).expect("has an entry");
    /// assert_eq!(tree.ownership().inner(list).expect("has items").of(tree.text()), "b, c # last\n  ");
    /// ```
    #[must_use]
    pub fn inner(&self, collection: Node<'_>) -> Option<Span> {
        let entries = collection.entries().flat_map(|(key, value)| [key, value]);
        let (first, last) = collection
            .items()
            .chain(entries)
            .fold((None, None), |(first, _), child: Node<'_>| (first.or(Some(child)), Some(child)));
        let start = self.data(collection.id().index())?.inner as usize;
        let (first, last) = (first?, self.element(last?.id()).extent);
        let end = closing_bracket(collection, first).map_or(last.end, |bracket| bracket.max(last.end));
        Some(Span::new(start, end as usize))
    }

    fn data(&self, index: u32) -> Option<&ElementData> {
        self.elements.get(index as usize)
    }
}

/// Where the closing bracket of a collection is; `None` for block collections, for the pair in `[a: b]`, which is a
/// mapping without brackets, and where a fault comes before the bracket.
fn closing_bracket(collection: Node<'_>, first: Node<'_>) -> Option<u32> {
    let (text, span) = (collection.tree().text(), collection.span());
    let opens = first.full_span().start > span.start && text[span.start as usize..].starts_with(['[', '{']);
    let closes = span.of(text).ends_with([']', '}']);
    (collection.is_flow() && opens && closes).then(|| span.end - 1)
}
