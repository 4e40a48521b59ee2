//! `promcfg relabel` as it is run: files, streams and exit statuses.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use assert_cmd::cargo::CommandCargoExt;

/// A folder with files, and the tool run in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("promcfg").unwrap();
        command.current_dir(self.0.path()).arg("relabel").args(arguments).env("NO_COLOR", "1");
        command
    }

    /// What a run with this standard input prints to stdout and stderr, and its status.
    fn run(&self, arguments: &[&str], input: &str) -> (String, String, i32) {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let text = input.to_string();
        // The tool may end before it has read everything.
        let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
        let output = child.wait_with_output().unwrap();
        let _closed = writer.join().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }
}

const RULES: &str = "\
- {source_labels: [env], regex: prod, action: keep}
- {source_labels: [__address__], regex: '([^:]+):.*', target_label: host}
";

const SETS: &str = "\
{\"env\":\"prod\",\"__address__\":\"a:1\"}
{\"env\":\"test\",\"__address__\":\"b:1\"}
{\"env\":\"prod\",\"__address__\":\"c\"}
";

const CONFIG: &str = "\
scrape_configs:
- job_name: node
  metric_name_validation_scheme: legacy
  relabel_configs: [{target_label: from, replacement: targets}]
  metric_relabel_configs:
  - {target_label: from, replacement: metrics}
  - {source_labels: [a], target_label: 'l_${1}', replacement: v}
- job_name: bad
  relabel_configs: [{action: kepp}]
";

#[test]
fn lines_go_through_a_list_of_rules() {
    let folder = Folder::new(&[("rules.yml", RULES), ("sets.ndjson", SETS), ("empty.yml", "")]);
    let kept = "{\"__address__\":\"a:1\",\"env\":\"prod\",\"host\":\"a\"}\n";
    let unchanged = "{\"__address__\":\"c\",\"env\":\"prod\"}\n";
    let expected = (format!("{kept}{unchanged}"), String::new(), 0);
    assert_eq!(folder.run(&["--rules", "rules.yml"], SETS), expected);
    assert_eq!(folder.run(&["--rules", "rules.yml", "-"], SETS), expected);
    assert_eq!(folder.run(&["--rules", "rules.yml", "sets.ndjson"], ""), expected);
    assert_eq!(folder.run(&["--rules", "-", "sets.ndjson"], RULES), expected);
    let with_dropped = folder.run(&["--rules", "rules.yml", "--show-dropped"], SETS);
    assert_eq!(with_dropped, (format!("{kept}null\n{unchanged}"), String::new(), 0));
    assert_eq!(
        folder.run(&["--rules", "empty.yml"], "{\"b\":\"1\",\"a\":\"\"}"),
        ("{\"b\":\"1\"}\n".into(), "".into(), 0)
    );
}

#[test]
fn a_config_gives_the_rules_of_a_job() {
    let folder =
        Folder::new(&[("prometheus.yml", CONFIG), ("good.yml", CONFIG.split("- job_name: bad").next().unwrap())]);
    let run =
        |more: &[&str]| folder.run(&[&["--rules", "good.yml", "--job", "node"], more].concat(), "{\"a\":\"x-y\"}\n");
    assert_eq!(run(&[]), ("{\"a\":\"x-y\",\"from\":\"targets\"}\n".into(), "".into(), 0));
    let metrics = run(&["--list", "metric_relabel_configs"]);
    assert_eq!(metrics, ("{\"a\":\"x-y\",\"from\":\"metrics\"}\n".into(), "".into(), 0));
}

#[test]
fn another_job_that_is_refused_does_not_hide_the_one_that_is_meant() {
    let folder = Folder::new(&[("prometheus.yml", CONFIG)]);
    let (stdout, stderr, status) = folder.run(&["--rules", "prometheus.yml", "--job", "node"], "{}\n");
    assert_eq!((stdout.as_str(), status), ("{\"from\":\"targets\"}\n", 1));
    assert!(stderr.contains("kepp"), "{stderr}");
    let (stdout, stderr, status) = folder.run(&["--rules", "prometheus.yml", "--job", "bad"], "{}\n");
    assert_eq!((stdout.as_str(), status), ("", 1));
    assert!(stderr.contains("kepp"), "{stderr}");
}

#[test]
fn what_cannot_be_done_has_status_2() {
    let folder = Folder::new(&[("rules.yml", RULES), ("prometheus.yml", CONFIG)]);
    let fails = |arguments: &[&str], input: &str, words: &[&str]| {
        let (_, stderr, status) = folder.run(arguments, input);
        assert_eq!(status, 2, "{arguments:?} {stderr}");
        for word in words {
            assert!(stderr.contains(word), "{stderr:?} lacks {word:?}");
        }
    };
    fails(&["--rules", "none.yml"], "", &["none.yml"]);
    fails(&["--rules", "prometheus.yml"], "", &["is a Prometheus config, not a list of relabel rules", "--job"]);
    fails(&["--rules", "prometheus.yml", "--job", "nodes"], "", &["unknown job", "did you mean \"node\"?"]);
    fails(&["--rules", "-"], "", &["standard input"]);
    fails(&["--rules", "rules.yml", "none.ndjson"], "", &["none.ndjson"]);
    fails(&["--rules", "rules.yml", "."], "", &["folder"]);
    fails(&[], "", &["--rules"]);
}

#[test]
fn a_line_that_is_no_label_map_stops_with_its_number() {
    let folder = Folder::new(&[("empty.yml", "")]);
    let (stdout, stderr, status) = folder.run(&["--rules", "empty.yml"], "{\"a\":\"1\"}\n\n{\"a\":1}\n{\"a\":\"2\"}\n");
    assert_eq!((stdout.as_str(), status), ("{\"a\":\"1\"}\n", 2));
    assert!(stderr.contains("<stdin>: line 3: not a label map"), "{stderr}");
}

#[test]
fn a_bad_rule_has_status_1_and_its_place() {
    let folder =
        Folder::new(&[("rules.yml", "- target_label: a\n- {source_labels: [a], regex: '(', target_label: b}\n")]);
    let (stdout, stderr, status) = folder.run(&["--rules", "rules.yml"], "{}\n");
    assert_eq!((stdout.as_str(), status), ("", 1));
    assert!(stderr.contains("rules.yml:2:"), "{stderr}");
    let folder = Folder::new(&[("rules.yml", "- {target_label: a-b, replacement: c}\n")]);
    assert_eq!(folder.run(&["--rules", "rules.yml"], "{}\n").2, 0);
    assert_eq!(folder.run(&["--rules", "rules.yml", "--legacy-names"], "{}\n").2, 1);
}

#[test]
fn each_line_is_answered_while_the_input_stays_open() {
    let folder = Folder::new(&[("rules.yml", "- {target_label: a, replacement: b}\n")]);
    let mut child =
        folder.command(&["--rules", "rules.yml"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for number in 0..3 {
        writeln!(stdin, "{{\"n\":\"{number}\"}}").unwrap();
        assert_eq!(answers.next().unwrap().unwrap(), format!("{{\"a\":\"b\",\"n\":\"{number}\"}}"));
    }
    drop(stdin);
    assert!(answers.next().is_none());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let folder = Folder::new(&[("empty.yml", "")]);
    let mut child = folder
        .command(&["--rules", "empty.yml"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    drop(child.stdout.take());
    let lines = "{\"a\":\"1\"}\n".repeat(1 << 16);
    let writer = std::thread::spawn(move || {
        for _ in 0..50 {
            if stdin.write_all(lines.as_bytes()).is_err() {
                return;
            }
        }
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert_eq!((output.stderr.as_slice(), output.status.code()), (&b""[..], Some(0)));
}
