//! What is to be done to a job: the proposals of a command, tried, graded and placed; and what is found for all jobs.

use rustc_hash::FxHashSet;

use crate::budget::Budget;
use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{Effect, PairedEffect};
use crate::simulate::NamedBy;
use crate::text::{Location, Sources};
use crate::yaml_edit::EditedItem;

use super::super::change::ConfigChange;
use super::super::claim::{Claim as SaidClaim, Grade, JobChange, LabelChangeKind, SeriesCount};
use super::super::open::Opened;
use super::super::ops::Op;
use super::super::request::{EditError, LabelStage, refused};
use super::attempt::{Tried, try_on};
use super::command::{Answer, Command};
use super::grade::{Graded, grade, unproved};
use super::job::{JobView, Presences};
use super::place::{Site, find_places};
use super::prove::Claim;
use super::select::selected_results;
use super::trial::{ADDRESS, Before, Obstacle, SharedFacts, Trial};
use super::unselected::unselected;

/// So many jobs are searched thoroughly for the proposal with a place: each time, the whole text is read again.
pub(super) const MOST_THOROUGH: usize = 32;

/// What the driver has found for a job.
pub(super) enum Outcome {
    NothingToDo,
    NotSelected(Box<Diagnostic>),
    Chosen(Box<Chosen>),
}

/// The proposal of a job that is made.
pub(super) struct Chosen {
    pub(super) ops: Vec<Op>,
    /// The edits of the job's item, proved, where these are looked at alone.
    pub(super) edited: Option<EditedItem>,
    stages: Vec<Stage>,
    /// The job as it is to be.
    changed: ScrapeConfig,
    /// What becomes of the known targets at the first stage.
    effect: Effect,
    series: Option<SeriesCount>,
    graded: Graded,
    /// What the command says of the job.
    remarks: Vec<String>,
    /// Why a better proposal is not made.
    remark: Option<String>,
}

/// A proposal that does what is intended, and has its place.
struct Candidate {
    ops: Vec<Op>,
    edited: Option<EditedItem>,
    /// The results of trying it, at the first stage.
    tried: Tried,
    graded: Graded,
}

/// A job at a stage, on whose targets a proposal was tried.
struct Stage {
    trial: Trial,
    naming: Option<NamedBy>,
}

/// A job at a stage, simulated before the change.
struct Simulated {
    stage: LabelStage,
    trial: Trial,
    before: Before,
    selected: Vec<bool>,
    naming: Option<NamedBy>,
    presences: Presences,
}

/// What is to be done to a job.
///
/// # Errors
/// Why nothing can be done.
pub(super) fn of_job(
    opened: &mut Opened<'_>,
    site: Site<'_>,
    job: &ScrapeConfig,
    command: &dyn Command,
    is_thorough: bool,
    facts: &SharedFacts,
) -> Result<Outcome, Diagnostic> {
    let simulate = |stage| simulated(opened, job, command, stage, facts);
    let stages = command.stages().into_iter().map(simulate).collect::<Result<Vec<Simulated>, _>>()?;
    let proposals = {
        let Some(first) = stages.first().map(|stage| stage.view(opened, job, command)) else {
            return Ok(Outcome::NothingToDo);
        };
        if let Some(refusal) = unselected(&first) {
            return Ok(Outcome::NotSelected(Box::new(refusal)));
        }
        match command.propose(&first)? {
            Answer::NothingToDo => return Ok(Outcome::NothingToDo),
            Answer::NotSelected(refusal) => return Ok(Outcome::NotSelected(refusal)),
            Answer::Try(proposals) => proposals,
        }
    };
    let (best, remark) = best_of(opened, site, job, command, &stages, proposals, is_thorough)?;
    let Candidate { ops, edited, tried: Tried { changed, effect, series }, graded } = best;
    if let (Grade::Unproved, false, Some(stage)) = (graded.grade, opened.allowances.unproved, stages.first()) {
        let reason = graded.reason.unwrap_or_default();
        return Err(unproved(&stage.view(opened, job, command), &reason));
    }
    let first = stages.first().map(|stage| stage.view(opened, job, command));
    let remarks = first.map(|view| command.remarks(&view)).unwrap_or_default();
    let stages = stages.into_iter().map(|Simulated { trial, naming, .. }| Stage { trial, naming }).collect();
    Ok(Outcome::Chosen(Box::new(Chosen { ops, edited, stages, changed, effect, series, graded, remarks, remark })))
}

