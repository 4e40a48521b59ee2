//! `add-job`, `rename-job` and `copy-job`: each layout, and each refusal.

use std::path::Path;

use super::run::{Fixture, visible};
use super::target_edits::jobs;

/// Runs a command on a copy of a fixture, and shows it with the file afterwards.
fn shown(name: &str, command: &str, arguments: &[&str]) -> String {
    let fixture = Fixture::new(name);
    let outcome = fixture.run(command, arguments);
    assert_eq!(outcome.status == 0, fixture.has_changed(), "{name}: {}", outcome.shown());
    let after = if fixture.has_changed() { visible(&fixture.text()) } else { String::new() };
    let words = outcome.stdout.lines().last().unwrap_or("");
    format!(
        "=== {command} {}\nstatus: {}\n{}{words}\n--- the file\n{after}\n",
        arguments.join(" "),
        outcome.status,
        outcome.stderr
    )
}

#[test]
fn jobs_of_each_layout_are_added_copied_and_renamed_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edits");
    let mut fixtures: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    fixtures.sort();
    for name in fixtures {
        let jobs = jobs("p.yml", &Fixture::new(&name).before);
        let mut all = vec![shown(&name, "add-job", &["new", "--preset", "blackbox", "--target", "https://a/b"])];
        if let Some((job, _)) = jobs.first() {
            all.push(shown(&name, "copy-job", &[job, "new"]));
            all.push(shown(&name, "rename-job", &[job, "new: on", "--keep-label"]));
        }
        insta::assert_snapshot!(format!("jobs_in_{name}"), all.concat());
    }
}

const TEXT: &str = "global: {scrape_interval: 30s}

