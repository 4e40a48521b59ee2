//! Turns what was read into nodes. Go's limits are counted on Go's tree, in `limits`.

use regex_syntax::hir::ClassUnicode;

use super::super::error::RegexErrorKind;
use super::super::fold::folded;
use super::super::tree::{Look, Node, NodeId};
use super::super::unicode;
use super::limits::{Exceeded, Limits};
use super::{Flags, ParseError, Parser};

/// What is known of a node while it is built.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Meta {
    /// Largest product of nested repeat counts.
    pub(super) product: u32,
    /// Exactly one character or class; as neighboring alternatives these become one class.
    single: bool,
}

impl Meta {
    const SINGLE: Self = Self { product: 1, single: true };
    const OTHER: Self = Self { product: 1, single: false };
}

impl<'p> Parser<'p> {
    pub(super) fn meta_of(&self, id: NodeId) -> Meta {
        self.meta.get(id as usize).copied().unwrap_or_default()
    }

    /// Adds to Go's tree, where that is counted.
    pub(super) fn count(
        &mut self,
        add: impl FnOnce(&mut Limits, Flags) -> Result<(), Exceeded>,
    ) -> Result<(), ParseError> {
        let flags = self.flags;
        let counted = self.limits.as_mut().map_or(Ok(()), |limits| add(limits, flags));
        counted.map_err(|exceeded| self.beyond(exceeded))
    }

    fn beyond(&self, exceeded: Exceeded) -> ParseError {
        self.whole(match exceeded {
            Exceeded::Size => RegexErrorKind::TooLargeError,
            Exceeded::Height => RegexErrorKind::TooDeep,
        })
    }

    fn add(&mut self, node: Node, meta: Meta) -> Result<NodeId, ParseError> {
        let id = u32::try_from(self.tree.nodes.len()).map_err(|_| self.whole(RegexErrorKind::TooLargeError))?;
        self.tree.nodes.push(node);
        self.meta.push(meta);
        Ok(id)
    }

    fn push(&mut self, node: Node, meta: Meta) -> Result<(), ParseError> {
        let id = self.add(node, meta)?;
        self.push_node(id);
        Ok(())
    }

    pub(super) fn push_node(&mut self, id: NodeId) {
        if let Some(frame) = self.frames.last_mut() {
            frame.items.push(id);
        }
    }

    pub(super) fn push_look(&mut self, look: Look) -> Result<(), ParseError> {
        self.count(Limits::look)?;
        self.push(Node::Look(look), Meta::OTHER)
    }

    /// Adds one character, with its case variants when `i` is on. Surrogates are legal and never match.
    pub(super) fn push_literal(&mut self, code: u32) -> Result<(), ParseError> {
        self.count(|limits, flags| limits.literal(code, flags))?;
        let fold = self.flags.fold_case;
        let node = match char::from_u32(code) {
            Some(c) if !fold => Node::Char(c),
            Some(c) => self.folded_char(c),
            None => Node::Class(self.new_class(&ClassUnicode::empty())),
        };
        self.push(node, Meta::SINGLE)
    }

    /// A character and its case variants; the class of one that is written plainly is built once.
    fn folded_char(&mut self, c: char) -> Node {
        let start = self.at.saturating_sub(c.len_utf8());
        let key = self.text.get(start..self.at).filter(|text| text.starts_with(c)).map(|text| (text, true));
        if let Some(&class) = key.as_ref().and_then(|key| self.class_cache.get(key)) {
            return Node::Class(class);
        }
        let class = folded(unicode::class_of(&[(c, c)]), true, self.syntax.unicode());
        if let [only] = class.ranges()
            && only.start() == only.end()
        {
            return Node::Char(c);
        }
        Node::Class(match key {
            Some(key) => self.cached_class(key, || class),
            None => self.new_class(&class),
        })
    }

    pub(super) fn new_class(&mut self, class: &ClassUnicode) -> u32 {
        let ranges = class.ranges().iter().map(|range| (range.start(), range.end())).collect();
        self.tree.classes.push(ranges);
        u32::try_from(self.tree.classes.len() - 1).unwrap_or(u32::MAX)
    }

