//! The targets of a job, on which a change is tried in memory.

use crate::config::{RelabelRule, ScrapeConfig, Sd};
use crate::effect::is_kept;
use crate::relabel::{Action, RuleSpec};
use crate::scrape::DiscoveredTarget;
use crate::simulate::{
    JobResult, JobSimulator, PlacedTarget, Status, TargetResult, example_targets, targets_of_group, targets_of_job,
};
use crate::text::Span;

use super::super::open::Opened;
use super::super::request::{LabelStage, Selection};
use super::samples::Samples;

/// Targets of a job to try a change on.
#[derive(Debug)]
pub(in crate::edit) struct Trial {
    /// Those of `file_sd_configs`, or those that the user gave.
    others: Vec<PlacedTarget>,
    /// Targets that discovery might find; they only illustrate.
    examples: Vec<PlacedTarget>,
    /// Samples, when they are what the change is about.
    samples: Option<Samples>,
    /// Whether other targets exist, or can exist, than those that are known.
    pub(in crate::edit) is_open: bool,
    /// Whether each source of targets has some that are known.
    pub(in crate::edit) is_sampled: bool,
    /// Whether rules that drop are skipped: they keep no target that is known.
    pub(in crate::edit) without_filters: bool,
}

/// A rule that does nothing.
fn nothing() -> RuleSpec {
    RuleSpec { action: Some(Action::LabelDrop), regex: Some(String::new()), ..RuleSpec::default() }
}

impl Trial {
    pub(in crate::edit) fn of(opened: &mut Opened<'_>, index: usize, selection: &Selection, stage: LabelStage) -> Self {
        let others = known_others(opened, index);
        let (job, given) = (&opened.jobs[index], &opened.given);
        let is_given = given.targets_of(&job.job_name.value).is_some();
        let has_known = |sd: &Sd| sd.is_static() || is_given || (sd.is_known() && !others.is_empty());
        let mut examples = Vec::new();
        if !job.discovery.iter().all(has_known) {
            examples = examples_of(job, selection, stage);
            if !has_target(job, &others, selection) {
                examples.iter_mut().for_each(|example| set_address(example, selection));
            }
        }
        let has_static = job.static_configs.iter().any(|group| !group.targets.is_empty());
        if others.is_empty() && examples.is_empty() && !has_static {
            let address = selection.targets.first().map_or("10.0.0.1:9100", String::as_str);
            examples.push(PlacedTarget { target: DiscoveredTarget::from_address(address), at: None });
        }
        let is_of_samples = stage == LabelStage::Metric;
        let samples = is_of_samples.then(|| Samples::of(job, &selection.conditions, given.samples()));
        let is_sampled = job.discovery.iter().all(has_known)
            && (has_static || !others.is_empty())
            && (!is_of_samples || !given.samples().is_empty());
        let is_open = is_of_samples || !job.discovery.iter().all(Sd::is_static);
        let mut trial = Self { others, examples, samples, is_open, is_sampled, without_filters: false };
        let has_kept = trial.simulate(job).is_some_and(|result| result.targets.iter().any(is_kept));
        trial.without_filters = !has_kept;
        trial
    }

    /// Simulates a variant of the job on its own static targets, on the others that are known, and on examples,
    /// in this order.
    pub(in crate::edit) fn simulate(&self, job: &ScrapeConfig) -> Option<JobResult> {
        let targets = self.simulate_targets(job)?;
        match &self.samples {
            Some(samples) => samples.simulate(job, &targets),
            None => Some(targets),
        }
    }

    fn simulate_targets(&self, job: &ScrapeConfig) -> Option<JobResult> {
        let mut job = job.clone();
        if self.without_filters {
            let rules = job.relabel_configs.iter_mut().chain(&mut job.metric_relabel_configs);
            let filters = rules.filter(|rule| rule.spec.action.is_some_and(Action::is_filter));
            filters.for_each(|rule| rule.spec = nothing());
        }
        let mut simulator = JobSimulator::new(&job, true).ok()?;
        let mut result = JobSimulator::outline(&job);
        let statics = job.static_configs.iter().flat_map(targets_of_group);
        let others = self.others.iter().chain(&self.examples).cloned();
        result.targets = statics.chain(others).map(|placed| simulator.simulate(&placed)).collect();
        Some(result)
    }

    /// How many targets are known.
    pub(super) fn known_targets(&self, job: &ScrapeConfig) -> usize {
        job.static_configs.iter().map(|group| group.targets.len()).sum::<usize>() + self.others.len()
    }

    /// How many of the results are those of known targets: the first ones.
    pub(super) fn known_results(&self, job: &ScrapeConfig) -> usize {
        let known = self.known_targets(job);
        match &self.samples {
            None => known,
            Some(samples) => {
                let targets = self.simulate_targets(job).map(|result| result.targets).unwrap_or_default();
                targets.iter().take(known).filter(|target| is_kept(target)).count() * samples.count()
            }
        }
    }

    /// How many results a target has.
    pub(super) fn results_of_target(&self) -> usize {
        self.samples.as_ref().map_or(1, Samples::count)
    }

    /// The same with static targets only.
    pub(in crate::edit) fn without_others(&self) -> Self {
        Self { others: Vec::new(), examples: Vec::new(), samples: None, ..*self }
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

/// The targets that are known besides the static ones: those that the user gave, else those of the target files.
pub(super) fn known_others(opened: &mut Opened<'_>, index: usize) -> Vec<PlacedTarget> {
    let job = &opened.jobs[index];
    if let Some(given) = opened.given.targets_of(&job.job_name.value) {
        return given.to_vec();
    }
    if job.file_sd_configs.is_empty() {
        return Vec::new();
    }
    let from_files = ScrapeConfig { static_configs: Vec::new(), ..job.clone() };
    targets_of_job(&from_files, &mut opened.sources, &opened.options).0
}

/// Whether a selected target is a static one, or among `others`.
pub(in crate::edit) fn has_target(job: &ScrapeConfig, others: &[PlacedTarget], selection: &Selection) -> bool {
    if selection.targets.is_empty() {
        return true;
    }
    let is_selected = |address: &String| selection.targets.contains(address);
    let is_static = job.static_configs.iter().flat_map(|group| &group.targets).any(|own| is_selected(&own.value));
    is_static || others.iter().any(|placed| address_in(placed).is_some_and(is_selected))
}

/// Targets of the mechanisms, one of each also such that it fits the conditions.
fn examples_of(job: &ScrapeConfig, selection: &Selection, stage: LabelStage) -> Vec<PlacedTarget> {
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
    placed.target.own.iter().find(|(name, _)| name == ADDRESS).map(|(_, address)| address)
}

fn set_address(placed: &mut PlacedTarget, selection: &Selection) {
    for (name, value) in &mut placed.target.own {
        if let (true, Some(target)) = (name == ADDRESS, selection.targets.first()) {
            value.clone_from(target);
        }
    }
}
