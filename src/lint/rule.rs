//! A lint rule, and what it judges.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::analysis::{Needs, RelabelList};
use crate::config::{Config, MarkedField, ScrapeConfig, Sd};
use crate::diagnostic::Id;
use crate::text::{FileId, Location, Span};
use crate::yaml::{Node, NodeId, Tree};

use super::outcomes::{JobOutcomes, Outcome};
use super::placeholders::FoundPlaceholder;
use super::sink::{Sink, Trees};

/// A rule: its id, which is the name of its document, and how it judges.
pub(crate) struct Rule {
    pub(super) id: Id,
    pub(super) check: Check,
}

/// Judges a list.
pub(crate) type ListCheck = fn(&RelabelList<'_>, &mut Sink<'_>);

/// What a rule judges. Nothing that has a load error comes to it.
pub(crate) enum Check {
    /// One list of relabel rules, of any stage, if it has what the rule needs to find something.
    List(Needs, ListCheck),
    /// One job with its two lists.
    Job(fn(&JobFacts<'_>, &mut Sink<'_>)),
    /// A config without its jobs, all its texts, and what is known of the targets of all jobs.
    Input(fn(&Input<'_>, &mut Sink<'_>)),
    /// A config in parts.
    Parts(Parts),
}

/// How a rule judges a config in parts: a large config is never held as a whole. It does not see other findings
/// ([`Sink::has_finding_in`]), apart from `input`.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    /// A job.
    pub(super) job: Option<fn(&ScrapeConfig, &mut Sink<'_>)>,
    /// Fields with marks, of some jobs or of the other sections.
    pub(super) fields: Option<fn(&Fields<'_>, &mut Sink<'_>)>,
    /// Some nodes of a text. All parts together have each node once.
    pub(super) nodes: Option<fn(FileId, Nodes<'_>, &mut Sink<'_>)>,
    /// What is left of the config.
    pub(super) input: Option<fn(&Input<'_>, &mut Sink<'_>)>,
}

impl Parts {
    /// No part.
    pub(super) const NONE: Self = Self { job: None, fields: None, nodes: None, input: None };
}

/// A job and the facts about its lists.
pub(crate) struct JobFacts<'a> {
    pub(crate) job: &'a ScrapeConfig,
    /// What became of the targets that are known.
    pub(crate) targets: &'a [Outcome],
    pub(crate) target: &'a RelabelList<'a>,
    pub(crate) metric: &'a RelabelList<'a>,
    pub(super) trees: &'a Trees<'a>,
    /// The items of each mechanism that rules have looked at, by its place.
    pub(super) items: RefCell<Vec<(Span, Rc<[Node<'a>]>)>>,
}

impl<'a> JobFacts<'a> {
    /// The tree that the job is in.
    pub(super) fn tree(&self) -> Option<&'a Tree> {
        self.trees.iter().find(|(file, _)| *file == self.job.file).map(|(_, tree)| *tree)
    }

    /// The items of a mechanism, which `find` finds if no rule has looked at them.
    pub(super) fn items_of(&self, sd: &Sd, find: impl FnOnce() -> Vec<Node<'a>>) -> Rc<[Node<'a>]> {
        let mut known = self.items.borrow_mut();
        if let Some((_, items)) = known.iter().find(|(span, _)| *span == sd.span) {
            return Rc::clone(items);
        }
        let items: Rc<[Node<'a>]> = find().into();
        known.push((sd.span, Rc::clone(&items)));
        items
    }
}

/// A config without its jobs, and what is known of them.
pub(crate) struct Input<'a> {
    /// Without jobs.
    pub(crate) config: &'a Config,
    /// The jobs without a load error that have targets, each with what became of them.
    pub(crate) outcomes: &'a [JobOutcomes],
    /// Texts in the trees that may be placeholders, in their order.
    pub(super) placeholders: &'a [FoundPlaceholder<'a>],
    /// Whether a job without a load error has the interval that `global` has.
    pub(super) is_interval_used: bool,
}

/// The secret fields, those that name files, and the deprecated ones, of some jobs or of the other sections.
pub(crate) struct Fields<'a> {
    marked: &'a [MarkedField],
    /// The jobs with a load error, in order.
    refused: Vec<Location>,
    pub(crate) trees: &'a Trees<'a>,
    /// The places of paths without a file.
    missing: &'a FxHashSet<Location>,
}

impl<'a> Fields<'a> {
    /// Those of some jobs.
    pub(super) fn of(
        jobs: &[ScrapeConfig],
        marked: &'a [MarkedField],
        trees: &'a Trees<'a>,
        missing: &'a FxHashSet<Location>,
    ) -> Self {
        let refused = jobs.iter().filter(|job| !is_judged(job));
        let mut refused: Vec<Location> = refused.map(|job| Location::new(job.file, job.span)).collect();
        refused.sort_unstable();
        Self { marked, refused, trees, missing }
    }

    /// Whether a path at that place names no file.
    pub(crate) fn is_missing(&self, file: FileId, path: Span) -> bool {
        self.missing.contains(&Location::new(file, path))
    }

    /// The fields, but for those in jobs with a load error.
    pub(crate) fn judged(&self) -> impl Iterator<Item = &'a MarkedField> {
        self.marked.iter().filter(|field| {
            let at = Location::new(field.file, field.field.key);
            let before = self.refused.partition_point(|job| *job <= at);
            let around = before.checked_sub(1).and_then(|last| self.refused.get(last));
            !around.is_some_and(|job| job.file == at.file && job.span.contains(at.span))
        })
    }
}

/// Some nodes of a tree that follow each other.
#[derive(Clone, Copy)]
pub(crate) struct Nodes<'t> {
    tree: &'t Tree,
    /// The first one; `None`: there are none.
    first: Option<NodeId>,
    /// The first one after them; `None`: they are the last.
    end: Option<NodeId>,
    text: Option<Span>,
}

impl<'t> Nodes<'t> {
    /// All nodes of a tree.
    pub(super) fn all(tree: &'t Tree) -> Self {
        Self { tree, first: tree.root().map(Node::id), end: None, text: None }
    }

    /// Those from `first` to the one before `end`.
    pub(super) fn range(tree: &'t Tree, first: Option<NodeId>, end: Option<NodeId>) -> Self {
        Self { tree, first, end, text: None }
    }

    /// Those of an item of a list, where nothing refers to other nodes: `text` is the item.
    pub(super) fn of_item(tree: &'t Tree, item: NodeId, end: Option<NodeId>, text: Span) -> Self {
        Self { tree, first: Some(item), end, text: Some(text) }
    }

    /// The text that they are in, if it has all of what they say.
    pub(crate) fn text(self) -> Option<&'t str> {
        self.text.and_then(|text| self.tree.text().get(text.range()))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Node<'t>> {
        let nodes = self.first.into_iter().flat_map(move |first| self.tree.nodes_from(first));
        nodes.take_while(move |node| self.end.is_none_or(|end| node.id() < end))
    }
}

/// Judges a list, if it has what the rule needs.
pub(super) fn judge_list(needs: Needs, check: ListCheck, list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if list.has(needs) {
        check(list, sink);
    } else if cfg!(debug_assertions) {
        // Every test of every rule shows that lists without what it needs have no findings.
        let before = sink.count();
        check(list, sink);
        assert_eq!(sink.count(), before, "{} needs less than {needs:?}", sink.id());
    }
}

/// Whether a job is judged at all.
pub(super) fn is_judged(job: &ScrapeConfig) -> bool {
    job.is_valid && job.is_text
}
