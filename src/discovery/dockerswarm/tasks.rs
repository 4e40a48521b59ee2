//! The targets of the role `tasks`.

use rustc_hash::FxHashMap;

use super::objects::{Service, SwarmObjects, Task};
use super::services::OfTasks;
use super::{SwarmOptions, name, nodes, services, user_labels};
use crate::discovery::LabelPair;
use crate::discovery::address::join_host_port;
use crate::discovery::filter::passes_all;
use crate::discovery::found::{Discovered, DiscoveryError, DiscoveryNote, Targets};
use crate::discovery::label::pair;
use crate::discovery::network::NetworkLabels;

pub(super) fn targets(
    objects: &SwarmObjects,
    options: &SwarmOptions,
    found: &mut Discovered,
) -> Result<Targets, DiscoveryError> {
    let filters = options.known_filters(&["desired-state"], &mut found.notes);
    for (kind, is_missing, consequence) in [
        ("services", objects.services.is_empty(), "the targets have no service labels and no ports of services"),
        ("nodes", objects.nodes.is_empty(), "the targets have no node labels, and published ports no address"),
    ] {
        if is_missing {
            found.notes.push(DiscoveryNote::MissingObjects { kind, consequence });
        }
    }
    let mut maker = Maker {
        options,
        services: services::on_tasks(objects, found),
        nodes: nodes::labels_on_tasks(objects, found),
        networks: objects.network_labels(found),
        targets: Targets::default(),
    };
    let passes = |task: &&Task| passes_all(&filters, |_, values| values.contains(&task.desired_state.as_str()));
    for task in objects.tasks.iter().filter(passes) {
        let common = maker.common_labels(task, found);
        maker.add_host_ports(task, &common)?;
        maker.add_networks(task, &common)?;
    }
    Ok(maker.targets)
}

struct Maker<'o> {
    options: &'o SwarmOptions,
    services: FxHashMap<&'o str, OfTasks<'o>>,
    nodes: FxHashMap<&'o str, (&'o str, Vec<LabelPair>)>,
    networks: NetworkLabels,
    targets: Targets,
}

impl Maker<'_> {
    fn common_labels(&self, task: &Task, found: &mut Discovered) -> Vec<LabelPair> {
        let mut labels = vec![
            pair(&name("task_id"), task.id.as_str()),
            pair(&name("task_desired_state"), task.desired_state.as_str()),
            pair(&name("task_state"), task.status.state.as_str()),
            pair(&name("task_slot"), task.slot.to_string()),
        ];
        if let Some(container) = &task.status.container {
            labels.push(pair(&name("task_container_id"), container.id.as_str()));
        }
        if let Some(container) = &task.spec.container {
            // The catalog of labels says which of both names a release has.
            labels.extend(user_labels("container_label_", &container.labels, found));
            labels.extend(user_labels("task_label_", &container.labels, found));
        }
        if let Some(service) = self.services.get(task.service_id.as_str()) {
            labels.extend(service.labels.iter().cloned());
        }
        if let Some((_, node)) = self.nodes.get(task.node_id.as_str()) {
            labels.extend(node.iter().cloned());
        }
        labels
    }

    /// The ports that the task publishes on its node.
    fn add_host_ports(&mut self, task: &Task, common: &[LabelPair]) -> Result<(), DiscoveryError> {
        let node = self.nodes.get(task.node_id.as_str()).map_or("", |(address, _)| *address);
        for port in task.status.ports.ports.iter().filter(|port| port.is_tcp()) {
            let mut target = vec![
                pair("__address__", join_host_port(node, port.published_port)),
                pair(&name("task_port_publish_mode"), port.publish_mode.as_str()),
            ];
            target.extend(common.iter().cloned());
            self.targets.push(target)?;
        }
        Ok(())
    }

    /// The ports of its service on each of its addresses.
    fn add_networks(&mut self, task: &Task, common: &[LabelPair]) -> Result<(), DiscoveryError> {
        let service = self.services.get(task.service_id.as_str()).map(|service| service.service);
        for attachment in &task.attachments {
            let of_network = self.networks.of(&attachment.network.id);
            for address in &attachment.addresses {
                let address = address.address().ok_or_else(|| DiscoveryError::TaskAddress { task: task.id.clone() })?;
                let mut add = |address: String, mode: Option<LabelPair>| -> Result<(), DiscoveryError> {
                    let mut target = vec![pair("__address__", address)];
                    target.extend(mode.into_iter().chain(common.iter().cloned()).chain(of_network.iter().cloned()));
                    self.targets.push(target)
                };
                let mut ports = service.into_iter().flat_map(Service::tcp_ports).peekable();
                if ports.peek().is_none() {
                    add(join_host_port(&address, self.options.port), None)?;
                }
                for port in ports {
                    let mode = pair(&name("task_port_publish_mode"), port.publish_mode.as_str());
                    add(join_host_port(&address, port.published_port), Some(mode))?;
                }
            }
        }
        Ok(())
    }
}
