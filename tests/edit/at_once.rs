//! Two runs that edit the same file at once: no change is lost.

use std::fs;
use std::process::{Child, Command, Stdio};

use super::run::Fixture;

const JOB: &str = "scrape_configs:\n- job_name: a\n  static_configs:\n  - targets: ['h:1']\n";

fn start(fixture: &Fixture, words: &[&str]) -> Child {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
    command.args(words).current_dir(fixture.path(""));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the tool starts")
}

fn names_in(fixture: &Fixture) -> Vec<String> {
    let entries = fs::read_dir(fixture.path("")).expect("can be listed");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("can be read").file_name().into_string().expect("is text")).collect();
    names.sort();
    names
}

/// Whether a text has the change of a run.
type Done = fn(&str) -> bool;

/// The rounds in which both edits were made, and those in which one was refused.
fn rounds(count: usize, fixture: &Fixture, runs: [&[&str]; 2], done: [Done; 2]) -> [usize; 2] {
    let mut outcomes = [0; 2];
    for round in 0..count {
        fixture.write("p.yml", &fixture.before);
        let outputs = runs.map(|words| start(fixture, words)).map(Child::wait_with_output);
        let outputs = outputs.map(|output| output.expect("the tool ends"));
        let text = fs::read_to_string(fixture.path("p.yml")).expect("can be read");
        for (output, done) in outputs.iter().zip(done) {
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(done(&text), output.status.success(), "round {round}: {stderr}\n{text}");
            assert!(output.status.success() || stderr.contains("run the command again"), "{stderr}");
        }
        outcomes[usize::from(!outputs.iter().all(|output| output.status.success()))] += 1;
    }
    outcomes
}

#[test]
fn in_500_rounds_of_two_edits_no_label_is_lost() {
    let fixture = Fixture::of_text("p.yml", JOB);
    let first = ["add-label", "p.yml", "one=x", "--job", "a"];
    let second = ["add-label", "p.yml", "two=x", "--job", "a"];
    let [both, refused] =
        rounds(500, &fixture, [&first, &second], [|text| text.contains("one: x"), |text| text.contains("two: x")]);
    assert_eq!(both + refused, 500);
    assert!(refused > 0, "the runs did not meet");
    assert_eq!(names_in(&fixture), ["p.yml"]);
}

#[cfg(unix)]
#[test]
fn a_link_shares_the_lock_of_its_file() {
    let fixture = Fixture::of_text("p.yml", JOB);
    std::os::unix::fs::symlink("p.yml", fixture.path("link.yml")).expect("can be linked");
    let link = ["add-label", "link.yml", "one=x", "--job", "a"];
    let file = ["add-label", "p.yml", "two=x", "--job", "a"];
    let [both, refused] =
        rounds(60, &fixture, [&link, &file], [|text| text.contains("one: x"), |text| text.contains("two: x")]);
    assert_eq!(both + refused, 60);
    assert!(refused > 0, "the runs did not meet");
    assert_eq!(names_in(&fixture), ["link.yml", "p.yml"]);
}

#[test]
fn a_fix_and_an_edit_lose_nothing() {
    let text = format!("{JOB}  relabel_configs:\n  - regex: (.*)\n    target_label: x\n    replacement: y\n");
    let fixture = Fixture::of_text("p.yml", &text);
    let fix = ["lint", "--fix", "--exit-zero", "p.yml"];
    let edit = ["add-label", "p.yml", "two=x", "--job", "a"];
    let [both, refused] =
        rounds(60, &fixture, [&fix, &edit], [|text| !text.contains("regex"), |text| text.contains("two: x")]);
    assert_eq!(both + refused, 60);
    assert_eq!(names_in(&fixture), ["p.yml"]);
}
