//! The text of a node once more, for another place: in lines, or in brackets.

use crate::text::{Span, content_end, line_start, next_line};
use crate::yaml::{Node, NodeKind, ScalarStyle};

use super::copy::anchors;
use super::emit::{reads_back, scalar};
use super::place::{column, last_leaf};

/// How a copy is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// Whether anchors go with it: what they name is this text then. Those in it stay only if nothing else has their name.
    pub(super) with_anchors: bool,
    /// Whether a block scalar at its end is written in quotes, since the lines that follow would become part of it.
    pub(super) quotes_end: bool,
}

/// A copy of a node.
pub(super) struct Copy {
    /// What is written in the line of the key or dash: the anchor, the tag, the header of a block scalar, or all of it.
    pub(super) head: String,
    /// The lines below; those of a collection in a column of their own.
    pub(super) lines: Vec<String>,
}

/// Deeper collections are not written in brackets.
const DEEPEST: usize = 64;

/// Whether a node is a block collection: it is in lines below its key or dash.
pub(super) fn is_in_lines(node: Node<'_>) -> bool {
    matches!(node.kind(), NodeKind::Sequence | NodeKind::Mapping) && !node.is_flow()
}

fn is_block_scalar(node: Node<'_>) -> bool {
    matches!(node.style(), Some(ScalarStyle::Literal | ScalarStyle::Folded))
}

/// The column of the key or the item that the node belongs to.
pub(super) fn column_of_owner(node: Node<'_>) -> Option<usize> {
    let parent = node.parent()?;
    let text = node.tree().text();
    if let Some((key, _)) = parent.entries().find(|(_, value)| value.id() == node.id()) {
        return Some(column(text, key.full_span().start as usize));
    }
    let dash = (!parent.is_flow() && parent.kind() == NodeKind::Sequence)
        .then(|| super::place::dash_of(parent, node))
        .flatten();
    Some(column(text, dash.unwrap_or(node.full_span().start as usize)))
}

impl Form {
    /// A copy below a key or dash in the column `owner`; the lines of a collection begin in the column `to`.
    pub(super) fn copy(self, source: Node<'_>, owner: usize, to: usize) -> Option<Copy> {
        let head = self.properties(source, true);
        if is_in_lines(source) {
            return Some(Copy { head: head.trim_end().to_string(), lines: self.lines(source, to)? });
        }
        if is_block_scalar(source) && !self.quotes_end {
            let Copy { head: header, lines } = block_scalar(source, owner)?;
            return Some(Copy { head: format!("{head}{header}"), lines });
        }
        if is_block_scalar(source) {
            return Some(Copy { head: format!("{head}{}", scalar(source.value())), lines: Vec::new() });
        }
        let mut lines =
            self.text(source, source.span())?.split('\n').map(str::to_string).collect::<Vec<_>>().into_iter();
        let first = lines.next()?.trim_end_matches('\r').to_string();
        let more = lines.map(|line| {
            let content = line.trim_end_matches('\r').trim_start_matches(' ');
            let blanks = line.trim_end_matches('\r').len() - content.len();
            if content.is_empty() { String::new() } else { format!("{}{content}", " ".repeat(blanks.max(owner + 2))) }
        });
        Some(Copy { head: format!("{head}{first}"), lines: more.collect() })
    }

    /// The anchor and the tag of a node, each with a blank after it.
    fn properties(self, node: Node<'_>, is_whole: bool) -> String {
        let written = Span::new(node.full_span().start as usize, node.span().start as usize).of(node.tree().text());
        let goes = self.with_anchors && (is_whole || is_only_one(node));
        let is_property = |word: &&str| word.starts_with('!') || (word.starts_with('&') && goes);
        let line = written
            .lines()
            .map(|line| line.split(" #").next().unwrap_or(""))
            .filter(|line| !line.trim_start().starts_with('#'));
        line.flat_map(str::split_whitespace).filter(is_property).map(|word| format!("{word} ")).collect()
    }

