//! The parts of Swarm's objects that discovery reads. The API and `docker inspect` show them in the same form.

use crate::discovery::address::Prefix;
use crate::discovery::json::{DumpError, Map, objects, read};
use crate::discovery::network::Network;

objects! {
    struct Service {
        id: String = "ID",
        spec: ServiceSpec = "Spec",
        endpoint: Endpoint = "Endpoint",
        update_status: Option<UpdateStatus> = "UpdateStatus",
    }
    struct ServiceSpec {
        name: String = "Name",
        labels: Map<String> = "Labels",
        mode: Mode = "Mode",
        task_template: TaskSpec = "TaskTemplate",
    }
    struct Mode {
        global: Option<Empty> = "Global",
        replicated: Option<Empty> = "Replicated",
    }
    struct Empty {}
    struct UpdateStatus {
        state: String = "State",
    }
    struct Endpoint {
        ports: Vec<Port> = "Ports",
        virtual_ips: Vec<VirtualIp> = "VirtualIPs",
    }
    struct VirtualIp {
        network_id: String = "NetworkID",
        address: Prefix = "Addr",
    }
    struct Port {
        name: String = "Name",
        protocol: String = "Protocol",
        published_port: u32 = "PublishedPort",
        publish_mode: String = "PublishMode",
    }
    struct TaskSpec {
        container: Option<ContainerSpec> = "ContainerSpec",
    }
    struct ContainerSpec {
        image: String = "Image",
        hostname: String = "Hostname",
        labels: Map<String> = "Labels",
    }
    struct Task {
        id: String = "ID",
        service_id: String = "ServiceID",
        node_id: String = "NodeID",
        slot: i64 = "Slot",
        desired_state: String = "DesiredState",
        status: TaskStatus = "Status",
        spec: TaskSpec = "Spec",
        attachments: Vec<Attachment> = "NetworksAttachments",
    }
    struct TaskStatus {
        state: String = "State",
        container: Option<ContainerStatus> = "ContainerStatus",
        ports: PortStatus = "PortStatus",
    }
    struct ContainerStatus {
        id: String = "ContainerID",
    }
    struct PortStatus {
        ports: Vec<Port> = "Ports",
    }
    struct Attachment {
        network: AttachedNetwork = "Network",
        addresses: Vec<Prefix> = "Addresses",
    }
    struct AttachedNetwork {
        id: String = "ID",
    }
    struct Node {
        id: String = "ID",
        spec: NodeSpec = "Spec",
        description: Description = "Description",
        status: NodeStatus = "Status",
        manager: Option<ManagerStatus> = "ManagerStatus",
    }
    struct NodeSpec {
        role: String = "Role",
        availability: String = "Availability",
        labels: Map<String> = "Labels",
    }
    struct Description {
        hostname: String = "Hostname",
        platform: Platform = "Platform",
        engine: Engine = "Engine",
    }
    struct Platform {
        architecture: String = "Architecture",
        os: String = "OS",
    }
    struct Engine {
        version: String = "EngineVersion",
    }
    struct NodeStatus {
        state: String = "State",
        address: String = "Addr",
    }
    struct ManagerStatus {
        leader: bool = "Leader",
        reachability: String = "Reachability",
        address: String = "Addr",
    }
}

impl Service {
    /// `global`, `replicated`, or empty for the modes that discovery does not know.
    pub(super) fn mode(&self) -> &'static str {
        match &self.spec.mode {
            Mode { global: Some(_), .. } => "global",
            Mode { replicated: Some(_), .. } => "replicated",
            Mode { global: None, replicated: None } => "",
        }
    }

    pub(super) fn tcp_ports(&self) -> impl Iterator<Item = &Port> {
        self.endpoint.ports.iter().filter(|port| port.is_tcp())
    }
}

impl Port {
    pub(super) fn is_tcp(&self) -> bool {
        self.protocol == "tcp"
    }
}

/// Services, tasks, nodes and networks of a swarm.
///
/// ```
/// use promcfg::discovery::{SwarmObjects, SwarmOptions, SwarmRole};
/// let mut objects = SwarmObjects::default();
/// objects.add_nodes(r#"[{"ID": "n1", "Spec": {"Role": "worker"}, "Status": {"State": "ready", "Addr": "10.0.0.7"}}]"#)?;
/// let mut options = SwarmOptions::new(SwarmRole::Nodes);
/// options.port = 9323;
/// let found = objects.groups(&options, promcfg::Release::LATEST).unwrap();
/// assert!(found.groups[0].targets[0].contains(&("__address__".into(), "10.0.0.7:9323".into())));
/// # Ok::<(), promcfg::discovery::DumpError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SwarmObjects {
    pub(super) services: Vec<Service>,
    pub(super) tasks: Vec<Task>,
    pub(super) nodes: Vec<Node>,
    pub(super) networks: Vec<Network>,
}

impl SwarmObjects {
    /// Adds the answer of `/services` or the output of `docker service inspect`; how many services it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_services(&mut self, text: &str) -> Result<usize, DumpError> {
        extend(&mut self.services, read(text)?)
    }

    /// Adds the answer of `/tasks` or the output of `docker inspect --type task`; how many tasks it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_tasks(&mut self, text: &str) -> Result<usize, DumpError> {
        extend(&mut self.tasks, read(text)?)
    }

    /// Adds the answer of `/nodes` or the output of `docker node inspect`; how many nodes it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_nodes(&mut self, text: &str) -> Result<usize, DumpError> {
        extend(&mut self.nodes, read(text)?)
    }

    /// Adds the answer of `/networks` or the output of `docker network inspect`; how many networks it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_networks(&mut self, text: &str) -> Result<usize, DumpError> {
        extend(&mut self.networks, read(text)?)
    }

    /// Whether there are neither services nor tasks nor nodes. Networks alone can be those of Docker without a swarm.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.services.is_empty() && self.tasks.is_empty() && self.nodes.is_empty()
    }
}

fn extend<T>(list: &mut Vec<T>, more: Vec<T>) -> Result<usize, DumpError> {
    let count = more.len();
    list.extend(more);
    Ok(count)
}
