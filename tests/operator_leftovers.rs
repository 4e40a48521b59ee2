//! Objects of prometheus-operator in folders, without names, with releases, and in findings at other objects.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }
    folder
}

/// Status, stdout and stderr of a run in a folder.
fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
    let command = command.args(arguments).current_dir(folder.path()).env_clear().env("LC_ALL", "C.UTF-8");
    let output = command.output().expect("the tool runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is text");
    (output.status.code().expect("it ends by itself"), text(output.stdout), text(output.stderr))
}

fn lint(files: &[(&str, &str)]) -> Vec<String> {
    let (_, output, _) = run(&folder(files), &["lint", ".", "--format", "concise", "--show-all"]);
    output.lines().map(str::to_string).collect()
}

fn monitor(name: &str, endpoint: &str) -> String {
    format!(
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {{{name}}}\nspec:\n  \
         selector: {{matchLabels: {{app: web}}}}\n  endpoints:\n  - {endpoint}\n"
    )
}

fn server(spec: &str) -> String {
    format!(
        "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {{name: k8s}}\nspec:\n  \
         serviceMonitorSelector: {{}}\n  {spec}\n"
    )
}

const SERVICE: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec:
  selector: {app: web}
  ports:
  - {name: metrix, port: 80}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - env: [{name: DB_PASSWORD, value: hunter2}]
        ports: [{name: metrics, containerPort: 80}]
";

#[test]
fn a_finding_at_a_service_alone_in_its_file_shows_its_words_and_no_secret() {
    let folder = folder(&[("monitor.yml", &monitor("name: web", "port: metrics")), ("service.yml", SERVICE)]);
    let (status, output, _) = run(&folder, &["lint", ".", "--color", "never"]);
    assert_eq!(status, 1, "{output}");
    assert!(output.contains("- {name: metrix, port: 80}") && output.contains("`metrix`"), "{output}");
    assert!(!output.contains("hunter2"), "{output}");
}

