//! The containers of a pod that listen on the ports of its endpoints, and the ports that no endpoint has.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::maker::{Maker, join_host_port, port_text};
use super::super::names::Label;
use super::super::objects::{Container, ContainerPort, Pod};
use crate::discovery::{DiscoveredGroup, LabelPair};

/// The pods that the endpoints of one group refer to, in the order in which they are found.
pub(super) struct SeenPods<'o> {
    pods: Vec<SeenPod<'o>>,
    by_key: FxHashMap<(&'o str, &'o str), usize>,
}

/// A pod, with its labels made once.
pub(super) struct SeenPod<'o> {
    pod: &'o Pod,
    pub(super) labels: Vec<LabelPair>,
    by_port: FxHashMap<i32, PlacedPort<'o>>,
    covered: FxHashSet<i32>,
}

/// A port of a container.
#[derive(Clone, Copy)]
pub(super) struct PlacedPort<'o> {
    container: &'o Container,
    port: &'o ContainerPort,
    is_init: bool,
}

impl<'o> SeenPods<'o> {
    pub(super) fn new() -> Self {
        Self { pods: Vec::new(), by_key: FxHashMap::default() }
    }

    /// The pod, which is made known if it was not.
    pub(super) fn see(&mut self, maker: &mut Maker<'o>, pod: &'o Pod) -> &mut SeenPod<'o> {
        let index = *self.by_key.entry(pod.meta.key()).or_insert_with(|| {
            let mut labels = Vec::new();
            maker.add_pod(pod, &mut labels);
            self.pods.push(SeenPod { pod, labels, by_port: ports_of(pod), covered: FxHashSet::default() });
            self.pods.len() - 1
        });
        &mut self.pods[index]
    }

    /// Adds a target for each port of a container that no endpoint of its pod has; `false` if there are too many.
    pub(super) fn add_uncovered(&self, maker: &mut Maker<'o>, group: &mut DiscoveredGroup) -> bool {
        let mut is_whole = true;
        for seen in self.pods.iter().filter(|seen| !seen.pod.status.pod_ip.is_empty()) {
            for (container, is_init) in seen.pod.all_containers() {
                for port in container.ports.iter().filter(|port| !seen.covered.contains(&port.number)) {
                    let number = port_text(port.number);
                    let address = join_host_port(&seen.pod.status.pod_ip, &number);
                    let mut target = Vec::with_capacity(7 + seen.labels.len());
                    target.push(maker.fixed.pair(Label::Address, address));
                    let placed = PlacedPort { container, port, is_init };
                    placed.add_to(maker, number, port.protocol.shared(), &mut target);
                    target.extend(seen.labels.iter().cloned());
                    is_whole &= maker.push(group, target);
                }
            }
        }
        is_whole
    }
}

impl<'o> SeenPod<'o> {
    /// The port of a container that an endpoint's port leads to, which is covered then.
    pub(super) fn cover(&mut self, number: i32) -> Option<PlacedPort<'o>> {
        self.covered.insert(number);
        self.by_port.get(&number).copied()
    }
}

/// For each number the first port of the last container that has it.
fn ports_of(pod: &Pod) -> FxHashMap<i32, PlacedPort<'_>> {
    let mut ports = FxHashMap::default();
    for (container, is_init) in pod.all_containers() {
        for port in container.ports.iter().rev() {
            ports.insert(port.number, PlacedPort { container, port, is_init });
        }
    }
    ports
}

impl PlacedPort<'_> {
    pub(super) fn protocol(self) -> Arc<str> {
        self.port.protocol.shared()
    }

    pub(super) fn add_to(self, maker: &Maker<'_>, number: Arc<str>, protocol: Arc<str>, target: &mut Vec<LabelPair>) {
        target.extend([
            maker.fixed.pair(Label::ContainerName, self.container.name.shared()),
            maker.fixed.pair(Label::ContainerImage, self.container.image.shared()),
            maker.fixed.pair(Label::ContainerPortName, self.port.name.shared()),
            maker.fixed.pair(Label::ContainerPortNumber, number),
            maker.fixed.pair(Label::ContainerPortProtocol, protocol),
            maker.fixed.pair(Label::ContainerInit, maker.fixed.truth(self.is_init)),
        ]);
    }
}
