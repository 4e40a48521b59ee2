//! What an edit prints: a diff with the effect in words, the names of the files, the new text, or JSON.

use std::collections::HashSet;
use std::io::Write;
use std::sync::Arc;

use promcfg::edit::{ConfigChange, FileChange};
use promcfg::report::{EditLine, EditReport, diff_of_change_with, escape_text, masked_value, shown_path};

use super::batch::{Batch, Edited};
use crate::cli::edit_report::print;
use crate::cli::input;
use crate::cli::status::{Failure, Stop};
use crate::cli::terminal::Terminal;
use crate::cli::threads::Threads;

/// So many jobs are named; of the others only the number.
const MOST_NAMES: usize = 10;

/// What changes in each config, in words, and where nothing does; a config is named when there are several.
pub(super) fn summaries(batch: &Batch, already: &str) -> Vec<String> {
    let is_one = batch.is_of_one();
    let of_config = |edited: &Edited| -> Vec<String> {
        let lines = summary(&edited.change, already).into_iter();
        let name = shown_path(&edited.name).into_owned();
        lines.map(|line| if is_one { line } else { format!("{name}: {line}") }).collect()
    };
    batch.edited.iter().flat_map(of_config).collect()
}

fn named(jobs: &[String]) -> String {
    let word = if jobs.len() == 1 { "job" } else { "jobs" };
    let mut names: Vec<String> = jobs.iter().take(MOST_NAMES).map(|job| escape_text(job).into_owned()).collect();
    if let Some(more) = jobs.len().checked_sub(MOST_NAMES).filter(|more| *more > 0) {
        names.push(format!("and {more} more"));
    }
    format!("{word} {}", names.join(", "))
}

/// Says of which jobs the effect is shown without the rules that drop all of their targets.
fn without_filters(change: &ConfigChange) -> Option<String> {
    let jobs = Some(&change.jobs_without_filters).filter(|jobs| !jobs.is_empty())?;
    Some(format!("{}: shown without keep and drop rules, which drop all known targets", named(jobs)))
}

fn summary(change: &ConfigChange, already: &str) -> Vec<String> {
    let mut words = Vec::new();
    if !change.is_empty() {
        words.extend(change.summary().lines().map(ToString::to_string));
    }
    words.extend(without_filters(change));
    match change.jobs_with_nothing_to_do.as_slice() {
        [] => {}
        // A target file has no job.
        [job] if job.is_empty() => words.push(format!("nothing to do: {already}")),
        jobs => words.push(format!("nothing to do: {already} ({})", named(jobs))),
    }
    words
}

/// The files that would change, one per line, and nothing else.
pub(super) fn list_changed(files: &[FileChange], terminal: &Terminal) -> Result<(), Stop> {
    let mut output = terminal.text();
    files.iter().try_for_each(|file| writeln!(output, "{}", shown_path(&file.name)))?;
    output.flush()?;
    Ok(())
}

/// The diff, and what it does; with `--quiet` nothing.
pub(super) fn show(files: &[FileChange], words: &[String], terminal: &Terminal) -> Result<(), Stop> {
    if terminal.quiet {
        return Ok(());
    }
    let mut output = terminal.text();
    for file in files {
        output.write_all(diff_of_change_with(file, terminal.stdout, &Threads).as_bytes())?;
    }
    words.iter().try_for_each(|line| writeln!(output, "{}", masked_value(line)))?;
    output.flush()?;
    Ok(())
}

/// The new text alone; what it does goes to stderr.
pub(super) fn to_stdout(batch: &Batch, words: &[String], terminal: &Terminal) -> Result<(), Stop> {
    let Some(edited) = batch.edited.first() else { return Ok(()) };
    let after = match edited.change.files.as_slice() {
        [] => edited.text.to_string(),
        [file] if file.name == edited.name => file.after(),
        files => {
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            let failure = Failure::new(format!(
                "--stdout needs a change of one file, but the change affects {}",
                names.join(", ")
            ));
            return Err(failure
                .with_help("run the command without --stdout, or show the changes with --dry-run")
                .into());
        }
    };
    words.iter().for_each(|line| terminal.note(line));
    let mut output = terminal.output();
    output.write_all(after.as_bytes())?;
    output.flush()?;
    Ok(())
}

