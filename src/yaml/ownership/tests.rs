//! The elements of small texts, in their brackets: `‹` and `›` around the extent of each element.

use crate::yaml::{Node, Tree};

/// The text with each element's extent in `‹…›`, as far as the walk found them.
fn marked(text: &str) -> String {
    let tree = Tree::parse(text);
    assert!(tree.fault().is_none(), "{text:?}: {:?}", tree.fault());
    let ownership = tree.ownership();
    let is_key =
        |node: Node<'_>| node.parent().is_some_and(|parent| parent.entries().any(|(key, _)| key.id() == node.id()));
    let mut marks: Vec<(u32, u8, u32, char)> = Vec::new();
    for node in tree.nodes().skip(1).filter(|node| !is_key(*node)) {
        let extent = ownership.element(node.id()).extent;
        let depth = std::iter::successors(node.parent(), |node| node.parent()).count();
        let depth = u32::try_from(depth).expect("is small");
        marks.push((extent.start, 1, depth, '‹'));
        marks.push((extent.end, 0, u32::MAX - depth, '›'));
    }
    marks.sort_unstable();
    let mut marked = text.to_string();
    for (at, _, _, mark) in marks.into_iter().rev() {
        marked.insert(at as usize, mark);
    }
    marked
}

#[test]
fn an_entry_is_its_key_its_colon_and_its_value() {
    assert_eq!(marked("a: 1\nb:\nc: &x !!str 'd'\n? e\n: f\n"), "‹a: 1›\n‹b:›\n‹c: &x !!str 'd'›\n‹? e\n: f›\n");
}

#[test]
fn an_item_has_its_dash() {
    assert_eq!(marked("- a\n-\n- - b\n  - c: 1\n    d: 2\n"), "‹- a›\n‹-›\n‹- ‹- b›\n  ‹- ‹c: 1›\n    ‹d: 2›››\n");
}

#[test]
fn a_comment_in_the_line_belongs_to_the_innermost_element_that_ends_there() {
    assert_eq!(marked("- a: 1 # one\n  b: 2\n- [c] # two\n"), "‹- ‹a: 1 # one›\n  ‹b: 2››\n‹- [‹c›] # two›\n");
}

#[test]
fn the_lines_of_a_comment_are_one_below_the_other() {
    assert_eq!(marked("a: 1 # one\n     # more\n# two\nb: 2\n"), "‹a: 1 # one\n     # more›\n‹# two\nb: 2›\n");
}

#[test]
fn a_comment_after_a_key_with_a_collection_is_the_header_of_its_element() {
    assert_eq!(marked("a: # one\n  b: 1\n- c\n".trim_end_matches("- c\n")), "‹a: # one\n  ‹b: 1››\n");
    assert_eq!(marked("a: &x # one\n  # two\n  b: 1\n"), "‹a: &x # one\n  ‹# two\n  b: 1››\n");
    assert_eq!(marked("- # one\n  b: 1\n"), "‹- # one\n  ‹b: 1››\n");
}

#[test]
fn a_comment_in_its_own_line_belongs_to_the_next_element() {
    assert_eq!(marked("a:\n# one\n- b\n# two\n\n- c\n"), "‹a:\n‹# one\n- b›\n‹# two\n\n- c››\n");
}

#[test]
fn a_comment_below_a_collection_that_is_indented_as_it_belongs_to_its_last_element() {
    assert_eq!(
        marked("a:\n  - b: 1\n    # in b\n  # in a\n# of c\nc: 2\n"),
        "‹a:\n  ‹- ‹b: 1\n    # in b›\n  # in a››\n‹# of c\nc: 2›\n"
    );
    assert_eq!(marked("a:\n- b\n# of c\nc: 2\n"), "‹a:\n‹- b››\n‹# of c\nc: 2›\n");
}

#[test]
fn comments_at_the_end_belong_to_the_last_element_of_their_indentation() {
    assert_eq!(marked("a:\n  b: 1\n  # two\n# three\n"), "‹a:\n  ‹b: 1\n  # two›\n# three›\n");
    assert_eq!(marked("a:\n  b: 1\n # two\n"), "‹a:\n  ‹b: 1›\n # two›\n");
}

#[test]
fn commas_belong_to_the_element_before_them_and_so_do_comments_in_their_lines() {
    assert_eq!(
        marked("[ # no\n  a, # one\n  # two\n  {b: 1,}, c: 2\n  # three\n]\n"),
        "[ # no\n  ‹a, # one›\n  ‹# two\n  {‹b: 1,›},› ‹‹c: 2›\n  # three›\n]\n"
    );
}

#[test]
fn comments_above_the_first_element_are_those_of_the_document_up_to_an_empty_line() {
    assert_eq!(marked("# license\n\n# about a\na: 1\n"), "# license\n\n‹# about a\na: 1›\n");
    assert_eq!(marked("# head\n--- # mark\n# about a\na: 1\n...\n"), "# head\n--- # mark\n‹# about a\na: 1›\n...\n");
}

#[test]
fn a_block_scalar_ends_before_the_comment_below_it() {
    assert_eq!(marked("a: | # one\n  x\n# two\nb: 1\n"), "‹a: | # one\n  x›\n‹# two\nb: 1›\n");
}

#[test]
fn of_a_text_with_a_fault_the_elements_before_it_are_found() {
    let text = "a: 1 # one\nb: [c, d\n";
    let tree = Tree::parse(text);
    let first = tree.root().and_then(|root| root.entries().next()).expect("has an entry").1;
    assert_eq!(tree.ownership().element(first.id()).extent.of(text), "a: 1 # one");
}

#[test]
fn a_comment_above_an_anchor_belongs_to_the_element_with_the_anchor() {
    assert_eq!(marked("a:\n  # one\n  &x\n  b: 1\n"), "‹a:\n  # one\n  &x\n  ‹b: 1››\n");
    assert_eq!(marked("# one\n&x\na: 1\n"), "# one\n&x\n‹a: 1›\n");
}

#[test]
fn a_first_character_that_a_byte_order_mark_takes_belongs_to_the_element_after_it() {
    let text = "\u{feff}\u{feff}a: 1\n!b: 2\n#c: 3\n%d:\n  - 5\n[ - 6\n";
    let tree = Tree::parse(text);
    let keys: Vec<&str> = tree.root().expect("has a node").entries().map(|(key, _)| key.value()).collect();
    assert_eq!(keys, ["a", "b", "c", "d"]);
    assert_eq!(marked(text), "\u{feff}\u{feff}‹a: 1›\n‹!b: 2›\n‹#c: 3›\n‹%d:\n  ‹- 5›\n[ ‹- 6››\n");
    assert_eq!(marked("\u{feff}\u{feff}a:\n- b: 1\n"), "\u{feff}\u{feff}‹a:\n- ‹b: 1››\n");
    assert_eq!(marked("\u{feff}\u{feff}- a\n -\n!  b: 1\n"), "\u{feff}\u{feff}‹- a›\n ‹-\n!  ‹b: 1››\n");
}
