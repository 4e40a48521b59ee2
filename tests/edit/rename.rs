//! `rename-label`: which texts change, what the targets become, and what is refused.

use super::run::Fixture;

/// Renames a label in a config with one job; renaming it back gives the old bytes.
fn renamed(text: &str, arguments: &[&str]) -> String {
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("rename-label", arguments);
    let shown = outcome.shown();
    if outcome.status != 0 {
        assert!(!fixture.has_changed(), "refused, but written");
        return shown;
    }
    assert!(fixture.has_changed(), "done, but not written: {shown}");
    let again = fixture.run("rename-label", &[arguments, &["--dry-run"]].concat());
    assert_eq!(again.status, 0, "a second run: {}", again.shown());
    assert!(again.stdout.starts_with("nothing to do: "), "{}", again.stdout);
    let back = [&[arguments[1], arguments[0]], &arguments[2..]].concat();
    let back = fixture.run("rename-label", &back);
    assert!(!fixture.has_changed(), "{}", back.shown());
    shown
}

const GROUPS: &str = "scrape_configs:
  - job_name: node
    static_configs:
      - targets: ['10.0.0.1:9100', '10.0.0.2:9100']
        labels:
          env: prod   # of all racks
          rack: r7
      - targets: ['10.0.0.3:9100']
        labels: {\"env\": test}
      - targets: ['10.0.0.4:9100']
    relabel_configs:
      - source_labels: [env, rack]
        regex: 'prod;.*'
        target_label: tier
        replacement: gold
      - {source_labels: [tier, \"env\"], regex: ';test', action: drop}
    metric_relabel_configs:
      - source_labels:
          - env
        regex: prod
        target_label: important
        replacement: 'yes'
";

#[test]
fn labels_of_groups_and_all_rules_that_read_them_are_renamed() {
    insta::assert_snapshot!(renamed(GROUPS, &["env", "environment"]));
}

#[test]
fn a_rule_that_sets_the_label_sets_it_under_its_new_name() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs: [{targets: ['10.0.0.9:80']}]\n  relabel_configs:\n  - {source_labels: [__address__], regex: '(.+):.*', target_label: host}\n  - {regex: tmp_.*, action: labeldrop}\n";
    insta::assert_snapshot!(renamed(text, &["host", "machine"]));
}

#[test]
fn rules_that_name_the_label_by_its_pattern_are_renamed() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs: [{targets: [h], labels: {env: a}}]\n  relabel_configs:\n  - {regex: env, action: labelmap, replacement: e}\n  metric_relabel_configs:\n  - {regex: env, action: labeldrop}\n";
    insta::assert_snapshot!(renamed(text, &["env", "stage"]));
}

#[test]
fn a_name_that_must_be_quoted_is_quoted() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs: [{targets: [h], labels: {env: a}}]\n  relabel_configs:\n  - {source_labels: [env], target_label: e}\n";
    insta::assert_snapshot!(Fixture::of_text("p.yml", text).run("rename-label", &["env", "on"]).shown());
}

#[test]
fn a_label_of_samples_is_renamed_in_the_metric_rules_alone() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs: [{targets: [h]}]\n  metric_relabel_configs:\n  - {target_label: zone, replacement: a}\n  - {source_labels: [zone], target_label: z}\n";
    insta::assert_snapshot!(renamed(text, &["zone", "area", "--stage", "metric"]));
}

