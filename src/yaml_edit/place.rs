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

/// The column of an entry of a block mapping: that of its key, or of the `?` before a key that has one.
pub(super) fn column_of_entry(text: &str, key: Node<'_>) -> usize {
    let start = key.full_span().start as usize;
    let before = &text[line_start(text, start)..start];
    match before.trim_end_matches([' ', '\t']).strip_suffix('?') {
        Some(rest) if before.ends_with([' ', '\t']) && (rest.is_empty() || rest.ends_with([' ', '\t'])) => {
            column(text, start - before.len() + rest.len())
        }
        Some(_) | None => column(text, start),
    }
}

/// Whether only blanks stand before `at` in its line.
pub(super) fn is_first_in_line(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', '\t']);
    before.is_empty() || before.ends_with(['\n', '\r'])
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

/// Where a line in the column of an element goes that is to come right after it: after the comments that are attached to the
/// element and to what is in it, and after deeper ones, which would come to be in what is added. `node` is the item of a list
/// or the value of an entry, `column` that of its dash or key.
pub(crate) fn place_behind(node: Node<'_>, column: usize) -> Result<Place, EndsInBlockScalar> {
    place_after_comments(node, column + 1)
}

/// The end of the lines of an element with the comments that are attached to it and to what is in it.
pub(super) fn end_of_lines(node: Node<'_>, column: usize) -> Result<Place, EndsInBlockScalar> {
    place_after_comments(node, innermost_limit(node, column))
}

/// The end of the lines of an element, with the comments right below it that continue the one in its line, and those of at least
/// that column.
fn place_after_comments(node: Node<'_>, limit: usize) -> Result<Place, EndsInBlockScalar> {
    let text: &str = node.tree().text();
    let leaf = last_leaf(node);
    let mut at = leaf.full_span().end as usize;
    let header = block_header(leaf);
    let is_line_start = |at: usize| at > 0 && text[..at].ends_with(['\n', '\r']);
    let mut in_line = None;
    if let Some(header) = header {
        at = start_of_leaf_content(text, leaf, at);
        if header.contains('+') {
            while at < text.len() && is_blank(&text[at..next_line(text, at)]) {
                at = next_line(text, at);
            }
        }
    } else {
        in_line = comment_in_line(text, at);
        at = next_line(text, at);
    }
    if !is_line_start(at) {
        let is_safe = header.is_none_or(|header| header.contains('-'));
        return if is_safe { Ok(Place { at, needs_line_end: true }) } else { Err(EndsInBlockScalar) };
    }
    let at = after_continued(text, at, in_line);
    let at = after_comments(text, at, limit);
    Ok(Place { at, needs_line_end: !is_line_start(at) })
}

/// The least column of comments that belong into an element: that of the collection in it, if it has one in lines.
fn innermost_limit(node: Node<'_>, column: usize) -> usize {
    let is_block = matches!(node.kind(), NodeKind::Sequence | NodeKind::Mapping) && !node.is_flow();
    let text = node.tree().text();
    if is_block { self::column(text, node.span().start as usize).max(column + 1) } else { usize::MAX }
}

/// The start of the line above the one that begins at `line`.
pub(super) fn line_above(text: &str, line: usize) -> Option<usize> {
    let before = text[..line].strip_suffix('\n').or_else(|| text[..line].strip_suffix('\r'))?;
    Some(line_start(text, before.strip_suffix('\r').unwrap_or(before).len()))
}

/// The column of the comment that the line at `at` is.
pub(super) fn comment_column(text: &str, at: usize) -> Option<usize> {
    let line = text.get(at..content_end(text, at))?.trim_start_matches('\u{feff}');
    let content = line.trim_start_matches([' ', '\t']);
    content.starts_with('#').then(|| line.len() - content.len())
}

/// The column of the comment in the rest of the line.
fn comment_in_line(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..content_end(text, at)];
    let comment = at + rest.len() - rest.trim_start_matches([' ', '\t', ',', ']', '}']).len();
    text[comment..].starts_with('#').then(|| comment - line_start(text, at))
}

/// After the comment lines that continue one in the line above, in its column.
fn after_continued(text: &str, mut at: usize, in_line: Option<usize>) -> usize {
    while in_line.is_some() && comment_column(text, at) == in_line {
        at = next_line(text, at);
    }
    at
}

/// After the comment lines of at least that column, with the empty lines between them.
fn after_comments(text: &str, start: usize, limit: usize) -> usize {
    let (mut at, mut end) = (start, start);
    while at < text.len() {
        let is_inside = comment_column(text, at).is_some_and(|of_comment| of_comment >= limit);
        if !is_inside && !is_blank(&text[at..content_end(text, at)]) {
            break;
        }
        at = next_line(text, at);
        if is_inside {
            end = at;
        }
    }
    end
}

/// The line after the last line of a block scalar that is not blank.
fn start_of_leaf_content(text: &str, leaf: Node<'_>, end: usize) -> usize {
    let start = leaf.span().start as usize;
    let content = text[start..end].trim_end_matches([' ', '\t', '\r', '\n']);
    next_line(text, start + content.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Tree;

    fn behind_list(text: &str) -> usize {
        let tree = Tree::parse(text);
        let (_, list) = tree.root().unwrap().entries().next().unwrap();
        let last = list.items().last().unwrap();
        let (dash, _) = item_column(list, last).unwrap();
        place_behind(last, dash).unwrap().at
    }

    #[test]
    fn comments_below_the_last_item_in_the_column_of_the_list_are_not_about_the_item() {
        assert_eq!(behind_list("a:\n  - x\n  # old\n\nb: 1\n"), "a:\n  - x\n".len());
        assert_eq!(behind_list("a:\n  - x # x\n  # old\n"), "a:\n  - x # x\n".len());
    }

    #[test]
    fn comments_that_continue_the_one_in_the_line_are_about_the_item() {
        assert_eq!(behind_list("a:\n  - x # one\n      # two\n  # old\n"), "a:\n  - x # one\n      # two\n".len());
    }

    #[test]
    fn deeper_comments_stay_at_what_is_above_them() {
        let item = "a:\n  - b: 1\n    c: 2\n\n    # d: 3\n";
        assert_eq!(behind_list(&format!("{item}  # old\nb: 1\n")), item.len());
        assert_eq!(behind_list("a:\n  - x\n    # deep\n  # old\n"), "a:\n  - x\n    # deep\n".len());
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
        assert_eq!(place_behind(list.items().last().unwrap(), 2), Err(EndsInBlockScalar));
    }
}
