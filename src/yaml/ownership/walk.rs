//! One pass over a tree that finds the elements, and the element of each comment.

use crate::text::{Span, line_start};

use super::super::tree::{Node, NodeKind, Tree};
use super::gap::{Gap, GapPart};
use super::{ElementData, closing_bracket};

pub(super) struct Walk<'t> {
    tree: &'t Tree,
    text: &'t str,
    elements: Vec<ElementData>,
    /// The comments that belong to elements, those of each element side by side.
    comments: Vec<Span>,
    /// Up to where the text was looked at.
    cursor: usize,
    frames: Vec<Frame<'t>>,
    /// The block collections that ended after the last element, the innermost first.
    closed: Vec<Closed>,
    /// The innermost element that ended last.
    last: u32,
    /// The comments above the first element of the collection that is opened next.
    pending: Vec<Span>,
}

/// A collection that the walk is in.
struct Frame<'t> {
    node: Node<'t>,
    bracket: Option<u32>,
    children: Vec<Node<'t>>,
    next: usize,
    /// The entry whose value comes next.
    entry: Option<Entry>,
    /// The column of its elements.
    column: usize,
    last: Option<u32>,
}

/// An entry whose key was read.
struct Entry {
    start: usize,
    above: Vec<Span>,
}

/// A block collection that ended.
struct Closed {
    column: usize,
    last: u32,
}

/// The text between the last element and a node.
#[derive(Default)]
struct Before {
    /// Where the element of the node begins.
    start: usize,
    above: Vec<Span>,
    /// The end of the last header comment.
    header: usize,
    /// The comments in their own lines after the dash or the colon.
    below: Vec<Span>,
}

impl Before {
    /// An anchor or a tag, or the first character of a line that a byte order mark takes (`buffer.rs`), after the dash or
    /// the colon: comments before it are not above the first element.
    fn skip(&mut self, part: Span) {
        self.below.clear();
        self.header = part.end as usize;
    }
}

