//! `remove-job`: what goes with a job, what stays, and what is refused.

use std::path::Path;

use promcfg::edit::{EditError, RemoveJob};
use promcfg::yaml::Tree;
use promcfg::{Document, Options};
use serde_json::json;

use super::run::{Fixture, visible};

/// The names of the jobs of a text, each once.
fn names(text: &str) -> Vec<String> {
    let document = Document::new("p.yml", text, &Options::default());
    let mut names: Vec<String> = document.jobs().iter().map(|job| job.job_name.value.clone()).collect();
    names.dedup();
    names
}

#[test]
fn each_job_of_each_layout_is_removed_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edits");
    let mut fixtures: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    fixtures.sort();
    assert!(fixtures.len() > 30);
    for name in fixtures {
        let shown: String = names(&Fixture::new(&name).before)
            .iter()
            .map(|job| {
                let fixture = Fixture::new(&name);
                let outcome = fixture.run("remove-job", &[job]);
                assert_eq!(outcome.status == 0, fixture.has_changed(), "{name} {job}: {}", outcome.shown());
                if outcome.status == 0 {
                    assert!(!names(&fixture.text()).contains(job), "{name} {job}: {}", fixture.text());
                }
                let after = if fixture.has_changed() { visible(&fixture.text()) } else { String::new() };
                format!("=== remove-job {job}\n{}--- the file\n{after}\n", outcome.shown())
            })
            .collect();
        insta::assert_snapshot!(format!("remove_job_in_{name}"), shown);
    }
}

const TEXT: &str = "global: {scrape_interval: 1m}\nscrape_configs:\n# the nodes\n- job_name: node\n  static_configs:\n  - targets: ['a:1', 'b:1', 'c:1'] # all\n  relabel_configs:\n  - {source_labels: [__address__], regex: 'c:1', action: drop}\n\n# the test\n- job_name: test-1\n  static_configs: [{targets: ['t:1']}]\n\n- job_name: test-2\n  kubernetes_sd_configs: [{role: pod}]\n\nrule_files: [r.yml]\n";

#[test]
fn targets_that_vanish_are_listed_as_effects() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("remove-job", &["node", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let job = json!({
        "job": "node",
        "file": "p.yml",
        "grade": "proved",
        "known": 3,
        "effects": [{"kind": "job_lost", "count": 1}, {"kind": "lost", "count": 2, "example": {"__address__": "a:1"}}],
    });
    assert_eq!((outcome.status, &json["jobs"], &json["written"]), (0, &json!([job]), &json!(true)));
    let rest = TEXT.find("# the test").unwrap();
    assert_eq!(fixture.text(), format!("global: {{scrape_interval: 1m}}\nscrape_configs:\n{}", &TEXT[rest..]));
}

#[test]
fn several_jobs_and_patterns_are_one_change() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("remove-job", &["test-*", "node"]);
    let expected = "3 jobs are lost: node, test-1, test-2\n3 targets are lost (a:1)\n";
    assert!(outcome.status == 0 && outcome.stdout.ends_with(expected), "{}", outcome.shown());
    assert_eq!(fixture.text(), "global: {scrape_interval: 1m}\nscrape_configs: []\n\nrule_files: [r.yml]\n");
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("remove-job", &["test-2"]);
    assert!(outcome.stdout.ends_with("1 job is lost: test-2; nothing else changes\n"), "{}", outcome.shown());
}

#[test]
fn given_targets_of_discovery_are_counted() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("pods.json", r#"[{"targets": ["10.1.2.3:80", "10.1.2.4:80"]}]"#);
    let outcome = fixture.run("remove-job", &["test-2", "--targets", "pods.json", "--dry-run"]);
    let expected = "1 job is lost: test-2\n2 targets are lost (10.1.2.3:80)\n";
    assert!(outcome.stdout.ends_with(expected) && !fixture.has_changed(), "{}", outcome.shown());
}

