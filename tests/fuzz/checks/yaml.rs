//! Any bytes: the reader ends, the tree is well formed and the one that the exact engine alone makes, and the elements of
//! a collection tile it.

use promcfg::text::{Span, decode_text};
use promcfg::yaml::{Node, NodeKind, Ownership, ScalarStyle, Tree, debug_lines};

pub(crate) fn check(bytes: &[u8]) {
    let report = debug_lines(bytes);
    assert!(report["difference"].is_null(), "{report}");
    let tree = Tree::from_decoded(decode_text(bytes));
    check_nodes(&tree);
    check_tiling(&tree);
    check_recovery(&tree);
}

/// Of a broken text, each broken place lies in it, and all that is not left out is as it was.
fn check_recovery(tree: &Tree) {
    let Some(recovered) = tree.recovered() else {
        assert!(tree.fault().is_none(), "a broken text has broken places");
        return;
    };
    assert_eq!(recovered.damages().iter().filter(|damage| damage.is_first).count(), 1, "yaml.v2 reports one place");
    let first = recovered.damages().iter().find(|damage| damage.is_first);
    assert_eq!(first.map(|damage| &damage.error), tree.fault(), "the first fault is that of the exact reader");
    let text = tree.text();
    for damage in recovered.damages() {
        assert!(text.get(damage.span.range()).is_some(), "{} is not in the text", damage.span);
    }
    assert!(recovered.tree().fault().is_none(), "the sound parts can be read");
    let sound = recovered.tree().text();
    if recovered.tree().is_empty() {
        return;
    }
    assert_eq!(sound.len(), text.len(), "all places stay");
    let left_out: Vec<Span> = recovered.left_out().collect();
    assert!(!left_out.is_empty() && left_out.iter().all(|span| text.get(span.range()).is_some()));
    for (at, (one, other)) in text.bytes().zip(sound.bytes()).enumerate() {
        let is_left_out = || left_out.iter().any(|span| span.range().contains(&at));
        assert!(one == other || is_left_out(), "byte {at} has changed");
    }
    check_nodes(recovered.tree());
    check_tiling(recovered.tree());
}

/// Nodes nest, and lie in the text.
fn check_nodes(tree: &Tree) {
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

/// Between the extents of the elements of a collection are only blanks and line breaks.
pub(crate) fn check_tiling(tree: &Tree) {
    let ownership = tree.ownership();
    for node in tree.nodes().filter(|_| tree.fault().is_none()) {
        check_elements(tree, &ownership, node);
    }
}

fn check_elements(tree: &Tree, ownership: &Ownership, collection: Node<'_>) {
    let Some(inner) = ownership.inner(collection) else { return };
    let whole = ownership.element(collection.id()).extent;
    let is_root = collection.parent().is_none();
    assert!(is_root || whole.contains(inner), "the elements of {collection:?} at {inner} leave its extent {whole}");
    let mut at = inner.start;
    let values = collection.entries().map(|(_, value)| value);
    for child in collection.items().chain(values) {
        let element = ownership.element(child.id());
        assert!(element.span.contains(child.full_span()), "{child:?} is outside of its element {}", element.span);
        assert!(element.extent.contains(element.span), "the element at {} is outside of its extent", element.span);
        check_blank(tree, at, element.extent.start);
        at = element.extent.end;
    }
    check_blank(tree, at, inner.end);
}

fn check_blank(tree: &Tree, start: u32, end: u32) {
    assert!(start <= end, "an element begins at {end}, before the end of another at {start}");
    let between = Span { start, end }.of(tree.text());
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    assert!(between.chars().all(is_blank), "{between:?} at {start} belongs to no element");
}
