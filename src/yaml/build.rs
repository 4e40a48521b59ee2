//! Events to the tree.

use rustc_hash::FxHashMap;

use crate::text::Span;

use super::data::{NONE, NodeData, PropertyData, Shape};
use super::events::unknown_anchor;
use super::fault::Read;
use super::parser::{Event, EventKind, Sink};
use super::scanner::Scanner;
use super::token::TextRef;

/// Makes nodes of events.
pub(super) struct Builder {
    nodes: Vec<NodeData>,
    properties: Vec<PropertyData>,
    anchors: FxHashMap<String, u32>,
    /// The collections we are in, each with its last child.
    open: Vec<(u32, u32)>,
    /// Where the content read so far ends: no later node may begin before it.
    end: u32,
}

impl Builder {
    pub(super) fn new(bytes: usize) -> Self {
        const BYTES_A_NODE: usize = 16;
        let nodes = Vec::with_capacity(bytes / BYTES_A_NODE);
        Self { nodes, properties: Vec::new(), anchors: FxHashMap::default(), open: Vec::new(), end: 0 }
    }

    /// The nodes; collections that a fault left open end where their last child does.
    pub(super) fn finish(mut self) -> (Vec<NodeData>, Vec<PropertyData>) {
        while let Some((node, last)) = self.open.pop() {
            let end = self.nodes.get(last as usize).map(|last| last.span);
            if let (Some(end), Some(node)) = (end, self.nodes.get_mut(node as usize)) {
                node.span = node.span.to(end);
            }
        }
        self.nodes.shrink_to_fit();
        (self.nodes, self.properties)
    }

    fn add(&mut self, shape: Shape, event: &Event, text: TextRef) -> u32 {
        let parent = self.open.last().map_or(NONE, |&(node, _)| node);
        let index = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        let (span, text) = self.place(event.content, text);
        let mut node = NodeData::new(shape, span, text, parent);
        if event.tag.is_some() || (event.anchor.is_some() && shape != Shape::Alias) {
            node.properties = u32::try_from(self.properties.len()).unwrap_or(NONE);
            let anchor = event.anchor.map(|anchor| anchor.span);
            self.properties.push(PropertyData { start: event.marks.start, anchor, tag: event.tag });
        }
        self.nodes.push(node);
        self.link(index);
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

    /// Makes the node the next child of the collection we are in.
    fn link(&mut self, index: u32) {
        let Some((parent, last)) = self.open.last_mut() else { return };
        let before =
            if *last == NONE { self.nodes.get_mut(*parent as usize) } else { self.nodes.get_mut(*last as usize) };
        if let Some(before) = before {
            if *last == NONE {
                before.first = index;
            } else {
                before.next = index;
            }
        }
        *last = index;
    }

    fn open(&mut self, shape: Shape, event: &Event, scanner: &Scanner<'_>) {
        let index = self.add(shape, event, TextRef::default());
        self.remember_anchor(event, index, scanner);
        self.open.push((index, NONE));
    }

    fn close(&mut self, end: u32) {
        if let Some((node, _)) = self.open.pop()
            && let Some(node) = self.nodes.get_mut(node as usize)
        {
            node.span = Span { start: node.span.start, end: end.max(node.span.start) };
            self.end = self.end.max(node.span.end);
        }
    }

    fn remember_anchor(&mut self, event: &Event, index: u32, scanner: &Scanner<'_>) {
        if let Some(anchor) = event.anchor {
            self.anchors.insert(scanner.text(anchor).to_string(), index);
        }
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
                    node.first = target;
                }
            }
        }
        Ok(())
    }
}
