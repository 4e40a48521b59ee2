//! Edits of which jobs a config has, and which targets these have. As for edits of a job, the operations are tried, placed
//! and proved here; a command only names them.
//!
//! 1. **try**: the operations are applied to the typed jobs. This gives the jobs that the new config is to have. Each job
//!    must have the targets that the command intends ([`Fates`]), with all of their labels and URLs, and no others;
//! 1. **place**: every operation must find its node in the text, and no other place may use what goes;
//! 1. **prove**: the new tree must be the old one with just these operations, and each comment at its place or gone with
//!    the job that it belongs to. The new files are read as a whole: they must have no new error, and the jobs of step 1,
//!    each with all that its results depend on;
//! 1. **effect**: the targets of jobs that are gone vanish, those of new jobs appear. That is true for all targets,
//!    also for those that only discovery knows; the known ones are counted. A target that vanishes in one job and appears
//!    in another has moved.

use std::cell::RefCell;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{FileId, Span};
use crate::yaml_edit::prove;

use super::super::change::{ConfigChange, FileChange};
use super::super::claim::{Grade, JobChange};
use super::super::open::{EditedFiles, EditedText, Opened};
use super::super::ops::{Expected, JobOp, Nodes, Shared};
use super::super::overlay::Overlay;
use super::super::request::{EditError, LabelStage, Method, refused};
use super::fates::{Fates, effects, targets_are_as_intended};
use super::jobs_expected::{is_expected, written_texts};
use super::jobs_local;
use super::jobs_view::JobsView;
use super::object_jobs;
use super::prove::no_new_errors;
use super::same_labels::refuse_same_labels;
use super::select::is_readable;
use super::unproved::explain;

/// An edit of the list of jobs, or of the targets of jobs.
pub(in crate::edit) trait JobsCommand {
    /// Refuses what cannot be asked for, whatever the config.
    fn check(&self) -> Result<(), EditError>;

    /// Whether it is about targets: those of target files as well, and those of a text that is a target file.
    fn is_about_targets(&self) -> bool;

    /// The job whose targets go to a target file, and the path of that.
    fn target_file(&self, _view: &JobsView<'_>) -> Result<Option<(usize, String)>, EditError> {
        Ok(None)
    }