    /// Bytes of a node, without the anchors of what is in it unless these go with it, and with a block scalar at its end in
    /// quotes if that is to be so.
    fn text(self, source: Node<'_>, span: Span) -> Option<String> {
        let text: &str = source.tree().text();
        let mut replaced: Vec<(usize, usize, String)> = Vec::new();
        let inner = anchors(source).filter(|(at, _, _)| *at >= source.span().start as usize);
        let goes =
            |(from, to, _): &(usize, usize, &str)| !(self.with_anchors && is_name_of_one(source, &text[*from..*to]));
        replaced.extend(inner.filter(goes).map(|(from, to, new)| match beside_dash(text, from, to) {
            Some(content) => (from, content, " ".to_string()),
            None => (from, to, new.to_string()),
        }));
        let (leaf, mut end) = (last_leaf(source), span.end as usize);
        if self.quotes_end && is_block_scalar(leaf) && leaf.id() != source.id() {
            let start = leaf.span().start as usize;
            replaced.push((start, end, scalar(leaf.value())));
            end = end.max(start);
        }
        replaced.sort_unstable_by_key(|(from, _, _)| *from);
        let (mut copy, mut at) = (String::new(), span.start as usize);
        for (from, to, new) in replaced {
            copy.push_str(text.get(at..from)?);
            copy.push_str(&new);
            at = to;
        }
        copy.push_str(text.get(at.min(end)..end)?);
        Some(copy)
    }

    /// The lines of a block collection, the first one of which begins in a column. Comments between and after them are copied
    /// as well.
    fn lines(self, source: Node<'_>, to: usize) -> Option<Vec<String>> {
        let text: &str = source.tree().text();
        let (start, leaf) = (source.span().start as usize, last_leaf(source));
        let mut end = leaf.full_span().end as usize;
        end = start + text[start..end].trim_end_matches([' ', '\t', '\r', '\n']).len();
        if !is_block_scalar(leaf) {
            let rest = &text[end..content_end(text, end)];
            if rest.trim_start_matches([' ', '\t']).starts_with('#') {
                end += rest.trim_end().len();
            }
        }
        let from = column(text, start);
        // Comments between the anchor and the first item.
        let above = Span::new(source.full_span().start as usize, start).of(text).split('\n').skip(1).map(str::trim);
        let above = above.filter(|line| line.starts_with('#')).map(|line| format!("{}{line}", " ".repeat(to)));
        let copy = self.text(source, Span::new(start, end))?;
        let mut lines = copy.split('\n').map(|line| line.trim_end_matches('\r'));
        let first = format!("{}{}", " ".repeat(to), lines.next()?);
        let moved = |line: &str| {
            let blanks = line.len() - line.trim_start_matches(' ').len();
            format!("{}{}", " ".repeat((blanks + to).saturating_sub(from)), &line[blanks..])
        };
        let mut all: Vec<String> = above.chain([first]).chain(lines.map(moved)).collect();
        if !self.quotes_end {
            all.extend((0..kept_lines(leaf)).map(|_| String::new()));
        }
        Some(all)
    }

    /// In one line, in brackets. Comments are not copied.
    pub(super) fn in_brackets(self, node: Node<'_>, depth: usize) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        let properties = self.properties(node, depth == 0);
        let written = match node.kind() {
            NodeKind::Alias => format!("*{}", node.value()),
            NodeKind::Scalar => in_one_line(node)?,
            NodeKind::Sequence => {
                let items = node.items().map(|item| self.in_brackets(item, depth + 1)).collect::<Option<Vec<_>>>()?;
                format!("[{}]", items.join(", "))
            }
            NodeKind::Mapping => {
                let entry = |(key, value): (Node<'_>, Node<'_>)| {
                    let gap = if key.kind() == NodeKind::Alias { " " } else { "" };
                    Some(format!("{}{gap}: {}", self.in_brackets(key, depth + 1)?, self.in_brackets(value, depth + 1)?))
                };
                format!("{{{}}}", node.entries().map(entry).collect::<Option<Vec<_>>>()?.join(", "))
            }
        };
        Some(format!("{properties}{written}"))
    }
}

/// Whether no other node has the anchor of a node.
fn is_only_one(node: Node<'_>) -> bool {
    let is_same = |other: &Node<'_>| other.kind() != NodeKind::Alias && other.anchor() == node.anchor();
    node.anchor().is_some() && node.tree().nodes().filter(is_same).count() == 1
}

