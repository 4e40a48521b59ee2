//! Items that are written once more, with another text for one of their fields.

use crate::text::{content_end, line_start, next_line};
use crate::yaml::{Node, NodeKind};

use super::emit::{New, scalar_like};
use super::json::JsonLayout;
use super::place::{is_first_in_line, item_column, place_behind};
use super::plan::{Intent, Obstacle, Plan};
use super::style::Style;

impl<'t> Plan<'t> {
    /// Writes an item of a list once more, right after it, with all comments in it but none around it; the value of `key`
    /// is another one. Anchors are not repeated: the aliases of the copy are those of the item.
    pub(crate) fn copy_item(&mut self, list: Node<'t>, item: Node<'t>, key: &str, text: &str) -> Result<(), Obstacle> {
        let layout = || Obstacle::Layout(item.span());
        let value = item.entries().find(|(name, _)| name.value() == key).map(|(_, value)| value).ok_or_else(layout)?;
        let source: &str = self.tree.text();
        let ownership = self.ownership();
        let element = ownership.element(item.id());
        let written = if self.is_json() { JsonLayout::quoted(text) } else { scalar_like(text, value.style()) };
        let (start, end) = if list.is_flow() {
            (item.full_span().start as usize, item.full_span().end as usize)
        } else {
            let start = line_start(source, element.span.start as usize);
            if !is_first_in_line(source, element.span.start as usize) {
                return Err(layout());
            }
            let end = element.span.end as usize;
            (start, if source[..end].ends_with(['\n', '\r']) { end } else { next_line(source, end) })
        };
        let mut copy = String::new();
        let mut at = start;
        let mut replaced: Vec<(usize, usize, &str)> = anchors(item).collect();
        replaced.push((value.span().start as usize, value.span().end as usize, &written));
        replaced.sort_unstable();
        for (from, to, text) in replaced {
            copy.push_str(source.get(at..from).ok_or_else(layout)?);
            copy.push_str(text);
            at = to;
        }
        copy.push_str(source.get(at..end).ok_or_else(layout)?);
        if list.is_flow() {
            self.copy_in_brackets(item, &copy);
        } else {
            let is_alone = |text: &str| text.lines().next().is_some_and(|line| line.trim() == "-");
            let has_lost_its_line = is_alone(&copy) && !source.get(start..end).is_some_and(is_alone);
            let copy = Some(copy.as_str()).filter(|_| has_lost_its_line).and_then(with_dash).unwrap_or(copy);
            self.copy_in_lines(list, item, &copy, end);
        }
        let before = list.items().find(|other| other.id() > item.id()).map(Node::id);
        let (key, text) = (key.to_string(), text.to_string());
        self.intend(list, Intent::Copy { before, of: item.id(), key, text });
        Ok(())
    }

    fn copy_in_brackets(&mut self, item: Node<'t>, copy: &str) {
        let text: &str = self.tree.text();
        let (start, end) = (item.full_span().start as usize, item.full_span().end as usize);
        let rest = text[end..content_end(text, end)].trim_start_matches([' ', '\t']);
        let has_comma = rest.starts_with(',');
        let has_comment = rest.trim_start_matches([' ', '\t', ',']).starts_with('#');
        if has_comment && is_first_in_line(text, start) {
            // The comment stays in the line of the item.
            let (indent, line_end) = (&text[line_start(text, start)..start], &text[content_end(text, end)..]);
            let line_end = if line_end.starts_with("\r\n") { "\r\n" } else { "\n" };
            let comma = if has_comma { "," } else { "" };
            if !has_comma {
                self.insert(end, ",".to_string());
            }
            return self.insert(next_line(text, end), format!("{indent}{copy}{comma}{line_end}"));
        }
        let separator = if is_first_in_line(text, start) {
            let line_end = &text[content_end(text, end)..next_line(text, end)];
            format!(",{line_end}{}", &text[line_start(text, start)..start])
        } else {
            self.json_comma().unwrap_or(", ").to_string()
        };
        self.insert(end, format!("{separator}{copy}"));
    }

