//! Real files of other programs, where they are at hand: each is named rightly, once.

use std::path::{Path, PathBuf};

use promcfg::input::{Format, Input};

fn corpus() -> PathBuf {
    std::env::var_os("PROMCFG_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"), PathBuf::from)
}

/// By folder and part of the name: part of what the file is called.
const EXPECTED: [(&str, &str, &str); 24] = [
    ("operator", "pod-monitor-reference", "PodMonitor of"),
    ("operator", "", "a Kubernetes manifest"),
    ("otel", "prom-config-test", "target allocator"),
    ("otel", "opentelemetry-operator", "OpenTelemetryCollector of"),
    ("otel", "", "an OpenTelemetry Collector config"),
    ("agent", "docker_relabel", "promtail"),
    ("agent", "gcplog", "promtail"),
    ("agent", "pipeline_stages", "promtail"),
    ("agent", "promtail", "promtail"),
    ("agent", "", "a Grafana Agent config"),
    ("alloy", "output.yaml", "ConfigMap with a Grafana Alloy config"),
    ("alloy", "", "a Grafana Alloy config"),
    ("helm", "grafana__alloy", "chart alloy"),
    ("helm", "alloy-values", "chart alloy"),
    ("helm", "447__", "chart k8s-monitoring"),
    ("helm", "vmagent-values", "chart victoria-metrics-agent"),
    ("helm", "470__", "chart victoria-metrics-agent"),
    ("helm", "471__", "chart victoria-metrics-cluster"),
    ("helm", "461__", "chart prometheus"),
    ("helm", "462__", "chart prometheus"),
    ("helm", "", "values of a Helm chart"),
    ("templated", ".j2", "a Jinja template"),
    ("templated", "508__", "a Go template"),
    ("templated", "", "template"),
];

#[test]
fn real_files_of_other_programs_are_named_rightly() {
    let mut wrong = Vec::new();
    for folder in ["operator", "otel", "agent", "alloy", "helm", "templated"] {
        let Ok(entries) = std::fs::read_dir(corpus().join(folder)) else { continue };
        for entry in entries {
            let path = entry.expect("can be listed").path();
            let name = path.file_name().expect("has a name").to_string_lossy().into_owned();
            let of_file = |(own, part, _): &&(&str, &str, &str)| *own == folder && name.to_lowercase().contains(part);
            let (_, _, expected) = EXPECTED.iter().find(of_file).expect("has a row");
            let input = Input::decode(&name, &std::fs::read(&path).expect("can be read"));
            let what = input.format().describe();
            if !what.contains(expected) {
                wrong.push(format!("{folder}/{name}: {what}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn real_configs_are_read() {
    let mut wrong = Vec::new();
    for folder in ["prometheus", "filesd"] {
        let Ok(entries) = std::fs::read_dir(corpus().join(folder)) else { continue };
        for entry in entries {
            let path = entry.expect("can be listed").path();
            let name = path.file_name().expect("has a name").to_string_lossy().into_owned();
            let input = Input::decode(&name, &std::fs::read(&path).expect("can be read"));
            if matches!(input.format(), Format::Neighbor(_)) {
                wrong.push(format!("{folder}/{name}: {}", input.format().describe()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
