//! `set` and `unset`: how values are written, what goes with an old value, and what is left of a section.

use promcfg::edit::{EditError, FileChange, Selection, SetFields};
use promcfg::{Document, Options, Release};
use serde_yaml::Value;

use super::run::Fixture;

const JOB: &str = "scrape_configs:\n- job_name: a\n  metrics_path: /m # why\n";

fn set(text: &str, path: &str, value: &str) -> Result<String, String> {
    let jobs = Some(Selection { jobs: vec!["a".into()], ..Selection::default() });
    let request = SetFields { set: vec![(path.into(), value.into())], jobs, ..SetFields::default() };
    changed(text, &request)
}

fn unset(text: &str, path: &str) -> Result<String, String> {
    let jobs = Some(Selection { jobs: vec!["a".into()], ..Selection::default() });
    changed(text, &SetFields { unset: vec![path.into()], jobs, ..SetFields::default() })
}

fn changed(text: &str, request: &SetFields) -> Result<String, String> {
    match Document::new("p.yml", text, &Options::default()).set_fields(request) {
        Ok(change) => Ok(change.files.first().map_or(text.to_string(), FileChange::after)),
        Err(EditError::Refused(refusals)) => Err(refusals[0].message.clone()),
        Err(error) => Err(error.to_string()),
    }
}

/// What another reader of YAML finds at a field of the first job.
fn read(text: &str, keys: &[&str]) -> Value {
    let config: Value = serde_yaml::from_str(text).unwrap();
    let job = config["scrape_configs"][0].clone();
    keys.iter().fold(job, |value, key| match key.parse::<usize>() {
        Ok(index) => value[index].clone(),
        Err(_) => value[*key].clone(),
    })
}

