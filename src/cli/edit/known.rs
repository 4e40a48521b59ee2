//! Targets and series that the user gives to an edit, and what the edit may do all the same.

use promcfg::config::ScrapeConfig;
use promcfg::edit::{Allowances, Selection};
use promcfg::simulate::{Owner, PlacedTarget, read_series, select_jobs};
use promcfg::{Diagnostic, Document, Release, Sources};

use crate::cli::args::{AllowArguments, GivenArguments};
use crate::cli::input;
use crate::cli::samples;
use crate::cli::status::{Failure, Stop};

/// What the user knows, and permits.
pub(super) struct Known<'a> {
    pub(super) given: &'a GivenArguments,
    pub(super) allowed: &'a AllowArguments,
}

impl Known<'_> {
    /// Gives a document what the user knows of its targets.
    pub(super) fn give(
        &self,
        document: &mut Document<'_>,
        selection: &Selection,
        release: Release,
    ) -> Result<(), Failure> {
        document.allow(Allowances { unproved: self.allowed.unproved, collisions: self.allowed.force });
        if let Some(path) = &self.given.series {
            document.add_samples(read_page(path)?);
        }
        for (job, targets) in targets_of_jobs(self.given, document, selection, release)? {
            document.add_targets(&job, targets);
        }
        Ok(())
    }
}

fn read_page(path: &str) -> Result<Vec<Vec<(String, String)>>, Failure> {
    let text = input::read_text(path, "series")?;
    let name = input::shown_name(path);
    let series = read_series(&text).map_err(|fault| Failure::new(format!("{name}: {fault}")))?;
    Ok(series.into_iter().filter(|series| !series.is_report).map(|series| series.sample).collect())
}

/// The given targets of each selected job that has some.
fn targets_of_jobs(
    arguments: &GivenArguments,
    document: &Document<'_>,
    selection: &Selection,
    release: Release,
) -> Result<Vec<(String, Vec<PlacedTarget>)>, Failure> {
    let (mut sources, mut diagnostics) = (Sources::new(), Vec::new());
    let opened = samples::open(arguments.targets.as_deref(), &mut sources, release, &mut diagnostics)?;
    let Some(mut samples) = opened else { return Ok(Vec::new()) };
    if let Some(fault) = diagnostics.iter().find(|fault| fault.is_error()) {
        return Err(failure_of(fault, &sources));
    }
    // An unknown job is reported by the edit.
    let jobs: Vec<&ScrapeConfig> = select_jobs(document.jobs(), &selection.jobs).unwrap_or_default();
    samples.for_jobs(jobs.iter().copied())?;
    let mut given = Vec::new();
    for (index, job) in jobs.into_iter().enumerate() {
        let mut targets = Vec::new();
        let taken = samples.each(index, Owner::Job(job), &mut |given| {
            targets.push(given.target.clone());
            Ok(())
        });
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
        false => Ok(given),
    }
}

fn failure_of(fault: &Diagnostic, sources: &Sources) -> Failure {
    Failure::new(format!("{}: {}", sources.describe(fault.at), fault.message))
}