    pub(super) fn cached_class(&mut self, key: (&'p str, bool), make: impl FnOnce() -> ClassUnicode) -> u32 {
        if let Some(&class) = self.class_cache.get(&key) {
            return class;
        }
        let class = self.new_class(&make());
        self.class_cache.insert(key, class);
        class
    }

    /// Adds a class, of what is written as one.
    pub(super) fn push_class(&mut self, class: u32) -> Result<(), ParseError> {
        if let Some(limits) = &mut self.limits {
            let counted = limits.class(self.tree.class(class), self.flags);
            counted.map_err(|exceeded| self.beyond(exceeded))?;
        }
        self.push_class_node(class)
    }

    pub(super) fn push_class_node(&mut self, class: u32) -> Result<(), ParseError> {
        let node = match *self.tree.class(class) {
            [(low, high)] if low == high => Node::Char(low),
            _ => Node::Class(class),
        };
        self.push(node, Meta::SINGLE)
    }

    /// One item out of the items of an alternative.
    pub(super) fn concat(&mut self, items: &[NodeId]) -> Result<NodeId, ParseError> {
        match items {
            [] => return self.add(Node::Empty, Meta::OTHER),
            [only] => return Ok(*only),
            _ => {}
        }
        let meta = self.joined_meta(items);
        let (start, end) = self.adopt(items)?;
        self.add(Node::Concat(start, end), meta)
    }

    /// One node out of the alternatives of a group.
    pub(super) fn alternate(&mut self, alternatives: &[NodeId]) -> Result<NodeId, ParseError> {
        if let [only] = alternatives {
            return Ok(*only);
        }
        let merged = self.merge_singles(alternatives)?;
        if let [only] = merged[..] {
            return Ok(only);
        }
        let meta = self.joined_meta(&merged);
        let (start, end) = self.adopt(&merged)?;
        self.add(Node::Alternate(start, end), meta)
    }

    fn joined_meta(&self, items: &[NodeId]) -> Meta {
        let product = items.iter().map(|&id| self.meta_of(id).product).max().unwrap_or(1);
        Meta { product, single: false }
    }

    /// Neighboring alternatives of one character each become one class.
    fn merge_singles(&mut self, alternatives: &[NodeId]) -> Result<Vec<NodeId>, ParseError> {
        let mut merged = Vec::with_capacity(alternatives.len());
        let mut rest = alternatives;
        while let [first, after @ ..] = rest {
            let run = rest.iter().take_while(|&&id| self.meta_of(id).single).count();
            if run < 2 {
                merged.push(*first);
                rest = after;
                continue;
            }
            let (singles, others) = rest.split_at(run);
            let mut ranges = Vec::new();
            for &id in singles {
                match *self.tree.node(id) {
                    Node::Char(c) => ranges.push((c, c)),
                    Node::Class(index) => ranges.extend_from_slice(self.tree.class(index)),
                    _ => {}
                }
            }
            let class = unicode::class_of(&ranges);
            let index = self.new_class(&class);
            merged.push(self.add(Node::Class(index), Meta::SINGLE)?);
            rest = others;
        }
        Ok(merged)
    }

    pub(super) fn repeat(
        &mut self,
        sub: NodeId,
        (min, max): (u32, Option<u32>),
        counted: bool,
        greedy: bool,
    ) -> Result<NodeId, ParseError> {
        let is_lazy = !greedy;
        self.count(|limits, _| limits.repeat((min, max), counted, is_lazy))?;
        let inner = self.meta_of(sub).product;
        let product = match (counted, max) {
            (false, _) => inner,
            (true, Some(0)) => 1,
            (true, _) => inner.saturating_mul(max.unwrap_or(min).max(1)),
        };
        let meta = Meta { product, single: false };
        self.add(Node::Repeat { sub, min, max, greedy }, meta)
    }

    pub(super) fn capture(&mut self, group: u32, sub: NodeId) -> Result<NodeId, ParseError> {
        let meta = Meta { product: self.meta_of(sub).product, single: false };
        self.add(Node::Capture { group, sub }, meta)
    }

    /// Copies the ids of children into the arena.
    fn adopt(&mut self, ids: &[NodeId]) -> Result<(u32, u32), ParseError> {
        let start = self.tree.children.len();
        self.tree.children.extend_from_slice(ids);
        let narrow = |at: usize| u32::try_from(at);
        match (narrow(start), narrow(self.tree.children.len())) {
            (Ok(start), Ok(end)) => Ok((start, end)),
            _ => Err(self.whole(RegexErrorKind::TooLargeError)),
        }
    }
}
