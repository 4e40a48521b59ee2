//! Configs in scalars of manifests that are not literal blocks: in quotes, as other tools write them, and in folded blocks.

use super::run::Fixture;

/// As a dumper of YAML writes it: one line in double quotes, wrapped by escaped line breaks.
const WRAPPED: &str = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: x
data:
  a.yml: "global:\n  scrape_interval: 1m\n\
    scrape_configs:\n- job_name: web  # a\
    \ comment \"x\"\n  static_configs:\n \
    \ - targets: ['b:1', \"\xE9:2\"]\n"
  f.json: '{"scrape_configs": [{"job_name":
    "it''s", "static_configs": [{"targets": ["f:1"]}]}]}'
  other: 'untouched,
    as it is'
"#;

/// Runs a command that changes the text, and one that undoes this.
fn there_and_back(text: &str, there: &[&str], back: &[&str]) -> String {
    let fixture = Fixture::of_text("cm.yml", text);
    let run = |words: &[&str]| {
        let words: Vec<&str> = [words[0], "cm.yml"].into_iter().chain(words[1..].iter().copied()).collect();
        let outcome = fixture.run_words(&words, "");
        assert_eq!(outcome.status, 0, "{words:?}: {}", outcome.shown());
    };
    run(there);
    let changed = fixture.text();
    run(there);
    assert_eq!(fixture.text(), changed, "a second run changes nothing");
    run(back);
    assert_eq!(fixture.text(), text, "the undo is exact");
    changed
}

#[test]
fn configs_in_quotes_are_edited_in_their_quotes() {
    let changed =
        there_and_back(WRAPPED, &["add-label", "env=it's", "--all-jobs"], &["remove-label", "env", "--all-jobs"]);
    let expected = WRAPPED
        .replace(r#"\"\xE9:2\"]\n"#, r#"\"\xE9:2\"]\n    labels:\n      env: 'it''s'\n"#)
        .replace(r#"["f:1"]}"#, r#"["f:1"], "labels": {"env": "it''s"}}"#);
    assert_eq!(changed, expected);
    there_and_back(WRAPPED, &["add-target", "c:1", "--job", "web"], &["remove-target", "c:1", "--job", "web"]);
    there_and_back(
        WRAPPED,
        &["drop-metric", "go_.*", "--job", "web"],
        &["unset", "metric_relabel_configs", "--job", "web"],
    );
    there_and_back(WRAPPED, &["rename-job", "it's", "so"], &["rename-job", "so", "it's"]);
    there_and_back(WRAPPED, &["set", "scrape_interval=9s", "--all-jobs"], &["unset", "scrape_interval", "--all-jobs"]);
    there_and_back(WRAPPED, &["set", "global.scrape_timeout=9s"], &["unset", "global.scrape_timeout"]);
    there_and_back(WRAPPED, &["copy-job", "web", "more"], &["remove-job", "more"]);
}

#[test]
fn a_config_that_cannot_be_edited_where_it_is_is_named_with_the_reason() {
    let literal = "  b.yml: |\n    scrape_configs:\n    - job_name: b\n      static_configs:\n      - targets: [b:1]\n";
    let data = |scalar: &str| format!("kind: ConfigMap\napiVersion: v1\ndata:\n  a.yml: {scalar}\n{literal}");
    for (scalar, reason) in [
        (
            "'scrape_configs:\n\n    - {job_name: a, static_configs: [{targets: [a]}]}\n\n    '",
            "it is in single quotes",
        ),
        (">\n    scrape_configs: [{job_name: a,\n    static_configs: [{targets: [a]}]}]", "it is a folded block (`>`)"),
    ] {
        let fixture = Fixture::of_text("cm.yml", &data(scalar));
        let outcome = fixture.run("set", &["global.scrape_interval=30s"]);
        let message = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!((outcome.status, fixture.has_changed()), (1, false), "{}", outcome.shown());
        assert!(message.contains(&format!("the config `a.yml` cannot be changed like this: {reason}")), "{message}");
        assert!(message.contains("[cm.yml:4:10]") && message.contains("`a.yml: |`"), "{message}");
        // The other config is not hindered.
        let outcome = fixture.run("add-label", &["env=x", "--job", "b"]);
        assert!(outcome.status == 0 && fixture.has_changed(), "{}", outcome.shown());
    }
    // In single quotes, all that needs no line of its own has a place.
    let fixture = Fixture::of_text(
        "cm.yml",
        &data("'scrape_configs:\n\n    - {job_name: a, static_configs: [{targets: [a]}]}\n\n    '"),
    );
    let outcome = fixture.run("add-label", &["env=x", "--job", "a"]);
    assert_eq!(fixture.text(), fixture.before.replace("[a]}", "[a], labels: {env: x}}"), "{}", outcome.shown());
}
