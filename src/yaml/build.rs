//! Events to the tree.

use rustc_hash::FxHashMap;

use crate::text::Span;

use super::data::{NONE, NodeData, PropertyData, Shape};
use super::events::unknown_anchor;
use super::fault::Read;
use super::parser::{Event, EventKind, Sink};
use super::scanner::Scanner;
use super::token::{ScalarStyle, TextRef};

/// Makes nodes of events.
pub(super) struct Builder {
    nodes: Vec<NodeData>,
    properties: Vec<PropertyData>,
    /// Where the texts are that are not as they are written.
    texts: Vec<Span>,
    anchors: FxHashMap<String, u32>,
    /// The collection we are in.
    current: u32,
    /// Where the content read so far ends: no later node may begin before it.
    end: u32,
}

/// The lists of a tree.
pub(super) struct Built {
    pub(super) nodes: Vec<NodeData>,
    pub(super) properties: Vec<PropertyData>,
    pub(super) texts: Vec<Span>,
}

/// A state of the builder to go back to: see [`Builder::rewind`].
#[derive(Clone, Copy)]
pub(super) struct BuilderMark {
    nodes: usize,
    texts: usize,
    current: u32,
    end: u32,
}

impl Builder {
    pub(super) fn new(bytes: usize) -> Self {
        // Pages that are not written to cost nothing.
        const BYTES_A_NODE: usize = 16;
        Self {
            nodes: Vec::with_capacity(bytes / BYTES_A_NODE),
            properties: Vec::new(),
            texts: Vec::new(),
            anchors: FxHashMap::default(),
            current: NONE,
            end: 0,
        }
    }

    /// The nodes; collections that a fault left open end where their last child does.
    pub(super) fn finish(mut self) -> Built {
        while let Some(node) = self.nodes.get(self.current as usize).copied() {
            let last = self.last_child(self.current);
            let span = last.map_or(node.span, |last| node.span.to(last));
            self.end_current(span);
        }
        self.nodes.shrink_to_fit();
        Built { nodes: self.nodes, properties: self.properties, texts: self.texts }
    }

    /// The span of the last child of the innermost open collection.
    fn last_child(&self, node: u32) -> Option<Span> {
        let mut last = None;
        let mut next = node + 1;
        while let Some(child) = self.nodes.get(next as usize) {
            last = Some(child.span);
            next = child.next(next);
        }
        last
    }

    fn end_current(&mut self, span: Span) {
        let count = self.count();
        if let Some(node) = self.nodes.get_mut(self.current as usize) {
            node.span = span;
            node.link = count;
            self.current = node.parent;
        }
    }

    /// The number of the next node.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(NONE)
    }

    fn add(&mut self, shape: Shape, event: &Event, text: TextRef) -> u32 {
        let index = self.count();
        let (span, text) = self.place(event.content, text);
        let mut node = NodeData::new(shape, span, self.current);
        node.place_text(text, &mut self.texts);
        if event.tag.is_some() || (event.anchor.is_some() && shape != Shape::Alias) {
            node.has_properties = true;
            let anchor = event.anchor.map(|anchor| anchor.span);
            self.properties.push(PropertyData { node: index, start: event.marks.start, anchor, tag: event.tag });
        }
        self.nodes.push(node);
        index
    }

    /// A node's span, after all content before it: where yaml.v2 has its tokens out of order (`[]: a`
    /// inside of a mapping), a collection seems to begin too early.
    fn place(&mut self, content: Span, text: TextRef) -> (Span, TextRef) {
        let before = self.end;
        self.end = before.max(content.end);
        if content.start >= before {
            return (content, text);
        }
        let start = Span::empty(before as usize);
        let text = if text.span.is_empty() { TextRef { span: start, ..text } } else { text };
        (Span { end: self.end, ..start }, text)
    }

    fn open(&mut self, shape: Shape, event: &Event, scanner: &Scanner<'_>) {
        let index = self.add(shape, event, TextRef::default());
        self.remember_anchor(event, index, scanner);
        self.current = index;
    }

    /// Ends the collection we are in.
    pub(super) fn close(&mut self, end: u32) {
        if let Some(node) = self.nodes.get(self.current as usize) {
            let span = Span { start: node.span.start, end: end.max(node.span.start) };
            self.end = self.end.max(span.end);
            self.end_current(span);
        }
    }

    fn remember_anchor(&mut self, event: &Event, index: u32, scanner: &Scanner<'_>) {
        if let Some(anchor) = event.anchor {
            self.anchors.insert(scanner.text(anchor).to_string(), index);
        }
    }
}