#[test]
fn strings_are_read_as_they_are_given() {
    let labels = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [h]\n    labels:\n      zone: x\n";
    for text in [
        "yes",
        "no",
        "on",
        "0123",
        "1e3",
        "0x1f",
        ": ",
        "a: b",
        "# no comment",
        "a #b",
        "- x",
        "[a",
        "{a",
        "&a",
        "*a",
        "!t",
        "|",
        ">",
        "%",
        "@x",
        "`x`",
        "it's",
        "\"quoted\"",
        "back\\slash",
        " blanks ",
        "tab\there",
        "two\nlines",
        "one\n\n  two\n",
        "${ENV}",
        "$1",
        "größe",
        "2001-01-01",
        "12:30",
        "-",
        "?",
        "---",
        "...",
        "=",
        "<<",
        "é\u{301}",
    ] {
        let after =
            set(labels, "static_configs[0].labels.env", text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(read(&after, &["static_configs", "0", "labels", "env"]), Value::from(text), "{after}");
        let replaced = set(labels, "static_configs[0].labels.zone", text).unwrap();
        assert_eq!(read(&replaced, &["static_configs", "0", "labels", "zone"]), Value::from(text), "{replaced}");
        let in_list = set(labels, "params.module[0]", text).unwrap();
        assert_eq!(read(&in_list, &["params", "module", "0"]), Value::from(text), "{in_list}");
        let whole = set(labels, "params", &format!("{{m: [{}]}}", serde_json::Value::from(text))).unwrap();
        assert_eq!(read(&whole, &["params", "m", "0"]), Value::from(text), "{whole}");
    }
}

#[test]
fn what_prometheus_reads_as_no_value_is_refused() {
    for (path, value) in [
        ("static_configs[0].labels.env", "~"),
        ("metrics_path", "null"),
        ("params.a[0]", "~"),
        ("params", "{a: ['null']}"),
    ] {
        let text = format!("{JOB}  static_configs:\n  - targets: [h]\n");
        let error = set(&text, path, value).expect_err(path);
        assert!(error.contains("reads it as no value"), "{error}");
    }
}

#[test]
fn numbers_durations_sizes_and_truth_values_are_written_as_they_are_given() {
    for (path, value) in [
        ("scrape_interval", "1h30m"),
        ("scrape_timeout", "900ms"),
        ("body_size_limit", "1.5MB"),
        ("sample_limit", "1000"),
        ("honor_labels", "false"),
        ("follow_redirects", "true"),
    ] {
        let after = set(JOB, path, value).unwrap();
        assert!(after.contains(&format!("  {path}: {value}\n")), "{after}");
    }
    for (path, value) in [
        ("scrape_interval", "1.5m"),
        ("honor_labels", "ja"),
        ("honor_labels", "true # yes"),
        ("body_size_limit", "10 MB,"),
        ("metrics_path", "/m\n  sample_limit: 3"),
    ] {
        let outcome = set(JOB, path, value);
        match path {
            "metrics_path" => assert_eq!(read(&outcome.unwrap(), &[path]), Value::from(value)),
            _ => assert!(outcome.is_err(), "{path}={value}: {outcome:?}"),
        }
    }
}

#[test]
fn comments_in_an_old_list_go_with_it_and_those_around_it_stay() {
    let text = "scrape_configs:\n- job_name: a\n  # above\n  params: # here\n    # in\n    module: [x] # behind\n    # below\n    b: [y] # last\n  # after\n  scheme: https # end\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("set", &["params={module: [z]}", "--job", "a"]);
    let expected =
        "scrape_configs:\n- job_name: a\n  # above\n  params: {module: [z]} # here\n  # after\n  scheme: https # end\n";
    assert_eq!((outcome.status, fixture.text()), (0, expected.to_string()), "{}", outcome.shown());
    let note = "job a: 4 comments in the old value of `params` go with it";
    assert!(outcome.stderr.contains(note), "{}", outcome.shown());
    let flow = "scrape_configs:\n- job_name: a\n  params: {\n    module: [x], # one\n  } # two\n";
    let fixture = Fixture::of_text("p.yml", flow);
    let outcome = fixture.run("set", &["params={b: [z]}", "--all-jobs"]);
    let expected = "scrape_configs:\n- job_name: a\n  params: {b: [z]} # two\n";
    assert_eq!((outcome.status, fixture.text()), (0, expected.to_string()), "{}", outcome.shown());
    assert!(outcome.stderr.contains("a comment in the old value of `params` goes with it"), "{}", outcome.shown());
    let list =
        "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [h] # why\n\n# the next job\n- job_name: b\n";
    let after = set(list, "static_configs", "[{targets: [g]}]").unwrap();
    assert_eq!(after, list.replace("\n  - targets: [h] # why", " [{targets: [g]}]"));
}

#[test]
fn a_field_goes_with_its_own_comments_only() {
    let text = "scrape_configs:\n- job_name: a # name\n  # path\n  metrics_path: /m # why\n  # scheme\n  scheme: https # secure\n\n  # limits\n  sample_limit: 5\n  # end of a\n# b\n- job_name: b\n";
    assert_eq!(unset(text, "metrics_path").unwrap(), text.replace("  # path\n  metrics_path: /m # why\n", ""));
    assert_eq!(unset(text, "scheme").unwrap(), text.replace("  # scheme\n  scheme: https # secure\n", ""));
    let after = unset(text, "sample_limit").unwrap();
    assert_eq!(after, text.replace("  # limits\n  sample_limit: 5\n", ""));
    let last = "scrape_configs:\n- job_name: a\n  params:\n    m: [x] # one\n  scheme: https # two\n";
    assert_eq!(unset(last, "params.m").unwrap(), last.replace("  params:\n    m: [x] # one\n", ""));
    assert_eq!(unset(last, "params.m[0]").unwrap(), last.replace("[x]", "[]"));
}

#[test]
fn what_prometheus_needs_cannot_be_removed() {
    let text = "scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [{role: pod, namespaces: {names: [x]}}]\n  relabel_configs:\n  - source_labels: [x]\n    target_label: y\n  basic_auth: {username: u, password_file: f}\n";
    for path in ["job_name", "kubernetes_sd_configs[0].role", "relabel_configs[0].target_label"] {
        assert!(unset(text, path).is_err(), "{path}: {:?}", unset(text, path));
    }
    for (path, old, new) in [
        ("kubernetes_sd_configs[0].namespaces.names", ", namespaces: {names: [x]}", ""),
        ("basic_auth.password_file", ", password_file: f", ""),
        ("relabel_configs[0]", "  relabel_configs:\n  - source_labels: [x]\n    target_label: y\n", ""),
    ] {
        assert_eq!(unset(text, path), Ok(text.replace(old, new)), "{path}");
    }
}

#[test]
fn what_is_minimal_depends_on_the_release() {
    let minimal = |path: &str, value: &str, release: &str| {
        let release: Release = release.parse().unwrap();
        let options = Options::default().with_release(release);
        let jobs = Some(Selection { jobs: vec!["a".into()], ..Selection::default() });
        let set = vec![(path.to_string(), value.to_string())];
        let change = Document::new("p.yml", JOB, &options).set_fields(&SetFields {
            set,
            jobs,
            minimal: true,
            ..SetFields::default()
        });
        change.map(|change| change.is_empty()).map_err(|error| error.to_string())
    };
    assert_eq!(minimal("honor_timestamps", "true", "2.42"), Ok(true));
    assert_eq!(minimal("honor_timestamps", "false", "2.42"), Ok(false));
    assert_eq!(minimal("scrape_classic_histograms", "false", "2.53"), Ok(true));
    assert!(minimal("scrape_classic_histograms", "false", "3.5").is_err());
    assert_eq!(minimal("scrape_interval", "1m", "3.5"), Ok(true));
    assert_eq!(minimal("scrape_timeout", "10s", "3.5"), Ok(true));
}