    /// The operations, and what they are to do.
    fn propose(&self, view: &JobsView<'_>) -> Result<Proposal, EditError>;
}

/// What a command proposes.
#[derive(Default)]
pub(in crate::edit) struct Proposal {
    pub(in crate::edit) ops: Vec<JobOp>,
    /// The targets that are to vanish and to appear.
    pub(in crate::edit) fates: Fates,
    /// The jobs that are selected: a part that only they share may change, where that is wanted.
    pub(in crate::edit) selected: Vec<usize>,
    /// Jobs that are as asked for.
    pub(in crate::edit) nothing_to_do: Vec<String>,
    pub(in crate::edit) notes: Vec<String>,
    /// What moves, in words, where nothing else changes.
    pub(in crate::edit) moved: Option<String>,
}

/// Makes the change that a command asks for, without writing it.
pub(in crate::edit) fn run_on_jobs(
    opened: &mut Opened<'_>,
    command: &dyn JobsCommand,
) -> Result<ConfigChange, EditError> {
    command.check()?;
    object_jobs::keep_one_of_each(opened);
    if command.is_about_targets() {
        opened.prepare(Method::Static);
    } else if opened.is_target_file && !opened.takes_list_of_jobs() {
        let message = format!("{} is a target file, which has no jobs", opened.name());
        return Err(EditError::request(message, "name the config that reads it"));
    }
    let is_one_text = opened.is_unread();
    opened.read_all();
    is_readable(opened)?;
    if let Some(fault) = opened.diagnostics.iter().find(|fault| opened.is_target_file && fault.is_error()) {
        let fault = fault.clone().with_note("promcfg does not edit a target file that Prometheus refuses");
        return Err(fault.into());
    }
    let wanted = command.target_file(&JobsView { opened, target_file: None })?;
    let target_file = wanted.map(|(job, path)| opened.target_file(job, &path)).transpose()?;
    let proposal = command.propose(&JobsView { opened, target_file: target_file.as_ref() })?;
    let jobs = std::mem::take(&mut opened.jobs);
    let change = changed(opened, &jobs, proposal, is_one_text);
    opened.jobs = jobs;
    Ok(change?)
}

fn changed(
    opened: &mut Opened<'_>,
    jobs: &[ScrapeConfig],
    proposal: Proposal,
    is_one_text: bool,
) -> Result<ConfigChange, Diagnostic> {
    let Proposal { ops, fates, selected, nothing_to_do, notes, moved } = proposal;
    let mut change = ConfigChange {
        files: Vec::new(),
        grade: Grade::Proved,
        jobs: Vec::new(),
        effect: crate::effect::Effect::default(),
        stage: LabelStage::Target,
        jobs_with_nothing_to_do: nothing_to_do,
        jobs_without_filters: Vec::new(),
        fields: Vec::new(),
        other_jobs: Vec::new(),
        layout: moved.into_iter().collect(),
        notes,
    };
    if ops.is_empty() {
        return Ok(change);
    }
    let mut expected = JobOp::try_all(&ops, jobs);
    object_jobs::adapt(opened, jobs, &ops, &mut expected);
    targets_are_as_intended(opened, jobs, &expected, &fates)?;
    refuse_same_labels(opened, jobs, &expected, &fates)?;
    let local = if is_one_text { jobs_local::change(opened, jobs, &ops, &expected) } else { None };
    let files =
        local.map_or_else(|| changed_files(opened, jobs, (&ops, &selected), &expected), |file| Ok(vec![file]))?;
    let effects = effects(opened, jobs, &expected, &fates);
    change.files = files;
    change.effect = effects.whole;
    change.other_jobs = of_other_readers(opened, jobs, &selected, &fates, &effects.jobs);
    change.jobs = effects.jobs;
    change.notes.extend(effects.notes);
    change.notes.extend(object_jobs::notes(opened, jobs, &ops, &expected));
    Ok(change)
}

/// What becomes of jobs that are not selected, but read a target file that changes.
fn of_other_readers(
    opened: &Opened<'_>,
    jobs: &[ScrapeConfig],
    selected: &[usize],
    fates: &Fates,
    changes: &[JobChange],
) -> Vec<String> {
    if opened.is_target_file {
        return Vec::new();
    }
    let line = |(index, job): (usize, &ScrapeConfig)| {
        let groups = [&fates.vanish, &fates.appear].into_iter().filter_map(|groups| groups.get(&index)).flatten();
        let file = groups.map(|group| group.file).find(|file| *file != job.file)?;
        let name = &job.job_name.value;
        let change = changes.iter().find(|change| change.job == *name && !change.effect.is_none())?;
        let words: Vec<String> = change.effect.groups.iter().map(ToString::to_string).collect();
        let file = opened.sources.name(file);
        Some(format!("job {name}, which is not selected, also reads {file}: {}", words.join(", ")))
    };
    jobs.iter().enumerate().filter(|(index, _)| !selected.contains(index)).filter_map(line).collect()
}

/// The changed files, which are read again as a whole.
fn changed_files(
    opened: &mut Opened<'_>,
    jobs: &[ScrapeConfig],
    (ops, selected): (&[JobOp], &[usize]),
    expected: &[Expected<'_>],
) -> Result<Vec<FileChange>, Diagnostic> {
    let texts = edit_texts(opened, jobs, ops, selected)?;
    let EditedFiles { files, tree } = opened.to_files(texts)?;
    let overlay = Overlay { files: opened.options.files, changed: &files };
    let mut after = opened.with_tree(tree, &overlay);
    object_jobs::keep_one_of_each(&mut after);
    object_jobs::allow_no_objects(opened, &mut after);
    no_new_errors(opened, &after)?;
    object_jobs::nothing_else_differs(opened, &after, jobs, ops, expected)?;
    if !has_jobs_of(&after, expected) {
        let message = "the changed text does not have the requested jobs";
        return Err(refused(ids::EDIT_UNPROVED, opened.start(), message));
    }
    drop(after);
    Ok(files)
}

/// The edits of all texts that the operations reach.
fn edit_texts(
    opened: &mut Opened<'_>,
    jobs: &[ScrapeConfig],
    ops: &[JobOp],
    selected: &[usize],
) -> Result<Vec<EditedText>, Diagnostic> {
    let (of_objects, ops): (Vec<&JobOp>, Vec<&JobOp>) = ops.iter().partition(|op| opened.is_generated(op.file(jobs)));
    let of_objects = match of_objects.is_empty() {
        true => None,
        false => Some(object_jobs::edit_text(opened, jobs, &of_objects)?),
    };
    let written = written_texts(opened, jobs, &ops);
    let mut files: Vec<FileId> = ops.iter().map(|op| op.file(jobs)).collect();
    files.sort_unstable();
    files.dedup();
    let edit = |file: FileId| {
        let (tree, shared) = (opened.tree(file), RefCell::<Shared>::default());
        let of_file: Vec<&JobOp> = ops.iter().copied().filter(|op| op.file(jobs) == file).collect();
        if let Some((edits, tree)) = JobOp::new_text(&of_file, &tree, &written)? {
            return Ok(EditedText { file, edits, tree });
        }
        let mut plan = opened.plan(file, &tree);
        let nodes = Nodes { file, tree: &tree, shared: opened.changes_shared().then_some(&shared) };
        JobOp::note_down_all(&of_file, &mut plan, nodes, jobs, &written)?;
        nodes.used_only_by(&users_in(file, jobs, &of_file, selected), true)?;
        nodes.keeps_anchors(&plan)?;
        let (edits, tree) = prove(&plan).map_err(|unproved| explain(unproved, file))?;
        Ok(EditedText { file, edits, tree })
    };
    files.into_iter().map(edit).chain(of_objects.map(Ok)).collect()
}

/// The bytes of what a change may reach in a file: jobs in their own file, and groups in target files.
fn users_in(file: FileId, jobs: &[ScrapeConfig], ops: &[&JobOp], selected: &[usize]) -> Vec<Span> {
    let of_jobs = selected.iter().filter_map(|job| jobs.get(*job)).filter(|job| job.file == file).map(|job| job.span);
    let is_of_config = jobs.iter().any(|job| job.file == file);
    let of_groups = ops.iter().filter_map(|op| op.group()).filter(|at| at.file == file && !is_of_config);
    of_jobs.chain(of_groups.map(|at| at.span)).collect()
}

/// Whether a config has just these jobs, each with the same results.
fn has_jobs_of(after: &Opened<'_>, expected: &[Expected<'_>]) -> bool {
    after.jobs.len() == expected.len()
        && expected.iter().zip(&after.jobs).all(|(expected, found)| is_expected(expected, found))
}
