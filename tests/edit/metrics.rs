//! `drop-metric` and `keep-metric`: which samples go, how rules are extended, and what is refused.

use promcfg::edit::{AddLabel, EditError, FilterMetrics, Grade, LabelStage, MetricFilter, Selection};
use promcfg::{Document, Options};
use serde_json::json;

use super::run::Fixture;

const TEXT: &str = "scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: ['a:1', 'b:1'] # two\n";
const PAGE: &str = "# TYPE http histogram\nhttp_bucket{le=\"1\"} 1\nhttp_bucket{le=\"+Inf\"} 2\nhttp_sum 3\nhttp_count 2\ngo_info 1\ngo_threads 2\n";

fn with_page() -> Fixture {
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("page.txt", PAGE);
    fixture
}

#[test]
fn a_rule_is_added_and_extended_and_a_second_run_changes_nothing() {
    let fixture = with_page();
    let outcome = fixture.run("drop-metric", &["go_.*", "http_bucket", "--series", "page.txt"]);
    insta::assert_snapshot!(outcome.shown());
    let rule =
        "  metric_relabel_configs:\n  - source_labels: [__name__]\n    regex: go_.*|http_bucket\n    action: drop\n";
    assert_eq!(fixture.text(), format!("{TEXT}{rule}"));
    let again = fixture.run("drop-metric", &["http_bucket", "go_.*"]);
    let words = "nothing to do: a rule already drops http_bucket and go_.* (job node)\n";
    assert_eq!((again.status, again.stdout.as_str()), (0, words));
    let outcome = fixture.run("drop-metric", &["jvm_.*", "go_.*"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(fixture.text(), format!("{TEXT}{rule}").replace("http_bucket", "http_bucket|jvm_.*"));
}

#[test]
fn metrics_are_kept_and_more_of_them_later() {
    let fixture = with_page();
    let outcome = fixture.run("keep-metric", &["http_.*", "--series", "page.txt"]);
    insta::assert_snapshot!(outcome.shown());
    let outcome = fixture.run("keep-metric", &["go_info", "--series", "page.txt", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((outcome.status, &json["jobs"][0]["series"]), (0, &json!({"before": 4, "after": 5})), "{json}");
    assert_eq!(json["jobs"][0]["effects"], json!([{"kind": "gained", "count": 2, "example": {"__address__": "a:1"}}]));
    assert_eq!(json["grade"], "proved");
    let again = fixture.run("keep-metric", &["go_info", "http_.*"]);
    assert!(again.stdout.starts_with("nothing to do: a rule already keeps "), "{}", again.shown());
}

#[test]
fn in_every_layout_a_rule_is_added_or_the_reason_is_shown() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edits");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    for name in names {
        let fixture = Fixture::new(&name);
        let outcome = fixture.run("drop-metric", &["go_.*", "--all-jobs"]);
        assert_eq!(outcome.status == 0, fixture.has_changed(), "{name}: {}", outcome.shown());
        if outcome.status == 0 {
            let again = fixture.run("drop-metric", &["go_.*", "--all-jobs"]);
            assert!(again.stdout.starts_with("nothing to do: "), "{name}: {}", again.shown());
        }
        insta::assert_snapshot!(format!("drop_metric_in_{name}"), outcome.shown());
    }
}

#[test]
fn patterns_that_cannot_be_meant_are_refused_or_noted() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    for (command, pattern, status, message) in [
        ("drop-metric", ".*", 1, "the pattern \".*\" matches every metric"),
        ("keep-metric", ".+", 1, "the pattern \".+\" matches every metric"),
        ("drop-metric", "up", 1, "no rule can drop `up`"),
        ("drop-metric", "", 1, "the pattern \"\" matches no name of a metric"),
        ("drop-metric", "go_(", 2, "the pattern \"go_(\" is not a regular expression"),
    ] {
        let outcome = fixture.run(command, &[pattern]);
        assert!(outcome.status == status && outcome.stderr.contains(message), "{}", outcome.shown());
        assert!(!fixture.has_changed());
    }
    let outcome = fixture.run("drop-metric", &["scrape_.*", "--dry-run"]);
    let words = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("adds series such as `scrape_duration_seconds` after all rules"), "{}", outcome.shown());
    let outcome = fixture.run("drop-metric", &["up|x", "go_*", "http_bucket", "--dry-run"]);
    for note in ["`*` in \"go_*\" repeats the `_`", "no rule can drop it", "http_sum, http_count stay"] {
        let words = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(note), "{note}: {}", outcome.shown());
    }
}

