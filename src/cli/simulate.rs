//! `promcfg simulate`: what becomes of every target.

mod series;

use std::io::Write;
use std::mem::ManuallyDrop;

use promcfg::config::ScrapeConfig;
use promcfg::files::DiskFiles;
use promcfg::input::Input;
use promcfg::re2::RegexCache;
use promcfg::report::{JobView, Totals, finding_json, job_json, target_json, write_job, write_totals};
use promcfg::simulate::{JobResult, JobSimulator, select_jobs, targets_of_job};
use promcfg::text::most_similar;
use promcfg::{Config, Diagnostic, Sources};
use promcfg::{Options, Release};
use serde_json::{Value, json};

use super::args::{Format, SimulateArguments, Stage};
use super::input;
use super::lint::settings::release_for;
use super::samples::{self, Samples};
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;

/// The config that `--example` runs on.
const EXAMPLE: &str = include_str!("../../fixtures/example/prometheus.yml");
const EXAMPLE_NAME: &str = "example/prometheus.yml";

pub(crate) fn run(
    arguments: &SimulateArguments,
    prometheus: Option<Release>,
    terminal: &Terminal,
) -> Result<Status, Stop> {
    let (name, bytes) = read_config(arguments)?;
    let mut sources = Sources::new();
    // The built-in example is in no folder.
    let release = if arguments.example { prometheus.unwrap_or_default() } else { release_for(&name, prometheus)? };
    let options = Options::new(&DiskFiles).with_release(release);
    let (config, mut diagnostics) = read(&mut sources, &name, &bytes, &options)?;
    // The process ends with the command: taking a large config apart first would be work for nothing.
    let config = ManuallyDrop::new(config);
    let samples = samples::open(arguments, &mut sources, release, &mut diagnostics)?;
    let jobs = select_jobs(&config.scrape_configs, &arguments.jobs).map_err(|unknown| unknown_job(&unknown, &name))?;
    check_choice(&jobs, samples.as_ref())?;
    let has_samples = samples.is_some();
    let mut run = Run {
        arguments,
        terminal,
        sources,
        diagnostics,
        samples,
        totals: Totals::default(),
        patterns: RegexCache::new(),
    };
    if arguments.stage == Stage::Metric {
        series::run(&mut run, &jobs)?;
        return Ok(run.status());
    }
    match arguments.format {
        Format::Human => run.human(&jobs, has_samples)?,
        Format::Json => run.json(&jobs)?,
        Format::Ndjson => run.lines(&jobs)?,
    }
    Ok(run.status())
}

fn read_config(arguments: &SimulateArguments) -> Result<(String, Vec<u8>), Failure> {
    if arguments.example {
        return Ok((EXAMPLE_NAME.to_string(), EXAMPLE.as_bytes().to_vec()));
    }
    match &arguments.config {
        Some(path) if path == "-" && arguments.targets.as_deref() == Some("-") => {
            Err(Failure::new("the config and the targets cannot both come from standard input")
                .with_help("write one of them to a file"))
        }
        Some(path) => Ok((input::shown_name(path).to_string(), input::read_bytes(path, "config")?)),
        None => Err(no_config()),
    }
}

/// Reads the config that an input is, or the one that is in it.
fn read(
    sources: &mut Sources,
    name: &str,
    bytes: &[u8],
    options: &Options<'_>,
) -> Result<(Config, Vec<Diagnostic>), Failure> {
    let input = Input::decode(name, bytes);
    let outer = sources.add(name, input.tree().text().clone());
    let part = input::only_config(&input, outer)?;
    let file = part.add_to(sources, outer);
    Ok(input.config(&part, sources, file, options))
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

/// Targets given by hand belong to one job.
fn check_choice(jobs: &[&ScrapeConfig], samples: Option<&Samples>) -> Result<(), Failure> {
    let needs_one = matches!(samples, Some(Samples::One(_) | Samples::Lines(_) | Samples::Groups(_)));
    if needs_one && jobs.len() != 1 {
        let failure = Failure::new(format!("the given targets need one job, but {} jobs are selected", jobs.len()));
        return Err(failure.with_help("select the job with --job NAME"));
    }
    Ok(())
}

/// One run of the command.
struct Run<'a> {
    arguments: &'a SimulateArguments,
    terminal: &'a Terminal,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    samples: Option<Samples>,
    totals: Totals,
    patterns: RegexCache,
}

