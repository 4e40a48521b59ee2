//! Targets and jobs of objects of prometheus-operator: written in the objects, or refused with the way to do it.

use super::run::Fixture;

const TEXT: &str = "# all hosts

apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: {name: hosts, namespace: shop}
spec:
  staticConfigs:
  - targets:
    - 10.0.0.1:9100   # rack 7
    - 10.0.0.2:9100
    labels: {env: prod}
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: {name: files, namespace: shop}
spec:
  fileSDConfigs:
  - files: [/etc/x/*.json]
---
apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: {name: consul, namespace: shop}
spec: {consulSDConfigs: [{server: 'consul:8500'}]}
---
apiVersion: monitoring.coreos.com/v1
kind: Probe
metadata: {name: page, namespace: shop}
spec:
  prober: {url: \"blackbox:9115\"}
  targets:
    staticConfig:
      labels: {team: a}
      static:
      - https://example.org # main
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: web}
spec:
  selector: {}
  podMetricsEndpoints:
  - port: a # first
  # the second
  - port: b
    interval: 10s
  - port: c
";

fn shown(text: &str, runs: &[&[&str]]) -> String {
    let run = |words: &&[&str]| {
        let fixture = Fixture::of_text("objects.yml", text);
        let outcome = fixture.run(words[0], &words[1..]);
        assert_eq!(outcome.status == 0, fixture.has_changed(), "{}", outcome.shown());
        format!("$ promcfg {}\n{}", words.join(" "), outcome.shown())
    };
    runs.iter().map(run).collect::<Vec<_>>().join("\n")
}

const HOSTS: &str = "scrapeConfig/shop/hosts";
const PAGE: &str = "probe/shop/page";
const FIRST: &str = "podMonitor/default/web/0";

#[test]
fn targets_are_written_in_scrape_configs_and_probes() {
    insta::assert_snapshot!(shown(
        TEXT,
        &[
            &["add-target", "10.0.0.{3..4}:9100", "--job", HOSTS, "--label", "env=prod"],
            &["add-target", "10.0.0.3:9100", "--job", HOSTS, "--label", "zone=b", "--label", "env=x"],
            &["add-target", "10.0.0.3:9100", "--job", "scrapeConfig/shop/consul"],
            &["add-target", "https://example.com", "--job", PAGE],
            &["remove-target", "10.0.0.1:9100"],
            &["remove-target", "10.0.0.{1..2}:9100"],
            &["remove-target", "https://example.org"],
            &["move-target", "10.0.0.1:9100", "--to", "scrapeConfig/shop/consul"],
        ]
    ));
}

#[test]
fn targets_that_come_from_elsewhere_are_refused() {
    insta::assert_snapshot!(shown(
        TEXT,
        &[
            &["add-target", "10.0.0.3:9100", "--job", "scrapeConfig/shop/files"],
            &["add-target", "https://example.com", "--job", PAGE, "--label", "a=b"],
            &["add-target", "h:1", "--job", FIRST],
            &["remove-target", "h:1", "--job", FIRST],
            &["move-target", "10.0.0.1:9100", "--to", FIRST],
            &["move-target", "https://example.org", "--to", HOSTS],
        ]
    ));
}

#[test]
fn endpoints_and_objects_go_and_later_jobs_get_other_names() {
    insta::assert_snapshot!(shown(
        TEXT,
        &[
            &["remove-job", "podMonitor/default/web/1"],
            &["remove-job", "podMonitor/default/web/*"],
            &["remove-job", HOSTS, PAGE],
            &["remove-job", "*"],
        ]
    ));
    let list = "apiVersion: v1\nkind: List\nitems:\n# the first\n- apiVersion: monitoring.coreos.com/v1\n  kind: PodMonitor\n  \
                metadata: {name: web}\n  spec: {selector: {}, podMetricsEndpoints: [{port: a}]}\n# the second\n- kind: Service\n  \
                apiVersion: v1\n  metadata: {name: web}\n";
    insta::assert_snapshot!(shown(list, &[&["remove-job", FIRST]]));
}

#[test]
fn names_that_the_operator_makes_are_not_changed() {
    insta::assert_snapshot!(shown(
        TEXT,
        &[
            &["rename-job", HOSTS, "x"],
            &["rename-job", FIRST, "x"],
            &["copy-job", FIRST, "x"],
            &["copy-job", HOSTS, "x"],
            &["add-job", "x", "--preset", "static"],
        ]
    ));
}

#[test]
fn targets_are_listed_with_their_places() {
    let fixture = Fixture::of_text("objects.yml", TEXT);
    insta::assert_snapshot!(fixture.run("list-targets", &[]).shown());
}

const SERVER: &str = "apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: k8s, namespace: mon}
spec:
  podMonitorSelector: {}
  podMonitorNamespaceSelector: {matchLabels: {team: shop}}
  enforcedNamespaceLabel: tenant
  enforcedSampleLimit: 100
";

const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: shop}}\n";

const MONITOR: &str = "apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {}
  podMetricsEndpoints:
  - port: a
";

/// A Prometheus in another file of the run, or of `--targets`, qualifies the jobs.
#[test]
fn objects_of_other_files_count() {
    let mut runs = Vec::new();
    for more in [
        &[][..],
        &["--file", "server.yml", "--file", "namespace.yml"],
        &["--targets", "server.yml", "--targets", "namespace.yml"],
    ] {
        let fixture = Fixture::of_text("web.yml", MONITOR);
        fixture.write("server.yml", SERVER);
        fixture.write("namespace.yml", NAMESPACE);
        for words in [&["limit", "--samples", "1000"][..], &["add-label", "tenant=x", "--overwrite"]] {
            let arguments = [&words[1..], &["--job", "podMonitor/shop/web/0", "--dry-run"], more].concat();
            let outcome = fixture.run(words[0], &arguments);
            runs.push(format!("$ promcfg {} {}\n{}", words[0], arguments.join(" "), outcome.shown()));
        }
    }
    insta::assert_snapshot!(runs.join("\n"));
}

#[test]
fn a_refused_object_is_named_where_its_job_is_asked_for() {
    let refused = MONITOR.replace("  - port: a\n", "  - port: a\n    scrapeTimeout: 1\n");
    insta::assert_snapshot!(shown(
        &format!("{refused}---\n{}", MONITOR.replace("web", "other")),
        &[
            &["add-label", "env=prod", "--job", "podMonitor/shop/web/0"],
            &["set", "interval=1m", "--job", "podMonitor/shop/web/0"],
            &["remove-job", "podMonitor/shop/web/0"],
            &["add-label", "env=prod", "--job", "podMonitor/shop/none/0"],
        ]
    ));
}

#[test]
fn labels_are_kept_and_mapped_in_objects() {
    insta::assert_snapshot!(shown(
        MONITOR,
        &[
            &["keep-label", "namespace", "pod"],
            &["keep-label", "code", "--stage", "metric"],
            &["map-labels", "__meta_kubernetes_pod_label_"],
            &["map-labels", "__meta_kubernetes_pod_label_", "--to", "k8s_"],
        ]
    ));
}

/// The jobs in the Secret of `additionalScrapeConfigs`, as text and in base64.
#[test]
fn jobs_in_a_secret_are_edited_beside_objects() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: more, namespace: mon}\nstringData:\n  more.yaml: |\n    \
                  # by hand\n    - job_name: node\n      static_configs:\n      - targets: ['10.0.0.1:9100']  # rack\n";
    let server = SERVER.replace("spec:\n", "spec:\n  additionalScrapeConfigs: {name: more, key: more.yaml}\n");
    let text = format!("{secret}---\n{server}---\n{MONITOR}");
    let runs: [&[&str]; 8] = [
        &["add-label", "env=prod", "--job", "node"],
        &["set", "scrape_interval=15s", "--job", "node"],
        &["add-target", "10.0.0.2:9100", "--job", "node"],
        &["rename-job", "node", "nodes"],
        &["copy-job", "node", "nodes"],
        &["drop-metric", "go_.*", "--job", "node"],
        &["limit", "--samples", "10", "--job", "node"],
        &["remove-job", "node", "podMonitor/shop/web/0"],
    ];
    insta::assert_snapshot!(shown(&text, &runs));
    // "- job_name: node\n  static_configs: [{targets: [h]}]\n"
    let encoded = "kind: Secret\nmetadata: {name: more, namespace: mon}\ndata:\n  \
                   more.yaml: LSBqb2JfbmFtZTogbm9kZQogIHN0YXRpY19jb25maWdzOiBbe3RhcmdldHM6IFtoXX1dCg==\n";
    let text = format!("{encoded}---\n{server}---\n{MONITOR}");
    let fixture = Fixture::of_text("objects.yml", &text);
    let outcome = fixture.run("rename-job", &["node", "hosts"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let expected = "LSBqb2JfbmFtZTogaG9zdHMKICBzdGF0aWNfY29uZmlnczogW3t0YXJnZXRzOiBbaF19XQo=";
    assert!(fixture.text().contains(expected), "{}", fixture.text());
}
