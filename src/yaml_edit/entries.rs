//! Entries of mappings: put at a place among the others, given another value, or taken out with their comments.

use crate::text::{Span, content_end, line_start};
use crate::yaml::{Node, NodeKind};

use super::elements::Leaving;
use super::emit::{New, flow_entries};
use super::place::{column, column_of_entry, end_of_lines, is_first_in_line, last_leaf, place_behind};
use super::plan::{Intent, Obstacle, Plan, ends};
use super::style::Style;

impl<'t> Plan<'t> {
    /// Adds a key after the entry with the key `after`, or before all others.
    pub(crate) fn insert_entry(
        &mut self,
        map: Node<'t>,
        after: Option<Node<'t>>,
        key: &str,
        value: New,
        style: Style,
    ) -> Result<(), Obstacle> {
        let entries: Vec<(Node<'t>, Node<'t>)> = map.entries().collect();
        let index = after.and_then(|after| entries.iter().position(|(own, _)| own.id() == after.id()));
        let next = entries.get(index.map_or(0, |index| index + 1)).map(|(key, _)| *key);
        let Some(next) = next else { return self.append_entry(map, key, value, style) };
        match index.and_then(|index| entries.get(index)) {
            Some((own, of_own)) if map.is_flow() => {
                let is_next_line = is_first_in_line(self.tree.text(), next.full_span().start as usize);
                let near = if is_next_line { next } else { *own };
                let (written, comma) = self.flow_entry(map, near, key, &value);
                self.insert(own.full_span().to(of_own.full_span()).end as usize, format!("{comma}{written}"));
            }
            Some((own, of_own)) => {
                let of_key = column_of_entry(self.tree.text(), *own);
                let place = place_behind(*of_own, of_key).map_err(|fault| ends(fault, *of_own))?;
                self.insert_lines(place, &" ".repeat(of_key), &value.entry_lines(key, style), style);
            }
            None if map.is_flow() => {
                let (written, comma) = self.flow_entry(map, next, key, &value);
                self.insert(next.full_span().start as usize, format!("{written}{comma}"));
            }
            None => self.insert_first(next, key, &value, style)?,
        }
        self.intend(map, Intent::Entry { before: Some(next.id()), key: key.to_string(), value });
        Ok(())
    }

    /// An entry in braces.
    pub(super) fn entry_in_braces(&self, map: Node<'t>, near: Node<'t>, key: &str, value: &New) -> String {
        self.flow_entry(map, near, key, value).0
    }

    /// An entry in braces, and the comma that parts it from others.
    fn flow_entry(&self, map: Node<'t>, near: Node<'t>, key: &str, value: &New) -> (String, String) {
        let written = match &self.json {
            Some(json) => json.entry(map, self.indent_of(near), key, value),
            None => flow_entries(&[(key.to_string(), value.clone())]),
        };
        (written, self.flow_comma(near))
    }

    /// What parts a member in brackets from a new one: a comma, and a line end where the member is first in its line.
    pub(super) fn flow_comma(&self, near: Node<'t>) -> String {
        let (text, start): (&str, usize) = (self.tree.text(), near.full_span().start as usize);
        match is_first_in_line(text, start) {
            false => self.json_comma().unwrap_or(", ").to_string(),
            true => {
                let before = &text[..line_start(text, start)];
                let line_end = if before.ends_with("\r\n") { "\r\n" } else { "\n" };
                format!(",{line_end}{}", self.indent_of(near))
            }
        }
    }

    /// Puts lines before the first key of a block mapping, and before the comments that belong to it.
    fn insert_first(&mut self, first: Node<'t>, key: &str, value: &New, style: Style) -> Result<(), Obstacle> {
        let text: &str = self.tree.text();
        let start = first.full_span().start as usize;
        if !is_first_in_line(text, start) {
            return Err(Obstacle::Layout(first.span()));
        }
        let of_key = column(text, start);
        let extent = self.ownership().element(first.id()).extent.start as usize;
        let at = line_start(text, extent);
        // A byte order mark stays at the start.
        let at = if text[at..].starts_with('\u{feff}') { at + '\u{feff}'.len_utf8() } else { at };
        let indent = " ".repeat(of_key);
        let lines: Vec<String> = value.entry_lines(key, style).iter().map(|line| format!("{indent}{line}")).collect();
        self.insert(at, format!("{}{}", lines.join(style.line_end), style.line_end));
        Ok(())
    }