#[test]
fn a_config_in_a_configmap_is_edited_there() {
    let fixture = Fixture::new("configmap");
    fixture.run("add-label", &["env=prod", "--all-jobs"]);
    let outcome = fixture.run("rename-label", &["env", "stage", "--all-jobs", "--dry-run"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let changed: Vec<&str> = outcome.stdout.lines().filter(|line| line.starts_with(['+', '-'])).collect();
    assert!(changed.iter().any(|line| line.contains("stage: prod")), "{changed:#?}");
}

#[test]
fn a_target_with_both_labels_is_refused() {
    let text =
        "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n    labels: {env: a, stage: b}\n";
    insta::assert_snapshot!(renamed(text, &["env", "stage"]));
}

#[test]
fn a_label_of_a_labelmap_is_refused() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n    labels: {__meta_env: a}\n  relabel_configs:\n  - regex: __meta_(.+)\n    action: labelmap\n";
    insta::assert_snapshot!(renamed(text, &["env", "stage"]));
}

#[test]
fn a_rule_that_keeps_the_label_by_a_pattern_of_several_names_is_refused() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n    labels: {env: a}\n  relabel_configs:\n  - regex: __.*|job|env\n    action: labelkeep\n";
    insta::assert_snapshot!(renamed(text, &["env", "stage"]));
}

#[test]
fn a_metric_rule_that_drops_the_new_name_is_refused() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n    labels: {env: a}\n  metric_relabel_configs:\n  - regex: tmp_.*\n    action: labeldrop\n";
    insta::assert_snapshot!(renamed(text, &["env", "tmp_env"]));
}

#[test]
fn a_list_of_rules_that_another_job_shares_is_refused() {
    let text = "scrape_configs:\n- job_name: a\n  static_configs: [{targets: [h], labels: {env: a}}]\n  relabel_configs: &all\n  - {source_labels: [env], target_label: e}\n- job_name: b\n  static_configs: [{targets: [h]}]\n  relabel_configs: *all\n";
    insta::assert_snapshot!(renamed(text, &["env", "stage", "--job", "a"]));
}

#[test]
fn the_name_of_the_job_and_the_same_name_are_refused() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs: [{targets: [h]}]\n";
    let shown = [["job", "service"], ["env", "env"], ["env", "__env"]].map(|names| renamed(text, &names));
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn what_is_not_known_of_labels_is_not_called_nothing_to_do() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [a:1]\n    labels: {env: x}\n- job_name: pods\n  kubernetes_sd_configs: [{role: pod}]\n  relabel_configs:\n  - {regex: __meta_kubernetes_pod_label_(.+), action: labelmap}\n";
    let run = |words: &[&str]| {
        let fixture = Fixture::of_text("p.yml", text);
        fixture.write("page.txt", "a{x=\"1\"} 1\n");
        let outcome = fixture.run("rename-label", words);
        assert!(!fixture.has_changed(), "{}", outcome.shown());
        let shown = outcome.shown().split_whitespace().collect::<Vec<_>>().join(" ");
        (outcome.status, shown)
    };
    let (status, shown) = run(&["foo", "bar", "--stage", "metric", "--job", "web"]);
    assert!(status == 1 && shown.contains("it is not known whether a sample has it"), "{shown}");
    assert!(shown.contains("promcfg add-label p.yml bar --job web --from foo --stage metric"), "{shown}");
    assert!(shown.contains("promcfg drop-label p.yml foo --job web --stage metric"), "{shown}");
    let (status, shown) = run(&["foo", "bar", "--job", "pods"]);
    assert!(status == 1 && shown.contains("it is not known whether a target has it"), "{shown}");
    // All targets of the job are known, or the samples are.
    for words in [
        &["foo", "bar", "--job", "web"][..],
        &["foo", "bar", "--stage", "metric", "--job", "web", "--series", "page.txt"],
    ] {
        let (status, shown) = run(words);
        assert!(status == 0 && shown.contains("nothing to do"), "{shown}");
    }
    let (status, shown) = run(&["instance", "host", "--job", "web"]);
    assert!(status == 1 && shown.contains("Prometheus gives each target a label `instance`, which stays"), "{shown}");
    assert!(shown.contains("promcfg add-label p.yml host --job web --from instance"), "{shown}");
    let (_, shown) = run(&["env", "job", "--job", "web"]);
    assert!(!shown.contains("remove-label") && shown.contains("choose another name"), "{shown}");
}
