//! Targets and series that the user gives to an edit, and what the edit may do all the same.

use promcfg::edit::{Allowances, ConfigChange, Selection, ThroughAnchor};
use promcfg::exposition::PageFormat;
use promcfg::simulate::{JobObjects, Owner, PlacedTarget, SeriesReader, select_jobs};
use promcfg::{Budget, Diagnostic, Document, Options, Release, Sources};

use super::surroundings::names_manifests;
use crate::cli::args::{AllowArguments, AnchorChoice, GivenArguments, GivenTargets};
use crate::cli::input;
use crate::cli::samples::{self, Given};
use crate::cli::status::{Failure, Stop};

/// What the user knows, and permits.
#[derive(Default)]
pub(super) struct Known {
    pub(super) given: GivenArguments,
    pub(super) allowed: AllowArguments,
    /// The job that the edit adds: the targets are given to it.
    pub(super) new_job: Option<String>,
}

impl Known {
    pub(super) fn of(given: impl Into<GivenArguments>, allowed: impl Into<AllowArguments>) -> Self {
        Self { given: given.into(), allowed: allowed.into(), new_job: None }
    }

    /// Gives a document what the user knows of its targets; returns what is to be said of them.
    pub(super) fn give(
        &self,
        document: &mut Document<'_>,
        selection: &Selection,
        options: &Options<'_>,
    ) -> Result<Vec<String>, Failure> {
        let mut budget = Budget::new(options.max_memory);
        let through_anchor = match self.allowed.through_anchor {
            None => ThroughAnchor::Refuse,
            Some(AnchorChoice::Change) => ThroughAnchor::Change,
            Some(AnchorChoice::Expand) => ThroughAnchor::Expand,
        };
        let AllowArguments { unproved, force: collisions, .. } = self.allowed;
        document.allow(Allowances { unproved, collisions, through_anchor });
        // The edit reports why a config cannot be read; nobody has to give targets first.
        if !document.has_jobs() && document.diagnostics().iter().any(Diagnostic::is_error) {
            return Ok(Vec::new());
        }
        if let Some(path) = &self.given.series {
            document.add_samples(read_page(path, self.given.content_type.as_deref(), &mut budget)?);
        }
        if self.new_job.is_some() {
            return Ok(Vec::new());
        }
        let outcome = targets_of_jobs(&self.given, document, selection, options.release, &mut budget);
        let (jobs, notes) = match outcome {
            Ok(found) => found,
            // The files have objects that qualify those of the document.
            Err(_) if document.has_objects() && names_manifests(&self.given.targets.targets) => return Ok(Vec::new()),
            Err(failure) => return Err(failure),
        };
        for (job, targets) in jobs {
            document.add_targets(&job, targets);
        }
        Ok(notes)
    }

    /// Gives a document the targets of the job that the edit adds, as the job discovers them in the text that `change`
    /// makes; returns what is to be said of them. `None` if there are none.
    pub(super) fn give_to_new(
        &self,
        document: &mut Document<'_>,
        name: &str,
        change: &ConfigChange,
        options: &Options<'_>,
    ) -> Result<Option<Vec<String>>, Failure> {
        let (Some(job), Some(file)) = (&self.new_job, change.files.iter().find(|file| file.name == name)) else {
            return Ok(None);
        };
        if self.given.targets.targets.is_empty() {
            return Ok(None);
        }
        let after = Document::new(name, file.after(), options);
        let selection = Selection { jobs: vec![job.clone()], ..Selection::default() };
        let mut budget = Budget::new(options.max_memory);
        let (jobs, notes) = targets_of_jobs(&self.given, &after, &selection, options.release, &mut budget)?;
        for (job, targets) in jobs {
            document.add_targets(&job, targets);
        }
        Ok(Some(notes))
    }
}

/// What is given is held for all jobs.
fn too_large(what: &str, budget: &Budget) -> Failure {
    Failure::new(format!("the given {what} take more memory than {}", budget.limit_in_words()))
        .with_help(format!("give fewer {what}, or allow more with --max-memory SIZE"))
}

