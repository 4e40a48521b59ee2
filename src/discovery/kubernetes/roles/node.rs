//! Role `node`: the kubelet of each node.
//!
//! Source: `node.go` of Prometheus 3.14.0.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::loss::KubernetesLoss;
use super::super::maker::{Maker, MetaOf, join_host_port, lower};
use super::super::names::{Label, sanitized};
use super::super::objects::Node;
use super::super::values::Text;
use super::Made;
use crate::discovery::LabelPair;

/// The types of addresses, the preferred ones first.
const ADDRESS_TYPES: [&str; 6] = ["InternalIP", "InternalDNS", "ExternalIP", "ExternalDNS", "LegacyHostIP", "Hostname"];

pub(in crate::discovery::kubernetes) fn node_group<'o>(maker: &mut Maker<'o>, node: &'o Node) -> Made {
    let mut group = maker.group("node", &node.meta);
    let first = |kind: &str| node.status.addresses.iter().find(|address| &*address.kind == kind);
    let Some(address) = ADDRESS_TYPES.into_iter().find_map(first) else {
        return Made { group: None, loss: Some(KubernetesLoss::NoNodeAddress), is_cut: false };
    };
    group.labels.push(maker.fixed.pair(Label::NodeProviderId, node.spec.provider_id.shared()));
    add_conditions(node, &mut group.labels);
    maker.add_meta(MetaOf::Node, &node.meta, &mut group.labels);

    let port = node.status.daemon_endpoints.kubelet.port.to_string();
    let mut target = vec![
        maker.fixed.pair(Label::Address, join_host_port(&address.address, &port)),
        maker.fixed.pair(Label::Instance, node.meta.name.shared()),
    ];
    let addresses = first_of_each_type(node);
    let collisions = maker.node_addresses.add_pairs(addresses.into_iter(), &maker.fixed.truth(true), &mut target);
    maker.note(&target, collisions);
    let is_cut = !maker.push(&mut group, target);
    Made { is_cut, ..Made::of(group, KubernetesLoss::NoNodeAddress) }
}

/// The last condition of a type counts.
fn add_conditions(node: &Node, labels: &mut Vec<LabelPair>) {
    let mut places: FxHashMap<Arc<str>, usize> = FxHashMap::default();
    for condition in &node.status.conditions {
        let kind = sanitized(&lower(&condition.kind));
        let name: Arc<str> = format!("__meta_kubernetes_node_condition_{kind}").into();
        let value = lower(&condition.status);
        match places.get(&name) {
            Some(&place) => labels[place].1 = value,
            None => {
                places.insert(Arc::clone(&name), labels.len());
                labels.push((name, value));
            }
        }
    }
}

fn first_of_each_type(node: &Node) -> Vec<(&Text, &Text)> {
    let mut seen = rustc_hash::FxHashSet::default();
    let addresses = node.status.addresses.iter().filter(|address| seen.insert(&*address.kind));
    addresses.map(|address| (&address.kind, &address.address)).collect()
}
