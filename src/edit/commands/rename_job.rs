//! `rename-job`: another name for a job.

use super::super::change::ConfigChange;
use super::super::document::Document;
use super::super::driver::{JobsCommand, JobsView, Proposal};
use super::super::ops::{JobLabel, JobOp, keeps_name};
use super::super::request::EditError;
use super::add_job::check_job_name;
use crate::text::most_similar;

/// A job to be renamed: see [`Document::rename_job`](crate::Document::rename_job).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenameJob {
    /// Its name.
    pub old: String,
    /// Its new name.
    pub new: String,
    /// Whether its targets keep the old name as their label `job`.
    pub keep_label: bool,
}

impl Document<'_> {
    /// Gives a job another name. The label `job` of its series changes with it, unless it is to be kept: then a rule before
    /// all others sets it to the old name, and no label of any target changes. That rule goes when the job gets its old name
    /// again.
    ///
    /// ```
    /// use promcfg::{Document, Options};
    /// use promcfg::edit::RenameJob;
    /// let text = "scrape_configs:\n- job_name: a # all\n  static_configs: [{targets: [h]}]\n";
    /// let request = RenameJob { old: "a".into(), new: "b".into(), keep_label: false };
    /// let change = Document::new("p.yml", text, &Options::default()).rename_job(&request)?;
    /// assert_eq!(change.files[0].after(), text.replace(": a", ": b"));
    /// assert_eq!(change.summary(), "1 target changes job from \"a\" to \"b\"; nothing else changes");
    /// # Ok::<(), promcfg::edit::EditError>(())
    /// ```
    ///
    /// # Errors
    /// No job has the old name, one has the new name, or the text of the name is shared by an anchor or merge key.
    pub fn rename_job(&mut self, request: &RenameJob) -> Result<ConfigChange, EditError> {
        self.opened_mut().given.copy_targets(&request.old, &request.new);
        self.run_on_jobs(request)
    }
}

impl JobsCommand for RenameJob {
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
        let (old, new) = (view.job_with_name(&self.old), view.job_with_name(&self.new));
        let job = match (old, new) {
            (None, Some(_)) => {
                let names = view.jobs().iter().map(|job| job.job_name.value.as_str());
                let similar = most_similar(&self.old, names);
                proposal.notes.extend(
                    similar.map(|similar| format!("no job is named {:?}; did you mean {similar:?}?", self.old)),
                );
                proposal.nothing_to_do.push(self.new.clone());
                return Ok(proposal);
            }
            (None, None) => return Err(view.unknown_job(&self.old)),
            (Some(old), Some(new)) if is_renamed(*view, old, new) => {
                let message = format!("{} and {} are the same job but for the name", self.old, self.new);
                return Err(view.refuse(
                    new,
                    &message,
                    &format!("remove one of them with `promcfg remove-job`, if {} got the name before", self.new),
                ));
            }
            (Some(_), Some(new)) => return Err(view.name_taken(new)),
            (Some(old), None) => old,
        };
        view.check_own_name(job)?;
        view.check_valid(job)?;
        let (old, new) = (&self.old, &self.new);
        let label = match self.keep_label {
            _ if keeps_name(&view.jobs()[job], new) => JobLabel::WasKept,
            true => JobLabel::IsKept,
            false => JobLabel::Follows,
        };
        if label == JobLabel::WasKept {
            proposal.fates.keep.push(job);
            proposal
                .notes
                .push(format!("the rule that kept the label job={new:?} is removed: the job has that name again"));
        } else if label == JobLabel::IsKept {
            proposal.fates.keep.push(job);
            proposal.notes.push(format!("a rule keeps the label job={old:?} of all targets"));
        } else {
            proposal.notes.push(format!(
                "the series of the job get job={new:?}: change the queries, alerting rules and recording rules that select job={old:?}"
            ));
        }
        proposal.selected.push(job);
        proposal.ops.push(JobOp::Rename { job, name: new.clone(), label });
        Ok(proposal)
    }
}

/// Whether two jobs differ in nothing but the name.
fn is_renamed(view: JobsView<'_>, old: usize, new: usize) -> bool {
    let mut renamed = view.jobs()[old].clone();
    renamed.job_name.value.clone_from(&view.jobs()[new].job_name.value);
    view.is_copy(new, old, &renamed)
}
