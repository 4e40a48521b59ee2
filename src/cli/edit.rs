//! `promcfg add-label`, `remove-label`, `rename-label` and `remove-job`: changes of the texts of configs and target files.

mod batch;
mod configs;
mod known;
mod output;
mod pending;

use promcfg::Document;
use promcfg::diagnostic::ids;
use promcfg::edit::{AddLabel, LabelStage, Method, RemoveJob, RemoveLabel, RenameLabel, Selection};

use self::batch::{Batch, Edit};
use self::configs::configs_of;
use self::known::Known;
use super::args::{
    AddLabelArguments, AllowArguments, ConfigArguments, EditFormat, EditOptions, GivenArguments, GlobalOptions,
    JobArguments, MethodChoice, RemoveJobArguments, RemoveLabelArguments, RenameLabelArguments, SelectionArguments,
    Stage,
};
use super::replace::write_changes;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

pub(crate) fn add_label(
    arguments: &AddLabelArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let SelectionArguments { method, stage, .. } = arguments.selection;
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        let request = |(name, value): &(String, String)| AddLabel {
            name: name.clone(),
            value: value.clone(),
            selection: selection.clone(),
            method: method_of(method),
            stage: stage_of(stage),
            overwrite: arguments.overwrite,
        };
        document.add_labels(&arguments.labels.iter().map(request).collect::<Vec<_>>())
    };
    let labels: Vec<String> = arguments.labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    let run = Run {
        configs: &arguments.configs,
        selection: selection(&arguments.selection),
        is_of_samples: matches!(stage, Stage::Metric),
        known: Known { given: &arguments.selection.given, allowed: &arguments.allowed },
        options: &arguments.options,
        already: format!("already have {}", labels.join(" and ")),
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn remove_label(
    arguments: &RemoveLabelArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let SelectionArguments { method, stage, .. } = arguments.selection;
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        let request = |name: &String| RemoveLabel {
            name: name.clone(),
            selection: selection.clone(),
            method: method_of(method),
            stage: stage_of(stage),
        };
        document.remove_labels(&arguments.names.iter().map(request).collect::<Vec<_>>())
    };
    let labels = if arguments.names.len() == 1 { "label" } else { "labels" };
    let run = Run {
        configs: &arguments.configs,
        selection: selection(&arguments.selection),
        is_of_samples: matches!(stage, Stage::Metric),
        known: Known { given: &arguments.selection.given, allowed: &arguments.allowed },
        options: &arguments.options,
        already: format!("do not have the {labels} {}", arguments.names.join(", ")),
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn rename_label(
    arguments: &RenameLabelArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let JobArguments { jobs, all_jobs } = &arguments.jobs;
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.rename_label(&RenameLabel {
            old: arguments.old.clone(),
            new: arguments.new.clone(),
            selection: selection.clone(),
            stage: stage_of(arguments.stage),
        })
    };
    let run = Run {
        configs: &arguments.configs,
        selection: Selection { jobs: jobs.clone(), all_jobs: *all_jobs, ..Selection::default() },
        is_of_samples: matches!(arguments.stage, Stage::Metric),
        known: Known { given: &arguments.given, allowed: &arguments.allowed },
        options: &arguments.options,
        already: format!("do not have the label {}", arguments.old),
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn remove_job(
    arguments: &RemoveJobArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.remove_job(&RemoveJob { jobs: selection.jobs.clone() })
    };
    let given = GivenArguments { targets: arguments.targets.clone(), ..GivenArguments::default() };
    let run = Run {
        configs: &arguments.configs,
        selection: Selection { jobs: arguments.names.clone(), ..Selection::default() },
        is_of_samples: false,
        known: Known { given: &given, allowed: &AllowArguments::default() },
        options: &arguments.options,
        already: String::new(),
    };
    run.run(global, terminal, &edit)
}

fn selection(arguments: &SelectionArguments) -> Selection {
    Selection {
        jobs: arguments.jobs.jobs.clone(),
        all_jobs: arguments.jobs.all_jobs,
        targets: arguments.target.clone(),
        conditions: arguments.conditions.clone(),
    }
}

fn method_of(choice: MethodChoice) -> Method {
    match choice {
        MethodChoice::Auto => Method::Auto,
        MethodChoice::Relabel => Method::Relabel,
        MethodChoice::Static => Method::Static,
    }
}

fn stage_of(stage: Stage) -> LabelStage {
    match stage {
        Stage::Target => LabelStage::Target,
        Stage::Metric => LabelStage::Metric,
    }
}

/// An edit command, with all that the commands have in common.
struct Run<'r> {
    configs: &'r ConfigArguments,
    selection: Selection,
    known: Known<'r>,
    /// Whether the edit is about samples.
    is_of_samples: bool,
    options: &'r EditOptions,
    /// What is said of targets that are as asked for.
    already: String,
}

impl Run<'_> {
    fn run(&self, global: &GlobalOptions, terminal: &Terminal, edit: &Edit<'_>) -> Result<Status, Stop> {
        let outcome = self.edit(global, terminal, edit);
        if let (EditFormat::Json, Err(Stop::Failed(failure))) = (self.options.format, &outcome) {
            output::failure_json(failure, terminal)?;
        }
        outcome
    }

    /// Edits all configs in memory, shows what changes, and writes it unless that is not wanted.
    fn edit(&self, global: &GlobalOptions, terminal: &Terminal, edit: &Edit<'_>) -> Result<Status, Stop> {
        if self.known.given.series.is_some() && !self.is_of_samples {
            let failure = Failure::new("--series needs --stage metric");
            return Err(failure.with_help("add --stage metric, or give targets with --targets").into());
        }
        let configs = configs_of(self.configs, global.prometheus, terminal)?;
        let is_input = configs.iter().any(|config| config.path == "-");
        if configs.len() > 1 && (is_input || self.options.mode.stdout) {
            let what = if is_input { "standard input" } else { "--stdout" };
            let failure = Failure::new(format!("{what} needs one config, but {} are given", configs.len()));
            return Err(failure.with_help("run the command for each config").into());
        }
        let batch = Batch::run(&configs, &self.selection, &self.known, global.max_memory(), edit)?;
        if !batch.refused.is_empty() {
            return self.refuse(&batch, terminal);
        }
        match self.options.format {
            EditFormat::Json => self.json(&batch, is_input, terminal),
            EditFormat::Human => self.human(&batch, is_input, terminal),
        }
    }

    fn refuse(&self, batch: &Batch, terminal: &Terminal) -> Result<Status, Stop> {
        match self.options.format {
            EditFormat::Json => output::json(batch, false, terminal)?,
            EditFormat::Human => {
                batch.refused.iter().for_each(|config| terminal.show(&config.sources, &config.refusals));
                terminal.note("no file was written");
            }
        }
        let mut refusals = batch.refused.iter().flat_map(|config| &config.refusals);
        let is_unsupported = refusals.any(|refusal| refusal.id == ids::UNSUPPORTED_FORMAT);
        Ok(if is_unsupported { Status::CouldNot } else { Status::Found })
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
        let notes = batch.edited.iter().flat_map(|edited| &edited.change.notes);
        notes.chain(&batch.notes).for_each(|note| terminal.note(note));
        let words = output::summaries(batch, &self.already);
        if mode.stdout || is_input {
            output::to_stdout(batch, &words, terminal)?;
            return Ok(Status::Fine);
        }
        output::show(files, &words, terminal)?;
        if !(files.is_empty() || mode.dry_run) {
            let is_one = matches!(files.as_slice(), [file] if batch.edited.first().is_some_and(|edited| edited.name == file.name));
            let help = if is_one { "print the result with --stdout" } else { "show the changes with --dry-run" };
            let notes = write_changes(files).map_err(|failure| failure.or_help(help))?;
            notes.iter().for_each(|note| terminal.note(note));
        }
        Ok(Status::Fine)
    }

    /// With `--check`, a change is found.
    fn status(&self, batch: &Batch) -> Status {
        if self.options.mode.check && !batch.pending.changes.is_empty() { Status::Found } else { Status::Fine }
    }
}
