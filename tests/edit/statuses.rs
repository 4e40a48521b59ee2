//! The exit status of edits: 0 done or nothing to do, 1 understood and not done, 2 wrong usage or nothing that can be read.

use std::fs;

use super::run::Fixture;

const TEXT: &str = "\
scrape_configs:
- job_name: web
  static_configs:
  - targets: [a:80, b:80]
    labels: {env: prod}
- job_name: pods
  kubernetes_sd_configs:
  - role: pod
";

/// Runs a line of a shell on a fresh config; words are parted by blanks.
fn status_of(line: &str) -> (i32, String) {
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("targets.yml", "- targets: [a:1]\n");
    fixture.write("page.txt", "go_x 1\n");
    let words: Vec<&str> = line.split(' ').collect();
    let outcome = fixture.run_words(&words, "");
    assert!(outcome.status == 0 || !fixture.has_changed(), "{line}");
    (outcome.status, outcome.shown())
}

fn all_have(status: i32, lines: &[&str]) {
    for line in lines {
        let (found, shown) = status_of(line);
        assert_eq!(found, status, "promcfg {line}\n{shown}");
    }
}

#[test]
fn what_is_done_or_is_so_already_has_status_0() {
    all_have(
        0,
        &[
            "add-label p.yml team=x --job web",
            "add-label p.yml env=prod --job web",
            "remove-label p.yml team --job web",
            "drop-target p.yml --where env=prod --job web --force",
            "drop-metric p.yml go_.* --all-jobs",
            "set p.yml global.scrape_interval=30s",
            "unset p.yml global.scrape_interval",
            "add-job p.yml more --preset static --target c:1",
            "rename-job p.yml old web",
            "remove-job p.yml old",
            "remove-target p.yml a:80 --job web",
            "limit p.yml --job web --samples 10",
            "fmt p.yml",
            "keep-target p.yml --job web --shard 0/2",
        ],
    );
}

#[test]
fn what_is_understood_and_not_done_has_status_1() {
    all_have(
        1,
        &[
            // In no config.
            "set p.yml basic_auth.password=x --job web",
            "set p.yml remote_write[0].url=https://u:pw@h/",
            "set p.yml job_name=x --job web",
            "unset p.yml job_name --job web",
            "add-label p.yml __x=y --job web",
            "rename-label p.yml env __x --job web",
            "drop-label p.yml instance --job web",
            "drop-label p.yml job --job web",
            "drop-label p.yml __name__ --job web --stage metric",
            "drop-label p.yml __meta_x --job pods",
            "map-labels p.yml __meta_x_ --to __y_ --job pods",
            "drop-metric p.yml .* --job web",
            "drop-metric p.yml up --job web",
            "keep-metric p.yml .+ --job web",
            "drop-metric p.yml a^ --job web",
            "drop-target p.yml --where env=.* --job web",
            // In this config.
            "add-label p.yml env=dev --job web",
            "rename-label p.yml foo bar --job web --stage metric",
            "rename-label p.yml instance host --job web",
            "drop-target p.yml --where env=prod --job web",
            "drop-target p.yml --where env=none --job web",
            "add-job p.yml web --preset static --target c:1",
            "copy-job p.yml web pods",
            "rename-job p.yml web pods",
            "unset p.yml scrape_configs[0]",
            "set p.yml scrape_timeout=5m --job web",
            "limit p.yml --job web --max-targets 1",
            "move-target p.yml a:80 --to-file targets.yml",
        ],
    );
}

#[test]
fn a_target_that_could_go_to_several_files_is_refused() {
    let fixture =
        Fixture::of_text("p.yml", "scrape_configs:\n- job_name: web\n  file_sd_configs: [{files: ['t/*.yml']}]\n");
    let missing = fixture.run("add-target", &["c:1"]);
    assert!(missing.status == 2 && missing.stderr.contains("no file matches"), "{}", missing.shown());
    for (name, text) in [("t/a.yml", "[]\n"), ("t/b.yml", "- targets: [a:1]\n"), ("t/c.yml", "- targets: [b:1]\n")] {
        fixture.write(name, text);
        let outcome = fixture.run("add-target", &["c:1", "--label", "x=y", "--dry-run"]);
        let expected = if name == "t/b.yml" { 0 } else { 1 };
        assert_eq!(outcome.status, expected, "{name}: {}", outcome.shown());
    }
}

