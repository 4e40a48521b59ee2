//! `promcfg simulate`: what becomes of every target.

mod configs;
mod discovered;
mod document;
mod named;
mod objects;
mod output;
mod run;
mod series;
mod source;
mod way;

use promcfg::files::path_of;
use promcfg::report::shown_path;
use promcfg::simulate::{Status as Outcome, TargetFilter};
use promcfg::text::most_similar;
use promcfg::{Budget, Diagnostic, Options, Release, Sources};

use std::mem::ManuallyDrop;

use super::args::{GlobalOptions, SimulateArguments, Stage, StatusChoice};
use super::disk::Disk;
use super::input;
use super::lint::find_settings::{named_release_for, release_for};
use super::manifests::Manifests;
use super::samples;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;
use super::threads::Threads;
use configs::InnerConfig;
use objects::Generated;
use run::Run;
use source::Entry;

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
    let mut sources = Sources::new();
    if let Some(manifests) = named_manifests(arguments, &mut sources)? {
        return run_objects(&manifests, sources, (arguments, global, terminal), filter);
    }
    let (name, bytes) = read_config(arguments)?;
    if !arguments.example
        && let Some(manifests) = Manifests::of_bytes(&name, &bytes, &mut sources)
    {
        return run_objects(&manifests, sources, (arguments, global, terminal), filter);
    }
    if arguments.object.is_some() && arguments.targets.is_empty() {
        return Err(Failure::new("--object needs objects of Kubernetes")
            .with_help("give them with --targets FILE, or name manifests with objects of prometheus-operator")
            .into());
    }
    // The built-in example is in no folder.
    let release = if arguments.example { prometheus.unwrap_or_default() } else { release_for(&name, prometheus)? };
    let options = Options::new(&Disk).with_release(release).with_executor(&Threads);
    // The process ends with the command: taking a large config apart first would be work for nothing.
    let opened = ManuallyDrop::new(configs::open(&mut sources, &name, bytes)?);
    let broken = opened.only_broken_places();
    if !broken.is_empty() {
        return run_entries(Run::new(arguments, terminal, sources, broken, filter), &[], Vec::new(), release);
    }
    if is_streamed(arguments) {
        let texts = ManuallyDrop::new(sources.clone());
        if let Some(mut jobs) = opened.stream(&texts, &options, arguments, &name)? {
            let mut run = Run::new(arguments, terminal, sources, Vec::new(), filter);
            run.budget = Budget::new(global.max_memory());
            output::write(&mut run, &mut jobs)?;
            run.note_no_jobs();
            return Ok(run.status());
        }
    }
    let configs = ManuallyDrop::new(opened.read(&mut sources, &options, arguments));
    let entries = configs::entries(&configs, &arguments.jobs, arguments.alertmanagers, &name)?;
    let mut run = Run::new(arguments, terminal, sources, Vec::new(), filter);
    run.budget = Budget::new(global.max_memory());
    run_entries(run, &configs, entries, release)
}

/// The manifests that several names, or the name of a folder, lead to.
fn named_manifests(arguments: &SimulateArguments, sources: &mut Sources) -> Result<Option<Manifests>, Failure> {
    let paths = &arguments.paths;
    let is_folder = |path: &String| path != "-" && path_of(path).is_dir();
    match &paths[..] {
        [] => return Ok(None),
        [path] if !is_folder(path) => return Ok(None),
        _ => {}
    }
    check_input(arguments)?;
    let manifests = Manifests::read(paths, sources)?;
    if !manifests.objects.is_empty() {
        return Ok(Some(manifests));
    }
    match &paths[..] {
        // It says that a config is a file.
        [folder] => input::read_bytes(folder, "config").map(|_| None),
        _ => Err(Failure::new("the files have no objects of prometheus-operator")
            .with_help("name one config, or manifests with a ServiceMonitor, PodMonitor, Probe or ScrapeConfig")),
    }
}

/// The command, and what it writes to.
type Context<'a> = (&'a SimulateArguments, &'a GlobalOptions, &'a Terminal);

