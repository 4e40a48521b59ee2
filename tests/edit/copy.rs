//! `add-label --from`: which rule is written, where, and what is refused.

use promcfg::Document;
use promcfg::edit::{ConfigChange, CopiedValue, CopyLabel, EditError, RemoveLabel, Selection};

use super::layouts::on_all_layouts;
use super::rule_added::Added;
use super::run::Fixture;

const JOBS: &str = "scrape_configs:
- job_name: node
  static_configs:
  - targets: ['10.0.0.1:9100', '10.0.0.2:9100']
    labels: {zone: eu-1, env: PROD}
- job_name: pods
  kubernetes_sd_configs: [{role: pod}]
  relabel_configs:
  - source_labels: [__meta_kubernetes_pod_label_app]
    target_label: app
- job_name: http
  http_sd_configs: [{url: 'http://sd/'}]
";

/// Runs `add-label`; a second run has nothing to do, and if the label is new, `remove-label` gives the old bytes back.
fn copied(text: &str, arguments: &[&str]) -> String {
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("add-label", arguments);
    let shown = outcome.shown();
    if outcome.status != 0 {
        assert!(!fixture.has_changed(), "refused, but written");
        return shown;
    }
    assert!(fixture.has_changed(), "done, but not written: {shown}");
    let after = fixture.text();
    let again = fixture.run("add-label", arguments);
    assert!(again.stdout.starts_with("nothing to do: ") && fixture.text() == after, "{}", again.shown());
    if !arguments[0].starts_with("__") {
        let rest = arguments.iter().position(|word| *word == "--job").map_or(&[][..], |at| &arguments[at..]);
        let removed = fixture.run("remove-label", &[&[arguments[0]], rest].concat());
        let back = if fixture.has_changed() { removed.shown() } else { "the old bytes".to_string() };
        return format!("{shown}--- removal gives {back}\n");
    }
    shown
}

#[test]
fn the_instance_loses_its_port_in_jobs_of_all_kinds() {
    let words = ["instance", "--from", "__address__", "--regex", "(.+):\\d+"];
    insta::assert_snapshot!(
        ["node", "pods", "http"].map(|job| copied(JOBS, &[&words[..], &["--job", job]].concat())).join("\n")
    );
}

#[test]
fn the_namespace_and_the_name_of_a_pod_become_its_instance() {
    let words = ["instance", "--from", "__meta_kubernetes_namespace", "--from", "__meta_kubernetes_pod_name"];
    insta::assert_snapshot!(copied(JOBS, &[&words[..], &["--separator", "/", "--job", "pods"]].concat()));
}

#[test]
fn a_label_is_copied_as_it_is_or_in_part_or_in_lower_case() {
    let runs: [&[&str]; 5] = [
        &["datacenter", "--from", "zone", "--job", "node"],
        &["region", "--from", "zone", "--regex", "(.+)-\\d", "--job", "node"],
        &["region", "--from", "zone", "--regex", "^(.+)-\\d$", "--job", "node", "--where", "env=PROD"],
        &["stage", "--from", "env", "--case", "lower", "--job", "node"],
        &["application", "--from", "app", "--job", "pods"],
    ];
    insta::assert_snapshot!(runs.map(|words| copied(JOBS, words)).join("\n"));
}

#[test]
fn an_instance_that_does_not_exist_yet_is_the_address() {
    let runs: [&[&str]; 3] = [
        &["host", "--from", "instance", "--job", "node"],
        &["host", "--from", "instance", "--job", "http"],
        &["host", "--from", "instance", "--job", "node", "--stage", "metric"],
    ];
    insta::assert_snapshot!(runs.map(|words| copied(JOBS, words)).join("\n"));
}

#[test]
fn what_prometheus_requests_follows_annotations() {
    let runs: [&[&str]; 3] = [
        &["__metrics_path__", "--from", "__meta_kubernetes_pod_annotation_prometheus_io_path", "--job", "pods"],
        &[
            "__scheme__",
            "--from",
            "__meta_kubernetes_pod_annotation_prometheus_io_scheme",
            "--regex",
            "(https?)",
            "--job",
            "pods",
        ],
        &[
            "__address__",
            "--from",
            "__address__",
            "--from",
            "__meta_kubernetes_pod_annotation_prometheus_io_port",
            "--regex",
            "([^:]+)(?::\\d+)?;(\\d+)",
            "--replacement",
            "$1:$2",
            "--job",
            "pods",
        ],
    ];
    insta::assert_snapshot!(runs.map(|words| copied(JOBS, words)).join("\n"));
}

