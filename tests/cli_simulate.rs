//! What `promcfg simulate` says about itself: which targets it shows, where they come from, and why.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with files, and runs of `promcfg simulate` in it.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("the file can be written");
        }
        Self(folder)
    }

    /// Status, stdout and stderr of a run on `p.yml`.
    fn parts(&self, arguments: &[&str], input: &str) -> (i32, String, String) {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"))
            .args([&["simulate", "p.yml"], arguments].concat())
            .current_dir(self.0.path())
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            .env("COLUMNS", "200")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool starts");
        let mut stdin = child.stdin.take().expect("stdin is a pipe");
        let _closed = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("the tool ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
        (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
    }

    fn stdout(&self, arguments: &[&str]) -> String {
        let (status, stdout, stderr) = self.parts(arguments, "");
        assert_eq!((status, stderr.as_str()), (0, ""), "{stdout}");
        stdout
    }

    fn failure(&self, arguments: &[&str], input: &str) -> String {
        let (status, _, stderr) = self.parts(arguments, input);
        assert_eq!(status, 2, "{stderr}");
        stderr
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (_, stdout, _) = self.parts(&[arguments, &["--format", "json"]].concat(), "");
        serde_json::from_str(&stdout).expect("the output is JSON")
    }
}

const NODES: &str = "\
scrape_configs:
- job_name: node
  static_configs:
  - targets: ['10.0.0.1:9100', '10.0.0.2:9100']
    labels: {env: prod}
  - targets: ['10.0.9.1:9100']
    labels: {env: canary}
  file_sd_configs: [{files: [more.json]}]
  relabel_configs:
  - {source_labels: [env], regex: canary, action: drop}
  - {source_labels: [__address__], regex: '(.+):\\d+', target_label: instance}
- job_name: probe
  static_configs: [{targets: ['http://shop/'], labels: {env: prod}}]
  relabel_configs:
  - {source_labels: [__address__], target_label: __param_target}
  - {target_label: __address__, replacement: 'blackbox:9115'}
  - {source_labels: [__param_target], target_label: instance}
";

fn nodes() -> Folder {
    let more = r#"[{"targets":["10.0.5.1:9100"],"labels":{"env":"canary"}},{"targets":["10.0.5.2:9100"]}]"#;
    Folder::new(&[("p.yml", NODES), ("more.json", more)])
}

#[test]
fn a_target_that_is_named_by_its_address_has_the_labels_of_its_group() {
    assert_eq!(
        nodes().stdout(&["--target", "10.0.9.1:9100"]),
        "node  p.yml:2  1 target: 1 dropped\n  - 10.0.9.1:9100  dropped by relabel_configs[0], line 10: \
         drop, env = \"canary\" matches \"canary\"\n\n2 jobs, 1 target: 1 dropped\n"
    );
    // In a target file, and in given targets.
    assert!(nodes().stdout(&["--target", "10.0.5.1:9100"]).contains("env = \"canary\" matches"));
    let given = "[{\"targets\": [\"x:1\", \"y:1\"], \"labels\": {\"env\": \"canary\"}}]";
    let (_, stdout, _) = nodes().parts(&["--job", "node", "--targets", "-", "--target", "y:1"], given);
    assert!(stdout.contains("- y:1  dropped by relabel_configs[0]"), "{stdout}");
    assert!(!stdout.contains("x:1"), "{stdout}");
}

#[test]
fn several_targets_are_named_in_several_jobs() {
    let shown = nodes().stdout(&["--target", "10.0.0.2:9100", "--target", "http://shop/"]);
    assert!(shown.contains("+ 10.0.0.2:9100  http://10.0.0.2:9100/metrics"), "{shown}");
    assert!(shown.contains("+ http://shop/  http://blackbox:9115/metrics?target=http%3A%2F%2Fshop%2F"), "{shown}");
    assert!(shown.ends_with("2 jobs, 2 targets: 2 kept\n"), "{shown}");
}

#[test]
fn a_target_may_be_named_by_its_instance_or_final_address() {
    let by_instance = nodes().stdout(&["--target", "10.0.0.2"]);
    assert!(by_instance.contains("+ 10.0.0.2:9100"), "{by_instance}");
    assert!(by_instance.contains("      selected by its label `instance`\n"), "{by_instance}");
    let by_final = nodes().stdout(&["--target", "blackbox:9115"]);
    assert!(by_final.contains("+ http://shop/"), "{by_final}");
    assert!(by_final.contains("      selected by its address after relabeling\n"), "{by_final}");
    let json = nodes().json(&["--target", "10.0.0.2"]);
    assert_eq!(json["jobs"][0]["targets"][0]["named_by"], "instance");
}

#[test]
fn a_target_that_no_job_has_is_made_by_hand_in_the_selected_job() {
    let shown = nodes().stdout(&["--job", "node", "--target", "h:1", "--label", "env=canary"]);
    assert!(shown.contains("- h:1  dropped by relabel_configs[0]"), "{shown}");
    assert!(shown.contains("      not a target of the job; simulated as a target made by hand\n"), "{shown}");
    let json = nodes().json(&["--job", "node", "--target", "h:1"]);
    assert_eq!(json["jobs"][0]["targets"][0]["by_hand"], true);
    assert_eq!(
        nodes().failure(&["--target", "10.0.0.3:9100"], ""),
        "error: no job has the target \"10.0.0.3:9100\"\n  note: the most similar address is \"10.0.0.1:9100\"\n  \
         help: to simulate it as a target made by hand, select its job with --job NAME\n"
    );
}

#[test]
fn labels_given_by_hand_count_more_than_those_of_the_target() {
    let shown = nodes().stdout(&["--target", "10.0.9.1:9100", "--label", "env=dev"]);
    assert!(shown.contains("env=\"dev\"  instance=\"10.0.9.1\"  job=\"node\""), "{shown}");
    assert!(!shown.contains("by hand"), "{shown}");
}

#[test]
fn targets_are_selected_by_status_and_counted_as_before() {
    let shown = nodes().stdout(&["--status", "dropped"]);
    assert!(shown.starts_with("node  p.yml:2  5 targets: 3 kept, 2 dropped; 2 selected\n"), "{shown}");
    assert!(!shown.contains("probe"), "{shown}");
    assert!(shown.ends_with("\n2 jobs, 6 targets: 4 kept, 2 dropped\n"), "{shown}");
    let both = nodes().json(&["--status", "dropped", "--status", "kept"]);
    assert_eq!(both["jobs"][0]["targets"].as_array().map(Vec::len), Some(5));
    let counts = &nodes().json(&["--status", "refused"])["jobs"][0]["counts"];
    assert_eq!((&counts["kept"], &counts["dropped"]), (&3.into(), &2.into()));
    let (status, _, notes) = nodes().parts(&["--status", "refused"], "");
    assert_eq!((status, notes.as_str()), (0, "note: no target has the selected status and labels\n"));
}

#[test]
fn targets_are_selected_by_labels_after_all_rules_or_as_discovered() {
    let addresses = |arguments: &[&str]| {
        let json = nodes().json(arguments);
        let jobs = json["jobs"].as_array().expect("is a list").clone();
        let targets = jobs.iter().flat_map(|job| job["targets"].as_array().expect("is a list").clone());
        let address = |target: Value| target["discovered"]["__address__"].as_str().expect("is a text").to_string();
        targets.map(address).collect::<Vec<_>>()
    };
    assert_eq!(addresses(&["--where", "instance=10.0.0.*"]), ["10.0.0.1:9100", "10.0.0.2:9100"]);
    // A pattern is for the whole value.
    assert_eq!(addresses(&["--where", "instance=10.0.0"]), [""; 0]);
    assert_eq!(addresses(&["--where", "env=canary"]), ["10.0.9.1:9100", "10.0.5.1:9100"]);
    assert_eq!(addresses(&["--where", "env="]), ["10.0.5.2:9100"]);
    assert_eq!(addresses(&["--where", "__address__=http://.*"]), ["http://shop/"]);
    assert_eq!(addresses(&["--where", "__address__=blackbox:.*"]), ["http://shop/"]);
    assert_eq!(addresses(&["--where", "__meta_filepath=.+", "--status", "kept"]), ["10.0.5.2:9100"]);
}

#[test]
fn a_condition_on_an_unknown_label_names_the_nearest_one() {
    let expected = "error: --where: no target has the label \"evn\"\n  help: did you mean \"env\"?\n";
    assert_eq!(nodes().failure(&["--where", "evn=prod"], ""), expected);
    assert_eq!(nodes().failure(&["--where", "evn=prod", "--job", "node"], ""), expected);
    let unknown = Folder::new(&[("p.yml", PODS)]).failure(&["--where", "team=a"], "");
    assert!(unknown.contains("note: targets that exist only at discovery are not known; give them with"), "{unknown}");
    let half = nodes().failure(&["--where", "team"], "");
    assert!(half.contains("expected LABEL=REGEX, for example team=prod.*"), "{half}");
    let broken = nodes().failure(&["--where", "env=a("], "");
    assert!(broken.starts_with("error: --where: the pattern for `env` is not a regular expression: "), "{broken}");
}

#[test]
fn a_limit_says_how_many_targets_are_left_out() {
    let shown = nodes().stdout(&["--limit", "2"]);
    assert!(shown.contains("  3 more targets are left out\n"), "{shown}");
    assert!(shown.ends_with("2 jobs, 6 targets: 4 kept, 2 dropped\n"), "{shown}");
    let json = nodes().json(&["--limit", "1", "--status", "dropped"]);
    assert_eq!((&json["jobs"][0]["omitted"], &json["jobs"][1]["omitted"]), (&1.into(), &0.into()));
}

#[test]
fn the_dropped_line_shows_the_value_that_the_rule_read() {
    let config = "\
scrape_configs:
- job_name: a
  static_configs:
  - {targets: ['a:1'], labels: {env: blue, zone: x}}
  - {targets: ['b:1'], labels: {zone: x, rack: x}}
  relabel_configs:
  - {source_labels: [env], regex: '(.+)', target_label: env, replacement: 'is-$1'}
  - {source_labels: [env, zone], regex: 'is-green;.*|;.*', action: keep}
  - {source_labels: [zone], target_label: rack, action: dropequal}
";
    let shown = Folder::new(&[("p.yml", config)]).stdout(&[]);
    assert!(shown.contains("keep, env, zone = \"is-blue;x\" does not match \"is-green;.*|;.*\"\n"), "{shown}");
    assert!(shown.contains("dropequal, zone = \"x\" is the same as rack = \"x\"\n"), "{shown}");
    let json = Folder::new(&[("p.yml", config)]).json(&[]);
    assert_eq!(json["jobs"][0]["targets"][0]["dropped_by"]["value"], "is-blue;x");
    assert_eq!(json["jobs"][0]["targets"][1]["dropped_by"]["other"], "x");
}

#[test]
fn a_changed_scrape_interval_is_shown_and_the_default_one_is_not() {
    let config = "\
scrape_configs:
- job_name: a
  static_configs: [{targets: ['a:1'], labels: {every: 5s}}, {targets: ['b:1']}]
  relabel_configs:
  - {source_labels: [every], regex: (.+), target_label: __scrape_interval__}
  - {source_labels: [every], regex: (.+), target_label: __scrape_timeout__}
";
    let folder = Folder::new(&[("p.yml", config)]);
    let shown = folder.stdout(&[]);
    assert!(
        shown.contains("      __scrape_interval__=\"5s\"  __scrape_timeout__=\"5s\"  every=\"5s\"  inst"),
        "{shown}"
    );
    assert!(shown.contains("      instance=\"b:1\"  job=\"a\"\n"), "{shown}");
    let targets = &folder.json(&[])["jobs"][0]["targets"];
    assert_eq!((&targets[0]["scrape_interval"], &targets[0]["scrape_timeout"]), (&"5s".into(), &"5s".into()));
    assert_eq!(targets[0]["labels"].get("__scrape_interval__"), None);
    assert_eq!(targets[1].get("scrape_interval"), None);
}

#[test]
fn a_trace_has_the_default_labels_once_for_each_job() {
    let shown = nodes().stdout(&["--trace", "--job", "node"]);
    assert_eq!(shown.matches("__scrape_interval__=\"1m\"").count(), 1, "{shown}");
    assert_eq!(shown.matches("  defaults of each target\n").count(), 1, "{shown}");
    assert!(shown.contains("      discovered\n        __address__=\"10.0.0.2:9100\"  env=\"prod\"\n"), "{shown}");
}

const PODS: &str = "\
scrape_configs:
- job_name: pods
  kubernetes_sd_configs: [{role: pod}]
  relabel_configs:
  - {source_labels: [__meta_kubernetes_pod_annotation_scrape], regex: 'yes', action: keep}
  - {source_labels: [__meta_kubernetes_pod_label_app], target_label: app}
- job_name: mixed
  static_configs: [{targets: ['h:1']}]
  consul_sd_configs: [{server: c}]
- job_name: files
  file_sd_configs: [{files: [none/*.json]}]
- job_name: empty
";

#[test]
fn a_job_without_known_targets_shows_its_rules_on_an_example() {
    let (status, shown, _) = Folder::new(&[("p.yml", PODS)]).parts(&[], "");
    assert_eq!(status, 0);
    assert!(!shown.contains("no targets\n  kub"), "{shown}");
    let pods = "\
pods  p.yml:2  no known targets
  kubernetes_sd_configs (role pod): example target; the real ones exist only at discovery
  + 10.0.0.1:8080  http://10.0.0.1:8080/metrics
      [0] line 5 keep     __meta_kubernetes_pod_annotation_scrape = \"yes\" matches \"yes\"
      [1] line 6 replace  __meta_kubernetes_pod_label_app = \"web\" matches \"(.*)\", $1 = \"web\"
                          app  -> \"web\"
      labels
        app=\"web\"  instance=\"10.0.0.1:8080\"  job=\"pods\"
";
    assert!(shown.contains(pods), "{shown}");
    assert!(shown.contains("  consul_sd_configs: more targets exist only at discovery\n  + h:1"), "{shown}");
    assert!(shown.contains("file_sd_configs: example target; the real ones are in files that do not exist here\n"));
    assert!(shown.contains("empty  p.yml:12  no targets\n  the config has no targets for it\n"), "{shown}");
    let commands = "\
Example targets show what the rules do. To simulate the real ones:
  kubectl get pods -A -o json > cluster.json
";
    assert!(shown.contains(commands), "{shown}");
    assert!(shown.ends_with("4 jobs, 1 target: 1 kept\n"), "{shown}");
}

#[test]
fn a_trace_of_a_job_with_known_targets_has_examples_of_the_others() {
    let shown = Folder::new(&[("p.yml", PODS)]).stdout(&["--job", "mixed", "--trace"]);
    assert!(shown.contains("  + h:1  "), "{shown}");
    assert!(shown.contains("  consul_sd_configs: example target; the real ones exist only at discovery\n"), "{shown}");
    assert!(shown.contains("__meta_consul_service=\""), "{shown}");
    assert!(shown.ends_with("1 job, 1 target: 1 kept\n"), "{shown}");
}

#[test]
fn examples_are_marked_in_json_and_are_not_targets() {
    let folder = Folder::new(&[("p.yml", PODS)]);
    let json = folder.json(&["--job", "pods"]);
    let job = &json["jobs"][0];
    assert_eq!(job["targets"].as_array().map(Vec::len), Some(0));
    let example = &job["examples"][0];
    assert_eq!((&example["example"], &example["status"]), (&true.into(), &"kept".into()));
    assert_eq!((&example["mechanism"], &example["role"]), (&"kubernetes_sd_configs".into(), &"pod".into()));
    assert_eq!(folder.stdout(&["--job", "pods", "--format", "ndjson"]), "");
    let given = folder.json(&["--job", "pods", "--target", "h:1"]);
    assert_eq!(given["jobs"][0]["examples"].as_array().map(Vec::len), Some(0));
}

#[test]
fn series_need_the_metric_stage() {
    let message = nodes().failure(&["--series", "page"], "");
    assert!(message.starts_with("error: --series needs the metric stage\n"), "{message}");
    assert!(message.ends_with("  help: add --stage metric\n"), "{message}");
}

#[test]
fn a_saved_response_with_an_error_is_reported_as_such() {
    let response = r#"{"status":"error","errorType":"bad_data","error":"invalid state"}"#;
    let message = nodes().failure(&["--targets", "-"], response);
    let expected = "error: <stdin>: the response is an error of Prometheus: bad_data: invalid state\n";
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn the_output_of_promtool_is_a_list_of_targets() {
    let output = r#"[
  {"discoveredLabels": {"__address__": "10.0.0.7:9100", "__metrics_path__": "/metrics", "__scheme__": "http",
    "__scrape_interval__": "1m", "__scrape_timeout__": "10s", "env": "prod", "job": "node"}, "labels": {}},
  {"discoveredLabels": {}, "labels": {}, "error": {}}
]"#;
    let folder = nodes();
    for arguments in [&["--targets", "-"][..], &["--targets", "-", "--job", "node"]] {
        let (status, shown, notes) = folder.parts(arguments, output);
        assert_eq!((status, notes.as_str()), (0, ""), "{shown}");
        assert!(shown.contains("  + 10.0.0.7:9100  http://10.0.0.7:9100/metrics\n      env=\"prod\""), "{shown}");
        assert!(shown.contains("1 target: 1 kept\n"), "{shown}");
    }
}

const ALERTING: &str = "\
alerting:
  alert_relabel_configs: [{action: labeldrop, regex: replica}]
  alertmanagers:
  - scheme: https
    path_prefix: /am
    static_configs:
    - targets: ['a:9093', 'b:9093']
      labels: {zone: x}
    relabel_configs:
    - {source_labels: [__address__], regex: 'b:.*', action: drop}
  - static_configs: [{targets: ['x/y', 'd:1']}, {targets: ['c:9093']}]
    relabel_configs: [{action: labeldrop, regex: nothing}]
  - kubernetes_sd_configs: [{role: endpoints}]
scrape_configs:
- job_name: a
  static_configs: [{targets: ['a:9093']}]
";

#[test]
fn alertmanagers_are_simulated_like_jobs() {
    let folder = Folder::new(&[("p.yml", ALERTING)]);
    let (status, shown, diagnostics) = folder.parts(&["--alertmanagers"], "");
    assert_eq!(status, 1);
    let first = "\
alertmanagers[0]  p.yml:4  2 targets: 1 kept, 1 dropped
  + a:9093  https://a:9093/am/api/v2/alerts
      zone=\"x\"
  - b:9093  dropped by relabel_configs[0], line 10: drop, __address__ = \"b:9093\" matches \"b:.*\"
";
    assert!(shown.contains(first), "{shown}");
    // A target that is refused takes its group with it, not the others.
    assert!(shown.contains("  ! x/y     refused: \"x/y\" is not a valid hostname\n"), "{shown}");
    assert!(shown.contains("  ! d:1     refused: another target of its group is refused: \"x/y\""), "{shown}");
    assert!(shown.contains("  + c:9093  http://c:9093/api/v2/alerts\n"), "{shown}");
    assert!(shown.contains("  kubernetes_sd_configs (role endpoints): example target; the real ones"), "{shown}");
    assert!(shown.ends_with("1 job, 3 Alertmanagers, 6 targets: 3 kept, 1 dropped, 2 refused\n"), "{shown}");
    assert!(diagnostics.contains("Prometheus sends no alerts to any target of this group"), "{diagnostics}");
}

#[test]
fn alertmanagers_have_a_list_of_their_own_in_json() {
    let folder = Folder::new(&[("p.yml", ALERTING)]);
    let json = folder.json(&["--alertmanagers"]);
    let first = &json["alertmanagers"][0];
    assert_eq!((&first["job"], &first["alertmanager"], &first["line"]), (&Value::Null, &0.into(), &4.into()));
    assert_eq!(first["targets"][0]["url"], "https://a:9093/am/api/v2/alerts");
    assert_eq!(first["targets"][1]["dropped_by"]["rule"], 0);
    assert_eq!(json["jobs"][0]["job"], "a");
    assert_eq!(folder.json(&[])["alertmanagers"].as_array().map(Vec::len), Some(0));
    let named = folder.stdout(&["--alertmanagers", "--target", "a:9093"]);
    assert!(
        named.contains("a  p.yml:15  1 target") && named.contains("alertmanagers[0]  p.yml:4  1 target"),
        "{named}"
    );
}

const STREAM: &str = "\
kind: ConfigMap
data:
  blue.yml: |
    scrape_configs:
    - job_name: node
      static_configs: [{targets: ['blue:1']}]
    - job_name: other
      static_configs: [{targets: ['other:1']}]
  green.yml: |
    scrape_configs:
    - job_name: node
      static_configs: [{targets: ['green:1']}]
---
kind: ConfigMap
data:
  blue.yml: |
    scrape_configs: [{job_name: third, static_configs: [{targets: ['third:1']}]}]
";

#[test]
fn each_config_of_a_manifest_is_simulated_under_its_name() {
    let folder = Folder::new(&[("p.yml", STREAM)]);
    let shown = folder.stdout(&[]);
    let headings: Vec<&str> = shown.lines().filter(|line| line.starts_with("config ")).collect();
    assert_eq!(headings, ["config blue.yml (line 4)", "config green.yml", "config blue.yml (line 17)"]);
    assert!(shown.contains("config green.yml\n\nnode  p.yml:11  1 target: 1 kept\n"), "{shown}");
    assert!(shown.ends_with("4 jobs, 4 targets: 4 kept\n"), "{shown}");
    let json = folder.json(&[]);
    assert_eq!(json["jobs"][2]["config"], "green.yml");
}

#[test]
fn a_job_is_selected_in_each_config_of_a_manifest() {
    let folder = Folder::new(&[("p.yml", STREAM)]);
    let shown = folder.stdout(&["--job", "node"]);
    assert!(shown.contains("blue:1") && shown.contains("green:1") && !shown.contains("third"), "{shown}");
    assert!(folder.stdout(&["--job", "third"]).ends_with("1 job, 1 target: 1 kept\n"));
    let message = folder.failure(&["--job", "nodes"], "");
    assert_eq!(message, "error: unknown job \"nodes\" in p.yml\n  help: did you mean \"node\"?\n");
    assert!(folder.stdout(&["--target", "green:1"]).contains("config green.yml\n\nnode"));
}

/// A response with two targets of the job `probe`, saved while its module was `x`.
const SAVED_PROBES: &str = r#"{"status":"success","data":{"activeTargets":[
    {"discoveredLabels":{"__address__":"h:1","__param_module":"x","__scheme__":"http","job":"probe"},"scrapePool":"probe"},
    {"discoveredLabels":{"__address__":"h:2","__param_module":"x","__scheme__":"http","job":"probe"},"scrapePool":"probe"}
  ],"droppedTargets":[]}}"#;

/// Shows the targets of the job `probe`, whose module is `y` now.
fn probes(arguments: &[&str], targets: &str) -> (i32, String, String) {
    let config = "scrape_configs:\n- job_name: probe\n  params: {module: [y]}\n";
    let running = r#"{"status":"success","data":{"yaml":"scrape_configs:\n- job_name: probe\n"}}"#;
    let folder = Folder::new(&[("p.yml", config), ("running.json", running), ("broken.yml", "a: [")]);
    folder.parts(&[&["--targets", "-"], arguments].concat(), targets)
}

#[test]
fn a_parameter_of_saved_targets_is_worked_out_anew_from_the_config() {
    let (status, shown, notes) = probes(&[], SAVED_PROBES);
    assert_eq!(status, 0);
    assert!(shown.contains("  + h:1  http://h:1/metrics?module=y\n"), "{shown}");
    assert_eq!(
        notes,
        "note: job \"probe\": all 2 saved targets have __param_module=\"x\", assumed to come from the running job; the config \
         now gives \"y\"; --running FILE, the config that ran, decides it\n"
    );
}

#[test]
fn the_config_that_ran_decides_which_labels_discovery_gave() {
    let (_, shown, notes) = probes(&["--running", "running.json"], SAVED_PROBES);
    assert!(shown.contains("  + h:1  http://h:1/metrics?module=x\n"), "{shown}");
    assert_eq!(notes, "");
}

#[test]
fn a_running_config_is_one_that_prometheus_accepts() {
    let (status, _, notes) = probes(&["--running", "broken.yml"], SAVED_PROBES);
    assert_eq!(status, 2);
    assert!(notes.contains("a config that ran is one that Prometheus accepts"), "{notes}");
}

#[test]
fn a_running_config_needs_saved_targets() {
    let (status, _, notes) = probes(&["--running", "p.yml"], "{\"__address__\":\"h:1\"}\n");
    assert_eq!(status, 2);
    assert!(notes.starts_with("error: --running needs targets that a running Prometheus gave\n"), "{notes}");
}

#[test]
fn a_dropped_target_of_an_old_server_is_of_the_selected_job() {
    let saved = r#"{"status":"success","data":{"activeTargets":[],"droppedTargets":[{"discoveredLabels":{"__address__":"h:9"}}]}}"#;
    let jobs = "scrape_configs: [{job_name: a}, {job_name: b}]";
    let folder = Folder::new(&[("p.yml", jobs)]);
    let (status, _, notes) = folder.parts(&["--targets", "-"], saved);
    assert_eq!(status, 0);
    let expected = "note: 1 saved target names no job and is left out: servers before 3.3 do not save the job of dropped \
        targets; --job NAME gives it\n";
    assert!(notes.contains(expected), "{notes}");
    let (_, shown, notes) = folder.parts(&["--targets", "-", "--job", "b"], saved);
    assert!(shown.contains("  + h:9  http://h:9/metrics\n"), "{shown}");
    assert_eq!(notes, "");
}
