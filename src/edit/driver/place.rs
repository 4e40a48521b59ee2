//! Places operations in the texts: as edits whose new tree is the old one with just those operations.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;

use crate::config::ScrapeConfig;
use crate::diagnostic::Diagnostic;
use crate::text::{FileId, Location};
use crate::yaml::Tree;
use crate::yaml_edit::{EditedItem, Item, Plan, prove};

use super::super::open::{EditedText, Opened};
use super::super::ops::{Nodes, OfJob, Op, Shared};
use super::objects;
use super::unproved::explain;

/// How edits are proved.
#[derive(Clone, Copy)]
pub(super) enum Site<'s> {
    /// The whole text is read again.
    Text,
    /// The job's item is read again.
    Item(&'s ItemSite<'s>),
}

/// The item of a job in the list of jobs.
pub(super) struct ItemSite<'s> {
    pub(super) file: FileId,
    pub(super) tree: &'s Tree,
    pub(super) item: Item<'s>,
    /// Whether there was an edit that the item alone does not prove: the whole text is to be read.
    pub(super) is_undecided: Cell<bool>,
}

impl ItemSite<'_> {
    /// The edits of the job. `None` where they are not proved; if that is so because of the text, it is undecided.
    ///
    /// # Errors
    /// An operation has no place.
    fn edit(&self, job: &ScrapeConfig, ops: &[Op]) -> Result<Option<EditedItem>, Diagnostic> {
        let mut plan = Plan::new(self.tree);
        note_down(&mut plan, Nodes { file: self.file, tree: self.tree, shared: None }, &[(job, ops)])?;
        let is_here = ops.iter().all(|op| op.file(job) == self.file);
        let edited = if is_here { self.item.prove(&plan) } else { None };
        self.is_undecided.set(self.is_undecided.get() || edited.is_none());
        Ok(edited)
    }
}

/// Whether operations find their places. The edits of an item come back proved; those of a text are proved for all jobs
/// at once; but where another proposal could be made instead, a `thorough` search proves them here.
pub(super) fn find_places(
    opened: &mut Opened<'_>,
    site: Site<'_>,
    job: &ScrapeConfig,
    ops: &[Op],
    thorough: bool,
) -> Result<Option<EditedItem>, Diagnostic> {
    match site {
        Site::Item(site) => return site.edit(job, ops),
        Site::Text if opened.is_generated(job.file) => {
            return objects::find_places(opened, job, ops, thorough).map(|()| None);
        }
        Site::Text if thorough && !opened.changes_shared() => return edit_texts(opened, &[(job, ops)]).map(|_| None),
        Site::Text => {}
    }
    for file in files_of(&[(job, ops)]) {
        let (tree, shared) = (opened.tree(file), RefCell::<Shared>::default());
        let nodes = Nodes { file, tree: &tree, shared: opened.changes_shared().then_some(&shared) };
        let mut plan = Plan::new(&tree);
        note_down(&mut plan, nodes, &[(job, ops)])?;
        nodes.keeps_anchors(&plan)?;
    }
    Ok(None)
}

/// The files that operations change.
fn files_of(ops: &[OfJob<'_>]) -> Vec<FileId> {
    let of_job = |(job, ops): &OfJob<'_>| ops.iter().map(|op| op.file(job)).collect::<Vec<_>>();
    let mut files: Vec<FileId> = ops.iter().flat_map(of_job).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// The edits of all texts that the operations reach.
pub(super) fn edit_texts(opened: &mut Opened<'_>, ops: &[OfJob<'_>]) -> Result<Vec<EditedText>, Diagnostic> {
    let (generated, others): (Vec<OfJob<'_>>, Vec<OfJob<'_>>) =
        ops.iter().partition(|(job, _)| opened.is_generated(job.file));
    let mut texts: Vec<EditedText> =
        files_of(&others).into_iter().map(|file| edit_text(opened, file, &others)).collect::<Result<_, _>>()?;
    if !generated.is_empty() {
        texts.push(objects::edit_text(opened, &generated)?);
    }
    Ok(texts)
}

fn edit_text(opened: &mut Opened<'_>, file: FileId, ops: &[OfJob<'_>]) -> Result<EditedText, Diagnostic> {
    let (tree, shared) = (opened.tree(file), RefCell::<Shared>::default());
    let mut plan = Plan::new(&tree);
    let nodes = Nodes { file, tree: &tree, shared: opened.changes_shared().then_some(&shared) };
    note_down(&mut plan, nodes, ops)?;
    // The users are jobs in their own file, and groups in target files.
    let jobs = ops.iter().filter(|(job, _)| job.file == file).map(|(job, _)| job.span);
    let groups = ops.iter().flat_map(|(job, ops)| ops.iter().filter_map(Op::group).filter(|at| at.file != job.file));
    nodes
        .used_only_by(&jobs.chain(groups.filter(|at| at.file == file).map(|at| at.span)).collect::<Vec<_>>(), false)?;
    nodes.keeps_anchors(&plan)?;
    let (edits, tree) = prove(&plan).map_err(|unproved| explain(unproved, file))?;
    Ok(EditedText { file, edits, tree })
}

fn note_down<'t>(plan: &mut Plan<'t>, nodes: Nodes<'t>, ops: &[OfJob<'_>]) -> Result<(), Diagnostic> {
    let mut of_groups: FxHashMap<Location, Vec<&Op>> = FxHashMap::default();
    for (job, op) in ops.iter().flat_map(|(job, ops)| ops.iter().map(|op| (*job, op))) {
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
        // Jobs that share a part ask for the same change of it.
        if nodes.shared.is_some() {
            let mut own = Plan::new(nodes.tree);
            op.note_down(&mut own, nodes, job)?;
            if own.is_in(plan) {
                continue;
            }
        }
        op.note_down(plan, nodes, job)?;
    }
    Ok(())
}
