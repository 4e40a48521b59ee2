//! `promcfg add-label`, `remove-label` and `rename-label`: changes of a config's text.

use std::io::Write;
use std::mem::ManuallyDrop;

use promcfg::Document;
use promcfg::Options;
use promcfg::Release;
use promcfg::diagnostic::ids;
use promcfg::edit::{AddLabel, ConfigChange, EditError, LabelStage, Method, RemoveLabel, RenameLabel, Selection};
use promcfg::files::DiskFiles;
use promcfg::report::{escape_text, unified_diff};
use promcfg::text::decode_text;

use super::args::{
    AddLabelArguments, EditOptions, JobArguments, MethodChoice, RemoveLabelArguments, RenameLabelArguments,
    SelectionArguments, Stage,
};
use super::input;
use super::lint::settings::release_for;
use super::replace::write_changes;
use super::simulate::unknown_job;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn add_label(
    arguments: &AddLabelArguments,
    prometheus: Option<Release>,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let (name, value) = &arguments.label;
    let request = AddLabel {
        name: name.clone(),
        value: value.clone(),
        selection: selection(&arguments.selection),
        method: method(arguments.selection.method),
        stage: stage(arguments.selection.stage),
        overwrite: arguments.overwrite,
    };
    let words = format!("{name}={value:?}");
    let edit = |document: &mut Document<'_>| document.add_label(&request);
    run(&arguments.config, &arguments.options, prometheus, terminal, edit, &|_| format!("already have {words}"))
}

pub(crate) fn remove_label(
    arguments: &RemoveLabelArguments,
    prometheus: Option<Release>,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let name = &arguments.name;
    let request = RemoveLabel {
        name: name.clone(),
        selection: selection(&arguments.selection),
        method: method(arguments.selection.method),
        stage: stage(arguments.selection.stage),
    };
    let edit = |document: &mut Document<'_>| document.remove_label(&request);
    run(&arguments.config, &arguments.options, prometheus, terminal, edit, &|_| format!("do not have the label {name}"))
}

pub(crate) fn rename_label(
    arguments: &RenameLabelArguments,
    prometheus: Option<Release>,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let JobArguments { jobs, all_jobs } = &arguments.jobs;
    let request = RenameLabel {
        old: arguments.old.clone(),
        new: arguments.new.clone(),
        selection: Selection { jobs: jobs.clone(), all_jobs: *all_jobs, ..Selection::default() },
        stage: stage(arguments.stage),
    };
    let edit = |document: &mut Document<'_>| document.rename_label(&request);
    let words = format!("do not have the label {}", request.old);
    run(&arguments.config, &arguments.options, prometheus, terminal, edit, &|_| words.clone())
}

fn selection(arguments: &SelectionArguments) -> Selection {
    Selection {
        jobs: arguments.jobs.jobs.clone(),
        all_jobs: arguments.jobs.all_jobs,
        targets: arguments.target.clone(),
        conditions: arguments.conditions.clone(),
    }
}

fn method(choice: MethodChoice) -> Method {
    match choice {
        MethodChoice::Auto => Method::Auto,
        MethodChoice::Relabel => Method::Relabel,
        MethodChoice::Static => Method::Static,
    }
}

fn stage(stage: Stage) -> LabelStage {
    match stage {
        Stage::Target => LabelStage::Target,
        Stage::Metric => LabelStage::Metric,
    }
}

