//! A job or an Alertmanager with its result, as tables, traces and JSON show it.

use crate::simulate::{FunnelStep, JobResult, Lost, LostObject, ObjectNote, Owner, Status};
use crate::text::Sources;

use super::totals::Totals;

/// A result and what is needed to show it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct JobView<'a> {
    /// The job or Alertmanager as configured.
    pub owner: Owner<'a>,
    /// What became of its targets.
    pub result: &'a JobResult,
    /// The texts.
    pub sources: &'a Sources,
    /// The name of its config, if there are several.
    pub config: Option<&'a str>,
    /// Whether labels that begin with `__` are shown.
    pub all_labels: bool,
    /// Whether the traces of targets are shown.
    pub has_traces: bool,
    /// Whether targets were given by hand, in place of the job's own.
    pub has_samples: bool,
    /// The counts of all targets, also of those that are not in the result.
    pub counts: Totals,
    /// How many of them are selected, if some are selected by status or labels.
    pub selected: Option<usize>,
    /// How many of the selected targets are left out, because there are too many.
    pub omitted: usize,
    /// The way from objects to targets, if the job discovered them from objects.
    pub funnel: &'a [FunnelStep],
    /// What is to be said of these objects.
    pub notes: &'a [ObjectNote],
    /// Targets that are counted, because there are many with the same result.
    pub hidden: &'a [HiddenTargets],
    /// The object that is asked about, and why it gives no target.
    pub lost: Option<&'a LostObject>,
    /// Whether the job is generated of an object of the operator.
    pub is_generated: bool,
    /// Why it has no targets, if it is such a job.
    pub no_targets: Option<&'a Lost>,
    /// Whether one object is asked about: dropped targets are shown with what they would need.
    pub is_of_object: bool,
    /// How many targets are not simulated, because the results would take too much memory.
    pub left_out: usize,
}

impl<'a> JobView<'a> {
    /// A result that has all targets.
    #[must_use]
    pub fn new(owner: Owner<'a>, result: &'a JobResult, sources: &'a Sources) -> Self {
        let mut counts = Totals::default();
        result.targets.iter().for_each(|target| counts.add(target.status));
        Self {
            owner,
            result,
            sources,
            config: None,
            all_labels: false,
            has_traces: false,
            has_samples: false,
            counts,
            selected: None,
            omitted: 0,
            funnel: &[],
            notes: &[],
            hidden: &[],
            lost: None,
            is_generated: false,
            no_targets: None,
            is_of_object: false,
            left_out: result.left_out,
        }
    }
}

/// Targets that are not shown, because there are many with the same result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HiddenTargets {
    /// Their result.
    pub status: Status,
    /// The rule that decides it.
    pub rule: Option<usize>,
    /// How many they are.
    pub count: usize,
}
