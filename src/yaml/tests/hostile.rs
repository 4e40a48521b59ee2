//! Texts meant to exhaust the stack, the memory or the patience of a reader. They are read in a
//! thread with a small stack, and the work is counted, not timed.

use crate::yaml::cursor::work;
use crate::yaml::{NodeKind, Tree};

const STACK: usize = 512 * 1024;
const MANY: usize = 100_000;
const DEPTH: usize = 10_000;

/// Reads `text` in a thread with a small stack; gives the refusal (or nothing), and the number of nodes.
fn read(text: String) -> (String, usize) {
    let reading = move || {
        let tree = Tree::parse(text);
        (tree.fault().map(ToString::to_string).unwrap_or_default(), tree.clone().len())
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(reading).expect("a thread can be started");
    thread.join().expect("the reader does not panic")
}

fn refusal(text: impl Into<String>) -> String {
    read(text.into()).0
}

/// Twice the text may cost a little more than twice the work.
fn assert_linear(what: &str, text: impl Fn(usize) -> String) {
    let work_of = |text: String| {
        work::taken();
        drop(Tree::parse(text));
        work::taken()
    };
    let (once, twice) = (work_of(text(5_000)), work_of(text(10_000)));
    assert!(twice <= 2 * once + once / 10 + 100, "{what}: {once} steps become {twice} when the text is doubled");
}

#[test]
fn ten_thousand_levels_are_read_and_one_more_is_refused() {
    let too_deep = "yaml: exceeded max depth of 10000";
    let flow = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(read(flow(DEPTH)), (String::new(), DEPTH));
    assert_eq!(refusal(flow(DEPTH + 1)), too_deep);
    for (open, close) in [("- ", ""), ("? ", ""), ("{a: ", "}")] {
        let nested = |depth: usize| format!("{}a{}", open.repeat(depth), close.repeat(depth));
        assert_eq!(refusal(nested(DEPTH)), "", "{open:?}");
        assert_eq!(refusal(nested(DEPTH + 1)), too_deep, "{open:?}");
    }
    // Brackets and indentation are counted apart.
    assert_eq!(refusal("- ".repeat(DEPTH) + &flow(DEPTH)), "");
    assert_eq!(refusal(format!("\na:\n {}a", "- ".repeat(DEPTH))), "yaml: line 3: exceeded max depth of 10000");
}

#[test]
fn mappings_nested_by_indentation_are_read_without_recursion() {
    let nested = |depth: usize| (0..depth).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n");
    let (refusal, nodes) = read(nested(1_000));
    assert_eq!((refusal.as_str(), nodes), ("", 2_001));
}

#[test]
fn hundred_thousand_openings_are_refused_in_small_space() {
    let too_deep = "yaml: exceeded max depth of 10000";
    for opening in ["[", "{", "- ", "? ", "[{", "- ? ", "{a: ", "[a, "] {
        assert_eq!(refusal(opening.repeat(MANY)), too_deep, "{opening:?}");
    }
    assert_eq!(refusal(": ".repeat(MANY)), "yaml: did not find expected key");
    assert_eq!(refusal("*".repeat(MANY)), "yaml: did not find expected alphabetic or numeric character");
    let unclosed = "a: \"".to_string() + &"x\n".repeat(MANY);
    assert_eq!(refusal(unclosed), "yaml: line 100001: found unexpected end of stream");
    // The first document ends where nothing fits any more, and the rest is not read.
    for rest_is_ignored in ["&a ", "!", "\"\""] {
        assert_eq!(read(rest_is_ignored.repeat(MANY)), (String::new(), 1), "{rest_is_ignored:?}");
    }
}

#[test]
fn long_lines_and_many_keys_are_read() {
    let (refusal, nodes) = read("a".repeat(10_000_000));
    assert_eq!((refusal.as_str(), nodes), ("", 1));
    let mut keys = String::new();
    for key in 0..200_000 {
        keys += &format!("k{key}: v\n");
    }
    let tree = Tree::parse(keys);
    assert_eq!(tree.root().expect("has a node").kind(), NodeKind::Mapping);
    assert_eq!(tree.len(), 400_001);
}

#[test]
fn what_may_turn_out_to_be_a_key_is_not_looked_for_again_and_again() {
    assert_linear("long flow lines", |n| format!("[{}]", "a, ".repeat(n)));
    assert_linear("long flow pairs", |n| format!("{{{}}}", "a: b, ".repeat(n)));
    assert_linear("brackets within a level", |n| "- [[a], {b: c}]: d\n".repeat(n));
    assert_linear("a long plain scalar", |n| "a ".repeat(n));
    assert_linear("a long quoted scalar", |n| format!("'{}': b", "a ".repeat(n)));
    assert_linear("colons that end no key", |n| format!("[{}]", "a:b ,".repeat(n)));
    assert_linear("colons in a row", |n| format!("[{}]", ": ".repeat(n)));
    assert_linear("wide keys", |n| format!("[{}]", "日 ".repeat(n)));
}

#[test]
fn lines_comments_and_escapes_cost_no_more_when_there_are_many() {
    assert_linear("empty lines", |n| "\n".repeat(n) + "a");
    assert_linear("empty lines in a plain scalar", |n| format!("a{}b", "\n".repeat(n)));
    assert_linear("empty lines in quotes", |n| format!("\"a{}b\"", "\n".repeat(n)));
    assert_linear("empty lines in a block scalar", |n| format!("|+\n a\n{}", " \n".repeat(n)));
    assert_linear("empty lines before a block scalar", |n| format!(">\n{} a", "\n".repeat(n)));
    assert_linear("plain lines", |n| "a\n".repeat(n));
    assert_linear("comments", |n| "# a\n".repeat(n) + "a");
    assert_linear("comments in brackets", |n| format!("[{}]", "a, # b\n".repeat(n)));
    assert_linear("escapes", |n| format!("\"{}\"", "\\x41\\n\\\n".repeat(n)));
    assert_linear("quotes in quotes", |n| format!("'{}'", "''".repeat(n)));
    assert_linear("carriage returns", |n| "a\r".repeat(n));
    assert_linear("bad characters behind the document", |n| "- a\n".repeat(n) + "\u{1}");
}

#[test]
fn anchors_aliases_and_tags_cost_no_more_when_there_are_many() {
    assert_linear("anchors", |n| (0..n).fold(String::new(), |text, number| text + &format!("- &a{number} x\n")));
    assert_linear("aliases", |n| "- &a x\n".to_string() + &"- *a\n".repeat(n));
    assert_linear("tags", |n| "- !!str x\n".repeat(n));
    let many_handles = |n: usize| {
        let handles = (0..n).fold(String::new(), |text, number| text + &format!("%TAG !h{number}! x\n"));
        handles + "---\n" + &(0..n).fold(String::new(), |text, number| text + &format!("- !h{number}!y z\n"))
    };
    assert_linear("tag handles", many_handles);
    let (refusal, nodes) = read(many_handles(50_000));
    assert_eq!((refusal.as_str(), nodes), ("", 50_001));
}

#[test]
fn a_broken_text_ends_the_reading_at_its_first_fault() {
    let text = "a: b: c\n".to_string() + &"- x\n".repeat(MANY);
    work::taken();
    drop(Tree::parse(text));
    assert!(work::taken() < 100);
}
