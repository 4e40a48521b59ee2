//! Edits of several things at once: labels, targets, configs, folders. All of it, or nothing.

use super::run::{Fixture, Outcome};

const NODE: &str = "scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: ['a:1', 'b:1']\n";
const WEB: &str = "scrape_configs:\n- job_name: web\n  static_configs:\n  - targets: ['c:1']\n";

fn folder(files: &[(&str, &str)]) -> Fixture {
    let (name, text) = files.iter().find(|(name, _)| !name.contains('/')).unwrap();
    let fixture = Fixture::of_text(name, text);
    files.iter().for_each(|(name, text)| fixture.write(name, text));
    fixture
}

fn run(fixture: &Fixture, words: &[&str]) -> Outcome {
    fixture.run_words(words, "")
}

fn read(fixture: &Fixture, name: &str) -> String {
    std::fs::read_to_string(fixture.path(name)).unwrap()
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn several_labels_are_one_change() {
    let fixture = folder(&[("p.yml", NODE)]);
    let outcome = fixture.run("add-label", &["env=prod", "team=core", "rack=r7"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let labels = "    labels:\n      env: prod\n      team: core\n      rack: r7\n";
    assert_eq!(fixture.text(), format!("{NODE}{labels}"));
    assert_eq!(outcome.stdout.matches("@@ -").count(), 1, "{}", outcome.shown());
    let effect = "2 targets gain env=\"prod\", gain team=\"core\", gain rack=\"r7\"; nothing else changes\n";
    assert!(outcome.stdout.ends_with(effect), "{}", outcome.shown());
    let again = fixture.run("add-label", &["env=prod", "team=core"]);
    let words = "nothing to do: the selected targets already have env=\"prod\" and team=\"core\" (job node)\n";
    assert_eq!((again.status, again.stdout.as_str()), (0, words));
    let outcome = fixture.run("remove-label", &["env", "rack", "team"]);
    assert_eq!((outcome.status, fixture.text()), (0, NODE.to_string()), "{}", outcome.shown());
}

#[test]
fn one_label_that_is_refused_refuses_all_at_its_place_in_the_old_text() {
    let text = format!("{NODE}    labels: {{team: web}}\n");
    let fixture = folder(&[("p.yml", &text)]);
    let outcome = fixture.run("add-label", &["env=prod", "team=core"]);
    assert_eq!((outcome.status, fixture.has_changed()), (1, false), "{}", outcome.shown());
    assert!(outcome.stderr.contains("p.yml:5:"), "{}", outcome.shown());
    assert!(!outcome.stderr.contains("env"), "the first change is shown: {}", outcome.shown());
    for (words, status, message) in [
        (["env=a", "env=b"], 2, "the label `env` is given twice"),
        (["env=a", "__x=b"], 1, "`__x` is reserved"),
        (["env=a", "q.yml"], 2, "this is a file; name further configs with --file"),
    ] {
        let outcome = fixture.run("add-label", &words);
        assert_eq!((outcome.status, fixture.has_changed()), (status, false), "{}", outcome.shown());
        assert!(outcome.stderr.contains(message), "{}", outcome.shown());
    }
}

#[test]
fn labels_are_added_where_the_old_text_meets_the_condition() {
    let text = format!("{NODE}    labels: {{env: dev}}\n  - targets: ['c:1']\n    labels: {{env: prod}}\n");
    let fixture = folder(&[("p.yml", &text)]);
    let outcome = fixture.run("add-label", &["env=test", "team=core", "--where", "env=dev", "--overwrite"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(fixture.text(), text.replace("{env: dev}", "{env: test, team: core}"));
}

#[test]
fn several_targets_are_selected() {
    let text = NODE.replace("'b:1'", "'b:1', 'c:1'");
    let fixture = folder(&[("p.yml", &text)]);
    let words = ["rack=r7", "--target", "a:1", "--target", "c:1", "--method", "static"];
    let outcome = fixture.run("add-label", &words);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert!(outcome.stdout.ends_with("2 targets gain rack=\"r7\"; nothing else changes\n"), "{}", outcome.shown());
}

#[test]
fn several_configs_are_edited_together() {
    let fixture = folder(&[("a.yml", NODE), ("b.yml", WEB)]);
    let outcome = run(&fixture, &["add-label", "a.yml", "env=prod", "--file", "b.yml"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let added = "    labels:\n      env: prod\n";
    assert_eq!([read(&fixture, "a.yml"), read(&fixture, "b.yml")], [NODE, WEB].map(|text| format!("{text}{added}")));
    let effect = "a.yml: 2 targets gain env=\"prod\"; nothing else changes\nb.yml: 1 target gains env=\"prod\"; nothing else changes\n";
    assert!(outcome.stdout.ends_with(effect), "{}", outcome.shown());
}

#[test]
fn one_config_that_is_refused_refuses_all() {
    let other = format!("{WEB}    labels: {{env: dev}}\n");
    let fixture = folder(&[("a.yml", NODE), ("b.yml", &other)]);
    let outcome = run(&fixture, &["add-label", "a.yml", "env=prod", "--file", "b.yml"]);
    assert_eq!(outcome.status, 1, "{}", outcome.shown());
    assert_eq!([read(&fixture, "a.yml"), read(&fixture, "b.yml")], [NODE.to_string(), other]);
    assert!(outcome.stderr.contains("b.yml:5:"), "{}", outcome.shown());
}

#[test]
fn a_job_or_target_that_one_config_lacks_is_said_and_what_all_lack_is_an_error() {
    let fixture = folder(&[("a.yml", NODE), ("b.yml", WEB)]);
    let both = ["add-label", "a.yml", "env=prod", "--file", "b.yml"];
    let outcome = run(&fixture, &[&both[..], &["--job", "web", "--job", "node"]].concat());
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(outcome.stderr, "note: a.yml: no job \"web\"\nnote: b.yml: no job \"node\"\n");
    let outcome = run(&fixture, &["add-label", "a.yml", "x=y", "--file", "b.yml", "--target", "c:1"]);
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (0, "note: a.yml: no target \"c:1\"\n"),
        "{}",
        outcome.shown()
    );
    for (option, value, message) in
        [("--job", "db", "unknown job \"db\" in a.yml"), ("--target", "d:1", "no job has a target \"d:1\"")]
    {
        let outcome = run(&fixture, &[&both[..], &[option, value]].concat());
        assert_eq!(outcome.status, 2, "{}", outcome.shown());
        assert!(outcome.stderr.contains(message), "{}", outcome.shown());
        assert!(outcome.stderr.contains("none of the 2 configs has it"), "{}", outcome.shown());
    }
}

#[test]
fn configs_that_include_the_same_file_are_edited_one_after_the_other() {
    let main = "scrape_config_files: [jobs.yml]\n";
    let fixture = folder(&[("a.yml", main), ("b.yml", main), ("jobs.yml", NODE)]);
    let words = ["add-label", "a.yml", "env=prod", "--file", "./b.yml", "--job", "node"];
    let outcome = run(&fixture, &words);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    assert_eq!(read(&fixture, "jobs.yml"), format!("{NODE}    labels:\n      env: prod\n"));
    assert!(outcome.stdout.contains("./b.yml: nothing to do"), "{}", outcome.shown());
    assert_eq!(outcome.stdout.matches("--- jobs.yml").count(), 1, "{}", outcome.shown());
}

#[test]
fn in_a_folder_the_configs_are_edited() {
    let fixture = folder(&[
        ("conf/a.yml", NODE),
        ("conf/main.yml", "scrape_config_files: [jobs.yml]\n"),
        ("conf/jobs.yml", WEB),
        ("conf/ignored.yml", WEB),
        ("conf/excluded.yml", WEB),
        ("conf/targets.yml", "- targets: [t:1]\n"),
        ("conf/rules.yml", "groups:\n- name: g\n  rules: []\n"),
        ("conf/compose.yml", "services:\n  web: {image: nginx}\n"),
        (".gitignore", "ignored.yml\n"),
        ("promcfg.toml", "exclude = ['excluded.yml']\n"),
    ]);
    let outcome = run(&fixture, &["add-label", "conf", "env=prod", "--all-jobs"]);
    assert_eq!(outcome.status, 0, "{}", outcome.shown());
    let added = "    labels:\n      env: prod\n";
    assert_eq!(read(&fixture, "conf/a.yml"), format!("{NODE}{added}"));
    assert_eq!(read(&fixture, "conf/jobs.yml"), format!("{WEB}{added}"));
    for (name, text) in
        [("conf/ignored.yml", WEB), ("conf/excluded.yml", WEB), ("conf/targets.yml", "- targets: [t:1]\n")]
    {
        assert_eq!(read(&fixture, name), text, "{name}");
    }
    // An included file is not edited by itself again.
    assert!(!outcome.stdout.contains("conf/jobs.yml: "), "{}", outcome.shown());
    let outcome = run(&fixture, &["add-label", "conf/sub", "env=prod"]);
    assert_eq!(outcome.status, 2, "{}", outcome.shown());
    std::fs::create_dir(fixture.path("empty")).unwrap();
    let outcome = run(&fixture, &["add-label", "empty", "env=prod"]);
    assert_eq!(outcome.status, 2, "{}", outcome.shown());
    assert!(outcome.stderr.contains("found no Prometheus config in empty"), "{}", outcome.shown());
}

#[test]
fn standard_output_and_input_are_of_one_config() {
    let fixture = folder(&[("a.yml", NODE), ("b.yml", WEB)]);
    let outcome = run(&fixture, &["add-label", "a.yml", "env=prod", "--file", "b.yml", "--stdout"]);
    assert_eq!(outcome.status, 2, "{}", outcome.shown());
    assert!(outcome.stderr.contains("--stdout needs one config, but 2 are given"), "{}", outcome.shown());
    let outcome = fixture.run_words(&["add-label", "-", "env=prod", "--file", "b.yml"], NODE);
    assert!(outcome.stderr.contains("standard input needs one config"), "{}", outcome.shown());
    let outcome = fixture.run_words(&["add-label", "-", "env=prod", "x=z"], NODE);
    assert_eq!(outcome.stdout, format!("{NODE}    labels:\n      env: prod\n      x: z\n"));
}

#[test]
fn messages_of_several_configs_name_the_config() {
    let two = format!("{NODE}{}", WEB.trim_start_matches("scrape_configs:\n"));
    let fixture = folder(&[("a.yml", NODE), ("b.yml", &two)]);
    let outcome = run(&fixture, &["add-label", "a.yml", "env=prod", "--file", "b.yml"]);
    assert_eq!(outcome.status, 2, "{}", outcome.shown());
    let message = "b.yml: the config has 2 jobs and no job is selected";
    assert!(in_one_line(&outcome.stderr).contains(message), "{}", outcome.shown());
}
