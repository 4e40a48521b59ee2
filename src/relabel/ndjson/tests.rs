//! Lines relabeled with layouts are those of the general way.

use super::*;
use crate::relabel::{Action, NameScheme, RuleSpec};

fn through(rules: &[RuleSpec], line: &[u8]) -> Result<String, String> {
    let chain = Chain::new(rules, NameScheme::Utf8).unwrap();
    let mut out = String::new();
    let mut relabeler = LineRelabeler::new(&chain);
    let mut first = String::new();
    relabeler.relabel(line, &mut first).map_err(|fault| fault.to_string())?;
    // Later with what was learned from the lines before.
    for _ in 0..3 {
        out.clear();
        relabeler.relabel(line, &mut out).map_err(|fault| fault.to_string())?;
        assert_eq!(out, first);
    }
    Ok(out)
}

#[track_caller]
fn passes(line: &str, expected: &str) {
    assert_eq!(through(&[], line.as_bytes()).as_deref(), Ok(&*format!("{expected}\n")));
}

#[track_caller]
fn fails(line: &str, expected: &str) {
    assert_eq!(through(&[], line.as_bytes()).unwrap_err(), format!("not a label map: {expected}"));
}

#[test]
fn lines_come_out_sorted_and_compact() {
    passes(r#"{ "b" : "2" , "a":"1"}"#, r#"{"a":"1","b":"2"}"#);
    passes("{\"b\":\"2\",\t\"a\":\"1\"}\r\n", r#"{"a":"1","b":"2"}"#);
    passes("{}", "{}");
    passes(" { } ", "{}");
    passes(r#"{"Z":"1","_":"2","a":"3","é":"4"}"#, r#"{"Z":"1","_":"2","a":"3","é":"4"}"#);
    passes(r#"{"":"x"}"#, r#"{"":"x"}"#);
}

#[test]
fn blank_lines_give_nothing() {
    assert_eq!(through(&[], b"").as_deref(), Ok(""));
    assert_eq!(through(&[], b" \t\r\n").as_deref(), Ok(""));
}

#[test]
fn empty_values_are_absent_and_the_last_of_a_name_counts() {
    passes(r#"{"a":"","b":"1"}"#, r#"{"b":"1"}"#);
    passes(r#"{"a":"1","b":"2","a":"3"}"#, r#"{"a":"3","b":"2"}"#);
    passes(r#"{"a":"1","a":""}"#, "{}");
    passes(r#"{"\u0061":"1","a":"2"}"#, r#"{"a":"2"}"#);
}

#[test]
fn escapes_are_read_and_only_the_needed_ones_written() {
    passes(r#"{"a":"\"\\\/\b\f\n\r\t\u0001\u00e9\u2028"}"#, "{\"a\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001é\u{2028}\"}");
    passes(r#"{"a\"b\n":"<&>\u007f"}"#, "{\"a\\\"b\\n\":\"<&>\u{7f}\"}");
    passes(r#"{"a":"\ud83c\udf89"}"#, r#"{"a":"🎉"}"#);
}

#[test]
fn broken_surrogates_and_bytes_become_replacement_characters() {
    passes(r#"{"a":"\ud83c"}"#, "{\"a\":\"\u{fffd}\"}");
    passes(r#"{"a":"\udf89x\ud83c\u0041"}"#, "{\"a\":\"\u{fffd}x\u{fffd}A\"}");
    passes(r#"{"a":"\ud83c\ud83c\udf89"}"#, "{\"a\":\"\u{fffd}🎉\"}");
    passes(r#"{"a":"\\ud83c"}"#, r#"{"a":"\\ud83c"}"#);
    assert_eq!(through(&[], b"{\"a\":\"x\xe2\x82y\"}").as_deref(), Ok("{\"a\":\"x\u{fffd}\u{fffd}y\"}\n"));
}

#[test]
fn what_is_no_label_map_is_refused() {
    fails("[]", "invalid type: sequence, expected an object of label names and values");
    fails(r#"{"a":1}"#, "invalid type: integer `1`, expected a string at column 6");
    fails(r#"{"a":null}"#, "invalid type: null, expected a string at column 9");
    fails(r#"{"a":"1"} x"#, "invalid JSON: trailing characters at column 11");
    fails(r#"{"a":"1""#, "invalid JSON: EOF while parsing an object at column 8");
    fails(r#"{"a":"1",}"#, "invalid JSON: trailing comma at column 10");
    fails(
        "{\"a\":\"1\t\"}",
        "invalid JSON: control character (\\u0000-\\u001F) found while parsing a string at column 8",
    );
    fails("env=prod", "invalid JSON: expected value at column 1");
    fails("null", "invalid type: null, expected an object of label names and values at column 4");
}

#[test]
fn what_rules_write_is_escaped() {
    let constant = |target: &str, replacement: &str| RuleSpec {
        target_label: target.to_string(),
        replacement: replacement.to_string(),
        ..RuleSpec::default()
    };
    let join = RuleSpec {
        source_labels: Some(vec!["a".to_string(), "a".to_string()]),
        separator: "\"".to_string(),
        target_label: "j\\".to_string(),
        ..RuleSpec::default()
    };
    let rules = [constant("q", "\"\n"), join];
    let out = through(&rules, br#"{"a":"1"}"#);
    assert_eq!(out.as_deref(), Ok("{\"a\":\"1\",\"j\\\\\":\"1\\\"1\",\"q\":\"\\\"\\n\"}\n"));
}

#[test]
fn values_with_escapes_and_neighbors_come_out_as_others_do() {
    let copy = RuleSpec {
        source_labels: Some(vec!["b".to_string()]),
        regex: Some("(.)(.*)".to_string()),
        replacement: "$2$1".to_string(),
        target_label: "c".to_string(),
        ..RuleSpec::default()
    };
    let out = |line: &str| through(std::slice::from_ref(&copy), line.as_bytes()).unwrap();
    assert_eq!(
        out(r#"{"a":"1","b":"23","d":"4","e":"5"}"#),
        "{\"a\":\"1\",\"b\":\"23\",\"c\":\"32\",\"d\":\"4\",\"e\":\"5\"}\n"
    );
    assert_eq!(out(r#"{"a":"1","b":"","d":"4","e":""}"#), "{\"a\":\"1\",\"d\":\"4\"}\n");
    assert_eq!(
        out(r#"{"a":"\u0041\n","b":"\"x","d":"\/","e":"é"}"#),
        "{\"a\":\"A\\n\",\"b\":\"\\\"x\",\"c\":\"x\\\"\",\"d\":\"/\",\"e\":\"é\"}\n"
    );
    // The text of an escape is longer, and the line between two that have none.
    let chain = Chain::new(&[], NameScheme::Utf8).unwrap();
    let (mut relabeler, mut out) = (LineRelabeler::new(&chain), String::new());
    for line in [
        r#"{"a":"1","b":"2"}"#,
        r#"{"a":"1","b":"2"}"#,
        r#"{"a":"\t","b":"2"}"#,
        r#"{"a":"1","b":"\x"}"#,
        r#"{"a":"3","b":"4"}"#,
    ] {
        let done = relabeler.relabel(line.as_bytes(), &mut out);
        assert_eq!(done.is_err(), line.contains("\\x"), "{line}");
    }
    assert_eq!(
        out.lines().collect::<Vec<_>>(),
        [r#"{"a":"1","b":"2"}"#, r#"{"a":"1","b":"2"}"#, r#"{"a":"\t","b":"2"}"#, r#"{"a":"3","b":"4"}"#]
    );
}

#[test]
fn a_dropped_line_leaves_nothing() {
    let rule = RuleSpec { action: Some(Action::Drop), ..RuleSpec::default() };
    let chain = Chain::new(&[rule], NameScheme::Utf8).unwrap();
    let mut out = String::new();
    let verdict = LineRelabeler::new(&chain).relabel(b"{}", &mut out);
    assert_eq!((verdict, out.as_str()), (Ok(Some(Verdict::Dropped { rule: 0 })), ""));
}
