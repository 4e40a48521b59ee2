//! `promcfg add-target`, `remove-target` and `move-target`.

use promcfg::Document;
use promcfg::edit::{AddTarget, MoveTarget, MoveTargetToFile, RemoveTarget, Selection, expand_addresses};

use super::super::args::{AddTargetArguments, GlobalOptions, MoveTargetArguments, RemoveTargetArguments};
use super::super::status::{Status, Stop};
use super::super::terminal::Terminal;
use super::batch::{Removed, failure_of};
use super::known::Known;
use super::{Run, of_jobs};

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
    let run = Run {
        selection: of_jobs(&arguments.jobs),
        known: Known::of(&arguments.given, arguments.allowed),
        already: "the selected targets are in the job already".to_string(),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn remove_target(
    arguments: &RemoveTargetArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.remove_target(&RemoveTarget { labels: arguments.labels.clone(), selection: selection.clone() })
    };
    let run = Run {
        selection: Selection { targets: expanded(&arguments.addresses)?, ..of_jobs(&arguments.jobs) },
        known: Known::of(&arguments.given, arguments.allowed),
        already: "no job has the targets".to_string(),
        removes: Some(Removed::Targets),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn move_target(
    arguments: &MoveTargetArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        let selection = selection.clone();
        match (&arguments.to, &arguments.to_file) {
            (None, Some(file)) => document.move_target_to_file(&MoveTargetToFile { file: file.clone(), selection }),
            (to, file) => {
                let to = to.clone().unwrap_or_default();
                document.move_target(&MoveTarget { to, file: file.clone(), selection })
            }
        }
    };
    let already = match (&arguments.to, &arguments.to_file) {
        (None, Some(_)) => "the selected targets are in target files already",
        (_, _) => "the selected targets are in the job already",
    };
    let run = Run {
        selection: Selection { targets: expanded(&arguments.addresses)?, ..of_jobs(&arguments.jobs) },
        known: Known::of(&arguments.given, arguments.allowed),
        already: already.to_string(),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
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
