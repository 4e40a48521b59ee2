//! Items that leave their list with the comments that belong to them.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::text::{Span, content_end, line_start, next_line};
use crate::yaml::{Node, NodeId, Ownership, ScalarStyle};

use super::emit::New;
use super::place::last_leaf;
use super::plan::{Intent, Obstacle, Plan, is_first_in_line};

/// The elements of a collection, of which some leave it.
pub(super) struct Leaving<'t> {
    text: &'t str,
    list: Node<'t>,
    /// The items of a list, the values of a mapping.
    items: Vec<Node<'t>>,
    ownership: Rc<Ownership>,
}

impl<'t> Plan<'t> {
    /// Takes items out of a list, each with its comments, as [`Tree::ownership`](crate::yaml::Tree::ownership) has them. A
    /// list that loses all of its items is written as `[]`.
    pub(crate) fn remove_elements(&mut self, list: Node<'t>, gone: &[NodeId]) -> Result<(), Obstacle> {
        let ownership = self.ownership();
        let leaving = Leaving { text: self.tree.text(), list, items: list.items().collect(), ownership };
        let gone: FxHashSet<NodeId> = gone.iter().copied().collect();
        let is_gone = |item: &Node<'_>| gone.contains(&item.id());
        let gone: Vec<usize> = (0..leaving.items.len()).filter(|index| is_gone(&leaving.items[*index])).collect();
        let runs: Vec<(usize, usize)> =
            gone.chunk_by(|one, next| one + 1 == *next).filter_map(|run| Some((*run.first()?, *run.last()?))).collect();
        let is_emptied = gone.len() == leaving.items.len() && !list.is_flow();
        if is_emptied {
            self.replacements.extend(leaving.emptied()?);
            self.intend(list, Intent::Becomes { value: New::Row(Vec::new()) });
        }
        for (first, last) in runs.into_iter().filter(|_| !is_emptied) {
            let spans =
                if list.is_flow() { leaving.in_brackets(first, last) } else { leaving.in_lines(first, last)? };
            self.replacements.extend(spans.into_iter().map(|span| (span, String::new())));
        }
        for index in gone {
            self.without_comments_of(leaving.extent(index));
            if !is_emptied {
                self.intend(list, Intent::Without { child: leaving.items[index].id() });
            }
        }
        Ok(())
    }

    /// The comments in these bytes go with them.
    pub(super) fn without_comments_of(&mut self, extent: Span) {
        let at = self.gone_comments.partition_point(|other| other.start < extent.start);
        self.gone_comments.insert(at, extent);
    }
}

impl<'t> Leaving<'t> {
    /// The entries of a mapping, by their values.
    pub(super) fn of_map(map: Node<'t>, ownership: Rc<Ownership>) -> Self {
        let items = map.entries().map(|(_, value)| value).collect();
        Self { text: map.tree().text(), list: map, items, ownership }
    }

    /// An item with its comments.
    pub(super) fn extent(&self, item: usize) -> Span {
        self.ownership.element(self.items[item].id()).extent
    }

    /// The start of the lines of an item of a block list.
    fn first_line(&self, item: usize) -> Result<usize, Obstacle> {
        let start = self.extent(item).start as usize;
        let is_alone = is_first_in_line(self.text, start);
        if is_alone { Ok(line_start(self.text, start)) } else { Err(Obstacle::Layout(self.items[item].span())) }
    }

    /// The end of the lines of an item.
    fn end_of_lines(&self, item: usize) -> usize {
        let end = self.extent(item).end as usize;
        if self.text[..end].ends_with(['\n', '\r']) { end } else { next_line(self.text, end) }
    }

    /// The lines of some items of a block list: up to the next item, or up to the end of the last one. Empty lines before the
    /// last one go with it.
    fn in_lines(&self, first: usize, last: usize) -> Result<Vec<Span>, Obstacle> {
        let start = self.first_line(first)?;
        if last + 1 < self.items.len() {
            return Ok(vec![Span::new(start, self.first_line(last + 1)?)]);
        }
        let end = self.end_of_lines(last);
        let is_after_scalar = first.checked_sub(1).is_some_and(|before| ends_in_block_scalar(self.items[before]));
        let mut from = start;
        while !is_after_scalar && from > 0 {
            let line = line_start(self.text, content_end_before(self.text, from));
            if !is_blank(&self.text[line..from]) {
                break;
            }
            from = line;
        }
        // A text without a line end at its end stays one.
        if end == self.text.len() && !self.text.ends_with(['\n', '\r']) {
            from = content_end_before(self.text, from);
        }
        Ok(vec![Span::new(from, end)])
    }

