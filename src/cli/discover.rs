//! `promcfg discover`: the targets of jobs before relabeling.

use std::io::Write;
use std::mem::ManuallyDrop;

use promcfg::Diagnostic;
use promcfg::input::Input;
use promcfg::report::{write_document, write_line};
use promcfg::scrape::DiscoveredTarget;
use promcfg::simulate::{Anonymizer, JobObjects, Owner, TargetFiles, known_targets, select_jobs};
use promcfg::{Options, Sources};
use serde_json::{Map, Value, json};

use super::args::{DiscoverArguments, DiscoverFormat, GlobalOptions};
use super::disk::Disk;
use super::input;
use super::lint::find_settings::release_for;
use super::samples::{self, Samples};
use super::simulate::unknown_job;
use super::status::{Failure, Status, Stop};
use super::terminal::Terminal;
use super::threads::Threads;

pub(crate) fn run(arguments: &DiscoverArguments, global: &GlobalOptions, terminal: &Terminal) -> Result<Status, Stop> {
    let name = input::shown_name(&arguments.config);
    let DiscoverArguments { targets, discovery, .. } = arguments;
    if arguments.config == "-" && targets.iter().any(|path| path == "-") {
        return Err(Failure::new("the config and the targets cannot both come from standard input")
            .with_help("write one of them to a file")
            .into());
    }
    let bytes = input::read_bytes(&arguments.config, "config")?;
    let release = release_for(name, global.prometheus)?;
    let options = Options::new(&Disk).with_release(release).with_executor(&Threads);
    let (input, mut sources) = (Input::decode(name, &bytes), Sources::new());
    let outer = sources.add(name, input.tree().text().clone());
    let part = input::only_config(&input, outer)?;
    let file = part.add_to(&mut sources, outer);
    let (config, mut diagnostics) = input.config(&part, &mut sources, file, &options);
    let config = ManuallyDrop::new(config);
    let jobs = select_jobs(&config.scrape_configs, &arguments.jobs).map_err(|unknown| unknown_job(&unknown, name))?;
    let request = samples::Request { targets, manifests: &[], running: None, discovery, release };
    let mut samples = samples::open(request, &mut sources, &mut diagnostics)?.unwrap_or_default();
    samples.for_jobs(jobs.iter().copied())?;
    let rules = jobs.iter().flat_map(|job| &job.relabel_configs);
    let mut run = Run {
        arguments,
        terminal,
        sources,
        diagnostics,
        files: TargetFiles::new(),
        anonymizer: arguments.anonymize.then(|| Anonymizer::new(rules)),
        notes: Vec::new(),
    };
    let jobs: Vec<Owner<'_>> = jobs.into_iter().filter(|job| job.is_valid).map(Owner::Job).collect();
    match arguments.format {
        DiscoverFormat::Ndjson => run.lines(&jobs, &mut samples)?,
        DiscoverFormat::Json | DiscoverFormat::Yaml => run.groups(&jobs, &mut samples)?,
    }
    run.notes.iter().for_each(|note| terminal.note(note));
    samples.notes().for_each(|note| terminal.note(note));
    terminal.show(&run.sources, &run.diagnostics);
    Ok(if run.diagnostics.iter().any(Diagnostic::is_error) { Status::Found } else { Status::Fine })
}

struct Run<'r> {
    arguments: &'r DiscoverArguments,
    terminal: &'r Terminal,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    files: TargetFiles,
    anonymizer: Option<Anonymizer>,
    notes: Vec<String>,
}

