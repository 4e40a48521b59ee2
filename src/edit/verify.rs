//! The texts of a change, proved: read again, they are what was intended, and the targets become
//! what the what_if said.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::effect::compare;
use crate::files::Files;
use crate::simulate::{JobResult, Simulation};
use crate::text::{Edits, FileId, Location, Span};
use crate::yaml::{LiteralText, Tree};
use crate::yaml_edit::{Plan, Unproved, prove};

use super::change::{ConfigChange, FileChange};
use super::document::{Chosen, Document};
use super::locate::Locator;
use super::ops::Op;
use super::request::refused;
use super::what_if::is_same;

/// Whether the operations find their places. What comes of them is proved later, for all jobs at once.
pub(super) fn can_be_placed(document: &Document<'_>, job: usize, ops: &[Op]) -> Result<(), Diagnostic> {
    let job = &document.jobs[job];
    document.with_tree(job.file, |tree| {
        let mut plan = Plan::new(tree);
        ops.iter().try_for_each(|op| op.plan(&mut plan, Locator { file: job.file, tree }, job))
    })
}

/// Makes the texts of the chosen changes, proves them, and tells their effect.
pub(super) fn complete(document: &Document<'_>, change: &mut ConfigChange, steps: &[Chosen]) -> Result<(), Diagnostic> {
    if steps.is_empty() {
        return Ok(());
    }
    let mut files: Vec<FileId> = steps.iter().map(|chosen| document.jobs[chosen.job].file).collect();
    files.sort_unstable();
    files.dedup();
    let mut tree_of_main = None;
    let (mut inner, mut changed) = (Vec::new(), Vec::new());
    for file in files {
        let (edits, tree) = edit_file(document, file, steps)?;
        if let Some((_, literal)) = document.literals.iter().find(|(inner, _)| *inner == file) {
            inner.push((literal, edits, tree));
        } else {
            unchanged_on_disk(document, file)?;
            if file == document.outer {
                tree_of_main = Some(tree);
            }
            let (name, before) = (document.sources.name(file).to_string(), document.sources.text(file).clone());
            changed.push(FileChange { name, before, edits });
        }
    }
    if !inner.is_empty() {
        let (file, tree) = outer_file(document, &inner)?;
        changed.insert(0, file);
        tree_of_main = Some(tree);
    }
    let at = Location::new(document.outer, Span::empty(0));
    let overlay = Overlay { files: document.options.files, changed: &changed };
    let tree = tree_of_main.unwrap_or_else(|| Tree::parse(document.tree.text().clone()));
    let after = Document::of_tree(document.sources.name(document.outer), tree, &document.options.with_files(&overlay));
    no_new_errors(document, &after)?;
    same_results(document, &after, steps).ok_or_else(|| {
        refused("edit-unproved", at, "read again, the new text does not have the effect that is asked for")
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
fn edit_file(document: &Document<'_>, file: FileId, steps: &[Chosen]) -> Result<(Edits, Tree), Diagnostic> {
    document.with_tree(file, |tree| {
        let mut plan = Plan::new(tree);
        for chosen in steps.iter().filter(|chosen| document.jobs[chosen.job].file == file) {
            let job = &document.jobs[chosen.job];
            chosen.planned.ops.iter().try_for_each(|op| op.plan(&mut plan, Locator { file, tree }, job))?;
        }
        prove(&plan).map_err(|unproved| explain(unproved, file))
    })
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

/// An included file is edited as it was read: it must be UTF-8, and still the same.
fn unchanged_on_disk(document: &Document<'_>, file: FileId) -> Result<(), Diagnostic> {
    if file == document.outer {
        return Ok(());
    }
    let text = document.sources.text(file);
    let at = Location::new(file, Span::empty(0));
    match document.options.files.read(document.sources.name(file)) {
        Ok(bytes) if bytes == text.as_bytes() => Ok(()),
        Ok(bytes) if std::str::from_utf8(&bytes).is_err() => {
            Err(refused("edit-encoding", at, "the file is not UTF-8, so that it is not edited")
                .with_help("save it as UTF-8"))
        }
        Ok(_) => {
            Err(refused("edit-changed", at, "the file has changed since it was read")
                .with_help("run the command again"))
        }
        Err(error) => Err(refused("edit-changed", at, format!("the file cannot be read any more: {error}"))),
    }
}

/// The change of a manifest that changes the configs in it.
fn outer_file(
    document: &Document<'_>,
    inner: &[(&LiteralText, Edits, Tree)],
) -> Result<(FileChange, Tree), Diagnostic> {
    let at = Location::new(document.outer, Span::empty(0));
    let unproved = || refused("edit-unproved", at, "the change cannot be made inside the manifest");
    let mut replacements = Vec::new();
    for (literal, edits, _) in inner {
        let outer = literal.outer_edits(edits).ok_or_else(unproved)?;
        replacements.extend(outer.iter().map(|edit| (edit.span, edit.text.clone())));
    }
    let edits = Edits::new(replacements).ok_or_else(unproved)?;
    let before = document.tree.text().clone();
    let tree = Tree::parse(edits.apply(&before));
    let expected = |text: &str| {
        let changed = inner.iter().find(|(literal, _, _)| literal.text() == text);
        changed.map(|(_, _, tree)| tree.text().to_string())
    };
    let (old, new) = (crate::config::embedded_texts(&document.tree), crate::config::embedded_texts(&tree));
    let is_same = old.len() == new.len()
        && old.iter().zip(&new).all(|(old, new)| {
            old.key == new.key && {
                let text = old.literal.text();
                expected(text).as_deref().unwrap_or(text) == new.literal.text()
            }
        });
    if !is_same || !same_manifest(&document.tree, &tree) {
        return Err(unproved());
    }
    Ok((FileChange { name: document.sources.name(document.outer).to_string(), before, edits }, tree))
}

/// Whether both have the same nodes, but for the texts of configs.
fn same_manifest(old: &Tree, new: &Tree) -> bool {
    let is_config = |text: &str| text.contains("scrape_config");
    old.nodes().count() == new.nodes().count()
        && old.nodes().zip(new.nodes()).all(|(old, new)| {
            old.kind() == new.kind()
                && old.anchor() == new.anchor()
                && old.tag() == new.tag()
                && old.style() == new.style()
                && (old.value() == new.value() || (is_config(old.value()) && is_config(new.value())))
        })
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
pub(super) fn no_new_errors(before: &Document<'_>, after: &Document<'_>) -> Result<(), Diagnostic> {
    let mut known: Vec<(&str, &str)> =
        before.diagnostics.iter().map(|fault| (fault.id.as_str(), fault.message.as_str())).collect();
    for fault in after.diagnostics.iter().filter(|fault| fault.is_error()) {
        match known.iter().position(|&(id, message)| fault.id == id && message == fault.message) {
            Some(index) => drop(known.swap_remove(index)),
            None => {
                let at = Location::new(before.outer, Span::empty(0));
                let message = format!("Prometheus would refuse the new text: {}", fault.message);
                return Err(refused("edit-unproved", at, message));
            }
        }
    }
    Ok(())
}

/// Whether the jobs of the new text do what those of the what_if did.
fn same_results(before: &Document<'_>, after: &Document<'_>, steps: &[Chosen]) -> Option<()> {
    let names = |document: &Document<'_>| -> Vec<Arc<str>> {
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
