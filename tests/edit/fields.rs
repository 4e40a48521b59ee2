//! `set`, `unset` and `limit`: where fields go, what is refused, and that nothing else changes.

use promcfg::edit::{EditError, Selection, SetFields};
use promcfg::{Document, Options};
use serde_json::json;

use super::corpus::{configs, jobs_of};
use super::run::Fixture;

const TEXT: &str = "# My config\n\nscrape_configs:\n# the nodes\n- job_name: node # first\n  # how to get them\n  static_configs:\n  - targets: ['a:1', 'b:1'] # two\n    labels:\n      env: dev # really\n  relabel_configs:\n  - source_labels: [env]\n    regex: (.*)\n    target_label: e\n- job_name: web\n  scrape_timeout: 5s # short\n  params:\n    # why\n    module: [x]\n  kubernetes_sd_configs: [{role: pod}]\n";

/// Runs a command on the config, and a second time, which changes nothing.
fn run(command: &str, words: &[&str]) -> (Fixture, String) {
    let fixture = Fixture::of_text("p.yml", TEXT);
    let outcome = fixture.run(command, words);
    if outcome.status == 0 {
        let text = fixture.text();
        let again = fixture.run(command, words);
        assert_eq!((again.status, fixture.text()), (0, text), "{}", again.shown());
        assert!(again.stdout.starts_with("nothing to do: "), "{}", again.shown());
    } else {
        assert!(!fixture.has_changed(), "{}", outcome.shown());
    }
    (fixture, outcome.shown())
}

#[test]
fn fields_go_to_their_usual_places() {
    let fields = ["global.scrape_interval=30s", "rule_files=[a.yml, b.yml]", "global.external_labels.zone=1e3"];
    let (fixture, shown) = run("set", &fields);
    insta::assert_snapshot!(shown);
    let outcome = fixture.run("unset", &["global", "rule_files"]);
    assert_eq!(fixture.text(), TEXT, "{}", outcome.shown());
}

#[test]
fn fields_of_a_job_are_set_below_it_and_taken_out_again() {
    let fields = [
        "scrape_interval=15s",
        "basic_auth.username=prom",
        "basic_auth.password_file=/run/pw",
        "tls_config.insecure_skip_verify=true",
    ];
    let (fixture, shown) = run("set", &[&fields[..], &["--all-jobs"]].concat());
    insta::assert_snapshot!(shown);
    let outcome =
        fixture.run("unset", &["scrape_interval", "basic_auth", "tls_config.insecure_skip_verify", "--all-jobs"]);
    assert_eq!(fixture.text(), TEXT, "{}", outcome.shown());
}

#[test]
fn a_value_is_replaced_in_place_and_its_effect_on_targets_is_reported() {
    let fields =
        ["relabel_configs[0].regex=x-(.*)", "static_configs[0].labels.env=on", "metrics_path=/m", "--job", "node"];
    let (_, shown) = run("set", &fields);
    insta::assert_snapshot!(shown);
    let (_, shown) = run("set", &["params.module=[http_2xx]", "scrape_timeout=6s", "--job", "web"]);
    insta::assert_snapshot!(shown);
}

