//! Objects of prometheus-operator on the command line: rendered, and linted as sets of files.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const MONITOR: &str = "\
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: cart
  namespace: shop
  labels: {release: prom}
spec:
  selector:
    matchLabels: {app: cart}
  endpoints:
  - port: metrics
    relabelings:
    - {action: labeldrop, regex: ^pod$}
";

const SERVER: &str = "\
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: k8s, namespace: monitoring}
spec:
  serviceMonitorSelector:
    matchLabels: {release: prom}
  serviceMonitorNamespaceSelector: {}
";

/// Status, stdout and stderr of a run in a folder with these files. Standard input is `input`.
fn run_with(files: &[(&str, &str)], input: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
    let command = command.args(arguments).current_dir(folder.path()).env_clear().env("LC_ALL", "C.UTF-8");
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the tool starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    // A command that does not read its input may end before.
    let _closed = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the tool runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the output is text");
    let status = output.status.code().expect("it ends by itself");
    format!("{status}\n{}{}", text(&output.stdout), text(&output.stderr))
}

fn run(files: &[(&str, &str)], arguments: &[&str]) -> String {
    run_with(files, "", arguments)
}

/// The findings, one a line, without the status.
fn lint(files: &[(&str, &str)]) -> Vec<String> {
    let output = run(files, &["lint", ".", "--format", "concise", "--show-all"]);
    output.lines().skip(1).map(str::to_string).collect()
}

#[test]
fn the_config_of_a_prometheus_is_rendered_with_the_line_of_each_object() {
    insta::assert_snapshot!(run(&[("monitor.yml", MONITOR), ("prom.yml", SERVER)], &["render", "."]));
}

#[test]
fn standard_input_is_rendered_for_the_defaults_without_a_prometheus() {
    let list = format!("kind: List\napiVersion: v1\nitems:\n- {}", MONITOR.trim_end().replace('\n', "\n  "));
    let output = run_with(&[], &format!("{list}\n---\nkind: Service\n"), &["render", "-"]);
    assert!(output.starts_with("0\n# Prometheus/default/prometheus: assumed, with the defaults\n"), "{output}");
    assert!(output.contains("# ServiceMonitor/shop/cart, spec.endpoints[0] (<stdin>:14)\n"), "{output}");
}

#[test]
fn a_broken_document_is_reported_and_the_others_are_rendered() {
    let text = format!("{MONITOR}---\napiVersion: monitoring.coreos.com/v1\nkind: Probe\nspec: [\n");
    let output = run(&[("all.yml", &text)], &["render", "all.yml"]);
    assert!(output.starts_with("1\n") && output.contains("job_name: serviceMonitor/shop/cart/0"), "{output}");
    assert!(output.contains("error[invalid-yaml]") && output.contains("all.yml:17:"), "{output}");
}

#[test]
fn one_prometheus_of_several_is_rendered() {
    let servers = format!("{SERVER}---\n{}", SERVER.replace("name: k8s", "name: other"));
    let files = [("monitor.yml", MONITOR), ("prom.yml", servers.as_str())];
    let both = run(&files, &["render"]);
    assert_eq!((both.matches("\n---\n").count(), both.matches("# Prometheus/monitoring/").count()), (1, 2), "{both}");
    let one = run(&files, &["render", "--for", "monitoring/other"]);
    assert_eq!(one.matches("# Prometheus/").collect::<Vec<_>>().len(), 1, "{one}");
    assert_eq!(
        run(&files, &["render", "--for", "shop/k8s"]),
        "2\nerror: no Prometheus shop/k8s in the input\n  note: the input has monitoring/k8s, monitoring/other\n"
    );
}

#[test]
fn the_json_has_what_became_of_every_object() {
    let text =
        format!("{SERVER}---\n{}---\n{MONITOR}", MONITOR.replace("release: prom", "release: x").replace("cart", "pay"));
    let output = run(&[("all.yml", &text)], &["render", "--format", "json", "-q"]);
    let json: serde_json::Value = serde_json::from_str(&output[2..]).expect("is JSON");
    let server = &json["prometheuses"][0];
    assert_eq!((json["version"].as_i64(), server["prometheus"].as_str()), (Some(1), Some("Prometheus/monitoring/k8s")));
    assert!(server["config"].as_str().expect("is text").contains("job_name: serviceMonitor/shop/cart/0"));
    assert_eq!(server["not_selected"], serde_json::json!(["ServiceMonitor/shop/pay"]));
    assert_eq!((&server["rejected"], &server["pruned"]), (&serde_json::json!([]), &serde_json::json!([])));
    let all = run(&[("all.yml", &text)], &["render", "--unselected", "-q"]);
    assert!(all.contains("job_name: serviceMonitor/shop/pay/0"), "{all}");
}

