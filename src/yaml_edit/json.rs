//! JSON, which YAML reads as well: what is added to it must be JSON again, laid out like its neighbors.

use rustc_hash::FxHashMap;
use serde::de::IgnoredAny;

use crate::yaml::{Node, NodeKind, Tree};

use super::emit::New;

/// How a JSON text is written.
#[derive(Clone, Debug)]
pub(crate) struct JsonLayout {
    /// Between a key and its value: the colon with the blanks around it.
    colon: String,
    /// Between two members in one line.
    comma: String,
    /// Inside the braces, and inside the brackets, of a collection in one line.
    padding: [String; 2],
    /// The indentation of one level.
    unit: String,
    line_end: &'static str,
    /// Whether the collections of a kind at a depth have a line for each member.
    in_lines: FxHashMap<(usize, NodeKind), bool>,
}

/// So many nodes are looked at to learn the layout.
const ENOUGH: usize = 10_000;

impl JsonLayout {
    /// The layout of a text; `None` when it is not JSON.
    pub(crate) fn of(tree: &Tree) -> Option<Self> {
        let root = tree.root().filter(|root| root.is_flow())?;
        let text: &str = tree.text();
        serde_json::from_str::<IgnoredAny>(text.trim_start_matches('\u{feff}')).ok()?;
        let mut seen = Seen::default();
        seen.learn(root, 0);
        let mut nodes = vec![(root, 0)];
        let mut budget = ENOUGH;
        while let Some((node, depth)) = nodes.pop().filter(|_| budget > 0) {
            for child in node.items().chain(node.entries().map(|(_, value)| value)) {
                budget = budget.saturating_sub(1);
                if budget > 0 && child.is_flow() {
                    seen.learn(child, depth + 1);
                    nodes.push((child, depth + 1));
                }
            }
        }
        Some(seen.layout(text))
    }

    /// A string in double quotes.
    pub(crate) fn quoted(text: &str) -> String {
        serde_json::Value::from(text).to_string()
    }

    /// What parts two members in one line.
    pub(crate) fn comma(&self) -> &str {
        &self.comma
    }

    /// A value as a child of `parent`, in a line that begins with `indent`.
    pub(crate) fn child(&self, parent: Node<'_>, indent: &str, value: &New) -> String {
        self.value(value, depth_of(parent) + 1, indent)
    }

    /// A key with its value in the mapping `map`, in a line that begins with `indent`.
    pub(crate) fn entry(&self, map: Node<'_>, indent: &str, key: &str, value: &New) -> String {
        format!("{}{}{}", Self::quoted(key), self.colon, self.child(map, indent, value))
    }

    /// A value in the place of `node`.
    pub(crate) fn in_place_of(&self, node: Node<'_>, value: &New) -> String {
        self.value(value, depth_of(node), indent_at(node.tree().text(), node.span().start as usize))
    }

    fn value(&self, value: &New, depth: usize, indent: &str) -> String {
        let inner = format!("{indent}{}", self.unit);
        match value {
            New::Text(text) => Self::quoted(text),
            New::Bare(text) if serde_json::from_str::<IgnoredAny>(text).is_ok() => text.clone(),
            New::Bare(text) => Self::quoted(text),
            New::Written { written, .. } => written.clone(),
            New::Noted { value, .. } | New::Apart(value) => self.value(value, depth, indent),
            New::Row(items) | New::List(items) => {
                let members: Vec<String> = items.iter().map(|item| self.value(item, depth + 1, &inner)).collect();
                self.collection(NodeKind::Sequence, &members, depth, indent)
            }
            New::Map(entries) | New::InBraces(entries) => {
                let entry = |(key, value): &(String, New)| {
                    format!("{}{}{}", Self::quoted(key), self.colon, self.value(value, depth + 1, &inner))
                };
                self.collection(NodeKind::Mapping, &entries.iter().map(entry).collect::<Vec<_>>(), depth, indent)
            }
        }
    }

