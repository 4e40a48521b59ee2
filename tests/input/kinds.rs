//! Each kind of file, whole and broken.

use super::{Run, ids, run};

/// What is expected of a file.
enum Expected {
    /// Read, with findings of these ids.
    Read(&'static [&'static str]),
    /// Not read: what it is.
    Named(&'static str),
    /// Of no interest in a folder; named as unknown when it is asked for.
    Unknown,
}

use Expected::{Named, Read, Unknown};

/// Files: a name, a text, what is expected.
const FILES: [(&str, &str, Expected); 58] = [
    ("prometheus.yml", "remote_write: [{url: 'http://w/x'}]\n", Read(&[])),
    ("prometheus.yaml", "rule_files: [a.yml]\n", Read(&[])),
    ("conf/prometheus.yml", "scrape_configs:\n\t- job_name: web\n", Read(&["invalid-yaml"])),
    ("any.yml", "scrape_configs:\n  - job_name web\n    static_configs: []\n", Read(&["invalid-yaml"])),
    ("any.yml", "scrape_configs\n  - job_name: web\n    static_configs: []\n", Read(&["invalid-yaml"])),
    ("any.yml", "global: {scrape_interval: 1m, evaluation_intervall: 1m}\n", Read(&["unknown-field"])),
    ("any.yml", "  scrape_configs:\n  - job_name: web\n   static_configs: []\n", Read(&["invalid-yaml"])),
    ("any.yml", "scrape_configs: [{job_name: web}, {job_nam: x}]\n", Read(&["missing-job-name", "unknown-field"])),
    ("any.json", "{\"scrape_configs\": [{\"job_nam\": \"a\"}]}", Read(&["missing-job-name", "unknown-field"])),
    ("prometheus.yml", "- targets: [h]\n", Read(&["wrong-type"])),
    ("jobs.yml", "- job_name: web\n- job_name: web\n", Read(&["duplicate-job-name"])),
    ("jobs.yml", "- job_name: web\n  scrape_intervall: 1m\n", Read(&["unknown-field"])),
    ("jobs.yml", "- job_name: web\n\tstatic_configs: []\n", Read(&["invalid-yaml"])),
    ("job.yml", "job_name: web\nscrape_intervall: 1m\n", Read(&["unknown-field"])),
    ("rules.yml", "- source_labels: [a]\n  target_label: b\n  action: kep\n", Read(&["invalid-action"])),
    ("rules.yml", "- {source_labels: [a], regex: '(', action: keep}\n", Read(&["invalid-regex"])),
    ("targets.yml", "- targets: [h]\n  lables: {}\n", Read(&["unknown-field"])),
    ("targets.json", "[{\"targets\": [1]}]", Read(&["wrong-type"])),
    ("cm.yml", "kind: ConfigMap\ndata:\n  prometheus.yml: |\n    scrape_configs: [{}]\n", Read(&["missing-job-name"])),
    ("cm.yml", "metadata: {}\ndata:\n  p.yml: |\n    scrape_configs: [{}]\n", Read(&["missing-job-name"])),
    (
        "cm.yml",
        "kind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs:\n    \t- job_name: web\n",
        Read(&["invalid-yaml"]),
    ),
    ("secret.yml", "kind: Secret\nstringData:\n  jobs.yaml: |\n    - job_name: ''\n", Read(&["missing-job-name"])),
    ("secret.yml", "kind: Secret\ndata:\n  p.yml: c2NyYXBlX2NvbmZpZ3M6IFt7fV0K\n", Read(&["missing-job-name"])),
    (
        "all.yml",
        "kind: Service\napiVersion: v1\n---\nkind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs: [{}]\n",
        Read(&["missing-job-name"]),
    ),
    (
        "list.yml",
        "kind: List\nitems:\n- kind: ConfigMap\n  data:\n    p.yml: |\n      scrape_configs: [{}]\n",
        Read(&["missing-job-name"]),
    ),
    (
        "sm.yml",
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\n",
        Read(&["refused-object", "refused-object"]),
    ),
    ("sm.yml", "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nspec:\n\tx: 1\n", Read(&["invalid-yaml"])),
    (
        "vm.yml",
        "apiVersion: operator.victoriametrics.com/v1beta1\nkind: VMAgent\n",
        Named("a VMAgent of the VictoriaMetrics operator"),
    ),
    ("d.yml", "apiVersion: apps/v1\nkind: Deployment\n", Named("a Kubernetes Deployment")),
    (
        "cm.yml",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  promtail.yaml: |\n    clients: []\n    scrape_configs: []\n",
        Named("a Kubernetes ConfigMap with a promtail config"),
    ),
    ("cm.yml", "kind: ConfigMap\ndata: {prometheus.yml: 'scrape_configs: [{}]'}\n", Read(&["missing-job-name"])),
    ("cm.yml", "kind: ConfigMap\ndata:\n  p.yml: \"scrape_configs:\\n- {}\\n\"\n", Read(&["missing-job-name"])),
    (
        "cm.json",
        "{\"kind\": \"ConfigMap\", \"data\": {\"p.yml\": \"scrape_configs:\\n- {}\\n\"}}",
        Read(&["missing-job-name"]),
    ),
    ("cm.yml", "kind: ConfigMap\ndata:\n  p.yml: >\n    scrape_configs: [{}]\n", Read(&["missing-job-name"])),
    (
        "otel.yml",
        "receivers: {prometheus: {config: {scrape_configs: []}}}\nservice: {}\n",
        Named("an OpenTelemetry Collector config"),
    ),
    ("otel.yml", "receivers:\n  prometheus\n    config:\nservice:\n\tx\n", Named("an OpenTelemetry Collector config")),
    (
        "vmagent.yml",
        "scrape_configs: [{job_name: a, stream_parse: true}]\n",
        Named("a vmagent config with VictoriaMetrics' own fields"),
    ),
    (
        "vmagent.yml",
        "- {job_name: a, relabel_configs: [{action: drop_metrics, regex: a}]}\n",
        Named("a vmagent config with VictoriaMetrics' own action `drop_metrics`"),
    ),
    ("agent.yml", "metrics: {configs: [{name: a, scrape_configs: []}]}\n", Named("a Grafana Agent config")),
    ("promtail.yml", "positions: {}\nclients: []\nscrape_configs: []\n", Named("a promtail config")),
    ("config.alloy", "prometheus.scrape \"a\" {}\n", Named("a Grafana Alloy config")),
    ("parca.yml", "object_storage: {}\nscrape_configs: []\n", Named("a Parca config")),
    (
        "values.yml",
        "prometheus: {prometheusSpec: {additionalScrapeConfigs: []}}\n",
        Named("values of the Helm chart kube-prometheus-stack"),
    ),
    (
        "values.yml",
        "server: {}\nextraScrapeConfigs: |\n  - job_name: a\n",
        Named("values of the Helm chart prometheus"),
    ),
    ("compose.yml", "services: {web: {image: web}}\n", Named("a compose file")),
    ("alerts.yml", "groups: [{name: a, rules: []}]\n", Named("a file of alerting and recording rules")),
    ("am.yml", "route: {}\nreceivers: []\n", Named("an Alertmanager config")),
    ("a.yml", "scrape_configs:\n{{- range .jobs }}\n- job_name: {{ .name }}\n{{- end }}\n", Named("a Go template")),
    ("a.yml", "scrape_configs:\n{% for j in jobs %}\n- job_name: {{ j }}\n{% endfor %}\n", Named("a Jinja template")),
    ("a.yml", "scrape_configs:\n<% jobs.each do |j| %>\n- job_name: <%= j %>\n<% end %>\n", Named("an ERB template")),
    ("a.yml", "scrape_configs: ((jobs))\n", Named("a BOSH template with ((variables))")),
    ("a.yml", "scrape_configs: ${JOBS}\n", Named("a template whose sections are variables")),
    ("sd.json", "[{\"discoveredLabels\": {}, \"labels\": {}}]", Named("output of `promtool check service-discovery`")),
    ("a.yml", "scrape_configs:\n- job_name: '%{JOB}'\n", Named("a vmagent config with %{VARIABLES}")),
    (
        "prometheus.yml",
        "rule_files: [a.yml]\nscrape_configs: [{job_name: a, relabel_configs: [{action: drop_metrics}]}]\n",
        Read(&["invalid-action"]),
    ),
    (
        "notifier.yml",
        "static_configs:\n- targets: [h]\n  alert_relabel_configs: []\n",
        Named("a vmalert notifier config"),
    ),
    ("stack.yml", "AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n", Named("an AWS CloudFormation template")),
    ("notes.yml", "hello: [world]\n", Unknown),
];

