//! What a job uses of its limits, as far as its targets and their samples are known.

use crate::config::{ScrapeConfig, Sd};
use crate::effect::is_kept;
use crate::re2::RegexCache;
use crate::simulate::{JobSimulator, select_names, targets_of_group};

use super::super::open::Opened;
use super::super::request::{EditError, LabelStage, Selection};
use super::local::with_jobs;
use super::select::{has_jobs, is_readable, named_jobs};
use super::trial::{SharedFacts, Trial, known_others};

/// What a job uses; `None` where that is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::edit) struct Usage {
    pub(in crate::edit) job: String,
    /// The targets that are scraped.
    pub(in crate::edit) targets: Option<u64>,
    /// The samples that a scrape stores, at most.
    pub(in crate::edit) samples: Option<u64>,
    /// The labels of a sample, at most.
    pub(in crate::edit) labels: Option<u64>,
    /// The bytes of the longest name of a label, and of the longest value.
    pub(in crate::edit) label_name_length: Option<u64>,
    pub(in crate::edit) label_value_length: Option<u64>,
}

/// What each of the selected jobs uses; the targets are only counted if that is wanted.
pub(in crate::edit) fn usages(
    opened: &mut Opened<'_>,
    selection: &Selection,
    of_targets: bool,
) -> Result<Vec<Usage>, EditError> {
    if let Some(usages) = of_single_jobs(opened, selection, of_targets) {
        return Ok(usages);
    }
    opened.read_all();
    is_readable(opened)?;
    has_jobs(opened)?;
    let selected = named_jobs(opened, &selection.jobs)?;
    let jobs = std::mem::take(&mut opened.jobs);
    let usages =
        selected.into_iter().filter_map(|job| jobs.get(job)).map(|job| usage(opened, job, of_targets)).collect();
    opened.jobs = jobs;
    Ok(usages)
}

/// The same, job by job. `None` where the jobs cannot be looked at one by one.
fn of_single_jobs(opened: &mut Opened<'_>, selection: &Selection, of_targets: bool) -> Option<Vec<Usage>> {
    if !opened.is_unread() {
        return None;
    }
    with_jobs(opened, |opened, jobs| {
        let selected = select_names(&jobs.names, &selection.jobs).ok()?;
        let part = |chunk: &[usize], opened: &mut Opened<'_>, patterns: &mut RegexCache| {
            let of_job = |index: &usize| Some(usage(opened, &jobs.read_with(*index, patterns)?, of_targets));
            chunk.iter().map(of_job).collect::<Option<Vec<Usage>>>()
        };
        let parts = jobs.in_chunks(opened, &selected, RegexCache::new, &part)?;
        Some(parts.into_iter().flatten().collect())
    })
}

fn usage(opened: &mut Opened<'_>, job: &ScrapeConfig, of_targets: bool) -> Usage {
    let mut usage = Usage { job: job.job_name.value.clone(), ..Usage::default() };
    if !job.is_valid {
        return usage;
    }
    usage.targets = if of_targets { scraped_targets(opened, job) } else { None };
    if !opened.given.samples().is_empty() {
        of_samples(opened, job, &mut usage);
    }
    usage
}

/// The targets that are scraped, where all are known.
fn scraped_targets(opened: &mut Opened<'_>, job: &ScrapeConfig) -> Option<u64> {
    let others = known_others(opened, job);
    let is_given = opened.given.targets_of(&job.job_name.value).is_some();
    // The target files of an object are in a container.
    let is_known = if opened.is_generated(job.file) { Sd::is_static } else { Sd::is_known };
    if !(is_given || job.discovery.iter().all(is_known)) {
        return None;
    }
    let mut simulator = JobSimulator::new(job, false).ok()?;
    let placed = job.static_configs.iter().flat_map(targets_of_group).chain(others.iter());
    Some(placed.filter(|placed| is_kept(&simulator.simulate(placed))).count() as u64)
}

/// What the given samples use, on the target where they use most.
fn of_samples(opened: &mut Opened<'_>, job: &ScrapeConfig, usage: &mut Usage) {
    let trial = Trial::of(opened, job, &Selection::default(), LabelStage::Metric, &SharedFacts::default());
    let Some(mut runner) = trial.runner(job, false) else { return };
    for placed in trial.targets(job) {
        let results = runner.results(&placed);
        let stored = || results.iter().filter(|result| is_kept(result));
        let most = |all: &mut Option<u64>, own: usize| *all = (*all).max(Some(own as u64));
        most(&mut usage.samples, stored().count());
        for result in stored() {
            // Labels of targets that begin with `__` are not attached to samples.
            let labels = || result.labels.iter().filter(|(name, _)| !name.starts_with("__") || *name == "__name__");
            most(&mut usage.labels, labels().count());
            most(&mut usage.label_name_length, labels().map(|(name, _)| name.len()).max().unwrap_or(0));
            most(&mut usage.label_value_length, labels().map(|(_, value)| value.len()).max().unwrap_or(0));
        }
    }
}
