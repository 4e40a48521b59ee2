//! The targets of the role `nodes`, and the labels of nodes on tasks.

use rustc_hash::FxHashMap;

use super::objects::{Node, SwarmObjects};
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
    let filters = options.known_filters(&["role", "node.label"], &mut found.notes);
    let passes = |node: &&Node| {
        passes_all(&filters, |name, values| match name {
            "role" => values.contains(&node.spec.role.as_str()),
            _ => has_labels(values, |key| node.spec.labels.get(key)),
        })
    };
    let mut targets = Targets::default();
    for node in objects.nodes.iter().filter(passes) {
        targets.push(target(node, options, found))?;
    }
    Ok(targets)
}

fn target(node: &Node, options: &SwarmOptions, found: &mut Discovered) -> Vec<LabelPair> {
    // Go prints the port as an unsigned number.
    let address = join_host_port(&node.status.address, options.port.cast_unsigned());
    let mut labels = vec![pair("__address__", address)];
    labels.extend(common_labels(node));
    labels.push(pair(&name("node_engine_version"), node.description.engine.version.as_str()));
    if let Some(manager) = &node.manager {
        labels.push(pair(&name("node_manager_leader"), manager.leader.to_string()));
        labels.push(pair(&name("node_manager_reachability"), manager.reachability.as_str()));
        labels.push(pair(&name("node_manager_address"), manager.address.as_str()));
    }
    labels.extend(user_labels("node_label_", &node.spec.labels, found));
    labels
}

/// The labels that nodes have, and tasks by their nodes.
fn common_labels(node: &Node) -> [LabelPair; 8] {
    let platform = &node.description.platform;
    [
        ("node_id", &node.id),
        ("node_role", &node.spec.role),
        ("node_address", &node.status.address),
        ("node_availability", &node.spec.availability),
        ("node_hostname", &node.description.hostname),
        ("node_platform_architecture", &platform.architecture),
        ("node_platform_os", &platform.os),
        ("node_status", &node.status.state),
    ]
    .map(|(part, value)| pair(&name(part), value.as_str()))
}

/// The labels of each node on its tasks, by id, with the node's address.
pub(super) fn labels_on_tasks<'o>(
    objects: &'o SwarmObjects,
    found: &mut Discovered,
) -> FxHashMap<&'o str, (&'o str, Vec<LabelPair>)> {
    // Of several nodes with one id the last one counts.
    let last: FxHashMap<&str, &Node> = objects.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let in_order =
        objects.nodes.iter().filter(|node| last.get(node.id.as_str()).is_some_and(|last| std::ptr::eq(*last, *node)));
    let labels = in_order.map(|node| {
        let mut labels = common_labels(node).to_vec();
        labels.extend(user_labels("node_label_", &node.spec.labels, found));
        (node.id.as_str(), (node.status.address.as_str(), labels))
    });
    labels.collect()
}