fn found(run: &Run) -> Vec<&str> {
    let mut found: Vec<&str> = ids(&run.stdout).into_iter().filter(|id| !SOFT.contains(id)).collect();
    found.sort_unstable();
    found
}

/// Findings that are no load errors.
const SOFT: [&str; 3] = ["missing-targets", "missing-port", "missing-file"];

#[test]
fn each_kind_is_known_when_it_is_named_in_a_folder_through_standard_input_and_through_the_hook() {
    for (name, text, expected) in FILES {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("has a folder")).expect("can be made");
        std::fs::write(&path, text).expect("can be written");
        let lint = |more: &[&str], input: Option<&str>| {
            run(folder.path(), &[&["lint", "--format", "concise"], more].concat(), input)
        };
        let named = lint(&[name], None);
        let hook = lint(&["--only-recognized", name], None);
        let input = lint(&["-", "--stdin-filename", name], Some(text));
        let walked = lint(&["--verbose"], None);
        let context = format!("{name}: {text}");
        match expected {
            Read(wanted) => {
                let all = [("named", &named), ("hook", &hook), ("input", &input), ("walked", &walked)];
                for (how, run) in all {
                    assert_eq!(found(run), wanted, "{how}: {context}{}", run.stdout);
                    assert_eq!(run.status, i32::from(!wanted.is_empty()), "{how}: {context}{}", run.stderr);
                }
            }
            Named(what) => {
                for run in [&named, &input] {
                    let line = format!("{name}:1:1: error: the file is {what} [unsupported-format]\n");
                    assert_eq!((run.status, run.stdout.as_str()), (2, line.as_str()), "{context}");
                }
                assert_eq!((hook.status, hook.stdout.as_str()), (0, ""), "{context}");
                assert_eq!((walked.status, walked.stdout.as_str()), (0, ""), "{context}");
                // A walk looks at YAML and JSON only.
                let is_walked = !name.ends_with(".alloy");
                assert_eq!(walked.stderr.contains(&format!("note: skipped {name}: {what}\n")), is_walked, "{context}");
                assert_eq!(walked.stderr.contains("note: 1 file skipped: 1 "), is_walked, "{context}");
            }
            Unknown => {
                assert_eq!((named.status, ids(&named.stdout)), (2, vec!["unsupported-format"]), "{context}");
                assert_eq!((hook.status, walked.status), (0, 0), "{context}");
            }
        }
    }
}

