//! `promcfg set`, `unset` and `limit`.

use promcfg::Document;
use promcfg::edit::{LimitJob, Selection, SetFields};
use promcfg::files::path_of;

use super::super::args::{
    AllowArguments, ConfigArguments, EditOptions, GivenArguments, GivenTargets, GlobalOptions, JobArguments,
    LimitArguments, SetArguments, UnsetArguments,
};
use super::super::input;
use super::super::status::{Failure, Status, Stop};
use super::super::terminal::Terminal;
use super::Run;
use super::known::Known;

pub(crate) fn set(arguments: &SetArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let fields = SetFields { set: arguments.fields.clone(), minimal: arguments.minimal, ..SetFields::default() };
    let already = match arguments.fields.as_slice() {
        [(path, value)] => format!("{path} is {value}"),
        _ => "the fields have these values".to_string(),
    };
    let place = Place { configs: &arguments.configs, jobs: &arguments.jobs, targets: &arguments.targets };
    run(&fields, &place, already, &arguments.options, global, terminal)
}

pub(crate) fn unset(arguments: &UnsetArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let fields = SetFields { unset: arguments.paths.clone(), ..SetFields::default() };
    let already = format!("{} is not given", arguments.paths.join(" and "));
    let place = Place { configs: &arguments.configs, jobs: &arguments.jobs, targets: &arguments.targets };
    run(&fields, &place, already, &arguments.options, global, terminal)
}

/// Where fields are changed, and the targets that are known.
struct Place<'p> {
    configs: &'p ConfigArguments,
    jobs: &'p JobArguments,
    targets: &'p GivenTargets,
}

fn run(
    fields: &SetFields,
    place: &Place<'_>,
    already: String,
    options: &EditOptions,
    global: &GlobalOptions,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let JobArguments { jobs, all_jobs } = place.jobs;
    let is_of_jobs = *all_jobs || !jobs.is_empty();
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        let jobs = is_of_jobs.then(|| selection.clone());
        document.set_fields(&SetFields { jobs, ..fields.clone() })
    };
    let given = GivenArguments { targets: place.targets.clone(), ..GivenArguments::default() };
    let run = Run {
        configs: place.configs,
        selection: Selection { jobs: jobs.clone(), all_jobs: *all_jobs, ..Selection::default() },
        is_of_samples: false,
        known: Known { given: &given, allowed: &AllowArguments::default() },
        options,
        already,
    };
    run.run(global, terminal, &edit)
}

pub(crate) fn limit(arguments: &LimitArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let JobArguments { jobs, all_jobs } = &arguments.jobs;
    let page_size = page_size(arguments)?;
    // `--targets 200` is a limit, `--targets FILE` names targets.
    let (limits, given) = limits_and_targets(&arguments.given);
    let edit = |document: &mut Document<'_>, selection: &Selection| {
        document.limit_job(&LimitJob {
            selection: selection.clone(),
            samples: arguments.samples,
            labels: arguments.labels,
            label_name_length: arguments.label_name_length,
            label_value_length: arguments.label_value_length,
            targets: arguments.max_targets.or(limits),
            body_size: arguments.body_size.clone(),
            page_size,
            force: arguments.force,
        })
    };
    let run = Run {
        configs: &arguments.configs,
        selection: Selection { jobs: jobs.clone(), all_jobs: *all_jobs, ..Selection::default() },
        is_of_samples: true,
        known: Known { given: &given, allowed: &AllowArguments::default() },
        options: &arguments.options,
        already: "the limits have these values".to_string(),
    };
    run.run(global, terminal, &edit)
}

/// The limit of targets, if `--targets` is a number, and what else is given.
fn limits_and_targets(given: &GivenArguments) -> (Option<u64>, GivenArguments) {
    let number = |text: &String| text.parse::<u64>().ok().filter(|_| !path_of(text).exists());
    let limit = given.targets.targets.iter().find_map(number);
    let mut given = given.clone();
    given.targets.targets.retain(|text| number(text).is_none());
    (limit, given)
}

/// The bytes of the page of `--series`; of standard input they are not known.
fn page_size(arguments: &LimitArguments) -> Result<Option<u64>, Failure> {
    match &arguments.given.series {
        Some(path) if path != "-" && arguments.body_size.is_some() => Ok(Some(input::read_series(path)?.len() as u64)),
        Some(_) | None => Ok(None),
    }
}
