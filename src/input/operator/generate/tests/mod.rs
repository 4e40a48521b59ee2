//! Generated values know what they were made of, and relabel rules know who wrote them.

mod sections;

use crate::config::RuleAuthor;
use crate::input::operator::{OperatorObjects, RenderOptions, render};
use crate::options::Options;
use crate::text::{FileId, Location, Sources, Span};
use crate::yaml::Tree;

/// The config of one manifest.
struct Rendered {
    sources: Sources,
    text: String,
    file: FileId,
    authors: Vec<Vec<RuleAuthor>>,
}

impl Rendered {
    fn new(manifest: &str) -> Self {
        let mut sources = Sources::new();
        let written = sources.add("a.yml", manifest);
        let mut objects = OperatorObjects::default();
        objects.add(&Tree::parse(manifest), written);
        let rendering = &render(&objects, &RenderOptions::default())[0];
        let generated = rendering.config.as_ref().unwrap();
        let text = generated.text().to_string();
        let file = generated.add_to(&mut sources, "prometheus.yml");
        let (config, _) = rendering.read(&mut sources, &Options::default()).unwrap();
        let authors =
            config.scrape_configs.iter().map(|job| job.relabel_configs.iter().map(|rule| rule.author).collect());
        Self { authors: authors.collect(), sources, text, file }
    }

    /// As [`origin`](Self::origin), of a text.
    fn origin_of(&self, text: &str) -> String {
        let start = self.text.find(text).unwrap_or_else(|| panic!("no {text:?} in\n{}", self.text));
        self.origin_at(Span::new(start, start + text.len()))
    }

    /// The text that the value after the text `before` was made of, with its line: `=` if it is written there, `~`
    /// if it was made because of it.
    fn origin(&self, before: &str) -> String {
        let start = self.text.find(before).unwrap_or_else(|| panic!("no {before:?} in\n{}", self.text)) + before.len();
        let end = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end);
        self.origin_at(Span::new(start, end))
    }

    fn origin_at(&self, span: Span) -> String {
        let place = Location::new(self.file, span);
        let outer = self.sources.outermost(place);
        let sign = if self.sources.is_written(place) { '=' } else { '~' };
        let text = self.sources.text(outer.file);
        let line = text[..outer.span.start as usize].matches('\n').count() + 1;
        let excerpt = outer.span.of(text).lines().next().unwrap_or("");
        format!("{line}{sign}{excerpt}")
    }
}

const SERVICE_MONITOR: &str = "\
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: cart, namespace: shop}
spec:
  selector:
    matchLabels: {app: v1.2}
    matchExpressions:
    - {key: tier, operator: In, values: [a, b]}
  jobLabel: team
  targetLabels: [app.kubernetes.io/name]
  sampleLimit: 500
  endpoints:
  - port: web
    path: /stats
    interval: 15s
    scheme: HTTPS
    basicAuth:
      username: {name: login, key: user}
      password: {name: login, key: password}
    relabelings:
    - sourceLabels: [__meta_kubernetes_pod_node_name]
      targetLabel: node_name
      action: Replace
    metricRelabelings:
    - {regex: 'go_.*', action: labeldrop}
";

#[test]
fn values_of_a_service_monitor_point_into_it() {
    let rendered = Rendered::new(SERVICE_MONITOR);
    let origins: Vec<String> = [
        "job_name: ",
        "role: endpoints\n    namespaces:\n      names:\n      - shop\n  scrape_interval: ",
        "metrics_path: ",
        "scheme: ",
        "username: ",
        "labelpresent_app\n    regex: ",
        "labelpresent_tier\n    regex: ",
        "endpoint_port_name\n    regex: ",
        "- __meta_kubernetes_service_label_app_kubernetes_io_name\n    target_label: ",
        "- __meta_kubernetes_service_label_team\n    target_label: ",
        "target_label: endpoint\n    replacement: ",
        "target_label: node_name\n    action: ",
        "- __meta_kubernetes_pod_node_name\n    target_label: ",
        "sample_limit: ",
        "- regex: ",
    ]
    .map(|before| rendered.origin(before))
    .to_vec();
    assert_eq!(
        origins,
        [
            "3~cart",
            "15=15s",
            "14=/stats",
            "16~HTTPS",
            "18~{name: login, key: user}",
            "6~v1.2",
            "8~[a, b]",
            "13=web",
            "10~app.kubernetes.io/name",
            "9~team",
            "13=web",
            "23=Replace",
            "22=node_name",
            "11=500",
            "25=go_.*",
        ]
    );
}

