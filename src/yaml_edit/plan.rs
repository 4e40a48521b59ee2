//! Operations on the tree of one text: each is noted down as intended, and as bytes to be replaced.

use std::cell::OnceCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::text::{Edits, Span, content_end, line_start, next_line};
use crate::yaml::{Node, NodeId, NodeKind, Ownership, Tree};

use super::attached::first_line_of;
use super::emit::{New, beside, flow_entries, scalar, scalar_like};
use super::json::{JsonLayout, indent_at};
use super::place::{
    EndsInBlockScalar, Place, column, column_of_entry, dash_of, is_first_in_line, item_column, last_leaf, place_behind,
};
use super::style::Style;

/// What is to become of a collection or a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Intent {
    /// The list gets an item; before the child of that number, or at its end.
    Item { before: Option<NodeId>, value: New },
    /// The mapping gets an entry; before the one with that key, or at its end.
    Entry { before: Option<NodeId>, key: String, value: New },
    /// The list gets a copy of an item, before the child of that number or at its end, with another text as the value of
    /// a key.
    Copy { before: Option<NodeId>, of: NodeId, key: String, text: String },
    /// An item, or an entry named by its key, is gone.
    Without { child: NodeId },
    /// The node gives way to a new value.
    Becomes { value: New },
}

/// Why an operation cannot be made by changing a few bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The text ends inside a block scalar without a line end.
    EndsInBlockScalar(Span),
    /// There is no place known for it: an unusual layout.
    Layout(Span),
}

/// The operations on one text.
#[derive(Debug)]
pub(crate) struct Plan<'t> {
    pub(crate) tree: &'t Tree,
    pub(super) replacements: Vec<(Span, String)>,
    pub(crate) intents: FxHashMap<NodeId, Vec<Intent>>,
    /// Comments that go where new nodes are written.
    pub(crate) moved_comments: Vec<Span>,
    /// The bytes whose comments go with what they belong to, in the order of the text.
    pub(super) gone_comments: Vec<Span>,
    /// How the text is written, if it is JSON.
    pub(super) json: Option<JsonLayout>,
    ownership: OnceCell<Rc<Ownership>>,
    /// The text that the tree is a part of.
    whole: Option<&'t Tree>,
}

impl<'t> Plan<'t> {
    pub(crate) fn new(tree: &'t Tree) -> Self {
        let json = JsonLayout::of(tree);
        Self {
            tree,
            replacements: Vec::new(),
            intents: FxHashMap::default(),
            moved_comments: Vec::new(),
            gone_comments: Vec::new(),
            json,
            ownership: OnceCell::new(),
            whole: None,
        }
    }

    /// A plan for a part of a text, which is a text of its own: what is new is written as in the whole text.
    pub(crate) fn of_part(tree: &'t Tree, whole: &'t Tree) -> Self {
        Self { whole: Some(whole), json: None, ..Self::new(tree) }
    }

    /// A plan for a text that is not JSON, although it could be: `[]`.
    pub(crate) fn of_yaml(tree: &'t Tree) -> Self {
        Self { json: None, ..Self::new(tree) }
    }

    /// How new nodes are written around `near`.
    pub(crate) fn style(&self, near: Node<'t>) -> Style {
        Style::of_part(self.tree, near, self.whole.unwrap_or(self.tree))
    }

    /// Whether another plan has all of its operations.
    pub(crate) fn is_in(&self, other: &Self) -> bool {
        let is_there = |(node, intents): (&NodeId, &Vec<Intent>)| {
            let others = other.intents.get(node).map_or(&[][..], Vec::as_slice);
            intents.iter().all(|intent| others.contains(intent))
        };
        !self.intents.is_empty() && self.intents.iter().all(is_there)
    }

    /// The replacements so far; `None` when two operations are in each other's way.
    pub(crate) fn edits(&self) -> Option<Edits> {
        Edits::new(self.replacements.clone())
    }

    /// Replaces bytes that no operation is about.
    pub(crate) fn replace_bytes(&mut self, span: Span, text: &str) {
        self.replacements.push((span, text.to_string()));
    }

    pub(super) fn intend(&mut self, node: Node<'t>, intent: Intent) {
        self.intents.entry(node.id()).or_default().push(intent);
    }

    pub(super) fn insert(&mut self, at: usize, text: String) {
        self.replacements.push((Span::empty(at), text));
    }

