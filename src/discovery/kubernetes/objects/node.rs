//! Nodes.

use super::super::values::{Text, record};
use super::{ObjectMeta, PodCondition};

record! {
    /// A node.
    Node {
        "metadata" => meta: ObjectMeta,
        "spec" => spec: NodeSpec,
        "status" => status: NodeStatus,
    }
}

record! {
    /// `spec` of a node.
    NodeSpec {
        "providerID" => provider_id: Text,
        "unschedulable" => is_unschedulable: bool,
    }
}

record! {
    /// `status` of a node.
    NodeStatus {
        "addresses" => addresses: Vec<NodeAddress>,
        "conditions" => conditions: Vec<PodCondition>,
        "daemonEndpoints" => daemon_endpoints: DaemonEndpoints,
    }
}

record! {
    /// An address of a node.
    NodeAddress {
        "type" => kind: Text,
        "address" => address: Text,
    }
}

record! {
    /// Ports of the programs of a node.
    DaemonEndpoints {
        "kubeletEndpoint" => kubelet: DaemonEndpoint,
    }
}

record! {
    /// The port of a program of a node.
    DaemonEndpoint {
        "Port" => port: i32,
    }
}