#[test]
fn what_cannot_be_is_refused_with_the_reason() {
    for (words, status, message) in [
        (&["global.scrape_intervall=30s"][..], 2, "did you mean `scrape_interval`?"),
        (&["scrape_interval=30s"], 2, "or in the `global` section"),
        (&["scrape_interval=15", "--job", "node"], 2, "invalid duration \"15\" for `scrape_interval`"),
        (&["honor_labels=maybe", "--job", "node"], 2, "expected `true` or `false`"),
        (
            &["basic_auth.password=hunter2", "--job", "node"],
            1,
            "set `basic_auth.password_file` to the name of the file",
        ),
        (
            &["authorization={credentials: hunter2}", "--job", "node"],
            1,
            "is a secret and would be written in plain text",
        ),
        (&["params.module=http_2xx", "--job", "node"], 2, "write a list in brackets"),
        (&["global.scrape_timeout=2m"], 1, "longer than the scrape interval"),
        (&["relabel_configs[7].regex=x", "--job", "node"], 1, "the list has 1 item, no item 7"),
        (&["relabel_configs[0].regex=(", "--job", "node"], 2, "is not a regular expression"),
        (&["relabel_configs[0].action=kep", "--job", "node"], 2, "unknown action \"kep\""),
        (&["scheme=http", "scheme=https", "--job", "node"], 2, "`scheme` is given twice"),
        (&["job_name=x", "--job", "node"], 1, "`job_name` is the name by which the job is selected"),
        (
            &["static_configs.targets=[a]", "--job", "node"],
            2,
            "name the item, counted from 0: `static_configs[0].targets`",
        ),
    ] {
        let (_, shown) = run("set", words);
        let text = shown.split_whitespace().collect::<Vec<_>>().join(" ").replace(" | ", " ");
        assert!(text.contains(message) && text.starts_with(&format!("status: {status}")), "{words:?}: {shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    let conflict = "scrape_configs:\n- job_name: a\n  authorization: {credentials_file: x}\n";
    let fixture = Fixture::of_text("p.yml", conflict);
    let outcome = fixture.run("set", &["basic_auth.username=u", "--job", "a"]);
    assert!(outcome.status == 1 && outcome.stderr.contains("keep one of them"), "{}", outcome.shown());
}

#[test]
fn with_minimal_what_is_inherited_is_not_written() {
    let text =
        "global: {scrape_interval: 1m, sample_limit: 7}\nscrape_configs:\n- job_name: a\n  scrape_interval: 15s\n";
    let fixture = Fixture::of_text("p.yml", text);
    let words = [
        "scrape_interval=60s",
        "metrics_path=/metrics",
        "sample_limit=7",
        "scrape_timeout=5s",
        "--job",
        "a",
        "--minimal",
    ];
    let outcome = fixture.run("set", &words);
    let expected = text.replace("scrape_interval: 15s", "scrape_timeout: 5s");
    assert_eq!((outcome.status, fixture.text()), (0, expected), "{}", outcome.shown());
    assert!(outcome.stdout.contains("scrape_interval is 1m (global), was 15s"), "{}", outcome.shown());
    let again = fixture.run("set", &words);
    assert!(again.stdout.starts_with("nothing to do: "), "{}", again.shown());
}

#[test]
fn the_fields_are_in_json_without_secrets() {
    let text = "scrape_configs:\n- job_name: a\n  basic_auth: {username: u, password: hunter2}\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("unset", &["basic_auth.password", "--job", "a", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let field = json!([{"job": "a", "file": "p.yml", "path": "basic_auth.password", "before": "<secret>"}]);
    assert_eq!((outcome.status, &json["fields"], &json["grade"]), (0, &field, &json!("proved")), "{json}");
    assert!(!outcome.stdout.contains("hunter2"), "{}", outcome.stdout);
    assert_eq!(fixture.text(), text.replace(", password: hunter2", ""));
}

#[test]
fn limits_are_compared_with_what_the_job_uses() {
    let page = "a{x=\"1\"} 1\na{x=\"2\"} 1\nb 2\n";
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("page.txt", page);
    let too_low = [
        "--samples",
        "2",
        "--labels",
        "3",
        "--targets",
        "1",
        "--body-size",
        "27B",
        "--series",
        "page.txt",
        "--job",
        "node",
    ];
    let outcome = fixture.run("limit", &too_low);
    assert!(outcome.status == 1 && !fixture.has_changed(), "{}", outcome.shown());
    insta::assert_snapshot!(outcome.shown());
    let enough = [
        "--samples",
        "3",
        "--labels",
        "6",
        "--max-targets",
        "2",
        "--body-size",
        "28B",
        "--series",
        "page.txt",
        "--job",
        "node",
    ];
    let outcome = fixture.run("limit", &enough);
    insta::assert_snapshot!(outcome.shown());
    let limits = "  body_size_limit: 28B\n  sample_limit: 3\n  target_limit: 2\n  label_limit: 6\n";
    assert_eq!(fixture.text(), TEXT.replace("# first\n", &format!("# first\n{limits}")));
    let forced = fixture.run("limit", &["--samples", "1", "--series", "page.txt", "--job", "node", "--force"]);
    assert!(forced.status == 0 && forced.stderr.contains("`sample_limit` of 1 is exceeded"), "{}", forced.shown());
}

#[test]
fn in_every_layout_fields_are_set_and_taken_out_again() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edits");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let mut report = String::new();
    for name in names {
        let fixture = Fixture::new(&name);
        let outcome = fixture.run("set", &["scrape_timeout=7s", "tls_config.server_name=x", "--all-jobs"]);
        report.push_str(&format!("== {name}\n{}", outcome.shown()));
        if outcome.status != 0 {
            assert!(!fixture.has_changed(), "{name}");
            continue;
        }
        let undone = fixture.run("unset", &["scrape_timeout", "tls_config", "--all-jobs"]);
        let words = if fixture.has_changed() { undone.shown() } else { "the old bytes".to_string() };
        report.push_str(&format!("--- unset gives {words}\n"));
    }
    insta::assert_snapshot!(report);
}

/// The field that is set, and its value.
const FIELD: (&str, &str) = ("scrape_timeout", "900ms");

/// Sets fields of a job and removes them again: what happened, or what is wrong.
pub(super) fn set_and_back(name: &str, text: &str, job: &str) -> Result<String, String> {
    let selection = || Some(Selection { jobs: vec![job.to_string()], ..Selection::default() });
    let set = |fields: &[(&str, &str)]| SetFields {
        set: fields.iter().map(|(path, value)| (path.to_string(), value.to_string())).collect(),
        jobs: selection(),
        ..SetFields::default()
    };
    let run = |text: &str, request: &SetFields| Document::new(name, text, &Options::default()).set_fields(request);
    let is_given = |text: &str, key: &str| -> bool {
        let document = Document::new(name, text, &Options::default());
        document.jobs().iter().any(|own| own.job_name.value == job && own.field(key).is_some())
    };
    let new = [("tls_config.server_name", "it's"), ("enable_http2", "false")];
    let has_new = ["tls_config", "enable_http2"].iter().any(|key| is_given(text, key));
    let fields: Vec<(&str, &str)> = if has_new { vec![FIELD] } else { [&new[..], &[FIELD]].concat() };
    let change = match run(text, &set(&fields)) {
        Ok(change) => change,
        Err(EditError::Refused(refusals)) => return Ok(format!("refused, {}", refusals[0].id)),
        Err(error) => return Ok(format!("not possible, {error}")),
    };
    let Some(file) = change.files.first() else { return Ok("set already".to_string()) };
    let after = file.after();
    is_as_another_reader_expects(text, &after, job, &fields)?;
    let again = run(&after, &set(&fields)).map_err(|error| format!("a second run: {error}\n{after}"))?;
    if !again.is_empty() {
        return Err(format!("a second run changes it:\n{}", again.files[0].after()));
    }
    if is_given(text, FIELD.0) {
        return Ok("replaced".to_string());
    }
    let paths = fields.iter().map(|(path, _)| path.to_string()).collect();
    let unset = SetFields { unset: paths, jobs: selection(), ..SetFields::default() };
    let change = run(&after, &unset).map_err(|error| format!("cannot be removed: {error}\n{after}"))?;
    match change.files.first().map(promcfg::edit::FileChange::after) {
        Some(back) if back == text => Ok("and back".to_string()),
        // A comment after all other fields is one of the last field.
        Some(back) if without_comments(&back) == without_comments(text) => {
            Ok("and back, without a comment".to_string())
        }
        Some(back) => Err(format!("not the old bytes:\n{back}")),
        None => Err(format!("nothing is removed:\n{after}")),
    }
}

/// The lines with content.
fn without_comments(text: &str) -> Vec<&str> {
    let lines =
        text.lines().map(|line| line.split(" #").next().unwrap_or(line).split("\t#").next().unwrap_or(line).trim_end());
    lines.filter(|line| !line.trim_start().is_empty() && !line.trim_start().starts_with('#')).collect()
}

/// Compares with what another YAML reader makes of both texts.
fn is_as_another_reader_expects(old: &str, new: &str, job: &str, fields: &[(&str, &str)]) -> Result<(), String> {
    use serde_yaml::Value;
    let Some(mut expected) = configs(old) else { return Ok(()) };
    let new_values = configs(new).ok_or("another reader cannot read the new text")?;
    for config in &mut expected {
        let jobs = jobs_of(config).filter(|own| own.get("job_name").and_then(Value::as_str) == Some(job));
        for own in jobs.filter_map(Value::as_mapping_mut) {
            for (path, value) in fields {
                let value: Value = serde_yaml::from_str(value).unwrap_or_else(|_| (*value).into());
                match path.split_once('.') {
                    None => drop(own.insert((*path).into(), value)),
                    Some((section, key)) => {
                        let inner = Value::Mapping([(key.into(), value)].into_iter().collect());
                        own.insert(section.into(), inner);
                    }
                }
            }
        }
    }
    if expected == new_values { Ok(()) } else { Err(format!("another reader finds something else:\n{new}")) }
}

#[test]
fn configs_in_secrets_and_lists_of_jobs_are_edited_like_others() {
    let config = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: [h]\n";
    let encoded = |text: &str| {
        const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bits =
            |chunk: &[u8]| chunk.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let chunk = |chunk: &[u8]| -> String {
            let all = bits(chunk);
            let sign = |place: usize| char::from(SIGNS[(all >> (18 - 6 * place)) as usize & 63]);
            (0..4).map(|place| if place <= chunk.len() { sign(place) } else { '=' }).collect()
        };
        text.as_bytes().chunks(3).map(chunk).collect::<String>()
    };
    let secret = |text: &str| {
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata:\n  prometheus.yaml: {}\n", encoded(text))
    };
    let expected = |text: &str| {
        let job = text.replace("name: a\n", "name: a\n  scrape_timeout: 5s\n");
        format!("{job}  metric_relabel_configs:\n  - source_labels: [__name__]\n    regex: go_.*\n    action: drop\n")
    };
    let list = config.strip_prefix("scrape_configs:\n").unwrap();
    for (name, before, after) in [
        ("secret.yml", secret(config), secret(&expected(config))),
        ("prometheus-additional.yaml", list.to_string(), expected(list)),
    ] {
        let fixture = Fixture::of_text(name, &before);
        for (command, word) in [("set", "scrape_timeout=5s"), ("drop-metric", "go_.*")] {
            let outcome = fixture.run(command, &[word, "--job", "a"]);
            assert_eq!(outcome.status, 0, "{name}: {}", outcome.shown());
        }
        assert_eq!(fixture.text(), after, "{name}");
        let outcome = fixture.run_words(&["fmt", name], "");
        assert!(outcome.stdout.starts_with("nothing to do"), "{name}: {}", outcome.shown());
    }
    let fixture = Fixture::of_text("jobs.yml", list);
    let outcome = fixture.run("set", &["global.scrape_interval=5s"]);
    assert!(outcome.status == 2 && outcome.stderr.contains("--all-jobs"), "{}", outcome.shown());
}

#[test]
fn a_new_field_does_not_take_the_comments_of_the_next_one() {
    let text = "scrape_configs:\n- job_name: a\n  scheme: http\n  # secure:\n  # scheme: https\n\n  static_configs:\n  - targets: [a]\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("limit", &["--samples", "9", "--job", "a"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(fixture.text(), text.replace("http\n  # sec", "http\n  sample_limit: 9\n  # sec"));
    let outcome = fixture.run("unset", &["sample_limit", "--job", "a"]);
    assert_eq!((outcome.status, fixture.text().as_str()), (0, text), "{}", outcome.shown());
}

#[test]
fn an_item_that_is_not_the_last_one_is_removed() {
    let text = "rule_files:\n- a.yml\n- b.yml\nscrape_configs:\n- job_name: a\n  relabel_configs:\n  - regex: x\n    action: labeldrop\n  - regex: y\n    action: labeldrop\n  - regex: z\n    action: labeldrop\n";
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("unset", &["rule_files[0]"]);
    assert_eq!((outcome.status, fixture.text()), (0, text.replace("- a.yml\n", "")), "{}", outcome.shown());
    let fixture = Fixture::of_text("p.yml", text);
    let outcome = fixture.run("unset", &["relabel_configs[1]", "--job", "a"]);
    let after = text.replace("  - regex: y\n    action: labeldrop\n", "");
    assert_eq!((outcome.status, fixture.text()), (0, after), "{}", outcome.shown());
}

#[test]
fn values_of_fields_whose_names_are_those_of_secrets_are_not_shown() {
    let text = "scrape_configs:\n- job_name: a\n  params:\n    token: [hunter1]\n  static_configs:\n  - targets: [a]\n";
    for words in
        [["set", "params.token=[hunter2]"], ["unset", "params.token"], ["set", "params={api_key: [hunter2], x: [y]}"]]
    {
        for format in ["human", "json"] {
            let fixture = Fixture::of_text("p.yml", text);
            let outcome = fixture.run(words[0], &[words[1], "--job", "a", "--format", format]);
            assert_eq!(outcome.status, 0, "{}", outcome.shown());
            assert!(!outcome.shown().contains("hunter"), "{}", outcome.shown());
        }
    }
}
