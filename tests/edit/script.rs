//! `edit --script`: several edits of several files as one change, or none.

use super::run::{Fixture, Outcome};

const NODE: &str =
    "scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: ['a:1', 'b:1']\n- job_name: old\n";
const WEB: &str = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['c:1']\n";

fn fixture(script: &str) -> Fixture {
    let fixture = Fixture::of_text("node.yml", NODE);
    fixture.write("web.yml", WEB);
    fixture.write("s.jsonl", script);
    fixture
}

fn run(fixture: &Fixture, words: &[&str]) -> Outcome {
    fixture.run_words(&[&["edit", "--script", "s.jsonl"], words].concat(), "")
}

fn web(fixture: &Fixture) -> String {
    std::fs::read_to_string(fixture.path("web.yml")).unwrap()
}

const SCRIPT: &str = r#"# what we want
{"command": "add-label", "config": "node.yml", "file": ["web.yml"], "labels": ["env=prod"], "all_jobs": true, "force": true}

{"command": "set", "config": "node.yml", "path=value": ["global.scrape_interval=30s"]}
{"command": "remove-job", "config": "node.yml", "name": "old"}
{"command": "drop-metric", "config": "node.yml", "patterns": "go_.*"}
{"command": "fmt", "path": ["web.yml"]}
"#;

#[test]
fn all_lines_are_one_change_of_several_files() {
    let fixture = fixture(SCRIPT);
    let shown = run(&fixture, &["--dry-run"]);
    insta::assert_snapshot!(shown.shown());
    assert!(!fixture.has_changed());
    let check = run(&fixture, &["--check"]);
    assert_eq!((check.status, check.stdout.as_str()), (1, "node.yml\nweb.yml\n"), "{}", check.shown());
    let outcome = run(&fixture, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((outcome.status, &json["written"], &json["grade"]), (0, &true.into(), &"proved".into()), "{json}");
    assert_eq!(json["files"].as_array().map(Vec::len), Some(2), "{json}");
    let rule = "  metric_relabel_configs:\n  - source_labels: [__name__]\n    regex: go_.*\n    action: drop\n";
    let label = "    labels:\n      env: prod\n";
    let jobs = NODE.replace("- job_name: old\n", "");
    assert_eq!(fixture.text(), format!("global:\n  scrape_interval: 30s\n{jobs}{label}{rule}"));
    assert_eq!(web(&fixture), format!("{WEB}{label}"));
}

#[test]
fn one_line_that_is_refused_refuses_all_and_is_named() {
    let refused = r#"{"command": "rename-label", "config": "web.yml", "old": "job", "new": "task"}"#;
    let script = fixture(&format!("{SCRIPT}{refused}\n"));
    let outcome = run(&script, &[]);
    assert!(outcome.status != 0 && outcome.stderr.contains("s.jsonl:8: "), "{}", outcome.shown());
    assert!(!script.has_changed() && web(&script) == WEB);
    let merged = "scrape_configs:\n- &x {job_name: a, honor_labels: true}\n- {<<: *x, job_name: b}\n";
    script.write("web.yml", merged);
    script.write("s.jsonl", "{\"command\": \"set\", \"config\": \"node.yml\", \"fields\": [\"rule_files=[a]\"]}\n{\"command\": \"set\", \"config\": \"web.yml\", \"fields\": [\"honor_labels=false\"], \"job\": \"b\"}\n");
    let outcome = run(&script, &[]);
    assert!(outcome.status == 1 && outcome.stderr.contains("s.jsonl:2: this edit is refused"), "{}", outcome.shown());
    assert!(outcome.stderr.contains("edit-merged-key") && !script.has_changed(), "{}", outcome.shown());
    let outcome = run(&script, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((&json["written"], &json["refused"][0]["rule"]), (&false.into(), &"edit-merged-key".into()), "{json}");
    assert!(json["files"].as_array().unwrap().iter().all(|file| file["changed"] == false), "{json}");
    assert!(json["notes"][0].as_str().unwrap().starts_with("s.jsonl:2: "), "{json}");
}

#[test]
fn a_line_that_no_command_reads_is_an_error_with_its_number() {
    for (line, message) in [
        ("nonsense", "s.jsonl:1: the line is not a JSON object"),
        ("{nonsense", "s.jsonl:1: invalid JSON in column 2"),
        (r#"{"command": "lint", "paths": "node.yml"}"#, "\"lint\" is not a command that edits"),
        (r#"{"command": "set", "config": "node.yml", "field": "x=y"}"#, "did you mean `fields`?"),
        (r#"{"command": "set", "config": "node.yml"}"#, "s.jsonl:1: missing argument PATH=VALUE"),
        (r#"{"command": "copy-job", "config": "node.yml", "old": "nod", "new": "n"}"#, "did you mean \"node\"?"),
        (r#"{"command": "add-label", "config": "none.yml", "labels": "a=b"}"#, "s.jsonl:1: "),
    ] {
        let fixture = fixture(line);
        let outcome = run(&fixture, &[]);
        let words = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(outcome.status == 2 && words.contains(message), "{line}: {}", outcome.shown());
        assert!(!fixture.has_changed());
    }
}

#[test]
fn a_script_comes_from_standard_input_and_prints_one_file() {
    let fixture = Fixture::of_text("node.yml", NODE);
    let line = "{\"command\": \"unset\", \"config\": \"node.yml\", \"path\": \"static_configs\", \"job\": \"node\"}\n";
    let outcome = fixture.run_words(&["edit", "--script", "-", "--stdout"], line);
    assert_eq!(outcome.stdout, "scrape_configs:\n- job_name: node\n- job_name: old\n", "{}", outcome.stderr);
    assert!(!fixture.has_changed());
    let outcome = fixture.run_words(&["edit", "--script", "-"], "\n# nothing\n");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
}
