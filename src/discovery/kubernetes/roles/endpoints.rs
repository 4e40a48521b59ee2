//! Role `endpoints`: each address and port of the endpoints of a service, and the other ports of their pods.
//!
//! Source: `endpoints.go` of Prometheus 3.14.0.

use super::super::loss::KubernetesLoss;
use super::super::maker::{Maker, MetaOf, join_host_port, port_text};
use super::super::names::Label;
use super::super::objects::{AddressReference, EndpointAddress, EndpointPort, EndpointSubset, Endpoints, Pod};
use super::Made;
use super::container_ports::SeenPods;
use crate::discovery::{DiscoveredGroup, LabelPair};

pub(in crate::discovery::kubernetes) fn endpoints_group<'o>(maker: &mut Maker<'o>, endpoints: &'o Endpoints) -> Made {
    let mut group = maker.group("endpoints", &endpoints.meta);
    let (namespace, name) = endpoints.meta.key();
    group.labels.push(maker.fixed.pair(Label::Namespace, endpoints.meta.namespace.shared()));
    maker.add_service(maker.stores.services.get(namespace, name), &mut group.labels);
    maker.add_meta(MetaOf::Endpoints, &endpoints.meta, &mut group.labels);
    maker.add_namespace(&endpoints.meta, &mut group.labels);
    let mut seen = SeenPods::new();
    let mut is_whole = true;
    for subset in &endpoints.subsets {
        for (address, port, is_ready) in pairs_of(subset) {
            if !is_whole {
                break;
            }
            is_whole &= add_target(maker, &mut group, &mut seen, (address, port, is_ready));
        }
    }
    is_whole &= seen.add_uncovered(maker, &mut group);
    let has_port = endpoints.subsets.iter().any(|subset| !subset.ports.is_empty());
    let without =
        if has_port || endpoints.subsets.is_empty() { KubernetesLoss::NoAddresses } else { KubernetesLoss::NoPorts };
    Made { is_cut: !is_whole, ..Made::of(group, without) }
}

/// Port by port, the addresses that are ready first.
fn pairs_of(subset: &EndpointSubset) -> impl Iterator<Item = (&EndpointAddress, &EndpointPort, bool)> {
    subset.ports.iter().flat_map(move |port| {
        let ready = subset.addresses.iter().map(move |address| (address, port, true));
        ready.chain(subset.not_ready_addresses.iter().map(move |address| (address, port, false)))
    })
}

fn add_target<'o>(
    maker: &mut Maker<'o>,
    group: &mut DiscoveredGroup,
    seen: &mut SeenPods<'o>,
    (address, port, is_ready): (&EndpointAddress, &EndpointPort, bool),
) -> bool {
    let number = port_text(port.number);
    let fixed = &maker.fixed;
    let mut target = vec![
        fixed.pair(Label::Address, join_host_port(&address.ip, &number)),
        fixed.pair(Label::EndpointPortName, port.name.shared()),
        fixed.pair(Label::EndpointPortProtocol, port.protocol.shared()),
        fixed.pair(Label::EndpointReady, fixed.truth(is_ready)),
    ];
    if let Some(reference) = &address.target {
        target.push(fixed.pair(Label::EndpointTargetKind, reference.kind.shared()));
        target.push(fixed.pair(Label::EndpointTargetName, reference.name.shared()));
    }
    if let Some(node) = &address.node_name {
        target.push(fixed.pair(Label::EndpointNodeName, node.shared()));
    }
    if !address.hostname.is_empty() {
        target.push(fixed.pair(Label::EndpointHostname, address.hostname.shared()));
    }
    if maker.attach.node {
        add_node(maker, address, &mut target);
    }
    if let Some(pod) = pod_of(maker, address.target.as_ref()) {
        let seen = seen.see(maker, pod);
        if let Some(placed) = seen.cover(port.number) {
            placed.add_to(maker, number, port.protocol.shared(), &mut target);
        }
        target.extend(seen.labels.iter().cloned());
    }
    maker.push(group, target)
}

/// The name of the node counts more than a node as the target.
fn add_node(maker: &mut Maker<'_>, address: &EndpointAddress, target: &mut Vec<LabelPair>) {
    let target_node = address.target.as_ref().filter(|reference| &*reference.kind == "Node");
    if let Some(name) = address.node_name.as_ref().or(target_node.map(|reference| &reference.name)) {
        maker.add_node(name, target);
    }
}

/// The pod that an address belongs to, if that is known.
pub(super) fn pod_of<'o>(maker: &Maker<'o>, reference: Option<&AddressReference>) -> Option<&'o Pod> {
    let reference = reference.filter(|reference| &*reference.kind == "Pod")?;
    maker.stores.pods.get(&reference.namespace, &reference.name)
}
