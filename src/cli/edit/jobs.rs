//! `promcfg add-job`, `remove-job`, `rename-job` and `copy-job`.

use promcfg::Document;
use promcfg::edit::{AddJob, CopyJob, RemoveJob, RenameJob, Selection};

use super::super::args::{
    AddJobArguments, AllowArguments, CopyJobArguments, GivenArguments, GlobalOptions, RemoveJobArguments,
    RenameJobArguments,
};
use super::super::status::{Status, Stop};
use super::super::terminal::Terminal;
use super::known::Known;
use super::{Plain, Run};

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
        })
    };
    let run = Plain { configs: &arguments.configs, options: &arguments.options, already: "the config has it already" };
    run.run(Selection::default(), global, terminal, &edit)
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
    let run =
        Plain { configs: &arguments.configs, options: &arguments.options, already: "the job has its new name already" };
    run.run(Selection { jobs: vec![arguments.old.clone()], ..Selection::default() }, global, terminal, &edit)
}

pub(crate) fn copy_job(
    arguments: &CopyJobArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, _: &Selection| {
        document.copy_job(&CopyJob { old: arguments.old.clone(), new: arguments.new.clone() })
    };
    let run =
        Plain { configs: &arguments.configs, options: &arguments.options, already: "the config has the copy already" };
    run.run(Selection { jobs: vec![arguments.old.clone()], ..Selection::default() }, global, terminal, &edit)
}
