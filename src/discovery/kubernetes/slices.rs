//! The endpoint slices that a cluster makes for services and pods.
//!
//! Source: `reconciler.go` and `utils.go` of the package `endpointslice` of Kubernetes.

use std::net::{IpAddr, Ipv6Addr};

use rustc_hash::FxHashMap;

use super::objects::{
    AddressReference, EndpointConditions, EndpointSlice, Node, ObjectMeta, Pod, Service, ServicePort, SliceEndpoint,
    SlicePort,
};
use super::service_pods::ServicePods;
use super::values::{PortReference, StringMap, Text};

const SERVICE_NAME: &str = "kubernetes.io/service-name";
const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
const HEADLESS: &str = "service.kubernetes.io/headless";
const ZONE: &str = "topology.kubernetes.io/zone";

/// How many endpoints a slice has at most.
const MOST_ENDPOINTS: usize = 100;

/// An address family of slices.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    V4,
    V6,
}

impl Family {
    fn name(self) -> &'static str {
        match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        }
    }

    /// That of an address; a text that is not an address counts as the first family.
    fn of(address: &str) -> Self {
        let is_mapped = |address: Ipv6Addr| address.to_ipv4_mapped().is_some();
        match address.parse() {
            Ok(IpAddr::V6(address)) if !is_mapped(address) => Self::V6,
            Ok(_) | Err(_) => Self::V4,
        }
    }
}

/// The slices of all services, without names: those are random.
pub(super) fn slices_of<'o>(
    services: impl Iterator<Item = &'o Service>,
    pods: &ServicePods<'o>,
    node: impl Fn(&str) -> Option<&'o Node>,
) -> Vec<EndpointSlice> {
    let mut slices = Vec::new();
    for service in services.filter(|service| has_endpoints(service)) {
        for family in families_of(service) {
            add_slices(service, family, pods, &node, &mut slices);
        }
    }
    slices
}

/// Whether a cluster makes endpoints for a service.
pub(super) fn has_endpoints(service: &Service) -> bool {
    &*service.spec.kind != "ExternalName" && !service.spec.selector.is_empty()
}

fn families_of(service: &Service) -> Vec<Family> {
    let named = |name: &Text| [Family::V4, Family::V6].into_iter().find(|family| family.name() == &**name);
    let mut families: Vec<Family> = service.spec.ip_families.iter().filter_map(named).collect();
    families.dedup();
    if !families.is_empty() {
        return families;
    }
    match &*service.spec.cluster_ip {
        "" | "None" => vec![Family::V4, Family::V6],
        address => vec![Family::of(address)],
    }
}

fn add_slices<'o>(
    service: &'o Service,
    family: Family,
    pods: &ServicePods<'o>,
    node: &impl Fn(&str) -> Option<&'o Node>,
    slices: &mut Vec<EndpointSlice>,
) {
    let empty = || EndpointSlice {
        meta: meta_of(service),
        address_type: family.name().into(),
        endpoints: Vec::new(),
        ports: Vec::new(),
    };
    let first = slices.len();
    // The slice with room for each list of ports.
    let mut open: FxHashMap<Vec<ResolvedPort>, usize> = FxHashMap::default();
    for pod in pods.of(service).filter(|pod| is_in_endpoints(pod)) {
        let node = node(&pod.spec.node_name);
        if node.is_none() && !service.spec.publishes_not_ready {
            continue;
        }
        let addresses: Vec<Text> = addresses_of(pod, family).cloned().collect();
        if addresses.is_empty() {
            continue;
        }
        let mut ports = resolved_ports(service, pod);
        ports.sort_unstable();
        let has_room = |index: &usize| slices.get(*index).is_some_and(|slice| slice.endpoints.len() < MOST_ENDPOINTS);
        let index = match open.get(&ports).filter(|index| has_room(index)) {
            Some(index) => *index,
            None => {
                let ports_of_slice = ports.iter().map(|port| port.as_slice_port(service)).collect();
                slices.push(EndpointSlice { ports: ports_of_slice, ..empty() });
                open.insert(ports, slices.len() - 1);
                slices.len() - 1
            }
        };
        if let Some(slice) = slices.get_mut(index) {
            slice.endpoints.push(endpoint_of(service, pod, node, addresses));
        }
    }
    if slices.len() == first {
        slices.push(empty());
    }
}

