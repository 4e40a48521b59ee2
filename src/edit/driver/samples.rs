//! The metric stage of a job, tried on example samples.

use crate::config::ScrapeConfig;
use crate::re2::Regex;
use crate::relabel::{Action, RuleSpec};
use crate::scrape::{SampleOutcome, SampleRelabeler};
use crate::simulate::{Status, TargetResult};

use super::super::given::SampleLabels;

/// Samples to run through the rules: one that its `keep` rules keep, where that is easily done, and
/// one that fits the conditions of the request.
#[derive(Debug)]
pub(super) struct Samples {
    samples: Vec<SampleLabels>,
    is_given: bool,
}

impl Samples {
    /// Those that were given, else examples.
    pub(super) fn of(job: &ScrapeConfig, conditions: &[(String, String)], given: &[SampleLabels]) -> Self {
        if !given.is_empty() {
            return Self { samples: given.to_vec(), is_given: true };
        }
        let mut plain = vec![("__name__".to_string(), "example_metric".to_string())];
        let keeps = job.metric_relabel_configs.iter().map(|rule| &rule.spec);
        keeps.filter(|rule| rule.action == Some(Action::Keep)).for_each(|rule| satisfy(rule, &mut plain));
        let mut fitting = plain.clone();
        for (name, pattern) in conditions {
            if let Some(example) = Regex::new(pattern).ok().and_then(|regex| regex.example()) {
                set(&mut fitting, name, &example);
            }
        }
        let mut samples = vec![plain];
        if samples[0] != fitting {
            samples.push(fitting);
        }
        Self { samples, is_given: false }
    }

    /// Whether the user gave them.
    pub(super) fn is_given(&self) -> bool {
        self.is_given
    }

    /// What becomes of the samples of a target that is kept.
    pub(super) fn results(
        &self,
        relabeler: &mut SampleRelabeler,
        target: &TargetResult,
        traces: bool,
    ) -> Vec<TargetResult> {
        self.samples.iter().map(|sample| of_sample(relabeler, target, sample, traces)).collect()
    }
}

/// The result of a sample, in the form of a target's: its target as discovered, the labels it is stored with.
fn of_sample(
    relabeler: &mut SampleRelabeler,
    target: &TargetResult,
    sample: &SampleLabels,
    traces: bool,
) -> TargetResult {
    let mut result = TargetResult { trace: Vec::new(), ..target.clone() };
    let steps = traces.then_some(&mut result.trace);
    match relabeler.relabel(sample, &target.labels, steps) {
        Ok(SampleOutcome::Stored(labels)) => result.labels = labels,
        Ok(SampleOutcome::Dropped { .. }) => result.status = Status::Dropped,
        Err(_) => result.status = Status::Unknown,
    }
    result
}

fn set(sample: &mut SampleLabels, name: &str, value: &str) {
    sample.retain(|(own, _)| own != name);
    sample.push((name.to_string(), value.to_string()));
}

/// Sets what a `keep` rule looks at to a value that it keeps, when it looks at one label.
fn satisfy(rule: &RuleSpec, sample: &mut SampleLabels) {
    let Some([name]) = rule.source_labels.as_deref() else { return };
    let Ok(regex) = Regex::new(rule.pattern()) else { return };
    let value = sample.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str());
    if regex.is_match(value) == Ok(true) {
        return;
    }
    if let Some(example) = regex.example() {
        set(sample, name, &example);
    }
}
