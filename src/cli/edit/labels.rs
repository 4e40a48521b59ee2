//! `promcfg add-label`, `remove-label`, `rename-label`, `drop-label`, `keep-label` and `map-labels`.

use promcfg::Document;
use promcfg::edit::{
    AddLabel, CopiedValue, CopyLabel, FilterLabels, LabelFilter, LabelStage, LetterCase, MapLabels, Method,
    RemoveLabel, RenameLabel, Selection,
};

use super::super::args::{
    AddLabelArguments, CaseChoice, CopiedArguments, DropLabelArguments, GlobalOptions, KeepLabelArguments,
    MapLabelsArguments, MethodChoice, NamedLabelArguments, NewLabel, RemoveLabelArguments, RenameLabelArguments,
    SelectionArguments, Stage,
};
use super::super::status::{Failure, Status, Stop};
use super::super::terminal::Terminal;
use super::known::Known;
use super::{Run, of_jobs};

pub(crate) fn add_label(
    arguments: &AddLabelArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    if arguments.copied.from.is_empty() {
        return add_labels(arguments, global, terminal);
    }
    let (name, value) = copied(&arguments.labels, &arguments.copied)?;
    let SelectionArguments { method, stage, .. } = arguments.selection;
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.copy_label(&CopyLabel {
            name: name.clone(),
            value: value.clone(),
            selection: selection.clone(),
            method: method_of(method),
            stage: stage_of(stage),
            overwrite: arguments.overwrite,
        })
    };
    let already = format!("the selected targets already have {name} from {}", value.from.join(" and "));
    run_of(arguments, already).run(global, terminal, &edit)
}

/// Adds labels with values that are given.
fn add_labels(arguments: &AddLabelArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let SelectionArguments { method, stage, .. } = arguments.selection;
    let labels: Vec<(&String, &String)> = arguments.labels.iter().map(with_value).collect::<Result<_, _>>()?;
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        let request = |(name, value): &(&String, &String)| AddLabel {
            name: (*name).clone(),
            value: (*value).clone(),
            selection: selection.clone(),
            method: method_of(method),
            stage: stage_of(stage),
            overwrite: arguments.overwrite,
        };
        document.add_labels(&labels.iter().map(request).collect::<Vec<_>>())
    };
    let words: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    run_of(arguments, format!("the selected targets already have {}", words.join(" and "))).run(global, terminal, &edit)
}

fn run_of(arguments: &AddLabelArguments, already: String) -> Run<'_> {
    Run {
        selection: selection(&arguments.selection),
        is_of_samples: matches!(arguments.selection.stage, Stage::Metric),
        known: Known::of(arguments.selection.given.clone(), arguments.allowed),
        already,
        ..Run::of(&arguments.configs, &arguments.options)
    }
}

fn with_value(label: &NewLabel) -> Result<(&String, &String), Failure> {
    let name = &label.name;
    label.value.as_ref().map(|value| (name, value)).ok_or_else(|| {
        Failure::new(format!("invalid value {name:?} for `NAME=VALUE`: expected NAME=VALUE, for example {name}=prod"))
            .with_help("with --from LABEL, the value is copied from another label; see `promcfg help add-label`")
    })
}

/// The one label that is copied, and its value.
fn copied(labels: &[NewLabel], arguments: &CopiedArguments) -> Result<(String, CopiedValue), Failure> {
    let help = "add labels with other values by a second command";
    let [label] = labels else {
        return Err(
            Failure::new(format!("--from needs the name of one label, but {} are given", labels.len())).with_help(help)
        );
    };
    if let Some(value) = &label.value {
        let message = format!("{}={value:?} has a value, and --from copies another one", label.name);
        return Err(Failure::new(message).with_help(format!("write only the name: {}", label.name)));
    }
    let default = CopiedValue::of(arguments.from.iter().cloned());
    let value = CopiedValue {
        regex: arguments.regex.clone(),
        replacement: arguments.replacement.clone().unwrap_or_else(|| default.replacement.clone()),
        separator: arguments.separator.clone().unwrap_or_else(|| default.separator.clone()),
        case: arguments.case.map(|case| match case {
            CaseChoice::Lower => LetterCase::Lower,
            CaseChoice::Upper => LetterCase::Upper,
        }),
        ..default
    };
    Ok((label.name.clone(), value))
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
        selection: selection(&arguments.selection),
        is_of_samples: matches!(stage, Stage::Metric),
        known: Known::of(arguments.selection.given.clone(), arguments.allowed),
        already: format!("the selected targets do not have the {labels} {}", arguments.names.join(", ")),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn rename_label(
    arguments: &RenameLabelArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.rename_label(&RenameLabel {
            old: arguments.old.clone(),
            new: arguments.new.clone(),
            selection: selection.clone(),
            stage: stage_of(arguments.stage),
        })
    };
    let run = Run {
        selection: of_jobs(&arguments.jobs),
        is_of_samples: matches!(arguments.stage, Stage::Metric),
        known: Known::of(arguments.given.clone(), arguments.allowed),
        already: format!("the selected targets do not have the label {}", arguments.old),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn drop_label(
    arguments: &DropLabelArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    filter_labels(&arguments.labels, LabelFilter::Drop, global, terminal)
}

pub(crate) fn keep_label(
    arguments: &KeepLabelArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    filter_labels(&arguments.labels, LabelFilter::Keep, global, terminal)
}

fn filter_labels(
    arguments: &NamedLabelArguments,
    filter: LabelFilter,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        let (names, stage) = (arguments.names.clone(), stage_of(arguments.stage));
        document.filter_labels(&FilterLabels { filter, names, selection: selection.clone(), stage })
    };
    let names = arguments.names.join(", ");
    let already = match filter {
        LabelFilter::Keep => format!("a rule already keeps {names}"),
        _ => format!("the selected targets do not have {names}"),
    };
    let run = Run {
        selection: of_jobs(&arguments.jobs),
        is_of_samples: matches!(arguments.stage, Stage::Metric),
        known: Known::of(arguments.given.clone(), arguments.allowed),
        already,
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn map_labels(
    arguments: &MapLabelsArguments,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.map_labels(&MapLabels {
            prefix: arguments.prefix.clone(),
            to: arguments.to.clone(),
            selection: selection.clone(),
            overwrite: arguments.overwrite,
        })
    };
    let run = Run {
        selection: of_jobs(&arguments.jobs),
        known: Known::of(&arguments.targets, arguments.allowed),
        already: format!("a rule already copies the labels {}*", arguments.prefix),
        ..Run::of(&arguments.configs, &arguments.options)
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
