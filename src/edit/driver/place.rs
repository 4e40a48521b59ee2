//! Places operations in the texts: as edits whose new tree is the old one with just those operations.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, ids};
use crate::text::{FileId, Location, Span};
use crate::yaml_edit::{Plan, Unproved, prove};

use super::super::open::{EditedText, Opened};
use super::super::ops::{Nodes, Op};
use super::super::request::refused;

/// The operations chosen for a job, by its index.
pub(super) type OfJob<'o> = (usize, &'o [Op]);

/// Whether operations find their places. The edits themselves are proved for all jobs at once; but where another
/// proposal could be made instead, a `thorough` search proves these edits here.
pub(super) fn find_places(opened: &mut Opened<'_>, job: usize, ops: &[Op], thorough: bool) -> Result<(), Diagnostic> {
    if thorough {
        return edit_texts(opened, &[(job, ops)]).map(drop);
    }
    for file in files_of(opened, &[(job, ops)]) {
        let tree = opened.tree(file);
        note_down(opened, &mut Plan::new(&tree), Nodes { file, tree: &tree }, &[(job, ops)])?;
    }
    Ok(())
}

/// The files that operations change.
fn files_of(opened: &Opened<'_>, ops: &[OfJob<'_>]) -> Vec<FileId> {
    let of_job = |(job, ops): &OfJob<'_>| ops.iter().map(|op| op.file(&opened.jobs[*job])).collect::<Vec<_>>();
    let mut files: Vec<FileId> = ops.iter().flat_map(of_job).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// The edits of all texts that the operations reach.
pub(super) fn edit_texts(opened: &mut Opened<'_>, ops: &[OfJob<'_>]) -> Result<Vec<EditedText>, Diagnostic> {
    files_of(opened, ops).into_iter().map(|file| edit_text(opened, file, ops)).collect()
}

fn edit_text(opened: &mut Opened<'_>, file: FileId, ops: &[OfJob<'_>]) -> Result<EditedText, Diagnostic> {
    let tree = opened.tree(file);
    let mut plan = Plan::new(&tree);
    note_down(opened, &mut plan, Nodes { file, tree: &tree }, ops)?;
    let (edits, tree) = prove(&plan).map_err(|unproved| explain(unproved, file))?;
    Ok(EditedText { file, edits, tree })
}

fn note_down<'t>(
    opened: &Opened<'_>,
    plan: &mut Plan<'t>,
    nodes: Nodes<'t>,
    ops: &[OfJob<'_>],
) -> Result<(), Diagnostic> {
    let mut of_groups: FxHashMap<Location, Vec<&Op>> = FxHashMap::default();
    for (job, op) in ops.iter().flat_map(|(job, ops)| ops.iter().map(|op| (&opened.jobs[*job], op))) {
        if op.file(job) != nodes.file {
            continue;
        }
        // Jobs that read the same target file ask for the same change of it.
        if let Some(group) = op.group().filter(|group| group.file != job.file) {
            let noted = of_groups.entry(group).or_default();
            if noted.contains(&op) {
                continue;
            }
            noted.push(op);
        }
        op.note_down(plan, nodes, job)?;
    }
    Ok(())
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
