//! Runs the README: its files are written, its commands run, its outputs compared.
//!
//! In a code block that begins with a comment `# name.yml` (or `name.json` in its info string) stands
//! a file; in a `console` block each line after `$ promcfg` is a command, what follows its output
//! (stdout, then stderr). `UPDATE=1 cargo test --test tests readme` writes the true outputs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A fenced block: its info string, and the range of its lines between the fences.
struct Block {
    info: String,
    lines: std::ops::Range<usize>,
}

fn blocks(lines: &[&str]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in lines.iter().enumerate() {
        let Some(info) = line.strip_prefix("```") else { continue };
        match open.take() {
            Some((start, info)) => blocks.push(Block { info, lines: start..index }),
            None => open = Some((index + 1, info.trim().to_string())),
        }
    }
    assert!(open.is_none(), "a code block is not closed");
    blocks
}

/// The file name a block is written under, if it shows a file.
fn file_name(block: &Block, lines: &[&str]) -> Option<String> {
    if let Some((_, title)) = block.info.split_once("title=") {
        return Some(title.trim_matches('"').to_string());
    }
    let first = lines.get(block.lines.start)?.strip_prefix("# ")?;
    let is_name = first.ends_with(".yml") && !first.contains(' ');
    is_name.then(|| first.to_string())
}

fn run(command: &str, folder: &Path) -> String {
    let words: Vec<String> = split_words(command);
    let output = Command::new(env!("CARGO_BIN_EXE_promcfg"))
        .args(&words[1..])
        .current_dir(folder)
        .env("COLUMNS", "100")
        .env_remove("NO_COLOR")
        .output()
        .expect("the tool starts");
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).expect("the output is text")
}

/// Splits as a shell does, as far as README commands need it: blanks and single quotes.
fn split_words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for character in command.chars() {
        match character {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.last_mut().expect("there is a word").push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The text with each promcfg command's output replaced by what the tool prints now.
fn with_true_outputs(text: &str, folder: &Path) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out: Vec<String> = Vec::new();
    let mut copied = 0;
    for block in blocks(&lines) {
        if let Some(name) = file_name(&block, &lines) {
            let content = lines[block.lines.clone()].join("\n") + "\n";
            fs::write(folder.join(name), content).expect("the file can be written");
        }
        if block.info != "console" {
            continue;
        }
        out.extend(lines[copied..block.lines.start].iter().map(ToString::to_string));
        copied = block.lines.end;
        let mut is_output_of_ours = false;
        for line in &lines[block.lines.clone()] {
            if let Some(command) = line.strip_prefix("$ ") {
                out.push((*line).to_string());
                is_output_of_ours = command.starts_with("promcfg ");
                if is_output_of_ours {
                    out.extend(run(command, folder).trim_end().lines().map(|line| line.trim_end().to_string()));
                }
            } else if !is_output_of_ours {
                out.push((*line).to_string());
            }
        }
    }
    out.extend(lines[copied..].iter().map(ToString::to_string));
    out.join("\n") + "\n"
}

#[test]
fn every_command_of_the_readme_prints_what_the_readme_shows() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let shown = fs::read_to_string(&path).expect("the README can be read");
    let folder = tempfile::tempdir().expect("a folder can be made");
    let cluster = folder.path().join("fixtures/cluster");
    fs::create_dir_all(&cluster).expect("a folder can be made");
    for name in ["cluster.json", "prometheus.yml"] {
        let fixture = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/cluster").join(name);
        fs::copy(fixture, cluster.join(name)).expect("a fixture can be copied");
    }
    fs::create_dir_all(folder.path().join("workers")).expect("a folder can be made");
    let actual = with_true_outputs(&shown, folder.path());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &actual).expect("the README can be written");
        return;
    }
    for (number, (shown, actual)) in shown.lines().zip(actual.lines()).enumerate() {
        assert_eq!(shown, actual, "README.md:{}: run `UPDATE=1 cargo test --test tests readme`", number + 1);
    }
    assert_eq!(shown.lines().count(), actual.lines().count(), "README.md has outputs that are cut short");
}
