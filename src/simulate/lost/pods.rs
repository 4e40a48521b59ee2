//! The pods that are selected, and why there are none that can be scraped.

use super::cluster::{ClusterObjects, PodMaker};
use super::ports::{Wanted, container_port};
use super::selector::Selector;
use super::types::{ClusterNoun, LostReason};
use crate::input::operator::{Data, Value};
use crate::text::Location;

/// The namespaces in which targets are looked for; `None` for all of them.
pub(super) type Watched<'w> = Option<&'w [String]>;

pub(super) fn is_watched(watched: Watched<'_>, namespace: &str) -> bool {
    watched.is_none_or(|names| names.iter().any(|name| name == namespace))
}

/// Why none of these pods can be scraped; nothing if one can.
pub(super) fn of_state(makers: &[&PodMaker]) -> Option<(Location, LostReason)> {
    let fault = |maker: &PodMaker| {
        let owner = maker.object.name.clone();
        match maker.phase.as_deref() {
            _ if maker.has_no_replicas => Some(LostReason::NoReplicas { owner }),
            Some(phase @ ("Failed" | "Succeeded")) => Some(LostReason::Phase { owner, phase: phase.to_string() }),
            Some(_) if maker.lacks_address => Some(LostReason::NoAddress { owner }),
            _ => None,
        }
    };
    let mut first = None;
    for maker in makers {
        let reason = fault(maker)?;
        first.get_or_insert((maker.object.at, reason));
    }
    first
}

/// What a selector of a monitor finds nothing of, and where.
pub(super) struct Nothing<'n> {
    pub(super) noun: ClusterNoun,
    pub(super) selector: &'n Selector,
    /// The place of the selector.
    pub(super) at: Location,
    /// The place of the selector of namespaces, or of the object.
    pub(super) namespaces_at: Location,
    /// The namespaces in which targets are looked for.
    pub(super) watched: Watched<'n>,
    /// Names that the object that is wanted may have.
    pub(super) names: Vec<&'n str>,
}

impl Nothing<'_> {
    /// The step that loses all of these objects.
    pub(super) fn reason(&self, objects: &[&super::cluster::Labeled]) -> (Location, LostReason) {
        let Self { noun, selector, watched, .. } = *self;
        if objects.is_empty() {
            return (self.at, LostReason::Absent { noun, service: None });
        }
        if let Some(found) = objects.iter().find(|object| selector.accepts(&object.labels)) {
            let watched = watched.unwrap_or(&[]).to_vec();
            return (self.namespaces_at, LostReason::Namespace { found: found.name.clone(), watched });
        }
        let near = objects.iter().copied().filter(|object| is_watched(watched, &object.name.namespace));
        let nearest = selector.nearest(near, &self.names);
        let wanted = selector.describe();
        let at = nearest.as_ref().map_or(self.at, |nearest| nearest.requirement.at);
        (at, LostReason::Labels { noun, wanted, nearest: nearest.map(super::selector::Nearest::described) })
    }
}

/// The first step at which an endpoint of a PodMonitor loses all pods.
pub(super) fn of_monitor(
    cluster: &ClusterObjects,
    nothing: &Nothing<'_>,
    endpoint: &Value,
) -> Option<(Location, LostReason)> {
    let mut makers = cluster.pods_in(nothing.watched);
    makers.retain(|maker| nothing.selector.accepts(&maker.object.labels));
    if makers.is_empty() {
        let objects: Vec<_> = cluster.pods.iter().map(|maker| &maker.object).collect();
        return Some(nothing.reason(&objects));
    }
    of_state(&makers).or_else(|| container_port(&wanted_of_pods(endpoint, &makers)?))
}

/// The port that an endpoint of a PodMonitor asks for.
fn wanted_of_pods<'m>(endpoint: &Value, makers: &'m [&'m PodMaker]) -> Option<Wanted<'m>> {
    if let Some(port) = endpoint.filled("port") {
        let text = port.as_str()?.to_string();
        return Some(Wanted { field: "port", text, at: port.at, is_number: false, makers });
    }
    match endpoint.get("portNumber").and_then(|port| Some((port.as_int()?, port.at))) {
        Some((number, at)) if number != 0 => {
            Some(Wanted { field: "portNumber", text: number.to_string(), at, is_number: true, makers })
        }
        _ => wanted_target(endpoint, makers),
    }
}

/// `targetPort` of an endpoint.
pub(super) fn wanted_target<'m>(endpoint: &Value, makers: &'m [&'m PodMaker]) -> Option<Wanted<'m>> {
    let port = endpoint.get("targetPort")?;
    let (text, is_number) = match &port.data {
        Data::Text(text) if !text.is_empty() => (text.clone(), false),
        Data::Int(number) if *number != 0 => (number.to_string(), true),
        _ => return None,
    };
    Some(Wanted { field: "targetPort", text, at: port.at, is_number, makers })
}
