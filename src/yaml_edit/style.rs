//! How a file is written, so that what is added looks like its neighbors.

use crate::yaml::{Node, NodeKind, Tree};

use super::place::{column, item_column};

/// How new nodes are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// From the key of a list to the dashes below it.
    pub(crate) list_indent: usize,
    /// From the key of a mapping to the keys below it.
    pub(crate) map_indent: usize,
    /// Blanks behind a dash.
    pub(crate) dash_gap: usize,
    /// The line end.
    pub(crate) line_end: &'static str,
}

impl Style {
    /// The style around `near`: of the lists and mappings in it, else of the first ones of the file.
    pub(crate) fn of(tree: &Tree, near: Node<'_>) -> Self {
        Self::of_part(tree, near, tree)
    }

    /// The style around `near`, which is in a part of a whole text.
    pub(super) fn of_part(tree: &Tree, near: Node<'_>, whole: &Tree) -> Self {
        if near.is_flow() {
            // Nothing gets lines there, and its line may be the whole file.
            return Self::default();
        }
        let (mut style, mut seen) = (Self { line_end: line_end(whole.text()), ..Self::default() }, [false; 3]);
        let within = tree.nodes_from(near.id());
        let end = near.span().end;
        within.take_while(|node| node.span().start < end).for_each(|node| style.learn(node, &mut seen));
        const ENOUGH: usize = 1000;
        for node in whole.nodes().take(ENOUGH) {
            if seen == [true; 3] {
                break;
            }
            style.learn(node, &mut seen);
        }
        style
    }

    /// The line end of the first line of a text.
    pub(super) fn line_end_of(text: &str) -> &'static str {
        line_end(text)
    }

    /// Learns from a block collection what is not known yet.
    fn learn(&mut self, node: Node<'_>, seen: &mut [bool; 3]) {
        let Some(parent) = node.parent().filter(|_| !node.is_flow()) else { return };
        let text = node.tree().text();
        let below = |of: usize| {
            let key = parent.entries().find(|(_, value)| value.id() == node.id()).map(|(key, _)| key)?;
            of.checked_sub(column(text, key.full_span().start as usize))
        };
        match node.kind() {
            NodeKind::Sequence => {
                let Some(item) = node.items().next() else { return };
                let Some((dash, gap)) = item_column(node, item) else { return };
                if let Some(indent) = below(dash).filter(|_| !seen[0]) {
                    (self.list_indent, seen[0]) = (indent, true);
                }
                if !seen[2] && item.kind() == NodeKind::Mapping && gap > 0 {
                    (self.dash_gap, seen[2]) = (gap, true);
                }
            }
            NodeKind::Mapping => {
                if let Some(indent) =
                    below(column(text, node.span().start as usize)).filter(|&indent| indent > 0 && !seen[1])
                {
                    (self.map_indent, seen[1]) = (indent, true);
                }
            }
            NodeKind::Scalar | NodeKind::Alias => {}
        }
    }
}

impl Default for Style {
    fn default() -> Self {
        Self { list_indent: 2, map_indent: 2, dash_gap: 1, line_end: "\n" }
    }
}

/// The line end of the first line.
pub(super) fn line_end(text: &str) -> &'static str {
    match text.find(['\n', '\r']).map(|at| &text[at..]) {
        Some(rest) if rest.starts_with("\r\n") => "\r\n",
        Some(rest) if rest.starts_with('\r') => "\r",
        _ => "\n",
    }
}
