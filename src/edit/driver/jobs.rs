//! Edits of the list of jobs: which jobs a config has. As for edits of a job, the operations are tried, placed and proved
//! here; a command only names them.
//!
//! 1. **try**: the operations are applied to the typed jobs. This gives the jobs that the new config is to have;
//! 1. **place**: every operation must find its node in the text, and no other place may use what goes;
//! 1. **prove**: the new tree must be the old one with just these operations, and each comment at its place or gone with
//!    the job that it belongs to. The new files are read as a whole: they must have no new error, and the jobs of step 1,
//!    each with all that its results depend on;
//! 1. **effect**: the targets of jobs that are gone vanish, those of new jobs appear. That is true for all targets,
//!    also for those that only discovery knows; the known ones are counted.

use rustc_hash::FxHashSet;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{ChangeKind, PairedEffect, is_kept};
use crate::re2::RegexCache;
use crate::simulate::{JobSimulator, targets_of_group};
use crate::text::{FileId, Location};
use crate::yaml_edit::{Plan, prove};

use super::super::change::ConfigChange;
use super::super::claim::{Grade, JobChange};
use super::super::open::{EditedFiles, EditedText, Opened};
use super::super::ops::{JobOp, Nodes};
use super::super::overlay::Overlay;
use super::super::request::{EditError, LabelStage, refused};
use super::choose::whole_effect;
use super::place::explain;
use super::prove::{has_same_results, no_new_errors};
use super::select::{has_jobs, is_readable, named_jobs};
use super::trial::known_others;

/// An edit of the list of jobs.
pub(in crate::edit) trait JobsCommand {
    /// Refuses what cannot be asked for, whatever the config.
    fn check(&self) -> Result<(), EditError>;

    /// The jobs it is about: names or patterns.
    fn jobs(&self) -> &[String];

    /// The operations, for the jobs with these indices.
    fn propose(&self, selected: &[usize]) -> Vec<JobOp>;
}

/// Makes the change that a command asks for, without writing it.
pub(in crate::edit) fn run_on_jobs(
    opened: &mut Opened<'_>,
    command: &dyn JobsCommand,
) -> Result<ConfigChange, EditError> {
    command.check()?;
    if opened.is_target_file {
        let message = format!("{} is a target file, which has no jobs", opened.name());
        return Err(EditError::request(message, "name the config that reads it"));
    }
    opened.read_all();
    is_readable(opened)?;
    has_jobs(opened)?;
    let selected = named_jobs(opened, command.jobs())?;
    let ops = command.propose(&selected);
    let jobs = std::mem::take(&mut opened.jobs);
    let change = changed(opened, &jobs, &ops);
    opened.jobs = jobs;
    Ok(change?)
}

fn changed(opened: &mut Opened<'_>, jobs: &[ScrapeConfig], ops: &[JobOp]) -> Result<ConfigChange, Diagnostic> {
    let expected = JobOp::try_all(ops, jobs);
    let texts = edit_texts(opened, jobs, ops)?;
    let EditedFiles { files, tree } = opened.to_files(texts)?;
    let overlay = Overlay { files: opened.options.files, changed: &files };
    let after = opened.with_tree(tree, &overlay);
    no_new_errors(opened, &after)?;
    if !has_jobs_of(&after, &expected) {
        let message = "the changed text does not have the requested jobs";
        return Err(refused(ids::EDIT_UNPROVED, opened.start(), message));
    }
    let changes = job_changes(opened, jobs, &expected);
    Ok(ConfigChange {
        files,
        grade: Grade::Proved,
        effect: whole_effect(&changes),
        jobs: changes,
        stage: LabelStage::Target,
        jobs_with_nothing_to_do: Vec::new(),
        jobs_without_filters: Vec::new(),
        fields: Vec::new(),
        notes: Vec::new(),
    })
}

/// The edits of all texts that the operations reach.
fn edit_texts(opened: &mut Opened<'_>, jobs: &[ScrapeConfig], ops: &[JobOp]) -> Result<Vec<EditedText>, Diagnostic> {
    let mut files: Vec<FileId> = ops.iter().map(|op| op.file(jobs)).collect();
    files.sort_unstable();
    files.dedup();
    let edit = |file: FileId| {
        let tree = opened.tree(file);
        let of_file: Vec<JobOp> = ops.iter().copied().filter(|op| op.file(jobs) == file).collect();
        let mut plan = Plan::new(&tree);
        JobOp::note_down_all(&of_file, &mut plan, Nodes { file, tree: &tree }, jobs)?;
        let (edits, tree) = prove(&plan).map_err(|unproved| explain(unproved, file))?;
        Ok(EditedText { file, edits, tree })
    };
    files.into_iter().map(edit).collect()
}

/// Whether a config has just these jobs, each with the same results.
fn has_jobs_of(after: &Opened<'_>, expected: &[&ScrapeConfig]) -> bool {
    let is_same = |(expected, found): (&&ScrapeConfig, &ScrapeConfig)| {
        expected.job_name.value == found.job_name.value
            && (!expected.is_valid || (found.is_valid && has_same_results(expected, found)))
    };
    after.jobs.len() == expected.len() && expected.iter().zip(&after.jobs).all(is_same)
}

/// What becomes of the jobs that are not in both lists.
fn job_changes(opened: &mut Opened<'_>, before: &[ScrapeConfig], after: &[&ScrapeConfig]) -> Vec<JobChange> {
    let name = |job: &'_ ScrapeConfig| job.job_name.value.clone();
    let old: FxHashSet<String> = before.iter().map(name).collect();
    let new: FxHashSet<String> = after.iter().copied().map(name).collect();
    let gone = before.iter().filter(|job| !new.contains(&job.job_name.value)).map(|job| (job, ChangeKind::JobLost));
    let added = after.iter().copied().filter(|job| !old.contains(&job.job_name.value));
    let added = added.map(|job| (job, ChangeKind::JobGained));
    let mut patterns = RegexCache::new();
    gone.chain(added).map(|(job, change)| job_change(opened, job, change, &mut patterns)).collect()
}

/// The job, and those of its known targets that are scraped: all vanish, or appear. Of a job that Prometheus refuses, or
/// whose rules are too large to be simulated, only the job counts.
fn job_change(opened: &mut Opened<'_>, job: &ScrapeConfig, change: ChangeKind, patterns: &mut RegexCache) -> JobChange {
    let name = &job.job_name.value;
    let of_targets = if change == ChangeKind::JobGained { ChangeKind::Gained } else { ChangeKind::Lost { rule: None } };
    let others = known_others(opened, job);
    let mut effect = PairedEffect::default();
    effect.of_job(name, change);
    if job.is_valid
        && let Ok(mut simulator) = JobSimulator::with_patterns(patterns, job, false)
    {
        for placed in job.static_configs.iter().flat_map(targets_of_group).chain(others.iter()) {
            let target = simulator.simulate(&placed);
            if is_kept(&target) {
                effect.of_target(name, &target, &of_targets);
            }
        }
    }
    let at = Location::new(job.file, job.job_name.span);
    JobChange {
        job: name.clone(),
        file: opened.sources.name(opened.sources.outermost(at).file).to_string(),
        grade: Grade::Proved,
        known: job.static_configs.iter().map(|group| group.targets.len()).sum::<usize>() + others.len(),
        claims: Vec::new(),
        effect: effect.end(),
        reason: None,
        series: None,
    }
}
