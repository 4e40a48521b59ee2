//! Items leave their list with their comments, and nothing else does.

use crate::text::Span;
use crate::yaml::Tree;

use super::{New, Plan, Style, Unproved, prove};

/// The text without these items of the list under its first key, or of the list that it is.
fn without(text: &str, gone: &[usize]) -> Result<String, String> {
    let tree = Tree::parse(text);
    let root = tree.root().unwrap();
    let list = root.entries().next().map_or(root, |(_, list)| list);
    let ids: Vec<_> = gone.iter().map(|index| list.items().nth(*index).unwrap().id()).collect();
    let mut plan = Plan::new(&tree);
    plan.remove_elements(list, &ids).map_err(|_| "layout".to_string())?;
    match prove(&plan) {
        Ok((edits, _)) => Ok(edits.apply(text)),
        Err(Unproved::Comment(span)) => Err(format!("comment {:?}", span.of(text))),
        Err(other) => Err(format!("{other:?}")),
    }
}

const JOBS: &str =
    "jobs:\n# first\n- a: 1 # one\n  # more of a\n\n# second\n# of b\n- b: 2\n\n- c: 3 # three\n\n# rest\nrest: 1\n";

#[test]
fn an_item_goes_with_its_comments_and_the_empty_lines_below_it() {
    assert_eq!(without(JOBS, &[0]).unwrap(), JOBS.replace("# first\n- a: 1 # one\n  # more of a\n\n", ""));
    assert_eq!(without(JOBS, &[1]).unwrap(), JOBS.replace("# second\n# of b\n- b: 2\n\n", ""));
    assert_eq!(without(JOBS, &[2]).unwrap(), JOBS.replace("\n- c: 3 # three\n", ""));
    assert_eq!(without(JOBS, &[0, 2]).unwrap(), "jobs:\n# second\n# of b\n- b: 2\n\n# rest\nrest: 1\n");
    assert_eq!(without(JOBS, &[1, 2]).unwrap(), "jobs:\n# first\n- a: 1 # one\n  # more of a\n\n# rest\nrest: 1\n");
}

#[test]
fn a_list_without_items_is_written_as_such() {
    assert_eq!(without(JOBS, &[0, 1, 2]).unwrap(), "jobs: []\n\n# rest\nrest: 1\n");
    assert_eq!(without("- a\n- b # b\n", &[0, 1]).unwrap(), "[]\n");
    assert_eq!(without("jobs: # all\n- a\n", &[0]).unwrap(), "jobs: [] # all\n");
    assert_eq!(without("jobs: [a, b]\n", &[0, 1]).unwrap(), "jobs: []\n");
    assert_eq!(without("jobs: &x\n- a\nuse: *x\n", &[0]), Err("layout".to_string()));
}

#[test]
fn the_end_of_a_text_stays_as_it_is() {
    assert_eq!(without("jobs:\n- a\n- b", &[1]).unwrap(), "jobs:\n- a");
    assert_eq!(without("jobs:\r\n- a\r\n\r\n- b # b\r\n", &[1]).unwrap(), "jobs:\r\n- a\r\n");
    assert_eq!(without("jobs:\n- a\n- b\n\n# tail\n", &[1]).unwrap(), "jobs:\n- a\n\n# tail\n");
    assert_eq!(without("jobs:\n- |\n  a\n\n- b\n", &[1]).unwrap(), "jobs:\n- |\n  a\n\n");
    assert_eq!(without("jobs:\n- a\n- |+\n  b\n\nrest: 1\n", &[1]).unwrap(), "jobs:\n- a\n\nrest: 1\n");
}

#[test]
fn an_item_in_brackets_goes_with_its_comma() {
    assert_eq!(without("jobs: [a, b, c]\n", &[0]).unwrap(), "jobs: [b, c]\n");
    assert_eq!(without("jobs: [a, b, c]\n", &[1, 2]).unwrap(), "jobs: [a]\n");
    assert_eq!(without("jobs: [a, b,]\n", &[1]).unwrap(), "jobs: [a,]\n");
    assert_eq!(without("jobs: [a, # one\n  b]\n", &[1]).unwrap(), "jobs: [a # one\n  ]\n");
    let lines = "jobs: [\n  a, # one\n  # second\n  b, # two\n  c # three\n]\n";
    assert_eq!(without(lines, &[1]).unwrap(), "jobs: [\n  a, # one\n  c # three\n]\n");
    assert_eq!(without(lines, &[2]).unwrap(), "jobs: [\n  a, # one\n  # second\n  b # two\n]\n");
    assert_eq!(without("{\"jobs\": [\n  \"a\",\n  \"b\"\n]}\n", &[1]).unwrap(), "{\"jobs\": [\n  \"a\"\n]}\n");
}

