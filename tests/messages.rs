//! Messages as a user meets them: about empty and broken files, and options without use.

use std::process::{Command, Stdio};

use serde_json::Value;

const TWO: &str = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: ['h:1']\n- job_name: b\n  static_configs:\n  - targets: ['i:1']\n";
const MONITOR: &str = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: web, namespace: shop\nspec:\n  selector: {}\n  podMetricsEndpoints:\n  - port: http\n";

/// Status, stdout and stderr of a run in a folder with these files.
fn run(files: &[(&str, &str)], words: &[&str]) -> (i32, String, String) {
    let (folder, outcome) = run_in(files, words);
    drop(folder);
    outcome
}

fn run_in(files: &[(&str, &str)], words: &[&str]) -> (tempfile::TempDir, (i32, String, String)) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("can be written");
    }
    let output = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"))
        .args(words)
        .current_dir(folder.path())
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .env("COLUMNS", "200")
        .stdin(Stdio::null())
        .output()
        .expect("the tool runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
    let status = output.status.code().expect("it ends by itself");
    (folder, (status, text(output.stdout), text(output.stderr)))
}

#[test]
fn the_first_field_of_an_empty_file_is_written() {
    for (before, after) in [
        ("", "global:\n  scrape_interval: 30s\n"),
        ("# to come", "# to come\nglobal:\n  scrape_interval: 30s"),
        ("# to come\r\n", "# to come\r\nglobal:\r\n  scrape_interval: 30s\r\n"),
        ("---\n", "---\nglobal:\n  scrape_interval: 30s\n"),
    ] {
        let words = ["set", "p.yml", "global.scrape_interval=30s"];
        let (folder, outcome) = run_in(&[("p.yml", before)], &words);
        let text = std::fs::read_to_string(folder.path().join("p.yml")).expect("can be read");
        assert_eq!((outcome.0, text.as_str()), (0, after), "{outcome:?}");
        assert!(outcome.1.ends_with("global.scrape_interval is 30s, was 1m (the default)\n"), "{outcome:?}");
    }
    let words = ["set", "p.yml", "rule_files=[a.yml]", "global.external_labels.env=x", "--stdout"];
    let (status, stdout, _) = run(&[("p.yml", "")], &words);
    assert_eq!((status, stdout.as_str()), (0, "global:\n  external_labels:\n    env: x\nrule_files: [a.yml]\n"));
    let (status, stdout, _) = run(&[("p.yml", "# x\n")], &["unset", "p.yml", "global"]);
    assert_eq!((status, stdout.as_str()), (0, "nothing to do: global is not given\n"));
    // What is not empty is no place for a field.
    let (status, _, stderr) = run(&[("p.yml", "~\n")], &["set", "p.yml", "global.scrape_interval=30s"]);
    assert!(status != 0 && !stderr.is_empty(), "{stderr}");
}

#[test]
fn a_config_without_jobs_says_so() {
    for text in ["", "global: {scrape_interval: 30s}\n", "scrape_configs: []\n"] {
        let (status, stdout, stderr) = run(&[("p.yml", text)], &["simulate", "p.yml"]);
        assert_eq!((status, stdout.as_str()), (0, "0 jobs, no targets\n"), "{stderr}");
        assert_eq!(stderr, "note: the config has no jobs: `scrape_configs` is missing or empty\n");
        for words in
            [&["limit", "p.yml", "--samples", "3"][..], &["add-target", "p.yml", "h:1"], &["list-targets", "p.yml"]]
        {
            let (status, _, stderr) = run(&[("p.yml", text)], words);
            assert!(
                status == 2 && stderr.contains("no jobs") && stderr.contains("promcfg add-job"),
                "{words:?}: {stderr}"
            );
        }
    }
}

