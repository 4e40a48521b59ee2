//! The commands that edit configs and target files: one file per group of commands, and what all of them do.

mod batch;
mod configs;
mod endpoint;
mod fields;
mod format;
mod jobs;
mod known;
mod labels;
mod metrics;
mod output;
mod pending;
mod script;
mod surroundings;
mod target_filters;
mod targets;

pub(crate) use endpoint::add_endpoint;
pub(crate) use fields::{limit, set, unset};
pub(crate) use jobs::{add_job, copy_job, remove_job, rename_job};
pub(crate) use labels::{add_label, drop_label, keep_label, map_labels, remove_label, rename_label};
pub(crate) use metrics::{drop_metric, keep_metric};
pub(crate) use target_filters::{drop_target, keep_target};
pub(crate) use targets::{add_target, move_target, remove_target};

pub(crate) use format::format;
pub(crate) use script::{Script, edit};

use promcfg::edit::Selection;

use self::batch::{Batch, Edit, Removed};
use self::configs::{ConfigFile, configs_of};
use self::known::Known;
use super::args::{ConfigArguments, EditFormat, EditOptions, GlobalOptions, JobArguments};
use super::edit_report::failure_json;
use super::replace::{check_folders, write_changes};
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

/// An edit command, with all that the commands have in common.
struct Run<'r> {
    configs: &'r ConfigArguments,
    selection: Selection,
    known: Known,
    /// Whether the edit is about samples.
    is_of_samples: bool,
    options: &'r EditOptions,
    /// What is said where all is as asked for.
    already: String,
    /// What the edit removes.
    removes: Option<Removed>,
}

impl<'r> Run<'r> {
    /// One that selects nothing, and knows and permits nothing.
    fn of(configs: &'r ConfigArguments, options: &'r EditOptions) -> Self {
        let (selection, known, already) = (Selection::default(), Known::default(), String::new());
        Self { configs, selection, known, is_of_samples: false, options, already, removes: None }
    }

    fn run(&self, global: &GlobalOptions, terminal: &Terminal, edit: &Edit<'_>) -> Result<Status, Stop> {
        if let Some(script) = &global.script {
            return self.add_to(script, global, terminal, edit);
        }
        let outcome = self.edit(global, terminal, edit);
        if let (EditFormat::Json, Err(Stop::Failed(failure))) = (self.options.format, &outcome) {
            failure_json(failure, terminal)?;
        }
        outcome
    }

    /// Edits all configs in memory, shows what changes, and writes it unless that is not wanted.
    fn edit(&self, global: &GlobalOptions, terminal: &Terminal, edit: &Edit<'_>) -> Result<Status, Stop> {
        let configs = self.configs(global, terminal)?;
        let is_input = configs.iter().any(|config| config.path == "-");
        if configs.len() > 1 && (is_input || self.options.mode.stdout) {
            let what = if is_input { "standard input" } else { "--stdout" };
            let failure = Failure::new(format!("{what} needs one config, but {} are given", configs.len()));
            return Err(failure.with_help("run the command for each config").into());
        }
        let batch = if self.options.mode.check { Batch::going_on() } else { Batch::default() };
        let batch = batch.removing(self.removes);
        let batch = batch.run(&configs, &self.selection, &self.known, global.max_memory(), edit)?;
        if let Some(status) = batch.refused_status() {
            return self.refuse(&batch, terminal).map(|()| status);
        }
        check_folders(&batch.pending.changes)?;
        match self.options.format {
            EditFormat::Json => self.json(&batch, is_input, terminal),
            EditFormat::Human => self.human(&batch, is_input, terminal),
        }
    }

    /// Edits all configs in memory, as the lines of a script before left them, and writes nothing.
    fn add_to(
        &self,
        script: &Script,
        global: &GlobalOptions,
        terminal: &Terminal,
        edit: &Edit<'_>,
    ) -> Result<Status, Stop> {
        let configs = self.configs(global, terminal)?;
        let mut before = script.take();
        let next = before.next().removing(self.removes);
        let mut next = next.run(&configs, &self.selection, &self.known, global.max_memory(), edit)?;
        let (words, status) = (output::summaries(&next, &self.already), next.refused_status());
        let outline = next.outline();
        next.name_line(script.line());
        next.forget_texts();
        script.give(before.with(next), words, outline);
        Ok(status.unwrap_or(Status::Fine))
    }