#[test]
fn what_cannot_be_copied_is_refused() {
    let runs: [&[&str]; 14] = [
        &["zone", "--from", "env", "--job", "node"],
        &["host", "--from", "zzone", "--job", "node"],
        &["host", "--from", "zone", "--regex", "us-(.*)", "--job", "node"],
        &["host", "--from", "instance", "--regex", "(.+):.*", "--job", "http"],
        &["host", "--from", "zone", "--regex", "eu", "--job", "node"],
        &["host", "--from", "zone", "--regex", "(eu).*", "--replacement", "$1_x", "--job", "node"],
        &["host", "--from", "zone", "--regex", "(", "--job", "node"],
        &["zone", "--from", "zone", "--job", "node"],
        &["host", "--from", "zone", "--method", "static", "--job", "node"],
        &["host", "--from", "zone", "--case", "upper", "--where", "env=PROD", "--job", "node"],
        &["host=x", "--from", "zone", "--job", "node"],
        &["host", "rack", "--from", "zone", "--job", "node"],
        &["host", "--job", "node"],
        &["instance", "--from", "env", "--job", "node"],
    ];
    insta::assert_snapshot!(runs.map(|words| copied(JOBS, words)).join("\n"));
}

#[test]
fn a_label_is_copied_in_every_layout() {
    let words = ["origin", "--from", "__address__", "--regex", "(.+?)(?::\\d+)?", "--all-jobs"];
    insta::assert_snapshot!(on_all_layouts("add-label", &words, Some(("remove-label", &["origin", "--all-jobs"]))));
}

fn selection(job: &str) -> Selection {
    Selection { jobs: vec![job.to_string()], ..Selection::default() }
}

fn copy(document: &mut Document<'_>, job: &str) -> Result<ConfigChange, EditError> {
    let value = CopiedValue {
        regex: Some("(.+):\\d+|(.+)".into()),
        replacement: "$1$2".into(),
        ..CopiedValue::of(["__address__"])
    };
    document.copy_label(&CopyLabel {
        name: "promcfg_test".into(),
        value,
        selection: selection(job),
        ..CopyLabel::default()
    })
}

fn remove(document: &mut Document<'_>, job: &str) -> Result<ConfigChange, EditError> {
    document.remove_label(&RemoveLabel {
        name: "promcfg_test".into(),
        selection: selection(job),
        ..RemoveLabel::default()
    })
}

const COPIED: Added = Added {
    edit: copy,
    list: "relabel_configs",
    rules: &[
        "{source_labels: [__address__], regex: '(.+):\\d+|(.+)', target_label: promcfg_test, replacement: $1$2}",
        "{source_labels: [promcfg_test, __address__], regex: ';(?:(.+):\\d+|(.+))', target_label: promcfg_test, replacement: $1$2}",
    ],
    extension: None,
    undo: Some(remove),
};

#[test]
fn whatever_the_style_a_copied_label_is_one_rule_more() {
    COPIED.in_all_styles(8);
}

#[test]
fn in_real_configs_a_copied_label_is_one_rule_more() {
    COPIED.in_real_configs();
}

/// A text around the copied value, or in its place, is set only where the label exists.
#[test]
fn a_replacement_without_a_pattern_leaves_targets_without_the_label_alone() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [a:1]\n    labels: {env: dev}\n  - targets: [b:1]\n- job_name: pods\n  kubernetes_sd_configs: [{role: pod}]\n";
    for (label, job, replacement, claim) in [
        ("env", "web", "x-$1", "1 target gains app=\"x-dev\"; nothing else changes"),
        ("env", "web", "T", "1 target gains app=\"T\"; nothing else changes"),
        (
            "__meta_kubernetes_pod_label_a",
            "pods",
            "T",
            "every target with __meta_kubernetes_pod_label_a gains app=\"T\"; ",
        ),
        (
            "__meta_kubernetes_pod_label_a",
            "pods",
            "x-$1",
            "gains app=x-$1, where $1 is the value of __meta_kubernetes_pod_label_a; ",
        ),
    ] {
        let fixture = Fixture::of_text("p.yml", text);
        let words = ["app", "--from", label, "--replacement", replacement, "--job", job];
        let outcome = fixture.run("add-label", &words);
        assert!(outcome.status == 0 && outcome.stdout.contains(claim), "{}", outcome.shown());
        assert!(fixture.text().contains("regex: '(.+)'"), "{}", fixture.text());
        let changed = fixture.text();
        fixture.run("add-label", &words);
        assert_eq!(fixture.text(), changed);
    }
    // Each target has an address: no pattern is needed.
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("add-label", &["app", "--from", "__address__", "--replacement", "x-$1", "--job", "pods"]);
    assert!(outcome.status == 0 && !fixture.text().contains("regex"), "{}", outcome.shown());
}
