//! The target group of the containers.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::DockerOptions;
use super::objects::{Container, DockerObjects, Endpoint, Networks};
use crate::discovery::address::join_host_port;
use crate::discovery::filter::{Filter, has_labels, passes_all};
use crate::discovery::found::{Discovered, DiscoveryError, DiscoveryNote, ObjectScope, Targets, note_filters};
use crate::discovery::label::{of_map, pair};
use crate::discovery::network::NetworkLabels;
use crate::discovery::{LabelPair, discovery_role};
use crate::release::Release;

const PREFIX: &str = "__meta_docker_";
const SOURCE: &str = "Docker";

impl DockerObjects {
    /// The target group that Prometheus would make of them.
    ///
    /// # Errors
    /// More labels than are made here.
    pub fn groups(&self, options: &DockerOptions, release: Release) -> Result<Discovered, DiscoveryError> {
        let mut found = Discovered::default();
        let selected = select(&self.containers, options, &mut found.notes);
        let networks = NetworkLabels::new(&self.networks, PREFIX, SOURCE, &mut found.undetermined);
        if networks.is_empty() && selected.iter().any(|container| has_network(container)) {
            let consequence = "the targets have no network labels";
            found.notes.push(DiscoveryNote::MissingObjects { kind: "networks", consequence });
        }
        // Of several containers with one id the last one counts.
        let by_id = selected.iter().map(|container| (container.id.as_str(), *container)).collect();
        let mut maker =
            Maker { options, networks, by_id, shared: FxHashMap::default(), found, targets: Targets::default() };
        for container in &selected {
            maker.add(container)?;
        }
        let Maker { mut found, targets, .. } = maker;
        found.groups.push(targets.into_group(SOURCE));
        Ok(found.of_release(discovery_role("docker_sd_configs", ""), release))
    }
}

fn has_network(container: &Container) -> bool {
    container.network_settings.networks.values().flatten().any(|endpoint| !endpoint.network_id.is_empty())
}

/// The containers that the server would list for these filters.
fn select<'c>(
    containers: &'c [Container],
    options: &DockerOptions,
    notes: &mut Vec<DiscoveryNote>,
) -> Vec<&'c Container> {
    if options.scope == ObjectScope::Answer {
        return containers.iter().collect();
    }
    let is_known = |filter: &&Filter| matches!(filter.name.as_str(), "label" | "status");
    let (known, unknown): (Vec<&Filter>, Vec<&Filter>) = options.filters.iter().partition(is_known);
    note_filters("filters", &unknown, notes);
    let has_status = known.iter().any(|filter| filter.name == "status");
    let runs = |container: &Container| {
        has_status || !matches!(container.state.as_str(), "created" | "exited" | "dead" | "removing")
    };
    let passes = |container: &Container| {
        passes_all(&known, |name, values| match name {
            "status" => values.contains(&container.state.as_str()),
            _ => has_labels(values, |key| container.labels.get(key)),
        })
    };
    containers.iter().filter(|container| runs(container) && passes(container)).collect()
}

struct Maker<'c> {
    options: &'c DockerOptions,
    networks: NetworkLabels,
    by_id: FxHashMap<&'c str, &'c Container>,
    /// The networks that containers have by other containers, by id.
    shared: FxHashMap<&'c str, Option<&'c Networks>>,
    found: Discovered,
    targets: Targets,
}

impl<'c> Maker<'c> {
    fn add(&mut self, container: &'c Container) -> Result<(), DiscoveryError> {
        if container.names.is_empty() {
            return Ok(());
        }
        let common = self.common_labels(container);
        let networks = self.networks_of(container);
        let endpoints = networks.into_iter().flat_map(|networks| networks.values()).flatten();
        let most = if self.options.match_first_network { 1 } else { usize::MAX };
        for endpoint in endpoints.take(most) {
            self.add_endpoint(container, endpoint, &common)?;
        }
        Ok(())
    }

    fn common_labels(&mut self, container: &Container) -> Vec<LabelPair> {
        let name = |part: &str| format!("{PREFIX}container_{part}");
        let mut labels = vec![
            pair(&name("id"), container.id.as_str()),
            pair(&name("name"), container.name()),
            pair(&name("network_mode"), container.host_config.network_mode.as_str()),
        ];
        let images = [("image", &container.image), ("image_id", &container.image_id)];
        labels.extend(
            images.iter().filter(|(_, image)| !image.is_empty()).map(|(part, image)| pair(&name(part), image.as_str())),
        );
        labels.extend(of_map(&name("label_"), &container.labels, SOURCE, &mut self.found.undetermined));
        labels
    }

    /// Its own networks, or the first ones on the way through the containers whose network it uses.
    fn networks_of(&mut self, container: &'c Container) -> Option<&'c Networks> {
        let (mut current, mut way) = (container, Vec::new());
        let mut seen = FxHashSet::default();
        let networks = loop {
            if !current.network_settings.networks.is_empty() {
                break Some(&current.network_settings.networks);
            }
            let Some(next) = current.connected().and_then(|id| self.by_id.get(id)) else { break None };
            if let Some(known) = self.shared.get(next.id.as_str()) {
                break *known;
            }
            if !seen.insert(next.id.as_str()) {
                self.found.notes.push(DiscoveryNote::NetworkCircle { container: container.name().to_string() });
                break None;
            }
            way.push(next.id.as_str());
            current = next;
        };
        self.shared.extend(way.into_iter().map(|id| (id, networks)));
        networks
    }

    fn add_endpoint(
        &mut self,
        container: &Container,
        endpoint: &Endpoint,
        common: &[LabelPair],
    ) -> Result<(), DiscoveryError> {
        let address = endpoint.address();
        let of_network = self.networks.of(&endpoint.network_id);
        let target = |own: Vec<LabelPair>| -> Vec<LabelPair> {
            own.into_iter().chain(common.iter().cloned()).chain(of_network.iter().cloned()).collect()
        };
        let ip: Arc<str> = address.into();
        let ip_label = || pair("__meta_docker_network_ip", Arc::clone(&ip));
        let mut ports = container.ports.iter().filter(|port| port.protocol == "tcp").peekable();
        if ports.peek().is_none() {
            // Only here is a container of the host's network told apart: it has no ports, unless its image has some.
            let address = match container.host_config.network_mode.as_str() {
                "host" => self.options.host_networking_host.clone(),
                // Go prints the port as an unsigned number.
                _ => join_host_port(address, self.options.port.cast_unsigned()),
            };
            self.targets.push(target(vec![pair("__address__", address), ip_label()]))?;
        }
        for port in ports {
            let address = join_host_port(address, port.private_port);
            let mut own = vec![pair("__address__", address), ip_label()];
            own.push(pair("__meta_docker_port_private", port.private_port.to_string()));
            if port.public_port > 0 {
                own.push(pair("__meta_docker_port_public", port.public_port.to_string()));
                own.push(pair("__meta_docker_port_public_ip", port.ip.as_str()));
            }
            self.targets.push(target(own))?;
        }
        Ok(())
    }
}