#[test]
fn other_commands_refuse_what_is_not_read_with_status_2() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    std::fs::write(folder.path().join("c.yml"), "receivers: {}\nservice: {}\n").expect("can be written");
    std::fs::write(folder.path().join("t.yml"), "- targets: [h]\n").expect("can be written");
    std::fs::write(folder.path().join("p.yml"), "scrape_configs: [{job_name: a}]\n").expect("can be written");
    for (arguments, words) in [
        (&["simulate", "c.yml"][..], "c.yml is an OpenTelemetry Collector config"),
        (&["relabel", "--rules", "c.yml"][..], "c.yml is an OpenTelemetry Collector config"),
        (&["add-label", "c.yml", "a=b"][..], "the file is an OpenTelemetry Collector config"),
        (&["simulate", "t.yml"][..], "t.yml is a file of target groups, and has no scrape configs"),
        (&["relabel", "--rules", "t.yml"][..], "t.yml is a file of target groups, not a list of relabel rules"),
        (&["relabel", "--rules", "p.yml"][..], "p.yml is a Prometheus config, not a list of relabel rules"),
        (&["simulate", "p.yml", "--targets", "p.yml"][..], "p.yml is a Prometheus config, and holds no targets"),
        (&["simulate", "p.yml", "--targets", "c.yml"][..], "c.yml is an OpenTelemetry Collector config"),
    ] {
        let run = run(folder.path(), arguments, None);
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn a_target_file_that_is_something_else_is_named() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let config = "scrape_configs: [{job_name: a, file_sd_configs: [{files: [t.yml]}]}]\n";
    std::fs::write(folder.path().join("prometheus.yml"), config).expect("can be written");
    std::fs::write(folder.path().join("t.yml"), "scrape_configs:\n- job_name: x\n").expect("can be written");
    let run = run(folder.path(), &["lint", "--format", "concise", "prometheus.yml"], None);
    assert_eq!(run.stdout, "t.yml:1:1: error: job a: the target file is a Prometheus config [wrong-type]\n");
}

