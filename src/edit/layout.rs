//! The layout of a text, where it is certain what it should be: trailing blanks, the indentation of lists, and quotes around
//! strings that other readers of YAML take for something else.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::{Span, content_end, line_start, next_line};
use crate::yaml::{Node, NodeKind, ScalarStyle, Tree, comments};
use crate::yaml_edit::Plan;

use super::retyped::is_retyped;

/// Where no bytes are touched: in scalars over several lines, and in comments.
struct Untouched {
    spans: Vec<Span>,
}

impl Untouched {
    fn of(tree: &Tree) -> Self {
        let text: &str = tree.text();
        let in_lines = tree.nodes().filter(|node| is_over_lines(*node)).map(|node| match node.style() {
            // Empty lines after a block scalar can belong to it.
            Some(ScalarStyle::Literal | ScalarStyle::Folded) => Span::new(
                line_start(text, node.span().start as usize),
                after_blank_lines(text, node.span().end as usize),
            ),
            _ => node.span(),
        });
        let mut spans: Vec<Span> = in_lines.collect();
        spans.extend(
            comments(tree)
                .into_iter()
                .map(|span| Span::new(span.start as usize, content_end(text, span.start as usize) + 1)),
        );
        // What comes after the document is not read.
        spans.extend(tree.rest().map(|rest| Span::new(rest.start as usize, text.len() + 1)));
        spans.sort_unstable_by_key(|span| span.start);
        Self { spans }
    }

    fn contains(&self, at: usize) -> bool {
        let before = self.spans.partition_point(|span| span.start as usize <= at);
        self.spans[..before].iter().rev().take(MOST_NESTED).any(|span| at < span.end as usize)
    }
}

/// Spans of scalars and comments are next to each other: only the last ones before a place can contain it.
const MOST_NESTED: usize = 8;

fn is_over_lines(node: Node<'_>) -> bool {
    let is_block = matches!(node.style(), Some(ScalarStyle::Literal | ScalarStyle::Folded));
    node.kind() == NodeKind::Scalar && (is_block || node.span().of(node.tree().text()).contains(['\n', '\r']))
}

fn after_blank_lines(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let content = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let first = end + content;
    if first == text.len() { text.len() + 1 } else { line_start(text, first).max(end) }
}

/// Removes blanks at the ends of lines. Returns the number of the lines.
pub(super) fn trim_lines(plan: &mut Plan<'_>) -> usize {
    let text: &str = plan.tree.text();
    let (untouched, mut at, mut count) = (Untouched::of(plan.tree), 0, 0);
    while at < text.len() {
        let end = content_end(text, at);
        let content = text[at..end].trim_end_matches([' ', '\t']).len();
        let start = at + content;
        if start < end && !untouched.contains(start) && !untouched.contains(end) {
            plan.replace_bytes(Span::new(start, end), "");
            count += 1;
        }
        at = next_line(text, at);
    }
    count
}

/// Puts quotes around scalars.
pub(super) fn quote<'t>(plan: &mut Plan<'t>, nodes: &[Node<'t>]) -> usize {
    let quoted: Vec<&Node<'t>> = nodes.iter().filter(|node| is_retyped(**node)).collect();
    for node in &quoted {
        plan.rewrite(**node, node.value(), Some(format!("'{}'", node.value())));
    }
    quoted.len()
}

/// A block list below a key, with the columns of both.
struct Below<'t> {
    list: Node<'t>,
    key: Node<'t>,
    of_key: usize,
    of_dash: usize,
}

/// The bytes of the lines of a list that are moved, and by how many columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moved {
    pub(super) lines: Span,
    by: isize,
}

/// Indents block lists as most lists of the text are, but those with a line that starts in `excluded`. Returns the lines of
/// each moved list; those of lists in a list are in its lines.
pub(super) fn indent_lists(plan: &mut Plan<'_>, excluded: &FxHashSet<u32>) -> Vec<Moved> {
    let tree = plan.tree;
    let text: &str = tree.text();
    let lists = lists_below_keys(tree);
    let mut counts: FxHashMap<usize, usize> = FxHashMap::default();
    lists.iter().for_each(|list| *counts.entry(list.of_dash - list.of_key).or_default() += 1);
    let Some((&usual, &most)) = counts.iter().max_by_key(|(_, count)| **count) else { return Vec::new() };
    // Without a majority nothing is usual.
    if most * 2 <= lists.len() || most == lists.len() {
        return Vec::new();
    }
    let ownership = tree.ownership();
    let moved = |below: &Below<'_>| {
        let first = next_line(text, below.key.full_span().end as usize);
        let last = below.list.items().last().map_or(first, |item| ownership.element(item.id()).extent.end as usize);
        let by = usual.cast_signed() - (below.of_dash - below.of_key).cast_signed();
        let lines = Span::new(first, last.max(first));
        (by != 0 && !lines.is_empty() && !excluded.contains(&lines.start)).then_some(Moved { lines, by })
    };
    let mut all: Vec<Moved> = lists.iter().filter_map(moved).collect();
    let scalars = Scalars::over_lines(tree);
    loop {
        match moved_lines(text, &all, &scalars) {
            Ok(edits) => {
                edits.into_iter().for_each(|(span, text)| plan.replace_bytes(span, &text));
                return all;
            }
            // A line that cannot be moved holds back the lists that it is in.
            Err(fixed) => all.retain(|own| {
                let first = fixed.partition_point(|line| *line < own.lines.start as usize);
                fixed.get(first).is_none_or(|line| *line >= own.lines.end as usize)
            }),
        }
    }
}

