//! Items with comments that join a list in brackets.

use crate::text::{Span, content_end};
use crate::yaml::{Node, NodeKind};

use super::emit::New;
use super::place::{column, is_first_in_line};
use super::plan::{Intent, Obstacle, Plan};
use super::style::Style;

impl<'t> Plan<'t> {
    /// Adds items of which some have comments at the end of a list in brackets. The comment of the last one goes to the end of
    /// its line, if the list ends there; else the list gets a line for each item.
    ///
    /// # Errors
    /// The list is in other brackets, or has comments of its own between its items.
    pub(crate) fn append_noted(&mut self, list: Node<'t>, values: Vec<New>, style: Style) -> Result<(), Obstacle> {
        let text: &str = self.tree.text();
        let (start, end) = (list.span().start as usize, list.span().end as usize);
        let last = list.items().last().ok_or(Obstacle::Layout(list.span()))?;
        let is_one_line = !text[start..end].contains(['\n', '\r']);
        let rest = &text[end..content_end(text, end)];
        let closes = rest.trim_matches([' ', '\t', ']', '}', ',']).is_empty();
        let noted = values.iter().filter(|value| !value.comments().is_empty()).count();
        let is_last = values.last().is_some_and(|value| !value.comments().is_empty());
        if is_one_line && closes && noted == 1 && is_last {
            let comments = values.last().map(New::comments).unwrap_or_default().join(" ");
            let gap = if rest.ends_with([' ', '\t']) { "" } else { "  " };
            let items: String = values.iter().map(|value| format!(", {}", value.flow())).collect();
            self.insert(last.full_span().end as usize, items);
            let after = content_end(text, end);
            self.insert(after, format!("{gap}{comments}"));
            values.into_iter().for_each(|value| self.intend(list, Intent::Item { before: None, value }));
            return Ok(());
        }
        self.in_lines(list, values, style, is_one_line)
    }

    /// Writes a list in brackets with a line for each item, and more items.
    fn in_lines(&mut self, list: Node<'t>, values: Vec<New>, style: Style, is_one_line: bool) -> Result<(), Obstacle> {
        let text: &str = self.tree.text();
        let layout = || Obstacle::Layout(list.span());
        let parent =
            list.parent().filter(|map| map.kind() == NodeKind::Mapping && !map.is_flow()).ok_or_else(layout)?;
        let (key, _) = parent.entries().find(|(_, value)| value.id() == list.id()).ok_or_else(layout)?;
        let is_bare =
            |node: Node<'t>| node.kind() == NodeKind::Scalar && node.anchor().is_none() && node.tag().is_none();
        // The lines of a list in brackets over several lines may have comments of their own.
        if !is_one_line || list.tag().is_some() || list.anchor().is_some() || !list.items().all(is_bare) {
            return Err(layout());
        }
        let of_key = column(text, key.full_span().start as usize);
        let all: Vec<New> = list.items().map(New::copy).chain(values).collect();
        let colon = key.full_span().end as usize;
        let colon = colon + text[colon..].find(':').ok_or_else(layout)? + 1;
        if is_first_in_line(text, list.span().start as usize) {
            return Err(layout());
        }
        let end = content_end(text, list.span().end as usize);
        let indent = " ".repeat(of_key + style.list_indent);
        let lines: Vec<String> = all.iter().flat_map(|value| value.item_lines(style)).collect();
        let lines: String = lines.iter().map(|line| format!("{}{indent}{line}", style.line_end)).collect();
        // A comment of the line stays after the colon.
        let is_noted = text[list.span().end as usize..end].contains('#');
        let gap = if is_noted { " " } else { "" };
        self.replacements.push((Span::new(colon, list.span().end as usize), gap.to_string()));
        self.insert(end, lines);
        self.intend(list, Intent::Becomes { value: New::List(all) });
        Ok(())
    }
}