/// The first of the proposals of which most is proved, and why a better one is not made.
fn best_of(
    opened: &mut Opened<'_>,
    site: Site<'_>,
    job: &ScrapeConfig,
    command: &dyn Command,
    stages: &[Simulated],
    proposals: Vec<Vec<Op>>,
    is_thorough: bool,
) -> Result<(Candidate, Option<String>), Diagnostic> {
    let (mut ineffective, mut unplaced, mut less_certain, mut best) = (None, None, None, None::<Candidate>);
    let count = proposals.len();
    for (at, ops) in proposals.into_iter().enumerate() {
        let is_last = at + 1 == count;
        let views: Vec<JobView<'_>> = stages.iter().map(|stage| stage.view(opened, job, command)).collect();
        let tried = try_all(command, &views, &ops, opened.allowances.collisions);
        let graded = tried.map(|tried| {
            let graded = graded(command, views.first(), &tried.changed);
            (tried, graded)
        });
        let (tried, graded) = match graded {
            Ok(graded) => graded,
            Err(refusal) => {
                ineffective = ineffective.or(Some(refusal));
                continue;
            }
        };
        if best.as_ref().is_some_and(|best| best.graded.grade <= graded.grade) {
            continue;
        }
        let edited = match find_places(opened, site, job, &ops, is_thorough && !is_last) {
            Ok(edited) => edited,
            Err(refusal) => {
                unplaced = unplaced.or(Some(refusal));
                continue;
            }
        };
        less_certain = less_certain.or(best.take().and_then(|best| best.graded.reason));
        let is_proved = graded.grade == Grade::Proved;
        best = Some(Candidate { ops, edited, tried, graded });
        if is_proved {
            break;
        }
    }
    let message = "no change of the job has the requested effect";
    let none = || refused(ids::EDIT_UNPROVED, opened.start(), message);
    match best {
        Some(best) => {
            let unplaced = unplaced.map(|refusal: Diagnostic| refusal.message);
            Ok((best, unplaced.or(ineffective.map(reason)).or(less_certain)))
        }
        None => Err(unplaced.or(ineffective).unwrap_or_else(none)),
    }
}

fn graded(command: &dyn Command, view: Option<&JobView<'_>>, changed: &ScrapeConfig) -> Graded {
    match view {
        Some(view) => grade(view, changed, || command.statements(view)),
        None => Graded::default(),
    }
}

fn simulated(
    opened: &mut Opened<'_>,
    job: &ScrapeConfig,
    command: &dyn Command,
    stage: LabelStage,
    facts: &SharedFacts,
) -> Result<Simulated, Diagnostic> {
    let (trial, before) = Trial::simulated(opened, job, command.selection(), stage, command.is_about_dropped(), facts);
    let before = before.map_err(|obstacle| not_simulated(job, &obstacle, opened.options.max_memory))?;
    let (selected, naming) = selected_results(job, &before.result, stage, command.selection(), before.known);
    Ok(Simulated { stage, trial, before, selected, naming, presences: Presences::default() })
}

impl Simulated {
    fn view<'v>(&'v self, opened: &'v Opened<'_>, job: &'v ScrapeConfig, command: &'v dyn Command) -> JobView<'v> {
        JobView {
            job,
            stage: self.stage,
            selection: command.selection(),
            trial: &self.trial,
            before: &self.before.result,
            results: &self.before,
            selected: &self.selected,
            presences: &self.presences,
            naming: self.naming,
            known: self.before.known,
            sources: &opened.sources,
        }
    }
}

