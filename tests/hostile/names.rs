//! Names of files that are not UTF-8.

use serde_json::Value;

use super::{Folder, LINT_FORMATS, words};

const NAME: &[u8] = b"a\xff.yml";

const CONFIG: &str = "scrape_configs:
- job_name: a
  bearer_token_file: /t
  static_configs:
  - targets: ['h:1', 'h:1']
  relabel_configs:
  - {source_labels: [x], regex: ^a$, target_label: y}
";

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("is JSON")
}

#[test]
fn a_file_is_linted_whether_it_is_named_or_found() {
    let folder = Folder::new().with(NAME, CONFIG).with(b"d\xfe/b.yml", CONFIG);
    for format in LINT_FORMATS {
        let format = format.as_bytes();
        let named = folder.run(&[b"lint", b"--format", format, NAME]);
        assert_eq!(named.status.code(), Some(1), "{named:?}");
        let found = folder.run(&[b"lint", b"--format", format]);
        assert_eq!(found.status.code(), Some(1), "{found:?}");
    }
    let (stdout, _) = words(&folder.run(&[b"lint", b"--format", b"concise"]));
    assert!(stdout.contains("\na\\xff.yml:5:22: warning: job a: 2 targets are identical"), "{stdout}");
    assert!(stdout.contains("d\\xfe/b.yml:5:22: warning: "), "{stdout}");
    let report = json(&folder.run(&[b"lint", b"--format", b"json", NAME]).stdout);
    assert_eq!(report["findings"][0]["file"], "a\u{10ffff}.yml");
    let log = json(&folder.run(&[b"lint", b"--format", b"sarif", NAME]).stdout);
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%FF.yml");
    let (stdout, _) = words(&folder.run(&[b"lint", b"--format", b"github", NAME]));
    assert!(stdout.starts_with("::notice file=a\\xff.yml,line="), "{stdout}");
}

#[test]
fn every_command_reads_it() {
    let folder = Folder::new()
        .with(NAME, CONFIG)
        .with(b"rules\xff.yml", "- {target_label: a, replacement: b}\n")
        .with(b"sets\xff", "{\"x\":\"y\"}\n")
        .with(b"series\xff", "up 1\n")
        .with(b"targets\xff.yml", "- targets: ['k:1']\n");
    let (stdout, stderr) = words(&folder.run(&[b"simulate", NAME]));
    assert!(stdout.starts_with("a  a\\xff.yml:2  2 targets: 2 kept\n"), "{stdout}{stderr}");
    let (stdout, _) = words(&folder.run(&[b"simulate", NAME, b"--targets", b"targets\xff.yml"]));
    assert!(stdout.contains("http://k:1/metrics"), "{stdout}");
    let metric: [&[u8]; 6] = [b"simulate", NAME, b"--stage", b"metric", b"--series", b"series\xff"];
    assert_eq!(folder.run(&metric).status.code(), Some(0));
    let relabeled = folder.run(&[b"relabel", b"--rules", b"rules\xff.yml", b"sets\xff"]);
    assert_eq!(words(&relabeled).0, "{\"a\":\"b\",\"x\":\"y\"}\n");
    let missing = folder.run(&[b"lint", b"aa\xff.yml"]);
    let (_, stderr) = words(&missing);
    assert!(stderr.contains("the config aa\\xff.yml does not exist\n"), "{stderr}");
    assert!(stderr.contains("did you mean a\\xff.yml?"), "{stderr}");
}

#[test]
fn it_is_edited_and_fixed() {
    let folder = Folder::new().with(NAME, CONFIG);
    let (stdout, stderr) = words(&folder.run(&[b"add-label", NAME, b"env=prod"]));
    let head = "lines are shortened or escaped: this diff is not a patch\n--- a\\xff.yml\n+++ a\\xff.yml\n";
    assert!(stdout.starts_with(head), "{stdout}{stderr}");
    assert!(folder.read(NAME).contains("env: prod"));
    assert_eq!(folder.run(&[b"rename-label", b".", b"env", b"stage"]).status.code(), Some(0));
    assert!(folder.read(NAME).contains("stage: prod"));
    assert_eq!(folder.run(&[b"remove-label", NAME, b"stage"]).status.code(), Some(0));
    assert!(!folder.read(NAME).contains("prod"));
    folder.run(&[b"lint", b"--fix", b"."]);
    assert!(folder.read(NAME).contains("regex: a,"), "{}", folder.read(NAME));
    let listed = folder.run(&[b"add-label", NAME, b"a=b", b"--check"]);
    assert_eq!((words(&listed).0.as_str(), listed.status.code()), ("a\\xff.yml\n", Some(1)));
}

#[test]
fn patterns_of_a_config_find_it_and_settings_apply_to_it() {
    let config =
        "scrape_configs:\n- job_name: a\n  file_sd_configs: [{files: ['t/*.json']}]\nscrape_config_files: ['c?.yml']\n";
    let folder = Folder::new()
        .with("p.yml", config)
        .with(b"t/\xff.json", "[{\"targets\": [\"k:1\"]}]")
        .with(b"c\xff.yml", "scrape_configs:\n- job_name: b\n  static_configs: [{targets: ['l:1']}]\n")
        .with(b"no\xff/promcfg.toml", "exclude = ['*.yml']\n")
        .with(b"no\xff/x.yml", "scrape_configs: 1\n");
    let result = json(&folder.run(&[b"simulate", b"p.yml", b"--format", b"json"]).stdout);
    assert_eq!(result["jobs"][0]["targets"][0]["url"], "http://k:1/metrics");
    assert_eq!(result["jobs"][0]["targets"][0]["discovered"]["__meta_filepath"], "t/\u{10ffff}.json");
    assert_eq!(result["jobs"][1]["file"], "c\u{10ffff}.yml");
    let excluded = folder.run(&[b"lint", b"no\xff"]);
    assert_eq!(excluded.status.code(), Some(0), "{excluded:?}");
    assert!(words(&excluded).1.contains("promcfg.toml excludes the file"));
}

#[test]
fn an_argument_that_is_not_a_name_of_a_file_is_refused_in_words() {
    let folder = Folder::new().with("p.yml", CONFIG);
    for arguments in [
        &[&b"simulate"[..], b"p.yml", b"--job", b"\xff"][..],
        &[b"\xff"],
        &[b"lint", b"--\xff"],
        &[b"lint", b"p.yml", b"--select", b"\xff"],
        &[b"add-label", b"p.yml", b"a=\xff"],
        &[b"explain-rule", b"\xff"],
    ] {
        let output = folder.run(arguments);
        let (_, stderr) = words(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {stderr}");
        assert!(stderr.starts_with("error: ") && !stderr.contains("panicked"), "{stderr}");
    }
}
