//! Several commands as one change: each is proved on the result of the one before.

use std::collections::HashSet;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Label};
use crate::effect::{ChangeKind, Effect, EffectGroup};
use crate::text::{Location, Sources, Span};

use super::change::{ConfigChange, FileChange};
use super::claim::JobChange;
use super::driver::{self, Command};
use super::open::Opened;
use super::overlay::Overlay;
use super::request::EditError;

/// Makes the changes of all commands, or none. Those that select targets by a label that they change come last,
/// so that each selects the targets of the text as it was.
pub(super) fn run(opened: &mut Opened<'_>, commands: &[&dyn Command]) -> Result<ConfigChange, EditError> {
    commands.iter().try_for_each(|command| command.check())?;
    each_once(commands)?;
    let mut commands = commands.to_vec();
    commands.sort_by_key(|command| {
        command.selection().conditions.iter().any(|(name, _)| command.names().contains(&name.as_str()))
    });
    let Some((first, rest)) = commands.split_first() else {
        return Err(EditError::request("no label is given", "give at least one label"));
    };
    opened.prepare(first.method());
    let mut whole = driver::run(opened, *first)?;
    for command in rest {
        let next = run_on_result(opened, &whole, *command)?;
        whole = joined(whole, next);
    }
    Ok(whole)
}

/// Refuses two changes of one label.
fn each_once(commands: &[&dyn Command]) -> Result<(), EditError> {
    let mut seen = HashSet::new();
    match commands.iter().flat_map(|command| command.names()).find(|name| !seen.insert(*name)) {
        Some(name) => Err(EditError::request(format!("the label `{name}` is given twice"), "give each label once")),
        None => Ok(()),
    }
}

fn run_on_result(
    opened: &mut Opened<'_>,
    whole: &ConfigChange,
    command: &dyn Command,
) -> Result<ConfigChange, EditError> {
    let overlay = Overlay { files: opened.options.files, changed: &whole.files };
    let text = whole.files.iter().find(|file| file.name == opened.name()).map(|file| file.after().into());
    let text = text.unwrap_or_else(|| opened.sources.text(opened.file).clone());
    let mut step = opened.with_text(text, &overlay);
    step.prepare(command.method());
    match driver::run(&mut step, command) {
        Err(EditError::Refused(refusals)) => {
            let refusals = refusals.into_iter();
            let in_first = |refusal| in_first_text(refusal, &step.sources, &mut opened.sources, &whole.files);
            Err(EditError::Refused(refusals.map(in_first).collect()))
        }
        other => other,
    }
}

/// A refusal of the changed text, at its place in the text before all changes.
pub(super) fn in_first_text(
    refusal: Diagnostic,
    now: &Sources,
    first: &mut Sources,
    changes: &[FileChange],
) -> Diagnostic {
    let mut place = |at: Location| {
        let at = now.outermost(at);
        let name = now.name(at.file);
        let change = changes.iter().find(|change| change.name == name);
        let span = match change.map(|change| change.edits.origins()) {
            None => at.span,
            Some(origins) => {
                let old = |new: usize| (0..=new).rev().find_map(|new| origins.old(new)).unwrap_or(0);
                let (start, end) = (old(at.span.start as usize), old((at.span.end as usize).saturating_sub(1)));
                Span::new(start, if at.span.is_empty() { start } else { (end + 1).max(start) })
            }
        };
        let file = first.files().find(|file| first.name(*file) == name);
        let text = change.map_or_else(|| now.text(at.file), |change| &change.before);
        Location::new(file.unwrap_or_else(|| first.add(name, text.clone())), span)
    };
    let at = place(refusal.at);
    let labels = refusal.labels.iter().map(|label| Label { at: place(label.at), ..label.clone() }).collect();
    Diagnostic { at, labels, ..refusal }
}

/// Both changes as one: `next` is a change of what `first` makes of the files.
pub(super) fn joined(first: ConfigChange, next: ConfigChange) -> ConfigChange {
    let mut whole = first;
    for file in next.files {
        match whole.files.iter_mut().find(|own| own.name == file.name) {
            Some(own) => own.then(&file),
            None => whole.files.push(file),
        }
    }
    whole.effect = both(whole.effect, next.effect);
    whole.jobs_with_nothing_to_do.retain(|job| next.jobs_with_nothing_to_do.contains(job));
    whole.grade = whole.grade.max(next.grade);
    add_jobs(&mut whole.jobs, next.jobs);
    add_new(&mut whole.jobs_without_filters, next.jobs_without_filters);
    whole.fields.extend(next.fields);
    add_new(&mut whole.other_jobs, next.other_jobs);
    add_new(&mut whole.layout, next.layout);
    add_new(&mut whole.notes, next.notes);
    whole
}

/// What both changes say of each job.
fn add_jobs(jobs: &mut Vec<JobChange>, more: Vec<JobChange>) {
    let mut places: FxHashMap<(String, String), usize> = FxHashMap::default();
    for (place, own) in jobs.iter().enumerate() {
        places.entry((own.job.clone(), own.file.clone())).or_insert(place);
    }
    for next in more {
        match places.get(&(next.job.clone(), next.file.clone())) {
            Some(place) => add_to_job(&mut jobs[*place], next),
            None => {
                places.insert((next.job.clone(), next.file.clone()), jobs.len());
                jobs.push(next);
            }
        }
    }
}

fn add_to_job(own: &mut JobChange, next: JobChange) {
    own.grade = own.grade.max(next.grade);
    own.known = own.known.max(next.known);
    own.claims.extend(next.claims);
    own.effect = both(std::mem::take(&mut own.effect), next.effect);
    own.reason = own.reason.take().or(next.reason);
}

fn add_new(all: &mut Vec<String>, more: Vec<String>) {
    for new in more {
        if !all.contains(&new) {
            all.push(new);
        }
    }
}

/// Both effects; as one group where each changes the labels of all targets of the same jobs.
fn both(mut first: Effect, next: Effect) -> Effect {
    if next.is_none() {
        return first;
    }
    if first.is_none() {
        return next;
    }
    let is_of_all = first.unchanged == 0 && next.unchanged == 0;
    if let ([own], [other]) = (first.groups.as_mut_slice(), next.groups.as_slice())
        && is_of_all
        && changes_same_targets(own, other)
        && let ChangeKind::Changed { labels, url: None } = &mut own.happening
        && let ChangeKind::Changed { labels: more, url: None } = &other.happening
    {
        labels.extend(more.iter().cloned());
        return first;
    }
    first.groups.extend(next.groups);
    first.unchanged = first.unchanged.min(next.unchanged);
    first
}

fn changes_same_targets(one: &EffectGroup, other: &EffectGroup) -> bool {
    one.jobs == other.jobs && one.count == other.count
}