#[test]
fn a_check_and_a_dry_run_write_nothing() {
    for (option, status, stdout) in [("--check", 1, "p.yml\n"), ("--dry-run", 0, "--- p.yml\n")] {
        let fixture = Fixture::of_text("p.yml", TEXT);
        let outcome = fixture.run("remove-job", &["node", option]);
        assert!(outcome.status == status && outcome.stdout.starts_with(stdout), "{}", outcome.shown());
        assert!(!fixture.has_changed());
    }
    let fixture = Fixture::of_text("p.yml", TEXT);
    let printed = fixture.run("remove-job", &["test-1", "--stdout"]);
    fixture.run("remove-job", &["test-1"]);
    assert_eq!(printed.stdout, fixture.text());
}

#[test]
fn a_job_that_no_config_has_is_nothing_to_do_and_a_near_one_is_named() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run("remove-job", &["nod"]);
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, "nothing to do: the jobs do not exist\n"));
    assert!(outcome.stderr.contains("did you mean \"node\"?"), "{}", outcome.stderr);
    let empty = Fixture::of_text("p.yml", "scrape_configs: []\n");
    assert_eq!(empty.run("remove-job", &["nod"]).status, 0);
    let outcome = fixture.run("remove-job", &["nod", "node"]);
    assert!(outcome.status == 0 && outcome.stderr.contains("unknown job \"nod\""), "{}", outcome.shown());
    assert!(!fixture.text().contains("job_name: node"));
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("other.yml", "scrape_configs: [{job_name: nod}, {job_name: more}]\n");
    let outcome = fixture.run("remove-job", &["nod", "--file", "other.yml"]);
    assert!(outcome.status == 0 && outcome.stderr.contains("p.yml: no job \"nod\""), "{}", outcome.shown());
    assert_eq!(std::fs::read_to_string(fixture.path("other.yml")).unwrap(), "scrape_configs: [{job_name: more}]\n");
}

#[test]
fn a_job_of_an_included_file_is_removed_there() {
    let fixture = Fixture::of_text("p.yml", "scrape_config_files: [jobs.yml]\nscrape_configs: [{job_name: a}]\n");
    fixture.write("jobs.yml", "scrape_configs:\n- job_name: b\n- job_name: c\n");
    let outcome = fixture.run("remove-job", &["b"]);
    assert_eq!((outcome.status, fixture.has_changed()), (0, false), "{}", outcome.shown());
    assert_eq!(std::fs::read_to_string(fixture.path("jobs.yml")).unwrap(), "scrape_configs:\n- job_name: c\n");
}

#[test]
fn a_job_that_prometheus_refuses_can_be_removed() {
    let text = "scrape_configs:\n- job_name: a\n  scrape_interval: soon\n- job_name: b\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("remove-job", &["a"]);
    assert_eq!(
        (outcome.status, fixture.text().as_str()),
        (0, "scrape_configs:\n- job_name: b\n"),
        "{}",
        outcome.shown()
    );
}

#[test]
fn an_anchor_that_others_use_keeps_its_job() {
    for (name, text) in [
        ("inside", "scrape_configs:\n- job_name: a\n  relabel_configs: &x []\n- job_name: b\n  relabel_configs: *x\n"),
        ("whole", "scrape_configs:\n- &x\n  job_name: a\n- <<: *x\n  job_name: b\n"),
    ] {
        let fixture = Fixture::of_text("p.yml", text);
        let outcome = fixture.run("remove-job", &["a"]);
        let message = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(message.contains("has the anchor `&x`, which 1 other place uses"), "{name}: {}", outcome.shown());
        assert!(outcome.status == 1 && !fixture.has_changed(), "{name}");
        assert_eq!(fixture.run("remove-job", &["a", "b"]).status, 0, "{name}: both go together");
        assert_eq!(fixture.text(), "scrape_configs: []\n");
    }
    let text = "x: &x {job_name: a}\nscrape_configs: [*x, {job_name: b}]\n";
    let change = Document::new("p.yml", text, &Options::default()).remove_job(&RemoveJob { jobs: vec!["a".into()] });
    assert_eq!(change.unwrap().files[0].after(), text.replace("*x, ", ""), "an alias goes, what it repeats stays");
}