#[test]
fn a_rule_is_only_extended_where_it_means_the_same() {
    let rules = |rules: &str| format!("{TEXT}  metric_relabel_configs:\n{rules}");
    let own = "  - {source_labels: [__name__], regex: 'a', action: drop}\n";
    let rename = "  - {source_labels: [__name__], regex: 'x_(.*)', target_label: __name__, replacement: '$1'}\n";
    let other = "  - {source_labels: [__name__, le], regex: 'a;1', action: drop}\n";
    let flags = "  - {source_labels: [__name__], regex: '(?i)a', action: drop}\n";
    let added = "  - {source_labels: [__name__], regex: b, action: drop}\n";
    for (before, after) in [
        (format!("{own}{other}"), format!("{}{other}", own.replace("'a'", "'a|b'"))),
        (format!("{own}{rename}"), format!("{own}{rename}{added}")),
        (other.to_string(), format!("{other}{added}")),
        (flags.to_string(), format!("{flags}{added}")),
    ] {
        let fixture = Fixture::of_text("p.yml", &rules(&before));
        let outcome = fixture.run("drop-metric", &["b"]);
        let block = added.replace(
            "{source_labels: [__name__], regex: b, action: drop}",
            "source_labels: [__name__]\n    regex: b\n    action: drop",
        );
        let expected = rules(&after.replace(added, &block));
        assert_eq!((outcome.status, fixture.text()), (0, expected), "{}", outcome.shown());
    }
    let fixture = Fixture::of_text("p.yml", &rules(&format!("{}{rename}", own.replace("drop", "keep"))));
    let outcome = fixture.run("keep-metric", &["b"]);
    assert!(outcome.status == 1 && outcome.stderr.contains("cannot be extended"), "{}", outcome.shown());
}

#[test]
fn a_pattern_within_another_one_is_not_added() {
    let rules = |rules: &str| format!("{TEXT}  metric_relabel_configs:\n{rules}");
    let drop = "  - {source_labels: [__name__], regex: 'go_.*|a', action: drop}\n";
    let keep = "  - {source_labels: [__name__], regex: 'http_.*', action: keep}\n";
    for (command, before, pattern) in [
        ("drop-metric", drop, "go_gc_.*"),
        ("drop-metric", drop, "go_(gc|memstats)_[a-z]+|a"),
        ("keep-metric", keep, "http_requests_total"),
    ] {
        let fixture = Fixture::of_text("p.yml", &rules(before));
        let outcome = fixture.run(command, &[pattern]);
        let is_done = outcome.status == 0 && outcome.stdout.starts_with("nothing to do") && !fixture.has_changed();
        assert!(is_done, "{command} {pattern}: {}", outcome.shown());
    }
    let fixture = Fixture::of_text("p.yml", &rules(drop));
    let outcome = fixture.run("drop-metric", &["go_gc_.*", "jvm_.*", "go.*"]);
    assert_eq!(fixture.text(), rules(&drop.replace("|a", "|a|jvm_.*|go.*")), "{}", outcome.shown());
    let own = "  - {source_labels: [__name__], regex: 'a', action: drop, replacement: x}\n";
    let fixture = Fixture::of_text("p.yml", &rules(own));
    let outcome = fixture.run("drop-metric", &["b"]);
    assert!(outcome.status == 0 && fixture.text().contains(own), "a rule of another form stays: {}", outcome.shown());
}

#[test]
fn what_is_dropped_already_is_not_kept() {
    let drop = "  metric_relabel_configs:\n  - {source_labels: [__name__], regex: 'go_.*', action: drop}\n";
    let fixture = Fixture::of_text("p.yml", &format!("{TEXT}{drop}"));
    let outcome = fixture.run("keep-metric", &["go_gc_.*"]);
    assert!(
        outcome.status == 1 && outcome.stderr.contains("drops all metrics that should be kept"),
        "{}",
        outcome.shown()
    );
    let outcome = fixture.run("keep-metric", &["g.*", "--dry-run"]);
    let words = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(outcome.status == 0 && words.contains("metric_relabel_configs[0] still drops"), "{}", outcome.shown());
}

