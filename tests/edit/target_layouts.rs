//! `add-target`, `remove-target`, `move-target` and `list-targets`: each layout, and each refusal.

use std::path::Path;

use serde_json::json;

use super::run::{Fixture, visible};
use super::target_edits::jobs;

/// Runs a command on a copy of a fixture, and shows it with the file afterwards.
fn shown(name: &str, command: &str, arguments: &[&str]) -> String {
    let fixture = Fixture::new(name);
    let outcome = fixture.run(command, arguments);
    assert_eq!(outcome.status == 0, fixture.has_changed(), "{name}: {}", outcome.shown());
    let after = if fixture.has_changed() { visible(&fixture.text()) } else { String::new() };
    let note: String = outcome.stderr.lines().map(|line| format!("{line}\n")).collect();
    let words = outcome.stdout.lines().last().unwrap_or("");
    format!("=== {command} {}\nstatus: {}\n{note}{words}\n--- the file\n{after}\n", arguments.join(" "), outcome.status)
}

#[test]
fn targets_of_each_layout_are_added_removed_and_moved_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edits");
    let mut fixtures: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    fixtures.sort();
    for name in fixtures {
        let jobs = jobs("p.yml", &Fixture::new(&name).before);
        let Some((job, addresses)) = jobs.first() else { continue };
        let mut all = vec![
            shown(&name, "add-target", &["new:{1..2}", "--job", job]),
            shown(&name, "add-target", &["new:1", "--job", job, "--label", "rack=r 7"]),
        ];
        if let Some(address) = addresses.first() {
            all.push(shown(&name, "remove-target", &[address, "--job", job]));
            if let Some((to, _)) = jobs.get(1) {
                all.push(shown(&name, "move-target", &[address, "--job", job, "--to", to]));
            }
        }
        insta::assert_snapshot!(format!("targets_in_{name}"), all.concat());
    }
}

const TEXT: &str = "scrape_configs:
- job_name: node
  static_configs:
  # rack one
  - targets:
    - a:9100 # first
    # the second
    - \"b:9100\"
    labels:
      env: prod
  - targets: ['d:9100'] # two
- job_name: other
  static_configs: [{targets: [a:9100, o:1]}]
- job_name: pods
  kubernetes_sd_configs: [{role: pod}]
";

/// Runs a command that changes the config; the file afterwards, and what is printed last.
fn done(text: &str, command: &str, arguments: &[&str]) -> (String, String) {
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run(command, arguments);
    assert!(outcome.status == 0 && fixture.has_changed(), "{}", outcome.shown());
    (fixture.text(), outcome.stdout.lines().last().unwrap_or("").to_string())
}

