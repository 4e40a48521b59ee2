//! Role `endpointslice`: each address and port of a slice, and the other ports of its pods.
//!
//! Source: `endpointslice.go` of Prometheus 3.14.0.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::loss::KubernetesLoss;
use super::super::maker::{Maker, MetaOf, join_host_port, port_text};
use super::super::names::{Collision, Label};
use super::super::objects::{EndpointSlice, Service, SliceEndpoint, SlicePort};
use super::super::values::Text;
use super::Made;
use super::container_ports::SeenPods;
use super::endpoints::pod_of;
use crate::discovery::{DiscoveredGroup, LabelPair};

/// The label that names the service of a slice.
const SERVICE_NAME: &str = "kubernetes.io/service-name";

pub(in crate::discovery::kubernetes) fn slice_group<'o>(maker: &mut Maker<'o>, slice: &'o EndpointSlice) -> Made {
    let mut group = maker.group("endpointslice", &slice.meta);
    group.labels.push(maker.fixed.pair(Label::Namespace, slice.meta.namespace.shared()));
    group.labels.push(maker.fixed.pair(Label::SliceAddressType, slice.address_type.shared()));
    maker.add_meta(MetaOf::EndpointSlice, &slice.meta, &mut group.labels);
    let name = slice.meta.labels.get(SERVICE_NAME);
    let service = name.and_then(|name| maker.stores.services.get(&slice.meta.namespace, name));
    maker.add_service(service, &mut group.labels);
    maker.add_namespace(&slice.meta, &mut group.labels);
    if service.is_some_and(|service| is_of_second_family(slice, service)) {
        return Made::of(group, KubernetesLoss::SecondFamily);
    }
    let mut seen = SeenPods::new();
    let mut is_whole = true;
    for endpoint in &slice.endpoints {
        for port in &slice.ports {
            for address in &endpoint.addresses {
                is_whole = is_whole && add_target(maker, &mut group, &mut seen, (endpoint, port, address));
            }
        }
        if !is_whole {
            break;
        }
    }
    is_whole &= seen.add_uncovered(maker, &mut group);
    let without = if slice.ports.is_empty() { KubernetesLoss::NoPorts } else { KubernetesLoss::NoAddresses };
    Made { is_cut: !is_whole, ..Made::of(group, without) }
}

/// Whether the service has both families, and the slice is not of the first one.
fn is_of_second_family(slice: &EndpointSlice, service: &Service) -> bool {
    let has_both = matches!(&*service.spec.ip_family_policy, "PreferDualStack" | "RequireDualStack");
    has_both && service.spec.ip_families.first().is_some_and(|first| *first != slice.address_type)
}

fn add_target<'o>(
    maker: &mut Maker<'o>,
    group: &mut DiscoveredGroup,
    seen: &mut SeenPods<'o>,
    (endpoint, port, address): (&SliceEndpoint, &SlicePort, &Text),
) -> bool {
    let number = port.number.map(port_text);
    let mut target = Vec::with_capacity(16);
    target.push(match &number {
        Some(number) => maker.fixed.pair(Label::Address, join_host_port(address, number)),
        None => maker.fixed.pair(Label::Address, address.shared()),
    });
    add_port(maker, port, number.as_ref(), &mut target);
    add_endpoint(maker, endpoint, &mut target);
    if maker.attach.node {
        add_node(maker, endpoint, &mut target);
    }
    if let Some(pod) = pod_of(maker, endpoint.target.as_ref()) {
        let seen = seen.see(maker, pod);
        let placed = port.number.and_then(|number| seen.cover(number));
        if let (Some(placed), Some(number)) = (placed, number) {
            placed.add_to(maker, number, placed.protocol(), &mut target);
        }
        target.extend(seen.labels.iter().cloned());
    }
    maker.push(group, target)
}

fn add_port(maker: &Maker<'_>, port: &SlicePort, number: Option<&Arc<str>>, target: &mut Vec<LabelPair>) {
    let texts = [
        (Label::SlicePortName, port.name.as_ref()),
        (Label::SlicePortProtocol, port.protocol.as_ref()),
        (Label::SlicePortAppProtocol, port.app_protocol.as_ref()),
    ];
    if let Some(number) = number {
        target.push(maker.fixed.pair(Label::SlicePort, Arc::clone(number)));
    }
    target.extend(texts.into_iter().filter_map(|(label, text)| Some(maker.fixed.pair(label, text?.shared()))));
}

fn add_endpoint(maker: &mut Maker<'_>, endpoint: &SliceEndpoint, target: &mut Vec<LabelPair>) {
    let fixed = &maker.fixed;
    let truths = [
        (Label::SliceReady, endpoint.conditions.ready),
        (Label::SliceServing, endpoint.conditions.serving),
        (Label::SliceTerminating, endpoint.conditions.terminating),
    ];
    target.extend(truths.into_iter().filter_map(|(label, truth)| Some(fixed.pair(label, fixed.truth(truth?)))));
    let reference = endpoint.target.as_ref();
    let texts = [
        (Label::SliceHostname, endpoint.hostname.as_ref()),
        (Label::SliceTargetKind, reference.map(|reference| &reference.kind)),
        (Label::SliceTargetName, reference.map(|reference| &reference.name)),
        (Label::SliceNodeName, endpoint.node_name.as_ref()),
        (Label::SliceZone, endpoint.zone.as_ref()),
    ];
    target.extend(texts.into_iter().filter_map(|(label, text)| Some(fixed.pair(label, text?.shared()))));
    if !endpoint.topology.is_empty() {
        add_topology(maker, endpoint, target);
    }
}

/// A key that begins with `present_` has the label that says of another key that it exists.
fn add_topology(maker: &mut Maker<'_>, endpoint: &SliceEndpoint, target: &mut Vec<LabelPair>) {
    let first = target.len();
    let mut collisions = maker.topology.add(&endpoint.topology, &maker.fixed.truth(true), target);
    if endpoint.topology.iter().any(|(key, _)| key.starts_with("present")) {
        let mut places: FxHashMap<Arc<str>, usize> = FxHashMap::default();
        // Where each added label is after the repeated ones are gone.
        let mut moved = Vec::new();
        let mut more = Vec::new();
        for (name, value) in target.split_off(first) {
            let place = *places.entry(Arc::clone(&name)).or_insert(target.len());
            moved.push(place);
            if place == target.len() {
                target.push((name, value));
            } else {
                more.push(Collision { place, value });
            }
        }
        for collision in &mut collisions {
            collision.place = moved.get(collision.place - first).copied().unwrap_or(collision.place);
        }
        collisions.extend(more);
    }
    maker.note(target, collisions);
}

/// A node as the target counts more than the name of the node.
fn add_node(maker: &mut Maker<'_>, endpoint: &SliceEndpoint, target: &mut Vec<LabelPair>) {
    let target_node = endpoint.target.as_ref().filter(|reference| &*reference.kind == "Node");
    if let Some(name) = target_node.map(|reference| &reference.name).or(endpoint.node_name.as_ref()) {
        maker.add_node(name, target);
    }
}
