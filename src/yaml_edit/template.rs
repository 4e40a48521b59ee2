//! A mapping of a template, written in the style of another text.

use crate::yaml::{Node, NodeKind, Ownership, ScalarStyle, Tree};

use super::emit::{New, reads_back, scalar_like};
use super::plan::Plan;
use super::style::Style;

/// A mapping in YAML, with the comments above the items of its lists.
#[derive(Debug)]
pub(crate) struct Template {
    tree: Tree,
    ownership: Ownership,
}

/// How a text writes what a template has.
#[derive(Clone, Copy, Debug)]
struct Habits {
    quotes: ScalarStyle,
    /// Whether lists of scalars have a line for each item.
    has_lines: bool,
    is_json: bool,
}

/// So many nodes are looked at to learn the habits of a text.
const ENOUGH: usize = 20_000;

impl Habits {
    fn of(plan: &Plan<'_>) -> Self {
        let [mut single, mut double, mut in_lines, mut in_brackets] = [0_usize; 4];
        for node in plan.tree.nodes().take(ENOUGH) {
            match node.style() {
                Some(ScalarStyle::SingleQuoted) => single += 1,
                Some(ScalarStyle::DoubleQuoted) => double += 1,
                _ => {}
            }
            let is_of_scalars = node.items().next().is_some_and(|item| item.kind() == NodeKind::Scalar);
            match (is_of_scalars, node.is_flow()) {
                (true, true) => in_brackets += 1,
                (true, false) => in_lines += 1,
                (false, _) => {}
            }
        }
        let quotes = if double > single { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
        Self { quotes, has_lines: in_lines > in_brackets, is_json: plan.is_json() }
    }

    /// A string in quotes; one with backslashes is in single ones, where they are as they are.
    fn quoted(self, text: &str) -> New {
        let is_verbatim = !text.contains(['\\', '"']);
        let style = if is_verbatim { self.quotes } else { ScalarStyle::SingleQuoted };
        New::Written { text: text.to_string(), written: scalar_like(text, Some(style)) }
    }
}

impl Template {
    pub(crate) fn of(text: &str) -> Self {
        let tree = Tree::parse(text);
        let ownership = tree.ownership();
        Self { tree, ownership }
    }

    /// The mapping in the style of a text, with other values for some keys, wherever they are.
    pub(crate) fn in_style_of(&self, plan: &Plan<'_>, values: &[(&str, New)]) -> Option<New> {
        let root = self.tree.root().filter(|root| root.kind() == NodeKind::Mapping)?;
        Some(self.value(root, Habits::of(plan), values))
    }

    /// The mapping as the only item of a list in a text of its own.
    pub(crate) fn as_item_of(&self, key: &str, values: &[(&str, New)]) -> Option<String> {
        let habits = Habits { quotes: ScalarStyle::SingleQuoted, has_lines: false, is_json: false };
        let root = self.tree.root().filter(|root| root.kind() == NodeKind::Mapping)?;
        let lines = New::List(vec![self.value(root, habits, values)]).entry_lines(key, Style::default());
        Some(lines.join("\n") + "\n")
    }

    fn value(&self, node: Node<'_>, habits: Habits, values: &[(&str, New)]) -> New {
        match node.kind() {
            NodeKind::Scalar | NodeKind::Alias => match node.style() {
                _ if habits.is_json && node.is_text() => New::text(node.value()),
                Some(ScalarStyle::Plain) | None if node.is_text() && !reads_back(node.value()) => {
                    habits.quoted(node.value())
                }
                Some(ScalarStyle::Plain) | None => New::copy(node),
                Some(_) => habits.quoted(node.value()),
            },
            NodeKind::Sequence => self.list(node, habits, values),
            NodeKind::Mapping => {
                let entry = |(key, value): (Node<'_>, Node<'_>)| {
                    let given = values.iter().find(|(name, _)| *name == key.value()).map(|(_, value)| value.clone());
                    let value = given.unwrap_or_else(|| self.value(value, habits, values));
                    let value = match value {
                        New::List(items) if !has_lines(&items, habits) => New::Row(items),
                        value => value,
                    };
                    (key.value().to_string(), value)
                };
                New::Map(node.entries().map(entry).collect())
            }
        }
    }

    fn list(&self, list: Node<'_>, habits: Habits, values: &[(&str, New)]) -> New {
        let item = |item: Node<'_>| {
            let value = self.value(item, habits, values);
            let comments = self.ownership.element(item.id()).leading;
            match comments.is_empty() {
                true => value,
                false => {
                    let above = comments.iter().map(|comment| comment.of(self.tree.text()).to_string()).collect();
                    New::Noted { above, value: Box::new(value), behind: None }
                }
            }
        };
        New::List(list.items().map(item).collect())
    }
}

/// Whether a list has a line for each item: one of mappings has.
fn has_lines(items: &[New], habits: Habits) -> bool {
    let is_mapping = |item: &New| match item {
        New::Map(_) | New::InBraces(_) => true,
        New::Noted { value, .. } | New::Apart(value) => matches!(**value, New::Map(_) | New::InBraces(_)),
        New::Text(_) | New::Bare(_) | New::Written { .. } | New::Row(_) | New::List(_) => false,
    };
    habits.has_lines || items.iter().any(is_mapping)
}
