//! The kinds of jobs that `add-job` writes. Each is a file here: the job, with a comment above it that says what it is for.

use std::fmt;
use std::str::FromStr;

/// A kind of job that can be added.
///
/// ```
/// use promcfg::edit::Preset;
/// let preset: Preset = "kubernetes-pods".parse()?;
/// assert_eq!(preset, Preset::KubernetesPods);
/// assert!(preset.summary().starts_with("Pods that ask for it by annotations"));
/// # Ok::<(), promcfg::edit::UnknownPresetError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Preset {
    /// Targets in the config.
    Static,
    /// Targets in files.
    FileSd,
    /// Pods with annotations.
    KubernetesPods,
    /// Endpoints of services with annotations.
    KubernetesEndpoints,
    /// Kubelets.
    KubernetesNodes,
    /// The cAdvisor of each kubelet.
    Cadvisor,
    /// Probes of the blackbox exporter.
    Blackbox,
    /// Devices that the SNMP exporter asks.
    Snmp,
    /// Other Prometheus servers.
    Federation,
    /// A Pushgateway.
    Pushgateway,
    /// Services in Consul.
    Consul,
    /// EC2 instances.
    Ec2,
    /// Docker containers.
    Docker,
    /// Tasks of Docker Swarm.
    Swarm,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Static,
        Self::FileSd,
        Self::KubernetesPods,
        Self::KubernetesEndpoints,
        Self::KubernetesNodes,
        Self::Cadvisor,
        Self::Blackbox,
        Self::Snmp,
        Self::Federation,
        Self::Pushgateway,
        Self::Consul,
        Self::Ec2,
        Self::Docker,
        Self::Swarm,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::FileSd => "file_sd",
            Self::KubernetesPods => "kubernetes-pods",
            Self::KubernetesEndpoints => "kubernetes-endpoints",
            Self::KubernetesNodes => "kubernetes-nodes",
            Self::Cadvisor => "cadvisor",
            Self::Blackbox => "blackbox",
            Self::Snmp => "snmp",
            Self::Federation => "federation",
            Self::Pushgateway => "pushgateway",
            Self::Consul => "consul",
            Self::Ec2 => "ec2",
            Self::Docker => "docker",
            Self::Swarm => "swarm",
        }
    }

    /// What it is for: the comment above its job.
    #[must_use]
    pub fn summary(self) -> &'static str {
        let first = self.template().lines().next().unwrap_or("");
        first.trim_start_matches("# ")
    }

    /// The job in YAML, with `NAME` as its name.
    #[must_use]
    pub fn template(self) -> &'static str {
        match self {
            Self::Static => include_str!("static.yml"),
            Self::FileSd => include_str!("file_sd.yml"),
            Self::KubernetesPods => include_str!("kubernetes-pods.yml"),
            Self::KubernetesEndpoints => include_str!("kubernetes-endpoints.yml"),
            Self::KubernetesNodes => include_str!("kubernetes-nodes.yml"),
            Self::Cadvisor => include_str!("cadvisor.yml"),
            Self::Blackbox => include_str!("blackbox.yml"),
            Self::Snmp => include_str!("snmp.yml"),
            Self::Federation => include_str!("federation.yml"),
            Self::Pushgateway => include_str!("pushgateway.yml"),
            Self::Consul => include_str!("consul.yml"),
            Self::Ec2 => include_str!("ec2.yml"),
            Self::Docker => include_str!("docker.yml"),
            Self::Swarm => include_str!("swarm.yml"),
        }
    }

    /// Whether its targets are in the config.
    #[must_use]
    pub fn has_targets(self) -> bool {
        match self {
            Self::Static | Self::Blackbox | Self::Snmp | Self::Federation | Self::Pushgateway => true,
            Self::FileSd
            | Self::KubernetesPods
            | Self::KubernetesEndpoints
            | Self::KubernetesNodes
            | Self::Cadvisor
            | Self::Consul
            | Self::Ec2
            | Self::Docker
            | Self::Swarm => false,
        }
    }

    /// The text of the job to be replaced by the user, and what it is.
    pub(super) fn to_replace(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::FileSd => Some(("targets/*.json, targets/*.yml", "the paths of the target files")),
            Self::Blackbox => Some(("blackbox-exporter:9115", "the address of the exporter")),
            Self::Snmp => Some(("snmp-exporter:9116", "the address of the exporter")),
            Self::Consul => Some(("localhost:8500", "the address of the Consul agent")),
            Self::Ec2 => Some(("eu-west-1", "the region")),
            Self::Static
            | Self::KubernetesPods
            | Self::KubernetesEndpoints
            | Self::KubernetesNodes
            | Self::Cadvisor
            | Self::Federation
            | Self::Pushgateway
            | Self::Docker
            | Self::Swarm => None,
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no preset has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown preset {name:?}; the presets are {}", Preset::ALL.map(Preset::name).join(", "))]
#[non_exhaustive]
pub struct UnknownPresetError {
    /// The name.
    pub name: String,
}

impl FromStr for Preset {
    type Err = UnknownPresetError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|preset| preset.name() == name);
        known.ok_or_else(|| UnknownPresetError { name: name.to_string() })
    }
}