    fn configs(&self, global: &GlobalOptions, terminal: &Terminal) -> Result<Vec<ConfigFile>, Failure> {
        if self.known.given.series.is_some() && !self.is_of_samples {
            let failure = Failure::new("--series needs --stage metric");
            return Err(failure.with_help("add --stage metric, or give targets with --targets"));
        }
        configs_of(self.configs, global.prometheus, terminal)
    }

    /// Shows why the edit is refused; with `--check` also which other files would change.
    fn refuse(&self, batch: &Batch, terminal: &Terminal) -> Result<(), Stop> {
        match self.options.format {
            EditFormat::Json => output::json(batch, false, terminal)?,
            EditFormat::Human => {
                if self.options.mode.check {
                    output::list_changed(&batch.pending.changes, terminal)?;
                }
                batch.refused.iter().for_each(|config| terminal.show(&config.sources, &config.refusals));
                if !self.options.mode.check {
                    terminal.note("no file was written");
                }
            }
        }
        batch.failures.iter().for_each(|failure| terminal.fail(failure));
        Ok(())
    }

    fn json(&self, batch: &Batch, is_input: bool, terminal: &Terminal) -> Result<Status, Stop> {
        let mode = &self.options.mode;
        let is_written = !(mode.check || mode.dry_run || is_input || batch.pending.changes.is_empty());
        if is_written {
            let notes = write_changes(&batch.pending.changes)?;
            notes.iter().for_each(|note| terminal.note(note));
        }
        output::json(batch, is_written, terminal)?;
        Ok(self.status(batch))
    }

    fn human(&self, batch: &Batch, is_input: bool, terminal: &Terminal) -> Result<Status, Stop> {
        let (mode, files) = (&self.options.mode, &batch.pending.changes);
        if mode.check {
            output::list_changed(files, terminal)?;
            return Ok(self.status(batch));
        }
        let is_shown = mode.stdout || is_input;
        let written = if is_shown || mode.dry_run || files.is_empty() { Vec::new() } else { self.write(batch)? };
        let notes = batch.edited.iter().flat_map(|edited| &edited.change.notes);
        notes.chain(&batch.notes).for_each(|note| terminal.note(note));
        let words = output::summaries(batch, &self.already);
        // Of standard input, the new text is the result, unless only the change is asked for.
        if mode.stdout || (is_input && !mode.dry_run) {
            output::to_stdout(batch, &words, terminal)?;
            return Ok(Status::Fine);
        }
        output::show(files, &words, terminal)?;
        written.iter().for_each(|note| terminal.note(note));
        Ok(Status::Fine)
    }

    /// Writes the files before anything is said of them: what is not written is not shown as done.
    fn write(&self, batch: &Batch) -> Result<Vec<String>, Failure> {
        let files = &batch.pending.changes;
        let edited = batch.edited.first();
        let is_one = matches!(files.as_slice(), [file] if edited.is_some_and(|edited| edited.name == file.name));
        let help = if is_one { "print the result with --stdout" } else { "show the changes with --dry-run" };
        write_changes(files).map_err(|failure| failure.or_help(help))
    }

    /// With `--check`, a change is found.
    fn status(&self, batch: &Batch) -> Status {
        if self.options.mode.check && !batch.pending.changes.is_empty() { Status::Found } else { Status::Fine }
    }
}

/// The jobs that the arguments select.
fn of_jobs(arguments: &JobArguments) -> Selection {
    Selection { jobs: arguments.jobs.clone(), all_jobs: arguments.all_jobs, ..Selection::default() }
}

/// The jobs with these names.
fn named(jobs: &[String]) -> Selection {
    Selection { jobs: jobs.to_vec(), ..Selection::default() }
}