/// Whether a pod may be an endpoint; a pod that terminates stays one.
pub(super) fn is_in_endpoints(pod: &Pod) -> bool {
    let has_address = !pod.status.pod_ip.is_empty() || !pod.status.pod_ips.is_empty();
    has_address && !matches!(&*pod.status.phase, "Succeeded" | "Failed")
}

fn addresses_of(pod: &Pod, family: Family) -> impl Iterator<Item = &Text> {
    pod.status.pod_ips.iter().map(|own| &own.ip).filter(move |ip| Family::of(ip) == family)
}

fn meta_of(service: &Service) -> ObjectMeta {
    let is_reserved = |name: &str| matches!(name, SERVICE_NAME | MANAGED_BY | HEADLESS);
    let mut labels = service.meta.labels.without(is_reserved);
    labels.set(SERVICE_NAME, service.meta.name.clone());
    labels.set(MANAGED_BY, "endpointslice-controller.k8s.io");
    if is_headless(service) {
        labels.set(HEADLESS, "");
    }
    ObjectMeta {
        namespace: service.meta.namespace.clone(),
        generate_name: format!("{}-", &*service.meta.name).into(),
        labels,
        ..ObjectMeta::default()
    }
}

/// Whether a service has no address of its own.
pub(super) fn is_headless(service: &Service) -> bool {
    matches!(&*service.spec.cluster_ip, "" | "None")
}

fn endpoint_of(service: &Service, pod: &Pod, node: Option<&Node>, addresses: Vec<Text>) -> SliceEndpoint {
    let is_serving = is_ready(pod);
    let is_terminating = pod.meta.deletion.0;
    let is_ready = service.spec.publishes_not_ready || (is_serving && !is_terminating);
    let zone = node.and_then(|node| node.meta.labels.get(ZONE)).filter(|zone| !zone.is_empty());
    SliceEndpoint {
        addresses,
        conditions: EndpointConditions {
            ready: Some(is_ready),
            serving: Some(is_serving),
            terminating: Some(is_terminating),
        },
        hostname: hostname_of(service, pod).cloned(),
        node_name: Some(&pod.spec.node_name).filter(|name| !name.is_empty()).cloned(),
        zone: zone.cloned(),
        target: Some(reference_to(pod)),
        topology: StringMap::default(),
    }
}

pub(super) fn is_ready(pod: &Pod) -> bool {
    pod.ready().is_some_and(|status| &**status == "True")
}

/// The name that a pod has in the domain of the service.
pub(super) fn hostname_of<'p>(service: &Service, pod: &'p Pod) -> Option<&'p Text> {
    let is_in_domain = pod.spec.subdomain == service.meta.name;
    Some(&pod.spec.hostname).filter(|name| !name.is_empty() && is_in_domain)
}

pub(super) fn reference_to(pod: &Pod) -> AddressReference {
    AddressReference {
        kind: "Pod".into(),
        namespace: pod.meta.namespace.clone(),
        name: pod.meta.name.clone(),
        uid: pod.meta.uid.clone(),
    }
}

/// A port of a service, with the number that it has in a pod.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ResolvedPort {
    /// The index of the service's port.
    pub(super) index: usize,
    pub(super) number: i32,
}

impl ResolvedPort {
    fn as_slice_port(self, service: &Service) -> SlicePort {
        let own = service.spec.ports.get(self.index);
        SlicePort {
            name: own.map(|port| port.name.clone()),
            number: Some(self.number),
            protocol: own.map(|port| port.protocol.clone()),
            app_protocol: own.and_then(|port| port.app_protocol.clone()),
        }
    }
}

/// The ports of a service that are found in a pod.
pub(super) fn resolved_ports(service: &Service, pod: &Pod) -> Vec<ResolvedPort> {
    let ports = service.spec.ports.iter().enumerate();
    ports.filter_map(|(index, port)| Some(ResolvedPort { index, number: number_in(port, pod)? })).collect()
}

/// A number is that port, whether a container declares it or not; a name is looked for in containers and sidecars.
fn number_in(port: &ServicePort, pod: &Pod) -> Option<i32> {
    let name = match &port.target {
        None => return Some(0),
        Some(PortReference::Number(number)) => return Some(*number),
        Some(PortReference::Name(name)) => name,
    };
    let containers = pod.all_containers();
    let mut containers = containers.filter(|(container, is_init)| !is_init || &*container.restart_policy == "Always");
    containers.find_map(|(container, _)| {
        let own = container.ports.iter().find(|own| own.name == *name && own.protocol == port.protocol)?;
        Some(own.number)
    })
}