#[test]
fn names_in_utf_8_are_patterns_like_others() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("page.txt", "{\"http.größe_bucket\",le=\"1\"} 1\n{\"http.größe_sum\"} 1\n{\"httpxgröße_sum\"} 1\n");
    let outcome = fixture.run("drop-metric", &["http.größe_bucket", "--series", "page.txt", "--dry-run"]);
    let words = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(outcome.status == 0 && words.contains("matches any character"), "{}", outcome.shown());
    let outcome = fixture.run("drop-metric", &["http\\.größe_.*", "--series", "page.txt"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert!(fixture.text().contains("regex: 'http\\.größe_.*'\n"), "{}", fixture.text());
}

/// Drops a metric of a job, or keeps only some: what happened, or what is wrong.
pub(super) fn filtered(name: &str, text: &str, job: &str) -> Result<String, String> {
    for filter in [MetricFilter::Drop, MetricFilter::Keep] {
        let request = |pattern: &str| FilterMetrics {
            filter,
            patterns: vec![pattern.to_string()],
            selection: Selection { jobs: vec![job.to_string()], ..Selection::default() },
        };
        let run = |text: &str, request: &FilterMetrics| {
            Document::new(name, text, &Options::default()).filter_metrics(request)
        };
        let change = match run(text, &request("promcfg_.*")) {
            Ok(change) => change,
            Err(EditError::Refused(refusals)) => return Ok(format!("refused, {}", refusals[0].id)),
            Err(error) => return Ok(format!("not possible, {error}")),
        };
        if change.grade != Grade::Proved {
            return Err(format!("{filter:?} is {}: {:?}", change.grade, change.jobs));
        }
        let after = change.files[0].after();
        let again = run(&after, &request("promcfg_.*")).map_err(|error| format!("a second run: {error}"))?;
        if !again.is_empty() {
            return Err(format!("a second run changes it:\n{}", again.files[0].after()));
        }
        let more = run(&after, &request("other")).map_err(|error| format!("extended: {error}"))?;
        if more.files[0].after().replace("promcfg_.*|other", "promcfg_.*") != after {
            return Err(format!("not extended:\n{}", more.files[0].after()));
        }
    }
    Ok("filtered".to_string())
}

#[test]
fn an_edit_of_another_stage_is_not_disturbed() {
    let add = AddLabel { name: "x".into(), value: "y".into(), stage: LabelStage::Metric, ..AddLabel::default() };
    let drop = FilterMetrics { patterns: vec!["a".into()], ..FilterMetrics::default() };
    let text = Document::new("p.yml", TEXT, &Options::default()).filter_metrics(&drop).unwrap().files[0].after();
    let change = Document::new("p.yml", text, &Options::default()).add_label(&add).unwrap();
    assert_eq!(change.grade, Grade::Proved);
}

#[test]
fn a_rule_is_added_where_no_known_target_or_sample_is_kept() {
    let job = "scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: ['a:1']\n";
    let no_target = "  relabel_configs:\n  - {source_labels: [job], regex: node, action: drop}\n";
    let no_sample = "  metric_relabel_configs:\n  - {source_labels: [__name__], regex: 'x[0-9]{9}y', action: keep}\n";
    for rules in [no_target.to_string(), no_sample.to_string(), format!("{no_target}{no_sample}")] {
        let fixture = Fixture::of_text("p.yml", &format!("{job}{rules}"));
        let outcome = fixture.run("drop-metric", &["go_.*"]);
        assert_eq!(outcome.status, 0, "{}", outcome.shown());
        assert!(
            fixture.text().ends_with("regex: go_.*, action: drop}\n")
                || fixture.text().ends_with("regex: go_.*\n    action: drop\n"),
            "{}",
            fixture.text()
        );
        assert!(fixture.text().starts_with(&format!("{job}{rules}")), "{}", fixture.text());
    }
}
