//! The targets of a job, on which a change is tried in memory.

use crate::config::{RelabelRule, ScrapeConfig};
use crate::effect::is_kept;
use crate::options::Options;
use crate::relabel::{Action, RuleSpec};
use crate::scrape::DiscoveredTarget;
use crate::simulate::{
    JobResult, JobSimulator, PlacedTarget, Status, TargetResult, example_targets, targets_of_group, targets_of_job,
};
use crate::text::{Sources, Span};

use super::super::request::{LabelStage, Selection};
use super::samples::Samples;

/// Targets of a job to try a change on.
#[derive(Debug)]
pub(in crate::edit) struct Trial {
    /// Those of `file_sd_configs`, and examples.
    others: Vec<PlacedTarget>,
    /// Samples, when they are what the change is about.
    samples: Option<Samples>,
    /// Whether some targets are examples: discovery alone knows the real ones.
    pub(in crate::edit) has_examples: bool,
    /// Whether rules that drop are skipped: they keep no target that is known.
    pub(in crate::edit) without_filters: bool,
}

/// A rule that does nothing.
fn nothing() -> RuleSpec {
    RuleSpec { action: Some(Action::LabelDrop), regex: Some(String::new()), ..RuleSpec::default() }
}

impl Trial {
    pub(in crate::edit) fn of(
        job: &ScrapeConfig,
        selection: &Selection,
        stage: LabelStage,
        sources: &mut Sources,
        options: &Options<'_>,
    ) -> Self {
        let mut others = targets_of_files(job, sources, options);
        let is_known = |key: &str| key == "static_configs" || (key == "file_sd_configs" && !others.is_empty());
        let mut has_examples = false;
        if job.discovery.iter().any(|sd| !is_known(&sd.key)) {
            let is_there = has_target(job, &others, selection);
            let mut examples = examples(job, selection, stage);
            if !is_there {
                examples.iter_mut().for_each(|example| set_address(example, selection));
            }
            has_examples = !examples.is_empty();
            others.extend(examples);
        }
        if others.is_empty() && job.static_configs.iter().all(|group| group.targets.is_empty()) {
            let target = DiscoveredTarget::from_address(selection.target.as_deref().unwrap_or("10.0.0.1:9100"));
            others.push(PlacedTarget { target, at: None });
            has_examples = true;
        }
        let samples = (stage == LabelStage::Metric).then(|| Samples::of(job, &selection.conditions));
        let mut trial = Self { others, samples, has_examples, without_filters: false };
        let has_kept = trial.simulate(job).is_some_and(|result| result.targets.iter().any(is_kept));
        trial.without_filters = !has_kept;
        trial
    }

    /// Simulates a variant of the job on its own static targets and on the others.
    pub(in crate::edit) fn simulate(&self, job: &ScrapeConfig) -> Option<JobResult> {
        let mut job = job.clone();
        if self.without_filters {
            let rules = job.relabel_configs.iter_mut().chain(&mut job.metric_relabel_configs);
            let filters = rules.filter(|rule| rule.spec.action.is_some_and(Action::is_filter));
            filters.for_each(|rule| rule.spec = nothing());
        }
        let mut simulator = JobSimulator::new(&job, true).ok()?;
        let mut result = JobSimulator::outline(&job);
        let statics = job.static_configs.iter().flat_map(targets_of_group);
        result.targets = statics.chain(self.others.iter().cloned()).map(|placed| simulator.simulate(&placed)).collect();
        match &self.samples {
            Some(samples) => samples.simulate(&job, &result),
            None => Some(result),
        }
    }

    /// The same with static targets only.
    pub(in crate::edit) fn without_others(&self) -> Self {
        Self { others: Vec::new(), samples: None, ..*self }
    }
}

/// Whether the target has an `instance` only because its address becomes one, after all rules.
pub(in crate::edit) fn is_address_instance(target: &TargetResult) -> bool {
    let mut changes = target.trace.iter().flat_map(|step| &step.changes).rev();
    match changes.find(|change| change.label == INSTANCE) {
        Some(last) => last.after.as_deref().unwrap_or("").is_empty(),
        None => target.discovered.get(INSTANCE).is_empty(),
    }
}

pub(in crate::edit) const INSTANCE: &str = "instance";
pub(in crate::edit) const ADDRESS: &str = "__address__";

/// The targets that the files of `file_sd_configs` have.
pub(in crate::edit) fn targets_of_files(
    job: &ScrapeConfig,
    sources: &mut Sources,
    options: &Options<'_>,
) -> Vec<PlacedTarget> {
    if job.file_sd_configs.is_empty() {
        return Vec::new();
    }
    let from_files = ScrapeConfig { static_configs: Vec::new(), ..job.clone() };
    targets_of_job(&from_files, sources, options).0
}

/// Whether the selected target is a static one, or among `others`.
pub(in crate::edit) fn has_target(job: &ScrapeConfig, others: &[PlacedTarget], selection: &Selection) -> bool {
    let Some(address) = &selection.target else { return true };
    let is_static = job.static_configs.iter().flat_map(|group| &group.targets).any(|own| own.value == *address);
    is_static || others.iter().any(|placed| address_in(placed) == Some(address))
}

/// Targets of the mechanisms, one of each also such that it fits the conditions.
fn examples(job: &ScrapeConfig, selection: &Selection, stage: LabelStage) -> Vec<PlacedTarget> {
    let mut examples = example_targets(job);
    if stage == LabelStage::Target && !selection.conditions.is_empty() {
        let mut choosy = job.clone();
        let has_instance = job.relabel_configs.iter().any(|rule| rule.spec.target_label == INSTANCE);
        choosy.relabel_configs.extend(selection.conditions.iter().map(|(name, pattern)| {
            let name = if name == INSTANCE && !has_instance { ADDRESS } else { name };
            let spec = RuleSpec {
                source_labels: Some(vec![name.to_string()]),
                regex: Some(pattern.clone()),
                action: Some(Action::Keep),
                ..RuleSpec::default()
            };
            RelabelRule::new(spec, Span::empty(0))
        }));
        examples.extend(example_targets(&choosy));
    }
    examples
}

/// Whether some result could not be computed.
pub(in crate::edit) fn has_unknown(result: &JobResult) -> bool {
    result.targets.iter().any(|target| target.status == Status::Unknown)
}

fn address_in(placed: &PlacedTarget) -> Option<&String> {
    placed.target.own.iter().find(|(name, _)| name == "__address__").map(|(_, address)| address)
}

fn set_address(placed: &mut PlacedTarget, selection: &Selection) {
    for (name, value) in &mut placed.target.own {
        if let (true, Some(target)) = (name == "__address__", &selection.target) {
            value.clone_from(target);
        }
    }
}
