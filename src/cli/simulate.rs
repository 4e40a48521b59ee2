//! `promcfg simulate`: what becomes of every target.

mod configs;
mod discovered;
mod document;
mod named;
mod output;
mod run;
mod series;
mod source;
mod way;

use promcfg::simulate::{Status as Outcome, TargetFilter};
use promcfg::text::most_similar;
use promcfg::{Budget, Diagnostic, Options, Sources};

use std::mem::ManuallyDrop;

use super::args::{GlobalOptions, SimulateArguments, Stage, StatusChoice};
use super::disk::Disk;
use super::input;
use super::lint::find_settings::release_for;
use super::samples;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;
use super::threads::Threads;
use run::Run;

/// The config that `--example` runs on.
const EXAMPLE: &str = include_str!("../../fixtures/example/prometheus.yml");
const EXAMPLE_NAME: &str = "example/prometheus.yml";

/// Whether targets or series come from standard input.
fn reads_input(arguments: &SimulateArguments) -> bool {
    arguments.targets.iter().chain(&arguments.series).any(|name| name == "-")
}

pub(crate) fn run(arguments: &SimulateArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let prometheus = global.prometheus;
    check_series(arguments)?;
    let filter = filter(arguments)?;
    let (name, bytes) = read_config(arguments)?;
    let mut sources = Sources::new();
    // The built-in example is in no folder.
    let release = if arguments.example { prometheus.unwrap_or_default() } else { release_for(&name, prometheus)? };
    let options = Options::new(&Disk).with_release(release).with_executor(&Threads);
    // The process ends with the command: taking a large config apart first would be work for nothing.
    let opened = ManuallyDrop::new(configs::open(&mut sources, &name, bytes)?);
    if is_streamed(arguments) {
        let texts = ManuallyDrop::new(sources.clone());
        if let Some(mut jobs) = opened.stream(&texts, &options, arguments, &name)? {
            let mut run = Run::new(arguments, terminal, sources, Vec::new(), filter);
            run.budget = Budget::new(global.max_memory());
            output::write(&mut run, &mut jobs)?;
            return Ok(run.status());
        }
    }
    let mut configs = opened.read(&mut sources, &options, arguments);
    let mut diagnostics: Vec<_> = configs.iter_mut().flat_map(|config| std::mem::take(&mut config.faults)).collect();
    let configs = ManuallyDrop::new(configs);
    let mut entries = configs::entries(&configs, arguments, &name)?;
    if reads_input(arguments) && configs.iter().any(|inner| inner.config.is_partial()) {
        entries.clear();
    }
    // Of a config that cannot be read, the reason is reported: no job is there that targets could be given to, and nobody
    // has to end the standard input.
    let is_partial = configs.iter().any(|inner| inner.is_partial);
    let is_readable = entries.iter().any(|entry| !is_partial || entry.owner.is_valid());
    let is_broken = !is_readable && diagnostics.iter().any(Diagnostic::is_error);
    let targets = if is_broken { &[] } else { &arguments.targets[..] };
    let request =
        samples::Request { targets, running: arguments.running.as_deref(), discovery: &arguments.discovery, release };
    let samples = samples::open(request, &mut sources, &mut diagnostics)?;
    let mut run = Run::new(arguments, terminal, sources, diagnostics, filter);
    run.budget = Budget::new(global.max_memory());
    run.is_partial = is_partial;
    run.has_unknown_globals = configs.iter().any(|inner| inner.config.has_unknown_globals);
    if arguments.alertmanagers && entries.iter().all(|entry| entry.owner.job().is_some()) {
        terminal.note("the config has no `alertmanagers`");
    }
    if let Some(mut samples) = samples {
        samples.for_jobs(entries.iter().filter_map(|entry| entry.owner.job()))?;
        run.samples = Some(samples);
    }
    if !arguments.named.is_empty() && !is_broken {
        run.samples = Some(named::choose(&mut run, &entries)?);
    }
    match arguments.stage {
        Stage::Metric => series::run(&mut run, &entries, !is_broken)?,
        Stage::Target => output::write(&mut run, &mut source::Read::new(&entries))?,
    }
    Ok(run.status())
}

/// Whether each job is simulated by itself, on the targets that it names.
fn is_streamed(arguments: &SimulateArguments) -> bool {
    let has_own_targets = arguments.targets.is_empty() && arguments.running.is_none() && arguments.named.is_empty();
    has_own_targets && !arguments.alertmanagers && matches!(arguments.stage, Stage::Target)
}

/// Series are relabeled in the metric stage only.
fn check_series(arguments: &SimulateArguments) -> Result<(), Failure> {
    match (&arguments.series, arguments.stage) {
        (Some(_), Stage::Target) => Err(Failure::new("--series needs the metric stage")
            .with_note("`relabel_configs` change the labels of targets, `metric_relabel_configs` those of series")
            .with_help("add --stage metric")),
        _ => Ok(()),
    }
}

/// The targets that are shown.
fn filter(arguments: &SimulateArguments) -> Result<TargetFilter, Failure> {
    let status = |choice: &StatusChoice| match choice {
        StatusChoice::Kept => Outcome::Kept,
        StatusChoice::Dropped => Outcome::Dropped,
        StatusChoice::Refused => Outcome::Invalid,
        StatusChoice::Undecided => Outcome::Undecided,
    };
    let statuses = arguments.statuses.iter().map(status).collect();
    TargetFilter::new(statuses, &arguments.conditions).map_err(|error| {
        Failure::new(format!("--where: {error}"))
            .with_help("the pattern follows the syntax of relabel rules and matches the whole value")
    })
}

fn read_config(arguments: &SimulateArguments) -> Result<(String, Vec<u8>), Failure> {
    if arguments.example {
        return Ok((EXAMPLE_NAME.to_string(), EXAMPLE.as_bytes().to_vec()));
    }
    match &arguments.config {
        Some(path) if path == "-" && arguments.targets.iter().any(|targets| targets == "-") => {
            Err(Failure::new("the config and the targets cannot both come from standard input")
                .with_help("write one of them to a file"))
        }
        Some(path) => Ok((input::shown_name(path).to_string(), input::read_bytes(path, "config")?)),
        None => Err(no_config()),
    }
}

/// Without arguments the tool says what to do.
fn no_config() -> Failure {
    let found = ["prometheus.yml", "prometheus.yaml", "config/prometheus.yml"];
    let found = found.into_iter().find(|path| std::path::Path::new(path).is_file());
    let failure = Failure::new("missing argument CONFIG");
    match found {
        Some(path) => failure.with_help(format!("run `promcfg simulate {path}`")),
        None => failure
            .with_help("run `promcfg simulate prometheus.yml`, or `promcfg simulate --example` for a built-in example"),
    }
}

pub(super) fn unknown_job(unknown: &promcfg::simulate::UnknownJobError, file: &str) -> Failure {
    const MOST_NAMES: usize = 20;
    let failure = Failure::new(format!("unknown job {:?} in {file}", unknown.name));
    let names = unknown.known.iter().map(String::as_str);
    if let Some(similar) = most_similar(&unknown.name, names.clone()) {
        return failure.with_help(format!("did you mean {similar:?}?"));
    }
    match unknown.known.len() {
        0 => failure.with_note("the config has no jobs"),
        count if count > MOST_NAMES => {
            let first: Vec<&str> = names.take(MOST_NAMES).collect();
            failure.with_note(format!("the jobs are {} and {} more", first.join(", "), count - MOST_NAMES))
        }
        _ => failure.with_note(format!("the jobs are {}", names.collect::<Vec<_>>().join(", "))),
    }
}