/// Bytes of memory that labels take.
fn memory_of(labels: &[(String, String)]) -> usize {
    let label = |(name, value): &(String, String)| name.capacity() + value.capacity() + 80;
    labels.iter().map(label).sum::<usize>() + 40
}

fn read_page(
    path: &str,
    content_type: Option<&str>,
    budget: &mut Budget,
) -> Result<Vec<Vec<(String, String)>>, Failure> {
    let format = content_type.map(PageFormat::of_content_type).transpose();
    let format = format.map_err(|error| Failure::new(format!("{}: {error}", input::shown_name(path))))?;
    let text = input::read_series(path)?;
    // Prometheus reads no format in an empty page.
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let name = input::shown_name(path);
    let mut samples = Vec::new();
    let mut reader = SeriesReader::in_format(&text, format);
    let is_page = reader.page_format().is_some();
    while let Some(series) = reader.next() {
        let series = match series {
            Ok(series) => series,
            Err(fault) if is_page => {
                return Err(input::refused_page(name, &text, &fault, reader.filter_map(Result::err)));
            }
            Err(fault) => return Err(input::no_series(name, &text, &fault)),
        };
        if series.is_report {
            continue;
        }
        if !budget.hold(memory_of(&series.sample)) {
            return Err(too_large("series", budget));
        }
        samples.push(series.sample);
    }
    Ok(samples)
}

/// The targets of each job that has some, and what is said of them.
type TargetsOfJobs = (Vec<(String, Vec<PlacedTarget>)>, Vec<String>);

/// The given targets of each selected job that has some.
fn targets_of_jobs(
    arguments: &GivenArguments,
    document: &Document<'_>,
    selection: &Selection,
    release: Release,
    budget: &mut Budget,
) -> Result<TargetsOfJobs, Failure> {
    let (mut sources, mut diagnostics) = (Sources::new(), Vec::new());
    let GivenTargets { targets, running, discovery } = &arguments.targets;
    let request = samples::Request { targets, manifests: &[], running: running.as_deref(), discovery, release };
    let opened = samples::open(request, &mut sources, &mut diagnostics)?;
    let Some(mut samples) = opened else { return Ok(TargetsOfJobs::default()) };
    if let Some(fault) = diagnostics.iter().find(|fault| fault.is_error()) {
        return Err(failure_of(fault, &sources));
    }
    // An unknown job is reported by the edit.
    let Ok(jobs) = select_jobs(document.jobs(), &selection.jobs) else { return Ok(TargetsOfJobs::default()) };
    samples.for_jobs(jobs.iter().copied())?;
    let (mut given, mut notes) = (Vec::new(), Vec::new());
    for (index, job) in jobs.into_iter().enumerate() {
        let mut targets = Vec::new();
        let mut take = |given: &Given<'_>| {
            let target = &given.target.target;
            if !budget.hold(memory_of(&target.own) + memory_of(&target.group) + size_of::<PlacedTarget>()) {
                return Err(too_large("targets", budget).into());
            }
            targets.push(given.target.clone());
            Ok(())
        };
        let objects = samples.objects_of(Owner::Job(job));
        let mut discovered = objects.iter().flat_map(JobObjects::targets);
        let taken = match discovered.try_for_each(|(target, source)| take(&Given::of_object(&target, source))) {
            Ok(()) => samples.each(index, Owner::Job(job), &mut take),
            stopped => stopped,
        };
        notes.extend(objects.iter().flat_map(|objects| samples::notes_of(Owner::Job(job), objects)));
        match taken {
            Ok(()) => {}
            Err(Stop::Failed(failure)) => return Err(failure),
            Err(_) => return Err(Failure::new("the given targets cannot be read")),
        }
        if !targets.is_empty() {
            given.push((job.job_name.value.clone(), targets));
        }
    }
    match given.is_empty() {
        true => Err(Failure::new("the given targets do not belong to a selected job")
            .with_help("select the job that they belong to with --job NAME")),
        false => {
            notes.extend(samples.notes().map(str::to_string));
            Ok((given, notes))
        }
    }
}

fn failure_of(fault: &Diagnostic, sources: &Sources) -> Failure {
    Failure::new(format!("{}: {}", sources.describe(fault.at), fault.message))
}
