//! `--format json` of the edits, for each exit status.

use serde_json::{Value, json};

use super::run::Fixture;

const TEXT: &str =
    "scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: ['a:1', 'b:1']\n    labels: {team: web}\n";

fn run(text: &str, words: &[&str]) -> (i32, Value, Fixture) {
    let fixture = Fixture::of_text("p.yml", text);
    let words = [words, &["--format", "json"]].concat();
    let outcome = fixture.run(words[0], &words[1..]);
    let json = serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {}", outcome.shown()));
    (outcome.status, json, fixture)
}

#[test]
fn a_change_that_is_written() {
    let (status, json, fixture) = run(TEXT, &["add-label", "env=prod", "team=core", "--overwrite"]);
    let diff = "--- p.yml\n+++ p.yml\n@@ -2,4 +2,4 @@\n - job_name: node\n   static_configs:\n   - targets: ['a:1', 'b:1']\n-    labels: {team: web}\n+    labels: {team: core, env: prod}\n";
    let example = json!({"__address__": "a:1"});
    let expected = json!({
        "version": 1,
        "grade": "proved",
        "written": true,
        "files": [{"file": "p.yml", "changed": true, "diff": diff}],
        "jobs": [{
            "job": "node",
            "file": "p.yml",
            "grade": "proved",
            "known": 2,
            "effects": [
                {"kind": "gains", "count": 2, "label": "env", "after": "prod", "example": example},
                {"kind": "changes", "count": 2, "label": "team", "before": "web", "after": "core", "example": example},
            ],
        }],
        "refused": [],
    });
    assert_eq!((status, json), (0, expected));
    assert!(fixture.has_changed());
}

#[test]
fn a_change_that_is_not_written() {
    for (option, expected) in [("--dry-run", 0), ("--check", 1)] {
        let (status, json, fixture) = run(TEXT, &["remove-label", "team", option]);
        assert_eq!((status, &json["written"], fixture.has_changed()), (expected, &json!(false), false), "{option}");
        let effect =
            json!({"kind": "loses", "count": 2, "label": "team", "before": "web", "example": {"__address__": "a:1"}});
        assert_eq!(json["jobs"][0]["effects"], json!([effect]));
    }
}

#[test]
fn nothing_to_do() {
    let expected = json!({
        "version": 1, "written": false, "files": [{"file": "p.yml", "changed": false}], "jobs": [], "refused": [],
    });
    for option in ["--dry-run", "--check"] {
        let (status, json, _) = run(TEXT, &["add-label", "team=web", option]);
        assert_eq!((status, &json), (0, &expected), "{option}");
    }
}

#[test]
fn a_refusal() {
    let (status, json, fixture) = run(TEXT, &["add-label", "team=core"]);
    let expected = json!({
        "version": 1,
        "written": false,
        "files": [],
        "jobs": [],
        "refused": [{
            "rule": "label-has-other-value",
            "message": "the target a:1 already has team=\"web\"",
            "notes": ["a label of its group sets it"],
            "help": "use --overwrite to replace the value",
            "file": "p.yml",
            "line": 5,
            "job": "node",
        }],
    });
    assert_eq!((status, json), (1, expected));
    assert!(!fixture.has_changed());
}

#[test]
fn a_command_that_fails() {
    let (status, json, _) = run(TEXT, &["add-label", "env=prod", "--job", "nodes"]);
    let refused = json!([{"message": "unknown job \"nodes\" in p.yml", "help": "did you mean \"node\"?"}]);
    assert_eq!((status, &json["refused"], &json["written"]), (2, &refused, &json!(false)));
    let (status, json, _) = run("receivers: {}\nservice: {}\n", &["add-label", "env=prod"]);
    assert_eq!((status, &json["refused"][0]["rule"]), (2, &json!("unsupported-format")));
}

#[test]
fn a_target_file_has_no_job() {
    let fixture = Fixture::of_text("targets.json", r#"[{"targets":["a:1"]}]"#);
    let outcome = fixture.run("add-label", &["env=prod", "--format", "json"]);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let job = json!({
        "file": "targets.json",
        "grade": "proved",
        "known": 1,
        "effects": [{"kind": "gains", "count": 1, "label": "env", "after": "prod", "example": {"__address__": "a:1"}}],
    });
    assert_eq!((outcome.status, &json["jobs"], &json["written"]), (0, &json!([job]), &json!(true)));
}

#[test]
fn secrets_are_not_in_the_diff() {
    let text = TEXT.replace("  static_configs", "  basic_auth: {username: u, password: hunter2}\n  static_configs");
    let (status, json, _) = run(&text, &["add-label", "env=prod", "--dry-run"]);
    assert_eq!(status, 0);
    assert!(!json.to_string().contains("hunter2"), "{json}");
}
