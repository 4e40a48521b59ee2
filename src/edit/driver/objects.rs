//! Places operations on generated jobs in the objects that these are made of, document by document.

use std::collections::BTreeMap;

use crate::config::ScrapeConfig;
use crate::diagnostic::{Diagnostic, ids};
use crate::text::{Edits, Location, Span};
use crate::yaml::Tree;
use crate::yaml_edit::{Plan, prove};

use super::super::objects::{Objects, in_text, moved_span};
use super::super::open::{EditedText, Opened};
use super::super::ops::{Nodes, OfJob, Op, note_down_in_object};
use super::super::request::refused;
use super::unproved::explain;

/// Whether operations find their places. A `thorough` search proves them.
pub(super) fn find_places(
    opened: &Opened<'_>,
    job: &ScrapeConfig,
    ops: &[Op],
    thorough: bool,
) -> Result<(), Diagnostic> {
    match thorough {
        true => edit_text(opened, &[(job, ops)]).map(|_| ()),
        false => plans(opened, &[(job, ops)]).map(|_| ()),
    }
}

/// The edits of the text with the objects.
pub(super) fn edit_text(opened: &Opened<'_>, ops: &[OfJob<'_>]) -> Result<EditedText, Diagnostic> {
    let mut replacements: Vec<(Span, String)> = Vec::new();
    for (offset, plan) in plans(opened, ops)? {
        let (edits, _) =
            prove(&plan).map_err(|unproved| in_text(explain(unproved, opened.file), opened.file, offset))?;
        replacements.extend(edits.iter().map(|edit| (moved_span(edit.span, offset), edit.text.clone())));
    }
    let overlap = || refused(ids::EDIT_LAYOUT, opened.start(), "two changes need the same place in the text");
    let edits = Edits::new(replacements).ok_or_else(overlap)?;
    let tree = Tree::parse(edits.apply(opened.sources.text(opened.file)));
    Ok(EditedText { file: opened.file, edits, tree })
}

/// The operations on each document, by its start.
fn plans<'o>(opened: &'o Opened<'_>, ops: &[OfJob<'_>]) -> Result<BTreeMap<usize, Plan<'o>>, Diagnostic> {
    let mut plans: BTreeMap<usize, Plan<'o>> = BTreeMap::new();
    let Some(objects) = &opened.objects else { return Ok(plans) };
    for (job, ops) in ops {
        for op in *ops {
            note_down(opened, objects, &mut plans, job, op)?;
        }
    }
    Ok(plans)
}

fn note_down<'o>(
    opened: &'o Opened<'_>,
    objects: &'o Objects,
    plans: &mut BTreeMap<usize, Plan<'o>>,
    job: &ScrapeConfig,
    op: &Op,
) -> Result<(), Diagnostic> {
    let Some(maker) = objects.maker(&opened.sources, job) else {
        let at = Location::new(job.file, job.job_name.span);
        return Err(refused(ids::EDIT_LAYOUT, at, "the object of the job is not written in one place of the text"));
    };
    let nodes = Nodes { file: opened.file, tree: maker.document, shared: None };
    let by_hand = |refusal: Diagnostic| {
        let is_shared = refusal.help.as_ref().is_some_and(|help| help.contains("--through-anchor"));
        match (is_shared, maker.offset) {
            (false, _) => refusal,
            (true, 0) => refusal.with_help("use --through-anchor expand to edit a copy"),
            (true, _) => refusal.with_help("replace the alias or merge key with a copy of its content"),
        }
    };
    let placed = |refusal: Diagnostic| by_hand(in_text(refusal, opened.file, maker.offset));
    let mut own = Plan::new(maker.document);
    note_down_in_object(op, &mut own, nodes, maker, job).map_err(placed)?;
    let plan = plans.entry(maker.offset).or_insert_with(|| Plan::new(maker.document));
    // The jobs of several Prometheuses are made of the same part.
    if objects.has_several() && own.is_in(plan) {
        return Ok(());
    }
    note_down_in_object(op, plan, nodes, maker, job).map_err(placed)
}
