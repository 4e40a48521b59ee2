//! Real runs of the built tool: what it prints, where, and with which status.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder with files, and runs of the tool in it.
struct Folder {
    folder: TempDir,
}

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("has a parent")).expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
        }
        Self { folder }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().env("LC_ALL", "C.UTF-8");
        command
    }

    /// Status, stdout and stderr of a run.
    fn run(&self, arguments: &[&str]) -> String {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> String {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool starts");
        let mut stdin = child.stdin.take().expect("stdin is a pipe");
        // The tool may end without reading its input.
        let _closed = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("the tool ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        let status = output.status.code().expect("it ends by itself");
        format!("status: {status}\n--- stdout\n{stdout}--- stderr\n{stderr}")
    }
}

const CONFIG: &str = "\
global: {scrape_interval: 30s}
scrape_configs:
- job_name: node
  static_configs:
  - targets: ['10.0.0.1:9100', '10.0.0.2:9100']
    labels: {env: prod}
  - targets: ['10.0.9.1:9100']
    labels: {env: canary}
  relabel_configs:
  - source_labels: [env]
    regex: canary
    action: drop
  - source_labels: [__address__]
    regex: '(.+):\\d+'
    target_label: instance
- job_name: pods
  kubernetes_sd_configs: [{role: pod}]
  relabel_configs:
  - regex: __meta_kubernetes_pod_label_(.+)
    action: labelmap
";

fn node() -> Folder {
    Folder::new(&[("prometheus.yml", CONFIG)])
}

#[test]
fn simulate_shows_a_table_a_job() {
    insta::assert_snapshot!(node().run(&["simulate", "prometheus.yml"]));
}

#[test]
fn a_trace_shows_what_each_rule_read_matched_and_changed() {
    insta::assert_snapshot!(node().run(&["simulate", "prometheus.yml", "--job", "node", "--trace"]));
}

#[test]
fn the_example_is_carried_along() {
    insta::assert_snapshot!(Folder::new(&[]).run(&["simulate", "--example"]));
}

#[test]
fn json_has_every_target_with_its_trace() {
    insta::assert_snapshot!(node().run(&[
        "simulate",
        "prometheus.yml",
        "--format",
        "json",
        "--trace",
        "--job",
        "node"
    ]));
}

#[test]
fn ndjson_is_one_target_a_line() {
    insta::assert_snapshot!(node().run(&["simulate", "prometheus.yml", "--format", "ndjson", "--all-labels"]));
}

#[test]
fn json_of_a_broken_config_has_the_diagnostics_too() {
    let folder = Folder::new(&[("p.yml", "scrape_configs:\n- job_name: a\n  scrape_interval: 15\n")]);
    insta::assert_snapshot!(folder.run(&["simulate", "p.yml", "--format", "json", "--quiet"]));
}

#[test]
fn without_arguments_it_says_what_to_do() {
    insta::assert_snapshot!("no_config", Folder::new(&[]).run(&["simulate"]));
    insta::assert_snapshot!("no_config_but_one_is_there", node().run(&["simulate"]));
}

#[test]
fn a_config_that_cannot_be_read_is_told_with_a_remedy() {
    let folder = Folder::new(&[("conf/prometheus.yml", CONFIG), ("prometheus.yml", CONFIG)]);
    insta::assert_snapshot!("missing_file", folder.run(&["simulate", "promethues.yml"]));
    insta::assert_snapshot!("missing_folder", folder.run(&["simulate", "none/prometheus.yml"]));
    insta::assert_snapshot!("a_folder", folder.run(&["simulate", "conf"]));
}

#[test]
fn an_empty_file_is_a_config_without_jobs() {
    insta::assert_snapshot!(Folder::new(&[("p.yml", "")]).run(&["simulate", "p.yml"]));
}

#[test]
fn what_is_no_yaml_is_shown_at_its_place() {
    let folder =
        Folder::new(&[("p.yml", "scrape_configs:\n  - job_name: a\n    params: b: c\n"), ("q.yml", "regex: \u{7}\n")]);
    insta::assert_snapshot!("not_yaml", folder.run(&["simulate", "p.yml"]));
    insta::assert_snapshot!("control_character", folder.run(&["simulate", "q.yml"]));
}

#[test]
fn bytes_that_are_no_text_are_refused_as_prometheus_refuses_them() {
    let folder = Folder::new(&[]);
    fs::write(folder.folder.path().join("p.yml"), b"global: \xff\n").expect("the file can be written");
    insta::assert_snapshot!(folder.run(&["simulate", "p.yml"]));
}

#[test]
fn an_unknown_job_is_told_with_those_there_are() {
    insta::assert_snapshot!("unknown_job", node().run(&["simulate", "prometheus.yml", "--job", "noed"]));
    insta::assert_snapshot!("unknown_pattern", node().run(&["simulate", "prometheus.yml", "--job", "x-*"]));
}

#[test]
fn every_fault_of_a_config_is_told_at_once_and_good_jobs_are_simulated() {
    let text = "\
scrape_configs:
- job_name: a
  scrape_timout: 5s
  relabel_configs:
  - action: kep
  - regex: 'a('
    target_label: x
- job_name: b
  static_configs: [{targets: ['h:1']}]
- job_name: a
";
    insta::assert_snapshot!(Folder::new(&[("p.yml", text)]).run(&["simulate", "p.yml"]));
}

#[test]
fn secrets_are_never_shown() {
    let text = "\
scrape_configs:
- job_name: a
  basic_auth: {username: me, password: hunter2}
  scrape_timout: 5s
  authorization:
    credentials: hunter3
  bearer_token: hunter4
  proxy_url: http://me:hunter5@proxy:x/
";
    let folder = Folder::new(&[("p.yml", text)]);
    for format in ["human", "json", "ndjson"] {
        let shown = folder.run(&["simulate", "p.yml", "--format", format]);
        assert!(!shown.contains("hunter"), "{shown}");
    }
    insta::assert_snapshot!(folder.run(&["simulate", "p.yml"]));
}

#[test]
fn a_target_that_can_never_be_scraped_is_kept_with_the_reason() {
    let text = "scrape_configs: [{job_name: a, static_configs: [{targets: ['h:1', 'h:port', '1.2.3.4.5:1']}]}]\n";
    let folder = Folder::new(&[("p.yml", text)]);
    let table = folder.run(&["simulate", "p.yml"]);
    assert!(table.contains("3 targets: 3 kept"), "{table}");
    assert!(
        table.contains("every scrape fails: parse \"http://h:port/metrics\": invalid port \":port\" after host"),
        "{table}"
    );
    let lines = folder.run(&["simulate", "--format", "ndjson", "p.yml"]);
    assert!(lines.contains("\"scrape_error\":\"dial tcp: lookup 1.2.3.4.5: no such host\""), "{lines}");
    assert_eq!(lines.matches("scrape_error").count(), 2, "{lines}");
}

#[test]
fn a_refused_target_is_an_error_and_a_duplicate_a_warning() {
    let text = "\
scrape_configs:
- job_name: a
  static_configs: [{targets: ['h:1', 'h:1', 'a/b']}]
  relabel_configs: [{source_labels: [x], target_label: y}]
";
    insta::assert_snapshot!(Folder::new(&[("p.yml", text)]).run(&["simulate", "p.yml"]));
}

#[test]
fn target_files_are_read_beside_the_config() {
    let text = "\
scrape_configs:
- job_name: a
  file_sd_configs: [{files: [targets/*.json, targets/*.yml, none.yml]}]
";
    let folder = Folder::new(&[
        ("conf/p.yml", text),
        ("conf/targets/a.json", r#"[{"targets":["h:1"],"labels":{"env":"dev"}}]"#),
        ("conf/targets/b.yml", "- targets: [h:2]\n  lables: {}\n"),
    ]);
    insta::assert_snapshot!(folder.run(&["simulate", "conf/p.yml"]));
}

#[test]
fn sample_targets_replace_those_of_the_config() {
    let folder = node();
    let pods = |arguments: &[&str], input: &str| {
        let all = [&["simulate", "prometheus.yml", "--job", "pods"], arguments].concat();
        folder.run_with(&all, input)
    };
    let line = "{\"__address__\":\"10.1.0.1:8080\",\"__meta_kubernetes_pod_label_app\":\"cart\"}\n";
    insta::assert_snapshot!("samples_as_lines", pods(&["--targets", "-"], line));
    let pair = "{\"target\":{\"__address__\":\"h:1\"},\"labels\":{\"__meta_kubernetes_pod_label_app\":\"x\"}}\n";
    insta::assert_snapshot!("samples_as_pairs", pods(&["--targets", "-"], pair));
    let groups = "- targets: [h:1]\n  labels: {__meta_kubernetes_pod_label_team: core}\n";
    insta::assert_snapshot!("samples_as_groups", pods(&["--targets", "-"], groups));
    let label = ["--target", "h:1", "--label", "__meta_kubernetes_pod_label_app=cart"];
    insta::assert_snapshot!("sample_by_hand", pods(&label, ""));
}

#[test]
fn a_saved_response_names_the_jobs_of_its_targets() {
    let saved = r#"{"status":"success","data":{"activeTargets":[
        {"discoveredLabels":{"__address__":"10.0.0.9:9100","__scheme__":"http","__metrics_path__":"/metrics","job":"node","env":"prod",
         "__scrape_interval__":"30s","__scrape_timeout__":"10s"},"scrapePool":"node"}],
        "droppedTargets":[{"discoveredLabels":{"__address__":"h:1","job":"gone"},"scrapePool":"gone"}]}}"#;
    insta::assert_snapshot!(node().run_with(&["simulate", "prometheus.yml", "--targets", "-"], saved));
}

#[test]
fn bad_sample_targets_are_told_with_their_line() {
    let folder = node();
    let pods = |arguments: &[&str], input: &str| {
        folder.run_with(&[&["simulate", "prometheus.yml", "--job", "pods", "--targets"], arguments].concat(), input)
    };
    insta::assert_snapshot!("bad_line", pods(&["-"], "{\"__address__\":\"h:1\"}\n{\"a\":1}\n"));
    insta::assert_snapshot!("bad_groups", pods(&["-"], "- target: [h:1]\n"));
    insta::assert_snapshot!("bad_json", pods(&["-"], "[{\"targets\":[1]}]\n"));
    insta::assert_snapshot!("missing_samples", pods(&["none.json"], ""));
    insta::assert_snapshot!("samples_without_job", folder.run(&["simulate", "prometheus.yml", "--target", "h:1"]));
}

#[test]
fn bad_usage_is_told_with_status_2() {
    insta::assert_snapshot!(
        "bad_label",
        node().run(&["simulate", "prometheus.yml", "--target", "h", "--label", "env"])
    );
    insta::assert_snapshot!("bad_option", node().run(&["simulate", "prometheus.yml", "--jobs", "a"]));
    insta::assert_snapshot!("bad_command", node().run(&["simulat"]));
}

#[test]
fn help_fits_a_screen() {
    insta::assert_snapshot!("help", Folder::new(&[]).run(&["--help"]));
    insta::assert_snapshot!("help_simulate", Folder::new(&[]).run(&["simulate", "--help"]));
}

#[test]
fn series_go_through_the_metric_stage() {
    let config = "\
scrape_configs:
- job_name: web
  static_configs: [{targets: ['h:1']}]
  metric_relabel_configs:
  - {source_labels: [__name__], regex: go_.*, action: drop}
  - {source_labels: [__name__], regex: http_(.+), target_label: __name__, replacement: web_$1}
  - {regex: code, action: labeldrop}
";
    let page = "# TYPE go_gc gauge\ngo_gc 1\nhttp_requests_total{code=\"200\",job=\"x\"} 3\nup 1\n";
    let faults = "# HELP a text\na{b=\"c\"} 1\na{b=c} 1\n# TYPE a counter \na 1\n";
    let folder = Folder::new(&[("p.yml", config), ("page", page), ("faults", faults), ("empty", "")]);
    let metric =
        |arguments: &[&str]| folder.run(&[&["simulate", "p.yml", "--stage", "metric", "--series"], arguments].concat());
    insta::assert_snapshot!("metric_page", metric(&["page"]));
    insta::assert_snapshot!("metric_trace", metric(&["page", "--trace"]));
    insta::assert_snapshot!("metric_json", metric(&["page", "--format", "json"]));
    let many: String = (0..30).map(|index| format!("go_gc{{i=\"{index}\"}} 1\nhttp_x{{i=\"{index}\"}} 1\n")).collect();
    let summary = folder.run_with(&["simulate", "p.yml", "--stage", "metric", "--series", "-"], &many);
    insta::assert_snapshot!("metric_summary", summary);
    let lines = "{\"sample\":{\"__name__\":\"up\"},\"target\":{\"job\":\"j\"},\"report\":true}\n";
    let lines = folder.run_with(&["simulate", "p.yml", "--stage", "metric", "--series", "-"], lines);
    insta::assert_snapshot!("metric_lines", lines);
    let broken = folder.run_with(&["simulate", "p.yml", "--stage", "metric", "--series", "-"], "up 1\nup{\n");
    insta::assert_snapshot!("metric_broken", broken);
    insta::assert_snapshot!("metric_faults", metric(&["faults"]));
    insta::assert_snapshot!("metric_faults_json", metric(&["faults", "--format", "json"]));
    let as_open_metrics = ["page", "--content-type", "application/openmetrics-text; version=1.0.0"];
    insta::assert_snapshot!("metric_content_type", metric(&as_open_metrics));
    insta::assert_snapshot!("metric_unknown_content_type", metric(&["page", "--content-type", "text/html"]));
    let empty = ["empty", "--content-type", "application/openmetrics-text"];
    assert!(metric(&empty).starts_with("status: 0\n"));
    let twice =
        folder.run_with(&["simulate", "p.yml", "--stage", "metric", "--series", "-"], "up{a=\"1\",a=\"2\"} 1\n");
    assert!(twice.contains("label name \"a\" is not unique: invalid sample"), "{twice}");
    let edit = ["add-label", "p.yml", "x=y", "--job", "*", "--stage", "metric", "--series", "faults", "--dry-run"];
    insta::assert_snapshot!("metric_faults_of_an_edit", folder.run(&edit));
}

#[test]
fn nothing_of_a_failed_scrape_is_stored() {
    let config = "\
scrape_configs:
- job_name: web
  label_limit: 4
  static_configs: [{targets: ['h:1', 'h:2']}]
  metric_relabel_configs:
  - {source_labels: [__name__], regex: go_.*, action: drop}
- job_name: few
  sample_limit: 2
  static_configs: [{targets: ['h:3']}]
";
    let limit = "label_limit exceeded (metric: up, number of labels: 5, limit: 4)";
    for (page, refused, message) in [
        ("up 1\nup{a=\"1\",b=\"2\"} 1\nx 1\n", 1, Some(limit)),
        (
            "up 1\nup{a=\"1\",a=\"2\"} 1\nup{c=\"1\",c=\"2\"} 1\n",
            2,
            Some("label name \"a\" is not unique: invalid sample"),
        ),
        ("up 1\ngo_x{a=\"1\",b=\"2\"} 1\n", 0, None),
    ] {
        let folder = Folder::new(&[("p.yml", config), ("page", page)]);
        let run = |format: &str| {
            let arguments = ["--job", "web", "--stage", "metric", "--series", "page", "--format", format];
            folder.run(&[&["simulate", "p.yml"], &arguments[..]].concat())
        };
        let output = run("human");
        let stored = if message.is_some() { 0 } else { 2 };
        assert_eq!(output.matches("-> ").count(), stored, "{output}");
        assert_eq!(output.matches("the scrape fails: l").count(), 2 * refused, "{output}");
        assert!(output.starts_with(if message.is_some() { "status: 1\n" } else { "status: 0\n" }), "{output}");
        let output = run("ndjson");
        assert_eq!(output.matches("\"status\":\"kept\"").count(), stored, "{output}");
        assert_eq!(output.matches("\"status\":\"invalid\"").count(), 2 * refused, "{output}");
        if let Some(message) = message {
            // Lines are wrapped.
            let output = output.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(output.contains(&format!("Prometheus says: {message}")), "{output}");
            assert!(
                output.contains("note: the scrapes of 2 targets fail: `up` is 0, and nothing of the page is stored")
            );
        }
    }
    let folder = Folder::new(&[("p.yml", config), ("page", "a 1\nb 1\nc 1\n")]);
    let output = folder.run(&["simulate", "p.yml", "--job", "few", "--stage", "metric", "--series", "page"]);
    assert!(output.starts_with("status: 1\n"), "{output}");
    assert!(output.contains("few  p.yml:7  0 series\n"), "{output}");
    assert!(output.contains("error[sample-limit-exceeded]: job few: 3 samples of a scrape exceed"), "{output}");
}

#[test]
fn every_fault_of_a_page_that_is_known_by_nothing_is_reported_without_its_words() {
    let config = "scrape_configs:\n- job_name: web\n  static_configs: [{targets: ['h:1']}]\n";
    let folder = Folder::new(&[("p.yml", config), ("page", "up x\nload one two\n\nmemory -\n")]);
    insta::assert_snapshot!(
        "metric_unmarked",
        folder.run(&["simulate", "p.yml", "--stage", "metric", "--series", "page"])
    );
}

const BROKEN: &str = "\
scrape_configs:
- job_name: a
  scrape_timout: 5s
  relabel_configs:
  - action: kep
- job_name: b
  static_configs: [{targets: ['h:1', 'h:1']}]
";

#[test]
fn a_page_without_a_valid_type_is_read_by_the_fallback_of_its_job() {
    let config = "\
scrape_configs:
- job_name: web
  fallback_scrape_protocol: OpenMetricsText1.0.0
  static_configs: [{targets: ['h:1']}]
";
    let folder = Folder::new(&[("p.yml", config), ("page", "up{a=\"b\"} 1\n")]);
    for (content_type, is_refused) in [("text/plain", false), ("", true), ("text/html", true), ("text/plain; x", true)]
    {
        let arguments = ["simulate", "p.yml", "--stage", "metric", "--series", "page", "--content-type", content_type];
        let output = folder.run(&arguments);
        assert_eq!(output.contains("Prometheus says: data does not end with # EOF"), is_refused, "{output}");
    }
    let output = folder.run(&["simulate", "p.yml", "--stage", "metric", "--series", "page"]);
    assert!(output.contains("Prometheus says: data does not end with # EOF"), "{output}");
}

#[test]
fn lint_finds_every_fault_of_a_file() {
    let folder = Folder::new(&[("p.yml", BROKEN)]);
    insta::assert_snapshot!("lint_human", folder.run(&["lint", "p.yml"]));
    insta::assert_snapshot!("lint_concise", folder.run(&["lint", "p.yml", "--format", "concise"]));
    insta::assert_snapshot!("lint_json", folder.run(&["lint", "p.yml", "--format", "json"]));
}

#[test]
fn lint_walks_folders_and_knows_prometheus_files_by_their_content() {
    let folder = Folder::new(&[
        (".gitignore", "build/\n"),
        ("build/p.yml", BROKEN),
        ("conf/p.yml", "scrape_config_files: [jobs/*.yml]\nscrape_configs: [{job_name: a}]\n"),
        ("conf/jobs/b.yml", "scrape_configs: [{job_name: a}]\n"),
        ("conf/targets.json", "[{\"targets\":[\"h:1\"],\"lables\":{}}]"),
        ("deploy/compose.yml", "services: {web: {image: x}}\n"),
        ("rules.yml", "groups: []\n"),
    ]);
    insta::assert_snapshot!("lint_folder", folder.run(&["lint", "--format", "concise"]));
    insta::assert_snapshot!("lint_no_config", folder.run(&["lint", "deploy"]));
    insta::assert_snapshot!("lint_named", folder.run(&["lint", "deploy/compose.yml", "--format", "concise"]));
    let recognized = ["lint", "deploy/compose.yml", "--only-recognized", "--format", "concise"];
    insta::assert_snapshot!("lint_only_recognised", folder.run(&recognized));
}

#[test]
fn lint_reads_standard_input_under_a_name() {
    let folder = Folder::new(&[]);
    let arguments = ["lint", "-", "--stdin-filename", "conf/p.yml", "--format", "concise"];
    insta::assert_snapshot!(folder.run_with(&arguments, BROKEN));
}

#[test]
fn lint_fails_at_the_severity_asked_for() {
    let folder = Folder::new(&[("p.yml", "scrape_configs: []\n---\nx: 1\n"), ("q.yml", BROKEN)]);
    let status =
        |arguments: &[&str]| folder.run(&[&["lint", "--format", "concise"], arguments].concat()).chars().nth(8);
    assert_eq!(status(&["p.yml"]), Some('1'));
    assert_eq!(status(&["p.yml", "--fail-on", "error"]), Some('0'));
    assert_eq!(status(&["p.yml", "--ignore", "ignored-documents"]), Some('0'));
    assert_eq!(status(&["q.yml", "--select", "invalid-regex"]), Some('0'));
    assert_eq!(status(&["none.yml", "q.yml"]), Some('2'));
    insta::assert_snapshot!("lint_unknown_rule", folder.run(&["lint", "--select", "invalid-regx"]));
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = Folder::new(&[]);
    insta::assert_snapshot!("rules", folder.run(&["rules"]));
    insta::assert_snapshot!("explain_rule", folder.run(&["explain-rule", "missing-modulus"]));
    insta::assert_snapshot!("explain_unknown_rule", folder.run(&["explain-rule", "nonsense"]));
}

#[test]
fn relabel_is_a_filter() {
    let rules = "- {source_labels: [env], regex: dev, action: drop}\n- {target_label: team, replacement: core}\n";
    let folder = Folder::new(&[("rules.yml", rules), ("bad.yml", "- {action: kep}\n"), ("prometheus.yml", CONFIG)]);
    let lines = "{\"env\":\"prod\"}\n{\"env\":\"dev\"}\n";
    insta::assert_snapshot!("relabel", folder.run_with(&["relabel", "--rules", "rules.yml"], lines));
    insta::assert_snapshot!(
        "relabel_dropped",
        folder.run_with(&["relabel", "--rules", "rules.yml", "--show-dropped"], lines)
    );
    insta::assert_snapshot!("relabel_bad_line", folder.run_with(&["relabel", "--rules", "rules.yml"], "{}\n[1]\n"));
    insta::assert_snapshot!("relabel_bad_rule", folder.run_with(&["relabel", "--rules", "bad.yml"], lines));
    insta::assert_snapshot!("relabel_config", folder.run_with(&["relabel", "--rules", "prometheus.yml"], lines));
    let job = ["relabel", "--rules", "prometheus.yml", "--job", "node"];
    insta::assert_snapshot!("relabel_job", folder.run_with(&job, "{\"__address__\":\"h:1\"}\n"));
}

#[test]
fn every_list_of_rules_of_a_config_is_a_filter() {
    let config = "\
alerting:
  alert_relabel_configs: [{target_label: stage, replacement: all}]
  alertmanagers:
  - alert_relabel_configs: [{target_label: stage, replacement: one}]
    relabel_configs: [{target_label: stage, replacement: targets}]
remote_write:
- {url: 'http://a', write_relabel_configs: [{target_label: stage, replacement: a}]}
- {url: 'http://b', write_relabel_configs: [{target_label: stage, action: nonsense}]}
";
    let folder = Folder::new(&[("p.yml", config)]);
    let run =
        |arguments: &[&str]| folder.run_with(&[&["relabel", "--rules", "p.yml", "--list"], arguments].concat(), "{}\n");
    for (list, stage) in [
        ("alert_relabel_configs", "all"),
        ("alertmanager_relabel_configs", "targets"),
        ("alertmanager_alert_relabel_configs", "one"),
        ("write_relabel_configs", "a"),
    ] {
        assert!(run(&[list]).contains(&format!("{{\"stage\":\"{stage}\"}}")), "{list}: {}", run(&[list]));
    }
    insta::assert_snapshot!("relabel_list_refused", run(&["write_relabel_configs", "--index", "1"]));
    insta::assert_snapshot!("relabel_list_absent", run(&["write_relabel_configs", "--index", "2"]));
    insta::assert_snapshot!("relabel_list_needs_job", run(&["relabel_configs"]));
}

#[test]
fn debug_answers_in_the_shape_of_the_conformance_data() {
    let folder = Folder::new(&[]);
    insta::assert_snapshot!(
        "debug_yaml",
        folder.run_with(&["debug", "yaml"], "{\"text\":\"a: [b]\"}\n{\"text\":\"a: [\"}\n")
    );
    insta::assert_snapshot!("debug_scalar", folder.run_with(&["debug", "scalar"], "{\"text\":\"0x10\"}\n"));
    let question = "{\"pattern\":\"a(b)?\",\"inputs\":[\"ab\",\"x\"]}\n{\"pattern\":\"(\"}\n";
    insta::assert_snapshot!("debug_regexp", folder.run_with(&["debug", "regexp"], question));
    let pages = "{\"text\":\"# TYPE h histogram\\nh_bucket{le=\\\"1\\\"} 1\\n\",\"content_type\":\"text/plain\"}\n{\"text\":\"up 1\\nup\\n# EOF\"}\n{\"text\":\"\",\"content_type\":\"text/html\"}\n{\"b64\":\"YXsiXP8iPSIxIn0gMQo=\",\"content_type\":\"text/plain\"}\n";
    insta::assert_snapshot!("debug_expo", folder.run_with(&["debug", "expo"], pages));
    let rules = "{\"rules\":\"- {regex: x.*, action: labeldrop}\",\"labels\":{\"a\":\"1\",\"xy\":\"2\"},\"more\":1}\n{\"rules\":\"- {action: kep}\"}\n[]\n";
    insta::assert_snapshot!("debug_relabel", folder.run_with(&["debug", "relabel"], rules));
    let objects = "{\"mech\":\"ec2\",\"sd\":{\"region\":\"r\"},\"api\":{\"describe-instances\":{\"Reservations\":[{\"Instances\":[{\"PrivateIpAddress\":\"10.0.0.4\"}]}]}}}\n{\"mech\":\"swarm\",\"sd\":{\"role\":\"task\"}}\n{\"mech\":\"http\",\"sd\":{\"url\":\"http://h\"},\"api\":{\"body\":[null]}}\n";
    insta::assert_snapshot!("debug_discovery", folder.run_with(&["debug", "discovery"], objects));
    let targets = "{\"config\":\"job_name: a\",\"target\":{\"__address__\":\"h:1\"},\"group\":{\"env\":\"x\"}}\n";
    insta::assert_snapshot!("debug_target", folder.run_with(&["debug", "target"], targets));
    let samples = "{\"sample\":{\"__name__\":\"m\",\"job\":\"a\"},\"target\":{\"job\":\"b\"},\"rules\":\"\"}\n";
    insta::assert_snapshot!("debug_metric", folder.run_with(&["debug", "metric"], samples));
    let configs =
        "{\"text\":\"\"}\n{\"b64\":\"c2NyYXBlX2NvbmZpZ3M6IFt7fV0=\"}\n{\"text\":\"a: 1\\nb: 2\"}\n{\"b64\":\"?\"}\n";
    insta::assert_snapshot!("debug_config", folder.run_with(&["debug", "config"], configs));
    let letters =
        "{\"rules\":\"- {source_labels: [a], action: uppercase, target_label: b}\",\"labels\":{\"a\":\"\u{264}\"}}\n";
    insta::assert_snapshot!("debug_of_the_data", folder.run_with(&["debug", "relabel"], letters));
    let released = ["debug", "relabel", "--prometheus", "3.14"];
    insta::assert_snapshot!("debug_of_the_release", folder.run_with(&released, letters));
    insta::assert_snapshot!("debug_no_question", folder.run_with(&["debug", "yaml"], "{}\n"));
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = Folder::new(&[]).run(&["completions", shell]);
        assert!(output.starts_with("status: 0\n") && output.contains("simulate"), "{shell}");
    }
}

#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let mut config = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets:\n".to_string();
    for index in 0..20_000 {
        config += &format!("    - h{index}:1\n");
    }
    let folder = Folder::new(&[("p.yml", &config)]);
    for format in ["human", "ndjson", "json"] {
        let mut child = folder
            .command(&["simulate", "p.yml", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the tool ends");
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}

#[test]
fn colors_are_for_terminals_or_on_demand() {
    let folder = node();
    assert!(!folder.run(&["simulate", "prometheus.yml"]).contains('\u{1b}'));
    assert!(folder.run(&["simulate", "prometheus.yml", "--color", "always"]).contains('\u{1b}'));
    let output = folder.command(&["simulate", "prometheus.yml"]).env("NO_COLOR", "1").output().expect("the tool runs");
    assert!(!output.stdout.contains(&0x1b));
}