/// The refusal of a change of a job of which it is not known what becomes of its targets.
fn not_simulated(job: &ScrapeConfig, obstacle: &Obstacle, max_memory: u64) -> Diagnostic {
    let at = Location::new(job.file, job.job_name.span);
    let refusal = |message: String| refused(ids::EDIT_UNPROVED, at, message);
    match obstacle {
        Obstacle::Unknown => {
            refusal("the job cannot be simulated, so that the effect of a change is unknown".to_string())
                .with_help("`promcfg simulate` reports why")
        }
        Obstacle::LeftOut(count) => {
            let targets = if *count == 1 { "target" } else { "targets" };
            let limit = Budget::new(max_memory).limit_in_words();
            refusal(format!(
                "too large to simulate, {count} {targets} left out, so that the effect of a change is unknown"
            ))
            .with_argument("count", count.to_string())
            .with_note(format!("the results of the targets would take more memory than {limit}"))
            .with_help("allow more with --max-memory SIZE")
        }
    }
}

/// What comes of a proposal at all stages, if that is as intended: the first stage counts.
fn try_all(command: &dyn Command, views: &[JobView<'_>], ops: &[Op], may_collide: bool) -> Result<Tried, Diagnostic> {
    let all = views.iter().map(|view| try_on(command, view, ops, may_collide)).collect::<Result<Vec<Tried>, _>>()?;
    let none = || Tried { changed: ScrapeConfig::clone(views[0].job), effect: Effect::default(), series: None };
    Ok(all.into_iter().next().unwrap_or_else(none))
}

/// Why a proposal is not made: its note, where the message only says that it is not.
fn reason(refusal: Diagnostic) -> String {
    match (refusal.id == ids::LABEL_NOT_EFFECTIVE, refusal.notes.first()) {
        (true, Some(note)) => note.clone(),
        _ => refusal.message,
    }
}

/// What the driver has found for all jobs.
#[derive(Default)]
pub(super) struct Found {
    nothing_to_do: Vec<String>,
    not_selected: Vec<Diagnostic>,
    refusals: Vec<Diagnostic>,
    jobs_without_filters: Vec<String>,
    notes: Vec<String>,
}

impl Found {
    /// Adds what is found for the job of that name; what is chosen comes back.
    pub(super) fn add(&mut self, outcome: Result<Outcome, Diagnostic>, name: &str) -> Option<Box<Chosen>> {
        match outcome {
            Ok(Outcome::NothingToDo) => self.nothing_to_do.push(name.to_string()),
            Ok(Outcome::NotSelected(refusal)) => self.not_selected.push(refusal.with_job(name)),
            Ok(Outcome::Chosen(chosen)) => {
                self.choose(&chosen, name);
                return Some(chosen);
            }
            Err(refusal) => self.refusals.push(refusal.with_job(name)),
        }
        None
    }

    /// Adds what is found for the jobs after these.
    pub(super) fn join(&mut self, mut next: Self) {
        self.nothing_to_do.append(&mut next.nothing_to_do);
        self.not_selected.append(&mut next.not_selected);
        self.refusals.append(&mut next.refusals);
        self.jobs_without_filters.append(&mut next.jobs_without_filters);
        self.notes.append(&mut next.notes);
    }

    /// Whether a job is refused: nothing is changed then.
    pub(super) fn is_refused(&self) -> bool {
        !self.refusals.is_empty()
    }

    fn choose(&mut self, chosen: &Chosen, name: &str) {
        if chosen.stages.iter().any(|stage| stage.trial.is_without_filters() && !stage.trial.is_open) {
            self.jobs_without_filters.push(name.to_string());
        }
        self.notes.extend(chosen.remarks.iter().cloned());
        let remark = chosen.remark.as_ref();
        self.notes.extend(remark.map(|remark| format!("job {name}: {remark}; another method was used")));
        let naming = chosen.stages.first().and_then(|stage| stage.naming);
        let how = match naming {
            Some(NamedBy::Instance) => Some("`instance`"),
            Some(NamedBy::FinalAddress) => Some("address after relabeling"),
            Some(NamedBy::Address) | None => None,
        };
        self.notes.extend(how.map(|how| format!("job {name}: the target is selected by its {how}")));
        let is_claimed = |test: &dyn Fn(&SaidClaim) -> bool| chosen.graded.claim.as_ref().is_some_and(test);
        if naming.is_none() && is_claimed(&|claim| claim.conditions.iter().any(|(label, _)| label == ADDRESS)) {
            self.notes
                .push(format!("job {name}: no known target has this address; it is the address after relabeling"));
        }
        if is_claimed(&|claim| {
            matches!(
                claim.change,
                LabelChangeKind::Gains { only_if_absent: true, .. }
                    | LabelChangeKind::Copied { only_if_absent: true, .. }
            )
        }) {
            self.notes.push(format!(
                "job {name}: a label that comes from discovery, a rule or a scrape stays; --overwrite replaces it"
            ));
        }
    }

    /// Says once what is found for a job of several generated configs: it is made of one part of an object.
    pub(super) fn without_repeats(mut self) -> Self {
        let mut seen = FxHashSet::default();
        self.refusals
            .retain(|refusal| seen.insert((refusal.job.clone(), refusal.message.clone(), refusal.notes.clone())));
        for list in [&mut self.nothing_to_do, &mut self.jobs_without_filters, &mut self.notes] {
            let mut seen = FxHashSet::default();
            list.retain(|text| seen.insert(text.clone()));
        }
        self
    }

    /// The change of so many jobs, without files and effects.
    ///
    /// # Errors
    /// The refusals.
    pub(super) fn change(self, command: &dyn Command, chosen: usize) -> Result<ConfigChange, EditError> {
        if !self.refusals.is_empty() {
            return Err(EditError::Refused(self.refusals));
        }
        if chosen == 0 && self.nothing_to_do.is_empty() {
            return Err(EditError::Refused(self.not_selected));
        }
        let name = |refusal: &Diagnostic| refusal.job.clone().unwrap_or_default();
        let left_out = self.not_selected.iter().map(|refusal| format!("job {}: {}", name(refusal), refusal.message));
        let notes = command.notes().into_iter().chain(self.notes).chain(left_out).collect();
        Ok(ConfigChange {
            files: Vec::new(),
            grade: Grade::Proved,
            jobs: Vec::new(),
            effect: Effect::default(),
            stage: command.stages().first().copied().unwrap_or_default(),
            jobs_with_nothing_to_do: self.nothing_to_do,
            jobs_without_filters: self.jobs_without_filters,
            fields: Vec::new(),
            other_jobs: Vec::new(),
            layout: Vec::new(),
            notes,
        })
    }
}

impl Chosen {
    /// What is to be true of the job in the new text.
    pub(super) fn claims(&self) -> impl Iterator<Item = Claim<'_>> {
        self.stages.iter().map(|stage| Claim { trial: &stage.trial, expected: &self.changed })
    }

    /// What is said of the job; the file is the one that it is in.
    pub(super) fn describe(self, job: &ScrapeConfig, sources: &Sources) -> Option<JobChange> {
        let stage = self.stages.into_iter().next()?;
        let at = Location::new(job.file, job.job_name.span);
        Some(JobChange {
            job: job.job_name.value.clone(),
            file: sources.name(sources.outermost(at).file).to_string(),
            grade: self.graded.grade,
            known: stage.trial.known_targets(job),
            claims: self.graded.claim.into_iter().collect(),
            effect: self.effect,
            reason: self.graded.reason,
            series: self.series,
        })
    }

    pub(super) fn grade(&self) -> Grade {
        self.graded.grade
    }
}

/// What becomes of the known targets of all jobs.
pub(super) fn whole_effect(jobs: &[JobChange]) -> Effect {
    let mut whole = PairedEffect::default();
    jobs.iter().for_each(|job| whole.add_effect(&job.effect));
    whole.end()
}
