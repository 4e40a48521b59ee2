//! What aliases and merge keys are replaced by, layout by layout.

use crate::yaml::{Node, NodeKind, Tree};

use super::{Repeated, expand};

/// The text with a copy in the place of each alias, or of the merge keys of each mapping that has some.
fn expanded(text: &str) -> Option<String> {
    let tree = Tree::parse(text);
    let merges = tree.nodes().filter(|node| node.entries().any(|(key, _)| key.is_merge_key()));
    let mut all: Vec<Repeated<'_>> = merges.map(Repeated::Merges).collect();
    if all.is_empty() {
        all = aliases(&tree).map(Repeated::Alias).collect();
    }
    expand(&tree, &all).map(|(edits, _)| edits.apply(text))
}

fn aliases(tree: &Tree) -> impl Iterator<Item = Node<'_>> {
    tree.nodes().filter(|node| node.kind() == NodeKind::Alias)
}

/// The text with what the first alias repeats in its place, with the anchor.
fn moved(text: &str) -> Option<String> {
    let tree = Tree::parse(text);
    let first = aliases(&tree).next()?;
    expand(&tree, &[Repeated::Moved(first)]).map(|(edits, _)| edits.apply(text))
}

#[test]
fn a_block_scalar_is_indented_below_its_new_key() {
    let text = "a:\n  b: &x |\n      one\n        two\n\n    # no comment\nc:\n- *x\n- k: *x\n";
    let after = expanded(text).unwrap_or_default();
    let tree = Tree::parse(after.as_str());
    let texts: Vec<&str> = tree.nodes().filter(|node| node.value().contains("two")).map(Node::value).collect();
    assert_eq!(texts, [texts[0]; 3], "{after}");
    assert!(after.starts_with(&text[..text.find("- *x").unwrap()]) && after.contains("- k: |\n"), "{after}");
}

#[test]
fn kept_and_tagged_block_scalars_are_copied_or_quoted() {
    for (text, expected) in [
        ("a: &x |-\n   one\nb: *x\n", "a: &x |-\n   one\nb: |-\n   one\n"),
        ("a: &x |+\n  one\n\nb: *x\nc: d\n", "a: &x |+\n  one\n\nb: |+\n  one\n\nc: d\n"),
        ("a: &x |2-\n   one\nb: {c: 1}\nd:\n  e: *x\n", "a: &x |2-\n   one\nb: {c: 1}\nd:\n  e: |2-\n     one\n"),
        ("a: &x !!str |\n  one\nb: *x # why\n", "a: &x !!str |\n  one\nb: !!str | # why\n  one\n"),
        ("a: &x >-\n  one\n  two\nb: [*x]\n", "a: &x >-\n  one\n  two\nb: [one two]\n"),
        // Empty lines after it would become part of it.
        ("a: &x |+\n  one\nb: *x\n\nc: d\n", "a: &x |+\n  one\nb: \"one\\n\"\n\nc: d\n"),
        ("a: &x |\n  one\nb: *x", "a: &x |\n  one\nb: \"one\\n\""),
        ("a: &x\n- k: |+\n    one\nb: *x\n\nc: d\n", "a: &x\n- k: |+\n    one\nb:\n- k: \"one\\n\"\n\nc: d\n"),
    ] {
        assert_eq!(expanded(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn block_collections_are_written_in_brackets_where_their_copy_is_in_brackets() {
    for (text, expected) in [
        ("a: &x\n  k: 1\n  l:\n  - 'm' # no\n  - n, o\nb: [*x, 2]\n", "[{k: 1, l: ['m', 'n, o']}, 2]"),
        ("a: &x\n  k:\n  l: !!str 5\nb: [*x]\n", "[{k: null, l: !!str '5'}]"),
        ("r: &y 7\na: &x\n- *y\n- &z on\nb: {c: *x}\n", "{c: [*y, on]}"),
    ] {
        let after = expanded(text).unwrap_or_default();
        assert!(after.ends_with(&format!("b: {expected}\n")), "{after}");
    }
}

#[test]
fn a_copy_has_no_anchors_and_keys_are_copied_too() {
    assert_eq!(
        expanded("a: &x\n- &y\n  k: &z 1\n- l: 2\nb: *x\n").as_deref(),
        Some("a: &x\n- &y\n  k: &z 1\n- l: 2\nb:\n- k: 1\n- l: 2\n")
    );
    assert_eq!(expanded("&k env: 1\nb: {*k : 2}\n").as_deref(), Some("&k env: 1\nb: {env : 2}\n"));
}

#[test]
fn merge_keys_are_replaced_by_what_they_bring() {
    for (text, expected) in [
        ("a: &x {k: 1, l: 2}\nb:\n  <<: *x # why\n  l: 3\n", Some("a: &x {k: 1, l: 2}\nb:\n  k: 1 # why\n  l: 3\n")),
        (
            "a: &x {k: 1, l: 2}\nc: &y {l: 4, m: 5}\nb: {<<: [*y, *x], n: 6}\n",
            Some("a: &x {k: 1, l: 2}\nc: &y {l: 4, m: 5}\nb: {l: 4, m: 5, k: 1, n: 6}\n"),
        ),
        (
            "a: &x\n  k:\n  - 1\nc: &y\n  <<: *x\n  l: 2\nb:\n- <<: *y\n  m: 3\n",
            Some("a: &x\n  k:\n  - 1\nc: &y\n  k:\n  - 1\n  l: 2\nb:\n- k:\n  - 1\n  l: 2\n  m: 3\n"),
        ),
        // Readers do not agree on what wins, or mappings are filled together.
        ("a: &x {k: 1}\nb:\n  k: 2\n  <<: *x\n", None),
        ("a: &x {k: {l: 1}}\nb:\n  <<: *x\n  k: {m: 2}\n", None),
    ] {
        assert_eq!(expanded(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn a_moved_part_takes_its_anchors_along() {
    assert_eq!(
        moved("a: &x\n- k: &y 1\nb: *x # why\nc: [*x, *y]\n").as_deref(),
        Some("a: &x\n- k: &y 1\nb: &x # why\n- k: &y 1\nc: [*x, *y]\n")
    );
    // Nothing else has the name of an anchor that goes along.
    assert_eq!(
        moved("a: &x [&y 1]\nb: *x\nc: &y 2\nd: *y\n").as_deref(),
        Some("a: &x [&y 1]\nb: &x [1]\nc: &y 2\nd: *y\n")
    );
    assert_eq!(moved("a: &x {k: 1}\nb:\n- *x\n- *x\n").as_deref(), Some("a: &x {k: 1}\nb:\n- &x {k: 1}\n- *x\n"));
    assert_eq!(
        moved("a: &x\n  k: 1\n  l: 2\nb:\n- *x\n").as_deref(),
        Some("a: &x\n  k: 1\n  l: 2\nb:\n- &x\n  k: 1\n  l: 2\n")
    );
}