#[test]
fn wrong_and_incomplete_arguments_have_status_2() {
    all_have(
        2,
        &[
            // Values that no config can have.
            "set p.yml global.scrape_interval=abc",
            "set p.yml sample_limit=x --job web",
            "set p.yml scheme=ftp --job web",
            "set p.yml relabel_configs[0].action=dropp --job web",
            "set p.yml static_configs=x --job web",
            "set p.yml params={a[]:x} --job web",
            "set p.yml global.scrape_intervall=1m",
            "unset p.yml nonsense --job web",
            "limit p.yml --job web --samples x",
            "limit p.yml --job web --body-size x",
            "limit p.yml --job web",
            "add-job p.yml n --preset static --target c:1 --scheme ftp",
            "add-job p.yml n --preset static --target c:1 --interval x",
            "add-job p.yml n --preset federation --target c:1 --match {job=",
            "add-job p.yml n --preset nonsense",
            "add-job p.yml n --preset ec2 --port x",
            "add-target p.yml http://a:1/x --job web",
            "add-label p.yml env --job web",
            "add-label p.yml =x --job web",
            "add-label p.yml env= --job web",
            "add-label p.yml x --from env --regex ( --job web",
            "add-label p.yml x=y --where env=( --job web",
            "add-label p.yml x=y --where env=a --where env=b --job web",
            "drop-metric p.yml go_( --job web",
            "drop-target p.yml --where env=( --job web",
            "drop-target p.yml --where env=a --where env=b --job web",
            "keep-target p.yml --shard 3/3 --job web",
            "rename-label p.yml a a --job web",
            // A selection that is missing or finds nothing.
            "add-label p.yml x=y",
            "add-label p.yml x=y --job nonsense",
            "add-label p.yml x=y --target nonsense:1",
            "rename-job p.yml nonsense new",
            "copy-job p.yml nonsense new",
            "set p.yml scrape_interval=1m --job nonsense",
            "drop-metric p.yml go_.*",
            // What a file cannot have.
            "set targets.yml global.scrape_interval=1m",
            "add-label targets.yml x=y --method relabel",
            "remove-target targets.yml a:1 --job web",
            // Usage.
            "add-label p.yml",
            "drop-metric",
            "set p.yml global.scrape_interval=1m --nonsense",
            "add-target p.yml c:1 --job web --series page.txt",
        ],
    );
}

/// A command line of each command that edits, with its file left out.
const COMMANDS: [(&str, &str); 21] = [
    ("add-label", "a=b --all-jobs"),
    ("remove-label", "a --all-jobs"),
    ("rename-label", "a b --all-jobs"),
    ("drop-label", "a --all-jobs"),
    ("keep-label", "a --all-jobs"),
    ("map-labels", "__meta_x_ --all-jobs"),
    ("add-target", "h:1 --job web"),
    ("remove-target", "h:1 --job web"),
    ("move-target", "h:1 --to web"),
    ("drop-target", "--where a=b --all-jobs"),
    ("keep-target", "--where a=b --all-jobs"),
    ("remove-job", "web"),
    ("rename-job", "web new"),
    ("copy-job", "web new"),
    ("drop-metric", "go_.* --all-jobs"),
    ("keep-metric", "go_.* --all-jobs"),
    ("limit", "--samples 1 --all-jobs"),
    ("set", "sample_limit=1 --all-jobs"),
    ("unset", "sample_limit --all-jobs"),
    // These need no job.
    ("add-job", "n --preset static --target h:1"),
    ("fmt", ""),
];

#[test]
fn a_file_that_cannot_be_edited_has_the_same_status_in_all_commands() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    fixture.write("empty.yml", "");
    fixture.write("jobless.yml", "global: {}\n");
    fixture.write("broken.yml", "scrape_configs: [\n");
    fixture.write("half.yml", "scrape_configs:\n- job_name: web\n  static_configs: [\n- job_name: b\n");
    fixture.write("other.yml", "foo: bar\n");
    fixture.write("list.yml", "- a\n");
    fixture.write("words.yml", "only words\n");
    fixture.write("vm.yml", "apiVersion: operator.victoriametrics.com/v1beta1\nkind: VMNodeScrape\nspec: {port: x}\n");
    fs::write(fixture.path("latin.yml"), b"scrape_configs: [] # \xe9\n").unwrap();
    fs::create_dir(fixture.path("folder")).unwrap();
    let run = |command: &str, file: &str, rest: &str| {
        let words: Vec<&str> = [command, file].into_iter().chain(rest.split_whitespace()).collect();
        fixture.run_words(&words, "")
    };
    for (command, rest) in COMMANDS {
        for file in [
            "missing.yml",
            "folder",
            "broken.yml",
            "half.yml",
            "other.yml",
            "list.yml",
            "words.yml",
            "vm.yml",
            "latin.yml",
        ] {
            let outcome = run(command, file, rest);
            assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{command} {file}: {}", outcome.shown());
        }
        // No job can be selected in them; a new one and a new layout need none, and a removed one is gone.
        let expected = if ["add-job", "fmt", "remove-job"].contains(&command) { 0 } else { 2 };
        for file in ["empty.yml", "jobless.yml"] {
            let outcome = run(command, file, &format!("{rest} --dry-run"));
            assert_eq!(outcome.status, expected, "{command} {file}: {}", outcome.shown());
        }
    }
}

