//! The labels that a discovery mechanism puts on its targets.

use crate::config::Sd;
use crate::discovery::{DiscoveryLabel, DiscoveryRole};

use super::super::Owner;

/// The labels that a mechanism puts on its targets.
#[derive(Debug)]
pub(super) struct SourceLabels {
    pub(super) known: Vec<&'static DiscoveryLabel>,
    /// Whether there may be others.
    is_open: bool,
}

impl SourceLabels {
    pub(super) fn of(owner: Owner<'_>, sd: &Sd, role: Option<&'static DiscoveryRole>, attached: &[String]) -> Self {
        let is_on = |switch: &str| switch.is_empty() || attached.iter().any(|on| on == switch);
        let is_there = |label: &&DiscoveryLabel| is_on(label.attached_by) && !label.is_removed_in(owner.release());
        let known = role.map_or_else(Vec::new, |role| role.labels.iter().filter(is_there).collect());
        let is_open = role.is_none() || sd.mechanism().is_none_or(|mechanism| mechanism.has_open_labels);
        Self { known, is_open }
    }

    /// The entry for names of the user's that covers a name.
    pub(super) fn of_user(&self, name: &str) -> Option<&'static DiscoveryLabel> {
        self.known.iter().find(|label| label.is_prefix && label.covers(name)).copied()
    }

    /// Whether a target may have the label before the rules. Labels that begin without `__` may be on the target of
    /// any mechanism, so that an example can fit a condition on them.
    pub(super) fn may_have(&self, name: &str) -> bool {
        let is_covered = || self.known.iter().any(|label| label.covers(name));
        match name {
            "__address__" => true,
            "job" => self.is_open,
            _ => self.is_open || !name.starts_with("__") || is_covered(),
        }
    }
}
