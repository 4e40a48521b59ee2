//! Turns what was read into nodes, and keeps Go's books: nesting depth, compiled size, product of repeats.
//!
//! Go also factors out common prefixes of alternatives, which changes the depth and size it counts. That is
//! not followed: at about 1000 levels of such alternatives, or where repeats multiply them to millions of
//! instructions, the limits are reached a little earlier or later than in Go.

use regex_syntax::hir::ClassUnicode;

use super::super::error::RegexErrorKind;
use super::super::tree::{Look, Node, NodeId};
use super::super::unicode;
use super::{ParseError, Parser};

/// Go's limit on the height of an expression.
const MAX_HEIGHT: u32 = 1000;
/// Go's limit on compiled instructions: 128 MiB of 40 bytes each.
const MAX_SIZE: u64 = (128 << 20) / 40;
/// Go's limit on characters and range ends in all nodes: 128 MiB of 4 bytes each.
const MAX_RUNES: u64 = (128 << 20) / 4;

/// What Go would know of a node.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Meta {
    /// Levels of nodes in Go's tree, this one included.
    height: u32,
    /// Instructions in Go's program.
    size: u64,
    /// Largest product of nested repeat counts.
    pub(super) product: u32,
    /// A literal text, and whether it folds case. Go joins neighbors that agree in that.
    literal: Option<bool>,
    /// Exactly one character or class; as neighboring alternatives these become one class.
    single: bool,
}

impl<'p> Parser<'p> {
    pub(super) fn meta_of(&self, id: NodeId) -> Meta {
        self.meta.get(id as usize).copied().unwrap_or_default()
    }

    /// Adds a node after checking Go's limits.
    fn add(&mut self, node: Node, meta: Meta) -> Result<NodeId, ParseError> {
        if meta.size > MAX_SIZE || self.runes > MAX_RUNES {
            return Err(self.whole(RegexErrorKind::TooLargeError));
        }
        if meta.height > MAX_HEIGHT {
            return Err(self.whole(RegexErrorKind::TooDeep));
        }
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
        self.push(Node::Look(look), Meta { height: 1, size: 1, product: 1, ..Meta::default() })
    }

    /// Adds one character, with its case variants when `i` is on. Surrogates are legal and never match.
    pub(super) fn push_literal(&mut self, code: u32) -> Result<(), ParseError> {
        self.runes += 1;
        let fold = self.flags.fold_case;
        let meta = Meta { height: 1, size: 1, product: 1, literal: Some(fold), single: true };
        let node = match char::from_u32(code) {
            Some(c) if !fold => Node::Char(c),
            Some(c) => self.folded_char(c),
            None => Node::Class(self.new_class(&ClassUnicode::empty())),
        };
        self.push(node, meta)
    }

    /// A character and its case variants; the class of one that is written plainly is built once.
    fn folded_char(&mut self, c: char) -> Node {
        let start = self.at.saturating_sub(c.len_utf8());
        let key = self.text.get(start..self.at).filter(|text| text.starts_with(c)).map(|text| (text, true));
        if let Some(&class) = key.as_ref().and_then(|key| self.class_cache.get(key)) {
            return Node::Class(class);
        }
        let class = unicode::folded(unicode::class_of(&[(c, c)]), true);
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

    /// Adds a class that counts as `runes` range ends.
    pub(super) fn push_class(&mut self, class: u32, runes: u64) -> Result<(), ParseError> {
        self.runes += runes;
        let ranges = self.tree.class(class);
        let mut meta = Meta { height: 1, size: 1, product: 1, literal: None, single: true };
        let node = match *ranges {
            [(low, high)] if low == high => {
                meta.literal = Some(false);
                Node::Char(low)
            }
            [(low, high)] if u32::from(low) + 1 == u32::from(high) => {
                meta.literal = is_case_pair(low, high).then_some(true);
                Node::Class(class)
            }
            [(low, low_end), (high, high_end)] if low == low_end && high == high_end => {
                meta.literal = is_case_pair(low, high).then_some(true);
                Node::Class(class)
            }
            _ => Node::Class(class),
        };
        self.push(node, meta)
    }

    /// One item out of the items of an alternative.
    pub(super) fn concat(&mut self, items: &[NodeId]) -> Result<NodeId, ParseError> {
        match items {
            [] => return self.add(Node::Empty, Meta { height: 1, size: 1, product: 1, ..Meta::default() }),
            [only] => return Ok(*only),
            _ => {}
        }
        let mut meta = Meta { height: 0, size: 0, product: 1, literal: None, single: false };
        let mut pieces = 0usize;
        let mut before: Option<bool> = None;
        for &id in items {
            let item = self.meta_of(id);
            meta.size += item.size;
            meta.product = meta.product.max(item.product);
            if item.literal.is_none() || item.literal != before {
                pieces += 1;
                // Go lifts the items of a nested concatenation into the outer one.
                let lifted = matches!(self.tree.node(id), Node::Concat(..)) && item.literal.is_none();
                meta.height = meta.height.max(item.height + u32::from(!lifted));
            }
            before = item.literal;
        }
        if pieces == 1 {
            meta.literal = before;
            meta.height = 1;
        }
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
        let mut meta = Meta { height: 0, size: merged.len() as u64 - 1, product: 1, literal: None, single: false };
        for &id in &merged {
            let item = self.meta_of(id);
            meta.size += item.size;
            meta.product = meta.product.max(item.product);
            let lifted = matches!(self.tree.node(id), Node::Alternate(..));
            meta.height = meta.height.max(item.height + u32::from(!lifted));
        }
        let (start, end) = self.adopt(&merged)?;
        self.add(Node::Alternate(start, end), meta)
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
            let meta = Meta { height: 1, size: 1, product: 1, literal: None, single: true };
            merged.push(self.add(Node::Class(index), meta)?);
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
        let inner = self.meta_of(sub);
        let factor = max.unwrap_or(min);
        let size = match (counted, min, max) {
            (false, 0, None) | (true, 0, None) => 2 + inner.size,
            (false, ..) => 1 + inner.size,
            (true, min, None) => 1 + u64::from(min) * inner.size,
            (true, min, Some(max)) => u64::from(max) * inner.size + u64::from(max.saturating_sub(min)),
        };
        let meta = Meta {
            height: inner.height + 1,
            size: size.max(1),
            product: match (counted, max) {
                (false, _) => inner.product,
                (true, Some(0)) => 1,
                (true, _) => inner.product.saturating_mul(factor.max(1)),
            },
            literal: None,
            single: false,
        };
        self.add(Node::Repeat { sub, min, max, greedy }, meta)
    }

    pub(super) fn capture(&mut self, group: u32, sub: NodeId) -> Result<NodeId, ParseError> {
        let inner = self.meta_of(sub);
        let meta = Meta {
            height: inner.height + 1,
            size: inner.size + 2,
            product: inner.product,
            literal: None,
            single: false,
        };
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

/// Whether two characters are all the case variants of each other.
fn is_case_pair(low: char, high: char) -> bool {
    let variants = unicode::folded(unicode::class_of(&[(low, low)]), true);
    variants == unicode::class_of(&[(low, low), (high, high)])
}
