//! Fields of objects of prometheus-operator, by the names of the config and by their own: proved on what the operator
//! generates.

use super::run::Fixture;

const TEXT: &str = "# the shop
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: k8s, namespace: mon}
spec:
  scrapeInterval: 1m # for all
  enforcedSampleLimit: 50000
  serviceMonitorSelector: {}
  serviceMonitorNamespaceSelector: {}
  probeSelector: {}
  probeNamespaceSelector: {}
  externalLabels:
    cluster: eu
---
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

const SCRAPE_CONFIG: &str = "apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: {name: hosts, namespace: shop}
spec:
  staticConfigs:
  - targets: ['10.0.0.1:9100']   # rack 7
";

/// Runs commands, each on the text as it was; a second run changes nothing.
fn shown(text: &str, runs: &[&[&str]]) -> String {
    let run = |words: &&[&str]| {
        let fixture = Fixture::of_text("objects.yml", text);
        let outcome = fixture.run(words[0], &words[1..]);
        assert!(outcome.status == 0 || !fixture.has_changed(), "{}", outcome.shown());
        if outcome.status == 0 {
            let after = fixture.text();
            let again = fixture.run(words[0], &words[1..]);
            assert!(again.stdout.starts_with("nothing to do: ") && fixture.text() == after, "{}", again.shown());
        }
        format!("$ promcfg {}\n{}", words.join(" "), outcome.shown())
    };
    runs.iter().map(run).collect::<Vec<_>>().join("\n")
}

const FIRST: &str = "serviceMonitor/shop/web/0";

#[test]
fn fields_of_jobs_are_those_of_endpoints_and_specs() {
    insta::assert_snapshot!(shown(
        TEXT,
        &[
            &["set", "scrape_interval=15s", "--job", FIRST],
            &[
                "set",
                "interval=15s",
                "metrics_path=/stats",
                "tls_config.server_name=x",
                "params.m=[a]",
                "--job",
                "serviceMonitor/*"
            ],
            &["set", "scrape_interval=1m", "--minimal", "--job", "serviceMonitor/shop/web/1"],
            &["unset", "interval", "--job", "serviceMonitor/shop/web/1"],
            &["set", "params.module=[http_2xx]", "params.x=[y]", "metrics_path=/p", "--job", "probe/shop/page"],
            &["set", "basicAuth={username: {name: a, key: u}, password: {name: a, key: p}}", "--job", FIRST],
        ]
    ));
    insta::assert_snapshot!(shown(
        SCRAPE_CONFIG,
        &[&[
            "set",
            "scrape_interval=15s",
            "scheme=https",
            "static_configs[0].labels.env=prod",
            "metric_name_validation_scheme=legacy"
        ]
        .iter()
        .copied()
        .chain(["--all-jobs"])
        .collect::<Vec<_>>()]
    ));
}

#[test]
fn limits_are_those_of_all_jobs_of_the_object() {
    insta::assert_snapshot!(shown(
        TEXT,
        &[
            &["limit", "--samples", "1000", "--labels", "40", "--body-size", "10MB", "--job", FIRST],
            &[
                "limit",
                "--max-targets",
                "5",
                "--keep-dropped",
                "9",
                "--label-name-length",
                "99",
                "--job",
                "serviceMonitor/*"
            ],
            &["limit", "--samples", "100000", "--job", FIRST],
            &["limit", "--body-size", "10MB", "--job", "probe/shop/page"],
        ]
    ));
}

#[test]
fn fields_from_the_top_are_those_of_the_prometheus() {
    insta::assert_snapshot!(shown(
        TEXT,
        &[
            &["set", "global.scrape_interval=2m", "global.external_labels.zone=a"],
            &["set", "evaluationInterval=15s", "remote_write=[{url: \"http://r/write\"}]"],
            &["unset", "global.external_labels.cluster"],
            &["set", "global.external_labels.prometheus=x"],
            &["set", "replicas=2"],
            &["set", "enforcedSampleLimit=2"],
            &["set", "rule_files=[a.yml]"],
            &["set", "scrape_configs=[]"],
        ]
    ));
    insta::assert_snapshot!(shown(SCRAPE_CONFIG, &[&["set", "global.scrape_interval=2m"]]));
}

#[test]
fn what_the_operator_decides_or_refuses_is_refused() {
    insta::assert_snapshot!(shown(
        TEXT,
        &[
            &["set", "job_name=x", "--job", FIRST],
            &["set", "relabel_configs[0].regex=x", "--job", FIRST],
            &["set", "kubernetes_sd_configs[0].role=pod", "--job", FIRST],
            &["set", "static_configs[0].targets=[a]", "--job", FIRST],
            &["set", "enforcedSampleLimit=1", "--job", FIRST],
            &["set", "intervall=1s", "--job", FIRST],
            &["set", "interval=1", "--job", FIRST],
            &["set", "scrape_timeout=3m", "--job", FIRST],
            &["set", "basic_auth.password=hunter2", "--job", FIRST],
            &["set", "honor_labels=true", "--job", "probe/shop/page"],
            &["set", "spec.endpoints[1].interval=1s", "--job", FIRST],
            &["set", "honor_labels=maybe", "--job", FIRST],
        ]
    ));
}

#[test]
fn what_is_set_and_unset_again_leaves_the_bytes() {
    for text in [TEXT.to_string(), TEXT.replace('\n', "\r\n")] {
        let fixture = Fixture::of_text("objects.yml", &text);
        for (path, job) in [
            ("honor_timestamps=false", FIRST),
            ("tls_config.insecure_skip_verify=true", FIRST),
            ("sample_limit=7", FIRST),
            ("params.a=[x, y]", "serviceMonitor/shop/web/1"),
            ("params.a=[x]", "probe/shop/page"),
            ("params.module=[x]", "probe/shop/page"),
            ("metrics_path=/x", "probe/shop/page"),
        ] {
            let outcome = fixture.run("set", &[path, "--job", job]);
            assert!(outcome.status == 0 && fixture.text() != text, "{}", outcome.shown());
            let (field, _) = path.split_once('=').unwrap();
            let outcome = fixture.run("unset", &[field, "--job", job]);
            assert_eq!(fixture.text(), text, "{path}: {}", outcome.shown());
        }
    }
}
