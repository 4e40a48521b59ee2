//! The last proof: the new files are read as a whole, and their jobs do what was claimed.

use crate::diagnostic::{Diagnostic, ids};
use crate::simulate::JobResult;

use super::super::open::Opened;
use super::super::request::refused;
use super::intent::is_same;
use super::trial::Trial;

/// The results that a job must have after the change.
pub(in crate::edit) struct Claim<'c> {
    /// Its index among the jobs.
    pub(in crate::edit) job: usize,
    pub(in crate::edit) trial: &'c Trial,
    pub(in crate::edit) expected: &'c JobResult,
}

impl Claim<'_> {
    /// Whether the job of the new text has these results.
    pub(in crate::edit) fn holds(&self, after: &Opened<'_>) -> bool {
        let result = after.jobs.get(self.job).and_then(|job| self.trial.simulate(job));
        result.is_some_and(|result| is_same(&result, self.expected))
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
