//! Leads a command through selection, trial, placement and proof.

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{Effect, compare};
use crate::simulate::{JobResult, Simulation};
use crate::text::Location;

use super::super::change::ConfigChange;
use super::super::open::{EditedFiles, Opened};
use super::super::ops::Op;
use super::super::overlay::Overlay;
use super::super::request::{EditError, LabelStage, refused};
use super::command::{Answer, Attempt, Command};
use super::intent::{Deviation, Intent};
use super::job::JobView;
use super::place::{OfJob, edit_texts, find_places};
use super::prove::{Claim, prove};
use super::select::{select_jobs, selected_results};
use super::trial::{Trial, has_unknown};

/// Makes the change that a command asks for, without writing it.
pub(in crate::edit) fn run(opened: &mut Opened<'_>, command: &dyn Command) -> Result<ConfigChange, EditError> {
    command.check()?;
    let mut found = Found::default();
    for index in select_jobs(opened, command)? {
        let outcome = of_job(opened, index, command);
        found.add(outcome, &opened.jobs[index]);
    }
    found.finish(opened, command)
}

/// What the driver has found for a job.
enum Outcome {
    NothingToDo,
    NotSelected(Diagnostic),
    Chosen(Chosen),
}

/// The proposal of a job that is made.
struct Chosen {
    job: usize,
    ops: Vec<Op>,
    /// Each stage before the change, and the results intended there.
    stages: Vec<(Simulated, JobResult)>,
    /// Why a better proposal is not made.
    remark: Option<String>,
}

/// A job at a stage, simulated before the change.
struct Simulated {
    stage: LabelStage,
    trial: Trial,
    before: JobResult,
    selected: Vec<bool>,
}

fn of_job(opened: &mut Opened<'_>, index: usize, command: &dyn Command) -> Result<Outcome, Diagnostic> {
    if let Some(refusal) = opened.unreadable_targets(index) {
        return Err(refusal);
    }
    let simulate = |stage| simulated(opened, index, command, stage);
    let stages = command.stages().into_iter().map(simulate).collect::<Result<Vec<Simulated>, _>>()?;
    let first = stages.first().map(|stage| stage.view(opened, index, command));
    let proposals = match first.map(|view| command.propose(&view)).transpose()? {
        None | Some(Answer::NothingToDo) => return Ok(Outcome::NothingToDo),
        Some(Answer::NotSelected(refusal)) => return Ok(Outcome::NotSelected(*refusal)),
        Some(Answer::Try(proposals)) => proposals,
    };
    let (mut ineffective, mut unplaced) = (None, None);
    for ops in proposals {
        let views: Vec<JobView<'_>> = stages.iter().map(|stage| stage.view(opened, index, command)).collect();
        let afters = match try_all(command, &views, &ops) {
            Ok(afters) => afters,
            Err(refusal) => {
                ineffective = ineffective.or(Some(refusal));
                continue;
            }
        };
        if let Err(refusal) = find_places(opened, index, &ops) {
            unplaced = unplaced.or(Some(refusal));
            continue;
        }
        let remark = unplaced.map(|refusal: Diagnostic| refusal.message).or(ineffective.map(reason));
        let stages = stages.into_iter().zip(afters).collect();
        return Ok(Outcome::Chosen(Chosen { job: index, ops, stages, remark }));
    }
    let message = "no change of the job has the requested effect";
    let none = || refused(ids::EDIT_UNPROVED, opened.start(), message);
    Err(unplaced.or(ineffective).unwrap_or_else(none))
}

fn simulated(
    opened: &mut Opened<'_>,
    index: usize,
    command: &dyn Command,
    stage: LabelStage,
) -> Result<Simulated, Diagnostic> {
    let job = &opened.jobs[index];
    let trial = Trial::of(job, command.selection(), stage, &mut opened.sources, &opened.options);
    let Some(before) = trial.simulate(job).filter(|result| !has_unknown(result)) else {
        let message = "the job cannot be simulated, so that the effect of a change is unknown";
        return Err(refused(ids::EDIT_UNPROVED, Location::new(job.file, job.job_name.span), message)
            .with_help("`promcfg simulate` reports why"));
    };
    let selected = selected_results(job, &before, stage, command.selection());
    Ok(Simulated { stage, trial, before, selected })
}

impl Simulated {
    fn view<'v>(&'v self, opened: &'v Opened<'_>, index: usize, command: &'v dyn Command) -> JobView<'v> {
        JobView {
            job: &opened.jobs[index],
            stage: self.stage,
            selection: command.selection(),
            trial: &self.trial,
            before: &self.before,
            selected: &self.selected,
            sources: &opened.sources,
        }
    }
}

