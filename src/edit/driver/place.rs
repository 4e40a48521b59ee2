//! Places operations in the texts: as edits whose new tree is the old one with just those operations.

use crate::diagnostic::{Diagnostic, ids};
use crate::text::{FileId, Location, Span};
use crate::yaml_edit::{Plan, Unproved, prove};

use super::super::open::{EditedText, Opened};
use super::super::ops::{Nodes, Op};
use super::super::request::refused;

/// The operations chosen for a job, by its index.
pub(super) type OfJob<'o> = (usize, &'o [Op]);

/// Whether operations find their places. The edits themselves are proved for all jobs at once.
pub(super) fn find_places(opened: &mut Opened<'_>, job: usize, ops: &[Op]) -> Result<(), Diagnostic> {
    let file = opened.jobs[job].file;
    let tree = opened.tree(file);
    note_down(opened, &mut Plan::new(&tree), Nodes { file, tree: &tree }, (job, ops))
}

/// The edits of all texts that the operations reach.
pub(super) fn edit_texts(opened: &mut Opened<'_>, ops: &[OfJob<'_>]) -> Result<Vec<EditedText>, Diagnostic> {
    let mut files: Vec<FileId> = ops.iter().map(|(job, _)| opened.jobs[*job].file).collect();
    files.sort_unstable();
    files.dedup();
    files.into_iter().map(|file| edit_text(opened, file, ops)).collect()
}

fn edit_text(opened: &mut Opened<'_>, file: FileId, ops: &[OfJob<'_>]) -> Result<EditedText, Diagnostic> {
    let tree = opened.tree(file);
    let mut plan = Plan::new(&tree);
    for of_job in ops.iter().filter(|(job, _)| opened.jobs[*job].file == file) {
        note_down(opened, &mut plan, Nodes { file, tree: &tree }, *of_job)?;
    }
    let (edits, tree) = prove(&plan).map_err(|unproved| explain(unproved, file))?;
    Ok(EditedText { file, edits, tree })
}

fn note_down<'t>(
    opened: &Opened<'_>,
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    (job, ops): OfJob<'_>,
) -> Result<(), Diagnostic> {
    ops.iter().try_for_each(|op| op.note_down(plan, nodes, &opened.jobs[job]))
}

fn explain(unproved: Unproved, file: FileId) -> Diagnostic {
    let at = |span: Span| Location::new(file, span);
    match unproved {
        Unproved::Overlap => {
            refused(ids::EDIT_LAYOUT, at(Span::empty(0)), "two changes need the same place in the text")
                .with_help("change one job at a time")
        }
        Unproved::Unreadable => refused(ids::EDIT_UNPROVED, at(Span::empty(0)), "the changed text is not valid YAML"),
        Unproved::OtherTree(span) => {
            refused(ids::EDIT_UNPROVED, at(span), "the change would also affect this part of the text")
                .with_help("write this part on lines of its own, or edit it by hand")
        }
        Unproved::Comment(span) => {
            refused(ids::EDIT_COMMENT, at(span), "the edit would lose this comment or leave it at something else")
                .with_help("move the comment, or make the change by hand")
        }
    }
}
