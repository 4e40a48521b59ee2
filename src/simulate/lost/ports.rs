//! Why there is no port of a name.

use super::cluster::{PodMaker, Port, Service};
use super::types::{LostReason, PortFault};
use crate::re2::Regex;
use crate::text::{Location, most_similar};

/// A port of containers, as an endpoint asks for it.
pub(super) struct Wanted<'m> {
    /// `port`, `portNumber`, `targetPort`.
    pub(super) field: &'static str,
    pub(super) text: String,
    /// Where it is asked for.
    pub(super) at: Location,
    pub(super) is_number: bool,
    pub(super) makers: &'m [&'m PodMaker],
}

/// The names that a rule of the operator accepts: a port name is a pattern.
pub(super) fn is_named(wanted: &str, name: Option<&str>) -> bool {
    let name = name.unwrap_or("");
    name == wanted || Regex::new(wanted).is_ok_and(|pattern| pattern.is_match(name) == Ok(true))
}

/// Why a service has no port of that name, and where the mistake most likely is; `at` is where the name is asked for.
pub(super) fn service_port(
    wanted: &str,
    at: Location,
    service: &Service,
    makers: &[&PodMaker],
) -> Option<(Location, LostReason)> {
    if service.ports.iter().any(|port| is_named(wanted, port.name.as_deref())) {
        return None;
    }
    let similar = similar(wanted, &service.ports);
    let has_name = |maker: &&&PodMaker| maker.ports.iter().any(|port| port.name.as_deref() == Some(wanted));
    let (at, why) = if let [Port { name: None, at, .. }] = service.ports.as_slice() {
        (*at, PortFault::Unnamed)
    } else if let Some(maker) = makers.iter().find(has_name) {
        let name = similar.and_then(|port| port.name.as_deref()).map(str::to_string);
        let at = similar.map_or(service.ports_at, |port| port.at);
        (at, PortFault::OnlyInContainer(maker.object.name.clone(), name))
    } else {
        match (of_number(wanted, &service.ports), similar) {
            (Some(port), _) => (at, PortFault::IsNumber(port.name.as_deref().map(str::to_string))),
            (None, Some(Port { name: Some(name), .. })) => (at, PortFault::Similar(name.to_string())),
            (None, _) => (at, PortFault::Others(names(&service.ports))),
        }
    };
    let service = service.object.name.clone();
    Some((at, LostReason::ServicePort { port: wanted.to_string(), service, why }))
}

/// Why no port of a service that an endpoint wants leads to a container; nothing if one does.
pub(super) fn target_port(
    wanted: Option<&str>,
    service: &Service,
    makers: &[&PodMaker],
) -> Option<(Location, LostReason)> {
    let mut fault = None;
    for port in service.ports.iter().filter(|port| wanted.is_none_or(|wanted| is_named(wanted, port.name.as_deref()))) {
        let (target, at) = port.target.as_ref()?;
        let has_port = |maker: &&PodMaker| maker.ports.iter().any(|port| port.name.as_deref() == Some(target));
        if makers.iter().any(has_port) {
            return None;
        }
        if fault.is_none() {
            let owner = makers.first()?;
            let similar = similar(target, &owner.ports);
            let name = similar.and_then(|port| port.name.as_deref());
            // Where the service has one name for both, the container's is the odd one.
            let is_same = port.name.as_deref() == Some(&**target);
            let at = similar.filter(|_| is_same).map_or(*at, |port| port.at);
            let reason = LostReason::TargetPort {
                service: service.object.name.clone(),
                port: port.name.as_deref().map_or_else(|| port.number.to_string(), str::to_string),
                target: target.to_string(),
                owner: owner.object.name.clone(),
                similar: name.map(str::to_string),
            };
            fault = Some((at, reason));
        }
    }
    fault
}

/// Why no container has a port; nothing if one has.
pub(super) fn container_port(wanted: &Wanted<'_>) -> Option<(Location, LostReason)> {
    let is_wanted = |port: &Port| match wanted.is_number {
        true => port.number.to_string() == wanted.text,
        false => is_named(&wanted.text, port.name.as_deref()),
    };
    if wanted.makers.iter().any(|maker| maker.ports.iter().any(is_wanted)) {
        return None;
    }
    let maker = wanted.makers.first()?;
    let why = if wanted.is_number {
        PortFault::Others(numbers(&maker.ports))
    } else {
        let similar = similar(&wanted.text, &maker.ports).and_then(|port| port.name.as_deref());
        match (of_number(&wanted.text, &maker.ports), similar, maker.ports.as_slice()) {
            (Some(port), ..) => PortFault::IsNumber(port.name.as_deref().map(str::to_string)),
            (None, Some(name), _) => PortFault::Similar(name.to_string()),
            (None, None, [Port { name: None, .. }]) => PortFault::Unnamed,
            (None, None, _) => PortFault::Others(names(&maker.ports)),
        }
    };
    let owner = maker.object.name.clone();
    Some((wanted.at, LostReason::ContainerPort { field: wanted.field, port: wanted.text.clone(), owner, why }))
}

fn of_number<'p>(wanted: &str, ports: &'p [Port]) -> Option<&'p Port> {
    ports.iter().find(|port| port.number.to_string() == wanted)
}

/// A port whose name is most likely a misspelling of another one. Names that differ in their numbers are different ones.
fn similar<'p>(wanted: &str, ports: &'p [Port]) -> Option<&'p Port> {
    let letters = |name: &str| name.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let own = letters(wanted);
    let names = ports.iter().filter_map(|port| port.name.as_deref());
    let name = most_similar(
        wanted,
        names.filter(|name| letters(name) != own || !name.contains(|c: char| c.is_ascii_digit())),
    )?;
    ports.iter().find(|port| port.name.as_deref() == Some(name))
}

fn names(ports: &[Port]) -> Vec<String> {
    ports.iter().filter_map(|port| port.name.as_deref()).map(str::to_string).collect()
}

fn numbers(ports: &[Port]) -> Vec<String> {
    ports.iter().map(|port| port.number.to_string()).collect()
}
