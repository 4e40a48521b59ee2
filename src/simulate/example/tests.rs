//! Chains of rules, each with an example that they keep.

use crate::config::Config;
use crate::options::Options;
use crate::simulate::{Owner, Status, TargetResult, simulate_examples};
use crate::text::Sources;

/// The first example of a job with this discovery and these rules, a rule a line.
fn example(discovery: &str, rules: &str) -> TargetResult {
    let rules: String = rules.trim().lines().map(|rule| format!("  - {{{}}}\n", rule.trim())).collect();
    let text = format!("scrape_configs:\n- job_name: j\n  {discovery}\n  relabel_configs:\n{rules}");
    let mut sources = Sources::new();
    let file = sources.add("p.yml", text.as_str());
    let (config, faults) = Config::read(&mut sources, file, &Options::default());
    assert!(faults.is_empty(), "{text}\n{faults:?}");
    let owner = Owner::Job(&config.scrape_configs[0]);
    let examples = simulate_examples(owner, |_| true);
    assert_eq!(examples, simulate_examples(owner, |_| true), "{text}");
    examples[0].clone()
}

const PODS: &str = "kubernetes_sd_configs: [{role: pod}]";
const DOCKER: &str = "docker_sd_configs: [{host: 'unix:///var/run/docker.sock'}]";

#[track_caller]
fn kept(discovery: &str, rules: &str) -> TargetResult {
    let example = example(discovery, rules);
    assert_eq!(example.status, Status::Kept, "{:?} {:?}\n{:?}", example.error, example.dropped_by, example.discovered);
    example
}

#[test]
fn computed_intervals_and_timeouts_are_durations() {
    let copied = kept(
        DOCKER,
        "source_labels: [__meta_docker_container_label_interval], regex: '(.+)', target_label: __scrape_interval__",
    );
    assert_eq!(copied.labels.get("__scrape_interval__"), "1m");
    // Names that do not say what they are for.
    let odd = kept(
        DOCKER,
        "source_labels: [__meta_docker_container_label_x], regex: 'every (.+)', target_label: __scrape_interval__
         source_labels: [__meta_docker_container_label_y], target_label: __scrape_timeout__",
    );
    assert_eq!((odd.labels.get("__scrape_interval__"), odd.labels.get("__scrape_timeout__")), ("1m", "10s"));
    let seconds = kept(
        PODS,
        "source_labels: [__meta_kubernetes_pod_annotation_seconds], regex: '(.+)', replacement: '${1}s', \
         target_label: __scrape_timeout__",
    );
    assert_eq!(seconds.labels.get("__scrape_timeout__"), "10s");
}

#[test]
fn computed_addresses_have_a_host_and_a_port() {
    let port = kept(
        PODS,
        "source_labels: [__address__, __meta_kubernetes_pod_annotation_prometheus_io_port], \
         regex: '([^:]+)(?::\\d+)?;(\\d+)', replacement: '$1:$2', target_label: __address__",
    );
    assert_eq!(port.url, "http://10.0.0.1:8080/metrics");
    assert!(port.trace[0].matched);
    let whole = kept(DOCKER, "source_labels: [__meta_docker_container_label_addr], target_label: __address__");
    assert_eq!(whole.url, "http://10.0.0.1:8080/metrics");
    let joined = kept(
        PODS,
        "source_labels: [__meta_kubernetes_pod_ip, __meta_kubernetes_pod_annotation_x], separator: ':', \
         regex: '(.+:[0-9]+)', target_label: __address__",
    );
    assert!(joined.trace[0].matched, "{:?}", joined.trace);
}

#[test]
fn computed_addresses_can_be_scraped() {
    let example = kept(
        DOCKER,
        "source_labels: [__meta_docker_container_label_x], target_label: __address__, replacement: 'host:$1'",
    );
    assert_eq!((example.url.as_str(), example.scrape_error), ("http://host:8080/metrics", None));
}

#[test]
fn computed_schemes_and_paths_are_of_their_kind() {
    let example = kept(
        PODS,
        "source_labels: [__meta_kubernetes_pod_annotation_a_scheme], regex: '(https?)', target_label: __scheme__
         source_labels: [__meta_kubernetes_pod_annotation_a_path], regex: '(.+)', target_label: __metrics_path__",
    );
    assert!(example.trace.iter().all(|step| step.matched), "{:?}", example.trace);
    assert_eq!(example.url, "http://10.0.0.1:8080/metrics");
}

