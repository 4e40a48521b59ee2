//! Jobs whose rules drop all known targets: what an edit says of them is true.

use super::run::Fixture;

const SHARD_OF_NONE: &str = "\
scrape_configs:
  - job_name: n
    static_configs:
      - targets: [a:1, b:1]
    relabel_configs:
      - {source_labels: [__address__], regex: b.*, action: drop}
      - source_labels: [__address__]
        modulus: 2
        target_label: __tmp_hash
        action: hashmod
      - source_labels: [__tmp_hash]
        regex: '1'
        action: keep
";

#[test]
fn another_shard_gains_the_target_that_no_rule_drops_then() {
    let shards = [
        ("0/3", "nothing changes"),
        ("1/3", "1 target is gained (a:1); nothing else changes"),
        ("2/3", "nothing changes"),
    ];
    for (shard, effect) in shards {
        let fixture = Fixture::of_text("p.yml", SHARD_OF_NONE);
        let outcome = fixture.run("keep-target", &["--shard", shard]);
        assert_eq!((outcome.status, outcome.stdout.lines().last()), (0, Some(effect)), "{}", outcome.shown());
        assert!(!outcome.stdout.contains("shown without keep and drop rules"), "{}", outcome.shown());
    }
}

#[test]
fn a_target_that_is_dropped_already_is_not_selected() {
    let text = "scrape_configs:\n- job_name: n\n  static_configs: [{targets: [a:1]}]\n  relabel_configs: [{regex: .*, action: drop}]\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("drop-target", &["--where", "job=n"]);
    assert_eq!((outcome.status, fixture.has_changed()), (1, false), "{}", outcome.shown());
    assert!(outcome.stderr.contains("the job has no selected target"), "{}", outcome.shown());
}

#[test]
fn the_json_says_that_an_effect_is_shown_without_the_rules_that_drop() {
    let text = "scrape_configs:\n- job_name: n\n  static_configs: [{targets: [a:1]}]\n  relabel_configs: [{regex: .*, action: drop}]\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("add-label", &["env=x", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let note = "job n: shown without keep and drop rules, which drop all known targets";
    assert_eq!((outcome.status, &json["notes"][0]), (0, &serde_json::json!(note)), "{}", outcome.shown());
}
