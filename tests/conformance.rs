//! Compares promcfg with what the real thing answers: Prometheus 3.14's own relabeling and target
//! code, Go's `regexp`, and go.yaml.in/yaml/v2 v2.4.4.
//!
//! Reads `<suite>.jsonl` or `<suite>.jsonl.gz` from `fixtures/conformance`, or from the folder that
//! `CONFORMANCE_DIR` names. Prints a line a suite, then the first failures; fails if a case failed.

mod conformance_suites;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use conformance_suites::SUITES;
use serde_json::Value;

/// Why a case failed: what was expected, and what came.
type Failure = String;

const FAILURES_SHOWN: usize = 10;

/// Where suites are besides the folder itself.
const FOLDERS: [&str; 4] = ["second", "discovery", "dialects", "releases"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        if !arguments.iter().any(|argument| argument == "--ignored") {
            say("conformance: test");
        }
        return ExitCode::SUCCESS;
    }
    let folder = folder();
    let mut all_passed = true;
    let mut cases_run = 0;
    let mut rows = Vec::new();
    for (suite, contents, check) in SUITES {
        match open(&folder, suite).or_else(|| FOLDERS.iter().find_map(|inner| open(&folder.join(inner), suite))) {
            Some(lines) => {
                let outcome = run(lines, *check);
                outcome.show(suite);
                all_passed &= outcome.failures.is_empty();
                let cases = outcome.passed + outcome.failures.len();
                cases_run += cases;
                rows.push(format!("| `{suite}` | {contents} | {cases} | {} |", outcome.passed));
            }
            None => say(&format!("{suite}: no {suite}.jsonl in {}: skipped", folder.display())),
        }
    }
    if cases_run == 0 {
        say(&format!("no case was run: is {} the right folder?", folder.display()));
    }
    if std::env::var_os("CONFORMANCE_DIR").is_none() {
        all_passed &= readme_has(&rows);
    }
    if all_passed && cases_run > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether the README has the table of these rows; `UPDATE=1` writes it.
fn readme_has(rows: &[String]) -> bool {
    const MARKS: [&str; 2] = ["<!-- the suites begin -->\n", "<!-- the suites end -->"];
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let Ok(readme) = std::fs::read_to_string(&path) else { return true };
    let parts = readme.split_once(MARKS[0]).and_then(|(before, rest)| Some((before, rest.split_once(MARKS[1])?)));
    let Some((before, (table, after))) = parts else {
        say("README.md has no table of suites");
        return false;
    };
    let actual = format!("\n| suite | contents | cases | passed |\n|---|---|---|---|\n{}\n\n", rows.join("\n"));
    if table != actual && std::env::var_os("UPDATE").is_some() {
        return std::fs::write(&path, [before, MARKS[0], &actual, MARKS[1], after].concat()).is_ok();
    }
    if table != actual {
        say("README.md: the table of suites is not as above: run `UPDATE=1 cargo test --test conformance`");
    }
    table == actual
}

fn folder() -> PathBuf {
    match std::env::var_os("CONFORMANCE_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/conformance"),
    }
}

fn open(folder: &Path, suite: &str) -> Option<Box<dyn BufRead>> {
    if let Ok(file) = File::open(folder.join(format!("{suite}.jsonl"))) {
        return Some(Box::new(BufReader::new(file)));
    }
    let file = File::open(folder.join(format!("{suite}.jsonl.gz"))).ok()?;
    Some(Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file))))
}

#[derive(Default)]
struct Outcome {
    passed: usize,
    failures: Vec<(usize, Failure)>,
}

impl Outcome {
    fn show(&self, suite: &str) {
        say(&format!("{suite}: {} passed, {} failed", self.passed, self.failures.len()));
        let shown = std::env::var("CONFORMANCE_SHOWN").ok().and_then(|number| number.parse().ok());
        for (line, failure) in self.failures.iter().take(shown.unwrap_or(FAILURES_SHOWN)) {
            say(&format!("  {suite} line {line}: {failure}"));
        }
    }
}

fn run(lines: Box<dyn BufRead>, check: fn(&Value) -> Result<(), Failure>) -> Outcome {
    let mut outcome = Outcome::default();
    for (index, line) in lines.lines().enumerate() {
        let result = match line {
            Ok(line) if line.trim().is_empty() => continue,
            Ok(line) => check_line(&line, check),
            Err(error) => Err(format!("cannot be read: {error}")),
        };
        match result {
            Ok(()) => outcome.passed += 1,
            Err(failure) => outcome.failures.push((index + 1, failure)),
        }
    }
    outcome
}

fn check_line(line: &str, check: fn(&Value) -> Result<(), Failure>) -> Result<(), Failure> {
    let case: Value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
    panic::catch_unwind(AssertUnwindSafe(|| check(&case)))
        .unwrap_or_else(|_| Err("panicked".to_string()))
        .map_err(|failure| format!("{failure}\n    case: {}", cut(line)))
}

fn cut(line: &str) -> String {
    const SHOWN: usize = 600;
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_string(),
    }
}

fn say(line: &str) {
    // A closed pipe is the reader's choice, no failure.
    let _ = writeln!(io::stdout(), "{line}");
}