    fn collection(&self, kind: NodeKind, members: &[String], depth: usize, indent: &str) -> String {
        let (open, close, padding) = match kind {
            NodeKind::Mapping => ('{', '}', &self.padding[0]),
            _ => ('[', ']', &self.padding[1]),
        };
        if members.is_empty() {
            return format!("{open}{close}");
        }
        if !self.is_in_lines(kind, depth) {
            return format!("{open}{padding}{}{padding}{close}", members.join(&self.comma));
        }
        let (end, unit) = (self.line_end, &self.unit);
        let lines = members.join(&format!(",{end}{indent}{unit}"));
        format!("{open}{end}{indent}{unit}{lines}{end}{indent}{close}")
    }

    /// As those of its kind at the same depth; without one, as others there.
    fn is_in_lines(&self, kind: NodeKind, depth: usize) -> bool {
        let other = if kind == NodeKind::Mapping { NodeKind::Sequence } else { NodeKind::Mapping };
        let known = self.in_lines.get(&(depth, kind)).or_else(|| self.in_lines.get(&(depth, other)));
        known.copied().unwrap_or(false)
    }
}

/// What is known of a layout.
#[derive(Default)]
struct Seen {
    colon: Option<String>,
    comma: Option<String>,
    padding: [Option<String>; 2],
    unit: Option<String>,
    in_lines: FxHashMap<(usize, NodeKind), bool>,
}

impl Seen {
    fn learn(&mut self, node: Node<'_>, depth: usize) {
        let text: &str = node.tree().text();
        let starts = node.items().chain(node.entries().map(|(key, _)| key));
        let starts: Vec<usize> = starts.take(2).map(|member| member.full_span().start as usize).collect();
        let Some(&first) = starts.first() else { return };
        let before_first = text.get(node.span().start as usize + 1..first).unwrap_or("");
        let is_in_lines = before_first.contains(['\n', '\r']);
        self.in_lines.entry((depth, node.kind())).or_insert(is_in_lines);
        if is_in_lines {
            let (outer, inner) = (indent_at(text, node.span().start as usize), indent_at(text, first));
            self.unit = self.unit.take().or_else(|| inner.strip_prefix(outer).map(ToString::to_string));
        } else {
            let of_kind = &mut self.padding[usize::from(node.kind() == NodeKind::Sequence)];
            *of_kind = of_kind.take().or_else(|| Some(before_first.to_string()));
        }
        if let Some((key, value)) = node.entries().next() {
            self.colon = self.colon.take().or_else(|| separator(text, key, value, ':'));
        }
        let ends = node.items().chain(node.entries().map(|(_, value)| value));
        if let (Some(first), Some(&second)) = (ends.take(1).next(), starts.get(1)) {
            let between = text.get(first.full_span().end as usize..second);
            self.comma = self.comma.take().or_else(|| between.and_then(|between| in_one_line(between, ',')));
        }
    }

    fn layout(self, text: &str) -> JsonLayout {
        let colon = self.colon.unwrap_or_else(|| ": ".to_string());
        let comma = if colon.ends_with(' ') { ", " } else { "," };
        JsonLayout {
            comma: self.comma.unwrap_or_else(|| comma.to_string()),
            colon,
            padding: self.padding.map(Option::unwrap_or_default),
            unit: self.unit.filter(|unit| !unit.is_empty()).unwrap_or_else(|| "  ".to_string()),
            line_end: if text.contains("\r\n") { "\r\n" } else { "\n" },
            in_lines: self.in_lines,
        }
    }
}

/// What is between a key and its value, if that is in one line.
fn separator(text: &str, key: Node<'_>, value: Node<'_>, sign: char) -> Option<String> {
    in_one_line(text.get(key.full_span().end as usize..value.full_span().start as usize)?, sign)
}

fn in_one_line(between: &str, sign: char) -> Option<String> {
    let is_plain = between.chars().all(|c| c == sign || c == ' ') && between.contains(sign);
    is_plain.then(|| between.to_string())
}

fn depth_of(node: Node<'_>) -> usize {
    std::iter::successors(node.parent(), |node| node.parent()).count()
}

/// The blanks at the start of the line that `at` is in.
pub(super) fn indent_at(text: &str, at: usize) -> &str {
    let line = &text[crate::text::line_start(text, at)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}