#[test]
fn findings_in_all_formats_are_at_the_places_in_the_objects() {
    let text = format!("# a comment\n---\n{}", monitor("name: web", "targetPort: '8080'"));
    let folder = folder(&[("monitor.yml", &text)]);
    let (_, sarif, _) = run(&folder, &["lint", ".", "--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&sarif).expect("it is JSON");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "port-number-as-name");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "monitor.yml");
    assert_eq!((place["region"]["startLine"].as_u64(), place["region"]["startColumn"].as_u64()), (Some(9), Some(17)));
    let (_, json, _) = run(&folder, &["lint", ".", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).expect("it is JSON");
    let finding = &json["findings"][0];
    assert_eq!((finding["line"].as_u64(), finding["column"].as_u64()), (Some(9), Some(17)), "{finding}");
    let (_, github, _) = run(&folder, &["lint", ".", "--format", "github"]);
    assert!(github.contains("file=monitor.yml,line=9,"), "{github}");
}

#[test]
fn objects_without_names_are_shown_with_the_beginning_of_their_names() {
    let two = format!(
        "{}---\n{}",
        monitor("generateName: web-", "targetPort: '8080'"),
        monitor("generateName: web-", "targetPort: '8081'")
    );
    let found = lint(&[("a.yml", &two)]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("ServiceMonitor/default/web-*: spec.endpoints[0].targetPort"), "{found:?}");
    assert!(found[1].contains("ServiceMonitor/default/web-*2: spec.endpoints[0].targetPort"), "{found:?}");
    let found = lint(&[("a.yml", &monitor("namespace: shop", "port: http"))]);
    assert!(found[0].contains("ServiceMonitor/shop/(no name): the API server refuses the object"), "{found:?}");
}

/// A rule that only newer releases accept.
const KEEP_EQUAL: &str = "relabelings: [{sourceLabels: [a], targetLabel: b-c, action: replace}]\n    port: http";

#[test]
fn the_version_of_a_prometheus_chooses_the_release_unless_one_is_named() {
    let monitor = monitor("name: web", KEEP_EQUAL);
    let folder = folder(&[("m.yml", &monitor), ("p.yml", &server("version: v2.53.1"))]);
    let note = "Prometheus/default/k8s runs Prometheus 2.53.1, by its `spec.version`";
    for command in ["lint", "simulate", "render"] {
        let (_, _, errors) = run(&folder, &[command, "."]);
        assert!(errors.replace("\n      ", " ").contains(note), "{command}: {errors}");
        let (_, _, errors) = run(&folder, &[command, ".", "--prometheus", "3.5"]);
        assert!(!errors.contains("runs Prometheus"), "{command}: {errors}");
    }
    let of = |arguments: &[&str]| run(&folder, arguments).1;
    assert!(of(&["lint", ".", "--format", "concise"]).contains("[skipped-object]"));
    assert!(!of(&["lint", ".", "--format", "concise", "--prometheus", "3.5"]).contains("[skipped-object]"));
    assert!(!of(&["render", "."]).contains("b-c"));
    assert!(of(&["render", ".", "--prometheus", "3.5"]).contains("b-c"));
}

#[test]
fn the_tag_of_an_image_is_the_release_where_no_version_is_given() {
    let folder = folder(&[
        ("m.yml", &monitor("name: web", "port: http")),
        ("p.yml", &server("image: quay.io/prometheus/prometheus:v2.53.1")),
    ]);
    let (_, _, errors) = run(&folder, &["lint", "."]);
    assert!(errors.contains("by its `spec.image`"), "{errors}");
}

#[test]
fn overlays_are_not_mixed() {
    let (dev, prod) = (monitor("name: web, labels: {env: dev}", "port: http"), monitor("name: web", "port: http"));
    let of = |env: &str| {
        server("x: y").replace("Selector: {}\n  x: y", &format!("Selector: {{matchLabels: {{env: {env}}}}}"))
    };
    // The monitor of `prod/` lacks the label that the Prometheus of `prod/` wants; that of `dev/` does not.
    let files =
        [("dev/m.yml", dev.as_str()), ("dev/p.yml", &of("dev")), ("prod/m.yml", &prod), ("prod/p.yml", &of("prod"))];
    let found = lint(&files);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("prod/m.yml:") && found[0].ends_with("[unselected-object]"), "{found:?}");
    // A monitor in neither is selected by one of them.
    let base = dev.replace("name: web", "name: other");
    let found = lint(&[&files[..], &[("base/m.yml", &base)]].concat());
    assert_eq!(found.len(), 1, "{found:?}");
    // A patch is no object.
    let patch =
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: other}\nspec: {jobLabel: app}\n";
    let found = lint(&[&files[..], &[("base/m.yml", &base), ("dev/patch.yml", patch)]].concat());
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_secret_of_another_overlay_is_not_read() {
    let secret = |job: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: more}}\nstringData:\n  jobs.yml: |\n    - job_name: {job}\n      scrape_interval: {}\n",
            if job == "a" { "15s" } else { "15" }
        )
    };
    let server = server("additionalScrapeConfigs: {name: more, key: jobs.yml}");
    let found = lint(&[
        ("dev/p.yml", &server),
        ("dev/s.yml", &secret("a")),
        ("prod/p.yml", &server),
        ("prod/s.yml", &secret("b")),
    ]);
    let errors: Vec<&String> = found.iter().filter(|line| line.contains("error: Prometheus/default/k8s")).collect();
    assert!(errors.len() == 1 && errors[0].starts_with("prod/s.yml:"), "{found:?}");
}