/// Whether an anchor as it is written, with blanks, is that of one node of the tree.
fn is_name_of_one(near: Node<'_>, written: &str) -> bool {
    let name = written.trim_matches(' ').trim_start_matches('&');
    let is_same = |other: &Node<'_>| other.kind() != NodeKind::Alias && other.anchor() == Some(name);
    near.tree().nodes().filter(is_same).count() == 1
}

/// Where the content of an item begins that is alone with its anchor in the line of its dash, and can be in that line: it
/// begins two columns after the dash.
fn beside_dash(text: &str, from: usize, to: usize) -> Option<usize> {
    let line = line_start(text, from);
    let before = text.get(line..from)?.trim_end_matches(' ');
    let rest = text.get(to..content_end(text, to))?;
    let content = next_line(text, to);
    let blanks = text.get(content..)?.len() - text.get(content..)?.trim_start_matches(' ').len();
    let is_alone = before.ends_with('-') && before.trim_matches([' ', '-']).is_empty() && rest.trim().is_empty();
    let is_content = !text.get(content + blanks..)?.starts_with(['#', '\n', '\r', '\t']);
    (is_alone && is_content && blanks == before.chars().count() + 1).then_some(content + blanks)
}

/// A scalar that can be between brackets.
fn in_one_line(node: Node<'_>) -> Option<String> {
    let written = node.span().of(node.tree().text());
    let is_single = !written.contains(['\n', '\r']);
    match node.style() {
        Some(ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) if is_single => Some(written.to_string()),
        Some(ScalarStyle::Plain) if node.is_null() => Some("null".to_string()),
        // A number or a truth value has no character that means something there.
        Some(ScalarStyle::Plain) if is_single && (reads_back(written) || !node.is_text()) => (!written
            .contains([',', '[', ']', '{', '}']))
        .then(|| written.to_string())
        .or_else(|| node.is_text().then(|| scalar(node.value()))),
        Some(_) | None => Some(scalar(node.value())),
    }
}

/// How many empty lines at its end a block scalar keeps.
fn kept_lines(leaf: Node<'_>) -> usize {
    let text: &str = leaf.tree().text();
    let header = leaf.span().of(text).split(['\n', '\r']).next().unwrap_or("");
    let keeps = is_block_scalar(leaf) && header.split('#').next().unwrap_or("").contains('+');
    let value = leaf.value();
    if keeps { (value.len() - value.trim_end_matches('\n').len()).saturating_sub(1) } else { 0 }
}

/// A block scalar below a key or dash in a column: its lines are indented below it as they are now.
fn block_scalar(source: Node<'_>, owner: usize) -> Option<Copy> {
    let text: &str = source.tree().text();
    let (start, end) = (source.span().start as usize, source.full_span().end as usize);
    let header = text[start..content_end(text, start)].trim_end();
    let of_source = column_of_owner(source)?;
    let first = next_line(text, start);
    let content = text.get(first..end.max(first))?.trim_end_matches([' ', '\t', '\r', '\n']);
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let lines: Vec<&str> = content.split('\n').map(|line| line.trim_end_matches('\r')).collect();
    let bare = header.split(" #").next().unwrap_or(header);
    let step = match bare.chars().find(char::is_ascii_digit).and_then(|digit| digit.to_digit(10)) {
        Some(digit) => digit as usize,
        None => {
            lines.iter().find(|line| !line.trim().is_empty()).map_or(2, |line| blanks(line).saturating_sub(of_source))
        }
    };
    let (from, to) = (of_source + step, owner + step);
    let moved = |line: &&str| {
        let content = blanks(line).min(from);
        let rest = &line[content..];
        if rest.is_empty() { String::new() } else { format!("{}{rest}", " ".repeat(to)) }
    };
    let kept = (0..kept_lines(source)).map(|_| String::new());
    let all = lines.iter().filter(|_| !content.is_empty()).map(moved).chain(kept).collect();
    Some(Copy { head: bare.trim_end().to_string(), lines: all })
}
