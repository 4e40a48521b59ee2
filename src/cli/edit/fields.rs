//! `promcfg set`, `unset` and `limit`.

use promcfg::Document;
use promcfg::edit::{ConfigChange, EditError, LimitJob, Selection, SetFields};
use promcfg::files::path_of;
use promcfg::report::masked_field;

use super::super::args::{GivenArguments, GlobalOptions, JobArguments, LimitArguments, SetArguments, UnsetArguments};
use super::super::input;
use super::super::status::{Failure, Status, Stop};
use super::super::terminal::Terminal;
use super::known::Known;
use super::{Run, of_jobs};

pub(crate) fn set(arguments: &SetArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let fields = SetFields { set: arguments.fields.clone(), minimal: arguments.minimal, ..SetFields::default() };
    let already = match arguments.fields.as_slice() {
        [(path, value)] => format!("{path} is {}", masked_field(path, value)),
        _ => "the fields have these values".to_string(),
    };
    let run = Run {
        selection: of_jobs(&arguments.jobs),
        known: Known::of(&arguments.targets, arguments.allowed),
        already,
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit_of(&fields, &arguments.jobs))
}

pub(crate) fn unset(arguments: &UnsetArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let fields = SetFields { unset: arguments.paths.clone(), ..SetFields::default() };
    let run = Run {
        selection: of_jobs(&arguments.jobs),
        known: Known::of(&arguments.targets, arguments.allowed),
        already: format!("{} is not given", arguments.paths.join(" and ")),
        ..Run::of(&arguments.configs, &arguments.options)
    };
    run.run(global, terminal, &edit_of(&fields, &arguments.jobs))
}

/// The edit of fields: of the selected jobs, or else of the config.
fn edit_of(
    fields: &SetFields,
    jobs: &JobArguments,
) -> impl Fn(&mut Document<'_>, &Selection) -> Result<ConfigChange, EditError> {
    let is_of_jobs = jobs.all_jobs || !jobs.jobs.is_empty();
    move |document, selection| {
        let jobs = is_of_jobs.then(|| selection.clone());
        document.set_fields(&SetFields { jobs, ..fields.clone() })
    }
}

pub(crate) fn limit(arguments: &LimitArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
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
            keep_dropped: arguments.keep_dropped,
            body_size: arguments.body_size.clone(),
            page_size,
            force: arguments.force,
        })
    };
    let run = Run {
        selection: of_jobs(&arguments.jobs),
        is_of_samples: true,
        known: Known::of(given, arguments.allowed()),
        already: "the limits have these values".to_string(),
        ..Run::of(&arguments.configs, &arguments.options)
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
