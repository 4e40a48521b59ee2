//! Pods.

use super::super::values::{Text, record};
use super::ObjectMeta;

record! {
    /// A pod.
    Pod {
        "metadata" => meta: ObjectMeta,
        "spec" => spec: PodSpec,
        "status" => status: PodStatus,
    }
}

record! {
    /// `spec` of a pod. The environment of containers is not read.
    PodSpec {
        "nodeName" => node_name: Text,
        "hostNetwork" => host_network: bool,
        "restartPolicy" => restart_policy: Text,
        "schedulerName" => scheduler_name: Text,
        "serviceAccountName" => service_account_name: Text,
        "hostname" => hostname: Text,
        "subdomain" => subdomain: Text,
        "containers" => containers: Vec<Container>,
        "initContainers" => init_containers: Vec<Container>,
    }
}

record! {
    /// A container of a pod.
    Container {
        "name" => name: Text,
        "image" => image: Text,
        "ports" => ports: Vec<ContainerPort>,
        "restartPolicy" => restart_policy: Text,
    }
}

record! {
    /// A port that a container declares.
    ContainerPort {
        "name" => name: Text,
        "containerPort" => number: i32,
        "protocol" => protocol: Text,
    }
}

record! {
    /// `status` of a pod.
    PodStatus {
        "phase" => phase: Text,
        "podIP" => pod_ip: Text,
        "podIPs" => pod_ips: Vec<PodIp>,
        "hostIP" => host_ip: Text,
        "nominatedNodeName" => nominated_node_name: Text,
        "conditions" => conditions: Vec<PodCondition>,
        "containerStatuses" => container_statuses: Vec<ContainerStatus>,
        "initContainerStatuses" => init_container_statuses: Vec<ContainerStatus>,
    }
}

record! {
    /// An item of `status.podIPs`.
    PodIp {
        "ip" => ip: Text,
    }
}

record! {
    /// A condition of a pod or a node.
    PodCondition {
        "type" => kind: Text,
        "status" => status: Text,
    }
}

record! {
    /// The status of a container.
    ContainerStatus {
        "name" => name: Text,
        "containerID" => container_id: Text,
    }
}

impl Pod {
    /// The status of its first condition `Ready`.
    pub(in crate::discovery::kubernetes) fn ready(&self) -> Option<&Text> {
        self.status.conditions.iter().find(|condition| &*condition.kind == "Ready").map(|condition| &condition.status)
    }

    /// Its containers, then its init containers, which are marked.
    pub(in crate::discovery::kubernetes) fn all_containers(&self) -> impl Iterator<Item = (&Container, bool)> {
        let containers = self.spec.containers.iter().map(|container| (container, false));
        containers.chain(self.spec.init_containers.iter().map(|container| (container, true)))
    }
}