impl Run<'_> {
    /// Gives each target of a job to `take`.
    fn each(
        &mut self,
        index: usize,
        owner: Owner<'_>,
        samples: &mut Samples,
        take: &mut dyn FnMut(DiscoveredTarget) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let anonymizer = &mut self.anonymizer;
        let mut take = |mut target: DiscoveredTarget| {
            if let Some(anonymizer) = anonymizer {
                anonymizer.apply(&mut target);
            }
            take(target)
        };
        if samples.are_for(owner) {
            return samples.each(index, owner, &mut |given| take(given.target.target.clone()));
        }
        let options = Options::new(&Disk);
        let (known, diagnostics) = known_targets(owner, &mut self.sources, &options, &mut self.files);
        self.diagnostics.extend(diagnostics);
        known.iter().try_for_each(|placed| take(placed.target))?;
        let objects = samples.objects_of(owner);
        objects.iter().flat_map(JobObjects::targets).try_for_each(|(placed, _)| take(placed.target))?;
        self.notes.extend(objects.iter().flat_map(|objects| samples::notes_of(owner, objects)));
        Ok(())
    }

    fn lines(&mut self, jobs: &[Owner<'_>], samples: &mut Samples) -> Result<(), Stop> {
        let mut output = self.terminal.output();
        for (index, owner) in jobs.iter().enumerate() {
            let name = owner.name();
            self.each(index, *owner, samples, &mut |target| {
                let line = json!({ "job": name, "target": map(&target.own), "labels": map(&target.group) });
                Ok(write_line(&mut output, &line)?)
            })?;
        }
        Ok(output.flush()?)
    }

    /// Neighbors with the same labels are one group.
    fn groups(&mut self, jobs: &[Owner<'_>], samples: &mut Samples) -> Result<(), Stop> {
        let [owner] = jobs else {
            let message = format!("target groups are of one job, but {} jobs are selected", jobs.len());
            return Err(Failure::new(message)
                .with_help("select the job with --job NAME, or use --format ndjson, which names the jobs")
                .into());
        };
        let mut groups: Vec<(Map<String, Value>, Vec<Value>)> = Vec::new();
        self.each(0, *owner, samples, &mut |target| {
            let (address, labels) = merged(&target);
            match groups.last_mut() {
                Some((known, targets)) if *known == labels => targets.push(address),
                _ => groups.push((labels, vec![address])),
            }
            Ok(())
        })?;
        let mut output = self.terminal.output();
        if self.arguments.format == DiscoverFormat::Yaml {
            for (labels, targets) in &groups {
                write!(output, "{}", yaml_of_group(labels, targets))?;
            }
            if groups.is_empty() {
                writeln!(output, "[]")?;
            }
        } else {
            let group =
                |(labels, targets): &(Map<String, Value>, Vec<Value>)| json!({ "targets": targets, "labels": labels });
            write_document(&mut output, &groups.iter().map(group).collect::<Vec<_>>())?;
        }
        Ok(output.flush()?)
    }
}

fn map(labels: &[(String, String)]) -> Map<String, Value> {
    labels.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect()
}

/// The address of a target, and its other labels with those of its group. A label of its own counts more, and an empty
/// one is absent.
fn merged(target: &DiscoveredTarget) -> (Value, Map<String, Value>) {
    let mut labels = map(&target.group);
    labels.extend(map(&target.own));
    labels.retain(|_, value| value.as_str() != Some(""));
    let address = labels.remove("__address__").unwrap_or_else(|| Value::from(""));
    (address, labels)
}

/// A group as an item of a YAML list. A text in the form of JSON is one of YAML.
fn yaml_of_group(labels: &Map<String, Value>, targets: &[Value]) -> String {
    let mut text = String::from("- targets:\n");
    targets.iter().for_each(|target| text.push_str(&format!("  - {}\n", yaml_text(target))));
    if !labels.is_empty() {
        text.push_str("  labels:\n");
    }
    for (name, value) in labels {
        text.push_str(&format!("    {}: {}\n", yaml_text(&Value::from(name.as_str())), yaml_text(value)));
    }
    text
}

fn yaml_text(value: &Value) -> String {
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _written = write_line(&mut text, value);
    String::from_utf8_lossy(&text).trim_end().to_string()
}
