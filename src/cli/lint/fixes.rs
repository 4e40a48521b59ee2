//! `promcfg lint --fix`: applies the fixes of findings, and reports which.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::io::Write;

use promcfg::Diagnostic;
use promcfg::Options;
use promcfg::diagnostic::Safety;
use promcfg::edit::{FixOutcome, fix_config};
use promcfg::files::path_of;
use promcfg::input::Format;
use promcfg::report::{shown_path, unified_diff};

use super::Run;
use super::files::identity;
use super::texts::Text;
use crate::cli::disk::Disk;
use crate::cli::input;
use crate::cli::replace::write_changes;
use crate::cli::status::{Failure, Status, Stop};

/// Makes the fixes and writes the files. Whether any was written.
pub(super) fn write(run: &mut Run<'_>, texts: &[Text]) -> Result<bool, Stop> {
    let mut told = Told::default();
    for text in configs(texts) {
        if text.is_input {
            let failure = Failure::new("cannot write fixes to standard input");
            return Err(failure.with_help("show the fixes with --diff, or name the file").into());
        }
        // A file that cannot be written does not keep the others from being fixed.
        match outcome(run, text).and_then(|outcome| Ok((write_changes(&outcome.files)?, outcome))) {
            Ok((notes, outcome)) => {
                notes.iter().for_each(|note| run.terminal.note(note));
                told.add(&outcome);
            }
            Err(failure) => run.fail(&failure.or_help("show the fixes with --diff")),
        }
    }
    told.tell(run, "made");
    Ok(told.files > 0)
}

/// Shows what would change: a diff, or with --check the names of the files and nothing else.
pub(super) fn show(run: &mut Run<'_>, texts: &[Text]) -> Result<Status, Stop> {
    let (mut told, mut shown) = (Told::default(), HashSet::new());
    let mut output = run.terminal.text();
    for text in configs(texts) {
        let outcome = match outcome(run, text) {
            Ok(outcome) => outcome,
            Err(failure) => {
                run.fail(&failure);
                continue;
            }
        };
        for file in outcome.files.iter().filter(|file| shown.insert(identity(&file.name))) {
            if run.arguments.check {
                writeln!(output, "{}", shown_path(&file.name))?;
            } else if !run.terminal.quiet {
                output
                    .write_all(unified_diff(&file.name, &file.before, &file.edits, run.terminal.stdout).as_bytes())?;
            }
        }
        told.add(&outcome);
    }
    output.flush()?;
    if !run.arguments.check {
        told.tell(run, "would be made");
    }
    let found = if shown.is_empty() { Status::Fine } else { Status::Found };
    Ok(if run.failed { Status::CouldNot } else { found })
}

/// Target groups have no rules to fix; a file that others include comes after them.
fn configs(texts: &[Text]) -> impl Iterator<Item = &Text> {
    let mut configs: Vec<&Text> = texts.iter().filter(|text| *text.input.format() != Format::Targets).collect();
    configs.sort_by_key(|text| !text.includes());
    configs.into_iter()
}

fn outcome(run: &mut Run<'_>, text: &Text) -> Result<FixOutcome, Failure> {
    // Another config may have had it fixed meanwhile.
    let name = text.input.name();
    // What comes through a FIFO comes once.
    let is_file = !text.is_input && path_of(name).is_file();
    let now = if is_file { input::read_bytes(name, "config")? } else { text.input.bytes().to_vec() };
    let Ok(now) = String::from_utf8(now) else { return Ok(FixOutcome::default()) };
    let allows_unsafe = run.arguments.unsafe_fixes;
    let options = Options::new(&Disk).with_release(text.release).with_max_memory(run.max_memory);
    let run = RefCell::new(run);
    let is_wanted = |file: &str, finding: &Diagnostic| {
        let is_allowed = finding.fix.as_ref().is_some_and(|fix| allows_unsafe || fix.safety == Safety::Safe);
        let mut run = run.borrow_mut();
        let settings = run.settings_of(file);
        is_allowed && settings.is_some_and(|settings| !settings.is_excluded && settings.is_wanted(finding.id.as_str()))
    };
    Ok(fix_config(text.input.name(), now, &options, &is_wanted))
}

/// What was done, by rule.
#[derive(Default)]
struct Told {
    made: BTreeMap<&'static str, usize>,
    refused: BTreeMap<&'static str, usize>,
    files: usize,
}

impl Told {
    fn add(&mut self, outcome: &FixOutcome) {
        self.files += outcome.files.len();
        outcome.made.iter().for_each(|(rule, _)| *self.made.entry(rule).or_default() += 1);
        outcome.refused.iter().for_each(|(rule, _)| *self.refused.entry(rule).or_default() += 1);
    }

    fn tell(&self, run: &Run<'_>, verb: &str) {
        let listed = |counts: &BTreeMap<&str, usize>| {
            let all: usize = counts.values().sum();
            let rules: Vec<String> = counts.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
            (all, if all == 1 { "fix" } else { "fixes" }, rules.join(", "))
        };
        if !self.made.is_empty() {
            let (all, fixes, rules) = listed(&self.made);
            let files = if self.files == 1 { "1 file".to_string() } else { format!("{} files", self.files) };
            run.terminal.note(&format!("{all} {fixes} {verb} in {files}: {rules}"));
        }
        if !self.refused.is_empty() {
            let (all, fixes, rules) = listed(&self.refused);
            run.terminal.note(&format!("{all} {fixes} not {verb}: the effect could not be proved: {rules}"));
        }
    }
}