scrape_configs:
    # all nodes
    - job_name: \"node\" # the first
      relabel_configs: &rules
          - source_labels:
                - __address__
            regex: \"x\"
            target_label: y
      static_configs:
          - targets: [\"a:1\"]
      # the end

    - job_name: web
      relabel_configs: *rules
rule_files: [r.yml]
";

/// Runs a command that changes the config; the file afterwards, and all that is printed below the diff.
fn done(text: &str, command: &str, arguments: &[&str]) -> (String, String) {
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run(command, arguments);
    assert!(outcome.status == 0 && fixture.has_changed(), "{}", outcome.shown());
    let words: Vec<&str> =
        outcome.stdout.lines().filter(|line| line.contains(" job") || line.contains(" target")).collect();
    let words = words.into_iter().filter(|line| !line.starts_with(['+', '-', ' '])).collect::<Vec<_>>().join("; ");
    (fixture.text(), format!("{}{words}", outcome.stderr))
}

/// Runs a command that is refused or fails; its status and its message in one line.
fn failed(text: &str, command: &str, arguments: &[&str]) -> (i32, String) {
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run(command, arguments);
    assert!(outcome.status != 0 && !fixture.has_changed(), "{}", outcome.shown());
    (outcome.status, outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn a_job_is_written_as_the_others_are() {
    let (text, words) = done(TEXT, "add-job", &["new", "--preset", "static", "--target", "x{1..2}:1"]);
    let added = "\n    - job_name: new\n      static_configs:\n          - targets:\n                - \"x1:1\"\n                - \"x2:1\"\n";
    let in_row = "\n    - job_name: new\n      static_configs:\n          - targets: [\"x1:1\", \"x2:1\"]\n";
    assert!(
        text == TEXT.replace("rule_files", &format!("{added}rule_files"))
            || text == TEXT.replace("rule_files", &format!("{in_row}rule_files")),
        "{text}"
    );
    assert_eq!(words, "1 job is gained: new; 2 targets are gained (x1:1)");
}

#[test]
fn a_config_without_jobs_gets_a_list_of_them() {
    let added =
        "scrape_configs:\n  - job_name: new\n    honor_labels: true\n    static_configs:\n      - targets: [h:1]\n";
    for (before, expected) in [
        ("scrape_configs: []\n", added.to_string()),
        ("scrape_configs:\n", added.to_string()),
        (
            "scrape_configs: [] # none yet\n",
            "scrape_configs: [{job_name: new, honor_labels: true, static_configs: [{targets: ['h:1']}]}] # none yet\n"
                .to_string(),
        ),
        ("global: {}\n", format!("global: {{}}\n{added}")),
        ("rule_files: [r]\nscrape_configs: []\nglobal: {}", format!("rule_files: [r]\n{added}global: {{}}")),
    ] {
        let (text, _) = done(before, "add-job", &["new", "--preset", "pushgateway", "--target", "h:1"]);
        assert_eq!(text.replace("['h:1']", "[h:1]"), expected.replace("['h:1']", "[h:1]"));
    }
    for before in ["", "# nothing\n", "---\n"] {
        let (text, _) = done(before, "add-job", &["new", "--preset", "pushgateway", "--target", "h:1"]);
        assert_eq!(text.replace("['h:1']", "[h:1]"), format!("{before}{added}"));
    }
}

#[test]
fn what_is_to_be_replaced_is_noted() {
    let (_, words) = done(TEXT, "add-job", &["new", "--preset", "snmp"]);
    let notes = "note: snmp-exporter:9116 is an example of the address of the exporter; replace it, or give --exporter\nnote: the target is an example; replace it, or give --target ADDRESS\n";
    assert!(words.starts_with(notes), "{words}");
    let (_, words) = done(TEXT, "add-job", &["new", "--preset", "kubernetes-pods"]);
    assert_eq!(words, "1 job is gained: new; nothing else changes");
}

#[test]
fn a_preset_takes_targets_where_they_are_in_the_config() {
    let (status, message) = failed(TEXT, "add-job", &["new", "--preset", "ec2", "--target", "h:1"]);
    assert!(status == 2 && message.contains("the targets of the preset ec2 are not in the config"), "{message}");
    let (status, message) = failed(TEXT, "add-job", &["new", "--preset", "static", "--target", "http://h:1/x"]);
    assert!(status == 2 && message.contains("is a URL, not an address"), "{message}");
    let (status, message) = failed(TEXT, "add-job", &["new", "--preset", "statik"]);
    assert!(status == 2 && message.contains("did you mean static?"), "{message}");
}

#[test]
fn a_name_that_exists_is_refused_unless_the_job_is_the_same() {
    for (command, arguments) in [
        ("add-job", &["node", "--preset", "static"][..]),
        ("rename-job", &["web", "node"]),
        ("copy-job", &["web", "node"]),
    ] {
        let (status, message) = failed(TEXT, command, arguments);
        assert!(status == 1 && message.contains("error[duplicate-job-name]: a job node exists"), "{message}");
    }
    for (command, arguments, already) in [
        ("add-job", &["new", "--preset", "consul"][..], "the config has it already (job new)"),
        ("copy-job", &["node", "new"], "the config has the copy already (job new)"),
        ("rename-job", &["web", "new"], "no job is named \"web\", and the new name exists (job new)"),
    ] {
        let (text, _) = done(TEXT, command, arguments);
        let again = Fixture::of_text("p.yml", &text).run(command, arguments);
        assert_eq!((again.status, again.stdout), (0, format!("nothing to do: {already}\n")));
    }
}

#[test]
fn a_copy_has_the_comments_of_the_job_and_its_anchors_once() {
    let (text, words) = done(TEXT, "copy-job", &["node", "new"]);
    let start = TEXT.find("    - job_name: \"node\"").unwrap();
    let end = TEXT.find("      # the end").unwrap();
    let copy = TEXT[start..end].replace("\"node\"", "\"new\"").replace(" &rules", "");
    assert_eq!(text, TEXT.replace("      # the end\n", &format!("      # the end\n\n{copy}")));
    assert_eq!(words, "1 job is gained: new; 1 target is gained (a:1)");
    let (text, _) = done(TEXT, "copy-job", &["web", "new"]);
    assert_eq!(text, TEXT.replace("rule_files", "\n    - job_name: new\n      relabel_configs: *rules\nrule_files"));
    let (text, _) = done("scrape_configs: [{job_name: a}, {job_name: b}]", "copy-job", &["a", "new"]);
    assert_eq!(text, "scrape_configs: [{job_name: a}, {job_name: new}, {job_name: b}]");
    let json = "{\n  \"scrape_configs\": [\n    {\"job_name\": \"a\"}\n  ]\n}\n";
    let (text, _) = done(json, "copy-job", &["a", "new"]);
    assert_eq!(text, json.replace("\"a\"}", "\"a\"},\n    {\"job_name\": \"new\"}"));
}

#[test]
fn a_renamed_job_says_what_changes_or_keeps_its_label() {
    let (text, words) = done(TEXT, "rename-job", &["node", "new"]);
    assert_eq!(text, TEXT.replace("\"node\"", "\"new\""));
    let note = "note: the series of the job get job=\"new\": change the queries, alerting rules and recording rules that select job=\"node\"\n";
    assert_eq!(words, format!("{note}1 target changes job from \"node\" to \"new\"; nothing else changes"));
    let (text, words) = done(TEXT, "rename-job", &["web", "new"]);
    assert_eq!(text, TEXT.replace(": web", ": new"));
    assert!(words.ends_with("1 job is lost: web; 1 job is gained: new"), "{words}");
    let (status, message) = failed(TEXT, "rename-job", &["node", "new", "--keep-label"]);
    assert!(status == 1 && message.contains("edit-shared-anchor"), "{message}");
    let plain = TEXT.replace(" &rules", "").replace("      relabel_configs: *rules\n", "");
    let (text, words) = done(&plain, "rename-job", &["node", "new", "--keep-label"]);
    let rule = "          - source_labels: [job]\n            regex: new\n            target_label: job\n            replacement: node\n";
    assert_eq!(
        text,
        plain.replace("\"node\"", "\"new\"").replace("relabel_configs:\n", &format!("relabel_configs:\n{rule}"))
    );
    assert_eq!(words, "note: a rule keeps the label job=\"node\" of all targets\n");
}

#[test]
fn jobs_of_manifests_lists_and_included_files_are_edited_there() {
    let config = "scrape_configs:\n- job_name: a\n";
    let map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: p}}\ndata:\n  prometheus.yml: |\n    {}\n",
        config.replace('\n', "\n    ").trim_end()
    );
    let (text, _) = done(&map, "add-job", &["b", "--preset", "file_sd"]);
    assert_eq!(
        text,
        format!("{map}    - job_name: b\n      file_sd_configs:\n      - files: [targets/*.json, targets/*.yml]\n")
    );
    let (text, _) = done(&map, "copy-job", &["a", "b"]);
    assert_eq!(text, format!("{map}    - job_name: b\n"));
    let two = format!("{map}  other.yml: |\n    scrape_configs: []\n");
    let (status, message) = failed(&two, "add-job", &["b", "--preset", "static"]);
    assert!(status == 2 && message.contains("p.yml has 2 configs"), "{message}");
    let list = "- job_name: a\n  static_configs: [{targets: [h]}]\n";
    let (text, _) = done(list, "rename-job", &["a", "b"]);
    assert_eq!(text, list.replace(": a", ": b"));
    let (text, _) = done(list, "copy-job", &["a", "b"]);
    assert_eq!(text, format!("{list}{}", list.replace(": a", ": b")));
    let fixture = Fixture::of_text("p.yml", "scrape_config_files: [jobs.yml]\nscrape_configs: [{job_name: a}]\n");
    fixture.write("jobs.yml", "scrape_configs:\n- job_name: b\n");
    let outcome = fixture.run("copy-job", &["b", "c"]);
    assert_eq!((outcome.status, fixture.has_changed()), (0, false), "{}", outcome.shown());
    assert_eq!(
        std::fs::read_to_string(fixture.path("jobs.yml")).unwrap(),
        "scrape_configs:\n- job_name: b\n- job_name: c\n"
    );
    let outcome = fixture.run("add-job", &["c", "--preset", "static"]);
    assert_eq!(outcome.status, 1, "{}", outcome.shown());
}

#[test]
fn several_configs_are_renamed_in_and_the_one_that_lacks_the_job_is_said() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("other.yml", "scrape_configs: [{job_name: x}]\n");
    let outcome = fixture.run("rename-job", &["x", "y", "--file", "other.yml"]);
    assert!(outcome.status == 0 && outcome.stderr.contains("p.yml: no job \"x\""), "{}", outcome.shown());
    let outcome = fixture.run("rename-job", &["nod", "y"]);
    assert!(outcome.status == 2 && outcome.stderr.contains("did you mean \"node\"?"), "{}", outcome.shown());
}

#[test]
fn a_new_name_that_exists_is_not_called_the_name_of_a_job_with_a_typo() {
    let text = "scrape_configs:\n- job_name: web\n- job_name: api\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("rename-job", &["wbe", "api"]);
    assert_eq!((outcome.status, fixture.has_changed()), (0, false), "{}", outcome.shown());
    assert_eq!(outcome.stdout, "nothing to do: no job is named \"wbe\", and the new name exists (job api)\n");
    assert!(outcome.stderr.contains("did you mean \"web\"?"), "{}", outcome.shown());
}
