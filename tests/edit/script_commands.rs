//! Every edit command in a script, and what becomes of the lines.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::run::{Fixture, Outcome};

const CONFIG: &str = "global:\n  scrape_interval: 1m\nscrape_configs:\n- job_name: node\n  scrape_timeout: 10s\n  static_configs:\n  \
    - targets: ['a:1', 'b:1']\n    labels:\n      env: test\n  relabel_configs:\n  - source_labels: [env]\n    target_label: stage\n\
    - job_name: old   \n  static_configs:\n  - targets: ['c:1']\n- job_name: nodes\n  kubernetes_sd_configs:\n  - role: node\n";

const MANIFESTS: [&str; 3] = ["deployment.yml", "service.yml", "servicemonitor.yml"];

/// A line of a script without its command and config, and the same as words.
struct Row {
    command: &'static str,
    line: Value,
    words: &'static [&'static str],
}

fn rows() -> Vec<Row> {
    let row = |command, line, words| Row { command, line, words };
    vec![
        row("add-label", json!({"labels": ["team=x"], "job": "old"}), &["team=x", "--job", "old"]),
        row("remove-label", json!({"names": ["stage"], "job": ["node"]}), &["stage", "--job", "node"]),
        row("rename-label", json!({"old": "stage", "new": "tier", "job": "node"}), &["stage", "tier", "--job", "node"]),
        row("drop-label", json!({"names": "stage", "job": "node"}), &["stage", "--job", "node"]),
        row("keep-label", json!({"NAME": ["stage"], "job": "node"}), &["stage", "--job", "node"]),
        row(
            "map-labels",
            json!({"prefix": "__meta_kubernetes_node_label_", "job": "nodes"}),
            &["__meta_kubernetes_node_label_", "--job", "nodes"],
        ),
        row(
            "add-target",
            json!({"addresses": ["d{1..2}:1"], "job": "old", "label": ["env=x"]}),
            &["d{1..2}:1", "--job", "old", "--label", "env=x"],
        ),
        row("remove-target", json!({"addresses": ["b:1"]}), &["b:1"]),
        row("move-target", json!({"address": "c:1", "to": "node"}), &["c:1", "--to", "node"]),
        row(
            "drop-target",
            json!({"where": "__address__=a:1", "job": "node"}),
            &["--where", "__address__=a:1", "--job", "node"],
        ),
        row("keep-target", json!({"shard": "0/2", "job": "node"}), &["--shard", "0/2", "--job", "node"]),
        row(
            "add-job",
            json!({"name": "new", "preset": "static", "target": "e:1"}),
            &["new", "--preset", "static", "--target", "e:1"],
        ),
        row("remove-job", json!({"names": ["old"]}), &["old"]),
        row("rename-job", json!({"old": "old", "new": "web", "keep_label": true}), &["old", "web", "--keep-label"]),
        row("copy-job", json!({"old": "old", "new": "web"}), &["old", "web"]),
        row("drop-metric", json!({"patterns": ["go_.*"], "all-jobs": true}), &["go_.*", "--all-jobs"]),
        row("keep-metric", json!({"patterns": ["go_.*", "up"], "job": ["old"]}), &["go_.*", "up", "--job", "old"]),
        row("limit", json!({"samples": 100, "job": ["old"]}), &["--samples", "100", "--job", "old"]),
        row("set", json!({"fields": ["global.scrape_interval=30s"]}), &["global.scrape_interval=30s"]),
        row("unset", json!({"paths": ["scrape_timeout"], "job": "node"}), &["scrape_timeout", "--job", "node"]),
        row("fmt", json!({}), &[]),
    ]
}

/// A folder with the config and a script of these lines.
fn folder(lines: &[Value]) -> Fixture {
    let fixture = Fixture::of_text("p.yml", CONFIG);
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    fixture.write("s.jsonl", &lines.join("\n"));
    fixture
}

fn line(row: &Row, config: &str) -> Value {
    let mut line = row.line.clone();
    line["command"] = Value::from(row.command);
    // The argument of `fmt` has another name.
    line[if row.command == "fmt" { "paths" } else { "config" }] = Value::from(config);
    line
}

fn result(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.shown()))
}

#[test]
fn every_command_does_in_a_script_what_it_does_alone() {
    for row in rows() {
        let (alone, script) = (folder(&[]), folder(&[line(&row, "p.yml")]));
        let outcome = alone.run(row.command, row.words);
        assert!(outcome.status == 0 && alone.has_changed(), "{}: {}", row.command, outcome.shown());
        let outcome = script.run_words(&["edit", "--script", "s.jsonl", "--format", "json"], "");
        assert_eq!((outcome.status, script.text()), (0, alone.text()), "{}: {}", row.command, outcome.shown());
        let result = result(&outcome);
        assert_eq!(
            (&result["lines"][0]["command"], &result["lines"][0]["outcome"]),
            (&row.command.into(), &"changed".into()),
            "{result}"
        );
    }
}