/// Runs a command that is refused or fails; its status and its message in one line.
fn failed(text: &str, command: &str, arguments: &[&str]) -> (i32, String) {
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run(command, arguments);
    assert!(outcome.status != 0 && !fixture.has_changed(), "{}", outcome.shown());
    (outcome.status, outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn a_target_is_written_like_its_neighbors_in_the_group_with_its_labels() {
    let (text, words) = done(TEXT, "add-target", &["c:9100", "--job", "node", "--label", "env=prod"]);
    assert_eq!(text, TEXT.replace("    - \"b:9100\"\n", "    - \"b:9100\"\n    - \"c:9100\"\n"));
    assert_eq!(words, "1 target is gained (c:9100); nothing else changes");
    let (text, _) = done(TEXT, "add-target", &["e:9100", "--job", "node"]);
    assert_eq!(text, TEXT.replace("['d:9100']", "['d:9100', 'e:9100']"));
}

#[test]
fn a_target_with_other_labels_gets_a_group_of_its_own() {
    let (text, _) =
        done(TEXT, "add-target", &["c:9100", "--job", "node", "--label", "env=test", "--label", "__metrics_path__=/x"]);
    let added = "# two\n  - targets: ['c:9100']\n    labels:\n      env: test\n      __metrics_path__: /x\n";
    assert_eq!(text, TEXT.replace("# two\n", added));
}

#[test]
fn a_job_without_groups_gets_a_list_of_them() {
    let (text, words) = done(TEXT, "add-target", &["c:9100", "--job", "pods"]);
    assert_eq!(text, format!("{TEXT}  static_configs:\n  - targets:\n    - \"c:9100\"\n"));
    assert_eq!(words, "1 target is gained (c:9100); nothing else changes");
}

#[test]
fn a_target_that_is_there_is_left_and_one_of_another_job_is_noted() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("add-target", &["a:9100", "--job", "node"]);
    assert_eq!(outcome.stdout, "nothing to do: the selected targets are in the job already (job node)\n");
    let outcome = fixture.run("add-target", &["o:1", "--job", "node", "--dry-run"]);
    assert!(outcome.stderr.contains("note: the target o:1 is also in job other\n"), "{}", outcome.shown());
    let outcome = fixture.run("add-target", &["a:9100", "--label", "env=test", "--job", "node", "--dry-run"]);
    assert!(
        outcome.stderr.contains("job node: the target a:9100 is also in a group with other labels"),
        "{}",
        outcome.shown()
    );
}

#[test]
fn what_prometheus_refuses_is_refused_with_what_to_write() {
    let (status, message) = failed(TEXT, "add-target", &["http://x:1/metrics", "--job", "node"]);
    assert_eq!(status, 2);
    assert!(message.contains("is a URL, not an address: Prometheus refuses it help: write x:1"), "{message}");
    let (_, message) = failed(TEXT, "add-target", &["https://x/stats", "--job", "node"]);
    assert!(message.ends_with("write x, and set `scheme: https` and `metrics_path: /stats` in the job"), "{message}");
    let rules = TEXT.replace(
        "  kubernetes_sd_configs: [{role: pod}]\n",
        "  relabel_configs: [{target_label: x, replacement: y}]\n",
    );
    let (status, message) = failed(&rules, "add-target", &["http://x:1/metrics", "--job", "pods"]);
    assert!(status == 1 && message.contains("\"http://x:1/metrics\" is not a valid hostname"), "{message}");
    let probe = "scrape_configs:\n- job_name: probe\n  static_configs: [{targets: ['https://a/']}]\n  relabel_configs:\n  - {source_labels: [__address__], target_label: __param_target}\n  - {source_labels: [__address__], target_label: instance}\n  - {target_label: __address__, replacement: 'b:9115'}\n";
    let (text, _) = done(probe, "add-target", &["https://c/d"]);
    assert_eq!(text, probe.replace("'https://a/'", "'https://a/', 'https://c/d'"));
}

#[test]
fn a_target_that_a_rule_drops_is_added_and_noted() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: [h]}]\n  relabel_configs: [{source_labels: [__address__], regex: 'x.*', action: drop}]\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("add-target", &["x1"]);
    assert!(outcome.stderr.contains("job a: the target x1 is dropped by relabel_configs[0]"), "{}", outcome.shown());
    assert_eq!(fixture.text(), text.replace("[h]", "[h, x1]"));
}

#[test]
fn a_target_goes_with_its_comments_the_last_one_with_its_group_and_the_last_group_with_the_list() {
    let (text, words) = done(TEXT, "remove-target", &["b:9100"]);
    assert_eq!(text, TEXT.replace("    # the second\n    - \"b:9100\"\n", ""));
    assert_eq!(words, "1 target is lost (b:9100); nothing else changes");
    let (text, _) = done(TEXT, "remove-target", &["d:9100"]);
    assert_eq!(text, TEXT.replace("  - targets: ['d:9100'] # two\n", ""));
    let (text, _) = done(TEXT, "remove-target", &["a:9100", "b:9100", "--job", "node"]);
    let group = &TEXT[TEXT.find("  # rack one").unwrap()..TEXT.find("  - targets: ['d").unwrap()];
    assert_eq!(text, TEXT.replace(group, ""));
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("remove-target", &["a:9100", "b:9100", "d:9100", "--job", "node"]);
    assert!(outcome.stderr.contains("note: job node has no targets any more"), "{}", outcome.shown());
    // The last targets leave an empty list where it is in brackets, and nothing where it is on lines.
    assert_eq!(fixture.text(), TEXT.replace(group, "").replace("['d:9100']", "[]"));
    let list = "  static_configs:\n  - targets: ['d:9100'] # two\n";
    let on_lines = TEXT.replace(group, "").replace(list, "  static_configs:\n  - targets:\n    - d:9100 # two\n");
    let (text, _) = done(&on_lines, "remove-target", &["d:9100", "--job", "node"]);
    assert_eq!(text, on_lines.replace("  static_configs:\n  - targets:\n    - d:9100 # two\n", ""));
}

#[test]
fn a_target_of_several_jobs_is_removed_from_those_that_are_named() {
    let (status, message) = failed(TEXT, "remove-target", &["a:9100"]);
    assert!(
        status == 2 && message.contains("several jobs have the target a:9100, such as node and other"),
        "{message}"
    );
    let (text, words) = done(TEXT, "remove-target", &["a:9100", "--all-jobs"]);
    assert_eq!(text, TEXT.replace("    - a:9100 # first\n", "").replace("[a:9100, o:1]", "[o:1]"));
    assert_eq!(words, "2 targets are lost (a:9100); nothing else changes");
}

