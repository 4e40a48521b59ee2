//! The texts of a change, proved: read again, they are what was intended, and the targets become
//! what the what_if said.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::effect::compare;
use crate::files::Files;
use crate::simulate::{JobResult, Simulation};
use crate::text::{FileId, Location, Span};
use crate::yaml_edit::{Plan, Unproved, prove};

use super::change::{ConfigChange, FileChange};
use super::document::{Chosen, Document};
use super::locate::Locator;
use super::open::{EditedFiles, EditedText, Opened};
use super::ops::Op;
use super::request::refused;
use super::what_if::is_same;

/// Whether the operations find their places. What comes of them is proved later, for all jobs at once.
pub(super) fn can_be_placed(document: &mut Document<'_>, job: usize, ops: &[Op]) -> Result<(), Diagnostic> {
    let file = document.opened.jobs[job].file;
    let tree = document.opened.tree(file);
    let mut plan = Plan::new(&tree);
    let locator = Locator { file, tree: &tree };
    ops.iter().try_for_each(|op| op.plan(&mut plan, locator, &document.opened.jobs[job]))
}

/// Makes the texts of the chosen changes, proves them, and tells their effect.
pub(super) fn complete(
    document: &mut Document<'_>,
    change: &mut ConfigChange,
    steps: &[Chosen],
) -> Result<(), Diagnostic> {
    if steps.is_empty() {
        return Ok(());
    }
    let mut files: Vec<FileId> = steps.iter().map(|chosen| document.opened.jobs[chosen.job].file).collect();
    files.sort_unstable();
    files.dedup();
    let texts = files.into_iter().map(|file| edit_text(document, file, steps)).collect::<Result<Vec<_>, _>>()?;
    let EditedFiles { files: changed, tree } = document.opened.to_files(texts)?;
    let overlay = Overlay { files: document.opened.options.files, changed: &changed };
    let options = document.opened.options.with_files(&overlay);
    let after = Opened::of_tree(document.opened.name(), tree, &options);
    no_new_errors(&document.opened, &after)?;
    same_results(&document.opened, &after, steps).ok_or_else(|| {
        refused(
            "edit-unproved",
            document.opened.start(),
            "read again, the new text does not have the effect that is asked for",
        )
    })?;
    let of = |take: fn(&Chosen) -> &JobResult| Simulation {
        jobs: steps.iter().map(|chosen| take(chosen).clone()).collect(),
        diagnostics: Vec::new(),
    };
    change.effect = compare(&of(|chosen| chosen.results().0), &of(|chosen| chosen.results().1));
    change.files = changed;
    Ok(())
}

/// The proved edits of one text.
fn edit_text(document: &mut Document<'_>, file: FileId, steps: &[Chosen]) -> Result<EditedText, Diagnostic> {
    let tree = document.opened.tree(file);
    let mut plan = Plan::new(&tree);
    for chosen in steps.iter().filter(|chosen| document.opened.jobs[chosen.job].file == file) {
        let job = &document.opened.jobs[chosen.job];
        chosen.planned.ops.iter().try_for_each(|op| op.plan(&mut plan, Locator { file, tree: &tree }, job))?;
    }
    let (edits, tree) = prove(&plan).map_err(|unproved| explain(unproved, file))?;
    Ok(EditedText { file, edits, tree })
}

fn explain(unproved: Unproved, file: FileId) -> Diagnostic {
    let at = |span: Span| Location::new(file, span);
    match unproved {
        Unproved::Overlap => refused("edit-layout", at(Span::empty(0)), "the changes would be in each other's way")
            .with_help("make them one job at a time"),
        Unproved::Unreadable => refused("edit-unproved", at(Span::empty(0)), "the new text could not be read any more"),
        Unproved::OtherTree(span) => refused("edit-unproved", at(span), "the change would reach what stands here, too")
            .with_help("write what stands here on lines of its own, or edit it by hand"),
        Unproved::Comment(span) => {
            refused("edit-comment", at(span), "this comment would be lost, or stand at something else")
                .with_help("move the comment, or make the change by hand")
        }
    }
}

/// The files as they will be.
pub(super) struct Overlay<'c> {
    pub(super) files: &'c dyn Files,
    pub(super) changed: &'c [FileChange],
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> std::io::Result<Vec<u8>> {
        match self.changed.iter().find(|file| file.name == path) {
            Some(file) => Ok(file.after().into_bytes()),
            None => self.files.read(path),
        }
    }

    fn glob(&self, pattern: &str) -> std::io::Result<Vec<String>> {
        self.files.glob(pattern)
    }
}

/// Whatever Prometheus would refuse afterwards it must have refused before.
pub(super) fn no_new_errors(before: &Opened<'_>, after: &Opened<'_>) -> Result<(), Diagnostic> {
    let mut known: Vec<(&str, &str)> =
        before.diagnostics.iter().map(|fault| (fault.id.as_str(), fault.message.as_str())).collect();
    for fault in after.diagnostics.iter().filter(|fault| fault.is_error()) {
        match known.iter().position(|&(id, message)| fault.id == id && message == fault.message) {
            Some(index) => drop(known.swap_remove(index)),
            None => {
                let at = Location::new(before.file, Span::empty(0));
                let message = format!("Prometheus would refuse the new text: {}", fault.message);
                return Err(refused("edit-unproved", at, message));
            }
        }
    }
    Ok(())
}

/// Whether the jobs of the new text do what those of the what_if did.
fn same_results(before: &Opened<'_>, after: &Opened<'_>, steps: &[Chosen]) -> Option<()> {
    let names = |document: &Opened<'_>| -> Vec<Arc<str>> {
        document.jobs.iter().map(|job| Arc::from(job.job_name.value.as_str())).collect()
    };
    if names(before) != names(after) {
        return None;
    }
    steps.iter().try_for_each(|chosen| {
        let result = chosen.what_if.simulate(&after.jobs[chosen.job])?;
        is_same(&result, chosen.results().1).then_some(())
    })
}
