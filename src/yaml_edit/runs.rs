//! Edits of a long list and of its items: only the items that change are read again, with their neighbors.
//!
//! The items that an edit reaches are a *run*: from the last item whose content begins before the edit to the item in whose
//! bytes it ends. The dash of the first item of a run stays, so the run begins in the state that the reader was in, and what is
//! said of one item in `item` is true of the items of a run: they are read as a text of their own, which must be one list.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::text::{Edits, Span};
use crate::yaml::{NodeId, NodeKind, Tree, comments_among};

use super::comments::{Commented, comments_stay};
use super::item::{Items, MARK, back_all, ends_alike, is_bare, items_alone, line_below, moved_back};
use super::plan::{Intent, Plan};
use super::proof::same_items_and_below;

/// Some items after the edits.
#[derive(Debug)]
pub(crate) struct EditedRun {
    /// The items before the edits, by their numbers.
    pub(crate) items: Range<usize>,
    /// A list with the items after the edits as the only ones.
    pub(crate) tree: Tree,
}

/// What is intended in a run.
#[derive(Default)]
struct Intended {
    /// Of the list itself.
    of_list: Vec<Intent>,
    of_nodes: FxHashMap<NodeId, Vec<Intent>>,
}

impl<'t> Items<'t> {
    /// Makes the edits of a plan, which are all in this list, and proves them. `None` where that is not decided here, or
    /// where they are not proved: the whole text has the answer.
    pub(crate) fn prove_runs(&self, plan: &Plan<'t>) -> Option<(Edits, Vec<EditedRun>)> {
        let edits = plan.edits()?;
        let runs = self.runs(&edits)?;
        let intended = self.intended(plan, &runs)?;
        let mut edited = Vec::with_capacity(runs.len());
        let mut all = edits.iter().peekable();
        for (run, intended) in runs.into_iter().zip(intended) {
            let end = self.cuts[run.end];
            let mut own = Vec::new();
            while let Some(edit) = all.next_if(|edit| edit.span.end <= end) {
                own.push((edit.span, edit.text.clone()));
            }
            let tree = self.prove_run(plan, &run, &Edits::new(own)?, &intended)?;
            edited.push(EditedRun { items: run, tree });
        }
        let is_all = all.next().is_none();
        drop(all);
        is_all.then_some((edits, edited))
    }

    /// The runs that the edits reach, in the order of the text.
    fn runs(&self, edits: &Edits) -> Option<Vec<Range<usize>>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for edit in edits.iter() {
            let (start, end) = (edit.span.start, edit.span.end);
            let first = self.items.partition_point(|item| item.full_span().start <= start).checked_sub(1)?;
            let last = self.cuts.partition_point(|cut| *cut < end).max(first + 1);
            if last >= self.cuts.len() || edit.text.contains(MARK) {
                return None;
            }
            match runs.last_mut().filter(|run| first < run.end) {
                Some(run) => run.end = run.end.max(last),
                None => runs.push(first..last),
            }
        }
        Some(runs)
    }

    /// The intents of a plan, by the runs that they are about.
    fn intended(&self, plan: &Plan<'t>, runs: &[Range<usize>]) -> Option<Vec<Intended>> {
        let mut intended: Vec<Intended> = runs.iter().map(|_| Intended::default()).collect();
        let list = self.items.first()?.parent()?.id();
        let item_of = |node: NodeId| {
            let item = self.items.partition_point(|item| item.id() <= node).checked_sub(1)?;
            self.after.is_none_or(|after| node < after).then_some(item)
        };
        let run_of = |item: usize| {
            let run = runs.partition_point(|run| run.start <= item).checked_sub(1)?;
            (item < runs.get(run)?.end).then_some(run)
        };
        // What comes before an item comes after the one before it.
        let run_before = |before: Option<NodeId>| {
            let item = match before {
                Some(before) => self.items.binary_search_by_key(&before, |item| item.id()).ok()?,
                None => self.items.len(),
            };
            run_of(item.checked_sub(1)?)
        };
        for (node, intents) in &plan.intents {
            if *node != list {
                let run = run_of(item_of(*node)?)?;
                intended.get_mut(run)?.of_nodes.insert(*node, intents.clone());
                continue;
            }
            for intent in intents {
                let run = match intent {
                    Intent::Item { before, .. } | Intent::Copy { before, .. } => run_before(*before)?,
                    Intent::Without { child } => {
                        run_of(self.items.binary_search_by_key(child, |item| item.id()).ok()?)?
                    }
                    Intent::Entry { .. } | Intent::Becomes { .. } => return None,
                };
                intended.get_mut(run)?.of_list.push(intent.clone());
            }
        }
        Some(intended)
    }

    /// The items of a run after its edits.
    fn prove_run(&self, plan: &Plan<'t>, run: &Range<usize>, edits: &Edits, intended: &Intended) -> Option<Tree> {
        let text: &str = plan.tree.text();
        let bytes = Span::new(*self.cuts.get(run.start)? as usize, *self.cuts.get(run.end)? as usize);
        let items = self.items.get(run.clone())?;
        let after = self.items.get(run.end).map(|next| next.id()).or(self.after);
        let first = items.first()?.id();
        let nodes = || plan.tree.nodes_from(first).take_while(|node| after.is_none_or(|after| node.id() < after));
        if !nodes().all(is_bare) {
            return None;
        }
        let own = moved_back(edits, bytes.start)?;
        let new = own.apply(text.get(bytes.range())?);
        if !ends_alike(&new, bytes.end as usize == text.len()) {
            return None;
        }
        let tree = Tree::parse(new.as_str());
        let list = items_alone(&tree).filter(|list| list.kind() == NodeKind::Sequence)?;
        let is_last = run.end == self.items.len();
        let end = self.items.get(run.end).map(|next| next.id()).filter(|_| !is_last);
        same_items_and_below(items, list, (&intended.of_list, end), &intended.of_nodes)?;
        let below = line_below(text, bytes.end as usize);
        let comments = comments_among(text, nodes(), bytes.start as usize, bytes.end as usize);
        let old = Commented::new(text.get(bytes.start as usize..below)?, back_all(&comments, bytes.start));
        let new_text = format!("{new}{}", text.get(bytes.end as usize..below)?);
        let new = Commented::new(&new_text, crate::yaml::comments(&tree));
        let own_spans = |spans: &[Span]| {
            let first = spans.partition_point(|span| span.start < bytes.start);
            let own: Vec<Span> = spans[first..].iter().take_while(|span| span.start < bytes.end).copied().collect();
            back_all(&own, bytes.start)
        };
        let mut moved = plan.moved_comments.clone();
        moved.sort_unstable_by_key(|span| span.start);
        let is_in_order = moved == plan.moved_comments;
        let (moved, gone) = (own_spans(&moved), own_spans(&plan.gone_comments));
        (is_in_order && comments_stay(&old, &new, &own, &moved, &gone).is_ok()).then_some(tree)
    }
}
