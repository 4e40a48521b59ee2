//! Runs the documents of diagnostics that commands other than `lint` report: a bad example gives the output
//! shown, a good one does not have the diagnostic.

use std::fs;
use std::process::Command;

use super::UPDATING;
use super::document::{Block, Document, all_documents};

/// What no file alone can show, and why.
const NOT_SHOWN: [(&str, &str); 4] = [
    ("edit-changed", "another program has to write meanwhile"),
    ("edit-encoding", "a document is UTF-8"),
    ("unchecked-part", "it takes more rules than a document has lines"),
    ("edit-layout", "a guard: no text is known that has no place for a change"),
];

/// What the command says of a config.
fn output(document: &Document, command: &str, config: &Block) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let is_cut = config.info == "yaml no-final-newline";
    let text = if is_cut { config.content.trim_end_matches('\n') } else { &config.content };
    fs::write(folder.path().join("prometheus.yml"), text).expect("the file can be written");
    for (name, content) in document.named_blocks() {
        fs::write(folder.path().join(name), content).expect("the file can be written");
    }
    let mut tool = Command::new(assert_cmd::cargo::cargo_bin!("promcfg"));
    let run = tool.args(command.split(' ')).current_dir(folder.path()).env("NO_COLOR", "1").output();
    let run = run.expect("the tool runs");
    [run.stderr, run.stdout].map(|part| String::from_utf8(part).expect("is text")).concat()
}

#[test]
fn a_bad_example_of_a_command_gives_the_output_shown_and_a_good_one_does_not_have_the_diagnostic() {
    let is_update = std::env::var_os("UPDATE").is_some();
    let _guard = UPDATING.lock();
    let mut faults = Vec::new();
    for document in all_documents() {
        let id = document.id();
        let Some(command) = document.front.command.as_deref() else { continue };
        if NOT_SHOWN.iter().any(|(name, _)| *name == id) {
            assert_eq!(command, "none", "{id}");
            continue;
        }
        let is_config = |block: &&Block| block.heading == "Bad" && block.info.starts_with("yaml");
        let bad = document.blocks.iter().find(is_config).unwrap_or_else(|| panic!("{id}: has no bad example"));
        let shown = document.blocks_of("Bad", "console").next().unwrap_or_else(|| panic!("{id}: shows no output"));
        let actual = format!("$ promcfg {command}\n{}", output(&document, command, bad));
        if !actual.contains(&id) {
            faults.push(format!("{id}: is not in\n{actual}"));
        }
        if shown.content != actual {
            if is_update {
                let mut text = document.text.clone();
                text.replace_range(shown.range.clone(), &actual);
                document.rewrite(&text);
            } else {
                faults.push(format!("{id}: the output differs:\n{actual}"));
            }
        }
        for good in document.blocks_of("Good", "yaml") {
            let command = document.front.good_command.as_deref().unwrap_or(command);
            let output = output(&document, command, good);
            if output.contains(&id) {
                faults.push(format!("{id}: is in the output for the good example:\n{output}"));
            }
        }
        assert!(document.blocks_of("Good", "yaml").next().is_some(), "{id}: has no good example");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
