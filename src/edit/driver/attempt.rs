//! A proposal tried on the targets of a job, one after the other: only what is to be reported of them is held.

use std::ops::ControlFlow;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{Effect, PairedEffect, differing, is_kept};
use crate::simulate::TargetResult;

use super::super::claim::SeriesCount;
use super::super::ops::Op;
use super::super::request::{LabelStage, refused};
use super::collide::{LabelSets, refuse_collisions};
use super::command::{Attempt, Command};
use super::intent::{Deviation, Intent, Mismatch};
use super::job::JobView;
use super::pairs::{Pair, each_pair};
use super::runner::Runner;

/// A proposal that does just what is intended.
pub(super) struct Tried {
    /// The job with the proposal applied.
    pub(super) changed: ScrapeConfig,
    /// What becomes of the known targets.
    pub(super) effect: Effect,
    /// How many of the given series are stored, where some are dropped or kept.
    pub(super) series: Option<SeriesCount>,
}

/// Tries a proposal on the targets of a job at one stage.
pub(super) fn try_on(
    command: &dyn Command,
    view: &JobView<'_>,
    ops: &[Op],
    may_collide: bool,
) -> Result<Tried, Diagnostic> {
    let changed = view.with(ops);
    let (effect, series) = effect_of(command, view, &changed, may_collide)?;
    Ok(Tried { changed, effect, series })
}

/// What becomes of the known targets, if all that becomes of the targets is intended.
fn effect_of(
    command: &dyn Command,
    view: &JobView<'_>,
    changed: &ScrapeConfig,
    may_collide: bool,
) -> Result<(Effect, Option<SeriesCount>), Diagnostic> {
    let unproved = |message| refused(ids::EDIT_UNPROVED, view.at(), message);
    let variants = (view.trial.variant(view.job), view.trial.variant(changed));
    let Some(new) = view.trial.runner(&variants.1, true) else {
        return Err(unproved("the effect of the change cannot be simulated"));
    };
    let (intent, sets, effect) = (command.intent(view), LabelSets::default(), PairedEffect::default());
    let series = None;
    let mut comparison = Comparison { view, intent, variant: &variants.0, old: None, new, sets, effect, series };
    let deviation = match each_pair(view.trial, view.job, changed, true, &mut |pair| comparison.pair(&pair)) {
        None => Some(Deviation::Number),
        Some(ControlFlow::Break(deviation)) => Some(deviation),
        Some(ControlFlow::Continue(())) => None,
    };
    match deviation {
        Some(Deviation::Number) => Err(unproved("the change would make more or fewer targets")),
        Some(Deviation::Result { old, new, is_selected, difference }) => {
            let old = &view.before.targets[old];
            let mismatch = Mismatch { old, new: &new, is_selected, difference };
            Err(command.explain(view, &Attempt { changed, mismatch }))
        }
        None => {
            if !may_collide {
                refuse_collisions(view, comparison.sets.collision(), || command.statements(view))?;
            }
            Ok((comparison.effect.end(), comparison.series))
        }
    }
}

/// What is compared of the job before and after.
struct Comparison<'c> {
    view: &'c JobView<'c>,
    intent: Intent<'c>,
    /// The job before.
    variant: &'c ScrapeConfig,
    /// Simulates it once more, with traces, where these are needed.
    old: Option<Runner<'c>>,
    new: Runner<'c>,
    sets: LabelSets,
    effect: PairedEffect,
    /// The stored series of the first target of which some are dropped or kept.
    series: Option<SeriesCount>,
}

impl Comparison<'_> {
    /// Compares the results of a target.
    fn pair(&mut self, pair: &Pair) -> ControlFlow<Deviation> {
        let news = self.new.results(&pair.new);
        let indices = self.view.results.results_of(pair.index);
        let Some(olds) = self.view.before.targets.get(indices.clone()).filter(|olds| olds.len() == news.len()) else {
            return ControlFlow::Break(Deviation::Number);
        };
        for ((index, old), new) in indices.clone().zip(olds).zip(&news) {
            if let Some(deviation) = self.intent.deviation(index, old, new) {
                return ControlFlow::Break(deviation);
            }
        }
        if indices.end <= self.view.known {
            for ((index, old), new) in indices.clone().zip(olds).zip(&news) {
                self.sets.add(index, old, new);
            }
            self.note_effect(pair, olds, &news);
        }
        ControlFlow::Continue(())
    }

    /// The results before, with traces.
    fn traced(&mut self, pair: &Pair) -> Option<Vec<TargetResult>> {
        if self.old.is_none() {
            self.old = self.view.trial.runner(self.variant, true);
        }
        self.old.as_mut().map(|old| old.results(&pair.old))
    }

    /// Of samples that are dropped or kept each counts, where the user gave them: an example says nothing of others.
    fn note_samples(&mut self, olds: &[TargetResult], news: &[TargetResult]) {
        if !self.view.has_given_samples() {
            return;
        }
        let stored = |results: &[TargetResult]| results.iter().filter(|result| is_kept(result)).count();
        let count = SeriesCount { before: stored(olds), after: stored(news) };
        self.series = self.series.or(Some(count));
        for (old, new) in olds.iter().zip(news).filter(|(old, new)| old.status != new.status) {
            self.effect.add(&self.view.job.job_name.value, old, new);
        }
    }

    /// Of several results of a target, the first that changes counts.
    fn note_effect(&mut self, pair: &Pair, olds: &[TargetResult], news: &[TargetResult]) {
        let is_of_samples = self.view.stage == LabelStage::Metric;
        if is_of_samples && olds.iter().zip(news).any(|(old, new)| old.status != new.status) {
            return self.note_samples(olds, news);
        }
        let is_changed =
            |(old, new): (&TargetResult, &TargetResult)| old.labels != new.labels || old.status != new.status;
        let changed = olds.iter().zip(news).position(is_changed);
        let at = changed.unwrap_or(0);
        let (Some(old), Some(new)) = (olds.get(at), news.get(at)) else { return };
        let job = &self.view.job.job_name.value;
        // The rule that a label was lost by is in the trace of the old result.
        let is_lost =
            changed.is_some() && differing(&old.labels, &new.labels).iter().any(|(_, _, after)| after.is_empty());
        let traced = if is_lost { self.traced(pair) } else { None };
        match traced.and_then(|traced| traced.into_iter().nth(at)) {
            Some(traced) => self.effect.add(job, &traced, new),
            None => self.effect.add(job, old, new),
        }
    }
}
