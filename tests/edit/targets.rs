//! Labels in target files: named as the config, and as part of the jobs that read them.

use super::run::{Fixture, Outcome};

/// Runs a command on a target file; the file afterwards, and how it ended.
fn edited(name: &str, text: &str, words: &[&str]) -> (String, Outcome) {
    let fixture = Fixture::of_text(name, text);
    let outcome = fixture.run(words[0], &words[1..]);
    (fixture.text(), outcome)
}

/// Adds `env=prod`, and checks that a second run has nothing to do and that removal gives the old bytes.
fn added(name: &str, text: &str, more: &[&str]) -> String {
    let fixture = Fixture::of_text(name, text);
    let words = [&["env=prod"], more].concat();
    let outcome = fixture.run("add-label", &words);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let after = fixture.text();
    let again = fixture.run("add-label", &words);
    assert!(again.status == 0 && again.stdout.starts_with("nothing to do: "), "{}", again.shown());
    if more.is_empty() {
        let removal = fixture.run("remove-label", &["env"]);
        assert_eq!((removal.status, fixture.text()), (0, text.to_string()), "{}", removal.shown());
    }
    after
}

#[test]
fn a_label_goes_into_each_group_of_a_yaml_file_and_comments_stay() {
    let text = "# rack 7\n- targets:\n  - a:1  # left\n  # right\n  - b:1\n  labels:\n    job: web # by hand\n- targets: [c:1]\n";
    let after = "# rack 7\n- targets:\n  - a:1  # left\n  # right\n  - b:1\n  labels:\n    job: web # by hand\n    env: prod\n- targets: [c:1]\n  labels:\n    env: prod\n";
    assert_eq!(added("targets.yml", text, &[]), after);
    assert_eq!(added("targets.yml", &text.replace('\n', "\r\n"), &[]), after.replace('\n', "\r\n"));
}

#[test]
fn flow_style_stays_flow_style() {
    let text = "[{targets: [a:1, 'b:1']}, {targets: [c:1], labels: {job: web}}]\n";
    let after = "[{targets: [a:1, 'b:1'], labels: {env: prod}}, {targets: [c:1], labels: {job: web, env: prod}}]\n";
    assert_eq!(added("targets.yml", text, &[]), after);
}

