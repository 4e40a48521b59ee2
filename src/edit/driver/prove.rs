//! The last proof: the new files are read as a whole, and their jobs do what was claimed.

use std::ops::ControlFlow;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};

use super::super::open::Opened;
use super::super::request::refused;
use super::intent::is_same;
use super::pairs::{Pair, each_pair};
use super::trial::Trial;

/// The job whose results another one must have.
pub(in crate::edit) struct Claim<'c> {
    /// Its index among the jobs.
    pub(in crate::edit) job: usize,
    pub(in crate::edit) trial: &'c Trial,
    pub(in crate::edit) expected: &'c ScrapeConfig,
}

impl Claim<'_> {
    /// Whether the job of the new text has the results of the expected one. Both are simulated target by target.
    pub(in crate::edit) fn holds(&self, after: &Opened<'_>) -> bool {
        let Some(job) = after.jobs.get(self.job) else { return false };
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

/// Proves a change: the new text has no new error, the same jobs, and these results.
pub(super) fn prove(before: &Opened<'_>, after: &Opened<'_>, claims: &[Claim<'_>]) -> Result<(), Diagnostic> {
    no_new_errors(before, after)?;
    if has_same_jobs(before, after) && claims.iter().all(|claim| claim.holds(after)) {
        return Ok(());
    }
    let message = "the changed text does not have the requested effect";
    Err(refused(ids::EDIT_UNPROVED, before.start(), message))
}

/// Whether the jobs have the same names in the same order.
pub(in crate::edit) fn has_same_jobs(before: &Opened<'_>, after: &Opened<'_>) -> bool {
    let names =
        |opened: &'_ Opened<'_>| -> Vec<String> { opened.jobs.iter().map(|job| job.job_name.value.clone()).collect() };
    names(before) == names(after)
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
    let mut known: Vec<(&str, &str)> =
        before.diagnostics.iter().map(|fault| (fault.id.as_str(), fault.message.as_str())).collect();
    for fault in after.diagnostics.iter().filter(|fault| fault.is_error()) {
        match known.iter().position(|&(id, message)| fault.id == id && message == fault.message) {
            Some(index) => drop(known.swap_remove(index)),
            None => {
                let message = format!("Prometheus would refuse the new text: {}", fault.message);
                return Err(refused(ids::EDIT_UNPROVED, before.start(), message));
            }
        }
    }
    Ok(())
}
