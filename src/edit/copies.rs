//! Edits of a text with copies in the place of parts that are shared, where that is wanted.

use std::sync::Arc;

use crate::config::ScrapeConfig;
use crate::diagnostic::Diagnostic;

use super::change::ConfigChange;
use super::driver::{has_same_jobs, has_same_results, no_new_errors};
use super::expand::expanded;
use super::given::ThroughAnchor;
use super::open::Opened;
use super::overlay::Overlay;
use super::request::EditError;
use super::sequence::{in_first_text, joined};

/// So often are shared parts replaced by copies at most.
const MOST_EXPANSIONS: usize = 100;

/// An edit of a text.
type Edit<'e> = dyn Fn(&mut Opened<'_>) -> Result<ConfigChange, EditError> + 'e;

/// Makes a change; where it is refused because of shared parts and copies are wanted, on a text that has these.
pub(super) fn with_copies(opened: &mut Opened<'_>, edit: &Edit<'_>) -> Result<ConfigChange, EditError> {
    let first = edit(opened);
    if opened.allowances.through_anchor != ThroughAnchor::Expand {
        return first;
    }
    let refusals = match first {
        Err(EditError::Refused(refusals)) => refusals,
        Ok(_) | Err(_) => return first,
    };
    match on_copies(opened, edit, refusals.clone(), false) {
        // A copy of a mapping and what is still merged are filled together: then all that is merged is copied.
        Err(EditError::Refused(unproved)) => {
            on_copies(opened, edit, refusals, true).map_err(|_| EditError::Refused(unproved))
        }
        outcome => outcome,
    }
}

/// Makes a change that is refused so, with copies.
fn on_copies(
    opened: &mut Opened<'_>,
    edit: &Edit<'_>,
    mut refusals: Vec<Diagnostic>,
    is_inlined: bool,
) -> Result<ConfigChange, EditError> {
    let mut copies: Option<ConfigChange> = None;
    for _ in 0..MOST_EXPANSIONS {
        let next = match &copies {
            None => expanded(opened, &refusals, is_inlined).filter(|next| has_same_meaning(opened, next)),
            Some(copies) => {
                let overlay = overlay(opened, copies);
                let mut changed = opened.with_text(text_of(opened, copies), &overlay);
                let next = expanded(&mut changed, &refusals, is_inlined);
                next.filter(|next| has_same_meaning(&mut changed, next))
            }
        };
        let Some(next) = next else { return Err(EditError::Refused(in_text(opened, copies.as_ref(), refusals))) };
        let all = match copies {
            None => next,
            Some(copies) => joined(copies, next),
        };
        let outcome = edit(&mut opened.with_text(text_of(opened, &all), &overlay(opened, &all)));
        refusals = match outcome {
            Ok(change) => return Ok(joined_with(all, change)),
            Err(EditError::Refused(refusals)) => refusals,
            Err(error) => return Err(error),
        };
        copies = Some(all);
    }
    Err(EditError::declined("the text has too many shared parts to copy", "replace the aliases by hand"))
}

/// Whether all jobs are the same on a text with copies.
fn has_same_meaning(opened: &mut Opened<'_>, copies: &ConfigChange) -> bool {
    opened.read_all();
    let overlay = overlay(opened, copies);
    let mut after = opened.with_text(text_of(opened, copies), &overlay);
    after.read_all();
    let is_same = |(old, new): (&ScrapeConfig, &ScrapeConfig)| has_same_results(old, new);
    has_same_jobs(opened, &after)
        && no_new_errors(opened, &after).is_ok()
        && opened.jobs.iter().zip(&after.jobs).all(is_same)
}

/// Refusals of a text with copies, at their places in the text without them.
fn in_text(opened: &mut Opened<'_>, copies: Option<&ConfigChange>, refusals: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let Some(copies) = copies else { return refusals };
    let now = {
        let overlay = overlay(opened, copies);
        opened.with_text(text_of(opened, copies), &overlay).sources.clone()
    };
    let refusals = refusals.into_iter();
    refusals.map(|refusal| in_first_text(refusal, &now, &mut opened.sources, &copies.files)).collect()
}

fn overlay<'c>(opened: &'c Opened<'_>, change: &'c ConfigChange) -> Overlay<'c> {
    Overlay { files: opened.options.files, changed: &change.files }
}

/// The text as a change leaves it.
fn text_of(opened: &Opened<'_>, change: &ConfigChange) -> Arc<str> {
    let changed = change.files.iter().find(|file| file.name == opened.name());
    changed.map_or_else(|| opened.sources.text(opened.file).clone(), |file| file.after().into())
}

/// A change with the copies that it needs; where nothing is to be done, nothing is copied.
fn joined_with(mut copies: ConfigChange, change: ConfigChange) -> ConfigChange {
    if change.is_empty() {
        return change;
    }
    copies.jobs_with_nothing_to_do.clone_from(&change.jobs_with_nothing_to_do);
    copies.stage = change.stage;
    joined(copies, change)
}