    /// Puts lines at a place.
    pub(super) fn insert_lines(&mut self, place: Place, indent: &str, lines: &[String], style: Style) {
        let end = style.line_end;
        let indented = |line: &String| if line.is_empty() { String::new() } else { format!("{indent}{line}") };
        let text = lines.iter().map(indented).collect::<Vec<_>>().join(end);
        self.insert(place.at, if place.needs_line_end { format!("{end}{text}") } else { format!("{text}{end}") });
    }

    /// Adds an item at the end of a list that has some.
    pub(crate) fn append_item(&mut self, list: Node<'t>, value: New, style: Style) -> Result<(), Obstacle> {
        self.append_items(list, vec![value], style)
    }

    /// Adds an item as [`append_items`](Self::append_items) does, after an empty line if the last items are parted by one.
    pub(crate) fn append_spaced(&mut self, list: Node<'t>, value: New, style: Style) -> Result<(), Obstacle> {
        let is_spaced = !list.is_flow() && self.is_spaced(list);
        let value = if is_spaced { New::Apart(Box::new(value)) } else { value };
        self.append_items(list, vec![value], style)
    }

    /// Whether a list in lines can take the place of an empty one, or of one that is not written.
    pub(crate) fn has_place_for_lines(&self, map: Node<'t>, list: Node<'t>) -> bool {
        self.key_before_lines(map, list).is_some()
    }

