//! Go's limits on the height, the size and the characters of an expression, as Go counts them.
//!
//! Go counts nodes of the tree it builds, in which neighboring characters are one text, common prefixes of
//! alternatives are factored out, and nodes that are free are used again with the size they had. A pattern near a
//! limit is refused or not by such details, so this builds the same tree, without the parts that do not count.
//!
//! Source: `checkLimits`, `factor` and what they call in `regexp/syntax` of Go 1.26.

mod factor;

use std::rc::Rc;

use super::super::fold::folded;
use super::super::unicode::class_of;
use super::Flags;

/// Go's limit on the height of an expression; below so many nodes Go does not count it.
const MAX_HEIGHT: usize = 1000;
/// Go's limit on compiled instructions: 128 MiB of 40 bytes each.
const MAX_SIZE: i64 = (128 << 20) / 40;
/// Go's limit on characters and range ends in all nodes: 128 MiB of 4 bytes each.
const MAX_RUNES: usize = (128 << 20) / 4;

/// The limit that is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exceeded {
    Size,
    Height,
}

/// The kinds of nodes, in Go's order where it counts: of neighboring alternatives the last kind takes in the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Op {
    #[default]
    Empty,
    Text,
    Class,
    AnyButNewline,
    Any,
    Look,
    Capture,
    Star,
    /// `+` or `?`.
    PlusOrQuest,
    Repeat,
    Concat,
    Alternate,
    /// An open parenthesis.
    Open,
    /// A `|` whose right side is open.
    Bar,
}

/// A place in [`Limits::nodes`].
type Id = usize;
/// First and last characters, as Go's lists of runes.
type Ranges = Vec<(u32, u32)>;

#[derive(Clone, Debug, Default)]
struct GoNode {
    op: Op,
    flags: Flags,
    /// The characters of a text.
    text: Vec<u32>,
    /// The content of a class.
    class: Rc<Ranges>,
    subs: Vec<Id>,
    min: u32,
    max: Option<u32>,
    is_lazy: bool,
    is_capture: bool,
}

impl GoNode {
    /// One character out of some.
    fn is_class(&self) -> bool {
        match self.op {
            Op::Text => self.text.len() == 1,
            Op::Class | Op::AnyButNewline | Op::Any => true,
            _ => false,
        }
    }

    fn runes(&self) -> usize {
        self.text.len() + 2 * self.class.len()
    }
}

/// Go's tree of what was read so far.
#[derive(Debug, Default)]
pub(super) struct Limits {
    nodes: Vec<GoNode>,
    /// Nodes that are used again, the last one first.
    free: Vec<Id>,
    stack: Vec<Id>,
    runes: usize,
    /// The product of all repeat counts.
    repeats: i64,
    /// Counted once it may matter. A node that is used again keeps the number of its old content until it is
    /// counted again.
    sizes: Option<Vec<Option<i64>>>,
    heights: Option<Vec<Option<usize>>>,
    /// The major version of Unicode.
    unicode: u16,
}

impl Limits {
    /// The books for a pattern; `None` when it is too short to reach a limit.
    pub(super) fn for_pattern(pattern: &str, unicode: u16) -> Option<Self> {
        const MOST_NODES_A_BYTE: usize = 6;
        let nodes = MOST_NODES_A_BYTE * pattern.len() + 20;
        // All other nodes count for one instruction or two.
        let is_near = nodes >= MAX_HEIGHT || nodes as u64 * 2 * product_of_counts(pattern) >= MAX_SIZE as u64;
        is_near.then(|| Self { repeats: 1, unicode, ..Self::default() })
    }

    pub(super) fn literal(&mut self, code: u32, flags: Flags) -> Result<(), Exceeded> {
        let code = if flags.fold_case { lowest_variant(code, self.unicode) } else { code };
        let id = self.node(Op::Text, flags);
        self.nodes[id].text.push(code);
        self.push(id)
    }

