//! `promcfg add-target`, `remove-target` and `move-target`.

use promcfg::Document;
use promcfg::edit::{AddTarget, MoveTarget, RemoveTarget, Selection, expand_addresses};

use super::super::args::{AddTargetArguments, GlobalOptions, JobArguments, MoveTargetArguments, RemoveTargetArguments};
use super::super::status::{Status, Stop};
use super::super::terminal::Terminal;
use super::Plain;
use super::batch::failure_of;

pub(crate) fn add_target(
    arguments: &AddTargetArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.add_target(&AddTarget {
            targets: arguments.addresses.clone(),
            labels: arguments.labels.clone(),
            selection: selection.clone(),
        })
    };
    let command = Plain {
        configs: &arguments.configs,
        options: &arguments.options,
        already: "the selected targets are in the job already",
    };
    command.run(selection(&arguments.jobs, Vec::new()), global, terminal, &edit)
}

pub(crate) fn remove_target(
    arguments: &RemoveTargetArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.remove_target(&RemoveTarget { labels: arguments.labels.clone(), selection: selection.clone() })
    };
    let command = Plain { configs: &arguments.configs, options: &arguments.options, already: "" };
    command.run(selection(&arguments.jobs, expanded(&arguments.addresses)?), global, terminal, &edit)
}

pub(crate) fn move_target(
    arguments: &MoveTargetArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.move_target(&MoveTarget { to: arguments.to.clone(), selection: selection.clone() })
    };
    let command = Plain {
        configs: &arguments.configs,
        options: &arguments.options,
        already: "the selected targets are in the job already",
    };
    command.run(selection(&arguments.jobs, expanded(&arguments.addresses)?), global, terminal, &edit)
}

fn selection(jobs: &JobArguments, targets: Vec<String>) -> Selection {
    Selection { jobs: jobs.jobs.clone(), all_jobs: jobs.all_jobs, targets, ..Selection::default() }
}

/// The addresses one by one: of several configs, each can have some of them.
fn expanded(words: &[String]) -> Result<Vec<String>, Stop> {
    let mut all = Vec::new();
    for word in words {
        for address in expand_addresses(word).map_err(|error| failure_of(error, ""))? {
            if !all.contains(&address) {
                all.push(address);
            }
        }
    }
    Ok(all)
}
