//! Places operations on generated jobs in the objects that these are made of, document by document.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Edits, Location, Span};
use crate::yaml::Tree;
use crate::yaml_edit::{Plan, prove};

use super::super::objects::{Maker, Objects, in_text, moved_span};
use super::super::open::{EditedText, Opened};
use super::super::ops::{Nodes, OfJob, Op, Shared, note_down_in_object};
use super::super::request::refused;
use super::unproved::explain;

/// Whether operations find their places. A `thorough` search proves them.
pub(super) fn find_places(
    opened: &Opened<'_>,
    job: &ScrapeConfig,
    ops: &[Op],
    thorough: bool,
) -> Result<(), Diagnostic> {
    // A part that other jobs share as well is changed with these.
    match thorough && !opened.changes_shared() {
        true => edit_text(opened, &[(job, ops)]).map(|_| ()),
        false => plans(opened, &[(job, ops)], &documents_of(opened, &[(job, ops)])).map(|_| ()),
    }
}

/// The edits of the text with the objects.
pub(super) fn edit_text(opened: &Opened<'_>, ops: &[OfJob<'_>]) -> Result<EditedText, Diagnostic> {
    let mut replacements: Vec<(Span, String)> = Vec::new();
    let documents = documents_of(opened, ops);
    for (offset, plan) in plans(opened, ops, &documents)? {
        let placed = |refusal: Diagnostic| in_text(refusal, opened.file, offset);
        if let Some(document) = documents.get(&offset) {
            let nodes = document.nodes(opened, plan.tree);
            nodes.used_only_by(&document.makers, false).and_then(|()| nodes.keeps_anchors(&plan)).map_err(placed)?;
        }
        let (edits, _) = prove(&plan).map_err(|unproved| placed(explain(unproved, opened.file)))?;
        replacements.extend(edits.iter().map(|edit| (moved_span(edit.span, offset), edit.text.clone())));
    }
    let overlap = || refused(ids::EDIT_LAYOUT, opened.start(), "two changes need the same place in the text");
    let edits = Edits::new(replacements).ok_or_else(overlap)?;
    let tree = Tree::parse(edits.apply(opened.sources.text(opened.file)));
    Ok(EditedText { file: opened.file, edits, tree })
}

/// A document of which jobs are edited.
#[derive(Default)]
struct Document {
    /// The parts that other places use and that are changed all the same.
    shared: RefCell<Shared>,
    /// The bytes of the parts of objects of which the jobs are made.
    makers: Vec<Span>,
}

impl Document {
    fn nodes<'d>(&'d self, opened: &Opened<'_>, tree: &'d Tree) -> Nodes<'d> {
        Nodes { file: opened.file, tree, shared: opened.changes_shared().then_some(&self.shared) }
    }
}

/// The documents of these jobs, by their starts.
fn documents_of(opened: &Opened<'_>, ops: &[OfJob<'_>]) -> BTreeMap<usize, Document> {
    let mut documents: BTreeMap<usize, Document> = BTreeMap::new();
    let Some(objects) = &opened.objects else { return documents };
    for maker in ops.iter().filter_map(|(job, _)| objects.maker(&opened.sources, job)) {
        documents.entry(maker.offset).or_default().makers.push(maker.node.full_span());
    }
    documents
}

/// The operations on each document, by its start.
fn plans<'o>(
    opened: &'o Opened<'_>,
    ops: &[OfJob<'_>],
    documents: &'o BTreeMap<usize, Document>,
) -> Result<BTreeMap<usize, Plan<'o>>, Diagnostic> {
    let mut plans: BTreeMap<usize, Plan<'o>> = BTreeMap::new();
    let Some(objects) = &opened.objects else { return Ok(plans) };
    for (job, op) in ops.iter().flat_map(|(job, ops)| ops.iter().map(move |op| (*job, op))) {
        let maker = objects.maker(&opened.sources, job);
        let Some((maker, document)) = maker.and_then(|maker| Some((maker, documents.get(&maker.offset)?))) else {
            let at = Location::new(job.file, job.job_name.span);
            return Err(refused(ids::EDIT_LAYOUT, at, "the object of the job is not written in one place of the text"));
        };
        let nodes = document.nodes(opened, maker.document);
        note_down(objects, nodes, &mut plans, (maker, job), op)
            .map_err(|refusal| in_text(refusal, opened.file, maker.offset))?;
    }
    Ok(plans)
}

fn note_down<'o>(
    objects: &Objects,
    nodes: Nodes<'o>,
    plans: &mut BTreeMap<usize, Plan<'o>>,
    (maker, job): (Maker<'o>, &ScrapeConfig),
    op: &Op,
) -> Result<(), Diagnostic> {
    let mut own = Plan::new(maker.document);
    note_down_in_object(op, &mut own, nodes, maker, job)?;
    let plan = plans.entry(maker.offset).or_insert_with(|| Plan::new(maker.document));
    // The jobs of several Prometheuses are made of the same part, and other jobs may share one.
    let may_repeat = objects.has_several() || nodes.shared.is_some();
    if may_repeat && own.is_in(plan) {
        return Ok(());
    }
    note_down_in_object(op, plan, nodes, maker, job)
}