/// Reads the config, edits it, shows what changes, and writes it unless that is not wanted.
fn run(
    path: &str,
    options: &EditOptions,
    prometheus: Option<Release>,
    terminal: &Terminal,
    edit: impl Fn(&mut Document<'_>) -> Result<ConfigChange, EditError>,
    already: &dyn Fn(&ConfigChange) -> String,
) -> Result<Status, Stop> {
    let name = input::shown_name(path);
    let release = release_for(name, prometheus)?;
    let bytes = input::read_bytes(path, "config")?;
    let text = utf8(name, &bytes)?;
    // The process ends with the command: taking a large config apart first would be work for nothing.
    let mut document =
        ManuallyDrop::new(Document::new(name, text.as_str(), &Options::new(&DiskFiles).with_release(release)));
    let change = match edit(&mut document) {
        Ok(change) => change,
        Err(EditError::UnknownJobError(unknown)) => return Err(unknown_job(&unknown, name).into()),
        Err(EditError::Refused(refusals)) => {
            terminal.show(document.sources(), &refusals);
            terminal.note("no file was written");
            let is_unsupported = refusals.iter().any(|refusal| refusal.id == ids::UNSUPPORTED_FORMAT);
            return Ok(if is_unsupported { Status::CouldNot } else { Status::Found });
        }
        Err(EditError::Request { message, help }) => {
            let failure = Failure::new(message);
            return Err(help.map_or(failure.clone(), |help| failure.with_help(help)).into());
        }
        Err(other) => return Err(Failure::new(other.to_string()).into()),
    };
    if options.check {
        return list_changed(&change, terminal);
    }
    change.notes.iter().for_each(|note| terminal.note(note));
    let words = summary(&change, &already(&change));
    if options.stdout || path == "-" {
        return to_stdout(&change, name, &text, &words, terminal);
    }
    show(&change, &words, terminal)?;
    if change.is_empty() || options.dry_run {
        return Ok(Status::Fine);
    }
    write_changes(&change.files).map_err(|failure| failure.or_help("print the result with --stdout"))?;
    Ok(Status::Fine)
}

fn utf8(name: &str, bytes: &[u8]) -> Result<String, Failure> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_string());
    }
    let failure = Failure::new(format!("cannot edit {name}: it is not UTF-8"));
    Err(match decode_text(bytes).fault {
        None => failure.with_note("the file is UTF-16").with_help("convert it first: iconv -f UTF-16 -t UTF-8"),
        Some(fault) => failure.with_note(format!("{} at byte {}", fault.message, fault.offset)),
    })
}

/// So many jobs are named; of the others only the number.
const MOST_NAMES: usize = 10;

/// What changes, in words; and where nothing does.
fn summary(change: &ConfigChange, already: &str) -> Vec<String> {
    let names = |jobs: &[String]| {
        let mut names: Vec<String> = jobs.iter().take(MOST_NAMES).map(|job| escape_text(job).into_owned()).collect();
        if let Some(more) = jobs.len().checked_sub(MOST_NAMES).filter(|more| *more > 0) {
            names.push(format!("and {more} more"));
        }
        names.join(", ")
    };
    let jobs = |jobs: &[String]| if jobs.len() == 1 { "job" } else { "jobs" };
    let mut words = Vec::new();
    if !change.is_empty() {
        words.extend(change.summary().lines().map(ToString::to_string));
    }
    if !change.jobs_without_filters.is_empty() {
        let (jobs, names) = (jobs(&change.jobs_without_filters), names(&change.jobs_without_filters));
        words.push(format!("{jobs} {names}: shown without keep and drop rules, which drop all known targets"));
    }
    if !change.jobs_with_nothing_to_do.is_empty() {
        let (jobs, names) = (jobs(&change.jobs_with_nothing_to_do), names(&change.jobs_with_nothing_to_do));
        words.push(format!("nothing to do: the selected targets {already} ({jobs} {names})"));
    }
    words
}

/// The files that would change, one per line, and nothing else.
fn list_changed(change: &ConfigChange, terminal: &Terminal) -> Result<Status, Stop> {
    let mut output = terminal.output();
    change.files.iter().try_for_each(|file| writeln!(output, "{}", file.name))?;
    output.flush()?;
    Ok(if change.is_empty() { Status::Fine } else { Status::Found })
}

/// The diff, and what it does; with `--quiet` nothing.
fn show(change: &ConfigChange, words: &[String], terminal: &Terminal) -> Result<(), Stop> {
    if terminal.quiet {
        return Ok(());
    }
    let mut output = terminal.output();
    for file in &change.files {
        output.write_all(unified_diff(&file.name, &file.before, &file.edits, terminal.stdout).as_bytes())?;
    }
    words.iter().try_for_each(|line| writeln!(output, "{line}"))?;
    output.flush()?;
    Ok(())
}

/// The new text alone; what it does goes to stderr.
fn to_stdout(
    change: &ConfigChange,
    name: &str,
    text: &str,
    words: &[String],
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let after = match change.files.as_slice() {
        [] => text.to_string(),
        [file] if file.name == name => file.after(),
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
    Ok(Status::Fine)
}