#[test]
fn each_rule_has_its_author() {
    use RuleAuthor::{Class, Enforced, Fixed, Sharding, User};
    let server = "\
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: main, namespace: mon}
spec:
  serviceMonitorSelector: {}
  serviceMonitorNamespaceSelector: {}
  enforcedNamespaceLabel: tenant
  shards: 2
  scrapeClasses:
  - name: all
    default: true
    relabelings: [{targetLabel: class, replacement: all}]
";
    let rendered = Rendered::new(&format!("{SERVICE_MONITOR}{server}"));
    let [authors] = &rendered.authors[..] else { panic!("{}", rendered.text) };
    let mut expected = vec![Fixed; 15];
    expected.extend([Class, User, Enforced, Sharding, Sharding, Sharding]);
    assert_eq!(*authors, expected);
    let origins = ["target_label: tenant\n    replacement: ", "target_label: class\n    replacement: ", "modulus: "]
        .map(|before| rendered.origin(before));
    assert_eq!(origins, ["33~tenant", "38=all", "34~2"]);
}

#[test]
fn values_of_a_pod_monitor_point_into_it() {
    let rendered = Rendered::new(
        "\
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: cart
spec:
  selector: {matchExpressions: [{key: app, operator: Exists}]}
  namespaceSelector: {matchNames: [shop]}
  podTargetLabels: [app, app.team]
  podMetricsEndpoints:
  - portNumber: 8080
    relabelings:
    - {sourceLabels: [__meta_kubernetes_pod_ip], targetLabel: ip}
  - targetPort: 0
",
    );
    let origins = [
        "names:\n      - ",
        "labelpresent_app\n    regex: ",
        "port_number\n    regex: ",
        "target_label: app\n    regex: ",
        "target_label: job\n    replacement: ",
        "- __meta_kubernetes_pod_ip\n    target_label: ",
        "target_label: ",
        "target_label: endpoint\n    replacement: ",
    ]
    .map(|before| rendered.origin(before));
    assert_eq!(
        origins,
        [
            "7=shop",
            "6~{key: app, operator: Exists}",
            "10=8080",
            "8~app",
            "4~cart",
            "12=ip",
            "10~portNumber: 8080",
            "13=0"
        ]
    );
    assert!(rendered.text.contains("target_label: app_team"));
}

#[test]
fn values_of_global_point_into_the_server() {
    let rendered = Rendered::new(
        "\
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: main, namespace: mon}
spec:
  scrapeInterval: 1m
  prometheusExternalLabelName: server
  replicaExternalLabelName: ''
  externalLabels: {zone: a, server: mine}
  sampleLimit: 10
  enforcedSampleLimit: 5
  queryLogFile: queries.log
  nameEscapingScheme: AllowUTF8
  probeSelector: {}
",
    );
    let origins =
        ["scrape_interval: ", "server: ", "zone: ", "sample_limit: ", "query_log_file: ", "escaping_scheme: "]
            .map(|before| rendered.origin(before));
    assert_eq!(origins, ["5=1m", "6~server", "8=a", "10=5", "11~queries.log", "12~AllowUTF8"]);
    assert!(rendered.text.contains("server: mon/main") && rendered.text.contains("/var/log/prometheus/queries.log"));
    assert!(!rendered.text.contains("prometheus_replica"));
}

#[test]
fn keys_and_entries_of_user_rules_point_to_those_in_the_object() {
    let rendered = Rendered::new(
        "\
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: cart}
spec:
  selector: {}
  podMetricsEndpoints:
  - relabelings:
    - targetLabel: team
      replacement: shop
    - sourceLabels: [__meta_kubernetes_pod_ip]
      targetLabel: ip
      action: Replace
",
    );
    let origins = [
        "target_label: team",
        "target_label: team\n    replacement: shop",
        "team\n    replacement",
        "replacement: shop\n    action: replace",
        "source_labels:\n    - __meta_kubernetes_pod_ip",
        "ip\n    action: replace",
    ]
    .map(|text| rendered.origin_of(text));
    assert_eq!(
        origins,
        [
            "8=targetLabel: team",
            "8=targetLabel: team",
            "8=targetLabel: team",
            "8=targetLabel: team",
            "10=sourceLabels: [__meta_kubernetes_pod_ip]",
            "10=sourceLabels: [__meta_kubernetes_pod_ip]",
        ]
    );
    let rule = rendered.text.find("target_label: team").unwrap();
    let text = &rendered.text[rule..];
    let action = rule + text.find("action: replace").unwrap();
    // No one wrote it.
    assert_eq!(rendered.origin_at(Span::new(action, action + 15)), "8~targetLabel: team");
    let key = rendered.text.find("action: replace\n  - source_labels:\n    - __address__").unwrap();
    assert_eq!(rendered.origin_at(Span::new(key, key + 6)), "12=action");
    assert_eq!(rendered.origin_at(Span::new(key, key + 15)), "12=action: Replace");
}
