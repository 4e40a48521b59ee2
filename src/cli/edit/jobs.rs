//! `promcfg add-job`, `remove-job`, `rename-job` and `copy-job`.

use promcfg::Document;
use promcfg::edit::{AddJob, CopyJob, JobOptions, RemoveJob, RenameJob, Selection};

use super::super::args::{AddJobArguments, CopyJobArguments, GlobalOptions, RemoveJobArguments, RenameJobArguments};
use super::super::status::{Status, Stop};
use super::super::terminal::Terminal;
use super::batch::Removed;
use super::known::Known;
use super::{Run, named};

pub(crate) fn remove_job(
    arguments: &RemoveJobArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.remove_job(&RemoveJob { jobs: selection.jobs.clone() })
    };
    let run = Run {
        selection: named(&arguments.names),
        known: Known::of(&arguments.given, arguments.allowed),
        already: "the jobs do not exist".to_string(),
        removes: Some(Removed::Jobs),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn add_job(
    arguments: &AddJobArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, _: &Selection| {
        document.add_job(&AddJob {
            name: arguments.name.clone(),
            preset: arguments.preset,
            targets: arguments.targets.clone(),
            options: JobOptions {
                labels: arguments.labels.clone(),
                interval: arguments.interval.clone(),
                metrics_path: arguments.metrics_path.clone(),
                scheme: arguments.scheme.clone(),
                params: arguments.params.clone(),
                own: arguments.own.given(),
            },
            after: arguments.after.clone(),
        })
    };
    let new_job = Some(arguments.name.clone());
    let run = Run {
        known: Known { new_job, ..Known::of(&arguments.given, arguments.allowed) },
        already: "the config has it already".to_string(),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn rename_job(
    arguments: &RenameJobArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, _: &Selection| {
        document.rename_job(&RenameJob {
            old: arguments.old.clone(),
            new: arguments.new.clone(),
            keep_label: arguments.keep_label,
        })
    };
    let run = Run {
        selection: named(std::slice::from_ref(&arguments.old)),
        known: Known::of(&arguments.given, arguments.allowed),
        already: format!("no job is named {:?}, and the new name exists", arguments.old),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn copy_job(
    arguments: &CopyJobArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, _: &Selection| {
        document.copy_job(&CopyJob { old: arguments.old.clone(), new: arguments.new.clone() })
    };
    let run = Run {
        selection: named(std::slice::from_ref(&arguments.old)),
        known: Known::of(&arguments.given, arguments.allowed),
        already: "the config has the copy already".to_string(),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
}
