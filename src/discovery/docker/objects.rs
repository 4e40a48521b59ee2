//! The parts of containers that discovery reads, in the form of the API and in that of `docker inspect`.

use crate::discovery::address::Address;
use crate::discovery::json::{DumpError, Map, objects, read};
use crate::discovery::network::Network;

objects! {
    /// A container, as `/containers/json` shows it.
    struct Container {
        id: String = "Id",
        names: Vec<String> = "Names",
        image: String = "Image",
        image_id: String = "ImageID",
        state: String = "State",
        labels: Map<String> = "Labels",
        ports: Vec<Port> = "Ports",
        host_config: HostConfig = "HostConfig",
        network_settings: NetworkSettings = "NetworkSettings",
    }
    struct Port {
        ip: Address = "IP",
        private_port: u16 = "PrivatePort",
        public_port: u16 = "PublicPort",
        protocol: String = "Type",
    }
    struct HostConfig {
        network_mode: String = "NetworkMode",
    }
    struct NetworkSettings {
        networks: Map<Option<Endpoint>> = "Networks",
    }
    /// A container's end of a network. A gateway that is malformed makes the answer unreadable.
    struct Endpoint {
        network_id: String = "NetworkID",
        ip_address: Address = "IPAddress",
        ipv6_address: Address = "GlobalIPv6Address",
        gateway: Address = "Gateway",
        ipv6_gateway: Address = "IPv6Gateway",
    }
    /// A container, as `docker inspect` shows it.
    struct Inspected {
        id: String = "Id",
        name: String = "Name",
        image_id: String = "Image",
        state: InspectedState = "State",
        config: InspectedConfig = "Config",
        host_config: HostConfig = "HostConfig",
        network_settings: InspectedSettings = "NetworkSettings",
    }
    struct InspectedState {
        running: bool = "Running",
        status: String = "Status",
    }
    struct InspectedConfig {
        image: String = "Image",
        labels: Map<String> = "Labels",
    }
    struct InspectedSettings {
        ports: Map<Option<Vec<Binding>>> = "Ports",
        networks: Map<Option<Endpoint>> = "Networks",
    }
    struct Binding {
        ip: Address = "HostIp",
        port: String = "HostPort",
    }
}

/// Networks by their names; a container can have one without an end.
pub(super) type Networks = Map<Option<Endpoint>>;

impl Endpoint {
    /// The address of the container in the network; empty if it has none.
    pub(super) fn address(&self) -> &str {
        if self.ip_address.is_given() { self.ip_address.as_str() } else { self.ipv6_address.as_str() }
    }
}

impl Container {
    /// The other containers whose network it uses: the id after `container:`.
    pub(super) fn connected(&self) -> Option<&str> {
        self.host_config.network_mode.strip_prefix("container:")
    }

    pub(super) fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }
}

impl Inspected {
    fn is_running(&self) -> bool {
        self.state.running
    }

    /// The container as the list of the API has it.
    fn into_container(self) -> Container {
        let mut ports = Vec::new();
        for (port, bindings) in self.network_settings.ports {
            let (number, protocol) = port.split_once('/').unwrap_or((&port, "tcp"));
            let Ok(private_port) = number.parse() else { continue };
            let unpublished = Port { private_port, protocol: protocol.to_string(), ..Port::default() };
            match bindings.unwrap_or_default() {
                bindings if bindings.is_empty() => ports.push(unpublished),
                bindings => ports.extend(bindings.into_iter().map(|binding| Port {
                    ip: binding.ip,
                    public_port: binding.port.parse().unwrap_or(0),
                    ..unpublished.clone()
                })),
            }
        }
        Container {
            id: self.id,
            names: if self.name.is_empty() { Vec::new() } else { vec![self.name] },
            image: self.config.image,
            image_id: self.image_id,
            state: self.state.status,
            labels: self.config.labels,
            ports,
            host_config: self.host_config,
            network_settings: NetworkSettings { networks: self.network_settings.networks },
        }
    }
}

/// Containers and networks.
///
/// ```
/// use promcfg::discovery::{DockerObjects, DockerOptions};
/// let mut objects = DockerObjects::default();
/// objects.add_containers(r#"[{
///     "Id": "7", "Names": ["/web"], "Ports": [{"PrivatePort": 8080, "Type": "tcp"}],
///     "NetworkSettings": {"Networks": {"app": {"NetworkID": "n", "IPAddress": "172.18.0.2"}}}
/// }]"#)?;
/// objects.add_networks(r#"[{"Id": "n", "Name": "app", "Scope": "local"}]"#)?;
/// let found = objects.groups(&DockerOptions::default(), promcfg::Release::LATEST).unwrap();
/// let target = &found.groups[0].targets[0];
/// assert!(target.contains(&("__address__".into(), "172.18.0.2:8080".into())));
/// # Ok::<(), promcfg::discovery::DumpError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DockerObjects {
    pub(super) containers: Vec<Container>,
    pub(super) networks: Vec<Network>,
}

impl DockerObjects {
    /// Adds the answer of `/containers/json`; how many containers it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_containers(&mut self, text: &str) -> Result<usize, DumpError> {
        Ok(self.add_listed(read(text)?))
    }

    /// Adds the output of `docker inspect`; how many containers run, which are all that Prometheus asks for.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_inspected(&mut self, text: &str) -> Result<usize, DumpError> {
        Ok(self.add_inspected_list(read(text)?))
    }

    /// Adds the answer of `/networks` or the output of `docker network inspect`; how many networks it has.
    ///
    /// # Errors
    /// A text that is not JSON, or a value of a wrong type.
    pub fn add_networks(&mut self, text: &str) -> Result<usize, DumpError> {
        let networks: Vec<Network> = read(text)?;
        let count = networks.len();
        self.networks.extend(networks);
        Ok(count)
    }

    fn add_listed(&mut self, containers: Vec<Container>) -> usize {
        let count = containers.len();
        self.containers.extend(containers);
        count
    }

    fn add_inspected_list(&mut self, containers: Vec<Inspected>) -> usize {
        let running = containers.into_iter().filter(Inspected::is_running).map(Inspected::into_container);
        let before = self.containers.len();
        self.containers.extend(running);
        self.containers.len() - before
    }

    /// Whether there are containers. Networks alone can be those of a swarm.
    pub(in crate::discovery) fn has_containers(&self) -> bool {
        !self.containers.is_empty()
    }

    /// Whether there are neither containers nor networks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.containers.is_empty() && self.networks.is_empty()
    }
}
