//! What the commands that filter targets have in common: the refusal to lose all of them, and how effects are explained.

use crate::diagnostic::{Diagnostic, ids};
use crate::effect::{address_of, is_kept};

use super::super::driver::{Attempt, Difference, JobView};
use super::super::request::refused;

/// Refuses a change after which no known target of a job is scraped.
pub(super) fn check_losses(view: &JobView<'_>, lost: &[usize], may_lose_all: bool) -> Result<(), Diagnostic> {
    let kept = (0..view.known).filter(|&index| is_kept(&view.before.targets[index])).count();
    if may_lose_all || lost.is_empty() || lost.len() < kept || view.trial.is_without_filters() {
        return Ok(());
    }
    let targets = match lost.len() {
        1 => "the only known target".to_string(),
        count => format!("all {count} known targets"),
    };
    let message = format!("{targets} of the job would no longer be scraped: {}", addresses(view, lost));
    Err(refused(ids::EDIT_WITHOUT_TARGETS, view.at(), message)
        .with_note(view.see_targets())
        .with_help("give a narrower pattern, remove the job with `promcfg remove-job`, or use --force"))
}

/// Why a rule that keeps or drops does not do what is intended.
pub(super) fn explain_filter(view: &JobView<'_>, attempt: &Attempt<'_>) -> Diagnostic {
    let message = "a rule that keeps or drops targets does not have exactly the requested effect";
    refused(ids::EDIT_UNPROVED, view.at(), message).with_note(difference_in_words(attempt))
}

/// Addresses of some targets, in words.
pub(super) fn addresses(view: &JobView<'_>, indices: &[usize]) -> String {
    const MOST: usize = 5;
    let shown: Vec<&str> = indices.iter().take(MOST).map(|&index| address_of(&view.before.targets[index])).collect();
    let more = indices.len().saturating_sub(MOST);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// What is not as intended, in words.
fn difference_in_words(attempt: &Attempt<'_>) -> String {
    let address = address_of(attempt.mismatch.old);
    match &attempt.mismatch.difference {
        Difference::Status => format!("the target {address} would be kept or dropped against the request"),
        Difference::Unmet(label) => format!("the label `{label}` of the target {address} would be another one"),
        Difference::Labels(labels) => format!("the labels {} of the target {address} would change", labels.join(", ")),
        Difference::Url => format!("the URL of the target {address} would change"),
    }
}
