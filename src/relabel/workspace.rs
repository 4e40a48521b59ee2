//! Memory that a label set keeps for the chain that ran on it last.

use std::sync::Arc;

use super::names::NameId;
use super::plan::Plan;
use super::value::Value;
use crate::re2::Captures;

/// Memory for running a chain, and what was learned about it and the names of one set.
#[derive(Debug)]
pub(super) struct Workspace {
    /// Keeps the plan alive, so that its address says whether it is still the same.
    pub(super) plan: Arc<Plan>,
    /// The numbers of the plan's names.
    pub(super) ids: Vec<NameId>,
    /// Per rule about names, by name: what becomes of it.
    pub(super) memos: Vec<Vec<Memo>>,
    pub(super) captures: Captures,
    pub(super) expanded: String,
    pub(super) name: String,
    pub(super) matched: Vec<Matched>,
}

/// What a rule makes of a label name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memo {
    Unknown,
    NoMatch,
    /// It matches; a labelmap copies the label to this one.
    Match(NameId),
}

/// A label that a labelmap copies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matched {
    pub(super) entry: u32,
    pub(super) value: Value,
    pub(super) to: NameId,
}

impl Workspace {
    /// Memory for a plan whose names have these numbers.
    pub(super) fn new(plan: &Arc<Plan>, ids: Vec<NameId>) -> Self {
        Self {
            plan: Arc::clone(plan),
            ids,
            memos: vec![Vec::new(); plan.memo_count],
            captures: Captures::new(),
            expanded: String::new(),
            name: String::new(),
            matched: Vec::new(),
        }
    }
}
