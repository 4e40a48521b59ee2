//! The endpoints that a cluster makes for a service.
//!
//! Source: `pkg/controller/endpoint` of Kubernetes.

use std::collections::BTreeMap;

use super::super::objects::{EndpointAddress, EndpointPort, EndpointSubset, Endpoints, ObjectMeta, Pod, Service};
use super::super::service_pods::ServicePods;
use super::super::slices::{
    ResolvedPort, hostname_of, is_headless, is_in_endpoints, is_ready, reference_to, resolved_ports,
};

pub(super) fn endpoints_of<'o>(service: &'o Service, pods: &ServicePods<'o>) -> Endpoints {
    // Addresses with the same ports are one subset.
    let mut subsets: BTreeMap<Vec<ResolvedPort>, EndpointSubset> = BTreeMap::new();
    let is_wanted = |pod: &&Pod| is_in_endpoints(pod) && (!pod.meta.deletion.0 || service.spec.publishes_not_ready);
    for pod in pods.of(service).filter(is_wanted) {
        let ports = resolved_ports(service, pod);
        if ports.is_empty() && !(service.spec.ports.is_empty() && is_headless(service)) {
            continue;
        }
        let subset = subsets.entry(ports).or_default();
        let is_ready = service.spec.publishes_not_ready || is_ready(pod);
        let addresses = if is_ready { &mut subset.addresses } else { &mut subset.not_ready_addresses };
        addresses.push(address_of(service, pod));
    }
    let with_ports = |(ports, mut subset): (Vec<ResolvedPort>, EndpointSubset)| {
        subset.ports = ports.into_iter().filter_map(|port| port_of(service, port)).collect();
        subset
    };
    Endpoints { meta: meta_of(service), subsets: subsets.into_iter().map(with_ports).collect() }
}

fn meta_of(service: &Service) -> ObjectMeta {
    const HEADLESS: &str = "service.kubernetes.io/headless";
    let mut labels = service.meta.labels.without(|name| name == HEADLESS);
    labels.set("endpoints.kubernetes.io/managed-by", "endpoint-controller");
    if is_headless(service) {
        labels.set(HEADLESS, "");
    }
    ObjectMeta {
        name: service.meta.name.clone(),
        namespace: service.meta.namespace.clone(),
        labels,
        ..ObjectMeta::default()
    }
}

fn address_of(service: &Service, pod: &Pod) -> EndpointAddress {
    EndpointAddress {
        ip: pod.status.pod_ip.clone(),
        hostname: hostname_of(service, pod).cloned().unwrap_or_default(),
        node_name: Some(pod.spec.node_name.clone()),
        target: Some(reference_to(pod)),
    }
}

fn port_of(service: &Service, port: ResolvedPort) -> Option<EndpointPort> {
    let own = service.spec.ports.get(port.index)?;
    Some(EndpointPort { name: own.name.clone(), number: port.number, protocol: own.protocol.clone() })
}
