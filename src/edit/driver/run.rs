//! Leads a command through selection, trial, placement and proof.

use crate::config::ScrapeConfig;
use crate::diagnostic::Diagnostic;

use super::super::change::ConfigChange;
use super::super::claim::JobChange;
use super::super::objects::Objects;
use super::super::open::{EditedFiles, Opened};
use super::super::ops::OfJob;
use super::super::overlay::Overlay;
use super::super::request::EditError;
use super::choose::{Chosen, Found, MOST_THOROUGH, of_job, whole_effect};
use super::command::Command;
use super::local;
use super::place::{Site, edit_texts};
use super::prove::{Claim, has_same_jobs, prove};
use super::select::select_jobs;
use super::trial::SharedFacts;

/// Makes the change that a command asks for, without writing it.
pub(in crate::edit) fn run(opened: &mut Opened<'_>, command: &dyn Command) -> Result<ConfigChange, EditError> {
    command.check()?;
    match local::run(opened, command) {
        Some(outcome) => outcome,
        None => run_on_all(opened, command),
    }
}

/// As [`run`], with all jobs read, before and after the change.
pub(super) fn run_on_all(opened: &mut Opened<'_>, command: &dyn Command) -> Result<ConfigChange, EditError> {
    opened.read_all();
    let selected = select_jobs(opened, command)?;
    let is_thorough = selected.len() <= MOST_THOROUGH;
    let (jobs, facts) = (std::mem::take(&mut opened.jobs), SharedFacts::default());
    let (mut found, mut chosen) = (Found::default(), Vec::new());
    for index in selected {
        let outcome = match opened.unreadable_targets(index) {
            Some(refusal) => Err(refusal),
            None => of_job(opened, Site::Text, &jobs[index], command, is_thorough, &facts),
        };
        chosen.extend(found.add(outcome, &jobs[index].job_name.value).map(|chosen| (index, chosen)));
    }
    opened.jobs = jobs;
    let is_repeated = opened.objects.as_ref().is_some_and(Objects::has_several);
    let found = if is_repeated { found.without_repeats() } else { found };
    let mut change = found.change(command, chosen.len())?;
    complete(opened, chosen, &mut change)?;
    Ok(change)
}

/// Makes the files of the chosen proposals, proves them, and describes their effect.
fn complete(
    opened: &mut Opened<'_>,
    chosen: Vec<(usize, Box<Chosen>)>,
    change: &mut ConfigChange,
) -> Result<(), Diagnostic> {
    if chosen.is_empty() {
        return Ok(());
    }
    let jobs = std::mem::take(&mut opened.jobs);
    let ops: Vec<OfJob<'_>> = chosen.iter().map(|(job, chosen)| (&jobs[*job], chosen.ops.as_slice())).collect();
    let texts = edit_texts(opened, &ops);
    opened.jobs = jobs;
    let EditedFiles { files, tree } = opened.to_files(texts?)?;
    let overlay = Overlay { files: opened.options.files, changed: &files };
    let after = opened.with_tree(tree, &overlay);
    let claims: Vec<(usize, Claim<'_>)> =
        chosen.iter().flat_map(|(job, chosen)| chosen.claims().map(|claim| (*job, claim))).collect();
    if let (Some(before), Some(objects), true) = (&opened.objects, &after.objects, has_same_jobs(opened, &after)) {
        let of_objects = claims.iter().filter(|(job, _)| opened.is_generated(opened.jobs[*job].file));
        let expected: Vec<(usize, &ScrapeConfig)> = of_objects.map(|(job, claim)| (*job, claim.expected)).collect();
        if !expected.is_empty() {
            before.only_changed((&opened.jobs, &after.jobs), objects, &expected)?;
        }
    }
    prove(opened, &after, &claims)?;
    let selected: Vec<usize> = chosen.iter().map(|(job, _)| *job).collect();
    opened.other_readers_stay(&after, &selected, &files)?;
    change.files = files;
    change.grade = chosen.iter().map(|(_, chosen)| chosen.grade()).max().unwrap_or_default();
    change.jobs =
        chosen.into_iter().filter_map(|(job, chosen)| chosen.describe(&opened.jobs[job], &opened.sources)).collect();
    if opened.objects.as_ref().is_some_and(Objects::has_several) {
        let mut seen: Vec<JobChange> = Vec::new();
        for job in std::mem::take(&mut change.jobs) {
            if !seen.contains(&job) {
                seen.push(job);
            }
        }
        change.jobs = seen;
    }
    change.effect = whole_effect(&change.jobs);
    Ok(())
}
