//! The targets of a job, which of them are meant, and what a change does to them, tried in memory.

use crate::config::{RelabelRule, ScrapeConfig};
use crate::effect::{address_of, is_kept};
use crate::options::Options;
use crate::re2::Regex;
use crate::relabel::{Action, Chain, Labels, RuleSpec};
use crate::scrape::DiscoveredTarget;
use crate::simulate::{
    JobResult, JobSimulator, PlacedTarget, Status, TargetResult, example_targets, targets_of_group, targets_of_job,
};
use crate::text::{Sources, Span};

use super::request::{LabelStage, Selection};
use super::samples::Samples;

/// Targets of a job to try a change on.
#[derive(Debug)]
pub(super) struct WhatIf {
    /// Those of `file_sd_configs`, and those made up.
    others: Vec<PlacedTarget>,
    /// Samples, when they are what the change is about.
    samples: Option<Samples>,
    /// Whether some targets are made up.
    pub(super) are_examples: bool,
    /// Whether rules that drop are passed over: no target is known that they keep.
    pub(super) without_filters: bool,
}

/// A rule that does nothing.
fn nothing() -> RuleSpec {
    RuleSpec { action: Some(Action::LabelDrop), regex: Some(String::new()), ..RuleSpec::default() }
}

impl WhatIf {
    pub(super) fn of(
        job: &ScrapeConfig,
        selection: &Selection,
        stage: LabelStage,
        sources: &mut Sources,
        options: &Options<'_>,
    ) -> Self {
        let mut others = targets_of_files(job, sources, options);
        let is_known = |key: &str| key == "static_configs" || (key == "file_sd_configs" && !others.is_empty());
        let mut are_examples = false;
        if job.discovery.iter().any(|sd| !is_known(&sd.key)) {
            let is_there = has_target(job, &others, selection);
            let mut examples = examples(job, selection, stage);
            if !is_there {
                examples.iter_mut().for_each(|example| set_address(example, selection));
            }
            are_examples = !examples.is_empty();
            others.extend(examples);
        }
        if others.is_empty() && job.static_configs.iter().all(|group| group.targets.is_empty()) {
            let target = DiscoveredTarget::from_address(selection.target.as_deref().unwrap_or("10.0.0.1:9100"));
            others.push(PlacedTarget { target, at: None });
            are_examples = true;
        }
        let samples = (stage == LabelStage::Metric).then(|| Samples::of(job, &selection.conditions));
        let mut what_if = Self { others, samples, are_examples, without_filters: false };
        let has_kept = what_if.simulate(job).is_some_and(|result| result.targets.iter().any(is_kept));
        what_if.without_filters = !has_kept;
        what_if
    }

    /// Simulates a variant of the job on its own static targets and on the others.
    pub(super) fn simulate(&self, job: &ScrapeConfig) -> Option<JobResult> {
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
    pub(super) fn without_others(&self) -> Self {
        Self { others: Vec::new(), samples: None, ..*self }
    }

    /// Which results are meant.
    pub(super) fn selected(&self, job: &ScrapeConfig, result: &JobResult, selection: &Selection) -> Vec<bool> {
        let patterns: Vec<(&str, Regex)> = selection
            .conditions
            .iter()
            .filter_map(|(name, pattern)| Regex::new(pattern).ok().map(|regex| (name.as_str(), regex)))
            .collect();
        let rules: Vec<RuleSpec> = job.relabel_configs.iter().map(|rule| rule.spec.clone()).collect();
        let chain = (!patterns.is_empty()).then(|| Chain::new(&rules, job.name_scheme).ok()).flatten();
        let is_meant = |target: &TargetResult| {
            let is_target = selection.target.as_deref().is_none_or(|address| address_of(target) == address);
            let end: Option<Labels> = match &self.samples {
                Some(_) => Some(target.labels.clone()),
                None => chain.as_ref().and_then(|chain| chain.apply(&target.discovered).ok().flatten()),
            };
            let fits = |(name, regex): &(&str, Regex)| {
                end.as_ref().is_some_and(|labels| regex.is_match(value_behind_rules(labels, name)) == Ok(true))
            };
            is_target && patterns.iter().all(fits)
        };
        result.targets.iter().map(is_meant).collect()
    }
}

/// A label as it is behind all rules; Prometheus gives a target without `instance` its address as one.
fn value_behind_rules<'l>(labels: &'l Labels, name: &str) -> &'l str {
    match labels.get(name) {
        "" if name == INSTANCE => labels.get(ADDRESS),
        value => value,
    }
}

