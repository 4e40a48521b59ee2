//! `--through-anchor` for fields, jobs, targets and objects: with copies, and in what is shared.

use super::run::Fixture;

const SHARED: &str = "global:
  scrape_interval: &i 30s
scrape_configs:
  - &base
    job_name: web
    scrape_interval: *i
    static_configs: &st
      - targets: &t ['10.0.0.1:9100', '10.0.0.9:9100']
        labels: {env: &e prod}
      - &g
        targets: [a:1]
    relabel_configs: &rules
      # the host of the target
      - {source_labels: [__address__], target_label: host}   # always
  - job_name: db
    static_configs: *st
    relabel_configs: *rules   # the same
  - <<: *base
    job_name: merged
    metric_relabel_configs: *rules
  - job_name: last
    static_configs:
      - targets: *t
      - *g
    relabel_configs: [{target_label: x, replacement: *e}]
";

const OBJECTS: &str = "apiVersion: v1
kind: ConfigMap
metadata: {name: p}
data:
  prometheus.yml: |
    scrape_configs:
    - job_name: a
      relabel_configs: &r
      - {source_labels: [__address__], target_label: host}
      static_configs: [{targets: [h]}]
    - {job_name: b, relabel_configs: *r, static_configs: [{targets: [i]}]}
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {}
  podMetricsEndpoints:
  - port: http
    relabelings: &rules
    # why
    - {sourceLabels: [__meta_kubernetes_pod_name], targetLabel: pod2}
  - {port: admin, relabelings: *rules}
  - &e
    port: other
    metricRelabelings:
    - {regex: tmp, action: labeldrop}
  - <<: *e
    port: more
---
apiVersion: v1
kind: List
items:
- apiVersion: monitoring.coreos.com/v1
  kind: ServiceMonitor
  metadata: {name: one, namespace: shop}
  spec:
    selector: {}
    endpoints:
    - {port: http, metricRelabelings: &lm [{regex: tmp, action: labeldrop}]}
- apiVersion: monitoring.coreos.com/v1
  kind: ServiceMonitor
  metadata: {name: two, namespace: shop}
  spec:
    selector: {}
    endpoints:
    - port: http
      metricRelabelings: *lm
";

/// Runs a command on a text, its words parted by blanks; a second run has nothing to do, or finds nothing.
fn shown(text: &str, line: &str) -> String {
    let fixture = Fixture::of_text("p.yml", text);
    let words: Vec<&str> = line.split(' ').collect();
    let outcome = fixture.run(words[0], &words[1..]);
    assert_eq!(outcome.status == 0, fixture.has_changed(), "{line}: {}", outcome.shown());
    if outcome.status == 0 {
        let after = fixture.text();
        let again = fixture.run(words[0], &words[1..]);
        let is_done = again.stdout.starts_with("nothing to do: ") || again.status == 2;
        assert!(is_done && fixture.text() == after, "{line}: {}", again.shown());
    }
    format!("=== {line}\n{}", outcome.shown())
}

fn all(text: &str, lines: &[&str]) -> String {
    lines.iter().map(|line| shown(text, line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn fields_are_set_and_removed_through_anchors() {
    insta::assert_snapshot!(all(
        SHARED,
        &[
            "set scrape_interval=15s --job web",
            "set scrape_interval=15s --job web --through-anchor expand",
            "set scrape_interval=15s --job web --through-anchor change",
            "set scrape_interval=15s --job merged --through-anchor expand",
            "set scrape_interval=15s --all-jobs --through-anchor expand",
            "set global.scrape_interval=15s --through-anchor expand",
            "set global.scrape_interval=15s --through-anchor change",
            "set relabel_configs[0].target_label=h2 --job web --job db --job merged --through-anchor change",
            "unset relabel_configs --job db",
            "unset relabel_configs --job merged --through-anchor expand",
            "unset relabel_configs --job web --through-anchor expand",
            "limit --samples 100 --job web --through-anchor expand",
        ],
    ));
}

#[test]
fn targets_are_added_removed_and_moved_through_anchors() {
    insta::assert_snapshot!(all(
        SHARED,
        &[
            "add-target n:1 --job db",
            "add-target n:1 --job db --through-anchor expand",
            "add-target n:1 --all-jobs --through-anchor change",
            "add-target n:1 --job db --through-anchor change",
            "remove-target 10.0.0.9:9100 --all-jobs --through-anchor change",
            "remove-target 10.0.0.9:9100 --job last --through-anchor expand",
            "remove-target a:1 --job last --through-anchor expand",
            "move-target 10.0.0.9:9100 --job web --to last --through-anchor expand",
            "move-target 10.0.0.9:9100 --job web --to db --through-anchor change",
        ],
    ));
}

#[test]
fn jobs_are_removed_renamed_and_copied_through_anchors() {
    insta::assert_snapshot!(all(
        SHARED,
        &[
            "remove-job web",
            "remove-job web --through-anchor expand",
            "remove-job web --through-anchor change",
            "remove-job db merged",
            "rename-job web new",
            "rename-job web new --keep-label --through-anchor expand",
            "rename-job db new --keep-label --through-anchor change",
            "copy-job web new",
            "copy-job merged new",
            "add-job new --preset static --target n:1",
        ],
    ));
}

#[test]
fn manifests_and_objects_are_edited_through_anchors() {
    insta::assert_snapshot!(all(
        OBJECTS,
        &[
            "add-label env=prod --method relabel --job b --through-anchor expand",
            "set relabel_configs[0].target_label=h2 --job a --job b --through-anchor change",
            "remove-job a --through-anchor expand",
            "add-label env=prod --job podMonitor/shop/web/1 --through-anchor expand",
            "add-label env=prod --job podMonitor/shop/web/1 --through-anchor change",
            "add-label env=prod --job podMonitor/shop/web/0 --job podMonitor/shop/web/1 --through-anchor change",
            "drop-label foo --stage metric --job podMonitor/shop/web/2 --through-anchor expand",
            "drop-label foo --stage metric --job podMonitor/shop/web/3 --through-anchor expand",
            "drop-label foo --stage metric --job serviceMonitor/shop/two/0 --through-anchor expand",
            "drop-label foo --stage metric --job serviceMonitor/shop/one/0 --through-anchor change",
            "drop-label foo --stage metric --job serviceMonitor/shop/* --through-anchor change",
        ],
    ));
}

#[test]
fn a_commented_target_keeps_its_comment_in_brackets() {
    let from = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets:\n    # rack 7\n    - h:1 # old\n    - h:2\n- job_name: b\n  static_configs:\n";
    let moved = |to: &str| {
        let fixture = Fixture::of_text("p.yml", &format!("{from}{to}"));
        let outcome = fixture.run("move-target", &["h:1", "--to", "b"]);
        assert_eq!(outcome.status == 0, fixture.has_changed(), "{}", outcome.shown());
        fixture.text().split_once("job_name: b\n  static_configs:\n").unwrap().1.to_string()
    };
    assert_eq!(moved("  - targets: [x]\n"), "  - targets: [x, h:1]  # rack 7 # old\n");
    assert_eq!(moved("  - {targets: [x]}\n"), "  - {targets: [x, h:1]}  # rack 7 # old\n");
    let lines = "    - x\n    # rack 7\n    - h:1 # old\n";
    assert_eq!(moved("  - targets: [x]  # mine\n"), format!("  - targets:   # mine\n{lines}"));
    // What is in brackets over several lines stays so.
    let over_lines = "  - targets: [\n      x, # mine\n    ]\n";
    assert_eq!(moved(over_lines), over_lines);
}
