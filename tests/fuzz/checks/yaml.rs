//! Any bytes: the reader ends, and what it gives is well formed.

use promcfg::text::{Span, decode_text};
use promcfg::yaml::{Node, NodeKind, ScalarStyle, Tree};

pub(crate) fn check(bytes: &[u8]) {
    let tree = Tree::from_decoded(decode_text(bytes));
    let whole = Span::new(0, tree.text().len());
    let mut open: Vec<(Node<'_>, Span)> = tree.root().map(|root| (root, whole)).into_iter().collect();
    while let Some((node, outer)) = open.pop() {
        let span = node.span();
        assert!(outer.contains(span), "{span} lies outside of {outer}");
        assert!(tree.text().get(span.range()).is_some(), "{span} cuts a character");
        if let Some(raw) = node.raw_text_span() {
            assert!(span.contains(raw) && raw.of(tree.text()) == node.value(), "{raw} is not the text of {node:?}");
        }
        match node.kind() {
            NodeKind::Sequence | NodeKind::Mapping => {
                let entries = node.entries().flat_map(|(key, value)| [key, value]);
                let mut before = span.start;
                for child in node.items().chain(entries) {
                    assert!(before <= child.full_span().start, "{child:?} begins before {before}");
                    before = child.span().end;
                    open.push((child, span));
                }
            }
            NodeKind::Scalar
                if node.style() == Some(ScalarStyle::Plain) && !span.of(tree.text()).contains(['\n', '\r']) =>
            {
                let shown = span.of(tree.text());
                let is_one_line = !shown.contains(['\u{85}', '\u{2028}', '\u{2029}']);
                assert!(!is_one_line || node.value() == shown, "{shown:?} is read as {:?}", node.value());
            }
            _ => {}
        }
    }
}
