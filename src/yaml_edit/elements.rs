//! Items that leave their list with the comments that are attached to them.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::text::{Span, content_end, line_start, next_line};
use crate::yaml::{Node, NodeId, Ownership, ScalarStyle};

use super::attached::attached;
use super::emit::New;
use super::place::{comment_column, is_first_in_line, last_leaf, line_above};
use super::plan::{Intent, Obstacle, Plan};
use super::style::line_end;

/// The elements of a collection, of which some leave it.
pub(super) struct Leaving<'t> {
    text: &'t str,
    list: Node<'t>,
    /// The items of a list, the values of a mapping.
    items: Vec<Node<'t>>,
    ownership: Rc<Ownership>,
}

impl<'t> Plan<'t> {
    /// Takes items out of a list, each with the comments that are `attached` to it. A
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
            match list.is_flow() {
                true => {
                    let spans = leaving.in_brackets(first, last);
                    self.replacements.extend(spans.into_iter().map(|span| (span, String::new())));
                }
                false => self.replacements.extend(leaving.in_lines(first, last)?),
            }
        }
        for index in gone {
            self.without_comments_of(leaving.attached(index));
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

    /// An element with the comments that go with it.
    pub(super) fn attached(&self, item: usize) -> Span {
        attached(&self.ownership, self.list, self.items[item])
    }

    /// The lines of an element, if nothing else is in them.
    fn own(&self, item: usize) -> Result<Span, Obstacle> {
        let own = self.attached(item);
        let is_alone = line_start(self.text, own.start as usize) == own.start as usize;
        if is_alone { Ok(own) } else { Err(Obstacle::Layout(self.items[item].span())) }
    }

    /// The lines of some items of a block list. Those at the end of the list go with the empty lines above them, others with
    /// those below them if there are some above them, or if they are the first ones.
    fn in_lines(&self, first: usize, last: usize) -> Result<Vec<(Span, String)>, Obstacle> {
        let is_at_end = last + 1 == self.items.len();
        let lines = |item: usize| {
            let own = self.own(item)?;
            Ok(match (is_at_end, first) {
                (true, _) => self.with_blank_above(item, own),
                (false, 0) => self.with_blank_below(own),
                (false, _) => self.between_blank(item, own),
            })
        };
        (first..=last).map(lines).collect()
    }

    /// The lines of an entry of a block mapping. Between two empty lines, those after it go as well.
    pub(super) fn own_lines(&self, entry: usize) -> Result<(Span, String), Obstacle> {
        Ok(self.between_blank(entry, self.own(entry)?))
    }

    fn with_blank_above(&self, item: usize, own: Span) -> (Span, String) {
        let mut from = own.start as usize;
        while let Some(above) = self.blank_above(item, from) {
            from = above;
        }
        let whole = Span::new(from, own.end as usize);
        if self.joins(whole) { self.parted(own) } else { self.parted(whole) }
    }

    fn with_blank_below(&self, own: Span) -> (Span, String) {
        let mut end = own.end as usize;
        while end < self.text.len() && is_blank(&self.text[end..next_line(self.text, end)]) {
            end = next_line(self.text, end);
        }
        let whole = Span::new(own.start as usize, end);
        if self.joins(whole) { self.parted(own) } else { self.parted(whole) }
    }

    fn between_blank(&self, item: usize, own: Span) -> (Span, String) {
        match self.blank_above(item, own.start as usize) {
            Some(_) => self.with_blank_below(own),
            None => self.parted(own),
        }
    }

    /// The empty line above the one that begins at `line`, unless it can be a part of a block scalar.
    fn blank_above(&self, item: usize, line: usize) -> Option<usize> {
        let above = line_above(self.text, line)?;
        let is_after_scalar = item.checked_sub(1).is_some_and(|before| ends_in_block_scalar(self.items[before]));
        (!is_after_scalar && is_blank(&self.text[above..line])).then_some(above)
    }

    /// Whether a comment that stays would come to be about something else without these lines.
    fn joins(&self, lines: Span) -> bool {
        let of_comment = line_above(self.text, lines.start as usize).and_then(|above| comment_column(self.text, above));
        let below = &self.text[lines.end as usize..content_end(self.text, lines.end as usize)];
        let indent = below.len() - below.trim_start_matches(' ').len();
        of_comment == Some(indent) && !is_blank(below)
    }

    /// Lines that go. An empty one stays where a comment above them would come to be about what is below them; a text without
    /// a line end at its end stays one.
    fn parted(&self, lines: Span) -> (Span, String) {
        let (mut from, end) = (lines.start as usize, lines.end as usize);
        if end == self.text.len() && !self.text.ends_with(['\n', '\r']) {
            from = content_end_before(self.text, from);
        }
        let kept = if self.joins(lines) { line_end(self.text) } else { "" };
        (Span::new(from, end), kept.to_string())
    }

    /// The bytes of some items of a list in brackets, and the comma that parts them from the others.
    fn in_brackets(&self, first: usize, last: usize) -> Vec<Span> {
        let bracket = self.list.span().end as usize - 1;
        let is_in_lines = (0..self.items.len())
            .all(|item| is_first_in_line(self.text, self.attached(item).start as usize))
            && is_first_in_line(self.text, bracket);
        if is_in_lines {
            return self.lines_in_brackets(first, last);
        }
        let own = |item: usize| self.attached(item);
        if last + 1 < self.items.len() {
            return vec![Span::new(own(first).start as usize, own(last + 1).start as usize)];
        }
        let Some(before) = first.checked_sub(1) else { return vec![own(first).to(own(last))] };
        // The comma at the end stays, if there is one, and what is written after the item before.
        let (comma, comma_at_end) = (self.comma_after(before), self.comma_after(last));
        let end_of_value = self.items[before].full_span().end as usize;
        let (start, end) = (own(first).start as usize, own(last).end as usize);
        let is_alone = is_first_in_line(self.text, start) && is_blank(&self.text[end..content_end(self.text, end)]);
        let own = match is_alone {
            true => Span::new(line_start(self.text, start), next_line(self.text, end)),
            false => Span::new(start, end),
        };
        let has_comment = self.ownership.comments_in(Span::new(end_of_value, start)).next().is_some();
        match (comma, comma_at_end) {
            (Some(comma), None) if is_alone || has_comment => vec![Span::new(comma, comma + 1), own],
            (_, Some(_)) if is_alone || has_comment => vec![own],
            (Some(comma), Some(at_end)) if at_end + 1 == end => vec![Span::new(comma, at_end)],
            (_, _) => vec![Span::new(end_of_value, end)],
        }
    }

    /// The lines of some items of a list in brackets that has each item in a line of its own.
    fn lines_in_brackets(&self, first: usize, last: usize) -> Vec<Span> {
        let lines = |item: usize| {
            let own = self.attached(item);
            Span::new(line_start(self.text, own.start as usize), next_line(self.text, own.end as usize))
        };
        let mut spans: Vec<Span> = (first..=last).map(lines).collect();
        let before = first.checked_sub(1).filter(|_| last + 1 == self.items.len());
        let comma = before.filter(|_| self.comma_after(last).is_none()).and_then(|before| self.comma_after(before));
        spans.extend(comma.map(|comma| Span::new(comma, comma + 1)));
        spans
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
        let mut replacements = self.in_lines(0, self.items.len().checked_sub(1).ok_or_else(layout)?)?;
        let parent = self.list.parent().filter(|_| self.list.anchor().is_none() && self.list.tag().is_none());
        let root = self.list.tree().root().filter(|root| root.id() == self.list.id());
        let (at, written) = match (root, parent) {
            (Some(_), _) if self.list.anchor().is_none() && self.list.tag().is_none() => {
                let first = self.own(0)?;
                let end = &self.text[..first.end as usize];
                let line_end = if end.ends_with(['\n', '\r']) { line_end(self.text) } else { "" };
                (first.start as usize, format!("[]{line_end}"))
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
            Some((span, text)) => {
                // Of a root, the line of a comment above it keeps its end.
                let start = if root.is_some() { at } else { span.start as usize };
                *span = Span::new(start, span.end as usize);
                *text = written;
            }
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
