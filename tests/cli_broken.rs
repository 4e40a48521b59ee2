//! A config that is not valid YAML is reported before anything else is asked for: standard input stays open and empty, as
//! at a terminal.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const BROKEN: &str = "scrape_configs:\n- job_name: a\n  static_configs: [\n";

/// What a command prints while its standard input stays open.
fn run(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    std::fs::write(folder.path().join("broken.yml"), BROKEN).expect("the file can be written");
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"))
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    let open = child.stdin.take();
    let start = Instant::now();
    while child.try_wait().expect("its state can be asked").is_none() {
        if start.elapsed() > Duration::from_secs(60) {
            child.kill().expect("it can be ended");
            panic!("{arguments:?} waits for its standard input");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(open);
    let output = child.wait_with_output().expect("it has ended");
    String::from_utf8([output.stdout, output.stderr].concat()).expect("the output is text")
}

#[test]
fn a_broken_config_is_reported_before_standard_input_is_read() {
    for arguments in [
        &["simulate", "broken.yml", "--targets", "-"][..],
        &["simulate", "broken.yml", "--stage", "metric", "--series", "-"],
        &["relabel", "--rules", "broken.yml", "--job", "a"],
        &["add-label", "broken.yml", "a=b", "--job", "a", "--targets", "-"],
        &["add-label", "broken.yml", "a=b", "--all-jobs", "--targets", "-"],
        &["add-label", "broken.yml", "a=b", "--job", "a", "--stage", "metric", "--series", "-"],
        &["remove-label", "broken.yml", "a", "--job", "a", "--targets", "-"],
        &["rename-label", "broken.yml", "a", "b", "--job", "a", "--targets", "-"],
    ] {
        let output = run(arguments);
        assert!(output.contains("invalid YAML: missing `]`"), "{arguments:?}: {output}");
        assert!(output.contains("broken.yml:3:19"), "{arguments:?}: {output}");
    }
}
