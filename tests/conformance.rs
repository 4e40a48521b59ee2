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
    for (suite, check) in SUITES {
        match open(&folder, suite).or_else(|| open(&folder.join("second"), suite)) {
            Some(lines) => {
                let outcome = run(lines, *check);
                outcome.show(suite);
                all_passed &= outcome.failures.is_empty();
                cases_run += outcome.passed + outcome.failures.len();
            }
            None => say(&format!("{suite}: no {suite}.jsonl in {}: skipped", folder.display())),
        }
    }
    if cases_run == 0 {
        say(&format!("no case was run: is {} the right folder?", folder.display()));
    }
    if all_passed && cases_run > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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
