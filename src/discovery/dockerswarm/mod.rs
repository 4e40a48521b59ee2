//! Services, tasks, nodes and networks of Docker Swarm → the target group of `dockerswarm_sd_configs`.
//!
//! Source: `discovery/moby/{dockerswarm,services,tasks,nodes}.go` of Prometheus 3.14.0.

mod nodes;
mod objects;
mod services;
mod tasks;
#[cfg(test)]
mod tests;

use super::filter::Filter;
use super::found::{Discovered, DiscoveryError, DiscoveryNote, ObjectScope, note_filters};
use super::label::of_map;
use super::network::NetworkLabels;
use super::{LabelPair, discovery_role};
use crate::release::Release;

pub use objects::SwarmObjects;

const PREFIX: &str = "__meta_dockerswarm_";
const SOURCE: &str = "DockerSwarm";

/// The kind of objects that become targets.
///
/// ```
/// use promcfg::discovery::SwarmRole;
/// assert_eq!(SwarmRole::named("tasks"), Some(SwarmRole::Tasks));
/// assert_eq!(SwarmRole::named("task"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SwarmRole {
    /// `services`.
    Services,
    /// `tasks`.
    Tasks,
    /// `nodes`.
    Nodes,
}

impl SwarmRole {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Services, Self::Tasks, Self::Nodes];

    /// The role of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Tasks => "tasks",
            Self::Nodes => "nodes",
        }
    }
}

/// An item of `dockerswarm_sd_configs`, as far as it decides on targets.
///
/// ```
/// use promcfg::discovery::{SwarmOptions, SwarmRole};
/// assert_eq!(SwarmOptions::new(SwarmRole::Tasks).port, 80);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SwarmOptions {
    /// `role`.
    pub role: SwarmRole,
    /// `port`: that of targets without a port of their own.
    pub port: i64,
    /// `filters`, of the objects of the role only.
    pub filters: Vec<Filter>,
    /// Whether the objects of the role are those that the server selected by these filters.
    pub scope: ObjectScope,
}

impl SwarmOptions {
    /// Those of an item with nothing but a role.
    #[must_use]
    pub fn new(role: SwarmRole) -> Self {
        Self { role, port: 80, filters: Vec::new(), scope: ObjectScope::Answer }
    }

    /// The filters of these names, all others being noted.
    fn known_filters(&self, names: &[&str], notes: &mut Vec<DiscoveryNote>) -> Vec<&Filter> {
        if self.scope == ObjectScope::Answer {
            return Vec::new();
        }
        let (known, unknown): (Vec<&Filter>, Vec<&Filter>) =
            self.filters.iter().partition(|filter| names.contains(&filter.name.as_str()));
        note_filters("filters", &unknown, notes);
        known
    }
}

impl SwarmObjects {
    /// The target group that Prometheus would make of them.
    ///
    /// # Errors
    /// An address that is empty, for which Prometheus keeps the targets it had; more labels than are made here.
    pub fn groups(&self, options: &SwarmOptions, release: Release) -> Result<Discovered, DiscoveryError> {
        let mut found = Discovered::default();
        let targets = match options.role {
            SwarmRole::Services => services::targets(self, options, &mut found)?,
            SwarmRole::Tasks => tasks::targets(self, options, &mut found)?,
            SwarmRole::Nodes => nodes::targets(self, options, &mut found)?,
        };
        found.groups.push(targets.into_group(SOURCE));
        Ok(found.of_release(discovery_role("dockerswarm_sd_configs", options.role.name()), release))
    }

    fn network_labels(&self, found: &mut Discovered) -> NetworkLabels {
        let labels = NetworkLabels::new(&self.networks, PREFIX, SOURCE, &mut found.undetermined);
        if labels.is_empty() {
            let consequence = "the targets have no network labels";
            found.notes.push(DiscoveryNote::MissingObjects { kind: "networks", consequence });
        }
        labels
    }
}

/// A name with the prefix of the mechanism.
fn name(part: &str) -> String {
    format!("{PREFIX}{part}")
}

/// The labels of a map of the user's.
fn user_labels(part: &str, map: &super::json::Map<String>, found: &mut Discovered) -> Vec<LabelPair> {
    of_map(&name(part), map, SOURCE, &mut found.undetermined)
}