#[test]
fn a_broken_manifest_is_read_by_kubectl_and_not_by_prometheus() {
    let config_map = MONITOR.replace("PodMonitor", "ConfigMap");
    for text in [MONITOR, &config_map] {
        for words in
            [&["lint", "m.yml"][..], &["simulate", "m.yml"], &["add-label", "m.yml", "a=b"], &["render", "m.yml"]]
        {
            let (status, stdout, stderr) = run(&[("m.yml", text)], words);
            let output = format!("{stdout}{stderr}");
            let expected = if words[0] == "add-label" { 2 } else { 1 };
            assert_eq!(status, expected, "{words:?}: {output}");
            assert!(output.contains("invalid YAML: missing `}`"), "{words:?}: {output}");
            assert!(
                output.contains("kubectl notices it here") && !output.contains("Prometheus"),
                "{words:?}: {output}"
            );
        }
    }
    let (status, stdout, _) = run(&[("m.yml", MONITOR)], &["simulate", "m.yml", "--format", "json"]);
    let json: Value = serde_json::from_str(&stdout).expect("is JSON");
    assert_eq!(
        (status, &json["diagnostics"][0]["rule"], &json["jobs"]),
        (1, &"invalid-yaml".into(), &Value::Array(Vec::new()))
    );
}

#[test]
fn nothing_is_rendered_of_nothing() {
    for text in ["", "kind: Service\nmetadata: {name: a}\n"] {
        let (status, stdout, stderr) = run(&[("m.yml", text)], &["render", "m.yml"]);
        assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
        assert!(
            stderr.starts_with("error: nothing to render: the input has no object of prometheus-operator\n"),
            "{stderr}"
        );
    }
    let (status, stdout, stderr) = run(&[("m.yml", MONITOR)], &["render", "m.yml", "--format", "json"]);
    let json: Value = serde_json::from_str(&stdout).expect("is JSON");
    assert_eq!((status, &json["prometheuses"]), (1, &Value::Array(Vec::new())), "{stderr}");
}

#[test]
fn an_error_of_given_targets_comes_before_the_question_whose_they_are() {
    let broken = [("p.yml", TWO), ("t.yml", "- targets: [h1:1\n")];
    for words in [
        &["simulate", "p.yml", "--targets", "t.yml"][..],
        &["discover", "p.yml", "--targets", "t.yml"],
        &["add-label", "p.yml", "a=b", "--all-jobs", "--targets", "t.yml"],
    ] {
        let (status, _, stderr) = run(&broken, words);
        assert!(status != 0 && stderr.contains("invalid YAML: missing `]`"), "{words:?}: {stderr}");
        assert!(!stderr.contains("need one job"), "{words:?}: {stderr}");
        let (status, _, stderr) = run(&[("p.yml", TWO), ("t.yml", "\n")], words);
        assert!(status == 2 && stderr.starts_with("error: the target file t.yml is empty\n"), "{words:?}: {stderr}");
    }
}

#[test]
fn an_option_without_use_is_refused_with_the_reason() {
    for (words, message) in [
        (
            &["fmt", "p.yml", "--job", "a"][..],
            "error: `--job` has no use in `promcfg fmt`\n  note: the layout of a whole file",
        ),
        (
            &["rename-job", "p.yml", "a", "c", "--job", "a"],
            "error: `--job` has no use in `promcfg rename-job`\n  note: OLD is",
        ),
        (&["add-target", "p.yml", "h:1", "--series", "x"], "error: `--series` has no use in `promcfg add-target`\n"),
        (&["edit", "--script", "s", "--force"], "error: `--force` has no use in `promcfg edit`\n  note: each line"),
    ] {
        let (status, stdout, stderr) = run(&[("p.yml", TWO)], words);
        assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.starts_with(message), "{words:?}: {stderr}");
    }
    // Where nothing is refused without it, an option is accepted.
    let words = ["rename-job", "p.yml", "a", "c", "--unproved", "--force", "--check"];
    assert_eq!(run(&[("p.yml", TWO)], &words).0, 1);
}

#[test]
fn wrong_arguments_of_an_edit_are_also_json() {
    let (status, stdout, stderr) = run(&[("p.yml", TWO)], &["add-label", "p.yml", "--format", "json"]);
    let json: Value = serde_json::from_str(&stdout).expect("is JSON");
    assert_eq!((status, &json["written"]), (2, &false.into()));
    assert_eq!(json["refused"][0]["message"], "missing argument NAME=VALUE");
    assert!(stderr.starts_with("error: missing argument NAME=VALUE\n"), "{stderr}");
}
