//! The targets of the role `services`, and what services are for tasks.

use rustc_hash::FxHashMap;

use super::objects::{Port, Service, SwarmObjects};
use super::{SwarmOptions, name, user_labels};
use crate::discovery::LabelPair;
use crate::discovery::address::join_host_port;
use crate::discovery::filter::{has_labels, passes_all};
use crate::discovery::found::{Discovered, DiscoveryError, Targets};
use crate::discovery::label::pair;

pub(super) fn targets(
    objects: &SwarmObjects,
    options: &SwarmOptions,
    found: &mut Discovered,
) -> Result<Targets, DiscoveryError> {
    let filters = options.known_filters(&["label", "mode"], &mut found.notes);
    let networks = objects.network_labels(found);
    let passes = |service: &&Service| {
        passes_all(&filters, |name, values| match name {
            "mode" => values.contains(&service.mode()),
            _ => has_labels(values, |key| service.spec.labels.get(key)),
        })
    };
    let mut targets = Targets::default();
    for service in objects.services.iter().filter(passes) {
        let common = labels(service, found);
        for virtual_ip in &service.endpoint.virtual_ips {
            let address = virtual_ip.address.address();
            let address =
                address.ok_or_else(|| DiscoveryError::ServiceAddress { service: service.spec.name.clone() })?;
            let of_network = networks.of(&virtual_ip.network_id);
            let mut add = |address: String, own: Vec<LabelPair>| -> Result<(), DiscoveryError> {
                let mut target = vec![pair("__address__", address)];
                target.extend(own.into_iter().chain(common.iter().cloned()).chain(of_network.iter().cloned()));
                targets.push(target)
            };
            let mut ports = service.tcp_ports().peekable();
            if ports.peek().is_none() {
                add(join_host_port(&address, options.port), Vec::new())?;
            }
            for port in ports {
                add(join_host_port(&address, port.published_port), port_labels(port))?;
            }
        }
    }
    Ok(targets)
}

fn port_labels(port: &Port) -> Vec<LabelPair> {
    vec![
        pair(&name("service_endpoint_port_name"), port.name.as_str()),
        pair(&name("service_endpoint_port_publish_mode"), port.publish_mode.as_str()),
    ]
}

fn labels(service: &Service, found: &mut Discovered) -> Vec<LabelPair> {
    let mut labels = common_labels(service).to_vec();
    if let Some(container) = &service.spec.task_template.container {
        labels.push(pair(&name("service_task_container_hostname"), container.hostname.as_str()));
        labels.push(pair(&name("service_task_container_image"), container.image.as_str()));
    }
    if let Some(update) = &service.update_status {
        labels.push(pair(&name("service_updating_status"), update.state.as_str()));
    }
    labels.extend(user_labels("service_label_", &service.spec.labels, found));
    labels
}

/// The labels that services have, and tasks by their services.
fn common_labels(service: &Service) -> [LabelPair; 3] {
    [
        pair(&name("service_id"), service.id.as_str()),
        pair(&name("service_name"), service.spec.name.as_str()),
        pair(&name("service_mode"), service.mode()),
    ]
}

/// A service as its tasks see it: its labels on them, and its ports.
pub(super) struct OfTasks<'o> {
    pub(super) labels: Vec<LabelPair>,
    pub(super) service: &'o Service,
}

/// The services, by id.
pub(super) fn on_tasks<'o>(objects: &'o SwarmObjects, found: &mut Discovered) -> FxHashMap<&'o str, OfTasks<'o>> {
    // Of several services with one id the last one counts.
    let last: FxHashMap<&str, &Service> =
        objects.services.iter().map(|service| (service.id.as_str(), service)).collect();
    let in_order = objects
        .services
        .iter()
        .filter(|service| last.get(service.id.as_str()).is_some_and(|last| std::ptr::eq(*last, *service)));
    let services = in_order.map(|service| {
        let mut labels = common_labels(service).to_vec();
        labels.extend(user_labels("service_label_", &service.spec.labels, found));
        (service.id.as_str(), OfTasks { labels, service })
    });
    services.collect()
}
