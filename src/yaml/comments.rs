//! The comments of a text.

use crate::text::{Span, content_end};

use super::ownership::{Gap, GapPart};
use super::token::ScalarStyle;
use super::tree::{Node, NodeKind, Tree};

/// Where the comments of a text are, in its order, each from its `#` to the end of its line. They
/// are between scalars, anchors and tags, and after the header of a block scalar. Of a text that
/// cannot be read to the end, those up to there.
pub(crate) fn comments(tree: &Tree) -> Vec<Span> {
    let text: &str = tree.text();
    let end = tree.rest().map_or(text.len(), |rest| rest.start as usize);
    let (mut found, at) = among(text, tree.nodes(), 0);
    if tree.fault().is_none() {
        find(text, at, end, &mut found);
    }
    found
}

/// The comments of a part of a text, which has these nodes: successive ones that are all in it.
pub(crate) fn comments_among<'t>(
    text: &str,
    nodes: impl Iterator<Item = Node<'t>>,
    start: usize,
    end: usize,
) -> Vec<Span> {
    let (mut found, at) = among(text, nodes, start);
    find(text, at, end, &mut found);
    found
}

/// The comments between nodes, from `start` to the last of them; and where that ends.
fn among<'t>(text: &str, nodes: impl Iterator<Item = Node<'t>>, start: usize) -> (Vec<Span>, usize) {
    let mut found = Vec::new();
    let mut at = start;
    for node in nodes {
        let span = node.span();
        let own = match node.kind() {
            NodeKind::Scalar | NodeKind::Alias if span.is_empty() => continue,
            NodeKind::Scalar | NodeKind::Alias => span,
            NodeKind::Sequence | NodeKind::Mapping => Span::empty(span.start as usize),
        };
        find(text, at, own.start as usize, &mut found);
        at = at.max(own.end as usize);
        if matches!(node.style(), Some(ScalarStyle::Literal | ScalarStyle::Folded)) {
            let start = span.start as usize;
            find(text, start, content_end(text, start), &mut found);
        }
    }
    (found, at)
}

/// Finds the comments between two nodes.
fn find(text: &str, start: usize, end: usize, found: &mut Vec<Span>) {
    let has_comment = |span: Span| span.of(text).contains('#');
    if start >= end || !has_comment(Span::new(start, end)) {
        return;
    }
    found.extend(Gap::new(text, start, end).filter_map(|part| match part {
        GapPart::Comment(span) => Some(span),
        _ => None,
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        comments(&Tree::parse(text)).into_iter().map(|span| span.of(text).to_string()).collect()
    }

    #[test]
    fn comments_stand_between_scalars() {
        let text = "# top\na: 'x # no' # one\nb: |  # two\n  # no\n  x\n# three\nc: [d, # four\n  e#no]\n# end";
        assert_eq!(texts(text), ["# top", "# one", "# two", "# three", "# four", "# end"]);
    }

    #[test]
    fn behind_a_fault_and_in_further_documents_nothing_is_looked_for() {
        assert_eq!(texts("a: 1 # one\n---\n# other\nb: '#'\n"), ["# one"]);
        assert_eq!(texts("a: 1 # one\nb: 'x # no\n"), ["# one"]);
    }
}
