//! `fmt`: what changes, what stays, and that the config means the same.

use promcfg::edit::{EditError, FileChange};
use promcfg::{Document, Options};
use serde_yaml::Value;

use super::corpus::configs;
use super::run::{Fixture, visible};

const TEXT: &str = "global:  \n  external_labels: {zone: on, id: 0123, n: 1e3, none: ~, ok: 'no'}\t\nscrape_configs:\n- job_name: 12:30   # at noon  \n  # blank below\n  \n  static_configs:\n      # the first\n      - targets:\n        - h:1   \n        # two\n        - 'h:2'\n        labels:\n          text: |  \n            kept   \n              \n          more: a\n            b  \n  relabel_configs:\n  - source_labels: [y]\n    target_label: no\n  metric_relabel_configs:\n  - {regex: 3, action: labeldrop}\n  sample_limit: 0x10\n";

#[test]
fn only_what_is_certain_changes() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run_words(&["fmt", "p.yml"], "");
    insta::assert_snapshot!(format!("{}{}", outcome.shown(), visible(&fixture.text())));
    let again = fixture.run_words(&["fmt", "p.yml"], "");
    assert_eq!((again.status, again.stdout.as_str()), (0, "nothing to do: the layout is as it should be\n"));
}

#[test]
fn lists_are_indented_as_most_are_with_their_comments() {
    let text = "scrape_configs:\n  - job_name: a\n    static_configs:\n    # one\n    - targets: [h] # of a\n      # below\n      labels: {a: b}\n\n    # two\n    - targets: [g]\n    relabel_configs:\n      - action: keep\n    # about metrics\n    metric_relabel_configs:\n      - action: drop\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run_words(&["fmt", "p.yml", "--stdout"], "");
    let expected = "scrape_configs:\n  - job_name: a\n    static_configs:\n      # one\n      - targets: [h] # of a\n        # below\n        labels: {a: b}\n\n      # two\n      - targets: [g]\n    relabel_configs:\n      - action: keep\n    # about metrics\n    metric_relabel_configs:\n      - action: drop\n";
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, expected), "{}", outcome.stderr);
    let tie = "scrape_configs:\n- job_name: a\n  static_configs:\n    - targets: [h]\n";
    let outcome = Fixture::of_text("p.yml", tie).run_words(&["fmt", "p.yml"], "");
    assert!(outcome.stdout.starts_with("nothing to do"), "{}", outcome.shown());
}

#[test]
fn lists_are_moved_with_the_scalars_over_several_lines_in_them() {
    let inner = |indent: &str| {
        format!(
            "{indent}- targets: [h]\n{indent}  labels:\n{indent}    text: |2- # why\n{indent}        two\n\n{indent}      # no comment  \n{indent}    more: >\n{indent}      a\n{indent}       b\n{indent}    plain: x\n{indent}      y\n{indent}    quoted: 'a \n\n{indent}      b'\n{indent}    escaped: \"a\\\n{indent}      b\"\n"
        )
    };
    let others = "  - job_name: b\n    static_configs:\n      - targets: [h]\n        labels: {a: 'b'}\n    relabel_configs:\n      - {action: keep}\n";
    let text =
        |indent: &str| format!("scrape_configs:\n  - job_name: a\n    static_configs:\n{}{others}", inner(indent));
    for indent in ["    ", "        "] {
        let fixture = Fixture::of_text("p.yml", &text(indent));
        let outcome = fixture.run_words(&["fmt", "p.yml"], "");
        assert_eq!((outcome.status, fixture.text()), (0, text("      ")), "{}", outcome.shown());
        assert_eq!(format_twice("p.yml", &text(indent)), Ok("formatted".to_string()));
    }
}

#[test]
fn lists_in_lists_are_moved_at_once() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs:\n    - targets:\n        - h:1 # one\n        # two\n        - h:2\n- job_name: b\n  static_configs:\n  - targets:\n    - h:3\n  relabel_configs:\n  - {action: keep}\n";
    let expected = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets:\n    - h:1 # one\n    # two\n    - h:2\n- job_name: b\n  static_configs:\n  - targets:\n    - h:3\n  relabel_configs:\n  - {action: keep}\n";
    for (text, expected) in [
        (text.to_string(), expected.to_string()),
        (text.replace('\n', "\r\n"), expected.replace('\n', "\r\n")),
        (format!("\u{feff}{text}"), format!("\u{feff}{expected}")),
        (format!("{text}---\nmore:  \n"), format!("{expected}---\nmore:  \n")),
    ] {
        let fixture = Fixture::of_text("p.yml", &text);
        let outcome = fixture.run_words(&["fmt", "p.yml"], "");
        assert_eq!((outcome.status, fixture.text()), (0, expected), "{}", outcome.shown());
    }
}