#[test]
fn every_command_has_a_row() {
    let outcome =
        folder(&[json!({"command": "x"})]).run_words(&["edit", "--script", "s.jsonl", "--format", "json"], "");
    let help = result(&outcome)["refused"][0]["help"].as_str().unwrap().to_string();
    let known: BTreeSet<&str> = help.strip_prefix("the commands are ").unwrap().split(", ").collect();
    let mut tested: BTreeSet<&str> = rows().iter().map(|row| row.command).collect();
    // It edits manifests, and has a test of its own below.
    tested.insert("add-endpoint");
    assert_eq!(known, tested);
}

#[test]
fn manifests_are_edited_in_a_script() {
    let fixture = folder(&[json!({
        "command": "add-endpoint",
        "paths": MANIFESTS,
        "object": "servicemonitor/app/app-django",
        "port": ["metrics-{1..6}"],
    })]);
    for name in MANIFESTS {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/operator/workers").join(name);
        let more = "        - name: metrics-6\n          containerPort: 9096\n";
        let text = std::fs::read_to_string(path).unwrap();
        fixture.write(name, &if name == "deployment.yml" { text + more } else { text });
    }
    let outcome = fixture.run_words(&["edit", "--script", "s.jsonl", "--format", "json"], "");
    let result = result(&outcome);
    assert_eq!((outcome.status, &result["lines"][0]["outcome"]), (0, &"changed".into()), "{}", outcome.shown());
    let changed = result["files"].as_array().unwrap().iter().filter(|file| file["changed"] == true).count();
    assert_eq!(changed, 2, "{result}");
}

#[test]
fn a_line_sees_what_the_lines_above_it_made() {
    let fixture = folder(&[
        json!({"command": "add-job", "name": "db", "preset": "static", "target": "e:1"}),
        json!({"command": "add-target", "addresses": "f:1", "job": "db"}),
        json!({"command": "add-label", "labels": "team=core", "job": "db"}),
        json!({"command": "add-label", "labels": "team=core", "job": "db"}),
        json!({"command": "remove-target", "addresses": "e:1", "job": "db"}),
    ]);
    let outcome = fixture.run_words(&["edit", "--script", "s.jsonl", "--config", "p.yml", "--format", "json"], "");
    let result = result(&outcome);
    let outcomes: Vec<&Value> = result["lines"].as_array().unwrap().iter().map(|line| &line["outcome"]).collect();
    assert_eq!(outcomes, ["changed", "changed", "changed", "unchanged", "changed"], "{result}");
    assert_eq!(result["lines"][1]["summary"], json!(["1 target is gained (f:1); nothing else changes"]), "{result}");
    assert_eq!(result["lines"][2]["files"], json!(["p.yml"]), "{result}");
    let job = "- job_name: db\n  static_configs:\n  - targets: ['f:1']\n    labels:\n      team: core\n";
    assert_eq!(fixture.text(), format!("{CONFIG}{job}"));
}

#[test]
fn a_line_that_is_refused_or_fails_is_in_the_result() {
    let set = json!({"command": "set", "config": "p.yml", "fields": "global.scrape_interval=30s"});
    let taken = json!({"command": "rename-job", "config": "p.yml", "old": "old", "new": "node"});
    let outcome = folder(&[set.clone(), taken]).run_words(&["edit", "--script", "s.jsonl", "--format", "json"], "");
    let refused = result(&outcome);
    assert_eq!((outcome.status, &refused["written"]), (1, &false.into()), "{refused}");
    assert_eq!(refused["lines"][1], json!({"line": 2, "command": "rename-job", "outcome": "refused"}), "{refused}");
    let unknown = json!({"command": "set", "config": "p.yml", "fields": "global.scrape_intervall=30s"});
    let fixture = folder(&[set, unknown]);
    let outcome = fixture.run_words(&["edit", "--script", "s.jsonl", "--format", "json"], "");
    let failed = result(&outcome);
    assert_eq!((outcome.status, fixture.has_changed()), (2, false), "{failed}");
    assert_eq!(failed["lines"][1], json!({"line": 2, "command": "set", "outcome": "failed"}), "{failed}");
    assert!(failed["refused"][0]["message"].as_str().unwrap().starts_with("s.jsonl:2: "), "{failed}");
}

#[test]
fn many_lines_take_time_and_memory_in_proportion() {
    let lines: Vec<Value> = (0..300)
        .map(|number| json!({"command": "add-target", "config": "p.yml", "addresses": format!("t{number}:1"), "job": "old"}))
        .collect();
    let fixture = folder(&lines);
    let outcome = fixture.run_words(&["edit", "--script", "s.jsonl", "-q"], "");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
    assert!((0..300).all(|number| fixture.text().contains(&format!("'t{number}:1'"))));
}

#[test]
fn a_script_without_lines_says_so_and_prints_the_unchanged_file() {
    let fixture = folder(&[]);
    let outcome = fixture.run_words(&["edit", "--script", "s.jsonl"], "");
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, "note: the script has no lines\n"));
    let done = json!({"command": "set", "config": "p.yml", "fields": "global.scrape_interval=1m"}).to_string();
    let outcome = fixture.run_words(&["edit", "--script", "-", "--stdout"], &done);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, CONFIG), "{}", outcome.stderr);
}
