//! Places between nodes: lines, columns, dashes, and where a new line may go.

use crate::text::{content_end, line_start, next_line};
use crate::yaml::{Node, NodeKind, ScalarStyle};

/// Where new lines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The start of a line, or the end of a text that does not end with a line end.
    pub(crate) at: usize,
    /// Whether a line end must come first.
    pub(crate) needs_line_end: bool,
}

/// The column of `offset`, in characters from 0, a byte order mark not counted.
pub(crate) fn column(text: &str, offset: usize) -> usize {
    text[line_start(text, offset)..offset].trim_start_matches('\u{feff}').chars().count()
}

fn is_blank(line: &str) -> bool {
    line.trim_matches([' ', '\t', '\r', '\n']).is_empty()
}

/// Column of an item's dash, and how many blanks stand between it and the item (0 when the item
/// begins on another line).
pub(crate) fn item_column(list: Node<'_>, item: Node<'_>) -> Option<(usize, usize)> {
    let text = list.tree().text();
    let dash = dash_of(list, item)?;
    let start = item.full_span().start as usize;
    let between = text.get(dash + 1..start)?;
    let gap = if between.chars().all(|c| c == ' ') { between.len() } else { 0 };
    Some((column(text, dash), gap))
}

/// Where the dash of an item of a block list stands.
pub(crate) fn dash_of(list: Node<'_>, item: Node<'_>) -> Option<usize> {
    let text = list.tree().text();
    let before = list.items().take_while(|other| other.id() != item.id()).last();
    let mut at = before.map_or(list.span().start, |before| end_of(before).max(before.span().end)) as usize;
    let end = item.full_span().start as usize;
    while at < end {
        match text.as_bytes()[at] {
            b'-' => return Some(at),
            b'#' => at = next_line(text, at),
            _ => at += 1,
        }
    }
    None
}

/// The last node in `node`: itself, unless it is a block collection.
pub(crate) fn last_leaf(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    loop {
        let last = match node.kind() {
            _ if node.is_flow() => None,
            NodeKind::Sequence => node.items().last(),
            NodeKind::Mapping => node.entries().last().map(|(_, value)| value),
            NodeKind::Scalar | NodeKind::Alias => None,
        };
        match last {
            Some(last) => node = last,
            None => return node,
        }
    }
}

fn end_of(node: Node<'_>) -> u32 {
    last_leaf(node).full_span().end
}

/// Whether the node is a block scalar, and whether its header keeps (`+`) or strips (`-`) what
/// follows the last line.
fn block_header(leaf: Node<'_>) -> Option<&str> {
    let is_block = matches!(leaf.style(), Some(ScalarStyle::Literal | ScalarStyle::Folded));
    is_block.then(|| leaf.span().of(leaf.tree().text()).split(['\n', '\r']).next().unwrap_or(""))
}

/// Why no line can go behind a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EndsInBlockScalar;

/// Where a line of that column goes that is to come right behind `node`: behind the comments that
/// belong to what stands there, before those that belong to what follows.
pub(crate) fn place_behind(node: Node<'_>, column: usize) -> Result<Place, EndsInBlockScalar> {
    let text: &str = node.tree().text();
    let leaf = last_leaf(node);
    let mut at = leaf.full_span().end as usize;
    let header = block_header(leaf);
    let is_line_start = |at: usize| at > 0 && text[..at].ends_with(['\n', '\r']);
    if let Some(header) = header {
        at = start_of_leaf_content(text, leaf, at);
        if header.contains('+') {
            while at < text.len() && is_blank(&text[at..next_line(text, at)]) {
                at = next_line(text, at);
            }
        }
    } else {
        at = next_line(text, at);
    }
    if !is_line_start(at) {
        let is_safe = header.is_none_or(|header| header.contains('-'));
        return if is_safe { Ok(Place { at, needs_line_end: true }) } else { Err(EndsInBlockScalar) };
    }
    let at = behind_comments(text, at, column);
    Ok(Place { at, needs_line_end: !is_line_start(at) })
}

/// The line behind the last line of a block scalar that is not blank.
fn start_of_leaf_content(text: &str, leaf: Node<'_>, end: usize) -> usize {
    let start = leaf.span().start as usize;
    let content = text[start..end].trim_end_matches([' ', '\t', '\r', '\n']);
    next_line(text, start + content.len())
}

/// Passes over the comment lines that belong to a collection of that column.
fn behind_comments(text: &str, start: usize, limit: usize) -> usize {
    let mut at = start;
    let mut comments = Vec::new();
    let comment_column = |at: usize| {
        let line = &text[at..content_end(text, at)];
        let content = line.trim_start_matches([' ', '\t']);
        content.starts_with('#').then(|| line.len() - content.len())
    };
    while let Some(of_comment) = comment_column(at).filter(|&of_comment| of_comment >= limit && at < text.len()) {
        comments.push((at, of_comment));
        at = next_line(text, at);
    }
    let line = &text[at..content_end(text, at)];
    if at < text.len() && !is_blank(line) {
        // Comments right above something in their column are about that.
        let of_content = line.len() - line.trim_start_matches(' ').len();
        while let Some(&(above, _)) = comments.last().filter(|(_, of_comment)| *of_comment == of_content) {
            at = above;
            comments.pop();
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Tree;

    fn behind_list(text: &str) -> usize {
        let tree = Tree::parse(text);
        let (_, list) = tree.root().unwrap().entries().next().unwrap();
        let (dash, _) = item_column(list, list.items().next().unwrap()).unwrap();
        place_behind(list, dash).unwrap().at
    }

    #[test]
    fn comments_below_the_last_item_belong_to_the_list() {
        assert_eq!(behind_list("a:\n  - x\n  # old\n\nb: 1\n"), "a:\n  - x\n  # old\n".len());
    }

    #[test]
    fn comments_above_the_next_key_belong_to_it() {
        assert_eq!(behind_list("a:\n- x\n# about b\nb: 1\n"), "a:\n- x\n".len());
        assert_eq!(behind_list("a:\n  - x\n# about b\nb: 1\n"), "a:\n  - x\n".len());
        assert_eq!(behind_list("a:\n  - x\n\n  # apart\nb: 1\n"), "a:\n  - x\n".len());
    }

    #[test]
    fn a_kept_block_scalar_goes_on_to_the_next_content() {
        assert_eq!(behind_list("a:\n  - |+\n    x\n\n\nb: 1\n"), "a:\n  - |+\n    x\n\n\n".len());
        assert_eq!(behind_list("a:\n  - |\n    x\n\n\nb: 1\n"), "a:\n  - |\n    x\n".len());
    }

    #[test]
    fn nothing_goes_behind_a_block_scalar_that_would_change_with_a_line_end() {
        let tree = Tree::parse("a:\n  - |\n    x");
        let (_, list) = tree.root().unwrap().entries().next().unwrap();
        assert_eq!(place_behind(list, 2), Err(EndsInBlockScalar));
    }
}