#[test]
fn a_list_whose_comments_would_part_from_it_stays_and_the_others_are_moved() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  # at the dash of the others\n    - targets: [h]\n  relabel_configs:\n    - {action: keep}\n- job_name: b\n  static_configs:\n  - targets: [h]\n  relabel_configs:\n  - {action: keep}\n  metric_relabel_configs:\n  - {action: keep}\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run_words(&["fmt", "p.yml"], "");
    let after = fixture.text();
    assert!(outcome.status == 0 && after.contains("  relabel_configs:\n  - {action: keep}\n- job_name: b"), "{after}");
    assert_eq!(format_twice("p.yml", text), Ok("formatted".to_string()));
}

#[test]
fn a_check_lists_the_files_of_a_folder_that_would_change() {
    let fixture = Fixture::of_text("conf/none.txt".trim_start_matches("conf/"), "");
    fixture.write("conf/a.yml", "scrape_configs:\n- job_name: a \n");
    fixture.write("conf/b.yml", "scrape_configs:\n- job_name: b\n");
    let outcome = fixture.run_words(&["fmt", "conf", "--check"], "");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (1, "conf/a.yml\n"), "{}", outcome.stderr);
    let outcome = fixture.run_words(&["fmt", "conf", "--format", "json"], "");
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(json["layout"], serde_json::json!(["1 line loses the blanks at its end"]), "{json}");
    assert_eq!(fixture.run_words(&["fmt", "conf", "--check"], "").status, 0);
}

#[test]
fn configs_in_a_manifest_and_target_files_are_formatted() {
    let manifest = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: on}\ndata:\n  prometheus.yml: |\n    scrape_configs:\n    - job_name: on\n      honor_labels:  true\n";
    let fixture = Fixture::of_text("p.yml", manifest);
    let outcome = fixture.run_words(&["fmt", "p.yml"], "");
    assert_eq!(fixture.text(), manifest.replace("job_name: on", "job_name: 'on'"), "{}", outcome.shown());
    let fixture = Fixture::of_text("targets.yml", "- targets: [h] \n  labels: {a: 1}\n");
    let outcome = fixture.run_words(&["fmt", "targets.yml"], "");
    assert_eq!(fixture.text(), "- targets: [h]\n  labels: {a: '1'}\n", "{}", outcome.shown());
    let broken = Fixture::of_text("p.yml", "scrape_configs: [\n");
    assert_eq!(broken.run_words(&["fmt", "p.yml"], "").status, 2);
}

/// Formats a text: what happened, or what is wrong.
pub(super) fn format_twice(name: &str, text: &str) -> Result<String, String> {
    let run = |text: &str| Document::new(name, text, &Options::default()).format();
    let change = match run(text) {
        Ok(change) => change,
        Err(EditError::Refused(refusals)) => return Ok(format!("refused, {}", refusals[0].id)),
        Err(error) => return Ok(format!("not possible, {error}")),
    };
    let Some(after) = change.files.first().map(FileChange::after) else { return Ok("nothing to do".to_string()) };
    let again = run(&after).map_err(|error| format!("a second run: {error}\n{after}"))?;
    if !again.is_empty() {
        return Err(format!("a second run changes it:\n{}", again.files[0].after()));
    }
    if words(text) != words(&after) {
        return Err(format!("other bytes than blanks and quotes change:\n{after}"));
    }
    let (Some(old), Some(new)) = (configs(text), configs(&after)) else { return Ok("formatted".to_string()) };
    let is_same = old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| is_same(old, new));
    if is_same { Ok("formatted".to_string()) } else { Err(format!("another reader finds something else:\n{after}")) }
}

/// All but blanks and quotes.
fn words(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '\t' | '\'')).collect()
}

/// Whether both are the same for another reader; where it has taken a string for something else, it is a string now.
fn is_same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            old.len() == new.len()
                && old.iter().zip(new).all(|((key, value), (new_key, new))| key == new_key && is_same(value, new))
        }
        (Value::Sequence(old), Value::Sequence(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same(old, new))
        }
        (Value::Bool(_) | Value::Number(_), Value::String(_)) => true,
        (old, new) => old == new,
    }
}