    /// Below the comments of the item. Before another item, it is parted from that one by as many empty lines as the item
    /// is: removed together with them, it leaves the text as it was. At the end of the list it comes after an empty line
    /// if the items are parted by one.
    fn copy_in_lines(&mut self, list: Node<'t>, item: Node<'t>, copy: &str, end: usize) {
        let text: &str = self.tree.text();
        let copy = copy.strip_suffix('\n').map_or(copy, |copy| copy.strip_suffix('\r').unwrap_or(copy));
        let line_end = self.line_end();
        let of_item = item_column(list, item).and_then(|(dash, _)| place_behind(item, dash).ok());
        let at = of_item.map_or(end, |place| place.at.max(end));
        let next = list.items().find(|other| other.id() > item.id());
        if let Some(next) = next.map(|next| self.ownership().element(next.id()).extent.start as usize) {
            let start = line_start(text, next).max(at);
            let gap = text[at..start].lines().rev().take_while(|line| line.trim().is_empty()).count();
            return self.insert(start, format!("{copy}{line_end}{}", line_end.repeat(gap)));
        }
        let gap = if self.is_spaced(list) { line_end } else { "" };
        match text[..at].ends_with(['\n', '\r']) {
            true => self.insert(at, format!("{gap}{copy}{line_end}")),
            false => self.insert(at, format!("{line_end}{gap}{copy}")),
        }
    }

    /// Adds an item after another one of a list, or at its end, below all comments that are attached to that item, and after an
    /// empty line if the last items are parted by one.
    pub(crate) fn insert_spaced(
        &mut self,
        list: Node<'t>,
        item: Option<Node<'t>>,
        value: New,
        style: Style,
    ) -> Result<(), Obstacle> {
        let next = item.and_then(|item| list.items().find(|other| other.id() > item.id()));
        let (Some(item), Some(next)) = (item, next) else { return self.append_spaced(list, value, style) };
        if list.is_flow() {
            let written = match &self.json {
                Some(json) => json.child(list, self.indent_of(item), &value),
                None => value.flow(),
            };
            self.copy_in_brackets(item, &written);
        } else {
            let (dash, gap) = item_column(list, item).ok_or(Obstacle::Layout(item.span()))?;
            let style = Style { dash_gap: if gap == 0 { style.dash_gap } else { gap }, ..style };
            let indent = self.indent(list, item, dash);
            let lines = value.item_lines(style).into_iter();
            let lines: Vec<String> =
                lines.map(|line| if line.is_empty() { line } else { format!("{indent}{line}") }).collect();
            let source: &str = self.tree.text();
            let end = self.ownership().element(item.id()).span.end as usize;
            let end = if source[..end].ends_with(['\n', '\r']) { end } else { next_line(source, end) };
            self.copy_in_lines(list, item, &lines.join(style.line_end), end);
        }
        self.intend(list, Intent::Item { before: Some(next.id()), value });
        Ok(())
    }

    /// Whether there is an empty line between the last two items of a block list.
    pub(super) fn is_spaced(&self, list: Node<'t>) -> bool {
        let items: Vec<Node<'t>> = list.items().collect();
        let [.., one, other] = items.as_slice() else { return false };
        let (text, ownership): (&str, _) = (self.tree.text(), self.ownership());
        let extent = |node: Node<'t>| ownership.element(node.id()).extent;
        let between = text.get(extent(*one).end as usize..extent(*other).start as usize).unwrap_or("");
        let breaks = between.matches('\n').count();
        let is_after_break = text[..extent(*one).end as usize].ends_with('\n');
        breaks + usize::from(is_after_break) > 1
    }

    /// The line end of the text.
    pub(super) fn line_end(&self) -> &'static str {
        super::style::line_end(self.tree.text())
    }
}

/// The lines of an item whose dash was in a line with an anchor: the dash comes before the first key, in its column.
fn with_dash(copy: &str) -> Option<String> {
    let (dash, rest) = copy.split_once('\n')?;
    let (line, dash) = (rest.lines().next()?, dash.trim_end());
    let key = line.trim_start_matches(' ');
    let gap = (line.len() - key.len()).checked_sub(dash.len()).filter(|gap| *gap > 0)?;
    let is_key = !key.starts_with(['#', '\t', '-']) && !key.is_empty();
    is_key.then(|| format!("{dash}{}{}", " ".repeat(gap), &rest[line.len() - key.len()..]))
}

/// The anchors in a node, each with the blank before or after it.
pub(super) fn anchors<'t>(node: Node<'t>) -> impl Iterator<Item = (usize, usize, &'static str)> + 't {
    let text: &str = node.tree().text();
    let within = node.tree().nodes_from(node.id());
    let end = node.full_span().end;
    within.take_while(move |own| own.full_span().start < end).filter_map(move |own| {
        let anchor = own.anchor()?;
        // An alias has the name of its anchor as its value.
        (own.kind() != NodeKind::Alias).then_some(())?;
        let full = own.full_span().start as usize;
        let head = text.get(full..own.span().start as usize).unwrap_or("");
        let at = full + head.find(&format!("&{anchor}"))?;
        let to = at + 1 + anchor.len();
        match text[..at].ends_with(' ') {
            true => Some((at - 1, to, "")),
            false => Some((at, to + text[to..].len() - text[to..].trim_start_matches(' ').len(), "")),
        }
    })
}