    pub(super) fn class(&mut self, ranges: &[(char, char)], flags: Flags) -> Result<(), Exceeded> {
        let id = self.node(Op::Class, flags);
        self.nodes[id].class = Rc::new(ranges.iter().map(|&(low, high)| (u32::from(low), u32::from(high))).collect());
        self.push(id)
    }

    pub(super) fn dot(&mut self, flags: Flags) -> Result<(), Exceeded> {
        let op = if flags.dot_matches_newline { Op::Any } else { Op::AnyButNewline };
        let id = self.node(op, flags);
        self.push(id)
    }

    pub(super) fn look(&mut self, flags: Flags) -> Result<(), Exceeded> {
        let id = self.node(Op::Look, flags);
        self.push(id)
    }

    pub(super) fn open(&mut self, is_capture: bool, flags: Flags) -> Result<(), Exceeded> {
        let id = self.node(Op::Open, flags);
        self.nodes[id].is_capture = is_capture;
        self.push(id)
    }

    /// Reads `|`.
    pub(super) fn bar(&mut self, flags: Flags) -> Result<(), Exceeded> {
        self.concat()?;
        if self.swap_bar() {
            return Ok(());
        }
        let id = self.node(Op::Bar, flags);
        self.push(id)
    }

    /// Reads `)`, also one that closes nothing.
    pub(super) fn close(&mut self) -> Result<(), Exceeded> {
        self.finish()?;
        let [.., open, content] = self.stack[..] else { return Ok(()) };
        if self.nodes[open].op != Op::Open {
            return Ok(());
        }
        self.stack.truncate(self.stack.len() - 2);
        if !self.nodes[open].is_capture {
            return self.push(content);
        }
        self.nodes[open].op = Op::Capture;
        self.nodes[open].subs = vec![content];
        self.push(open)
    }

    /// Puts together what is open.
    pub(super) fn finish(&mut self) -> Result<(), Exceeded> {
        self.concat()?;
        if self.swap_bar() {
            self.stack.pop();
        }
        self.alternate()
    }

    /// A repetition of what was read last; `counted` is `{…}`.
    pub(super) fn repeat(
        &mut self,
        (min, max): (u32, Option<u32>),
        counted: bool,
        is_lazy: bool,
    ) -> Result<(), Exceeded> {
        let op = match (counted, min, max) {
            (true, ..) => Op::Repeat,
            (false, 0, None) => Op::Star,
            (false, ..) => Op::PlusOrQuest,
        };
        let Some(sub) = self.stack.pop() else { return Ok(()) };
        let id = self.node(op, Flags::default());
        let node = &mut self.nodes[id];
        (node.min, node.max, node.is_lazy) = (min, max, is_lazy);
        node.subs.push(sub);
        self.stack.push(id);
        self.check(id)
    }