/// The results of a proposal at all stages, if they are as intended.
fn try_all(command: &dyn Command, views: &[JobView<'_>], ops: &[Op]) -> Result<Vec<JobResult>, Diagnostic> {
    views.iter().map(|view| try_on(command, view, ops)).collect()
}

fn try_on(command: &dyn Command, view: &JobView<'_>, ops: &[Op]) -> Result<JobResult, Diagnostic> {
    let unproved = |message| refused(ids::EDIT_UNPROVED, view.at(), message);
    let changed = view.with(ops);
    let after =
        view.trial.simulate(&changed).ok_or_else(|| unproved("the effect of the change cannot be simulated"))?;
    let intent: Intent = command.intent(view);
    match intent.deviation(view.before, &after) {
        None => Ok(after),
        Some(Deviation::Number) => Err(unproved("the change would make more or fewer targets")),
        Some(Deviation::Result(mismatch)) => Err(command.explain(view, &Attempt { changed: &changed, mismatch })),
    }
}

/// Why a proposal is not made: its note, where the message only says that it is not.
fn reason(refusal: Diagnostic) -> String {
    refusal.notes.into_iter().next().unwrap_or(refusal.message)
}

/// What was found for all jobs.
#[derive(Default)]
struct Found {
    chosen: Vec<Chosen>,
    nothing_to_do: Vec<String>,
    not_selected: Vec<Diagnostic>,
    refusals: Vec<Diagnostic>,
    jobs_with_examples: Vec<String>,
    jobs_without_filters: Vec<String>,
    notes: Vec<String>,
}

impl Found {
    fn add(&mut self, outcome: Result<Outcome, Diagnostic>, job: &ScrapeConfig) {
        let name = &job.job_name.value;
        match outcome {
            Ok(Outcome::NothingToDo) => self.nothing_to_do.push(name.clone()),
            Ok(Outcome::NotSelected(refusal)) => self.not_selected.push(refusal.with_job(name.clone())),
            Ok(Outcome::Chosen(chosen)) => self.choose(chosen, name),
            Err(refusal) => self.refusals.push(refusal.with_job(name.clone())),
        }
    }

    fn choose(&mut self, chosen: Chosen, name: &str) {
        if chosen.stages.iter().any(|(stage, _)| stage.trial.has_examples) {
            self.jobs_with_examples.push(name.to_string());
        }
        if chosen.stages.iter().any(|(stage, _)| stage.trial.without_filters) {
            self.jobs_without_filters.push(name.to_string());
        }
        let remark = chosen.remark.as_ref();
        self.notes.extend(remark.map(|remark| format!("job {name}: {remark}; another method was used")));
        self.chosen.push(chosen);
    }

    fn finish(self, opened: &mut Opened<'_>, command: &dyn Command) -> Result<ConfigChange, EditError> {
        if !self.refusals.is_empty() {
            return Err(EditError::Refused(self.refusals));
        }
        if self.chosen.is_empty() && self.nothing_to_do.is_empty() {
            return Err(EditError::Refused(self.not_selected));
        }
        let name = |refusal: &Diagnostic| refusal.job.clone().unwrap_or_default();
        let left_out = self.not_selected.iter().map(|refusal| format!("job {}: {}", name(refusal), refusal.message));
        let notes = command.notes().into_iter().chain(self.notes).chain(left_out).collect();
        let mut change = ConfigChange {
            files: Vec::new(),
            effect: Effect::default(),
            stage: command.stages().first().copied().unwrap_or_default(),
            jobs_with_nothing_to_do: self.nothing_to_do,
            jobs_with_examples: self.jobs_with_examples,
            jobs_without_filters: self.jobs_without_filters,
            notes,
        };
        complete(opened, self.chosen, &mut change)?;
        Ok(change)
    }
}

/// Makes the files of the chosen proposals, proves them, and describes their effect.
fn complete(opened: &mut Opened<'_>, chosen: Vec<Chosen>, change: &mut ConfigChange) -> Result<(), Diagnostic> {
    if chosen.is_empty() {
        return Ok(());
    }
    let ops: Vec<OfJob<'_>> = chosen.iter().map(|chosen| (chosen.job, chosen.ops.as_slice())).collect();
    let texts = edit_texts(opened, &ops)?;
    let EditedFiles { files, tree } = opened.to_files(texts)?;
    let overlay = Overlay { files: opened.options.files, changed: &files };
    let after = opened.with_tree(tree, &overlay);
    prove(opened, &after, &claims(&chosen))?;
    let selected: Vec<usize> = chosen.iter().map(|chosen| chosen.job).collect();
    opened.other_readers_stay(&after, &selected, &files)?;
    let firsts = chosen.into_iter().filter_map(|chosen| chosen.stages.into_iter().next());
    let (befores, afters) = firsts.map(|(stage, after)| (stage.before, after)).unzip();
    let simulation = |jobs| Simulation { jobs, diagnostics: Vec::new() };
    change.effect = compare(&simulation(befores), &simulation(afters));
    change.files = files;
    Ok(())
}

fn claims(chosen: &[Chosen]) -> Vec<Claim<'_>> {
    let stages = chosen.iter().flat_map(|chosen| chosen.stages.iter().map(|stage| (chosen.job, stage)));
    stages.map(|(job, (stage, expected))| Claim { job, trial: &stage.trial, expected }).collect()
}