#[test]
fn several_conditions_on_one_label_hold_together() {
    let name = "source_labels: [__meta_kubernetes_pod_label_app]";
    let rules = format!("{name}, regex: 'cart|shop|web', action: keep\n{name}, regex: 'cart|web', action: drop");
    assert_eq!(kept(PODS, &rules).discovered.get("__meta_kubernetes_pod_label_app"), "shop");
    let phase = "source_labels: [__meta_kubernetes_pod_phase], regex: 'Pending|Running|Failed', action: drop";
    kept(PODS, phase);
}

#[test]
fn several_labels_of_one_condition_fit_together() {
    let example = kept(
        "kubernetes_sd_configs: [{role: endpoints}]",
        "source_labels: [__meta_kubernetes_namespace, __meta_kubernetes_service_name, __meta_kubernetes_endpoint_port_name], \
         regex: 'default;kubernetes;https', action: keep",
    );
    assert_eq!(example.discovered.get("__meta_kubernetes_endpoint_port_name"), "https");
    let annotations = "source_labels: [__meta_kubernetes_pod_annotation_a, __meta_kubernetes_pod_annotation_b]";
    kept(PODS, &format!("{annotations}, regex: 'true;.+', action: keep"));
    kept(PODS, &format!("{annotations}, regex: '.*;9090|;.*', action: drop"));
}

#[test]
fn compared_labels_are_the_same_or_different() {
    let port = "source_labels: [__meta_kubernetes_pod_annotation_port]";
    let number = "target_label: __meta_kubernetes_pod_container_port_number";
    let same = kept(PODS, &format!("{port}, {number}, action: keepequal"));
    assert_eq!(
        same.discovered.get("__meta_kubernetes_pod_annotation_port"),
        same.discovered.get("__meta_kubernetes_pod_container_port_number")
    );
    kept(PODS, &format!("{port}, {number}, action: dropequal"));
}

#[test]
fn a_hash_picks_the_shard() {
    for shard in 0..4 {
        kept(
            PODS,
            &format!(
                "source_labels: [__address__], modulus: 4, target_label: __tmp_hash, action: hashmod
                 source_labels: [__tmp_hash], regex: '{shard}', action: keep"
            ),
        );
        // The hash of a part of the address.
        kept(
            PODS,
            &format!(
                "source_labels: [__address__], regex: '([^:]+):.*', target_label: __tmp_hash
                 source_labels: [__tmp_hash], modulus: 4, target_label: __tmp_hash, action: hashmod
                 source_labels: [__tmp_hash], regex: '^{shard}$', action: keep"
            ),
        );
    }
}

#[test]
fn conditions_on_computed_labels_reach_back_to_discovered_ones() {
    let mapped = kept(
        PODS,
        "regex: '__meta_kubernetes_pod_label_(.+)', action: labelmap
         source_labels: [team], regex: 'core|infra', action: keep",
    );
    assert_eq!(mapped.discovered.get("__meta_kubernetes_pod_label_team"), "core");
    let lower = kept(
        PODS,
        "source_labels: [__meta_kubernetes_pod_label_env], target_label: env, action: lowercase
         source_labels: [env], regex: 'prod', action: keep",
    );
    assert_eq!(lower.labels.get("env"), "prod");
    let flag = kept(
        PODS,
        "source_labels: [__meta_kubernetes_namespace], regex: 'team-(a|b)', target_label: __tmp_is_ours, replacement: 'yes'
         source_labels: [__tmp_is_ours], regex: 'yes', action: keep",
    );
    assert_eq!(flag.discovered.get("__meta_kubernetes_namespace"), "team-a");
}

#[test]
fn labels_that_discovery_does_not_have_are_not_invented() {
    let example = example(PODS, "source_labels: [__meta_consul_tags], regex: ',prod,', action: keep");
    assert_eq!(example.status, Status::Dropped);
    assert_eq!(example.discovered.get("__meta_consul_tags"), "");
}

#[test]
fn a_chain_that_keeps_nothing_has_the_example_that_comes_farthest() {
    let name = "source_labels: [__meta_kubernetes_pod_label_app]";
    let rules = format!("{name}, regex: 'cart', action: keep\n{name}, regex: 'shop', action: keep");
    let example = example(PODS, &rules);
    assert_eq!(example.dropped_by.map(|by| by.rule), Some(1));
}

#[test]
fn many_rules_that_read_each_other_end() {
    let copies: String = (0..60)
        .map(|index| {
            format!("source_labels: [a{}, b], target_label: a{}, regex: '(.*);(.*)'\n", index % 7, (index + 3) % 7)
        })
        .collect();
    example(PODS, &format!("{copies}source_labels: [a1], regex: 'x', action: keep"));
}