#[test]
fn a_file_that_cannot_be_written_has_status_2_and_nothing_is_said_to_be_done() {
    let fixture = Fixture::of_text("p.yml", TEXT);
    fs::hard_link(fixture.path("p.yml"), fixture.path("other.yml")).unwrap();
    let lines = [
        "add-label p.yml team=x --job web",
        "set p.yml global.scrape_interval=30s",
        "add-job p.yml more --preset static --target c:1",
        "drop-metric p.yml go_.* --all-jobs",
        "remove-target p.yml a:80 --job web",
    ];
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        let outcome = fixture.run_words(&words, "");
        assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{line}: {}", outcome.shown());
        assert!(outcome.stderr.starts_with("error: cannot replace p.yml"), "{line}: {}", outcome.shown());
        assert!(!fixture.has_changed());
    }
    fixture.write(
        "s.jsonl",
        "{\"command\": \"drop-metric\", \"config\": \"p.yml\", \"patterns\": \"go_.*\", \"job\": \"web\"}\n",
    );
    let outcome = fixture.run_words(&["edit", "--script", "s.jsonl"], "");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""), "{}", outcome.shown());
}

#[test]
fn a_refused_line_of_a_script_has_the_status_of_its_command() {
    for (line, status) in [
        (r#"{"command": "drop-label", "config": "p.yml", "names": "instance", "job": "web"}"#, 1),
        (r#"{"command": "add-label", "config": "p.yml", "labels": "env=dev", "job": "web"}"#, 1),
        (r#"{"command": "add-label", "config": "missing.yml", "labels": "env=dev", "job": "web"}"#, 2),
        (r#"{"command": "add-label", "config": "broken.yml", "labels": "env=dev", "job": "web"}"#, 2),
        (r#"{"command": "set", "fields": "global.scrape_interval=1m"}"#, 2),
    ] {
        let fixture = Fixture::of_text("p.yml", TEXT);
        fixture.write("broken.yml", "scrape_configs: [\n");
        fixture.write("s.jsonl", &format!("{line}\n"));
        let outcome = fixture.run_words(&["edit", "--script", "s.jsonl"], "");
        assert_eq!(outcome.status, status, "{line}: {}", outcome.shown());
        if line.contains("\"set\"") {
            assert!(outcome.stderr.contains("missing `config`"), "{}", outcome.shown());
        }
    }
}

#[test]
fn with_check_files_that_cannot_be_edited_do_not_hide_the_others() {
    let fixture = Fixture::of_text("a.yml", "scrape_configs:\n- job_name: a  \n");
    fixture.write("broken.yml", "scrape_configs: [\n");
    fixture.write("b.yml", "scrape_configs:\n- job_name: b  \n");
    fixture.write("good.yml", "scrape_configs:\n- job_name: c\n");
    let words = ["fmt", "--check", "a.yml", "broken.yml", "missing.yml", "good.yml", "b.yml"];
    let outcome = fixture.run_words(&words, "");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, "a.yml\nb.yml\n"), "{}", outcome.shown());
    assert!(outcome.stderr.contains("invalid YAML") && outcome.stderr.contains("missing.yml does not exist"));
    let outcome = fixture.run_words(&[&words[..], &["--format", "json"]].concat(), "");
    let document: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let changed: Vec<bool> =
        document["files"].as_array().unwrap().iter().map(|file| file["changed"].as_bool().unwrap()).collect();
    assert_eq!((outcome.status, changed), (2, vec![true, true, false]));
    assert_eq!(document["refused"].as_array().unwrap().len(), 2);
    // Without it, nothing is written.
    let outcome = fixture.run_words(&["fmt", "a.yml", "broken.yml", "b.yml"], "");
    assert!(outcome.status == 2 && !fixture.has_changed(), "{}", outcome.shown());
}
