//! What a command sees of a job.

use crate::config::{ScrapeConfig, TargetGroup};
use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{address_of, is_kept};
use crate::simulate::{JobResult, TargetResult};
use crate::text::{Location, Sources};

use super::super::ops::{Op, RuleList, quote_pattern};
use super::super::request::{LabelStage, Selection, refused};
use super::trial::{ADDRESS, INSTANCE, Trial, is_address_instance};

const SEE_TARGETS: &str = "show the targets with: promcfg simulate CONFIG --job NAME --all-labels";

/// A job at a stage, before the change.
#[derive(Clone, Copy)]
pub(in crate::edit) struct JobView<'v> {
    pub(in crate::edit) job: &'v ScrapeConfig,
    pub(in crate::edit) stage: LabelStage,
    pub(in crate::edit) selection: &'v Selection,
    pub(in crate::edit) trial: &'v Trial,
    /// Its results.
    pub(in crate::edit) before: &'v JobResult,
    /// Which of the results are selected.
    pub(in crate::edit) selected: &'v [bool],
    pub(super) sources: &'v Sources,
}

impl JobView<'_> {
    /// Its name, for what concerns all of it.
    pub(in crate::edit) fn at(&self) -> Location {
        Location::new(self.job.file, self.job.job_name.span)
    }

    /// The rules of its stage.
    pub(in crate::edit) fn list(&self) -> RuleList {
        RuleList::of_stage(self.stage)
    }

    /// The value of a label of a result.
    pub(in crate::edit) fn value(&self, index: usize, name: &str) -> &str {
        self.before.targets[index].labels.get(name)
    }

    /// Whether a result is selected and kept.
    pub(in crate::edit) fn is_kept(&self, index: usize) -> bool {
        self.selected[index] && is_kept(&self.before.targets[index])
    }

    /// The results that are selected and kept.
    pub(in crate::edit) fn kept(&self) -> Vec<usize> {
        (0..self.selected.len()).filter(|&index| self.is_kept(index)).collect()
    }

    /// The job with operations applied.
    pub(in crate::edit) fn with(&self, ops: &[Op]) -> ScrapeConfig {
        let mut changed = self.job.clone();
        ops.iter().for_each(|op| op.try_on(&mut changed));
        changed
    }

    /// The labels and patterns by which a rule finds the selected targets.
    pub(in crate::edit) fn conditions(&self) -> Vec<(String, String)> {
        let mut conditions: Vec<(String, String)> = Vec::new();
        let selected = || self.before.targets.iter().zip(self.selected).filter(|(_, selected)| **selected);
        if let Some(address) = &self.selection.target {
            // Rules on samples do not see the address, but the labels made of it.
            let instance =
                || selected().find(|(target, _)| is_kept(target)).map(|(target, _)| target.labels.get(INSTANCE));
            conditions.push(match self.stage {
                LabelStage::Target => (ADDRESS.to_string(), quote_pattern(address)),
                LabelStage::Metric => (INSTANCE.to_string(), quote_pattern(instance().unwrap_or_default())),
            });
        }
        // Rules on targets see no `instance` where nothing but the address gives one.
        let by_address = self.stage == LabelStage::Target && selected().all(|(target, _)| is_address_instance(target));
        conditions.extend(self.selection.conditions.iter().map(|(name, pattern)| {
            let name = if by_address && name == INSTANCE { ADDRESS } else { name };
            (name.to_string(), pattern.clone())
        }));
        conditions
    }

    /// The refusal when no target is selected, or none that is selected is scraped.
    pub(in crate::edit) fn without_targets(&self) -> Diagnostic {
        let Some(index) = self.selected.iter().position(|selected| *selected) else {
            let mut refusal = refused(ids::LABEL_WITHOUT_TARGETS, self.at(), "the job has no selected target");
            for (name, pattern) in &self.selection.conditions {
                refusal =
                    refusal.with_note(format!("after all rules no target has a `{name}` that matches {pattern:?}"));
            }
            return refusal.with_help(SEE_TARGETS);
        };
        let target = &self.before.targets[index];
        let address = address_of(target);
        let why = match (&target.dropped_by, &target.error) {
            (Some(by), _) => format!("the target {address} is dropped by {}[{}]", by.list, by.rule),
            (None, Some(error)) => format!("Prometheus refuses the target {address}: {error}"),
            (None, None) => format!("the target {address} is not scraped"),
        };
        refused(ids::LABEL_WITHOUT_TARGETS, self.at(), "no selected target is scraped")
            .with_note(why)
            .with_help(SEE_TARGETS)
    }

    /// Where a label of a result comes from, in words; `job` is this one, with or without a change.
    pub(in crate::edit) fn origin(&self, job: &ScrapeConfig, target: &TargetResult, name: &str) -> (Location, String) {
        let (here, list) = (self.at(), self.list());
        let step = target.trace.iter().rev().find(|step| step.changes.iter().any(|change| change.label == name));
        if let Some(step) = step {
            let at = list.of(job).get(step.rule).map_or(here, |rule| Location::new(job.file, rule.span));
            return (at, format!("{}[{}] sets it", list.key(), step.rule));
        }
        if self.stage == LabelStage::Metric {
            return (here, "the sample or its target brings it".to_string());
        }
        if let Some(label) = group_label(job, target.at, name) {
            return (label, "a label of its group sets it".to_string());
        }
        let origin = match target.at {
            Some(at) if at.file != job.file => format!("the target brings it, from {}", self.sources.describe(at)),
            _ if name == "job" => "the name of the job sets it".to_string(),
            _ if name == INSTANCE => "the address of the target sets it, because nothing else does".to_string(),
            _ => "the target brings it".to_string(),
        };
        (here, origin)
    }
}

fn group_label(job: &ScrapeConfig, target: Option<Location>, name: &str) -> Option<Location> {
    let target = target?;
    let is_its =
        |group: &&TargetGroup| group.file == target.file && group.targets.iter().any(|own| own.span == target.span);
    let group = job.static_configs.iter().find(is_its)?;
    let (own, value) = group.labels.iter().find(|(own, _)| own.value == name)?;
    Some(Location::new(group.file, own.span.to(value.span)))
}
