//! Edits of the relabel rules of ServiceMonitors and their kin: in the objects, proved on the generated jobs.

use promcfg::edit::{AddLabel, FilterMetrics, LabelStage, MetricFilter, RemoveLabel, Selection};
use promcfg::{Document, Options};

use super::run::{Fixture, visible};

const BLOCK: &str = "# the shop
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
---
# scraped by all
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: web
  namespace: shop
spec:
  selector: {}
  endpoints:
    - port: http  # public
      relabelings:
        # where it runs
        - sourceLabels: [__meta_kubernetes_pod_node_name]
          targetLabel: node
          action: Replace   # as in the chart
    - port: admin  # private
      interval: 30s
---
apiVersion: monitoring.coreos.com/v1
kind: Probe
metadata: {name: page, namespace: shop}
spec:
  prober: {url: \"blackbox:9115\"}
  targets:
    staticConfig:
      static: [\"https://example.org\"]
";

const FLOW: &str = "apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: web, namespace: shop}
spec: {selector: {}, podMetricsEndpoints: [{port: http, relabelings: [{targetLabel: team, replacement: a}]}, {port: admin}]}
";

const LIST: &str = "apiVersion: v1
kind: List
items:
- apiVersion: monitoring.coreos.com/v1alpha1
  kind: ScrapeConfig
  metadata: {name: hosts, namespace: shop}
  spec:
    staticConfigs:
    - targets: ['10.0.0.1:9100']   # rack 7
- apiVersion: monitoring.coreos.com/v1
  kind: PodMonitor
  metadata:
    name: web
  spec:
    selector: {}
    podMetricsEndpoints:
    - port: http
      relabelings: []   # none yet
";

const SERVERS: &str = "apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: k8s, namespace: mon}
spec:
  shards: 3
  enforcedNamespaceLabel: tenant
  podMonitorSelector: {}
  podMonitorNamespaceSelector: {}
  scrapeConfigSelector: {}
  scrapeConfigNamespaceSelector: {}
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: other, namespace: mon}
spec: {podMonitorSelector: {}, podMonitorNamespaceSelector: {}}
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {}
  podMetricsEndpoints:
  - port: http
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: {name: hosts, namespace: shop}
spec:
  staticConfigs:
  - targets: ['10.0.0.1:9100']
";

/// Runs `COMMAND FILE ARGUMENTS…`: what comes out, and the file. A second run changes nothing.
fn run(text: &str, words: &[&str]) -> (String, Fixture) {
    let fixture = Fixture::of_text("objects.yml", text);
    let outcome = fixture.run(words[0], &words[1..]);
    assert_eq!(outcome.status == 0, fixture.has_changed(), "{}", outcome.shown());
    if outcome.status == 0 {
        let after = fixture.text();
        let again = fixture.run(words[0], &words[1..]);
        assert!(again.stdout.starts_with("nothing to do: ") && fixture.text() == after, "{}", again.shown());
    }
    (format!("$ promcfg {}\n{}", words.join(" "), outcome.shown()), fixture)
}

fn shown(text: &str, runs: &[&[&str]]) -> String {
    runs.iter().map(|words| run(text, words).0).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_label_is_added_to_the_lists_of_the_objects() {
    insta::assert_snapshot!(shown(
        BLOCK,
        &[
            &["add-label", "env=prod", "--all-jobs"],
            &["add-label", "env=prod", "--job", "serviceMonitor/shop/web/*", "--stage", "metric"],
            &["add-label", "env=prod", "--job", "probe/shop/page", "--stage", "metric", "--overwrite"],
        ]
    ));
}

#[test]
fn flow_lists_stay_flow_lists() {
    insta::assert_snapshot!(shown(FLOW, &[&["add-label", "env=prod", "--job", "podMonitor/shop/web/?"]]));
}

#[test]
fn objects_of_a_list_are_edited_and_empty_lists_filled() {
    insta::assert_snapshot!(shown(
        LIST,
        &[
            &["add-label", "env=prod", "--all-jobs"],
            &["add-label", "env=prod", "--job", "scrapeConfig/shop/hosts", "--stage", "metric"],
        ]
    ));
}

#[test]
fn rules_come_before_those_that_prometheus_objects_enforce() {
    let (output, fixture) = run(SERVERS, &["add-label", "env=prod", "--job", "podMonitor/shop/web/0"]);
    let before = "  - port: http\n";
    let after =
        SERVERS.replace(before, "  - port: http\n    relabelings:\n    - targetLabel: env\n      replacement: prod\n");
    assert_eq!(fixture.text(), after, "{output}");
}

#[test]
fn labels_of_the_operator_are_named_in_refusals() {
    insta::assert_snapshot!(shown(
        SERVERS,
        &[
            &["add-label", "namespace=x", "--job", "podMonitor/shop/web/0"],
            &["add-label", "tenant=x", "--overwrite", "--job", "podMonitor/shop/web/0"],
            &["add-label", "env=prod", "--job", "scrapeConfig/shop/hosts"],
            &["add-label", "env=prod", "--job", "scrapeConfig/shop/hosts", "--method", "static"],
            &["add-target", "10.0.0.2:9100", "--job", "scrapeConfig/shop/hosts"],
            &["set", "scrape_interval=30s", "--job", "scrapeConfig/shop/hosts"],
        ]
    ));
}

#[test]
fn what_objects_share_is_not_changed() {
    let text = "kind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\n\
                metadata: {name: web}\nspec:\n  selector: {}\n  podMetricsEndpoints:\n  - &e\n    port: a\n    \
                relabelings: &r\n    - {targetLabel: team, replacement: a}\n  - port: b\n    relabelings: *r\n  - *e\n";
    insta::assert_snapshot!(shown(
        text,
        &[
            &["add-label", "env=prod", "--job", "podMonitor/default/web/0"],
            &["add-label", "env=prod", "--job", "podMonitor/default/web/1"],
            &["add-label", "env=prod", "--job", "podMonitor/default/web/2"],
        ]
    ));
}

#[test]
fn other_commands_on_rules_edit_objects() {
    let job = ["--job", "podMonitor/shop/web/0"];
    let words = |words: &[&'static str]| [words, &job].concat();
    let runs = [
        words(&["rename-label", "team", "squad"]),
        words(&["drop-label", "pod"]),
        words(&["drop-metric", "go_.*"]),
        words(&["keep-metric", "shop_.*"]),
        words(&["add-label", "app", "--from", "container"]),
        words(&["map-labels", "__meta_kubernetes_pod_label_"]),
    ];
    insta::assert_snapshot!(shown(FLOW, &runs.iter().map(Vec::as_slice).collect::<Vec<_>>()));
}

#[test]
fn the_value_of_a_rule_of_the_object_is_replaced() {
    let (output, fixture) = run(FLOW, &["add-label", "team=b", "--overwrite", "--job", "podMonitor/shop/web/0"]);
    assert_eq!(fixture.text(), FLOW.replace("replacement: a", "replacement: b"), "{output}");
}

/// Adds a label and takes it out again, at both stages.
#[test]
fn removing_undoes_adding_byte_for_byte() {
    for text in [BLOCK, FLOW, SERVERS] {
        for text in [text.to_string(), text.replace('\n', "\r\n")] {
            for stage in [LabelStage::Target, LabelStage::Metric] {
                let mut document = Document::new("objects.yml", text.as_str(), &Options::default());
                let mut jobs: Vec<String> = document.jobs().iter().map(|job| job.job_name.value.clone()).collect();
                jobs.retain(|job| !job.starts_with("scrapeConfig/"));
                let selection = Selection { jobs, ..Selection::default() };
                let (name, value) = ("env".to_string(), "prod".to_string());
                let add =
                    AddLabel { name: name.clone(), value, stage, selection: selection.clone(), ..AddLabel::default() };
                let change = document.add_label(&add).unwrap();
                let after = change.files[0].after();
                assert_eq!(after.matches("\r\n").count() > 0, text.contains('\r'));
                assert_eq!(after.replace("\r\n", "").contains('\n'), !text.contains('\r'));
                let mut document = Document::new("objects.yml", after.as_str(), &Options::default());
                let remove = RemoveLabel { name, stage, selection, ..RemoveLabel::default() };
                let back = document.remove_label(&remove).unwrap();
                assert_eq!(visible(&back.files[0].after()), visible(&text));
            }
        }
    }
}

#[test]
fn rules_are_added_after_those_of_a_scrape_class() {
    let class = "  scrapeClasses:\n  - name: c\n    default: true\n    relabelings:\n    - {targetLabel: zone, replacement: a}\n    \
                 metricRelabelings:\n    - {action: drop, sourceLabels: [__name__], regex: tmp_.*}\n";
    let text = SERVERS.replace("  shards: 3\n", &format!("  shards: 3\n{class}"));
    insta::assert_snapshot!(shown(
        &text,
        &[
            &["add-label", "zone=b", "--job", "podMonitor/shop/web/0"],
            &["add-label", "zone=b", "--overwrite", "--job", "podMonitor/shop/web/0"],
        ]
    ));
}

#[test]
fn a_pattern_of_samples_is_added_to_the_rule_that_was_added() {
    let mut text = SERVERS.to_string();
    for pattern in ["go_.*", "python_.*"] {
        let mut document = Document::new("objects.yml", text.as_str(), &Options::default());
        let selection = Selection { jobs: vec!["podMonitor/shop/web/0".into()], ..Selection::default() };
        let patterns = vec![pattern.to_string()];
        let filter = FilterMetrics { filter: MetricFilter::Drop, patterns, selection };
        text = document.filter_metrics(&filter).unwrap().files[0].after();
    }
    let rule = "  - port: http\n    metricRelabelings:\n    - sourceLabels: [__name__]\n      regex: go_.*|python_.*\n      action: drop\n";
    assert_eq!(text, SERVERS.replace("  - port: http\n", rule));
}