impl Run<'_> {
    fn status(&self) -> Status {
        let has_error = self.diagnostics.iter().any(Diagnostic::is_error);
        if has_error { Status::Found } else { Status::Fine }
    }

    /// Simulates a job. `take` gets each target; what is to be said about them all is collected.
    fn job(
        &mut self,
        job: &ScrapeConfig,
        take: &mut dyn FnMut(&Sources, promcfg::simulate::TargetResult) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.totals.jobs += 1;
        let simulator = if job.is_valid {
            JobSimulator::with_patterns(&mut self.patterns, job, self.arguments.trace).ok()
        } else {
            None
        };
        let Some(mut simulator) = simulator else { return Ok(()) };
        let mut samples = self.samples.take();
        let own = if samples.is_none() {
            let (targets, diagnostics) = targets_of_job(job, &mut self.sources, &Options::new(&DiskFiles));
            self.diagnostics.extend(diagnostics);
            targets
        } else {
            Vec::new()
        };
        let (sources, totals) = (&self.sources, &mut self.totals);
        let mut simulate = |target: &promcfg::simulate::PlacedTarget| {
            let result = simulator.simulate(target);
            totals.add(result.status);
            take(sources, result)
        };
        let outcome = match &mut samples {
            Some(samples) => samples.each(job, &mut simulate),
            None => own.iter().try_for_each(simulate),
        };
        self.samples = samples;
        self.diagnostics.extend(simulator.diagnostics());
        outcome
    }

    /// The whole result of a job.
    fn job_result(&mut self, job: &ScrapeConfig) -> Result<JobResult, Stop> {
        let mut result = JobSimulator::outline(job);
        self.job(job, &mut |_, target| {
            result.targets.push(target);
            Ok(())
        })?;
        Ok(result)
    }

    fn view<'v>(&'v self, job: &'v ScrapeConfig, result: &'v JobResult) -> JobView<'v> {
        let (all_labels, has_samples) = (self.arguments.all_labels, self.samples.is_some());
        JobView { job, result, sources: &self.sources, all_labels, has_samples }
    }

    fn human(&mut self, jobs: &[&ScrapeConfig], has_samples: bool) -> Result<(), Stop> {
        let mut output = self.terminal.output();
        for job in jobs {
            let result = self.job_result(job)?;
            let is_idle = has_samples && jobs.len() > 1 && result.targets.is_empty();
            if !is_idle {
                write_job(&mut output, &self.view(job, &result), self.terminal.stdout)?;
            }
        }
        if !self.terminal.quiet {
            write_totals(&mut output, self.totals, self.terminal.stdout)?;
        }
        output.flush()?;
        self.tell_of_strangers(jobs);
        self.terminal.show(&self.sources, &self.diagnostics);
        Ok(())
    }

    fn json(&mut self, jobs: &[&ScrapeConfig]) -> Result<(), Stop> {
        let mut values: Vec<Value> = Vec::new();
        for job in jobs {
            let result = self.job_result(job)?;
            values.push(job_json(&self.view(job, &result)));
        }
        let diagnostics: Vec<Value> =
            self.diagnostics.iter().map(|diagnostic| finding_json(&self.sources, diagnostic)).collect();
        let mut output = self.terminal.output();
        serde_json::to_writer_pretty(&mut output, &json!({ "version": 1, "jobs": values, "diagnostics": diagnostics }))
            .map_err(std::io::Error::from)?;
        writeln!(output)?;
        output.flush()?;
        self.tell_of_strangers(jobs);
        self.terminal.show(&self.sources, &self.diagnostics);
        Ok(())
    }

    /// One target a line, as soon as it is known.
    fn lines(&mut self, jobs: &[&ScrapeConfig]) -> Result<(), Stop> {
        let mut output = self.terminal.output();
        let (all_labels, has_samples) = (self.arguments.all_labels, self.samples.is_some());
        for job in jobs {
            let outline = JobSimulator::outline(job);
            self.job(job, &mut |sources, target| {
                let view = JobView { job, result: &outline, sources, all_labels, has_samples };
                let mut line = json!({ "job": outline.job });
                if let (Value::Object(line), Value::Object(members)) = (&mut line, target_json(&view, &target)) {
                    line.extend(members);
                }
                writeln!(output, "{line}")?;
                Ok(())
            })?;
        }
        output.flush()?;
        self.tell_of_strangers(jobs);
        self.terminal.show(&self.sources, &self.diagnostics);
        Ok(())
    }

    /// Targets of a saved response whose jobs are not among those simulated.
    fn tell_of_strangers(&self, jobs: &[&ScrapeConfig]) {
        let Some(Samples::Api(targets)) = &self.samples else { return };
        let is_stranger = |name: &str| jobs.iter().all(|job| job.job_name.value != name);
        let mut names: Vec<&str> =
            targets.iter().map(|target| target.job.as_str()).filter(|name| is_stranger(name)).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        if count > 0 {
            let names = names.iter().map(|name| promcfg::report::escape_text(name)).collect::<Vec<_>>().join(", ");
            self.terminal.note(&format!("{count} of the saved targets belong to other jobs: {names}"));
        }
    }
}
