//! The tree of a text beside the one that the exact engine makes alone.

use serde_json::{Value, json};

use crate::text::{Span, decode_text};

use super::comments::comments;
use super::tree::{Node, NodeId, Tree};

/// Reads a text as always, and a second time without reading by lines: both must give the same. Gives
/// how many of its `bytes` were read `by_lines`, and the first `difference`, if there is one.
///
/// ```
/// let report = promcfg::yaml::debug_lines(b"a: 1\nb: 2\nc: 3\n");
/// assert_eq!(report, serde_json::json!({"bytes": 15, "by_lines": 15, "difference": null}));
/// ```
#[must_use]
pub fn debug_lines(bytes: &[u8]) -> Value {
    let tree = Tree::from_decoded(decode_text(bytes));
    let exact = Tree::read_exactly(decode_text(bytes));
    json!({ "bytes": bytes.len(), "by_lines": tree.by_lines(), "difference": difference(&tree, &exact) })
}

/// The first thing in which two trees of one text differ.
fn difference(tree: &Tree, exact: &Tree) -> Option<String> {
    let mut nodes = tree.nodes();
    for (index, right) in exact.nodes().enumerate() {
        let left = nodes.next().map(Facts::of);
        let right = Some(Facts::of(right));
        if left != right {
            return Some(format!("node {index}: {left:?}, exactly {right:?}"));
        }
    }
    if let Some(left) = nodes.next() {
        return Some(format!("a node too many: {left:?}"));
    }
    if tree.fault() != exact.fault() {
        return Some(format!("fault {:?}, exactly {:?}", tree.fault(), exact.fault()));
    }
    if tree.rest() != exact.rest() {
        return Some(format!("rest {:?}, exactly {:?}", tree.rest(), exact.rest()));
    }
    let (left, right) = (comments(tree), comments(exact));
    (left != right).then(|| format!("comments {left:?}, exactly {right:?}"))
}

/// All that a tree says of a node.
#[derive(Debug, PartialEq)]
struct Facts<'t> {
    kind: String,
    span: Span,
    full_span: Span,
    value: &'t str,
    raw_text_span: Option<Span>,
    anchor: Option<&'t str>,
    tag: Option<&'t str>,
    parent: Option<NodeId>,
    resolved: NodeId,
    children: (usize, Option<NodeId>),
}

impl<'t> Facts<'t> {
    fn of(node: Node<'t>) -> Self {
        let mut children = (0, None);
        let entries = node.entries().flat_map(|(key, value)| [key, value]);
        for child in node.items().chain(entries) {
            children = (children.0 + 1, Some(child.id()));
        }
        Self {
            kind: format!("{:?} {:?} {}", node.kind(), node.style(), node.is_flow()),
            span: node.span(),
            full_span: node.full_span(),
            value: node.value(),
            raw_text_span: node.raw_text_span(),
            anchor: node.anchor(),
            tag: node.tag(),
            parent: node.parent().map(Node::id),
            resolved: node.resolved().id(),
            children,
        }
    }
}