/// Scalars over several lines, and whether each is a block scalar.
struct Scalars {
    spans: Vec<(Span, bool)>,
}

impl Scalars {
    fn over_lines(tree: &Tree) -> Self {
        let is_block = |node: Node<'_>| matches!(node.style(), Some(ScalarStyle::Literal | ScalarStyle::Folded));
        let all = tree.nodes().filter(|node| is_over_lines(*node));
        Self { spans: all.map(|node| (node.span(), is_block(node))).collect() }
    }

    /// Whether a line begins in a scalar, and whether that is a block scalar.
    fn at(&self, line: usize) -> Option<bool> {
        let before = self.spans.partition_point(|(span, _)| (span.start as usize) < line);
        let (span, is_block) = self.spans.get(before.checked_sub(1)?)?;
        (line < span.end as usize).then_some(*is_block)
    }
}

fn lists_below_keys(tree: &Tree) -> Vec<Below<'_>> {
    let text: &str = tree.text();
    let column = |at: usize| {
        let before = text[line_start(text, at)..at].trim_start_matches('\u{feff}');
        before.is_ascii().then_some(before.len())
    };
    let mut found = Vec::new();
    for map in tree.nodes().filter(|node| node.kind() == NodeKind::Mapping && !node.is_flow()) {
        for (key, list) in map.entries() {
            if list.kind() != NodeKind::Sequence || list.is_flow() {
                continue;
            }
            let dash = list.span().start as usize;
            let is_first = text[line_start(text, dash)..dash].bytes().all(|byte| byte == b' ');
            let columns = (column(key.full_span().start as usize), column(dash));
            let (Some(of_key), Some(of_dash)) = columns else { continue };
            if is_first && text[dash..].starts_with('-') && of_dash >= of_key {
                found.push(Below { list, key, of_key, of_dash });
            }
        }
    }
    found.sort_by_key(|below| below.list.span().start);
    found
}

/// The edits that move lines.
///
/// # Errors
/// The starts of the lines that cannot be moved.
fn moved_lines(text: &str, moved: &[Moved], scalars: &Scalars) -> Result<Vec<(Span, String)>, Vec<usize>> {
    let (mut edits, mut fixed) = (Vec::new(), Vec::new());
    let (mut open, mut next, mut at) = (Vec::<Moved>::new(), moved.iter().peekable(), 0);
    loop {
        open.retain(|own| at < own.lines.end as usize);
        if open.is_empty() {
            // From one list to the next.
            let Some(first) = next.peek() else { break };
            at = at.max(first.lines.start as usize);
        }
        while let Some(own) = next.next_if(|own| own.lines.start as usize <= at) {
            open.push(*own);
        }
        let by: isize = open.iter().map(|own| own.by).sum();
        let line = &text[at..content_end(text, at)];
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let (is_blank, scalar) = (line.trim_matches([' ', '\t']).is_empty(), scalars.at(at));
        // A line of blanks has a meaning in a block scalar alone.
        if by != 0 && !line.is_empty() && (!is_blank || scalar == Some(true)) {
            let gone = by.min(0).unsigned_abs();
            if (scalar.is_none() && line[blanks..].starts_with('\t')) || (blanks < gone && !is_blank) {
                fixed.push(at);
            }
            match usize::try_from(by) {
                Ok(more) => edits.push((Span::empty(at), " ".repeat(more))),
                Err(_) => edits.push((Span::new(at, at + gone.min(blanks)), String::new())),
            }
        }
        at = next_line(text, at);
        if at >= text.len() {
            break;
        }
    }
    if fixed.is_empty() { Ok(edits) } else { Err(fixed) }
}
