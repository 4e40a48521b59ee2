//! "Why is this pod not scraped?": small dumps, and what promcfg answers.

use std::fs;
use std::process::Command;

/// A question: its title, an item of `kubernetes_sd_configs`, relabel rules, objects as YAML, and the object.
type Question = (&'static str, &'static str, &'static [&'static str], String, &'static str);

/// The annotation of pods that are scraped.
const SCRAPE: &str =
    "{source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape], regex: 'true', action: keep}";
const PORT: &str = "{source_labels: [__meta_kubernetes_pod_container_port_name], regex: metrics, action: keep}";

/// A pod that runs; `meta`, `spec` and `status` are more fields of flow mappings.
fn pod(meta: &str, spec: &str, status: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: cart, namespace: shop, uid: u1{meta}}}\nspec: {{nodeName: n1{spec}}}\n\
         status: {{phase: Running{status}}}\n---\n"
    )
}

/// A pod with one port.
fn usual(meta: &str) -> String {
    pod(meta, ", containers: [{name: web, ports: [{name: http, containerPort: 80}]}]", ", podIP: 10.0.0.1")
}

fn node(labels: &str) -> String {
    format!("apiVersion: v1\nkind: Node\nmetadata: {{name: n1, uid: u2, labels: {{{labels}}}}}\n---\n")
}

fn slice(fields: &str) -> String {
    format!(
        "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {{name: cart-x, namespace: shop, uid: u3, labels: \
         {{kubernetes.io/service-name: cart}}}}\naddressType: IPv4\n{fields}\n---\n"
    )
}

fn questions() -> Vec<Question> {
    const POD: &str = "pod/shop/cart";
    let annotated = |text: &str| usual(&format!(", annotations: {{{text}}}"));
    vec![
        ("has no annotation", "role: pod", &[SCRAPE], usual(""), POD),
        (
            "has the annotation with another value",
            "role: pod",
            &[SCRAPE],
            annotated("prometheus.io/scrape: 'yes'"),
            POD,
        ),
        ("has a misspelled annotation", "role: pod", &[SCRAPE], annotated("prometheus.io/scrap: 'true'"), POD),
        (
            "has a label instead of an annotation",
            "role: pod",
            &[SCRAPE],
            usual(", labels: {prometheus.io/scrape: 'true'}"),
            POD,
        ),
        ("has no address", "role: pod", &[], pod("", ", containers: [{name: web}]", ""), POD),
        ("is in a namespace that is not listed", "role: pod, namespaces: {names: [web]}", &[], usual(""), POD),
        (
            "does not match the selector",
            "role: pod, selectors: [{role: pod, label: app=cart}]",
            &[],
            usual(", labels: {app: web}"),
            POD,
        ),
        ("is on another node", "role: pod, selectors: [{role: pod, field: spec.nodeName=n2}]", &[], usual(""), POD),
        ("is on a node that the dump lacks", "role: pod, attach_metadata: {node: true}", &[], usual(""), POD),
        (
            "is on a node that a selector leaves out",
            "role: pod, attach_metadata: {node: true}, selectors: [{role: node, label: zone=b}]",
            &[],
            usual("") + &node("zone: a"),
            POD,
        ),
        ("has no port of that name", "role: pod", &[PORT], usual(""), POD),
        ("has no port at all", "role: pod", &[PORT], pod("", ", containers: [{name: web}]", ", podIP: 10.0.0.1"), POD),
        (
            "is dropped by its phase",
            "role: pod",
            &[
                "{source_labels: [__meta_kubernetes_pod_phase], regex: 'Pending|Succeeded|Failed|Running', action: drop}",
            ],
            usual(""),
            POD,
        ),
        (
            "is not ready",
            "role: pod",
            &["{source_labels: [__meta_kubernetes_pod_ready], regex: 'true', action: keep}"],
            usual(""),
            POD,
        ),
        (
            "is in a namespace that a rule drops",
            "role: pod",
            &["{source_labels: [__meta_kubernetes_namespace], regex: shop, action: drop}"],
            usual(""),
            POD,
        ),
        (
            "has a node label with another value",
            "role: pod, attach_metadata: {node: true}",
            &["{source_labels: [__meta_kubernetes_node_label_zone], regex: b, action: keep}"],
            usual("") + &node("zone: a"),
            POD,
        ),
        (
            "needs two values at once",
            "role: pod",
            &[
                "{source_labels: [__meta_kubernetes_namespace, __meta_kubernetes_pod_label_app], regex: shop;cart, action: keep}",
            ],
            usual(", labels: {app: web}"),
            POD,
        ),
        ("has no container", "role: pod", &[], pod("", "", ", podIP: 10.0.0.1"), POD),
        (
            "gets an address that is refused",
            "role: pod",
            &["{source_labels: [__meta_kubernetes_pod_name], target_label: __address__, replacement: '$1/metrics'}"],
            usual(""),
            POD,
        ),
        (
            "is in a slice without ports",
            "role: endpointslice",
            &[],
            slice("endpoints: [{addresses: [10.0.0.1], targetRef: {kind: Pod, namespace: shop, name: cart}}]")
                + &usual(""),
            "endpointslice/shop/cart-x",
        ),
        (
            "is behind a service port of another name",
            "role: endpointslice",
            &["{source_labels: [__meta_kubernetes_endpointslice_port_name], regex: metrics, action: keep}"],
            slice(
                "ports: [{name: http, port: 80, protocol: TCP}]\nendpoints: [{addresses: [10.0.0.1], targetRef: {kind: Pod, namespace: shop, name: cart}}]",
            ) + &usual(""),
            POD,
        ),
        ("is not in the dump", "role: pod", &[], usual(""), "pod/shop/web"),
    ]
}

#[test]
fn why_a_pod_is_not_scraped() {
    let mut all = String::new();
    for (title, item, rules, objects, object) in questions() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let rules: String = rules.iter().map(|rule| format!("  - {rule}\n")).collect();
        let rules = if rules.is_empty() { rules } else { format!("  relabel_configs:\n{rules}") };
        let config = format!("scrape_configs:\n- job_name: pods\n  kubernetes_sd_configs: [{{{item}}}]\n{rules}");
        fs::write(folder.path().join("p.yml"), config).expect("can be written");
        fs::write(folder.path().join("objects.yml"), objects).expect("can be written");
        let output = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"))
            .args(["simulate", "p.yml", "--targets", "objects.yml", "--object", object])
            .current_dir(folder.path())
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            .env("COLUMNS", "160")
            .output()
            .expect("the tool runs");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).expect("the output is text");
        assert!(!text.contains("error: objects.yml"), "{title}: {text}");
        all.push_str(&format!("# it {title}\n{text}\n"));
    }
    insta::with_settings!({ prepend_module_to_snapshot => false }, { insta::assert_snapshot!("why_a_pod_is_not_scraped", all) });
}
