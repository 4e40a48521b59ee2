//! Edits inside one item of a long list: only that item is read again.
//!
//! # Why this proves as much as reading the whole text again
//!
//! The list is a block list in the mapping at the top of a text that was read to its end. Each item begins on the line of
//! its dash, with nothing but blanks before the dash. The *bytes of an item* go from the start of that line to the start of
//! the line of the next dash, or of the next key of the mapping; those of the last item of the text go to its end. Edits that are
//! all after the dash and its blanks, and inside these bytes, leave all other bytes as they are.
//!
//! - **Before the item** the reader has seen the same bytes, up to a dash at the same column: it is in the same state, and
//!   has made the same nodes.
//! - **The item** depends on that state in one way only, the column of the dash: the text has no anchor, alias or tag
//!   in the item, no directive that could concern it, no byte order mark but at its start, and no character that yaml.v2
//!   refuses, so neither the numbers of lines nor the pieces in which yaml.v2 reads have a meaning. So the new bytes of the
//!   item, read as a text of their own, give the nodes that they give in the whole text, as long as they are one list with
//!   one item and end in no open bracket, quote, or mark of the end of a document: then they end at their last byte, in
//!   both texts.
//! - **After the item** comes a dash at the column of the list, or a key at that of the mapping, or the end. All blocks of the
//!   item end there whatever is in them; the reader is in the state that it was in before the change, and makes the same
//!   nodes of the same bytes.
//!
//! So the new tree is the old one, with the item that was read here in the place of the old item. That this one is the
//! old one with what was intended is compared as for a whole text ([`prove`](super::prove)), and comments likewise: each is
//! in the bytes of one item, and what it is about is in its own line or in the line after, which is looked at as well.
//!
//! Whatever does not have this form is not decided here: the answer is `None`, and the whole text is to be read.

use std::sync::Arc;

use crate::text::{Edits, Span, line_start};
use crate::yaml::{Node, NodeId, NodeKind, Tree, comments_among};

use super::comments::{Commented, comments_stay};
use super::plan::Plan;
use super::proof::same_trees;

/// The items of a block list at the top of a text, each with its bytes.
#[derive(Debug)]
pub(crate) struct Items<'t> {
    pub(super) items: Vec<Node<'t>>,
    /// The first node after the list.
    pub(super) after: Option<NodeId>,
    /// Where the bytes of each item begin, and where those of the last one end.
    pub(super) cuts: Arc<[u32]>,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'t> {
    pub(crate) node: Node<'t>,
    /// The first node after it.
    after: Option<NodeId>,
    bytes: Span,
}

/// The item after the edits.
#[derive(Debug)]
pub(crate) struct EditedItem {
    /// The edits of the whole text.
    pub(crate) edits: Edits,
    /// A list with the item as the only one.
    pub(crate) tree: Tree,
}

pub(super) const MARK: &str = "\u{feff}";

impl<'t> Items<'t> {
    /// `None` for a list whose items cannot be read one by one.
    pub(crate) fn of(list: Node<'t>) -> Option<Self> {
        let tree = list.tree();
        let text: &str = tree.text();
        let root = tree.root().filter(|root| root.kind() == NodeKind::Mapping && !root.is_flow())?;
        let is_block = list.kind() == NodeKind::Sequence && !list.is_flow();
        let is_at_top = list.parent().is_some_and(|parent| parent.id() == root.id());
        if !(is_block && is_at_top && tree.fault().is_none() && tree.rest().is_none() && is_plain(tree)) {
            return None;
        }
        let items: Vec<Node<'t>> = list.items().collect();
        let mut cuts = Vec::with_capacity(items.len() + 1);
        for item in &items {
            let start = item.full_span().start as usize;
            let line = line_start(text, start);
            let before = text.get(line..start)?.trim_start_matches(' ').strip_prefix('-')?;
            if before.is_empty() || !before.bytes().all(|byte| byte == b' ') {
                return None;
            }
            cuts.push(u32::try_from(line).ok()?);
        }
        let after = root.entries().map(|(key, _)| key).find(|key| key.id() > list.id());
        let end = match after {
            None => text.len(),
            Some(key) => {
                let start = key.full_span().start as usize;
                let line = line_start(text, start);
                text.get(line..start).filter(|before| before.bytes().all(|byte| byte == b' '))?;
                line
            }
        };
        cuts.push(u32::try_from(end).ok()?);
        let is_ascending = cuts.windows(2).all(|pair| pair[0] < pair[1]);
        is_ascending.then(|| Self { items, after: after.map(Node::id), cuts: cuts.into() })
    }