#[test]
fn a_target_that_no_job_has_is_nothing_to_do_and_a_near_one_is_named() {
    for (arguments, note) in [
        (&["c:9100", "--job", "node"][..], "note: no job has a target \"c:9100\" (did you mean \"a:9100\"?)\n"),
        (&["a:9100", "--job", "node", "--label", "env=test"], "note: no job has a target \"a:9100\" (did you mean"),
    ] {
        let fixture = Fixture::of_text("p.yml", TEXT);
        let outcome = fixture.run("remove-target", arguments);
        assert_eq!((outcome.status, fixture.has_changed()), (0, false), "{}", outcome.shown());
        assert_eq!(outcome.stdout, "nothing to do: no job has the targets\n");
        assert!(outcome.stderr.starts_with(note), "{}", outcome.shown());
    }
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("remove-target", &["zz:1", "o:1", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((outcome.status, &json["written"]), (0, &json!(true)), "{}", outcome.shown());
    assert!(json["notes"][0].as_str().unwrap().starts_with("no job has a target \"zz:1\""), "{json}");
    let outcome = fixture.run("remove-target", &["o:1", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((outcome.status, &json["files"][0]["changed"]), (0, &json!(false)), "{}", outcome.shown());
    let outcome = fixture.run("remove-target", &["o:1", "--stdout"]);
    assert_eq!((outcome.status, outcome.stdout), (0, fixture.text()));
    let outcome = fixture.run("remove-target", &["o:1", "--check"]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, ""));
    let outcome = fixture.run("remove-target", &["o:1", "--job", "nod"]);
    assert_eq!(outcome.status, 2, "a job that selects is an error: {}", outcome.shown());
}

#[test]
fn a_group_that_moves_as_a_whole_leaves_its_comments_to_its_first_target() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs:\n  # the database\n  - targets: [a:1, a:2]   # note\n    labels: {x: y} # of labels\n- job_name: b\n";
    let on_lines = text.replace("[a:1, a:2]   # note\n", "  # note\n    - a:1\n    - a:2\n");
    let fixture = Fixture::of_text("p.yml", &on_lines);
    let outcome = fixture.run("move-target", &["a:2", "a:1", "--to", "b"]);
    let group =
        "  - targets:\n    # the database\n    # note\n    # of labels\n    - a:1\n    - a:2\n    labels: {x: y}\n";
    let after = format!("scrape_configs:\n- job_name: a\n- job_name: b\n  static_configs:\n{group}");
    assert_eq!((outcome.status, fixture.text()), (0, after), "{}", outcome.shown());
    // A group that stays without targets keeps its comments.
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("move-target", &["a:2", "a:1", "--to", "b"]);
    let group = "  static_configs:\n  - targets:\n    - a:1\n    - a:2\n    labels: {x: y}\n";
    let after = format!("{}{group}", text.replace("[a:1, a:2]", "[]"));
    assert_eq!((outcome.status, fixture.text()), (0, after), "{}", outcome.shown());
    let outcome = fixture.run("move-target", &["a:1", "a:2", "--to", "a"]);
    assert_eq!((outcome.status, fixture.text()), (0, text.to_string()), "{}", outcome.shown());
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("move-target", &["a:2", "--to", "b"]);
    assert_eq!((outcome.status, fixture.text().matches('#').count()), (0, 3), "{}", outcome.shown());
}

#[test]
fn a_target_with_a_placeholder_is_named_as_it_is_written() {
    for address in ["{{ host }}:1", "${HOST}:1"] {
        let text = format!("scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: ['{address}', b]\n");
        let fixture = Fixture::of_text("p.yml", &text);
        let outcome = fixture.run("remove-target", &[address]);
        assert_eq!((outcome.status, fixture.text().contains("[b]")), (0, true), "{address}: {}", outcome.shown());
    }
}

#[test]
fn a_target_moves_with_its_labels_and_comments() {
    let (text, words) = done(TEXT, "move-target", &["b:9100", "--to", "pods"]);
    let group = "  static_configs:\n  - targets:\n    # the second\n    - \"b:9100\"\n    labels:\n      env: prod\n";
    assert_eq!(text, format!("{}{group}", TEXT.replace("    # the second\n    - \"b:9100\"\n", "")));
    assert_eq!(words, "1 target moves from job node to job pods (b:9100); nothing else changes");
    let (text, _) = done(TEXT, "move-target", &["o:1", "--to", "node"]);
    assert_eq!(text, TEXT.replace("[a:9100, o:1]", "[a:9100]").replace("['d:9100']", "['d:9100', o:1]"));
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("move-target", &["b:9100", "--to", "node"]);
    assert_eq!(outcome.stdout, "nothing to do: the selected targets are in the job already (job node)\n");
    let (status, message) = failed(TEXT, "move-target", &["b:9100", "--to", "nodes", "--job", "node"]);
    assert!(status == 2 && message.contains("did you mean \"node\"?"), "{message}");
    let into_brackets = TEXT.replace("[a:9100, o:1]}", "[o:1], labels: {env: prod}}");
    let (status, message) = failed(&into_brackets, "move-target", &["b:9100", "--to", "other"]);
    assert!(
        status == 1 && message.contains("the target b:9100 has a comment, which has no place where it goes"),
        "{message}"
    );
}

const FILES: &str = "scrape_configs:\n- job_name: a\n  file_sd_configs: [{files: ['t/*.json']}]\n- job_name: b\n  file_sd_configs: [{files: [t/one.json]}]\n- job_name: c\n  static_configs: [{targets: [h:1]}]\n";
const ONE: &str = "[{\"targets\": [\"w:1\", \"w:2\"], \"labels\": {\"team\": \"x\"}}]\n";

fn with_files() -> Fixture {
    let fixture = Fixture::of_text("p.yml", FILES);
    fixture.write("t/one.json", ONE);
    fixture
}

fn read(fixture: &Fixture, name: &str) -> String {
    std::fs::read_to_string(fixture.path(name)).unwrap()
}

#[test]
fn target_files_are_edited_and_all_jobs_that_read_them_are_reported() {
    let fixture = with_files();
    let outcome = fixture.run("add-target", &["w:3", "--job", "b", "--label", "team=x", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let gained = json!([{"kind": "gained", "count": 1, "example": {"__address__": "w:3"}}]);
    let job = |name: &str| json!({"job": name, "file": "p.yml", "grade": "proved", "known": 3, "effects": gained});
    assert_eq!((outcome.status, &json["jobs"]), (0, &json!([job("a"), job("b")])), "{}", outcome.shown());
    assert_eq!(read(&fixture, "t/one.json"), ONE.replace("\"w:2\"", "\"w:2\", \"w:3\""));
    let fixture = with_files();
    let outcome = fixture.run("add-target", &["w:3", "--job", "b"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(read(&fixture, "t/one.json"), ONE.replace("}}]", "}}, {\"targets\": [\"w:3\"]}]"));
    let fixture = with_files();
    let outcome = fixture.run("remove-target", &["w:1"]);
    assert!(outcome.stdout.ends_with("2 targets are lost (w:1); nothing else changes\n"), "{}", outcome.shown());
    assert_eq!(read(&fixture, "t/one.json"), ONE.replace("\"w:1\", ", ""));
    let outcome = fixture.run("move-target", &["w:2", "--to", "c"]);
    assert!(
        outcome.stdout.contains("1 target moves from job a to job c (w:2)\n1 target is lost (w:2)\n"),
        "{}",
        outcome.shown()
    );
    assert_eq!(read(&fixture, "t/one.json"), "[]\n");
    assert_eq!(fixture.text(), FILES.replace("[h:1]}", "[h:1]}, {targets: [w:2], labels: {team: x}}"));
}

#[test]
fn of_several_target_files_one_must_be_named() {
    let fixture = with_files();
    fixture.write("t/two.json", "[{\"targets\": [\"v:1\"]}]");
    let outcome = fixture.run("add-target", &["w:3", "--job", "a", "--label", "x=y"]);
    assert!(
        outcome.status == 1 && outcome.stderr.contains("job a has several target files: t/one.json, t/two.json"),
        "{}",
        outcome.shown()
    );
    let outcome = fixture.run("add-target", &["w:3", "--job", "a"]);
    assert_eq!((outcome.status, read(&fixture, "t/two.json").as_str()), (0, "[{\"targets\": [\"v:1\", \"w:3\"]}]"));
    let gone = Fixture::of_text("p.yml", FILES);
    let outcome = gone.run("add-target", &["w:3", "--job", "b"]);
    assert!(outcome.status == 2 && outcome.stderr.contains("no file matches"), "{}", outcome.shown());
}

#[test]
fn a_target_file_is_edited_by_its_name() {
    let yaml = "# all\n\n- targets:\n  - w:1 # old\n  labels: {team: x}\n";
    let fixture = Fixture::of_text("targets.yml", yaml);
    let outcome = fixture.run("add-target", &["w:2-3", "--label", "team=x"]);
    assert_eq!(
        (outcome.status, fixture.text()),
        (0, yaml.replace("# old\n", "# old\n  - w:2\n  - w:3\n")),
        "{}",
        outcome.shown()
    );
    assert!(
        outcome.stderr.contains("the relabel rules of the jobs that read this target file are not known"),
        "{}",
        outcome.shown()
    );
    let outcome = fixture.run("remove-target", &["w:{1..3}"]);
    assert_eq!((outcome.status, fixture.text().as_str()), (0, "# all\n\n[]\n"), "{}", outcome.shown());
    let fixture = Fixture::of_text("targets.yml", yaml);
    let outcome = fixture.run("move-target", &["w:4", "--to", "a"]);
    assert!(
        outcome.status == 2 && outcome.stderr.contains("no jobs between which targets can move"),
        "{}",
        outcome.shown()
    );
    let outcome = fixture.run("add-target", &["w:4", "--job", "a"]);
    assert!(outcome.status == 2 && outcome.stderr.contains("a target file has no jobs"), "{}", outcome.shown());
}

#[test]
fn targets_in_a_manifest_are_edited_there() {
    let config = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: ['h:1']\n";
    let indented = config.replace('\n', "\n    ");
    let map = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: p}}\ndata:\n  prometheus.yml: |\n    {}\n",
        indented.trim_end()
    );
    let (text, _) = done(&map, "add-target", &["h:2"]);
    assert_eq!(text, map.replace("['h:1']", "['h:1', 'h:2']"));
    let secret = map.replace("ConfigMap", "Secret").replace("\ndata:", "\nstringData:");
    let (text, _) = done(&secret, "add-target", &["h:2"]);
    assert_eq!(text, secret.replace("['h:1']", "['h:1', 'h:2']"));
    let encoded = |config: &str| {
        use base64::Engine;
        let data = base64::engine::general_purpose::STANDARD.encode(config);
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: p}}\ndata:\n  prometheus.yml: {data}\n")
    };
    let (text, _) = done(&encoded(config), "add-target", &["h:2"]);
    assert_eq!(text, encoded(&config.replace("['h:1']", "['h:1', 'h:2']")));
    let jobs = "- job_name: a\n  static_configs:\n  - targets: ['h:1', 'h:2']\n- job_name: b\n";
    let (text, _) = done(jobs, "move-target", &["h:2", "--to", "b"]);
    assert_eq!(text, jobs.replace(", 'h:2'", "") + "  static_configs:\n  - targets:\n    - 'h:2'\n");
}

#[test]
fn groups_behind_an_anchor_or_alias_are_refused() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs: &s [{targets: [h:1, h:2]}]\n- job_name: b\n  static_configs: *s\n";
    for (command, arguments) in [
        ("add-target", ["h:3", "--job", "a"]),
        ("add-target", ["h:3", "--job", "b"]),
        ("remove-target", ["h:1", "--job", "a"]),
        ("remove-target", ["h:1", "--job", "b"]),
    ] {
        let (status, message) = failed(text, command, &arguments);
        assert!(status == 1 && (message.contains("anchor") || message.contains("alias")), "{message}");
    }
}

#[test]
fn each_target_is_listed_in_a_line() {
    let fixture = with_files();
    let shown = fixture.run("list-targets", &[]).shown();
    let json = fixture.run("list-targets", &["--job", "c", "--format", "json"]).shown();
    let other = Fixture::of_text("p.yml", TEXT).run("list-targets", &[]).shown();
    insta::assert_snapshot!([shown, json, other].join("\n"));
}

#[test]
fn several_configs_are_one_change_and_one_that_lacks_a_target_is_said() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("other.yml", "scrape_configs: [{job_name: x, static_configs: [{targets: [o:2, o:3]}]}]\n");
    let outcome = fixture.run("remove-target", &["o:1", "o:2", "--file", "other.yml"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert!(
        outcome.stderr.contains("p.yml: no target \"o:2\"") && outcome.stderr.contains("other.yml: no target \"o:1\""),
        "{}",
        outcome.shown()
    );
    assert_eq!(read(&fixture, "other.yml"), "scrape_configs: [{job_name: x, static_configs: [{targets: [o:3]}]}]\n");
}