    /// The lines of an entry of a block mapping. Between two empty lines, those after it go as well.
    pub(super) fn own_lines(&self, entry: usize) -> Result<Span, Obstacle> {
        let (text, start) = (self.text, self.first_line(entry)?);
        let mut end = self.end_of_lines(entry);
        let is_after_scalar = entry.checked_sub(1).is_some_and(|before| ends_in_block_scalar(self.items[before]));
        let above = line_start(text, content_end_before(text, start));
        let is_below_blank = start > 0 && !is_after_scalar && is_blank(&text[above..start]);
        while is_below_blank && end < text.len() && is_blank(&text[end..next_line(text, end)]) {
            end = next_line(text, end);
        }
        // A text without a line end at its end stays one.
        let is_last = end == text.len() && !text.ends_with(['\n', '\r']);
        Ok(Span::new(if is_last { content_end_before(text, start) } else { start }, end))
    }

    /// The bytes of some items of a list in brackets, and the comma that parts them from the others.
    fn in_brackets(&self, first: usize, last: usize) -> Vec<Span> {
        let is_in_lines = (0..self.items.len())
            .all(|item| is_first_in_line(self.text, self.extent(item).start as usize))
            && is_first_in_line(self.text, self.list.span().end as usize - 1);
        let start = |item: usize| {
            let start = self.extent(item).start as usize;
            if is_in_lines { line_start(self.text, start) } else { start }
        };
        if last + 1 < self.items.len() {
            return vec![Span::new(start(first), start(last + 1))];
        }
        let end = self.list.span().end as usize - 1;
        let (from, end) = match is_in_lines {
            true => (start(first), line_start(self.text, end)),
            false => (start(first), self.extent(last).end as usize),
        };
        let Some(before) = first.checked_sub(1) else { return vec![Span::new(from, end)] };
        let end_of_value = self.items[before].full_span().end as usize;
        if !is_in_lines {
            return vec![Span::new(end_of_value, end)];
        }
        match (self.comma_after(before), self.comma_after(last)) {
            (Some(comma), None) => vec![Span::new(comma, comma + 1), Span::new(from, end)],
            (_, _) => vec![Span::new(from, end)],
        }
    }

    /// Where the comma after an item is, if one is there.
    fn comma_after(&self, item: usize) -> Option<usize> {
        let start = self.items[item].full_span().end as usize;
        let end = self.ownership.element(self.items[item].id()).span.end as usize;
        self.text.get(start..end)?.find(',').map(|at| start + at)
    }

    /// The replacements that make the block list an empty one.
    fn emptied(&self) -> Result<Vec<(Span, String)>, Obstacle> {
        let layout = || Obstacle::Layout(self.list.span());
        let spans = self.in_lines(0, self.items.len().checked_sub(1).ok_or_else(layout)?)?;
        let parent = self.list.parent().filter(|_| self.list.anchor().is_none() && self.list.tag().is_none());
        let root = self.list.tree().root().filter(|root| root.id() == self.list.id());
        let mut replacements: Vec<(Span, String)> = spans.into_iter().map(|span| (span, String::new())).collect();
        let (at, written) = match (root, parent) {
            (Some(_), _) if self.list.anchor().is_none() && self.list.tag().is_none() => {
                let first = self.first_line(0)?;
                let start = self.extent(0).start as usize;
                let line_end = &self.text[content_end(self.text, start)..next_line(self.text, start)];
                (first, format!("[]{line_end}"))
            }
            (_, Some(parent)) => {
                let mut entries = parent.entries();
                let (key, _) = entries.find(|(_, value)| value.id() == self.list.id()).ok_or_else(layout)?;
                let end = key.full_span().end as usize;
                let colon = self.text[end..].find(':').ok_or_else(layout)?;
                (end + colon + 1, " []".to_string())
            }
            (_, None) => return Err(layout()),
        };
        match replacements.first_mut().filter(|(span, _)| span.start as usize <= at) {
            Some((_, text)) => text.push_str(&written),
            None => replacements.push((Span::empty(at), written)),
        }
        Ok(replacements)
    }
}

fn is_blank(line: &str) -> bool {
    line.trim_matches([' ', '\t', '\r', '\n']).is_empty()
}

/// The end of the line before the one that begins at `start`.
fn content_end_before(text: &str, start: usize) -> usize {
    let before = &text[..start];
    let rest = before.strip_suffix('\n').unwrap_or(before);
    rest.strip_suffix('\r').unwrap_or(rest).len()
}

fn ends_in_block_scalar(node: Node<'_>) -> bool {
    matches!(last_leaf(node).style(), Some(ScalarStyle::Literal | ScalarStyle::Folded))
}