    pub(crate) fn nodes(&self) -> &[Node<'t>] {
        &self.items
    }

    /// Where the bytes of each item begin, and where those of the last one end.
    pub(crate) fn cuts(&self) -> Arc<[u32]> {
        Arc::clone(&self.cuts)
    }

    pub(crate) fn get(&self, index: usize) -> Option<Item<'t>> {
        let node = *self.items.get(index)?;
        let after = self.items.get(index + 1).map(|next| next.id()).or(self.after);
        let bytes = Span::new(*self.cuts.get(index)? as usize, *self.cuts.get(index + 1)? as usize);
        Some(Item { node, after, bytes })
    }
}

/// Whether the places of lines and of pieces have no meaning in a text: it has no byte order mark but at its start, and no
/// character that yaml.v2 refuses. It has refused none in what it has read; the rest is blanks and comments.
fn is_plain(tree: &Tree) -> bool {
    let text: &str = tree.text();
    let content = text.strip_prefix(MARK).unwrap_or(text);
    let end = tree.nodes().last().map_or(0, |node| node.span().end as usize);
    let is_harmless = |c: char| matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || c >= '\u{fffe}');
    memchr::memmem::find(content.as_bytes(), MARK.as_bytes()).is_none()
        && text.get(end..).is_some_and(|rest| rest.chars().all(is_harmless))
}

impl<'t> Item<'t> {
    /// The number of its nodes.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.node.tree().nodes_from(self.node.id()).take_while(|node| self.contains(node.id())).count()
    }

    fn contains(&self, node: NodeId) -> bool {
        self.node.id() <= node && self.after.is_none_or(|after| node < after)
    }

    /// The item as a text of its own, for plans of edits that come one after the other. `None` for an item that cannot be
    /// read alone.
    pub(crate) fn alone(&self) -> Option<EditedItem> {
        let text: &str = self.node.tree().text();
        let tree = Tree::parse(text.get(self.bytes.range())?);
        let item = one_item(&tree)?;
        let is_same = self.node.full_span().len() == item.full_span().len()
            && self.node.tree().nodes_from(self.node.id()).take_while(|node| self.contains(node.id())).all(is_bare);
        is_same.then(|| EditedItem { edits: Edits::default(), tree })
    }

    /// Makes the edits of a plan on what `before` has left of the item, and proves them as [`prove`](Self::prove) does. The
    /// result has the edits of both.
    pub(crate) fn prove_next(&self, before: &EditedItem, plan: &Plan<'_>) -> Option<EditedItem> {
        let (whole, bytes): (&str, Span) = (self.node.tree().text(), self.bytes);
        let (old, own) = (before.tree.text(), plan.edits()?);
        let old_item = one_item(&before.tree)?;
        let content = old_item.full_span().start;
        if !own.iter().all(|edit| edit.span.start >= content && !edit.text.contains(MARK)) {
            return None;
        }
        let new = own.apply(old);
        if !ends_alike(&new, bytes.end as usize == whole.len()) {
            return None;
        }
        let tree = Tree::parse(new.as_str());
        same_trees(&plan.intents, old_item, one_item(&tree)?).ok()?;
        let next = whole.get(bytes.end as usize..line_below(whole, bytes.end as usize))?;
        let (old_text, new_text) = (format!("{old}{next}"), format!("{new}{next}"));
        let old_comments = Commented::new(&old_text, crate::yaml::comments(&before.tree));
        let new_comments = Commented::new(&new_text, crate::yaml::comments(&tree));
        comments_stay(&old_comments, &new_comments, &own, &plan.moved_comments, &plan.gone_comments).ok()?;
        let edits = moved_back(&before.edits, bytes.start)?.then(&own, bytes.len());
        let edits = Edits::new(edits.iter().map(|edit| (forth(edit.span, bytes.start), edit.text.clone())).collect())?;
        Some(EditedItem { edits, tree })
    }

    /// Makes the edits of a plan, which are all in this item, and proves them. `None` where that is not decided here,
    /// or where they are not proved: the whole text has the answer.
    pub(crate) fn prove(&self, plan: &Plan<'t>) -> Option<EditedItem> {
        let (text, bytes): (&str, Span) = (plan.tree.text(), self.bytes);
        let edits = plan.edits()?;
        let content = self.node.full_span().start;
        let is_inside = edits
            .iter()
            .all(|edit| edit.span.start >= content && edit.span.end <= bytes.end && !edit.text.contains(MARK));
        if !is_inside || !plan.intents.keys().all(|node| self.contains(*node)) {
            return None;
        }
        let nodes = || plan.tree.nodes_from(self.node.id()).take_while(|node| self.contains(node.id()));
        if !nodes().all(is_bare) {
            return None;
        }
        let own = moved_back(&edits, bytes.start)?;
        let old = text.get(bytes.range())?;
        let new = own.apply(old);
        if !ends_alike(&new, bytes.end as usize == text.len()) {
            return None;
        }
        let tree = Tree::parse(new.as_str());
        same_trees(&plan.intents, self.node, one_item(&tree)?).ok()?;
        let below = line_below(text, bytes.end as usize);
        let comments = comments_among(text, nodes(), bytes.start as usize, bytes.end as usize);
        let old = Commented::new(text.get(bytes.start as usize..below)?, back_all(&comments, bytes.start));
        let next = text.get(bytes.end as usize..below)?;
        let new_text = format!("{new}{next}");
        let new = Commented::new(&new_text, crate::yaml::comments(&tree));
        let moved = back_all(&plan.moved_comments, bytes.start);
        comments_stay(&old, &new, &own, &moved, &[]).ok()?;
        Some(EditedItem { edits, tree })
    }
}

