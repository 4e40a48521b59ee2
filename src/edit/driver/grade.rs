//! How certain it is what a proposal does: to the targets that are known, and to all others.

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};

use super::super::claim::{Claim, Grade};
use super::super::request::{LabelStage, refused};
use super::all_targets::prove;
use super::job::JobView;
use super::statement::Statement;

/// A grade, and what it is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Graded {
    pub(super) grade: Grade,
    /// What is said of all targets; `None` where the known ones are all that can change.
    pub(super) claim: Option<Claim>,
    /// Why no more is proved.
    pub(super) reason: Option<String>,
}

/// The grade of a change that does what is intended to all targets that it was tried on.
pub(super) fn grade(view: &JobView<'_>, changed: &ScrapeConfig, statements: impl FnOnce() -> Vec<Statement>) -> Graded {
    if !view.trial.is_open || has_same_rules(view.job, changed) {
        return Graded::default();
    }
    let mut reason = None;
    for statement in statements() {
        match prove(view.trial, view.job, changed, view.stage, &statement) {
            Ok(()) => return Graded { grade: Grade::Proved, claim: Some(statement.claim), reason: None },
            Err(obstacle) => reason = reason.or(Some(obstacle)),
        }
    }
    let grade = if view.trial.is_sampled { Grade::Shown } else { Grade::Unproved };
    Graded { grade, claim: None, reason }
}

/// Whether the change is one of target groups only: it reaches their targets, and no others.
fn has_same_rules(old: &ScrapeConfig, new: &ScrapeConfig) -> bool {
    old.relabel_configs == new.relabel_configs && old.metric_relabel_configs == new.metric_relabel_configs
}

/// The refusal of a change whose effect on targets that nobody has seen is not known.
pub(super) fn unproved(view: &JobView<'_>, reason: &str) -> Diagnostic {
    let name = &view.job.job_name.value;
    let things = view.things();
    refused(
        ids::EDIT_UNPROVED,
        view.at(),
        format!("the effect on all {things}s of job {name} cannot be proved: {reason}"),
    )
    .with_note(format!("the {things}s exist only at discovery or in scrapes; promcfg knows none that show the effect"))
    .with_help(match view.stage {
        LabelStage::Target => {
            "give the targets with --targets FILE, or use --unproved to change the config all the same"
        }
        LabelStage::Metric => {
            "give a page of metrics with --series FILE, or use --unproved to change the config all the same"
        }
    })
}
