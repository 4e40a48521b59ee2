//! What an edit says of targets that only discovery knows, and what the user adds to it.

use super::run::Fixture;

const PODS: &str = "scrape_configs:
- job_name: pods
  kubernetes_sd_configs: [{role: pod}]
  relabel_configs:
  - {regex: __meta_kubernetes_pod_label_(.+), action: labelmap}
  - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
";
const NODES: &str = "scrape_configs:
- job_name: nodes
  kubernetes_sd_configs: [{role: node}]
  relabel_configs:
  - {source_labels: [__meta_kubernetes_node_name], target_label: node}
  - {target_label: env, replacement: prod}
  - {source_labels: [__address__], regex: '(.+):.*', target_label: __address__, replacement: '$1:9100'}
";
const WEB: &str = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['a:1', 'b:1', 'c:1']\n";

/// Status, last line of the output, and the messages, of a dry run.
fn said(text: &str, command: &str, words: &[&str]) -> (i32, String, String) {
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run(command, &[words, &["--dry-run"]].concat());
    let last = outcome.stdout.lines().last().unwrap_or("").to_string();
    (outcome.status, last, outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn a_label_that_pods_may_have_is_added_where_it_is_absent_and_the_claim_says_so() {
    let fixture = Fixture::of_text("p.yml", PODS);
    let outcome = fixture.run("add-label", &["team=core"]);
    let claim =
        "job pods: every target without team gains team=\"core\"; nothing else changes (proved from the rules)\n";
    assert!(outcome.stdout.ends_with(claim), "{}", outcome.shown());
    let rule = "  - source_labels: [team]\n    regex: ''\n    target_label: team\n    replacement: core\n";
    assert_eq!(fixture.text(), format!("{PODS}{rule}"));
    assert_eq!(fixture.run("add-label", &["team=core"]).stdout.lines().count(), 1);
    assert_eq!(fixture.run("remove-label", &["team"]).status, 0);
    assert_eq!(fixture.text(), PODS);
    let (status, last, _) = said(PODS, "add-label", &["team=core", "--overwrite"]);
    assert_eq!((status, last.contains("every target gains team=\"core\"")), (0, true), "{last}");
}

#[test]
fn the_targets_of_a_condition_are_all_that_have_the_label_and_not_only_examples() {
    let (status, last, _) = said(PODS, "add-label", &["team=core", "--where", "namespace=shop"]);
    assert_eq!(status, 0);
    assert!(last.contains("every target without team whose namespace is \"shop\" gains team=\"core\""), "{last}");
    let (status, last, _) =
        said(NODES, "add-label", &["team=core", "--where", "__meta_kubernetes_node_label_zone=a.*"]);
    assert_eq!(status, 0);
    assert!(last.contains("every target whose __meta_kubernetes_node_label_zone matches \"a.*\""), "{last}");
}

#[test]
fn a_label_or_a_value_that_no_target_can_have_is_refused_with_the_nearest_one() {
    let (status, _, messages) = said(NODES, "add-label", &["team=core", "--where", "nod=a"]);
    assert_eq!(status, 1);
    assert!(messages.contains("no target of job nodes has a label `nod` after all rules"), "{messages}");
    assert!(messages.contains("help: did you mean `node`?"), "{messages}");
    let (status, _, messages) = said(NODES, "add-label", &["team=core", "--where", "env=prd"]);
    assert_eq!((status, messages.contains("did you mean `prod`?")), (1, true), "{messages}");
    let labels = "    labels: {env: prod}\n";
    let (status, _, messages) = said(&format!("{WEB}{labels}"), "add-label", &["x=y", "--where", "env=prd"]);
    assert_eq!((status, messages.contains("did you mean `prod`?")), (1, true), "{messages}");
    // Labels of pods can have any name.
    assert_eq!(said(PODS, "add-label", &["team=core", "--where", "nod=a"]).0, 0);
}

#[test]
fn labels_that_samples_do_not_have_are_refused_at_the_metric_stage() {
    let words = ["team=core", "--stage", "metric", "--where", "__meta_kubernetes_namespace=shop"];
    let (status, _, messages) = said(PODS, "add-label", &words);
    assert_eq!(status, 1);
    assert!(messages.contains("a sample has no label `__meta_kubernetes_namespace`"), "{messages}");
    assert_eq!(said(PODS, "add-label", &["team=core", "--stage", "metric", "--where", "__name__=up"]).0, 0);
}

#[test]
fn targets_are_counted_once_each_at_the_metric_stage() {
    let count = |condition: &str| said(WEB, "add-label", &["x=y", "--stage", "metric", "--where", condition]).1;
    assert!(count("instance=a:1").contains("the samples of 1 target gain x=\"y\""), "{}", count("instance=a:1"));
    assert!(count("job=web").contains("the samples of 3 targets gain x=\"y\""), "{}", count("job=web"));
}

#[test]
fn a_target_is_named_by_its_address_before_or_after_relabeling_or_by_its_instance() {
    let named = WEB.to_string()
        + "  relabel_configs:\n  - {source_labels: [__address__], regex: '(.):1', target_label: instance}\n";
    let (status, last, messages) = said(&named, "add-label", &["x=y", "--target", "b"]);
    assert_eq!((status, last.as_str()), (0, "1 target gains x=\"y\"; nothing else changes"));
    assert!(messages.contains("the target is selected by its `instance`"), "{messages}");
    let (status, last, _) = said(NODES, "add-label", &["x=y", "--job", "nodes", "--target", "10.0.0.1:9100"]);
    assert_eq!((status, last.contains("whose __address__ is \"10.0.0.1:9100\" gains x=\"y\"")), (0, true), "{last}");
    let (status, _, messages) = said(
        &NODES.replace("role: node", "role: pod"),
        "add-label",
        &["x=y", "--job", "nodes", "--target", "10.0.0.1:10250"],
    );
    assert_eq!(status, 1);
    assert!(messages.contains("no target of the job has the address 10.0.0.1:10250 after relabeling"), "{messages}");
}

#[test]
fn targets_that_would_have_the_same_labels_are_refused_unless_forced() {
    let (status, _, messages) = said(WEB, "add-label", &["instance=x", "--overwrite"]);
    assert_eq!((status, messages.contains("error[label-collision]")), (1, true), "{messages}");
    assert_eq!(said(WEB, "add-label", &["instance=x", "--overwrite", "--force"]).0, 0);
    assert_eq!(said(WEB, "add-label", &["instance=x", "--overwrite", "--target", "a:1"]).0, 0);
    let (status, _, messages) = said(PODS, "add-label", &["instance=x", "--overwrite"]);
    assert_eq!((status, messages.contains("would have the same `instance`")), (1, true), "{messages}");
}

#[test]
fn given_targets_are_counted_and_show_what_is_not_proved() {
    let fixture = Fixture::of_text("p.yml", PODS);
    let pod = |address: &str, label: &str| {
        format!("{{\"__address__\":\"{address}\",\"__meta_kubernetes_namespace\":\"shop\"{label}}}\n")
    };
    let pods = pod("10.0.0.1:80", "") + &pod("10.0.0.2:80", ",\"__meta_kubernetes_pod_label_team\":\"web\"");
    fixture.write("pods.ndjson", &pods);
    let outcome = fixture.run("add-label", &["team=core", "--targets", "pods.ndjson", "--dry-run"]);
    let known = "among 2 known targets: 1 target gains team=\"core\"; nothing else changes\n";
    assert!(outcome.stdout.ends_with(known), "{}", outcome.shown());
    // A rule that copies labels by name can read the label that is renamed.
    let refused = fixture.run("rename-label", &["namespace", "area", "--dry-run"]);
    assert_eq!((refused.status, refused.stderr.contains("error[edit-unproved]")), (1, true), "{}", refused.shown());
    let shown = fixture.run("rename-label", &["namespace", "area", "--targets", "pods.ndjson", "--dry-run"]);
    assert_eq!(shown.status, 0, "{}", shown.shown());
    assert!(shown.stdout.contains("job pods: shown on the known targets only: "), "{}", shown.shown());
    let unproved = fixture.run("rename-label", &["namespace", "area", "--unproved", "--dry-run"]);
    assert_eq!(unproved.status, 0, "{}", unproved.shown());
    assert!(unproved.stdout.contains("job pods: the effect is not proved: "), "{}", unproved.shown());
}

#[test]
fn given_series_show_what_becomes_of_samples() {
    let fixture = Fixture::of_text("p.yml", WEB);
    fixture.write("page.txt", "up 1\nhttp_requests_total{env=\"x\"} 2\n");
    let words = ["env=prod", "--stage", "metric", "--series", "page.txt", "--dry-run"];
    let outcome = fixture.run("add-label", &words);
    assert!(outcome.stdout.contains("every sample without env gains env=\"prod\""), "{}", outcome.shown());
    let outcome = fixture.run("add-label", &["env=prod", "--series", "page.txt"]);
    assert_eq!((outcome.status, outcome.stderr.contains("--series needs --stage metric")), (2, true));
}

#[test]
fn a_label_that_samples_may_bring_is_dropped_at_the_metric_stage() {
    let fixture = Fixture::of_text("p.yml", WEB);
    let outcome = fixture.run("remove-label", &["zone", "--stage", "metric"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(fixture.text(), format!("{WEB}  metric_relabel_configs:\n  - regex: zone\n    action: labeldrop\n"));
    let again = fixture.run("remove-label", &["zone", "--stage", "metric"]);
    assert!(again.stdout.starts_with("nothing to do: "), "{}", again.shown());
}

#[test]
fn a_rule_that_copies_the_label_is_removed_if_nothing_reads_the_label() {
    let fixture = Fixture::of_text("p.yml", NODES);
    assert_eq!(fixture.run("remove-label", &["node"]).status, 0);
    let rule = "  - {source_labels: [__meta_kubernetes_node_name], target_label: node}\n";
    assert_eq!(fixture.text(), NODES.replace(rule, ""));
}

#[test]
fn the_last_job_of_a_literal_block_that_keeps_its_line_end_is_edited() {
    let text = "kind: ConfigMap\ndata:\n  prometheus.yml: |\n    scrape_configs:\n    - job_name: a\n      kubernetes_sd_configs: [{role: pod}]\n";
    let added = "      relabel_configs:\n      - target_label: x\n        replacement: 'y'\n";
    for rest in ["", "other: x\n", "\n---\nkind: Service\n"] {
        let fixture = Fixture::of_text("p.yml", &format!("{text}{rest}"));
        let outcome = fixture.run("add-label", &["x=y"]);
        assert_eq!(outcome.status, 0, "{}", outcome.shown());
        assert_eq!(fixture.text(), format!("{text}{added}{rest}"));
    }
}
