//! The tree of a text: a flat list of nodes that know their bytes.

use std::sync::Arc;

use crate::text::{Decoded, Encoding, Span};

use super::bounds::Bounds;
use super::build::{Builder, Built};
use super::data::{NodeData, PropertyData, Shape, TextPlace};
use super::fault::SyntaxError;
use super::parser::parse;
use super::read_limit::ReadLimit;
use super::token::ScalarStyle;

/// The first document of a YAML text, as yaml.v2 reads it. Reading never fails: when the text is
/// broken, the tree holds what came before, and [`Tree::fault`] says what is wrong.
///
/// Positions of dashes, colons, commas and comments are not stored: they are between the spans of
/// neighboring nodes, where nothing but they, blanks and line breaks can be.
///
/// ```
/// let tree = promcfg::yaml::Tree::parse("jobs: [a, 'b c'] # two\n");
/// let (key, jobs) = tree.root().and_then(|root| root.entries().next()).expect("has an entry");
/// assert_eq!(key.value(), "jobs");
/// let names: Vec<&str> = jobs.items().map(|item| item.value()).collect();
/// assert_eq!(names, ["a", "b c"]);
/// assert_eq!(jobs.span().of(tree.text()), "[a, 'b c']");
/// ```
#[derive(Clone, Debug)]
pub struct Tree {
    text: Arc<str>,
    /// Texts of scalars that differ from what is written.
    decoded: String,
    nodes: Vec<NodeData>,
    properties: Vec<PropertyData>,
    /// Where the texts are that are not as they are written.
    texts: Vec<Span>,
    tags: Vec<String>,
    fault: Option<SyntaxError>,
    rest: Option<Span>,
    /// How many bytes were read by lines.
    by_lines: usize,
}

/// A node's number in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The node with that number of a tree with so many nodes.
    pub(super) fn of_index(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Its number.
    pub(super) fn index(self) -> u32 {
        self.0
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// A text.
    Scalar,
    /// A list.
    Sequence,
    /// Keys with their values.
    Mapping,
    /// `*name`: represents the node with the anchor `&name`.
    Alias,
}

impl Tree {
    /// Reads the first document of `text`.
    ///
    /// ```
    /// assert!(promcfg::yaml::Tree::parse("# nothing\n").root().is_none());
    /// ```
    #[must_use]
    pub fn parse(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let read_limit = ReadLimit::of(&text, Encoding::Utf8, None);
        Self::build(text, &read_limit)
    }

    /// Reads the first document of a decoded file. Bytes that are not text are a fault only if yaml.v2
    /// would have come upon them.
    ///
    /// ```
    /// let tree = promcfg::yaml::Tree::from_decoded(promcfg::text::decode_text(b"a: \xff"));
    /// assert_eq!(tree.fault().expect("is refused").to_string(), "yaml: invalid leading UTF-8 octet");
    /// ```
    #[must_use]
    pub fn from_decoded(decoded: Decoded) -> Self {
        let read_limit = ReadLimit::of(&decoded.text, decoded.encoding, decoded.fault);
        Self::build(decoded.text.into(), &read_limit)
    }

    /// Reads the first document of a decoded file by the exact engine alone.
    pub(super) fn read_exactly(decoded: Decoded) -> Self {
        let read_limit = ReadLimit::of(&decoded.text, decoded.encoding, decoded.fault);
        Self::read(decoded.text.into(), read_limit, None).0
    }

    fn build(text: Arc<str>, read_limit: &ReadLimit) -> Self {
        let bounds = Bounds::of(&text, read_limit);
        let (tree, took_turns) = Self::read(Arc::clone(&text), read_limit.clone(), bounds);
        if took_turns && tree.fault.is_some() { Self::read(text, read_limit.clone(), None).0 } else { tree }
    }

    /// Reads by lines what can be, and the rest by the exact engine; without `bounds` that reads all. Gives also
    /// whether there were such lines.
    fn read(text: Arc<str>, read_limit: ReadLimit, bounds: Option<Bounds>) -> (Self, bool) {
        let mut builder = Builder::new(text.len());
        let outcome = parse(&text, read_limit, bounds, &mut builder);
        let rest = if outcome.fault.is_none() { content_behind(&text, outcome.document_end) } else { None };
        let Built { nodes, properties, texts } = builder.finish();
        let tree = Self {
            text,
            decoded: outcome.decoded,
            nodes,
            properties,
            texts,
            tags: outcome.tags,
            fault: outcome.fault,
            rest,
            by_lines: outcome.by_lines,
        };
        (tree, outcome.took_turns)
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The document's node; `None` when the text holds nothing but blanks and comments.
    #[must_use]
    pub fn root(&self) -> Option<Node<'_>> {
        self.node(0)
    }

    /// What keeps the text from being read to the end.
    #[must_use]
    pub fn fault(&self) -> Option<&SyntaxError> {
        self.fault.as_ref()
    }

    /// What follows the first document and is ignored, if anything does.
    ///
    /// ```
    /// let tree = promcfg::yaml::Tree::parse("a: 1\n---\nb: 2\n");
    /// assert_eq!(tree.rest().map(|rest| rest.start), Some(5));
    /// ```
    #[must_use]
    pub fn rest(&self) -> Option<Span> {
        self.rest
    }

    /// All nodes in the order of the text, a collection before what is in it.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        let count = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        (0..count).map(|index| Node { tree: self, index })
    }

    /// The nodes from this one on, in the order of the text.
    pub(crate) fn nodes_from(&self, first: NodeId) -> impl Iterator<Item = Node<'_>> {
        let count = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        (first.0..count).map(|index| Node { tree: self, index })
    }

    /// The nodes that begin at an offset, their anchors and tags included, the outermost first.
    pub(crate) fn nodes_at(&self, start: u32) -> impl Iterator<Item = Node<'_>> {
        let count = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let begins_before = |index: u32| Node { tree: self, index }.full_span().start < start;
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            if begins_before(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.nodes_from(NodeId(low)).take_while(move |node| node.full_span().start == start)
    }

    /// How many bytes of the text were read by lines.
    pub(super) fn by_lines(&self) -> usize {
        self.by_lines
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node of that number.
    #[must_use]
    pub fn get(&self, id: NodeId) -> Option<Node<'_>> {
        self.node(id.0)
    }

    fn node(&self, index: u32) -> Option<Node<'_>> {
        self.nodes.get(index as usize).map(|_| Node { tree: self, index })
    }
}

