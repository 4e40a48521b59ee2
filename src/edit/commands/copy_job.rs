//! `copy-job`: a job once more, with another name.

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::{JobsCommand, JobsView, Proposal};
use super::super::ops::JobOp;
use super::super::request::EditError;
use super::add_job::check_job_name;

/// A job to be copied: see [`Document::copy_job`](crate::Document::copy_job).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyJob {
    /// Its name.
    pub old: String,
    /// The name of the copy.
    pub new: String,
}

impl Document<'_> {
    /// Writes a job once more after itself, with another name. Comments in the job are copied, those above and below it are
    /// not. Anchors in it are not repeated: aliases of the copy are those of the job.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::CopyJob;
    /// let text = "scrape_configs:\n# the first\n- job_name: a\n  scrape_interval: 5s # often\n";
    /// let request = CopyJob { old: "a".into(), new: "b".into() };
    /// let change = Document::new("p.yml", text, &Options::default()).copy_job(&request)?;
    /// assert_eq!(change.files[0].after(), format!("{text}- job_name: b\n  scrape_interval: 5s # often\n"));
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// No job has the old name, another job has the new name, or the job is an alias.
    pub fn copy_job(&mut self, request: &CopyJob) -> Result<ConfigChange, EditError> {
        self.opened_mut().given.copy_targets(&request.old, &request.new);
        self.run_on_jobs(request)
    }
}

impl JobsCommand for CopyJob {
    fn check(&self) -> Result<(), EditError> {
        check_job_name(&self.new)?;
        match self.old == self.new {
            true => Err(EditError::request(format!("both names are {:?}", self.old), "give another name as NEW")),
            false => Ok(()),
        }
    }

    fn is_about_targets(&self) -> bool {
        false
    }

    fn propose(&self, view: &JobsView<'_>) -> Result<Proposal, EditError> {
        let mut proposal = Proposal::default();
        let job = view.job_with_name(&self.old).ok_or_else(|| view.unknown_job(&self.old))?;
        view.check_own_copy(job)?;
        view.check_valid(job)?;
        if let Some(other) = view.job_with_name(&self.new) {
            let mut copy = view.jobs()[job].clone();
            copy.job_name.value.clone_from(&self.new);
            if !view.is_copy(other, job, &copy) {
                return Err(view.name_taken(other));
            }
            proposal.nothing_to_do.push(self.new.clone());
            return Ok(proposal);
        }
        proposal.selected.push(job);
        proposal.ops.push(JobOp::Copy { job, name: self.new.clone() });
        Ok(proposal)
    }
}