#[test]
fn empty_labels_are_filled() {
    let fixture = Fixture::of_text("targets.yml", "- targets: [a:1]\n  labels: {}\n- targets: [b:1]\n  labels:\n");
    assert_eq!(fixture.run("add-label", &["env=prod"]).status, 0);
    assert_eq!(fixture.text(), "- targets: [a:1]\n  labels: {env: prod}\n- targets: [b:1]\n  labels: {env: prod}\n");
    let fixture =
        Fixture::of_text("targets.json", r#"[{"targets":["a:1"],"labels":{}},{"targets":["b:1"],"labels":null}]"#);
    assert_eq!(fixture.run("add-label", &["env=prod"]).status, 0);
    assert_eq!(
        fixture.text(),
        r#"[{"targets":["a:1"],"labels":{"env":"prod"}},{"targets":["b:1"],"labels":{"env":"prod"}}]"#
    );
}

#[test]
fn compact_json_stays_compact() {
    let text = r#"[{"targets":["a:1","b:1"],"labels":{"job":"web"}},{"targets":["c:1"]}]"#;
    let after = r#"[{"targets":["a:1","b:1"],"labels":{"job":"web","env":"prod"}},{"targets":["c:1"],"labels":{"env":"prod"}}]"#;
    assert_eq!(added("targets.json", text, &[]), after);
}

#[test]
fn json_in_lines_gets_lines() {
    let text = "[\n    {\n        \"targets\": [\n            \"a:1\"\n        ],\n        \"labels\": {\n            \"job\": \"web\"\n        }\n    },\n    {\n        \"targets\": [\n            \"b:1\"\n        ]\n    }\n]\n";
    let after = "[\n    {\n        \"targets\": [\n            \"a:1\"\n        ],\n        \"labels\": {\n            \"job\": \"web\",\n            \"env\": \"prod\"\n        }\n    },\n    {\n        \"targets\": [\n            \"b:1\"\n        ],\n        \"labels\": {\n            \"env\": \"prod\"\n        }\n    }\n]\n";
    assert_eq!(added("targets.json", text, &[]), after);
}

#[test]
fn a_target_of_a_group_gets_a_group_of_its_own() {
    let text = "- targets: [a:1, b:1]\n  labels: {job: web}\n";
    let after = "- targets: [a:1]\n  labels: {job: web}\n- targets: [b:1]\n  labels:\n    job: web\n    env: prod\n";
    assert_eq!(added("targets.yml", text, &["--target", "b:1"]), after);
    let text = r#"[{"targets": ["a:1", "b:1"], "labels": {"job": "web"}}]"#;
    let after = r#"[{"targets": ["a:1"], "labels": {"job": "web"}}, {"targets": ["b:1"], "labels": {"job": "web", "env": "prod"}}]"#;
    assert_eq!(added("targets.json", text, &["--target", "b:1"]), after);
}

#[test]
fn a_target_that_is_there_twice_cannot_be_split_off() {
    let text = "- targets: [a:1, b:1]\n- targets: [b:1, c:1]\n";
    let (after, outcome) = edited("targets.yml", text, &["add-label", "env=prod", "--target", "b:1"]);
    assert_eq!((outcome.status, after.as_str()), (1, text), "{}", outcome.shown());
    // Where it is alone in both groups, both get the label.
    let text = "- targets: [b:1]\n- targets: [b:1]\n";
    let after = "- targets: [b:1]\n  labels:\n    env: prod\n- targets: [b:1]\n  labels:\n    env: prod\n";
    assert_eq!(added("targets.yml", text, &["--target", "b:1"]), after);
}

#[test]
fn a_label_is_removed_from_one_target_of_a_group() {
    let text = "- targets: [a:1, b:1]\n  labels: {job: web, env: dev}\n";
    let (after, outcome) = edited("targets.yml", text, &["remove-label", "env", "--target", "b:1"]);
    let split = "- targets: [a:1]\n  labels: {job: web, env: dev}\n- targets: [b:1]\n  labels:\n    job: web\n";
    assert_eq!((outcome.status, after.as_str()), (0, split), "{}", outcome.shown());
    let text = r#"[{"targets":["a:1","b:1"],"labels":{"env":"dev"}}]"#;
    let (after, outcome) = edited("targets.json", text, &["remove-label", "env", "--target", "b:1"]);
    let split = r#"[{"targets":["a:1"],"labels":{"env":"dev"}},{"targets":["b:1"]}]"#;
    assert_eq!((outcome.status, after.as_str()), (0, split), "{}", outcome.shown());
}

#[test]
fn json_that_has_no_tree_or_no_targets_is_refused_with_the_reason() {
    for (text, message) in [
        (r#"[{"targets":["a:1"],"labels":{"path":"\/x"}}]"#, "promcfg cannot edit this JSON escape"),
        ("\u{feff}[{\"targets\":[\"a:1\"]}]", "promcfg does not edit a target file that Prometheus refuses"),
        (r#"[{"targets":["a:1"],"labels":{"n":1}}]"#, "promcfg does not edit a target file that Prometheus refuses"),
        ("[]", "the target file has no targets"),
        (r#"[{"targets":[]}]"#, "the target file has no targets"),
    ] {
        let (after, outcome) = edited("targets.json", text, &["add-label", "env=prod"]);
        assert_eq!((outcome.status, after.as_str()), (1, text), "{}", outcome.shown());
        let words = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(message), "{}", outcome.shown());
    }
}

#[test]
fn a_refusal_of_a_target_file_names_no_job_and_no_rule() {
    let text = "- targets: [a:1, b:1]\n  labels: {job: web}\n- targets: [b:1]\n";
    for words in [&["add-label", "env=prod", "--target", "b:1"][..], &["add-label", "x=y", "--where", "instance=a:1"]] {
        let (_, outcome) = edited("targets.yml", text, words);
        assert_eq!(outcome.status, 1, "{}", outcome.shown());
        for word in ["static_configs", "relabel", "job"] {
            let head = outcome.stderr.split("note: no file").next().unwrap();
            let is_shown = head.lines().filter(|line| !line.contains('|')).any(|line| line.contains(word));
            assert!(!is_shown, "{word}: {}", outcome.shown());
        }
    }
}

#[test]
fn a_label_of_a_target_file_is_renamed() {
    let text = r#"[{"targets":["a:1"],"labels":{"dc":"eu","job":"web"}}]"#;
    let (after, outcome) = edited("targets.json", text, &["rename-label", "dc", "datacenter"]);
    assert_eq!(after, text.replace("dc", "datacenter"), "{}", outcome.shown());
}

#[test]
fn options_for_jobs_and_rules_do_not_apply_to_a_target_file() {
    let text = "- targets: [a:1]\n";
    for (words, message) in [
        (&["--job", "web"][..], "--job does not apply to targets.yml: a target file has no jobs"),
        (&["--method", "relabel"], "a target file has no relabel rules"),
        (&["--stage", "metric"], "a target file has labels of targets, not of samples"),
    ] {
        let words = [&["add-label", "env=prod"], words].concat();
        let (after, outcome) = edited("targets.yml", text, &words);
        assert_eq!((outcome.status, after.as_str()), (2, text), "{}", outcome.shown());
        assert!(outcome.stderr.contains(message), "{}", outcome.shown());
    }
}

#[test]
fn a_broken_target_file_is_not_edited() {
    let text = "- targets: [a:1]\n  lables: {job: web}\n";
    let (after, outcome) = edited("targets.yml", text, &["add-label", "env=prod"]);
    assert_eq!((outcome.status, after.as_str()), (1, text), "{}", outcome.shown());
    assert!(outcome.stderr.contains("unknown field `lables`"), "{}", outcome.shown());
}

/// A config with a job that reads two target files.
fn with_files(config: &str) -> Fixture {
    let fixture = Fixture::of_text("prometheus.yml", config);
    fixture.write("sd/a.yml", "# rack 7\n- targets: [a:1, b:1]\n");
    fixture.write("sd/b.json", r#"[{"targets":["c:1"],"labels":{"job":"web"}}]"#);
    fixture
}

const FSD: &str = "scrape_configs:\n- job_name: fsd\n  file_sd_configs:\n  - files: ['sd/*']\n";

fn files(fixture: &Fixture) -> [String; 2] {
    ["sd/a.yml", "sd/b.json"].map(|name| std::fs::read_to_string(fixture.path(name)).unwrap())
}

#[test]
fn with_the_static_method_the_label_goes_into_the_target_files_of_the_job() {
    let fixture = with_files(&FSD.replace("sd/*", "sd/*.yml', 'sd/*.json"));
    let outcome = fixture.run("add-label", &["env=prod", "--job", "fsd", "--method", "static"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let after = [
        "# rack 7\n- targets: [a:1, b:1]\n  labels:\n    env: prod\n",
        r#"[{"targets":["c:1"],"labels":{"job":"web","env":"prod"}}]"#,
    ];
    assert_eq!(files(&fixture), after);
    assert!(!fixture.has_changed(), "the config changed");
    assert!(outcome.stdout.contains("3 targets gain env=\"prod\"; nothing else changes"), "{}", outcome.shown());
    let again = fixture.run("add-label", &["env=prod", "--job", "fsd", "--method", "static"]);
    assert!(again.stdout.starts_with("nothing to do: "), "{}", again.shown());
    let outcome = fixture.run("add-label", &["rack=r7", "--target", "b:1", "--method", "static"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let split = "# rack 7\n- targets: [a:1]\n  labels:\n    env: prod\n- targets: [b:1]\n  labels:\n    env: prod\n    rack: r7\n";
    assert_eq!(files(&fixture)[0], split);
}

#[test]
fn without_it_the_label_of_such_a_job_is_set_by_a_rule() {
    let fixture = with_files(&FSD.replace("sd/*", "sd/*.yml"));
    let before = files(&fixture);
    assert_eq!(fixture.run("add-label", &["env=prod", "--job", "fsd"]).status, 0);
    assert!(
        fixture.text().starts_with(&FSD.replace("sd/*", "sd/*.yml")) && fixture.text().contains("target_label: env")
    );
    assert_eq!(files(&fixture), before);
}

#[test]
fn target_files_that_another_job_reads_are_changed_for_both_or_not_at_all() {
    let both =
        format!("{FSD}- job_name: other\n  file_sd_configs:\n  - files: ['sd/*.yml']\n").replace("sd/*'", "sd/*.yml'");
    let fixture = with_files(&both);
    let before = files(&fixture);
    let outcome = fixture.run("add-label", &["env=prod", "--job", "fsd", "--method", "static"]);
    assert_eq!((outcome.status, files(&fixture)), (1, before), "{}", outcome.shown());
    let message = outcome.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(message.contains("the job other, which is not selected, also reads sd/a.yml"), "{}", outcome.shown());
    let outcome = fixture.run("add-label", &["env=prod", "--all-jobs", "--method", "static"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(files(&fixture)[0], "# rack 7\n- targets: [a:1, b:1]\n  labels:\n    env: prod\n");
    assert!(outcome.stdout.contains("4 targets gain env=\"prod\""), "{}", outcome.shown());
    // A job that drops the label is not concerned.
    let dropping = format!("{both}  relabel_configs:\n  - {{action: labeldrop, regex: env}}\n");
    let fixture = with_files(&dropping);
    let outcome = fixture.run("add-label", &["env=prod", "--job", "fsd", "--method", "static"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
}

#[test]
fn missing_and_broken_target_files_are_refused() {
    let fixture = with_files(&FSD.replace("sd/*", "sd/*.yml', 'elsewhere/*.json"));
    let before = files(&fixture);
    let words = ["env=prod", "--job", "fsd", "--method", "static"];
    let outcome = fixture.run("add-label", &words);
    assert_eq!((outcome.status, files(&fixture)), (1, before), "{}", outcome.shown());
    assert!(outcome.stderr.contains("no file matches \"elsewhere/*.json\""), "{}", outcome.shown());
    let fixture = with_files(&FSD.replace("sd/*", "sd/*.yml"));
    fixture.write("sd/c.yml", "targets: [x:1]\n");
    let outcome = fixture.run("add-label", &words);
    assert_eq!((outcome.status, fixture.has_changed()), (1, false), "{}", outcome.shown());
    assert!(outcome.stderr.contains("sd/c.yml"), "{}", outcome.shown());
}
