//! `drop-label`, `keep-label` and `map-labels`: rules about the names of labels.

use promcfg::Document;
use promcfg::edit::{ConfigChange, EditError, FilterLabels, LabelFilter, LabelStage, MapLabels, Selection};

use super::layouts::on_all_layouts;
use super::rule_added::Added;
use super::run::Fixture;

const JOBS: &str = "scrape_configs:
- job_name: node
  static_configs:
  - targets: ['10.0.0.1:9100']
    labels: {zone: eu-1, env: prod, tmp.x: a}
- job_name: pods
  kubernetes_sd_configs: [{role: pod}]
  relabel_configs:
  - source_labels: [__meta_kubernetes_namespace]
    target_label: namespace
- job_name: nodes
  kubernetes_sd_configs: [{role: node}]
- job_name: machines
  ec2_sd_configs: [{region: eu-west-1}]
";

/// Runs commands one after the other, each of which has nothing to do a second time.
fn shown(text: &str, runs: &[&[&str]]) -> String {
    let fixture = Fixture::of_text("p.yml", text);
    let mut shown = String::new();
    for words in runs {
        let before = fixture.text();
        let outcome = fixture.run(words[0], &words[1..]);
        shown.push_str(&outcome.shown());
        if outcome.status != 0 {
            assert!(fixture.text() == before, "refused, but written");
            continue;
        }
        assert!(fixture.text() != before, "done, but not written: {}", outcome.shown());
        let after = fixture.text();
        let again = fixture.run(words[0], &words[1..]);
        assert!(again.stdout.starts_with("nothing to do: ") && fixture.text() == after, "{}", again.shown());
    }
    shown
}

#[test]
fn labels_are_dropped_by_one_rule_that_further_runs_extend() {
    let text = JOBS;
    insta::assert_snapshot!(shown(
        text,
        &[
            &["drop-label", "tmp.x", "zone", "--job", "node"],
            &["drop-label", "env", "zone", "--job", "node"],
            &["drop-label", "namespace", "--job", "pods"],
            &["drop-label", "id", "image", "--job", "pods", "--stage", "metric"],
        ]
    ));
}

#[test]
fn a_dropped_label_that_a_later_rule_reads_gets_a_rule_of_its_own() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n    labels: {a: x, b: y}\n  relabel_configs:\n  - {regex: a, action: labeldrop}\n  - {source_labels: [b], target_label: c}\n";
    insta::assert_snapshot!(shown(text, &[&["drop-label", "b"]]));
}

#[test]
fn all_other_labels_are_dropped_but_those_that_prometheus_needs() {
    insta::assert_snapshot!(shown(
        JOBS,
        &[
            &["keep-label", "env", "--job", "node"],
            &["keep-label", "zone", "tmp.x", "--job", "node"],
            &["keep-label", "namespace", "pood", "--job", "pods"],
            &["keep-label", "method", "code", "--job", "pods", "--stage", "metric"],
        ]
    ));
}

#[test]
fn what_prometheus_needs_is_not_dropped() {
    insta::assert_snapshot!(shown(
        JOBS,
        &[
            &["drop-label", "instance", "--job", "node"],
            &["drop-label", "__address__", "--job", "node"],
            &["drop-label", "__meta_kubernetes_namespace", "--job", "pods"],
            &["drop-label", "le", "--job", "node", "--stage", "metric"],
            &["drop-label", "__name__", "--job", "node", "--stage", "metric"],
        ]
    ));
}

#[test]
fn labels_that_make_targets_differ_are_not_dropped() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n    labels: {instance: i, shard: a}\n  - targets: [k]\n    labels: {instance: i, shard: b}\n";
    insta::assert_snapshot!(shown(text, &[&["drop-label", "shard"], &["keep-label", "env"]]));
}

#[test]
fn labels_of_discovery_are_mapped_and_collisions_are_reported_first() {
    insta::assert_snapshot!(shown(
        JOBS,
        &[
            &["map-labels", "__meta_kubernetes_node_label_", "--job", "nodes"],
            &["map-labels", "__meta_kubernetes_pod_label_", "--job", "pods"],
            &["map-labels", "__meta_kubernetes_pod_label_", "--to", "k8s_", "--job", "pods"],
            &["map-labels", "__meta_kubernetes_pod_annotation_", "--overwrite", "--job", "pods"],
            &["map-labels", "__meta_ec2_tag_", "--to", "tag_", "--job", "machines"],
            &["map-labels", "__meta_ec2_tags_", "--job", "machines"],
            &["map-labels", "__meta_", "--job", "node"],
            &["map-labels", "z", "--to", "__z", "--job", "node"],
        ]
    ));
}

#[test]
fn a_label_of_a_known_target_is_not_replaced() {
    let text = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: [h]\n    labels: {my_env: a, env: b, my_zone: c}\n";
    insta::assert_snapshot!(shown(text, &[&["map-labels", "my_"], &["map-labels", "my_", "--overwrite"]]));
}

#[test]
fn labels_are_dropped_kept_and_mapped_in_every_layout() {
    insta::assert_snapshot!("drop", on_all_layouts("drop-label", &["team", "env", "--all-jobs"], None));
    insta::assert_snapshot!("keep", on_all_layouts("keep-label", &["team", "--all-jobs"], None));
    insta::assert_snapshot!("map", on_all_layouts("map-labels", &["te", "--to", "x_", "--all-jobs"], None));
}

fn filter(document: &mut Document<'_>, job: &str, filter: LabelFilter) -> Result<ConfigChange, EditError> {
    let selection = Selection { jobs: vec![job.to_string()], ..Selection::default() };
    let stage = LabelStage::Metric;
    document.filter_labels(&FilterLabels { filter, names: vec!["promcfg.test".into()], selection, stage })
}

fn map(document: &mut Document<'_>, job: &str) -> Result<ConfigChange, EditError> {
    let selection = Selection { jobs: vec![job.to_string()], ..Selection::default() };
    let (prefix, to) = ("__address_".into(), "promcfg_".into());
    document.map_labels(&MapLabels { prefix, to, selection, ..MapLabels::default() })
}

const DROPPED: Added = Added {
    edit: |document, job| filter(document, job, LabelFilter::Drop),
    list: "metric_relabel_configs",
    rules: &["{regex: 'promcfg\\.test', action: labeldrop}"],
    extension: Some("|promcfg\\.test"),
    undo: None,
};

const KEPT: Added = Added {
    edit: |document, job| filter(document, job, LabelFilter::Keep),
    list: "metric_relabel_configs",
    rules: &["{regex: '__name__|instance|job|le|quantile|promcfg\\.test', action: labelkeep}"],
    extension: Some("|promcfg\\.test"),
    undo: None,
};

const MAPPED: Added = Added {
    edit: map,
    list: "relabel_configs",
    rules: &["{regex: __address_(.+), replacement: promcfg_$1, action: labelmap}"],
    extension: None,
    undo: None,
};

#[test]
fn whatever_the_style_a_rule_about_names_is_one_rule_more() {
    DROPPED.in_all_styles(8);
    KEPT.in_all_styles(8);
    MAPPED.in_all_styles(8);
}

#[test]
fn in_real_configs_a_rule_about_names_is_one_rule_more() {
    DROPPED.in_real_configs();
    KEPT.in_real_configs();
}
