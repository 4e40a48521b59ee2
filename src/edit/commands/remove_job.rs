//! `remove-job`: takes jobs out of their lists.

use crate::simulate::UnknownJobError;

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::{JobsCommand, JobsView, Proposal};
use super::super::ops::JobOp;
use super::super::request::EditError;

/// Jobs to be removed: see [`Document::remove_job`](crate::Document::remove_job).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoveJob {
    /// Their names, or patterns with `*` and `?`.
    pub jobs: Vec<String>,
}

impl Document<'_> {
    /// Removes jobs, each with the comments that belong to it. All other jobs stay as they are; the targets of the removed
    /// ones are no longer scraped by them.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::RemoveJob;
    /// let text = "scrape_configs:\n# the first\n- job_name: a\n# the second\n- job_name: b\n";
    /// let mut document = Document::new("p.yml", text, &Options::default());
    /// let change = document.remove_job(&RemoveJob { jobs: vec!["a".into()] })?;
    /// assert_eq!(change.files[0].after(), "scrape_configs:\n# the second\n- job_name: b\n");
    /// assert_eq!(change.summary(), "1 job is lost: a; nothing else changes");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// No job has one of the names, or the change is refused: another part of the text uses an anchor of the job.
    pub fn remove_job(&mut self, request: &RemoveJob) -> Result<ConfigChange, EditError> {
        self.run_on_jobs(request)
    }
}

impl JobsCommand for RemoveJob {
    fn check(&self) -> Result<(), EditError> {
        match self.jobs.is_empty() {
            true => Err(EditError::request("no job is given", "give at least one job")),
            false => Ok(()),
        }
    }

    fn is_about_targets(&self) -> bool {
        false
    }

    fn propose(&self, view: &JobsView<'_>) -> Result<Proposal, EditError> {
        let selected = self.selected(*view)?;
        let ops = selected.iter().map(|&job| JobOp::Remove { job }).collect();
        Ok(Proposal { ops, selected, ..Proposal::default() })
    }
}

impl RemoveJob {
    /// The jobs with the names. A config without jobs has none of them.
    fn selected(&self, view: JobsView<'_>) -> Result<Vec<usize>, EditError> {
        view.named(&self.jobs).map_err(|error| match (error, self.jobs.first()) {
            (EditError::Request { .. }, Some(name)) if view.jobs().is_empty() => {
                EditError::UnknownJobError(UnknownJobError { name: name.clone(), known: Vec::new() })
            }
            (error, _) => error,
        })
    }
}