/// The new text of one file alone; what it does goes to stderr.
pub(super) fn one_to_stdout(
    texts: &[(String, Arc<str>)],
    files: &[FileChange],
    words: &[String],
    terminal: &Terminal,
) -> Result<(), Stop> {
    let [(name, text)] = texts else {
        let failure = Failure::new(format!("--stdout needs one file, but {} are given", texts.len()));
        return Err(failure.with_help("show the changes with --dry-run").into());
    };
    let changed = files.iter().find(|file| file.name == *name).map(FileChange::after);
    words.iter().for_each(|line| terminal.note(line));
    let mut output = terminal.output();
    output.write_all(changed.as_deref().unwrap_or(text).as_bytes())?;
    output.flush()?;
    Ok(())
}

/// The new text of the only file that a script changes, or the text of the only one that it leaves as it is; what is
/// done goes to stderr.
pub(super) fn only_file(batch: &Batch, words: &[String], terminal: &Terminal) -> Result<(), Stop> {
    let mut names: Vec<&str> = batch.edited.iter().map(|edited| edited.name.as_str()).collect();
    names.dedup();
    let after = match (batch.pending.changes.as_slice(), names.as_slice()) {
        ([file], _) => file.after().into_bytes(),
        ([], [name]) => input::read_bytes(name, "config")?,
        (files, _) => {
            let failure = Failure::new(format!("--stdout needs a change of one file, but {} change", files.len()));
            return Err(failure.with_help("show the changes with --dry-run").into());
        }
    };
    words.iter().for_each(|line| terminal.note(line));
    let mut output = terminal.output();
    output.write_all(&after)?;
    output.flush()?;
    Ok(())
}

/// All of it as one JSON document.
pub(super) fn json(batch: &Batch, written: bool, terminal: &Terminal) -> Result<(), Stop> {
    json_of_lines(batch, Vec::new(), &[], written, terminal)
}

/// The same of a script, with what came of its lines, and what is to be said first.
pub(super) fn json_of_lines(
    batch: &Batch,
    lines: Vec<EditLine<'_>>,
    more: &[&str],
    written: bool,
    terminal: &Terminal,
) -> Result<(), Stop> {
    let refused = batch.refused.iter();
    let refused = refused.flat_map(|config| config.refusals.iter().map(|refusal| (&config.sources, refusal))).collect();
    // One refusal refuses all: then nothing changes. With --check, it is said of the other files what would change.
    let is_refused = !batch.refused.is_empty() && !batch.goes_on();
    let changes: Vec<&ConfigChange> =
        batch.edited.iter().filter(|_| !is_refused).map(|edited| &edited.change).collect();
    let files: Vec<&FileChange> = batch.pending.changes.iter().filter(|_| !is_refused).collect();
    let names = batch.edited.iter().map(|edited| edited.name.as_str());
    let mut seen = HashSet::new();
    let unchanged = names.filter(|name| !files.iter().any(|file| file.name == *name) && seen.insert(*name)).collect();
    let mut said = HashSet::new();
    let tried: Vec<String> = changes.iter().filter_map(|change| without_filters(change)).collect();
    let notes = changes.iter().flat_map(|change| &change.notes).chain(&batch.notes).chain(&tried).map(String::as_str);
    let notes = more.iter().copied().chain(notes).filter(|note| said.insert(*note)).collect();
    let failure = batch.failures.first().map(|failure| (failure.message.as_str(), failure.help.as_deref()));
    print(&EditReport { written, files, unchanged, changes, lines, notes, refused, failure }, terminal)
}