    /// Writes another value in the place of one: of a scalar just its bytes, of a block collection all of it with the comments
    /// of what is in it, in one line.
    pub(crate) fn put(&mut self, node: Node<'t>, value: New) -> Result<(), Obstacle> {
        let is_null = node.kind() == NodeKind::Scalar && node.span().is_empty();
        if is_null {
            self.fill(node, value);
            return Ok(());
        }
        let written = match (&self.json, &value) {
            (Some(json), _) => json.in_place_of(node, &value),
            (None, New::Text(text)) if node.kind() == NodeKind::Scalar => {
                self.rewrite(node, text, None);
                return Ok(());
            }
            (None, value) => value.flow(),
        };
        if node.kind() == NodeKind::Scalar || node.is_flow() {
            if node.kind() != NodeKind::Scalar {
                self.without_comments_of(node.span());
            }
            // A comment after the bracket at the end keeps its place.
            let (span, text): (Span, &str) = (node.span(), self.tree.text());
            let last = written.chars().last().filter(|last| matches!(last, ']' | '}'));
            match last.filter(|last| node.is_flow() && span.of(text).ends_with(*last)) {
                Some(_) => {
                    let kept = written[..written.len() - 1].to_string();
                    self.replacements.push((Span::new(span.start as usize, span.end as usize - 1), kept));
                }
                None => self.replacements.push((span, written)),
            }
            self.intend(node, Intent::Becomes { value });
            return Ok(());
        }
        let parent = node.parent().ok_or(Obstacle::Layout(node.span()))?;
        let text: &str = self.tree.text();
        let key = parent.entries().find(|(_, own)| own.id() == node.id()).map(|(key, _)| key.full_span());
        let key = key.ok_or(Obstacle::Layout(node.span()))?;
        let colon = text[key.end as usize..].find(':').ok_or(Obstacle::Layout(node.span()))?;
        let from = key.end as usize + colon + 1;
        let leaf = last_leaf(node);
        let end = leaf.full_span().end as usize;
        let end = from + text.get(from..end).unwrap_or("").trim_end_matches([' ', '\t', '\r', '\n']).len();
        // The comments in the collection go with it; the one after the key is about the field.
        let of_value = end_of_lines(node, column(text, key.start as usize)).map_or(end, |place| place.at);
        let end = end.max(text[..of_value].trim_end_matches([' ', '\t', '\r', '\n']).len());
        let of_key = content_end(text, from);
        if text[from..of_key].contains('#') && of_key < end {
            self.insert(from, format!(" {written}"));
            self.replacements.push((Span::new(of_key, end), String::new()));
        } else {
            self.replacements.push((Span::new(from, end), format!(" {written}")));
        }
        self.without_comments_of(Span::new(of_key.min(end), end));
        self.intend(node, Intent::Becomes { value });
        Ok(())
    }

    /// Takes an entry out of a mapping of several, with the comments that are attached to it.
    pub(crate) fn remove_element_of_map(&mut self, map: Node<'t>, key: Node<'t>) -> Result<(), Obstacle> {
        let entries: Vec<(Node<'t>, Node<'t>)> = map.entries().collect();
        let index = entries.iter().position(|(own, _)| own.id() == key.id()).ok_or(Obstacle::Layout(key.span()))?;
        let is_alone_in_line = is_first_in_line(self.tree.text(), key.full_span().start as usize);
        let leaving = Leaving::of_map(map, self.ownership());
        self.without_comments_of(leaving.attached(index));
        if map.is_flow() || !is_alone_in_line {
            return self.remove_entry(map, key);
        }
        let (span, kept) = leaving.own_lines(index)?;
        let span = self.without_line_end_of_insertion(span, leaving.attached(index));
        self.replacements.push((span, kept));
        self.intend(map, Intent::Without { child: key.id() });
        Ok(())
    }

    /// Of lines at the end of a text without a line end, the line end before them goes with them; but if lines are added there,
    /// it is theirs that goes.
    fn without_line_end_of_insertion(&mut self, gone: Span, lines: Span) -> Span {
        let is_here =
            |(span, text): &&mut (Span, String)| *span == Span::empty(lines.start as usize) && !text.is_empty();
        let added = self.replacements.iter_mut().find(is_here).filter(|_| gone.start < lines.start);
        let Some((_, added)) = added else { return gone };
        let content = added.trim_end_matches(['\n', '\r']).len();
        added.truncate(content);
        lines
    }
}