    /// The key of a list that gets lines.
    fn key_before_lines(&self, map: Node<'t>, list: Node<'t>) -> Option<Node<'t>> {
        let text: &str = self.tree.text();
        let key = map.entries().find(|(_, own)| own.id() == list.id()).map(|(key, _)| key);
        let end = list.span().end as usize;
        let is_bare = list.anchor().is_none() && list.tag().is_none() && !map.is_flow();
        let is_last = |key: &Node<'t>| {
            let (start, rest) = (key.full_span().end as usize, &text[end..content_end(text, end)]);
            rest.trim_matches([' ', '\t']).is_empty() && !text[start..end].contains(['\n', '\r', '#'])
        };
        key.filter(|key| is_bare && is_last(key))
    }

    /// Writes a list in lines in the place of an empty one, or of one that is not written.
    pub(crate) fn fill_with_lines(&mut self, map: Node<'t>, list: Node<'t>, value: New, style: Style) {
        let text: &str = self.tree.text();
        let end = list.span().end as usize;
        let Some(key) = self.key_before_lines(map, list) else { return self.fill(list, value) };
        let name_end = key.full_span().end as usize;
        let colon = text[name_end..].find(':').map_or(name_end, |at| name_end + at + 1);
        let of_key = column(text, key.full_span().start as usize);
        let lines: Vec<String> = value.entry_lines(key.value(), style).into_iter().skip(1).collect();
        let at = next_line(text, end);
        let needs_line_end = !text[..at].ends_with(['\n', '\r']);
        self.replacements.push((Span::new(colon, end.max(colon)), String::new()));
        self.insert_lines(Place { at, needs_line_end }, &" ".repeat(of_key), &lines, style);
        self.intend(list, Intent::Becomes { value });
    }

    /// What parts two members of a collection of a JSON text.
    pub(super) fn json_comma(&self) -> Option<&str> {
        self.json.as_ref().map(JsonLayout::comma)
    }

    /// Adds items at the end of a list that has some, above the comments that are attached to no item of it.
    pub(crate) fn append_items(&mut self, list: Node<'t>, values: Vec<New>, style: Style) -> Result<(), Obstacle> {
        let last = list.items().last().ok_or(Obstacle::Layout(list.span()))?;
        if list.is_flow() {
            let items: Vec<String> = values
                .iter()
                .map(|value| match &self.json {
                    Some(json) => json.child(list, self.indent_of(last), value),
                    None => value.flow(),
                })
                .collect();
            self.append_flow(list, last, last.full_span(), &items);
        } else {
            let (dash, gap) = item_column(list, last).ok_or(Obstacle::Layout(last.span()))?;
            let style = Style { dash_gap: if gap == 0 { style.dash_gap } else { gap }, ..style };
            let place = place_behind(last, dash).map_err(|fault| ends(fault, list))?;
            let lines: Vec<String> = values.iter().flat_map(|value| value.item_lines(style)).collect();
            self.insert_lines(place, &self.indent(list, last, dash), &lines, style);
        }
        values.into_iter().for_each(|value| self.intend(list, Intent::Item { before: None, value }));
        Ok(())
    }

    /// To what each comment belongs.
    pub(super) fn ownership(&self) -> Rc<Ownership> {
        Rc::clone(self.ownership.get_or_init(|| Rc::new(self.tree.ownership())))
    }

    /// Whether the text is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json.is_some()
    }

    /// A string to be written as a scalar beside it is: in its quotes, or without any.
    pub(crate) fn like(&self, text: &str, neighbor: Option<Node<'t>>) -> New {
        let style = neighbor.filter(|node| node.kind() == NodeKind::Scalar).and_then(Node::style);
        match style.filter(|_| self.json.is_none()) {
            None => New::text(text),
            Some(style) => New::Written { text: text.to_string(), written: beside(text, style) },
        }
    }

    /// Adds an item at the start of a list that has some.
    pub(crate) fn prepend_item(&mut self, list: Node<'t>, value: New, style: Style) -> Result<(), Obstacle> {
        let first = list.items().next().ok_or(Obstacle::Layout(list.span()))?;
        if list.is_flow() {
            let item = match &self.json {
                Some(json) => json.child(list, self.indent_of(first), &value),
                None => value.flow(),
            };
            self.insert(first.full_span().start as usize, format!("{item}{}", self.flow_comma(first)));
        } else {
            let dash = dash_of(list, first).ok_or(Obstacle::Layout(first.span()))?;
            let (of_dash, gap) = item_column(list, first).ok_or(Obstacle::Layout(first.span()))?;
            let style = Style { dash_gap: if gap == 0 { style.dash_gap } else { gap }, ..style };
            let indent = self.indent(list, first, of_dash);
            let mut text = value.item_lines(style).join(&format!("{}{indent}", style.line_end));
            // Comments above the first item stay with it.
            let start = first_line_of(list, dash);
            let has_comments = is_first_in_line(self.tree.text(), dash) && start < line_start(self.tree.text(), dash);
            match has_comments {
                true => {
                    text.push_str(style.line_end);
                    self.insert(start, format!("{indent}{text}"));
                }
                false => {
                    text.push_str(&format!("{}{indent}", style.line_end));
                    self.insert(dash, text);
                }
            }
        }
        self.intend(list, Intent::Item { before: Some(first.id()), value });
        Ok(())
    }

    /// Adds a key at the end of a mapping that has some.
    pub(crate) fn append_entry(&mut self, map: Node<'t>, key: &str, value: New, style: Style) -> Result<(), Obstacle> {
        let (last_key, last) = map.entries().last().ok_or(Obstacle::Layout(map.span()))?;
        if map.is_flow() {
            let whole = last_key.full_span().to(last.full_span());
            let entry = match &self.json {
                Some(json) => json.entry(map, self.indent_of(last_key), key, &value),
                None => flow_entries(&[(key.to_string(), value.clone())]),
            };
            self.append_flow(map, last_key, whole, &[entry]);
        } else {
            let of_key = column_of_entry(self.tree.text(), last_key);
            let place = place_behind(last, of_key).map_err(|fault| ends(fault, map))?;
            self.insert_lines(place, &" ".repeat(of_key), &value.entry_lines(key, style), style);
        }
        self.intend(map, Intent::Entry { before: None, key: key.to_string(), value });
        Ok(())
    }

    /// The blanks before a dash, as they are written; dashes of outer lists become blanks.
    pub(super) fn indent(&self, list: Node<'t>, item: Node<'t>, of_dash: usize) -> String {
        let text = self.tree.text();
        let written = dash_of(list, item).and_then(|dash| text.get(line_start(text, dash)..dash));
        match written {
            Some(written) if written.chars().all(|c| c == ' ' || c == '\t') => written.to_string(),
            _ => " ".repeat(of_dash),
        }
    }

    /// The blanks at the start of the line that a node begins in.
    pub(super) fn indent_of(&self, node: Node<'t>) -> &'t str {
        indent_at(self.tree.text(), node.full_span().start as usize)
    }

    /// Adds to a collection in brackets, behind its last member: in its line, or in a line of its own
    /// when the last member has one.
    fn append_flow(&mut self, list: Node<'t>, last: Node<'t>, whole: Span, new: &[String]) {
        let text: &str = self.tree.text();
        let (start, end) = (last.full_span().start as usize, whole.end as usize);
        let is_last_line = !text[end..list.span().end as usize].contains(['\n', '\r']);
        if is_last_line || !is_first_in_line(text, start) {
            let comma = self.json.as_ref().map_or(", ", JsonLayout::comma);
            let text: String = new.iter().flat_map(|new| [comma, new.as_str()]).collect();
            self.insert(end, text);
            return;
        }
        let line = line_start(text, start);
        let has_comma = text[end..].trim_start_matches([' ', '\t']).starts_with(',');
        if !has_comma {
            self.insert(end, ",".to_string());
        }
        let comma = if has_comma { "," } else { "" };
        let line_end = &text[content_end(text, end)..next_line(text, end)];
        let indent = &text[line..start];
        let lines = new.join(&format!(",{line_end}{indent}"));
        self.insert(next_line(text, end), format!("{indent}{lines}{comma}{line_end}"));
    }

    /// Puts a value in the place of one that is not written, or of an empty collection.
    pub(crate) fn fill(&mut self, node: Node<'t>, value: New) {
        let span = node.span();
        if node.is_flow() {
            let inner = self.json.as_ref().map_or_else(|| value.flow(), |json| json.in_place_of(node, &value));
            let inner = inner.get(1..inner.len() - 1).unwrap_or("").to_string();
            self.insert(span.start as usize + 1, inner);
        } else {
            let gap = if span.is_empty() { " " } else { "" };
            let text = self.json.as_ref().map_or_else(|| value.flow(), |json| json.in_place_of(node, &value));
            self.replacements.push((span, format!("{gap}{text}")));
        }
        self.intend(node, Intent::Becomes { value });
    }

    /// Writes another string in the place of a scalar.
    pub(crate) fn replace(&mut self, node: Node<'t>, text: &str) {
        let written = if self.json.is_some() { JsonLayout::quoted(text) } else { scalar(text) };
        self.replacements.push((node.span(), written));
        self.intend(node, Intent::Becomes { value: New::text(text) });
    }

    /// Writes a string in the place of a scalar, as the scalar is written now. `written` is how it is
    /// written if it is to stand there as it is; what it reads as is proved like all else.
    pub(crate) fn rewrite(&mut self, node: Node<'t>, text: &str, written: Option<String>) {
        let in_quotes = || if self.json.is_some() { JsonLayout::quoted(text) } else { scalar_like(text, node.style()) };
        let written = written.unwrap_or_else(in_quotes);
        self.replacements.push((node.span(), written.clone()));
        self.intend(node, Intent::Becomes { value: New::Written { text: text.to_string(), written } });
    }

    /// Takes an item out of a list. The last one takes its list along, unless that is in brackets.
    pub(crate) fn remove_item(&mut self, list: Node<'t>, item: Node<'t>) -> Result<(), Obstacle> {
        if list.is_flow() {
            let spans: Vec<(NodeId, Span)> = list.items().map(|item| (item.id(), item.full_span())).collect();
            self.remove_flow(list, item.id(), &spans);
            return Ok(());
        }
        let start = dash_of(list, item).ok_or(Obstacle::Layout(item.span()))?;
        let next = list.items().find(|other| other.id() > item.id());
        self.remove_lines(start, item, next.and_then(|next| dash_of(list, next)))?;
        self.intend(list, Intent::Without { child: item.id() });
        Ok(())
    }

    /// Takes an item out of a list, to be written elsewhere with its comments: those right above it in
    /// its column, and the one behind it.
    pub(crate) fn take_item(&mut self, list: Node<'t>, item: Node<'t>) -> Result<New, Obstacle> {
        self.remove_item(list, item)?;
        let value = New::copy(item);
        let text: &str = self.tree.text();
        let Some(dash) = dash_of(list, item).filter(|_| !list.is_flow()) else { return Ok(value) };
        let mut comments = Vec::new();
        let line = line_start(text, dash);
        let mut first = line;
        while first > 0 {
            let above = line_start(text, first - usize::from(text[..first].ends_with("\r\n")) - 1);
            let content = text[above..first].trim_matches([' ', '\t', '\r', '\n']);
            if !content.starts_with('#')
                || column(text, above + text[above..].find('#').unwrap_or(0)) != column(text, dash)
            {
                break;
            }
            let start = above + text[above..].find('#').unwrap_or(0);
            comments.insert(0, Span::new(start, content_end(text, start)));
            first = above;
        }
        if first < line {
            self.replacements.push((Span::new(first, line), String::new()));
        }
        let above: Vec<String> = comments.iter().map(|span| span.of(text).to_string()).collect();
        let end = item.full_span().end as usize;
        let rest = text[end..content_end(text, end)].trim_start_matches([' ', '\t']);
        let whole = Span::new(end, content_end(text, end));
        let behind = rest.starts_with('#').then(|| whole.of(text).to_string());
        let bare = Span::new(whole.end as usize - rest.len(), whole.end as usize);
        comments.extend(behind.as_ref().map(|_| bare));
        self.moved_comments.extend(comments);
        Ok(New::Noted { above, value: Box::new(value), behind })
    }

    /// Takes a key and its value out of a mapping.
    pub(crate) fn remove_entry(&mut self, map: Node<'t>, key: Node<'t>) -> Result<(), Obstacle> {
        let spans: Vec<(NodeId, Span)> =
            map.entries().map(|(key, value)| (key.id(), key.full_span().to(value.full_span()))).collect();
        if map.is_flow() {
            self.remove_flow(map, key.id(), &spans);
            return Ok(());
        }
        let value = map.entries().find(|(other, _)| other.id() == key.id()).map(|(_, value)| value);
        let value = value.ok_or(Obstacle::Layout(key.span()))?;
        let next = map.entries().find(|(other, _)| other.id() > key.id());
        let next = next.map(|(next, _)| next.full_span().start as usize);
        self.remove_lines(key.full_span().start as usize, value, next)?;
        self.intend(map, Intent::Without { child: key.id() });
        Ok(())
    }

    /// Removes what begins at `start` and ends with `last`: whole lines, or, when something stands
    /// before it in its line, all up to what is `next`.
    fn remove_lines(&mut self, start: usize, last: Node<'t>, next: Option<usize>) -> Result<(), Obstacle> {
        let text: &str = self.tree.text();
        let line = line_start(text, start);
        let end = removal_end(last)?;
        let is_own_line = is_first_in_line(text, start);
        let span = match next {
            _ if is_own_line && end == text.len() && !text.ends_with(['\n', '\r']) => {
                let before = text[..line]
                    .strip_suffix('\n')
                    .map_or(text[..line].trim_end_matches('\r'), |rest| rest.strip_suffix('\r').unwrap_or(rest));
                Span::new(before.len(), end)
            }
            _ if is_own_line => Span::new(line, end),
            Some(next) => Span::new(start, next),
            None => return Err(Obstacle::Layout(last.span())),
        };
        self.replacements.push((span, String::new()));
        Ok(())
    }

    /// Removes a member of a collection in brackets with the comma that parts it from the others.
    fn remove_flow(&mut self, list: Node<'t>, child: NodeId, spans: &[(NodeId, Span)]) {
        let text: &str = self.tree.text();
        let Some(index) = spans.iter().position(|(id, _)| *id == child) else { return };
        let own = spans[index].1;
        let (start, end) = (own.start as usize, own.end as usize);
        let before = index.checked_sub(1).and_then(|before| spans.get(before)).map(|(_, span)| span.end as usize);
        // What follows in the same line, if the list goes on below it.
        let behind = text[end..list.span().end as usize].split_once(['\n', '\r']);
        let behind = behind.map(|(behind, _)| behind.trim_matches([' ', '\t']));
        let is_alone = is_first_in_line(text, start) && matches!(behind, Some("" | ","));
        if is_alone {
            self.replacements.push((Span::new(line_start(text, start), next_line(text, end)), String::new()));
            if let (true, Some(before)) = (behind == Some("") && index + 1 == spans.len(), before) {
                let comma = text[before..].find(',').map_or(before, |at| before + at);
                self.replacements.push((Span::new(comma, comma + 1), String::new()));
            }
        } else {
            let span = match (spans.get(index + 1), before) {
                (_, Some(before)) => Span::new(before, end),
                (Some((_, next)), None) => Span::new(start, next.start as usize),
                (None, None) => own,
            };
            self.replacements.push((span, String::new()));
        }
        self.intend(list, Intent::Without { child });
    }
}

pub(super) fn ends(_: EndsInBlockScalar, node: Node<'_>) -> Obstacle {
    Obstacle::EndsInBlockScalar(last_leaf(node).span())
}

/// Where the lines of a node end.
fn removal_end(last: Node<'_>) -> Result<usize, Obstacle> {
    let text: &str = last.tree().text();
    let leaf = last_leaf(last);
    let end = leaf.full_span().end as usize;
    if leaf.kind() == NodeKind::Scalar && text[..end].ends_with(['\n', '\r']) {
        let start = leaf.full_span().start as usize;
        let content = text[start..end].trim_end_matches([' ', '\t', '\r', '\n']);
        return Ok(next_line(text, start + content.len()));
    }
    Ok(next_line(text, end))
}
