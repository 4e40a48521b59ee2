//! What a command is to the driver.

use crate::config::ScrapeConfig;
use crate::diagnostic::Diagnostic;

use super::super::ops::Op;
use super::super::request::{EditError, LabelStage, Method, Selection};
use super::intent::{Intent, Mismatch};
use super::job::JobView;
use super::statement::Statement;

/// An edit: it proposes operations for each selected job and says what they are to achieve. Trees,
/// files and proofs are left to the driver.
pub(in crate::edit) trait Command: Sync {
    /// Refuses what cannot be asked for, whatever the config.
    fn check(&self) -> Result<(), EditError>;

    /// The targets it is about.
    fn selection(&self) -> &Selection;

    /// The stages at which its intent is proved; the effect is reported for the first one.
    fn stages(&self) -> Vec<LabelStage>;

    /// Label names that the edit writes: each must be valid in the naming scheme of the jobs.
    fn names(&self) -> Vec<&str>;

    /// How it gets to the targets: by [`Method::Static`] the groups of target files are edited as well.
    fn method(&self) -> Method {
        Method::Auto
    }

    /// What the user should know even if all goes well.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// What the user should know of a job that changes, seen at the first stage.
    fn remarks(&self, _job: &JobView<'_>) -> Vec<String> {
        Vec::new()
    }

    /// Whether it is about which targets are kept: known targets are tried with all rules then, also where none of them is
    /// kept. For other commands, the rules that drop them are skipped, so that the effect is seen.
    fn is_about_dropped(&self) -> bool {
        false
    }

    /// What can be done to a job, or why nothing can; the job is seen at the first stage.
    fn propose(&self, job: &JobView<'_>) -> Result<Answer, Diagnostic>;

    /// What is to become of the results of a job, at any of the stages.
    fn intent<'i>(&'i self, job: &'i JobView<'_>) -> Intent<'i>;

    /// What is claimed of all targets of a job at the first stage, also of those that only discovery knows. Of
    /// several statements, the first that a proposal makes true.
    fn statements(&self, job: &JobView<'_>) -> Vec<Statement>;

    /// Says why a proposal does not do what is intended.
    fn explain(&self, job: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic;
}

/// What a command has to say about a job.
#[derive(Debug)]
pub(in crate::edit) enum Answer {
    /// The job is as asked for.
    NothingToDo,
    /// None of its targets is selected: the refusal if that is so for all jobs.
    NotSelected(Box<Diagnostic>),
    /// Proposals, the best one first. The first one that has the intended effect and a place in the text
    /// is made.
    Try(Vec<Vec<Op>>),
}

/// A proposal that does not do what is intended.
pub(in crate::edit) struct Attempt<'a> {
    /// The job with the proposal applied.
    pub(in crate::edit) changed: &'a ScrapeConfig,
    /// The first result that is not as intended.
    pub(in crate::edit) mismatch: Mismatch<'a>,
}