/// Whether the target has an `instance` only because its address becomes one, behind all rules.
pub(super) fn is_address_instance(target: &TargetResult) -> bool {
    let mut changes = target.trace.iter().flat_map(|step| &step.changes).rev();
    match changes.find(|change| change.label == INSTANCE) {
        Some(last) => last.after.as_deref().unwrap_or("").is_empty(),
        None => target.discovered.get(INSTANCE).is_empty(),
    }
}

pub(super) const INSTANCE: &str = "instance";
pub(super) const ADDRESS: &str = "__address__";

/// The targets that the files of `file_sd_configs` have.
pub(super) fn targets_of_files(job: &ScrapeConfig, sources: &mut Sources, options: &Options<'_>) -> Vec<PlacedTarget> {
    if job.file_sd_configs.is_empty() {
        return Vec::new();
    }
    let from_files = ScrapeConfig { static_configs: Vec::new(), ..job.clone() };
    targets_of_job(&from_files, sources, options).0
}

/// Whether the target meant is a static one, or among `others`.
pub(super) fn has_target(job: &ScrapeConfig, others: &[PlacedTarget], selection: &Selection) -> bool {
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
pub(super) fn has_unknown(result: &JobResult) -> bool {
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

/// The results in an order that does not depend on which group a target stands in, with their flags.
pub(super) fn in_order<'r>(result: &'r JobResult, flags: &'r [bool]) -> Vec<(&'r TargetResult, bool)> {
    let mut targets: Vec<(&TargetResult, bool)> = result.targets.iter().zip(flags.iter().copied()).collect();
    let key = |&(target, _): &(&'r TargetResult, bool)| (address_of(target), target.at.map(|at| at.span.start));
    targets.sort_by(|one, other| key(one).cmp(&key(other)));
    targets
}

/// Whether `after` is `before` with the label `name` of the targets meant being `value` (absent for
/// `None`), and nothing else.
pub(super) fn is_intended(
    before: &JobResult,
    after: &JobResult,
    selected: &[bool],
    name: &str,
    value: Option<&str>,
) -> bool {
    let pairs = pairs(before, after, selected);
    before.targets.len() == after.targets.len()
        && pairs.iter().all(|&(old, new, selected)| {
            let expected = if selected && is_kept(old) { value.unwrap_or("") } else { old.labels.get(name) };
            old.status == new.status
                && old.url == new.url
                && new.labels.get(name) == expected
                && old
                    .labels
                    .iter()
                    .filter(|(own, _)| *own != name)
                    .eq(new.labels.iter().filter(|(own, _)| *own != name))
        })
}

/// Each target before and after, and whether it is meant.
pub(super) fn pairs<'r>(
    before: &'r JobResult,
    after: &'r JobResult,
    selected: &'r [bool],
) -> Vec<(&'r TargetResult, &'r TargetResult, bool)> {
    let after = in_order(after, selected).into_iter().map(|(target, _)| target);
    in_order(before, selected).into_iter().zip(after).map(|((old, selected), new)| (old, new, selected)).collect()
}

/// Whether both are the same results, wherever their targets stand.
pub(super) fn is_same(one: &JobResult, other: &JobResult) -> bool {
    let flags = vec![false; one.targets.len().max(other.targets.len())];
    one.targets.len() == other.targets.len()
        && pairs(one, other, &flags).iter().all(|(one, other, _)| {
            one.status == other.status
                && one.url == other.url
                && one.labels == other.labels
                && one.discovered == other.discovered
        })
}