/// Nodes that are read by lines, in the order of the text.
impl Builder {
    /// Adds a scalar that reads as it is written.
    #[inline]
    pub(super) fn scalar(&mut self, style: ScalarStyle, span: Span) {
        self.nodes.push(NodeData::new(Shape::Scalar(style), span, self.current));
    }

    /// Adds a scalar with its text.
    pub(super) fn decoded_scalar(&mut self, style: ScalarStyle, span: Span, text: Span) {
        let mut node = NodeData::new(Shape::Scalar(style), span, self.current);
        node.place_text(TextRef { span: text, is_decoded: true }, &mut self.texts);
        self.nodes.push(node);
    }

    /// Begins a collection; it ends with [`Builder::close`].
    pub(super) fn collection(&mut self, shape: Shape, span: Span) {
        let index = self.count();
        self.nodes.push(NodeData::new(shape, span, self.current));
        self.current = index;
    }

    /// Adds an alias; `None` without effect when no anchor has its name.
    pub(super) fn alias(&mut self, span: Span, name: &str) -> Option<()> {
        let target = *self.anchors.get(name)?;
        let mut node = NodeData::new(Shape::Alias, span, self.current);
        node.link = target;
        self.nodes.push(node);
        Some(())
    }

    /// Gives a node the anchor `&name` at `anchor`. No node after it has an anchor or a tag.
    pub(super) fn give_anchor(&mut self, node: u32, anchor: Span, text: &str) {
        let name = Span { start: anchor.start + 1, end: anchor.end };
        if let Some(data) = self.nodes.get_mut(node as usize) {
            data.has_properties = true;
            self.properties.push(PropertyData { node, start: anchor.start, anchor: Some(name), tag: None });
            self.anchors.insert(name.of(text).to_string(), node);
        }
    }

    /// What the collection is that we are in.
    pub(super) fn current_shape(&self) -> Option<Shape> {
        self.nodes.get(self.current as usize).map(|node| node.shape)
    }

    /// Notes that all content up to `end` was read.
    pub(super) fn set_end(&mut self, end: u32) {
        self.end = self.end.max(end);
    }

    pub(super) fn mark(&self) -> BuilderMark {
        BuilderMark { nodes: self.nodes.len(), texts: self.texts.len(), current: self.current, end: self.end }
    }

    /// Forgets the nodes since `mark`, none of which has properties or ended a collection from before.
    pub(super) fn rewind(&mut self, mark: BuilderMark) {
        self.nodes.truncate(mark.nodes);
        self.texts.truncate(mark.texts);
        self.current = mark.current;
        self.end = mark.end;
    }
}

impl Sink for Builder {
    fn take(&mut self, event: Event, scanner: &Scanner<'_>, _tags: &[String]) -> Read<()> {
        match event.kind {
            EventKind::DocumentStart | EventKind::DocumentEnd => {}
            EventKind::Scalar(style, text) => {
                let index = self.add(Shape::Scalar(style), &event, text);
                self.remember_anchor(&event, index, scanner);
            }
            EventKind::SequenceStart { is_flow } => self.open(Shape::Sequence { is_flow }, &event, scanner),
            EventKind::MappingStart { is_flow } => self.open(Shape::Mapping { is_flow }, &event, scanner),
            EventKind::SequenceEnd | EventKind::MappingEnd => self.close(event.content.end),
            EventKind::Alias => {
                let name = event.anchor.unwrap_or_default();
                let Some(&target) = self.anchors.get(scanner.text(name)) else {
                    return Err(unknown_anchor(scanner.text(name), event.content));
                };
                let index = self.add(Shape::Alias, &event, name);
                if let Some(node) = self.nodes.get_mut(index as usize) {
                    node.link = target;
                }
            }
        }
        Ok(())
    }
}
