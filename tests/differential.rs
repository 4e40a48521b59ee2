//! The answers of the command `promcfg debug` are those of Prometheus: each line of the conformance data is a question.
//!
//! `DIFFERENTIAL_DIR` names another folder with files `KIND.jsonl` or `KIND-….jsonl`, such as `relabel-random.jsonl`: lines
//! with a question and its answer. `cargo test --test tests differential -- --nocapture` prints a line per file.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A file of the data, the kind of its questions, and the members that its answers are compared in.
const FILES: &[(&str, &str, &[&str])] = &[
    ("scalars", "scalar", &["any", "as"]),
    ("regexp", "regexp", &["error"]),
    ("relabel", "relabel", RELABEL),
    ("target", "target", TARGET),
    ("metric", "metric", METRIC),
    ("expo", "expo", EXPO),
    ("differences_sd", "target-file", TARGET_FILE),
    ("differences_sim", "targets", &["error", "real"]),
    ("differences_target", "target", TARGET),
];
const RELABEL: &[&str] = &["error", "keep", "output"];
const TARGET: &[&str] = &["discovered", "dropped", "error", "final", "public", "url"];
const METRIC: &[&str] = &["output"];
const EXPO: &[&str] = &["series", "error"];
const TARGET_FILE: &[&str] = &["groups", "error"];

/// The kinds of questions in another folder, by the beginning of a file's name.
const KINDS: &[(&str, &[&str])] = &[
    ("config", &["error"]),
    ("expo", EXPO),
    ("metric", METRIC),
    ("relabel", RELABEL),
    ("scalar", &["any", "as"]),
    ("target-file", TARGET_FILE),
    ("target", TARGET),
];

/// Files of configs: their answers are the message of the first fault. A line of it with a secret value, which is hidden,
/// agrees; at most so many others name another fault of the config.
const CONFIGS: &[(&str, usize)] = &[
    ("config", 22),
    ("config_merge", 15),
    ("config_sweep", 1),
    ("config_bytes", 2),
    ("differences_config", 6),
    ("differences_merge", 4),
    ("differences_merge_sections", 1),
];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/conformance/{name}.jsonl.gz"))
}

fn read(path: &Path) -> String {
    let bytes = fs::read(path).expect("the file can be read");
    let mut text = String::new();
    match bytes.starts_with(&[0x1f, 0x8b]) {
        true => flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text),
        false => bytes.as_slice().read_to_string(&mut text),
    }
    .expect("the file is text");
    text
}

/// Questions of a file with the command's answers.
fn ask(kind: &str, text: &str) -> Vec<(Value, Value)> {
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    fs::write(file.path(), text).expect("the file can be written");
    let output = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"))
        .args(["debug", kind])
        .arg(file.path())
        .stderr(Stdio::inherit())
        .output()
        .expect("the tool runs");
    assert!(output.status.success(), "debug {kind}: a line is not a question");
    let answers = String::from_utf8(output.stdout).expect("answers are text");
    let parse = |line: &str| serde_json::from_str::<Value>(line).expect("a line is JSON");
    let questions: Vec<Value> = text.lines().map(parse).collect();
    let answers: Vec<Value> = answers.lines().map(parse).collect();
    assert_eq!(questions.len(), answers.len(), "debug {kind}: each line has an answer");
    questions.into_iter().zip(answers).collect()
}

/// The lines on which the answers differ in one of the members.
fn differences(kind: &str, text: &str, members: &[&str]) -> Vec<String> {
    let mut differences = Vec::new();
    for (index, (question, answer)) in ask(kind, text).iter().enumerate() {
        for member in members {
            let (expected, found) = (&question[*member], &answer[*member]);
            // A set without labels is left out.
            let is_empty = expected.is_null() && *found == Value::Object(serde_json::Map::new());
            if expected != found && !is_empty && !hides_secret(expected, found) {
                differences.push(format!("line {}: `{member}`: expected {expected}, the answer is {found}", index + 1));
            }
        }
    }
    differences
}

/// Whether two messages differ in secrets only.
fn hides_secret(expected: &Value, found: &Value) -> bool {
    let (Some(expected), Some(found)) = (expected.as_str(), found.as_str()) else { return false };
    if expected.lines().count() != found.lines().count() {
        return false;
    }
    expected.lines().zip(found.lines()).all(|(expected, found)| match found.split_once("<secret>") {
        Some((before, after)) => expected.starts_with(before) && expected.ends_with(after),
        None => expected == found,
    })
}

#[test]
fn each_line_of_the_data_is_a_question_with_its_answer() {
    for (name, kind, members) in FILES {
        let differences = differences(kind, &read(&fixture(name)), members);
        assert!(differences.is_empty(), "{name}:\n{}", differences.join("\n"));
    }
}

#[test]
fn the_message_of_a_config_is_that_of_the_first_fault() {
    for (name, known) in CONFIGS {
        let differences = differences("config", &read(&fixture(name)), &["error"]);
        assert!(differences.len() <= *known, "{name}: {}:\n{}", differences.len(), differences.join("\n"));
    }
}

/// For data of one's own: every file of a folder.
#[test]
fn the_files_of_another_folder_agree() {
    let Some(folder) = std::env::var_os("DIFFERENTIAL_DIR") else { return };
    let mut differing = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_named = |kind: &str| name.starts_with(&format!("{kind}.")) || name.starts_with(&format!("{kind}-"));
        let Some((kind, members)) = KINDS.iter().find(|(kind, _)| is_named(kind)) else { continue };
        let differences = differences(kind, &read(&path), members);
        println!("{name}: {} differ", differences.len());
        differing.extend(differences.into_iter().map(|difference| format!("{name}: {difference}")));
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
