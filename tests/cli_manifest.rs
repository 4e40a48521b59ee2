//! Configs inside the ConfigMaps of a Kubernetes manifest are linted and simulated where they stand.

use std::fs;
use std::process::Command;

const MANIFEST: &str = "\
apiVersion: v1
kind: Service
metadata: {name: prometheus}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: prometheus}
data:
  README: |
    Not a config.
  prometheus.yml: |
    global: {scrape_interval: 30s}

    scrape_configs:
      - job_name: node
        static_configs:
          - targets: ['10.0.0.1:9100']
            labels: {env: prod}
        relabel_configs:
          - {source_labels: [env], regex: prod, action: keep}
";

/// Status, stdout and stderr of a run on one file.
fn run(text: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("cm.yaml"), text).expect("the file can be written");
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
    let command = command.args(arguments).current_dir(folder.path()).env_clear().env("LC_ALL", "C.UTF-8");
    let output = command.output().expect("the tool runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the output is text");
    let status = output.status.code().expect("it ends by itself");
    format!("{status}\n{}{}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_fault_is_shown_at_its_place_in_the_manifest() {
    let broken = MANIFEST.replace("action: keep", "action: kepp");
    assert_eq!(
        run(&broken, &["lint", ".", "--format", "concise"]),
        "1\ncm.yaml:20:57: error: job node: relabel_configs[0]: unknown action \"kepp\" [invalid-action]\n"
    );
    insta::assert_snapshot!(run(&broken, &["lint", "cm.yaml"]));
}

#[test]
fn a_manifest_is_simulated_like_the_config_in_it() {
    insta::assert_snapshot!(run(MANIFEST, &["simulate", "cm.yaml", "--trace"]));
}

#[test]
fn equal_faults_of_two_configs_in_a_manifest_are_both_told() {
    let two = "kind: ConfigMap\ndata:\n  a.yml: |\n    scrape_configs: [{job_nam: x}]\n  b.yml: |\n    scrape_configs: [{job_nam: x}]\n";
    let found = run(two, &["lint", "cm.yaml", "--format", "concise"]);
    assert_eq!(found.matches("unknown field `job_nam`").count(), 2, "{found}");
}
