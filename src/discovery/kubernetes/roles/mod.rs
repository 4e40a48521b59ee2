//! One file a role: an object becomes a group.

mod container_ports;
mod endpoints;
mod endpointslice;
mod ingress;
mod node;
mod pod;
mod service;

use super::loss::KubernetesLoss;
use crate::discovery::DiscoveredGroup;

pub(super) use endpoints::endpoints_group;
pub(super) use endpointslice::slice_group;
pub(super) use ingress::ingress_group;
pub(super) use node::node_group;
pub(super) use pod::pod_group;
pub(super) use service::service_group;

/// What an object becomes: a group, and why it has no target if it has none.
pub(super) struct Made {
    /// A node without an address has no group.
    pub(super) group: Option<DiscoveredGroup>,
    pub(super) loss: Option<KubernetesLoss>,
    /// Whether targets are missing because there are too many.
    pub(super) is_cut: bool,
}

impl Made {
    /// A group, and what it lacks if it has no target.
    fn of(group: DiscoveredGroup, without: KubernetesLoss) -> Self {
        let loss = group.targets.is_empty().then_some(without);
        Self { group: Some(group), loss, is_cut: false }
    }
}