#[test]
fn a_target_file_has_no_jobs() {
    let fixture = Fixture::of_text("targets.json", r#"[{"targets": ["h:1"]}]"#);
    let outcome = fixture.run("remove-job", &["a"]);
    assert!(
        outcome.status == 2 && outcome.stderr.contains("is a target file, which has no jobs"),
        "{}",
        outcome.shown()
    );
}

/// Removes a job of a text: what happened, or what is wrong. Of the text, only lines or bytes of the list may be gone.
pub(super) fn removal(text: &str, job: &str) -> Result<String, String> {
    let request = RemoveJob { jobs: vec![job.to_string()] };
    let change = match Document::new("wild.yml", text, &Options::default()).remove_job(&request) {
        Ok(change) => change,
        Err(EditError::Refused(refusals)) => return Ok(format!("refused, {}", refusals[0].id)),
        Err(error) => return Err(error.to_string()),
    };
    let after = change.files[0].after();
    let left: Vec<String> = names(text).into_iter().filter(|name| name != job).collect();
    if names(&after) != left {
        return Err(format!("the jobs are not as requested:\n{after}"));
    }
    let again = Document::new("wild.yml", after.as_str(), &Options::default()).remove_job(&request);
    match again {
        Err(EditError::UnknownJobError(_)) => Ok("removed".to_string()),
        // A config without jobs.
        Err(EditError::Request { .. }) if left.is_empty() => Ok("removed".to_string()),
        other => Err(format!("a second run: {other:?}")),
    }
}

/// Puts a job before the first one of a block list, and removes it again: `None` for a list in brackets.
pub(super) fn put_and_removed(text: &str) -> Option<Result<(), String>> {
    let tree = Tree::parse(text);
    let (_, list) = tree.root()?.entries().find(|(key, _)| key.value() == "scrape_configs")?;
    let first = list.items().next().filter(|_| !list.is_flow())?;
    let start = tree.ownership().element(first.id()).extent.start as usize;
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let dash = list.span().start as usize;
    let column = dash - text[..dash].rfind('\n').map_or(0, |end| end + 1);
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let put = format!("{}{}- {{job_name: put}} # put{line_end}{}", &text[..line], " ".repeat(column), &text[line..]);
    let mut document = Document::new("wild.yml", put.as_str(), &Options::default());
    let change = document.remove_job(&RemoveJob { jobs: vec!["put".into()] });
    Some(match change {
        Ok(change) if change.files[0].after() == text => Ok(()),
        Ok(change) => Err(format!("not the old bytes:\n{}", change.files[0].after())),
        Err(error) => Err(format!("{error}:\n{put}")),
    })
}

#[test]
fn the_only_job_of_a_list_leaves_an_empty_list_that_gets_jobs_again() {
    let job = "- job_name: a\n  static_configs:\n  - targets: [x:1]\n";
    let secret = "kind: Secret\nmetadata: {name: s}\nstringData:\n  jobs.yaml: |\n    []\n";
    let in_secret = secret.replace("    []\n", "    - job_name: a\n      static_configs:\n      - targets: [x:1]\n");
    for (name, text, empty) in [
        ("jobs.yml", job, "[]\n"),
        ("secret.yml", &in_secret, secret),
        ("jobs.json", "[{\"job_name\": \"a\"}]\n", "[]\n"),
    ] {
        let fixture = Fixture::of_text(name, text);
        let outcome = fixture.run("remove-job", &["a"]);
        assert_eq!((outcome.status, fixture.text().as_str()), (0, empty), "{}", outcome.shown());
        let again = fixture.run("remove-job", &["a"]);
        assert_eq!((again.status, fixture.text().as_str()), (0, empty), "{}", again.shown());
        let outcome = fixture.run("add-job", &["b", "--preset", "static", "--target", "h:1"]);
        assert!(outcome.status == 0 && fixture.text().contains("h:1"), "{}", outcome.shown());
        assert_eq!(fixture.text().contains("- job_name: b"), name != "jobs.json", "{}", fixture.text());
        let outcome = fixture.run("remove-job", &["b"]);
        assert_eq!((outcome.status, fixture.text().as_str()), (0, empty), "{}", outcome.shown());
    }
}
