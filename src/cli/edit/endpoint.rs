//! `promcfg add-endpoint`: one edit of several manifests.

use std::sync::Arc;

use promcfg::edit::{AddEndpoint, ConfigChange, EditError, add_endpoint as edit};
use promcfg::report::EditReport;
use promcfg::{Diagnostic, Options, Sources};

use super::super::args::{AddEndpointArguments, EditFormat, GlobalOptions};
use super::super::disk::Disk;
use super::super::edit_report;
use super::super::lint::find_settings::release_for;
use super::super::manifests::manifest_texts;
use super::super::replace::write_changes;
use super::super::status::{Failure, Status, Stop};
use super::super::terminal::Terminal;
use super::super::threads::Threads;
use super::batch::{failure_of, status_of_refusal};
use super::output;
use super::script::Script;

pub(crate) fn add_endpoint(
    arguments: &AddEndpointArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let outcome = run(arguments, global, terminal);
    if let (EditFormat::Json, Err(Stop::Failed(failure))) = (arguments.options.format, &outcome) {
        edit_report::failure_json(failure, terminal)?;
    }
    outcome
}

fn run(arguments: &AddEndpointArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    if arguments.options.mode.stdout && arguments.paths.len() > 1 {
        return Err(Failure::new("--stdout needs one file").with_help("show the changes with --dry-run").into());
    }
    let texts = manifest_texts(&arguments.paths)?;
    let first = arguments.paths.first().map_or("-", String::as_str);
    let release = release_for(first, global.prometheus)?;
    let options = Options::new(&Disk).with_release(release).with_executor(&Threads);
    let request = AddEndpoint {
        object: arguments.object.clone(),
        ports: arguments.ports.clone(),
        port_number: arguments.port_number,
        unproved: arguments.unproved,
    };
    if let Some(script) = &global.script {
        return add_to(script, &texts, &request, release);
    }
    match edit(&texts, &request, &options) {
        Ok(change) => show(arguments, &texts, &change, terminal),
        Err(EditError::Refused(refusals)) => refuse(arguments, &texts, &refusals, terminal),
        Err(error) => Err(failure_of(error, first).into()),
    }
}

/// Edits the manifests in memory, as the lines of a script before left them.
fn add_to(
    script: &Script,
    texts: &[(String, Arc<str>)],
    request: &AddEndpoint,
    release: promcfg::Release,
) -> Result<Status, Stop> {
    let mut batch = script.take();
    let now = |(name, text): &(String, Arc<str>)| {
        (name.clone(), batch.pending.text_of(name).map_or_else(|| Arc::clone(text), Into::into))
    };
    let texts: Vec<(String, Arc<str>)> = texts.iter().map(now).collect();
    let first = texts.first().map_or("-", |(name, _)| name.as_str());
    let options = Options::new(&batch.pending).with_release(release).with_executor(&Threads);
    let outcome = edit(&texts, request, &options);
    match outcome {
        Ok(change) => {
            let words = words_of(&change);
            let grade = (!change.is_empty()).then_some(change.grade);
            let outline = (change.files.iter().map(|file| file.name.clone()).collect(), grade);
            batch.add(first, change);
            script.give(batch, words, outline);
            Ok(Status::Fine)
        }
        Err(EditError::Refused(refusals)) => {
            let status = refusals.iter().map(status_of_refusal).max().unwrap_or(Status::Found);
            batch.refuse(first, sources_of(&texts), refusals);
            script.give(batch, Vec::new(), (Vec::new(), None));
            Ok(status)
        }
        Err(error) => Err(failure_of(error, first).into()),
    }
}

fn words_of(change: &ConfigChange) -> Vec<String> {
    match change.jobs_with_nothing_to_do.as_slice() {
        [object, ..] => vec![format!("nothing to do: {object} has all of these endpoints, and its Service the ports")],
        [] => change.summary().lines().map(str::to_string).collect(),
    }
}

/// The texts in the order in which the edit read them.
fn sources_of(texts: &[(String, Arc<str>)]) -> Sources {
    let mut sources = Sources::new();
    for (name, text) in texts {
        sources.add(name.clone(), Arc::clone(text));
    }
    sources
}

fn show(
    arguments: &AddEndpointArguments,
    texts: &[(String, Arc<str>)],
    change: &ConfigChange,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let (mode, files) = (&arguments.options.mode, &change.files);
    let found = if mode.check && !files.is_empty() { Status::Found } else { Status::Fine };
    let is_input = texts.iter().any(|(name, _)| name == "<stdin>");
    let is_written = !(mode.check || mode.dry_run || mode.stdout || is_input || files.is_empty());
    if arguments.options.format == EditFormat::Json {
        if is_written {
            write_changes(files)?.iter().for_each(|note| terminal.note(note));
        }
        let notes = change.notes.iter().map(String::as_str).collect();
        let report = EditReport {
            written: is_written,
            files: files.iter().collect(),
            changes: vec![change],
            notes,
            ..EditReport::default()
        };
        edit_report::print(&report, terminal)?;
        return Ok(found);
    }
    if mode.check {
        output::list_changed(files, terminal)?;
        return Ok(found);
    }
    let help = "show the changes with --dry-run";
    let written = if is_written { write_changes(files).map_err(|failure| failure.or_help(help))? } else { Vec::new() };
    change.notes.iter().for_each(|note| terminal.note(note));
    let words = words_of(change);
    if mode.stdout || (is_input && !mode.dry_run) {
        return output::one_to_stdout(texts, files, &words, terminal).map(|()| Status::Fine);
    }
    output::show(files, &words, terminal)?;
    written.iter().for_each(|note| terminal.note(note));
    Ok(Status::Fine)
}

fn refuse(
    arguments: &AddEndpointArguments,
    texts: &[(String, Arc<str>)],
    refusals: &[Diagnostic],
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let sources = sources_of(texts);
    match arguments.options.format {
        EditFormat::Json => {
            let refused = refusals.iter().map(|refusal| (&sources, refusal)).collect();
            edit_report::print(&EditReport { refused, ..EditReport::default() }, terminal)?;
        }
        EditFormat::Human => {
            terminal.show(&sources, refusals);
            terminal.note("no file was written");
        }
    }
    Ok(refusals.iter().map(status_of_refusal).max().unwrap_or(Status::Found))
}