/// Simulates what the operator generates of manifests.
fn run_objects(
    manifests: &Manifests,
    mut sources: Sources,
    (arguments, global, terminal): Context<'_>,
    filter: TargetFilter,
) -> Result<Status, Stop> {
    let name = arguments.paths.first().map_or("-", |path| input::shown_name(path));
    let named = named_release_for(name, global.prometheus)?;
    let release = named.unwrap_or_default();
    let options = Options::new(&Disk).with_executor(&Threads);
    let options = named.map_or(options, |release| options.with_chosen_release(release));
    let mut manifests = manifests.clone();
    for replaced in manifests.objects.take_replaced() {
        terminal.note(&format!("{replaced} is several times in the input; the last one is used"));
    }
    let manifests = &manifests;
    let mut generated = Generated::of(manifests, &mut sources, &options, named, terminal)?;
    let jobs = generated.select(&arguments.jobs);
    if let [first, ..] = &manifests.skipped[..] {
        let more = if manifests.skipped.len() > 1 { " and others are" } else { " is" };
        let first = shown_path(first);
        terminal.note(&format!(
            "{first}{more} not valid YAML and skipped; render templates first: helm template … | promcfg simulate -"
        ));
    }
    let Generated { configs, lost, has_refused } = generated;
    let configs = ManuallyDrop::new(configs);
    let is_none = jobs.is_empty() && !arguments.jobs.is_empty();
    let entries = if is_none { Vec::new() } else { configs::entries(&configs, &jobs, arguments.alertmanagers, name)? };
    let mut run = Run::new(arguments, terminal, sources, manifests.broken.clone(), filter);
    run.budget = Budget::new(global.max_memory());
    run.manifests = Some(manifests);
    run.lost_objects = lost;
    let status = run_entries(run, &configs, entries, release)?;
    Ok(if has_refused { status.max(Status::Found) } else { status })
}

/// Simulates the selected jobs.
fn run_entries(
    mut run: Run<'_>,
    configs: &[InnerConfig],
    mut entries: Vec<Entry<'_>>,
    release: Release,
) -> Result<Status, Stop> {
    let arguments = run.arguments;
    run.diagnostics.extend(configs.iter().flat_map(|config| config.faults.iter().cloned()));
    if reads_input(arguments) && configs.iter().any(|inner| inner.config.is_partial()) {
        entries.clear();
    }
    // Of a config that cannot be read, the reason is reported: no job is there that targets could be given to, and nobody
    // has to end the standard input.
    let is_partial = configs.iter().any(|inner| inner.is_partial);
    let is_readable = entries.iter().any(|entry| !is_partial || entry.owner.is_valid());
    let is_broken = !is_readable && run.diagnostics.iter().any(Diagnostic::is_error);
    let request = samples::Request {
        targets: if is_broken { &[] } else { &arguments.targets[..] },
        manifests: run.manifests.filter(|_| !is_broken).map_or(&[], |manifests| &manifests.files[..]),
        running: arguments.running.as_deref(),
        discovery: &arguments.discovery,
        release,
    };
    let samples = samples::open(request, &mut run.sources, &mut run.diagnostics)?;
    run.is_partial = is_partial;
    run.has_unknown_globals = configs.iter().any(|inner| inner.config.has_unknown_globals);
    if arguments.alertmanagers && entries.iter().all(|entry| entry.owner.job().is_some()) {
        run.terminal.note("the config has no `alertmanagers`");
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
    run.note_no_jobs();
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
    check_input(arguments)?;
    match arguments.paths.first() {
        Some(path) => Ok((input::shown_name(path).to_string(), input::read_bytes(path, "config")?)),
        None => Err(no_config()),
    }
}

/// Standard input is read once.
fn check_input(arguments: &SimulateArguments) -> Result<(), Failure> {
    let is_input = |name: &String| name == "-";
    if arguments.paths.iter().any(is_input) && arguments.targets.iter().any(is_input) {
        return Err(Failure::new("the config and the targets cannot both come from standard input")
            .with_help("write one of them to a file"));
    }
    Ok(())
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
