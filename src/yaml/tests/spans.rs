//! Where nodes are in the text.

use crate::text::Span;
use crate::yaml::{Node, Tree};

/// The values of the mapping at the root.
fn values(tree: &Tree) -> Vec<Node<'_>> {
    tree.root().expect("has a node").entries().map(|(_, value)| value).collect()
}

#[test]
fn what_is_not_written_stands_where_it_would_be() {
    let tree = Tree::parse("a:\nb: &x\nc: # none\nd: !!str");
    let spans: Vec<Option<Span>> = values(&tree).iter().map(|value| value.raw_text_span()).collect();
    assert_eq!(spans, [2, 8, 11, 27].map(|at| Some(Span::empty(at))));
    assert_eq!(values(&tree)[1].full_span(), Span::new(6, 8));
}

#[test]
fn collections_end_with_their_last_byte_and_not_with_the_next_token() {
    let tree = Tree::parse("a:\n  - x # one\n\n# two\nb: {c: d}  \nc: |\n  text\n\n\n");
    let texts: Vec<&str> = values(&tree).iter().map(|value| value.span().of(tree.text())).collect();
    assert_eq!(texts, ["- x", "{c: d}", "|\n  text"]);
}

#[test]
fn spans_ascend_also_where_an_empty_list_begins_a_mapping_that_comes_too_late() {
    // yaml.v2 does not wait for the colon after an empty collection, and so has its tokens out of order.
    let tree = Tree::parse("a:\n  []: b\nc");
    let children: Vec<Span> =
        tree.root().expect("has a node").entries().flat_map(|(key, value)| [key.span(), value.span()]).collect();
    assert_eq!(children, [Span::new(0, 1), Span::new(5, 7)]);
    assert_eq!(tree.root().map(Node::span), Some(Span::new(0, 7)));
}