#[test]
fn lists_and_secrets_are_simulated_and_edited_where_they_are() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("can be written");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("can be read");
    write("jobs.yml", "- job_name: web\n  static_configs:\n  - targets: ['h:1']\n");
    write("job.yml", "job_name: web\nstatic_configs:\n- targets: ['h:1']\n");
    // scrape_configs: [{job_name: web, static_configs: [{targets: ['h:1']}]}]
    let encoded = "c2NyYXBlX2NvbmZpZ3M6IFt7am9iX25hbWU6IHdlYiwgc3RhdGljX2NvbmZpZ3M6IFt7dGFyZ2V0czogWydoOjEnXX1dfV0K";
    write("secret.yml", &format!("kind: Secret\ndata:\n  p.yml: {encoded}\n  other: eA==\n"));
    for name in ["jobs.yml", "job.yml", "secret.yml"] {
        let shown = run(folder.path(), &["simulate", name], None);
        assert!(shown.stdout.contains("+ h:1  http://h:1/metrics"), "{name}: {}{}", shown.stdout, shown.stderr);
        let edited = run(folder.path(), &["add-label", name, "env=prod"], None);
        assert_eq!(edited.status, 0, "{name}: {}", edited.stderr);
        let shown = run(folder.path(), &["simulate", name], None);
        assert!(shown.stdout.contains("env=\"prod\""), "{name}: {}", shown.stdout);
    }
    assert_eq!(
        read("jobs.yml"),
        "- job_name: web\n  static_configs:\n  - targets: ['h:1']\n    labels:\n      env: prod\n"
    );
    assert_eq!(read("job.yml"), "job_name: web\nstatic_configs:\n- targets: ['h:1']\n  labels:\n    env: prod\n");
    assert!(read("secret.yml").ends_with("\n  other: eA==\n"));
}

#[test]
fn a_list_is_judged_with_the_default_globals_and_that_is_said_once() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for name in ["a.yml", "b.yml"] {
        let text = format!("- job_name: {name}\n  static_configs: [{{targets: ['h:1']}}]\n");
        std::fs::write(folder.path().join(name), text).expect("can be written");
    }
    let run = run(folder.path(), &["lint"], None);
    let note = "note: a.yml and another file: linted with the default `global` section, as the config is unknown\n";
    assert_eq!((run.status, run.stderr.as_str()), (0, note));
}

#[test]
fn objects_that_are_not_read_are_counted_beside_the_configs_that_are() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let monitor = "apiVersion: azmonitoring.coreos.com/v1\nkind: ServiceMonitor\n---\n";
    let config = "kind: ConfigMap\ndata:\n  p.yml: |\n    scrape_configs: [{}]\n";
    let text = format!("{monitor}{monitor}apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\n---\n{config}");
    let run = run(folder.path(), &["lint", "--format", "concise", "-"], Some(&text));
    assert_eq!(ids(&run.stdout), ["missing-job-name"]);
    assert_eq!((run.status, run.stderr.as_str()), (1, "note: <stdin>: not read: 2 ServiceMonitors\n"));
}

#[test]
fn texts_of_secrets_that_cannot_be_decompressed_are_reported_and_never_shown() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().expect("a folder can be made");
    let compressed = |text: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).expect("can be compressed");
        encoder.finish().expect("can be compressed")
    };
    let secret = |bytes: &[u8]| {
        let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
        (format!("{{\"kind\": \"Secret\", \"data\": {{\"p.yaml.gz\": \"{encoded}\"}}}}\n"), encoded)
    };
    let config = b"scrape_configs:\n- job_name: web\n  scrape_intervall: 1m\n";
    let (good, encoded) = secret(&compressed(config));
    let shown = run(folder.path(), &["lint", "-", "--stdin-filename", "s.json"], Some(&good));
    assert_eq!(shown.status, 1);
    assert!(shown.stdout.contains("unknown field `scrape_intervall`"), "{}", shown.stdout);
    assert!(!shown.stdout.contains(&encoded[..24]), "{}", shown.stdout);
    let large = [&config[..], &vec![b' '; 64 << 20]].concat();
    let cut = compressed(config);
    for (bytes, why) in [
        (compressed(&large), "it is larger than 64 MiB when decompressed"),
        (cut[..cut.len() - 12].to_vec(), "its gzip data is damaged"),
    ] {
        let (text, _) = secret(&bytes);
        let arguments = ["lint", "--format", "concise", "-", "--stdin-filename", "s.json"];
        let run = run(folder.path(), &arguments, Some(&text));
        let message = format!("error: cannot read the text of `p.yaml.gz`: {why} [unsupported-format]\n");
        assert_eq!(run.status, 2, "{why}");
        assert!(run.stdout.ends_with(&message), "{}", run.stdout);
    }
}

#[test]
fn a_config_in_a_quoted_scalar_is_edited_inside_it() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let config = r"scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['h:1']\n";
    let manifest = |config: &str| format!("{{\"kind\": \"ConfigMap\", \"data\": {{\"p.yml\": \"{config}\"}}}}\n");
    std::fs::write(folder.path().join("cm.json"), manifest(config)).expect("can be written");
    let run = run(folder.path(), &["add-label", "cm.json", "env=prod"], None);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let written = std::fs::read_to_string(folder.path().join("cm.json")).expect("can be read");
    assert_eq!(written, manifest(&format!(r"{config}    labels:\n      env: prod\n")));
}