impl EditedItem {
    /// The item.
    pub(crate) fn node(&self) -> Option<Node<'_>> {
        one_item(&self.tree)
    }
}

/// The item of a text that is a list with one item, and nothing else.
fn one_item(tree: &Tree) -> Option<Node<'_>> {
    let list = items_alone(tree)?;
    let mut items = list.items();
    items.next().filter(|_| items.next().is_none())
}

/// The list of a text that is a block list, and nothing else.
pub(super) fn items_alone(tree: &Tree) -> Option<Node<'_>> {
    let list = tree.root().filter(|root| root.kind() == NodeKind::Sequence && !root.is_flow())?;
    let is_whole = tree.fault().is_none() && tree.rest().is_none() && tree.nodes().all(is_bare);
    is_whole.then_some(list)
}

pub(super) fn is_bare(node: Node<'_>) -> bool {
    node.kind() != NodeKind::Alias && node.anchor().is_none() && node.tag().is_none()
}

/// The same edits of a text without its first bytes.
pub(super) fn moved_back(edits: &Edits, by: u32) -> Option<Edits> {
    Edits::new(edits.iter().map(|edit| (back(edit.span, by), edit.text.clone())).collect())
}

fn back(span: Span, by: u32) -> Span {
    Span::new(span.start.saturating_sub(by) as usize, span.end.saturating_sub(by) as usize)
}

fn forth(span: Span, by: u32) -> Span {
    Span::new((span.start + by) as usize, (span.end + by) as usize)
}

pub(super) fn back_all(spans: &[Span], by: u32) -> Vec<Span> {
    spans.iter().map(|span| back(*span, by)).collect()
}

/// Whether the text of an item ends as it must for what follows: with a line end, unless nothing follows, and no document
/// ends in it.
pub(super) fn ends_alike(item: &str, is_last: bool) -> bool {
    const MARKS: [&str; 4] = ["\n---", "\n...", "\r---", "\r..."];
    let has_mark = MARKS.iter().any(|mark| memchr::memmem::find(item.as_bytes(), mark.as_bytes()).is_some());
    let has_rare_break = !item.is_ascii() && item.contains(['\u{85}', '\u{2028}', '\u{2029}']);
    (is_last || item.ends_with(['\n', '\r'])) && !has_mark && !has_rare_break
}

/// The end of as much of the line at `at` as says what a comment above it is about.
pub(super) fn line_below(text: &str, at: usize) -> usize {
    let line = text.get(at..).unwrap_or("");
    let indent = line.len() - line.trim_start_matches(' ').len();
    at + indent + line[indent..].chars().next().map_or(0, char::len_utf8)
}