impl<'t> Walk<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        Self {
            tree,
            text: tree.text(),
            elements: tree.nodes().map(|node| ElementData::of(node.id())).collect(),
            comments: Vec::new(),
            cursor: 0,
            frames: Vec::new(),
            closed: Vec::new(),
            last: 0,
            pending: Vec::new(),
        }
    }

    /// The elements by the numbers of their nodes, and the comments that they refer to.
    pub(super) fn run(mut self) -> (Vec<ElementData>, Vec<Span>) {
        if let Some(root) = self.tree.root() {
            self.root(root);
            while let Some(frame) = self.frames.last_mut() {
                let next = frame.children.get(frame.next).copied();
                frame.next += usize::from(next.is_some());
                match (next, frame.entry.take()) {
                    (Some(value), Some(entry)) => self.value(value, entry),
                    (Some(key), None) if frame.node.kind() == NodeKind::Mapping => self.key(key),
                    (Some(item), None) => self.item(item),
                    (None, _) => self.close(),
                }
            }
            if self.tree.fault().is_none() {
                self.end();
            }
        }
        self.extend();
        (self.elements, self.comments)
    }

    /// The document's node, after directives, the marker and the comments of the document.
    fn root(&mut self, root: Node<'t>) {
        let mut before = Before { start: root.full_span().start as usize, ..Before::default() };
        for part in Gap::new(self.text, 0, root.span().start as usize) {
            match part {
                GapPart::Comment(span) if self.is_alone(span) && !self.has_empty_line_below(span) => {
                    before.below.push(span);
                }
                GapPart::Comment(span) | GapPart::Marker(span) | GapPart::Directive(span) => {
                    before.below.clear();
                    before.header = span.end as usize;
                }
                GapPart::Property(span) | GapPart::Indicator(_, span) => before.skip(span),
            }
        }
        if !is_block_collection(root) {
            before.above = std::mem::take(&mut before.below);
        }
        self.start(root, before, 0);
    }

    fn item(&mut self, item: Node<'t>) {
        let before = self.before(item, b'-');
        self.start(item, before, 0);
    }

    fn key(&mut self, key: Node<'t>) {
        let before = self.before(key, b'?');
        let entry = Entry { start: before.start, above: before.above };
        self.data(key).span = key.full_span();
        self.cursor = key.full_span().end as usize;
        if let Some(frame) = self.frames.last_mut() {
            frame.entry = Some(entry);
        }
        if has_children(key) {
            self.open(key, key.span().start as usize, Vec::new());
        }
    }

    fn value(&mut self, value: Node<'t>, entry: Entry) {
        self.closed.clear();
        let mut before = Before { start: entry.start, above: entry.above, header: self.cursor, below: Vec::new() };
        let mut end = 0;
        for part in Gap::new(self.text, self.cursor, value.span().start as usize) {
            match part {
                GapPart::Indicator(b':', span) => {
                    end = span.end as usize;
                    before.header = end;
                }
                GapPart::Property(span) => before.skip(span),
                GapPart::Comment(span) => self.comment_in_element(span, &mut before),
                GapPart::Indicator(_, span) | GapPart::Marker(span) | GapPart::Directive(span) => before.skip(span),
            }
        }
        if let Some(frame) = self.frames.last()
            && let Some(&key) = frame.next.checked_sub(2).and_then(|index| frame.children.get(index))
        {
            self.data(key).owner = value.id().index();
        }
        self.start(value, before, end);
    }

    /// A comment between the dash or the key of an element and its node.
    fn comment_in_element(&self, span: Span, before: &mut Before) {
        if self.is_alone(span) {
            before.below.push(span);
        } else {
            before.below.clear();
            before.header = span.end as usize;
        }
    }

    /// The text before an item or a key, with the comments in it that belong to elements before it.
    fn before(&mut self, node: Node<'t>, indicator: u8) -> Before {
        let start = node.full_span().start as usize;
        let mut before =
            Before { start, above: std::mem::take(&mut self.pending), header: self.cursor, below: Vec::new() };
        let mut comments = Vec::new();
        let mut is_inside = false;
        for part in Gap::new(self.text, self.cursor, node.span().start as usize) {
            match part {
                GapPart::Indicator(b',', span) => {
                    self.add_comma(span);
                    before.start = start;
                    is_inside = false;
                    comments.drain(..).for_each(|comment| self.add_trailing(self.last, comment));
                }
                GapPart::Indicator(byte, span) if byte == indicator => {
                    before.start = span.start as usize;
                    before.header = span.end as usize;
                    is_inside = true;
                }
                GapPart::Property(span) => {
                    before.start = before.start.min(span.start as usize);
                    before.skip(span);
                    is_inside = true;
                }
                GapPart::Comment(span) if is_inside => self.comment_in_element(span, &mut before),
                GapPart::Comment(span) => comments.push(span),
                GapPart::Indicator(_, span) | GapPart::Marker(span) | GapPart::Directive(span) if is_inside => {
                    before.skip(span);
                }
                // The first character of a line that a byte order mark takes: see `buffer.rs`.
                GapPart::Indicator(_, span) | GapPart::Marker(span) | GapPart::Directive(span) => {
                    before.start = before.start.min(span.start as usize);
                    is_inside = true;
                }
            }
        }
        let column = self.column(before.start);
        match self.frames.last_mut() {
            Some(frame) if frame.last.is_none() && frame.entry.is_none() => {
                frame.column = column;
                self.before_first(comments, &mut before);
            }
            _ => {
                let next = self.frames.last().map(|frame| frame.column);
                let own = self.after_last(comments, next);
                before.above.extend(own);
            }
        }
        self.closed.clear();
        before
    }

    /// The comments between an opening bracket and the first element after it.
    fn before_first(&mut self, comments: Vec<Span>, before: &mut Before) {
        let header = comments.iter().rposition(|&comment| !self.is_alone(comment)).map(|last| comments[last]);
        let after = header.map_or(0, |header| header.end);
        before.above.extend(comments.into_iter().filter(|comment| comment.start >= after));
        if let (Some(header), Some(frame)) = (header, self.frames.last()) {
            self.elements[frame.node.id().index() as usize].inner = header.end;
        }
    }

    /// Gives comments to the elements that ended before them. Returns those of the next element, if there is one,
    /// whose collection has the column `next`.
    fn after_last(&mut self, comments: Vec<Span>, next: Option<usize>) -> Vec<Span> {
        let mut depth = 0;
        let mut continued: Option<Span> = None;
        let mut own = Vec::new();
        for comment in comments {
            let column = self.column(comment.start as usize);
            let goes_on = continued.is_some_and(|above| {
                let between = Span { start: above.end, end: comment.start }.of(self.text);
                self.column(above.start as usize) == column && between.lines().count() == 2
            });
            let deeper = |closed: &Closed| closed.column <= column && next.is_none_or(|next| column > next);
            if !own.is_empty() {
                own.push(comment);
            } else if !self.is_alone(comment) || goes_on {
                self.add_trailing(self.last, comment);
                continued = Some(comment);
            } else if let Some(found) = self.closed[depth..].iter().position(deeper) {
                depth += found;
                self.add_trailing(self.closed[depth].last, comment);
                continued = None;
            } else if next.is_none() {
                let outermost = self.closed.last().map_or(self.last, |closed| closed.last);
                depth = self.closed.len().saturating_sub(1);
                self.add_trailing(outermost, comment);
            } else {
                own.push(comment);
            }
        }
        own
    }

    /// Makes the element of a node, whose text is read up to `end` at least, and goes into it.
    fn start(&mut self, node: Node<'t>, before: Before, end: usize) {
        let whole = node.full_span();
        let span = Span::new(before.start.min(whole.start as usize), end.max(whole.end as usize));
        let first = narrow(self.comments.len());
        self.comments.extend(before.above);
        let leading = first..narrow(self.comments.len());
        let data = self.data(node);
        data.span = span;
        data.leading = leading;
        if has_children(node) {
            self.open(node, before.header, before.below);
        } else {
            self.cursor = span.end as usize;
            self.last = node.id().index();
            if let Some(frame) = self.frames.last_mut() {
                frame.last = Some(self.last);
            }
        }
    }

    /// Goes into a collection. `header` is where its key, its dash and their comments end.
    fn open(&mut self, node: Node<'t>, header: usize, below: Vec<Span>) {
        let entries = node.entries().flat_map(|(key, value)| [key, value]);
        let children: Vec<Node<'t>> = node.items().chain(entries).collect();
        let bracket = children.first().and_then(|&first| closing_bracket(node, first));
        let start = node.span().start as usize;
        self.cursor = start + usize::from(bracket.is_some());
        let inner = if node.is_flow() { self.cursor } else { header };
        self.data(node).inner = narrow(inner);
        self.pending = if node.is_flow() { Vec::new() } else { below };
        self.frames.push(Frame { node, bracket, children, next: 0, entry: None, column: 0, last: None });
    }

    /// Leaves a collection.
    fn close(&mut self) {
        let Some(Frame { node, bracket, column, last, .. }) = self.frames.pop() else { return };
        if let Some(bracket) = bracket {
            for part in Gap::new(self.text, self.cursor, bracket as usize) {
                match part {
                    GapPart::Indicator(b',', comma) => last.into_iter().for_each(|last| self.extend_to(last, comma)),
                    GapPart::Comment(comment) => last.into_iter().for_each(|last| self.add_trailing(last, comment)),
                    _ => {}
                }
            }
            self.closed.clear();
            self.cursor = node.span().end as usize;
            self.last = node.id().index();
        } else if let (Some(last), false) = (last, node.is_flow()) {
            self.closed.push(Closed { column, last });
        }
        if let Some(frame) = self.frames.last_mut()
            && frame.entry.is_none()
        {
            frame.last = Some(node.id().index());
        }
    }

    /// The comments after the last element of the document.
    fn end(&mut self) {
        let end = self.tree.rest().map_or(self.text.len(), |rest| rest.start as usize);
        let parts = Gap::new(self.text, self.cursor, end).take_while(|part| !matches!(part, GapPart::Marker(_)));
        let comments = parts.filter_map(|part| match part {
            GapPart::Comment(span) => Some(span),
            _ => None,
        });
        let comments: Vec<Span> = comments.collect();
        self.after_last(comments, None);
    }

    /// The comma after the last element of a flow collection.
    fn add_comma(&mut self, comma: Span) {
        if let Some(last) = self.frames.last().and_then(|frame| frame.last) {
            self.extend_to(last, comma);
        }
    }

    fn extend_to(&mut self, element: u32, part: Span) {
        if let Some(data) = self.elements.get_mut(element as usize) {
            data.span = data.span.to(part);
        }
    }

    fn add_trailing(&mut self, element: u32, comment: Span) {
        let count = narrow(self.comments.len());
        let Some(data) = self.elements.get_mut(element as usize) else { return };
        if data.trailing.is_empty() {
            data.trailing = count..count;
        } else if data.trailing.end != count {
            let known = data.trailing.start as usize..data.trailing.end as usize;
            self.comments.extend_from_within(known.clone());
            data.trailing = count..count + narrow(known.len());
        }
        self.comments.push(comment);
        data.trailing.end += 1;
    }

    /// The extents, from the innermost elements outwards.
    fn extend(&mut self) {
        for index in (0..self.elements.len()).rev() {
            let data = &self.elements[index];
            if data.owner as usize != index {
                continue;
            }
            let comments = [&data.leading, &data.trailing];
            let comments = comments.into_iter().flat_map(|range| range.start as usize..range.end as usize);
            let of_comments = comments.filter_map(|comment| self.comments.get(comment));
            let extent = of_comments.fold(data.span.to(data.extent), |extent, comment| extent.to(*comment));
            self.elements[index].extent = extent;
            let parent = self.tree.get(super::super::NodeId::of_index(index)).and_then(Node::parent);
            if let Some(parent) = parent
                && let Some(parent) = self.elements.get_mut(parent.id().index() as usize)
            {
                parent.extent = parent.extent.to(extent);
            }
        }
    }

    fn data(&mut self, node: Node<'_>) -> &mut ElementData {
        &mut self.elements[node.id().index() as usize]
    }

    fn column(&self, at: usize) -> usize {
        at - line_start(self.text, at)
    }

    /// Whether only blanks come before a comment in its line.
    fn is_alone(&self, comment: Span) -> bool {
        let start = comment.start as usize;
        self.text[line_start(self.text, start)..start].trim_start_matches('\u{feff}').trim().is_empty()
    }

    fn has_empty_line_below(&self, comment: Span) -> bool {
        let below = &self.text[comment.end as usize..];
        below.lines().nth(1).is_some_and(|line| line.trim().is_empty())
    }
}

fn has_children(node: Node<'_>) -> bool {
    node.items().next().is_some() || node.entries().next().is_some()
}

fn is_block_collection(node: Node<'_>) -> bool {
    has_children(node) && !node.is_flow()
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
