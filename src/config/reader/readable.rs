//! A text as it is read: all of it, or the sound parts of one that is not valid YAML.

use crate::diagnostic::{Diagnostic, Id, ids};
use crate::yaml::{Node, NodeKind, Recovered, Tree};

/// A text to read.
pub(in crate::config) struct Readable<'t> {
    exact: &'t Tree,
    recovered: Option<Recovered>,
}

/// Faults that a missing part cannot explain.
const CERTAIN: [Id; 7] = [
    ids::INVALID_YAML,
    ids::UNKNOWN_FIELD,
    ids::DUPLICATE_FIELD,
    ids::WRONG_TYPE,
    ids::INVALID_ACTION,
    ids::INVALID_REGEX,
    ids::INVALID_DURATION,
];

impl<'t> Readable<'t> {
    pub(in crate::config) fn of(tree: &'t Tree) -> Self {
        Self { exact: tree, recovered: tree.recovered() }
    }

    /// The tree of all that is sound.
    pub(in crate::config) fn tree(&self) -> &Tree {
        self.recovered.as_ref().map_or(self.exact, Recovered::tree)
    }

    /// The text as it is written.
    pub(super) fn text(&self) -> &str {
        self.exact.text()
    }

    pub(in crate::config) fn recovered(&self) -> Option<&Recovered> {
        self.recovered.as_ref()
    }

    /// Whether the text is not valid YAML.
    pub(in crate::config) fn is_broken(&self) -> bool {
        self.recovered.is_some()
    }

    pub(in crate::config) fn into_recovered(self) -> Option<Recovered> {
        self.recovered
    }

    /// Removes the faults that may only follow from a missing part: those in a mapping, such as a job, that something is
    /// left out of.
    pub(in crate::config) fn retain_certain(&self, faults: &mut Vec<Diagnostic>) {
        let Some(recovered) = &self.recovered else { return };
        let tree = recovered.tree();
        let is_part = |node: &Node<'_>| {
            node.kind() == NodeKind::Mapping && node.parent().is_some() && recovered.is_incomplete(*node)
        };
        let parts: Vec<_> = tree.nodes().filter(is_part).map(Node::full_span).collect();
        let is_in_part = |fault: &Diagnostic| parts.iter().any(|part| part.contains(fault.at.span));
        faults.retain(|fault| CERTAIN.contains(&fault.id) || !is_in_part(fault));
    }
}
