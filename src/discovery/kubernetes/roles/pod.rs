//! Role `pod`: a target for each port of each container.
//!
//! Source: `pod.go` of Prometheus 3.14.0.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::loss::KubernetesLoss;
use super::super::maker::{Maker, join_host_port, port_text};
use super::super::names::Label;
use super::super::objects::{Container, ContainerStatus, Pod};
use super::Made;
use crate::discovery::LabelPair;

pub(in crate::discovery::kubernetes) fn pod_group<'o>(maker: &mut Maker<'o>, pod: &'o Pod) -> Made {
    let mut group = maker.group("pod", &pod.meta);
    if pod.status.pod_ip.is_empty() {
        return Made::of(group, KubernetesLoss::NoPodIp);
    }
    let mut labels = vec![maker.fixed.pair(Label::Namespace, pod.meta.namespace.shared())];
    maker.add_pod(pod, &mut labels);
    if maker.attach.node && !maker.add_node(&pod.spec.node_name, &mut labels) {
        return Made::of(group, KubernetesLoss::UnknownNode);
    }
    maker.add_namespace(&pod.meta, &mut labels);
    group.labels = labels;
    let ids = [ids_of(&pod.status.container_statuses), ids_of(&pod.status.init_container_statuses)];
    let mut is_cut = false;
    for (container, is_init) in pod.all_containers() {
        let id = ids[usize::from(is_init)].get(&*container.name).map(Arc::clone);
        let common = container_labels(maker, container, id.unwrap_or_default(), is_init);
        if container.ports.is_empty() {
            let mut target = vec![maker.fixed.pair(Label::Address, pod.status.pod_ip.shared())];
            target.extend(common);
            is_cut |= !maker.push(&mut group, target);
            continue;
        }
        for port in &container.ports {
            let number = port_text(port.number);
            let address = join_host_port(&pod.status.pod_ip, &number);
            let mut target = Vec::with_capacity(8);
            target.push(maker.fixed.pair(Label::Address, address));
            target.extend(common.iter().cloned());
            target.extend([
                maker.fixed.pair(Label::ContainerPortName, port.name.shared()),
                maker.fixed.pair(Label::ContainerPortNumber, number),
                maker.fixed.pair(Label::ContainerPortProtocol, port.protocol.shared()),
            ]);
            is_cut |= !maker.push(&mut group, target);
        }
    }
    Made { is_cut, ..Made::of(group, KubernetesLoss::NoContainers) }
}

fn container_labels(maker: &Maker<'_>, container: &Container, id: Arc<str>, is_init: bool) -> [LabelPair; 4] {
    [
        maker.fixed.pair(Label::ContainerName, container.name.shared()),
        maker.fixed.pair(Label::ContainerId, id),
        maker.fixed.pair(Label::ContainerImage, container.image.shared()),
        maker.fixed.pair(Label::ContainerInit, maker.fixed.truth(is_init)),
    ]
}

/// The id of each container; the first status of a name counts.
fn ids_of(statuses: &[ContainerStatus]) -> FxHashMap<&str, Arc<str>> {
    let mut ids = FxHashMap::default();
    for status in statuses {
        ids.entry(&*status.name).or_insert_with(|| status.container_id.shared());
    }
    ids
}
