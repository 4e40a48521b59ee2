//! `promcfg add-label`, `remove-label` and `rename-label`.

use promcfg::Document;
use promcfg::edit::{AddLabel, LabelStage, Method, RemoveLabel, RenameLabel, Selection};

use super::super::args::{
    AddLabelArguments, GlobalOptions, JobArguments, MethodChoice, RemoveLabelArguments, RenameLabelArguments,
    SelectionArguments, Stage,
};
use super::super::status::{Status, Stop};
use super::super::terminal::Terminal;
use super::Run;
use super::known::Known;

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
        already: format!("the selected targets already have {}", labels.join(" and ")),
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
        already: format!("the selected targets do not have the {labels} {}", arguments.names.join(", ")),
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
        already: format!("the selected targets do not have the label {}", arguments.old),
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
