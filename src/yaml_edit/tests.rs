//! Additions to JSON look like their neighbors.

use super::{New, Plan, Style, prove};
use crate::yaml::Tree;

/// A label for the first group, and a group more.
fn changed(text: &str) -> String {
    let tree = Tree::parse(text);
    let mut plan = Plan::new(&tree);
    let root = tree.root().unwrap();
    let group = root.items().next().unwrap();
    let labels = group.entries().find(|(key, _)| key.value() == "labels").map(|(_, labels)| labels);
    let new = || New::Map(vec![("env".to_string(), New::text("a\"b"))]);
    match labels {
        Some(labels) if labels.entries().next().is_some() => {
            plan.append_entry(labels, "env", New::text("a\"b"), Style::default()).unwrap();
        }
        Some(labels) => plan.fill(labels, new()),
        None => plan.append_entry(group, "labels", new(), Style::default()).unwrap(),
    }
    let targets = New::Row(vec![New::text("b:1")]);
    let labels = New::Map(vec![("env".to_string(), New::text("x"))]);
    let group = New::Map(vec![("targets".to_string(), targets), ("labels".to_string(), labels)]);
    plan.append_item(root, group, Style::default()).unwrap();
    let (edits, _) = prove(&plan).unwrap();
    let after = edits.apply(text);
    serde_json::from_str::<serde_json::Value>(&after).unwrap();
    after
}

#[test]
fn additions_to_compact_json_are_compact() {
    let before = r#"[{"targets":["a:1","c:1"],"labels":{"job":"x"}}]"#;
    let after =
        r#"[{"targets":["a:1","c:1"],"labels":{"job":"x","env":"a\"b"}},{"targets":["b:1"],"labels":{"env":"x"}}]"#;
    assert_eq!(changed(before), after);
    let after = r#"[{"targets":["a:1"],"labels":{"env":"a\"b"}},{"targets":["b:1"],"labels":{"env":"x"}}]"#;
    assert_eq!(changed(r#"[{"targets":["a:1"]}]"#), after);
}

#[test]
fn additions_to_json_in_lines_have_lines() {
    let before = "[\n\t{\n\t\t\"targets\": [\n\t\t\t\"a:1\"\n\t\t]\n\t}\n]\n";
    let after = "[\n\t{\n\t\t\"targets\": [\n\t\t\t\"a:1\"\n\t\t],\n\t\t\"labels\": {\n\t\t\t\"env\": \"a\\\"b\"\n\t\t}\n\t},\n\t{\n\t\t\"targets\": [\n\t\t\t\"b:1\"\n\t\t],\n\t\t\"labels\": {\n\t\t\t\"env\": \"x\"\n\t\t}\n\t}\n]\n";
    assert_eq!(changed(before), after);
    let before = "[\r\n  {\r\n    \"labels\": {},\r\n    \"targets\": [ \"a:1\" ]\r\n  }\r\n]\r\n";
    let after = "[\r\n  {\r\n    \"labels\": {\"env\": \"a\\\"b\"},\r\n    \"targets\": [ \"a:1\" ]\r\n  },\r\n  {\r\n    \"targets\": [ \"b:1\" ],\r\n    \"labels\": {\"env\": \"x\"}\r\n  }\r\n]\r\n";
    assert_eq!(changed(before), after);
}

#[test]
fn groups_in_a_line_each_stay_in_a_line_each() {
    let before = "[\n  { \"targets\": [\"a:1\"], \"labels\": { \"job\": \"x\" } }\n]";
    let after = "[\n  { \"targets\": [\"a:1\"], \"labels\": { \"job\": \"x\", \"env\": \"a\\\"b\" } },\n  { \"targets\": [\"b:1\"], \"labels\": { \"env\": \"x\" } }\n]";
    assert_eq!(changed(before), after);
}