#[test]
fn no_secret_is_printed() {
    let monitor = MONITOR.replace(
        "  - port: metrics\n",
        "  - port: metrics\n    basicAuth: {username: {name: s, key: u}, password: {name: s, key: p}}\n",
    );
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {u: hunter1, p: hunter2}\n";
    let files = [("all.yml", format!("{monitor}{secret}"))];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    for arguments in
        [&["render"][..], &["render", "--format", "json"], &["lint", "."], &["lint", ".", "--format", "json"]]
    {
        let output = run(&files, arguments);
        assert!(!output.contains("hunter"), "{output}");
    }
}

#[test]
fn findings_are_at_their_places_in_the_objects() {
    insta::assert_snapshot!(run(&[("monitor.yml", MONITOR), ("prom.yml", SERVER)], &["lint", "."]));
}

#[test]
fn a_finding_for_several_prometheuses_is_reported_once() {
    let servers = format!("{SERVER}---\n{}", SERVER.replace("name: k8s", "name: other"));
    assert_eq!(
        lint(&[("monitor.yml", MONITOR), ("prom.yml", &servers)]),
        [
            "monitor.yml:13:34: info: ServiceMonitor/shop/cart: spec.endpoints[0].relabelings[0]: redundant `^` and `$`: a pattern always matches the whole value [redundant-anchor]"
        ]
    );
}

#[test]
fn copies_of_an_object_in_several_folders_are_each_judged() {
    let found = lint(&[("dev/m.yml", MONITOR), ("prod/m.yml", MONITOR)]);
    let places: Vec<&str> = found.iter().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(places, ["dev/m.yml:13:34", "prod/m.yml:13:34"], "{found:#?}");
}

#[test]
fn what_prometheus_refuses_names_whom_it_stops() {
    let server = format!(
        "{SERVER}  remoteWrite:\n  - url: http://h/write\n    writeRelabelConfigs:\n    - {{sourceLabels: [a], regex: (, action: drop}}\n"
    );
    let found = run(&[("monitor.yml", MONITOR), ("prom.yml", &server)], &["lint", "prom.yml", "--format", "json"]);
    assert!(found.contains("this stops every later change of Prometheus monitoring/k8s"), "{found}");
}

#[test]
fn comments_in_any_document_ignore_findings() {
    let ignored =
        MONITOR.replace("    - {action", "    # promcfg: ignore[redundant-anchor] for clarity\n    - {action");
    assert_eq!(lint(&[("all.yml", &format!("{SERVER}---\n{ignored}"))]), Vec::<String>::new());
    let unused = ignored.replace("^pod$", "pod");
    assert_eq!(
        lint(&[("all.yml", &format!("{SERVER}---\n{unused}"))]),
        [
            "all.yml:21:23: warning: `redundant-anchor` has no findings on the line that this comment applies to [unused-ignore]"
        ]
    );
}

#[test]
fn a_fix_of_a_value_is_made_in_the_object() {
    let diff = run(&[("prom.yml", SERVER), ("monitor.yml", MONITOR)], &["lint", ".", "--diff"]);
    assert!(
        diff.contains("-    - {action: labeldrop, regex: ^pod$}\n+    - {action: labeldrop, regex: pod}\n"),
        "{diff}"
    );
    let number = MONITOR.replace("^pod$", "^8080$");
    let quoted = run(&[("monitor.yml", &number)], &["lint", ".", "--diff"]);
    assert!(quoted.contains("+    - {action: labeldrop, regex: '8080'}\n"), "a number is refused: {quoted}");
}

#[test]
fn settings_apply_to_the_file_of_the_finding() {
    let settings = "[[overrides]]\nfiles = [\"dev/**\"]\nignore = [\"redundant-anchor\"]\n";
    let found = lint(&[("promcfg.toml", settings), ("dev/m.yml", MONITOR), ("prod/m.yml", MONITOR)]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("prod/m.yml:"), "{found:#?}");
}

#[test]
fn rules_of_other_operators_are_judged_as_rules() {
    let text = "apiVersion: operator.victoriametrics.com/v1beta1\nkind: VMServiceScrape\nmetadata: {name: a}\nspec:\n  endpoints:\n  - relabelConfigs: [{action: labeldrop, regex: ^pod$}]\n";
    assert_eq!(
        lint(&[("vm.yml", text)]),
        [
            "vm.yml:6:49: info: VMServiceScrape/default/a: spec.endpoints[0].relabelConfigs[0]: redundant `^` and `$`: a pattern always matches the whole value [redundant-anchor]",
            "note: vm.yml: not read: 1 VMServiceScrape",
        ]
    );
}

#[test]
fn a_template_that_is_yaml_by_chance_is_skipped() {
    let template = MONITOR.replace("name: cart", "name: {{ .Release.Name }}");
    let found = lint(&[("templates/m.yaml", &template)]);
    assert_eq!(found.first().map(String::as_str), Some("note: 1 file skipped: 1 Go template"), "{found:#?}");
}
