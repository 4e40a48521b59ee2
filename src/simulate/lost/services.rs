//! The Services that a ServiceMonitor selects, and the first step at which each of them loses its targets.

use super::cluster::{ClusterObjects, PodMaker, Service};
use super::pods::{Nothing, of_state, wanted_target};
use super::ports::{container_port, service_port, target_port};
use super::selector::Selector;
use super::types::{ClusterNoun, LostReason};
use crate::input::operator::Value;
use crate::text::Location;

/// The first step at which an endpoint of a ServiceMonitor loses all targets; nothing if it is none of those here.
pub(super) fn of_monitor(
    cluster: &ClusterObjects,
    nothing: &Nothing<'_>,
    endpoint: &Value,
) -> Option<(Location, LostReason)> {
    let mut services = cluster.services_in(nothing.watched);
    services.retain(|service| nothing.selector.accepts(&service.object.labels));
    if services.is_empty() {
        let objects: Vec<_> = cluster.services.iter().map(|service| &service.object).collect();
        let (at, reason) = nothing.reason(&objects);
        return Some((service_label(cluster, nothing, &reason).unwrap_or(at), reason));
    }
    // Of several Services the one that comes farthest is the one that is wanted.
    let mut farthest: Option<(usize, (Location, LostReason))> = None;
    for service in services {
        let (step, fault) = of_service(cluster, service, endpoint)?;
        if farthest.as_ref().is_none_or(|(most, _)| step > *most) {
            farthest = Some((step, fault));
        }
    }
    farthest.map(|(_, fault)| fault)
}

/// The place of the label of the nearest Service, if its own selector or its name has the wanted value: then the label is
/// the odd one.
fn service_label(cluster: &ClusterObjects, nothing: &Nothing<'_>, reason: &LostReason) -> Option<Location> {
    let LostReason::Labels { nearest: Some((name, _)), .. } = reason else { return None };
    let service = cluster.services.iter().find(|service| service.object.name == *name)?;
    let nearest = nothing.selector.nearest(std::iter::once(&service.object), &nothing.names)?;
    let (key, value) = nearest.requirement.wanted()?;
    let has_value = |label: &super::cluster::Label| &*label.name == key && &*label.value == value;
    let is_odd = service.selector.iter().any(has_value) || service.object.name.name == value;
    is_odd.then_some(nearest.at.unwrap_or(service.object.at))
}

/// The step at which a Service loses its targets, with the number of the step.
fn of_service(
    cluster: &ClusterObjects,
    service: &Service,
    endpoint: &Value,
) -> Option<(usize, (Location, LostReason))> {
    let name = service.object.name.clone();
    let has_endpoints = cluster.endpoints.contains(&(name.namespace.clone(), name.name.clone()));
    let port = endpoint.filled("port").and_then(|port| Some((port.as_str()?, port.at)));
    if has_endpoints {
        return port.and_then(|(port, at)| service_port(port, at, service, &[])).map(|fault| (5, fault));
    }
    if service.is_external {
        return Some((0, (service.object.at, LostReason::ExternalName { service: name })));
    }
    if service.selector.is_empty() {
        return Some((1, (service.object.at, LostReason::NoSelector { service: name })));
    }
    if service.is_seen {
        return Some((1, (service.object.at, LostReason::NoEndpoints { service: name })));
    }
    let selector = Selector::of_labels(&service.selector);
    let namespace = [name.namespace.clone()];
    let mut own: Vec<&PodMaker> = cluster.pods_in(Some(&namespace));
    own.retain(|maker| selector.accepts(&maker.object.labels));
    if own.is_empty() {
        let elsewhere = cluster.pods.iter().find(|maker| selector.accepts(&maker.object.labels));
        return Some((2, without_pods(cluster, service, &selector, elsewhere)));
    }
    if let Some(fault) = of_state(&own) {
        return Some((3, fault));
    }
    match port {
        Some((port, at)) => service_port(port, at, service, &own)
            .map(|fault| (4, fault))
            .or_else(|| target_port(Some(port), service, &own).map(|fault| (5, fault))),
        None => match wanted_target(endpoint, &own) {
            Some(wanted) => container_port(&wanted).map(|fault| (5, fault)),
            None => target_port(None, service, &own).map(|fault| (5, fault)),
        },
    }
}

/// Why a Service has no pods.
fn without_pods(
    cluster: &ClusterObjects,
    service: &Service,
    selector: &Selector,
    elsewhere: Option<&PodMaker>,
) -> (Location, LostReason) {
    let name = service.object.name.clone();
    if cluster.pods.is_empty() {
        return (service.object.at, LostReason::Absent { noun: ClusterNoun::Pod, service: Some(name) });
    }
    if let Some(maker) = elsewhere {
        let owner = maker.object.name.clone();
        return (service.object.at, LostReason::PodsElsewhere { service: name, owner });
    }
    let near = cluster.pods.iter().map(|maker| &maker.object).filter(|object| object.name.namespace == name.namespace);
    let nearest = selector.nearest(near, &[&name.name]);
    let first = service.selector.first().map_or(service.object.at, |label| label.at);
    let at = nearest.as_ref().map_or(first, |nearest| nearest.requirement.at);
    let wanted = selector.describe();
    (at, LostReason::Pods { service: name, wanted, nearest: nearest.map(super::selector::Nearest::described) })
}