#[test]
fn comments_apart_from_an_item_stay() {
    let sections = "jobs:\n# web\n\n- a\n\n# db\n\n# the second\n- b\n# - old\n";
    assert_eq!(without(sections, &[0]).unwrap(), "jobs:\n# web\n\n# db\n\n# the second\n- b\n# - old\n");
    assert_eq!(without(sections, &[1]).unwrap(), "jobs:\n# web\n\n- a\n\n# db\n\n# - old\n");
    assert_eq!(without(sections, &[0, 1]).unwrap(), "jobs: []\n# web\n\n# db\n\n# - old\n");
    let brackets = "jobs: [\n  a, # one\n  # section\n\n  # of b\n  b, # two\n  # tail\n]\n";
    assert_eq!(without(brackets, &[1]).unwrap(), "jobs: [\n  a, # one\n  # section\n\n  # tail\n]\n");
}

#[test]
fn a_comment_above_the_first_item_of_a_text_stays() {
    assert_eq!(without("# web servers\n- a\n- b\n", &[0]).unwrap(), "# web servers\n\n- b\n");
    assert_eq!(without("# web servers\n- a\n", &[0]).unwrap(), "# web servers\n[]\n");
    assert_eq!(without("# web servers\n- a", &[0]).unwrap(), "# web servers\n[]");
}

#[test]
fn a_comment_that_stays_does_not_come_to_be_about_another_item() {
    let text = "jobs:\n- a\n\n# section\n\n- b\nrest: 1\n";
    assert_eq!(without(text, &[1]).unwrap(), "jobs:\n- a\n\n# section\n\nrest: 1\n");
}

#[test]
fn an_item_that_is_added_leaves_no_trace_when_it_goes() {
    let texts = [
        "jobs:\n- a\n# - old\n",
        "jobs:\n- a\n\n- b\n\n# - old\n",
        "jobs:\n  - a # one\n      # two\n  # old\nrest: 1\n",
        "jobs:\n  - x: 1\n    # y: 2\n\n    # z: 3\n  # old\n\n# tail\n",
        "jobs: [a, b,]\n",
        "jobs: [\n  a, # one\n  b # two\n  # old\n]\n",
        "jobs: [\n  a,\n  b, # two\n  # old\n]\n",
        "jobs: [a, # one\n  b # two\n]\n",
        "jobs: [ a ] # all\n",
        "jobs:\r\n- a\r\n# old\r\n",
        "jobs:\n- a\n# tail",
        "jobs:\n- a",
    ];
    for text in texts {
        let tree = Tree::parse(text);
        let list = tree.root().unwrap().entries().next().unwrap().1;
        let mut plan = Plan::new(&tree);
        plan.append_spaced(list, New::text("new"), Style::of(&tree, list)).unwrap();
        let (edits, _) = prove(&plan).unwrap_or_else(|fault| panic!("{text:?}: {fault:?}"));
        let more = edits.apply(text);
        let count = list.items().count();
        assert_eq!(without(&more, &[count]).as_deref(), Ok(text), "{more:?}");
    }
}

#[test]
fn a_comment_of_another_item_does_not_go() {
    let text = "jobs:\n- a\n# b\n- b\n";
    let tree = Tree::parse(text);
    let list = tree.root().unwrap().entries().next().unwrap().1;
    let mut plan = Plan::new(&tree);
    plan.remove_elements(list, &[list.items().next().unwrap().id()]).unwrap();
    plan.replace_bytes(Span::new(10, 14), "");
    assert_eq!(prove(&plan).unwrap_err(), Unproved::Comment(Span::new(10, 13)));
}