    fn node(&mut self, op: Op, flags: Flags) -> Id {
        let node = GoNode { op, flags, ..GoNode::default() };
        if let Some(id) = self.free.pop() {
            self.nodes[id] = node;
            return id;
        }
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn release(&mut self, id: Id) {
        if let Some(height) = self.heights.as_mut().and_then(|heights| heights.get_mut(id)) {
            *height = None;
        }
        self.free.push(id);
    }

    /// Puts a node on the stack. A class of one character, or of one and its case variant, becomes a text.
    fn push(&mut self, id: Id) -> Result<(), Exceeded> {
        self.runes += self.nodes[id].runes();
        let text = if self.nodes[id].op == Op::Class { as_text(&self.nodes[id].class, self.unicode) } else { None };
        if let Some((code, fold_case)) = text {
            let flags = Flags { fold_case, ..self.nodes[id].flags };
            if self.join_texts(Some((code, flags))) {
                return Ok(());
            }
            let node = &mut self.nodes[id];
            (node.op, node.flags, node.text, node.class) = (Op::Text, flags, vec![code], Rc::default());
        } else {
            self.join_texts(None);
        }
        self.stack.push(id);
        self.check(id)
    }

    /// Joins the two texts on top of the stack. With `next` the upper one then becomes that character; whether it did.
    fn join_texts(&mut self, next: Option<(u32, Flags)>) -> bool {
        let [.., lower, upper] = self.stack[..] else { return false };
        let is_text = |id: Id| self.nodes[id].op == Op::Text;
        let folds = |id: Id| self.nodes[id].flags.fold_case;
        if !is_text(upper) || !is_text(lower) || folds(upper) != folds(lower) {
            return false;
        }
        let text = std::mem::take(&mut self.nodes[upper].text);
        self.nodes[lower].text.extend(text);
        if let Some((code, flags)) = next {
            self.nodes[upper].text = vec![code];
            self.nodes[upper].flags = flags;
            return true;
        }
        self.stack.pop();
        self.release(upper);
        false
    }

    /// One node out of the items since the last `(` or `|`.
    fn concat(&mut self) -> Result<(), Exceeded> {
        self.join_texts(None);
        let items = self.items();
        let id = if items.is_empty() { self.node(Op::Empty, Flags::default()) } else { self.concatenation(items) };
        self.push(id)
    }

    /// One node out of the alternatives since the last `(`.
    fn alternate(&mut self) -> Result<(), Exceeded> {
        let items = self.items();
        if let Some(&last) = items.last() {
            self.clean(last);
        }
        let id = if items.is_empty() { self.node(Op::Look, Flags::default()) } else { self.alternation(items)? };
        self.push(id)
    }

    fn items(&mut self) -> Vec<Id> {
        let is_marker = |id: &Id| matches!(self.nodes[*id].op, Op::Open | Op::Bar);
        let start = self.stack.iter().rposition(is_marker).map_or(0, |at| at + 1);
        self.stack.split_off(start)
    }

    /// Puts what was read after a `|` below it; characters and classes on both sides become one class. Whether there was a `|`.
    fn swap_bar(&mut self) -> bool {
        let length = self.stack.len();
        let is_bar = length >= 2 && self.nodes[self.stack[length - 2]].op == Op::Bar;
        if !is_bar {
            return false;
        }
        let before = length.checked_sub(3).map(|at| self.stack[at]);
        let after = self.stack[length - 1];
        match before {
            Some(before) if self.nodes[before].is_class() && self.nodes[after].is_class() => {
                let is_larger = self.nodes[after].op > self.nodes[before].op;
                let (into, from) = if is_larger { (after, before) } else { (before, after) };
                self.stack[length - 3] = into;
                self.merge(into, from);
                self.release(from);
                self.stack.pop();
            }
            _ => {
                if let Some(before) = before {
                    self.clean(before);
                }
                self.stack.swap(length - 2, length - 1);
            }
        }
        true
    }

    fn check(&mut self, id: Id) -> Result<(), Exceeded> {
        if self.runes > MAX_RUNES {
            return Err(Exceeded::Size);
        }
        self.check_size(id)?;
        self.check_height(id)
    }

    fn check_size(&mut self, id: Id) -> Result<(), Exceeded> {
        if self.sizes.is_none() {
            let node = &self.nodes[id];
            if node.op == Op::Repeat {
                let count = i64::from(node.max.unwrap_or(node.min).max(1));
                self.repeats = if count > MAX_SIZE / self.repeats { MAX_SIZE } else { self.repeats * count };
            }
            if (self.nodes.len() as i64) < MAX_SIZE / self.repeats {
                return Ok(());
            }
            self.sizes = Some(Vec::new());
            for id in self.stack.clone() {
                self.check_size(id)?;
            }
        }
        if self.size_of(id) > MAX_SIZE { Err(Exceeded::Size) } else { Ok(()) }
    }

    /// The instructions of a node, counted again; those of the nodes in it where they are not known.
    fn size_of(&mut self, id: Id) -> i64 {
        let sizes = self.sizes.get_or_insert_default();
        count(&self.nodes, sizes, id, |node, sizes| {
            let inner: i64 = node.subs.iter().filter_map(|&sub| known(sizes, sub)).sum();
            let (min, max) = (i64::from(node.min), node.max.map(i64::from));
            let size = match node.op {
                Op::Text => node.text.len() as i64,
                Op::Capture | Op::Star => 2 + inner,
                Op::PlusOrQuest => 1 + inner,
                Op::Concat => inner,
                Op::Alternate => inner + (node.subs.len() as i64 - 1).max(0),
                Op::Repeat => match max {
                    None if min == 0 => 2 + inner,
                    None => 1 + min * inner,
                    Some(max) => max * inner + max - min,
                },
                _ => 1,
            };
            size.max(1)
        })
    }

    fn check_height(&mut self, id: Id) -> Result<(), Exceeded> {
        if self.nodes.len() < MAX_HEIGHT {
            return Ok(());
        }
        if self.heights.is_none() {
            self.heights = Some(Vec::new());
            for id in self.stack.clone() {
                self.check_height(id)?;
            }
        }
        if self.height_of(id) > MAX_HEIGHT { Err(Exceeded::Height) } else { Ok(()) }
    }

    fn height_of(&mut self, id: Id) -> usize {
        let heights = self.heights.get_or_insert_default();
        count(&self.nodes, heights, id, |node, heights| {
            1 + node.subs.iter().filter_map(|&sub| known(heights, sub)).max().unwrap_or(0)
        })
    }
}

/// Counts something of a node from that of its parts, which are counted first where nothing is known of them.
fn count<T: Copy>(
    nodes: &[GoNode],
    counts: &mut Vec<Option<T>>,
    id: Id,
    of_node: impl Fn(&GoNode, &[Option<T>]) -> T,
) -> T {
    if counts.len() < nodes.len() {
        counts.resize(nodes.len(), None);
    }
    let mut open = vec![id];
    while let Some(&top) = open.last() {
        let unknown = nodes[top].subs.iter().copied().filter(|&sub| known(counts, sub).is_none());
        let before = open.len();
        open.extend(unknown);
        if open.len() == before {
            counts[top] = Some(of_node(&nodes[top], counts));
            open.pop();
        }
    }
    known(counts, id).unwrap_or_else(|| of_node(&nodes[id], counts))
}

fn known<T: Copy>(counts: &[Option<T>], id: Id) -> Option<T> {
    counts.get(id).copied().flatten()
}

/// The product of all numbers in braces, or 1: no more instructions are made of a character.
fn product_of_counts(pattern: &str) -> u64 {
    let braces = pattern.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    let largest = |inside: &str| inside.split(',').filter_map(|number| number.parse::<u64>().ok()).max();
    let counts = braces.filter_map(|(inside, _)| largest(inside)).filter(|count| *count > 1);
    counts.fold(1, |product, count| product.saturating_mul(count).min(1 << 40))
}

/// The character that a class of one character is, and whether it is that in both cases.
fn as_text(class: &[(u32, u32)], unicode: u16) -> Option<(u32, bool)> {
    let pair = match *class {
        [(low, high)] if low == high => return Some((low, false)),
        [(low, high)] if low + 1 == high => (low, high),
        [(low, low_end), (high, high_end)] if low == low_end && high == high_end => (low, high),
        _ => return None,
    };
    let variants = variants(pair.0, unicode);
    (variants == [(pair.0, pair.0), (pair.1, pair.1)] || variants == [pair]).then_some((pair.0, true))
}

/// A character and its case variants.
fn variants(code: u32, unicode: u16) -> Ranges {
    let Some(c) = char::from_u32(code) else { return vec![(code, code)] };
    let class = folded(class_of(&[(c, c)]), true, unicode);
    class.ranges().iter().map(|range| (u32::from(range.start()), u32::from(range.end()))).collect()
}

fn lowest_variant(code: u32, unicode: u16) -> u32 {
    variants(code, unicode).first().map_or(code, |range| range.0)
}
