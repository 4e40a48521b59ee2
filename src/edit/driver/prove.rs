//! The last proof: the new files are read as a whole, and their jobs do what was claimed.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use crate::config::{RelabelRule, ScrapeConfig, TargetGroup};
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Location, Spanned};

use super::super::open::Opened;
use super::super::request::refused;
use super::intent::is_same;
use super::pairs::{Pair, each_pair};
use super::trial::Trial;

type Label = (Spanned<String>, Spanned<String>);

/// The job whose results another one must have.
pub(in crate::edit) struct Claim<'c> {
    pub(in crate::edit) trial: &'c Trial,
    pub(in crate::edit) expected: &'c ScrapeConfig,
}

impl Claim<'_> {
    /// Whether a job of the new text has the results of the expected one: both are the same in all that results depend on,
    /// or both are simulated, target by target.
    pub(in crate::edit) fn holds(&self, job: &ScrapeConfig) -> bool {
        if self.expected.is_text && has_same_results(self.expected, job) {
            return true;
        }
        let variants = (self.trial.variant(self.expected), self.trial.variant(job));
        let (Some(mut expected), Some(mut found)) =
            (self.trial.runner(&variants.0, false), self.trial.runner(&variants.1, false))
        else {
            return false;
        };
        let end = each_pair(self.trial, self.expected, job, false, &mut |Pair { old, new, .. }| {
            let (old, new) = (expected.results(&old), found.results(&new));
            let is_equal = old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| is_same(old, new));
            if is_equal { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        matches!(end, Some(ControlFlow::Continue(())))
    }
}

/// Whether two jobs are the same in all that the results of their targets depend on: all but the places in the text.
pub(in crate::edit) fn has_same_results(one: &ScrapeConfig, other: &ScrapeConfig) -> bool {
    let has_same_rules = |one: &[RelabelRule], other: &[RelabelRule]| {
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.spec == other.spec)
    };
    let is_same_label = |(one, other): (&Label, &Label)| one.0.value == other.0.value && one.1.value == other.1.value;
    let is_same_group = |(one, other): (&TargetGroup, &TargetGroup)| {
        let targets = one.targets.iter().zip(&other.targets);
        one.targets.len() == other.targets.len()
            && one.labels.len() == other.labels.len()
            && targets.into_iter().all(|(one, other)| one.value == other.value)
            && one.labels.iter().zip(&other.labels).all(is_same_label)
    };
    let groups = one.static_configs.iter().zip(&other.static_configs);
    let rest = |job: &ScrapeConfig| {
        let limits = (job.target_limit, job.sample_limit, job.label_limit);
        let label_limits = (job.label_name_length_limit, job.label_value_length_limit);
        (job.release, job.name_scheme, job.is_text, job.is_valid, job.honor_labels, limits, label_limits)
    };
    rest(one) == rest(other)
        && one.job_name.value == other.job_name.value
        && (one.scrape_interval, one.scrape_timeout) == (other.scrape_interval, other.scrape_timeout)
        && (&one.metrics_path, &one.scheme, &one.params) == (&other.metrics_path, &other.scheme, &other.params)
        && has_same_rules(&one.relabel_configs, &other.relabel_configs)
        && has_same_rules(&one.metric_relabel_configs, &other.metric_relabel_configs)
        && one.static_configs.len() == other.static_configs.len()
        && groups.into_iter().all(is_same_group)
}

/// A job with what another one has from `global`.
pub(super) fn with_globals_of(job: &ScrapeConfig, other: &ScrapeConfig) -> ScrapeConfig {
    ScrapeConfig {
        scrape_interval: other.scrape_interval,
        scrape_timeout: other.scrape_timeout,
        target_limit: other.target_limit,
        sample_limit: other.sample_limit,
        label_limit: other.label_limit,
        label_name_length_limit: other.label_name_length_limit,
        label_value_length_limit: other.label_value_length_limit,
        name_scheme: other.name_scheme,
        ..job.clone()
    }
}

/// The name of a job, for what concerns all of it.
pub(super) fn place_of(job: &ScrapeConfig) -> Location {
    Location::new(job.file, job.job_name.span)
}

/// Proves a change: the new text has no new error, the same jobs, and these results.
pub(super) fn prove(before: &Opened<'_>, after: &Opened<'_>, claims: &[(usize, Claim<'_>)]) -> Result<(), Diagnostic> {
    no_new_errors(before, after)?;
    let holds = |(job, claim): &(usize, Claim<'_>)| after.jobs.get(*job).is_some_and(|job| claim.holds(job));
    if has_same_jobs(before, after) && claims.iter().all(holds) {
        return Ok(());
    }
    let message = "the changed text does not have the requested effect";
    Err(refused(ids::EDIT_UNPROVED, before.start(), message))
}

/// Whether the jobs have the same names in the same order.
pub(in crate::edit) fn has_same_jobs(before: &Opened<'_>, after: &Opened<'_>) -> bool {
    let same = |(one, other): (&ScrapeConfig, &ScrapeConfig)| one.job_name.value == other.job_name.value;
    before.jobs.len() == after.jobs.len() && before.jobs.iter().zip(&after.jobs).all(same)
}

/// Whatever Prometheus refuses in the new text it must have refused before.
pub(in crate::edit) fn no_new_errors(before: &Opened<'_>, after: &Opened<'_>) -> Result<(), Diagnostic> {
    let omitted = |opened: &Opened<'_>| -> usize {
        opened.diagnostics.iter().filter(|fault| fault.is_error()).map(|fault| fault.omitted).sum()
    };
    if omitted(after) > omitted(before) {
        let message = "Prometheus would refuse the new text: it has more errors than the old one";
        return Err(refused(ids::EDIT_UNPROVED, before.start(), message));
    }
    match new_fault(before, after) {
        None => Ok(()),
        Some(fault) => {
            let message = format!("Prometheus would refuse the new text: {}", fault.message);
            Err(refused(ids::EDIT_UNPROVED, before.start(), message))
        }
    }
}

/// The first error of the new text that the old one did not have.
pub(super) fn new_fault<'a>(before: &'a Opened<'_>, after: &'a Opened<'_>) -> Option<&'a Diagnostic> {
    let mut known: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    for fault in &before.diagnostics {
        *known.entry((fault.id.as_str(), fault.message.as_str())).or_default() += 1;
    }
    for fault in after.diagnostics.iter().filter(|fault| fault.is_error()) {
        match known.get_mut(&(fault.id.as_str(), fault.message.as_str())) {
            Some(left) if *left > 0 => *left -= 1,
            Some(_) | None => return Some(fault),
        }
    }
    None
}