/// What is after the first document, blanks and comments aside.
fn content_behind(text: &str, end: usize) -> Option<Span> {
    let mut at = end;
    for line in text.get(end..)?.split_inclusive(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        let content = line.trim();
        let is_indicator = at == end && content == "...";
        if !content.is_empty() && !content.starts_with('#') && !is_indicator {
            return Some(Span::new(at, text.len()));
        }
        at += line.len();
    }
    None
}

/// A node of a [`Tree`]. Copying is free.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: u32,
}

impl<'t> Node<'t> {
    fn data(self) -> &'t NodeData {
        // A node is only made for an index that is there.
        &self.tree.nodes[self.index as usize]
    }

    /// Its number.
    #[must_use]
    pub fn id(self) -> NodeId {
        NodeId(self.index)
    }

    /// The tree it is in.
    #[must_use]
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> NodeKind {
        match self.data().shape {
            Shape::Scalar(_) => NodeKind::Scalar,
            Shape::Sequence { .. } => NodeKind::Sequence,
            Shape::Mapping { .. } => NodeKind::Mapping,
            Shape::Alias => NodeKind::Alias,
        }
    }

    /// Its bytes, from its first to its last: quotes, brackets and the header of a block scalar
    /// included, anchor and tag not. What is not written (the value of `a:`) is empty, and is
    /// where it would be written.
    #[must_use]
    pub fn span(self) -> Span {
        self.data().span
    }

    /// Its bytes with its anchor and tag.
    #[must_use]
    pub fn full_span(self) -> Span {
        let span = self.span();
        self.properties().map_or(span, |properties| Span::new(properties.start as usize, span.end as usize))
    }

    /// How it is written, if it is a scalar.
    #[must_use]
    pub fn style(self) -> Option<ScalarStyle> {
        match self.data().shape {
            Shape::Scalar(style) => Some(style),
            _ => None,
        }
    }

    /// Whether it is a collection in brackets.
    #[must_use]
    pub fn is_flow(self) -> bool {
        matches!(self.data().shape, Shape::Sequence { is_flow: true } | Shape::Mapping { is_flow: true })
    }

    /// The text of a scalar, escapes and line breaks resolved; the name of an alias; empty for a
    /// collection.
    #[must_use]
    pub fn value(self) -> &'t str {
        let data = self.data();
        match data.text {
            TextPlace::Written => data.written_text().of(&self.tree.text),
            TextPlace::Source => self.text_place().of(&self.tree.text),
            TextPlace::Decoded => self.text_place().of(&self.tree.decoded),
        }
    }

    /// The place of the text of a scalar in the source, if it is there as it is read: no escapes,
    /// no folded lines.
    #[must_use]
    pub fn raw_text_span(self) -> Option<Span> {
        let data = self.data();
        match (data.shape, data.text) {
            (Shape::Scalar(_), TextPlace::Written) => Some(data.written_text()),
            (Shape::Scalar(_), TextPlace::Source) => Some(self.text_place()),
            (Shape::Scalar(_), TextPlace::Decoded)
            | (Shape::Sequence { .. } | Shape::Mapping { .. } | Shape::Alias, _) => None,
        }
    }

    /// The place of a text that is not as it is written.
    fn text_place(self) -> Span {
        self.tree.texts.get(self.data().link as usize).copied().unwrap_or_default()
    }

    /// Its anchor's name.
    #[must_use]
    pub fn anchor(self) -> Option<&'t str> {
        self.properties().and_then(|properties| properties.anchor).map(|anchor| anchor.of(&self.tree.text))
    }

    /// Its tag with its handle looked up, such as `tag:yaml.org,2002:str`.
    #[must_use]
    pub fn tag(self) -> Option<&'t str> {
        let tag = self.properties()?.tag?;
        self.tree.tags.get(tag as usize).map(String::as_str)
    }

    fn properties(self) -> Option<&'t PropertyData> {
        if !self.data().has_properties {
            return None;
        }
        let index = self.tree.properties.binary_search_by_key(&self.index, |properties| properties.node).ok()?;
        self.tree.properties.get(index)
    }

    /// The node it is in; a key's is the mapping.
    #[must_use]
    pub fn parent(self) -> Option<Node<'t>> {
        self.tree.node(self.data().parent)
    }

    /// The items of a list, in order; nothing for other nodes.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        let is_list = self.kind() == NodeKind::Sequence;
        self.children().filter(move |_| is_list)
    }

    /// The keys and values of a mapping, in order, merge keys and repeated keys as written; nothing
    /// for other nodes.
    #[must_use]
    pub fn entries(self) -> NodeEntries<'t> {
        let is_mapping = self.kind() == NodeKind::Mapping;
        NodeEntries {
            children: if is_mapping { self.children() } else { Children { tree: self.tree, next: 0, end: 0 } },
        }
    }

    /// Whether a node of the same tree has the same bytes, which are read in the same way, for it and all that is in it. A
    /// node with an anchor, a tag, an alias or a text that is not as it is written repeats none.
    pub(crate) fn is_repetition_of(self, other: Node<'t>) -> bool {
        let nodes = |node: Self| {
            let (first, end) = (node.index as usize, node.data().next(node.index) as usize);
            self.tree.nodes.get(first..end).unwrap_or(&[])
        };
        let (own, others) = (nodes(self), nodes(other));
        let start = |node: Self| node.span().start;
        // What is counted from the beginning of the node.
        let relative = |data: &NodeData, node: Self| {
            let next = if matches!(data.shape, Shape::Scalar(_)) { data.link } else { data.link - node.index };
            (data.span.start - start(node), data.span.end - start(node), next, data.shape)
        };
        let is_plain =
            |data: &NodeData| !data.has_properties && data.text == TextPlace::Written && data.shape != Shape::Alias;
        own.len() == others.len()
            && self.span().of(&self.tree.text) == other.span().of(&self.tree.text)
            && own
                .iter()
                .zip(others)
                .all(|(one, two)| is_plain(one) && is_plain(two) && relative(one, self) == relative(two, other))
    }

    fn children(self) -> Children<'t> {
        let data = self.data();
        let next = self.index + 1;
        Children { tree: self.tree, next, end: data.next(self.index) }
    }

    /// The node an alias represents; itself for other nodes. An alias may represent a node that it is in.
    #[must_use]
    pub fn resolved(self) -> Node<'t> {
        let data = self.data();
        match data.shape {
            Shape::Alias => self.tree.node(data.link).unwrap_or(self),
            _ => self,
        }
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {}", self.kind(), self.span())
    }
}

/// The keys and values of a mapping: see [`Node::entries`].
#[derive(Clone, Debug)]
pub struct NodeEntries<'t> {
    children: Children<'t>,
}

impl<'t> Iterator for NodeEntries<'t> {
    type Item = (Node<'t>, Node<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        Some((self.children.next()?, self.children.next()?))
    }
}

#[derive(Clone, Debug)]
struct Children<'t> {
    tree: &'t Tree,
    next: u32,
    /// The number of the first node after its descendants.
    end: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.next >= self.end {
            return None;
        }
        let node = self.tree.node(self.next)?;
        self.next = node.data().next(self.next);
        Some(node)
    }
}