#[test]
fn an_object_of_the_manifests_is_asked_about_without_targets() {
    let folder = folder(&[("m.yml", &monitor("name: web", "port: metrix")), ("s.yml", SERVICE)]);
    let (status, output, errors) = run(&folder, &["simulate", ".", "--object", "service/default/web"]);
    assert_eq!(status, 0, "{output}{errors}");
    assert!(output.contains("serviceMonitor/default/web/0") && output.contains("1 kept"), "{output}");
    let (status, _, errors) = run(&folder, &["simulate", ".", "--object", "service/default/wbe"]);
    assert!(errors.contains("no job finds service/default/wbe"), "{status} {errors}");
    fs::write(folder.path().join("p.yml"), "scrape_configs: [{job_name: a}]\n").expect("can be written");
    let (status, _, errors) = run(&folder, &["simulate", "p.yml", "--object", "service/default/web"]);
    assert_eq!(status, 2);
    assert!(errors.contains("--object needs objects of Kubernetes"), "{errors}");
}

#[test]
fn labels_of_the_other_role_are_found_and_rules_for_both_roles_are_silent() {
    let rules =
        |labels: &str| format!("port: http\n    relabelings: [{{sourceLabels: [{labels}], targetLabel: port}}]");
    let (old, new) = ("__meta_kubernetes_endpoint_port_name", "__meta_kubernetes_endpointslice_port_name");
    let slices = server("serviceDiscoveryRole: EndpointSlice");
    let count = |labels: &str, server: Option<&str>| {
        let monitor = monitor("name: web", &rules(labels));
        let mut files = vec![("m.yml", monitor.as_str())];
        files.extend(server.map(|server| ("p.yml", server)));
        let found = lint(&files);
        assert!(found.iter().all(|line| line.ends_with("[unknown-meta-label]")), "{found:?}");
        found.len()
    };
    assert_eq!((count(old, Some(&slices)), count(new, Some(&slices))), (1, 0));
    let both = format!("{old}, {new}");
    assert_eq!((count(&both, Some(&slices)), count(&both, Some(&server("replicas: 1")))), (0, 0));
    // Without a Prometheus, the role is not known.
    assert_eq!((count(old, None), count(new, None), count(new, Some(&server("replicas: 1")))), (0, 0, 1));
}

#[test]
fn endpoints_and_ports_are_added_to_lists_that_are_empty_missing_or_in_braces() {
    let deployment = SERVICE.split("---\n").nth(1).expect("has two documents");
    let head = "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: web}\n";
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web, labels: {app: web}}\n";
    let cases = [
        (
            "spec:\n  selector: {matchLabels: {app: web}}\n  endpoints: []\n",
            "spec:\n  selector: {app: web}\n  ports: []\n",
        ),
        ("spec:\n  endpoints:\n  selector: {matchLabels: {app: web}}\n", "spec:\n  ports:\n  selector: {app: web}\n"),
        ("spec:\n  selector: {matchLabels: {app: web}}\n", "spec:\n  selector: {app: web}\n"),
        (
            "spec: {selector: {matchLabels: {app: web}}, endpoints: [{port: a}]}\n",
            "spec: {selector: {app: web}, ports: [{name: a, port: 1}]}\n",
        ),
        ("spec: {selector: {matchLabels: {app: web}}, endpoints: []}\n", "spec: {selector: {app: web}}\n"),
    ];
    let mut shown = String::new();
    for (monitor, ports) in cases {
        let folder = folder(&[
            ("m.yml", &format!("{head}{monitor}")),
            ("s.yml", &format!("{service}{ports}")),
            ("d.yml", deployment),
        ]);
        let arguments = ["add-endpoint", ".", "--object", "servicemonitor/web", "--port", "metrics"];
        let (status, output, errors) = run(&folder, &arguments);
        assert_eq!(status, 0, "{monitor}{output}{errors}");
        let text = |name: &str| fs::read_to_string(folder.path().join(name)).expect("can be read");
        for (name, head) in [("m.yml", head), ("s.yml", service)] {
            shown.push_str(&text(name)[head.len()..]);
        }
        shown.push('\n');
        let (status, output, _) = run(&folder, &arguments);
        assert!(status == 0 && output.contains("nothing to do"), "{output}");
    }
    insta::assert_snapshot!(shown);
}
