//! The kinds of jobs that `add-job` writes. Each is a document, `rules/presets/<name>.md`: its first block of YAML is the job.

mod build;
mod options;
mod sections;
mod selector;

pub use options::{JobOptions, PresetOption};

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

    /// What it scrapes, in a sentence.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.document().lines().skip(1).find(|line| !line.is_empty()).unwrap_or_default()
    }

    /// What its document says it belongs to, such as `kubernetes`.
    #[must_use]
    pub fn group(self) -> &'static str {
        self.file().lines().find_map(|line| line.strip_prefix("group: ")).unwrap_or_default()
    }

    /// Its document in Markdown: what it scrapes and needs, the job, its rules, and an example.
    ///
    /// ```
    /// use promcfg::edit::Preset;
    /// assert!(Preset::Blackbox.document().starts_with("# blackbox\n\nURLs that the blackbox exporter probes.\n"));
    /// ```
    #[must_use]
    pub fn document(self) -> &'static str {
        let file = self.file();
        file.split_once("\n---\n").map_or(file, |(_, document)| document.trim_start())
    }

    /// The job in YAML, with `NAME` as its name.
    #[must_use]
    pub fn template(self) -> &'static str {
        let after = self.file().split_once("```yaml\n").map_or("", |(_, after)| after);
        after.split_once("```").map_or("", |(job, _)| job)
    }

    fn file(self) -> &'static str {
        match self {
            Self::Static => include_str!("../../../rules/presets/static.md"),
            Self::FileSd => include_str!("../../../rules/presets/file_sd.md"),
            Self::KubernetesPods => include_str!("../../../rules/presets/kubernetes-pods.md"),
            Self::KubernetesEndpoints => include_str!("../../../rules/presets/kubernetes-endpoints.md"),
            Self::KubernetesNodes => include_str!("../../../rules/presets/kubernetes-nodes.md"),
            Self::Cadvisor => include_str!("../../../rules/presets/cadvisor.md"),
            Self::Blackbox => include_str!("../../../rules/presets/blackbox.md"),
            Self::Snmp => include_str!("../../../rules/presets/snmp.md"),
            Self::Federation => include_str!("../../../rules/presets/federation.md"),
            Self::Pushgateway => include_str!("../../../rules/presets/pushgateway.md"),
            Self::Consul => include_str!("../../../rules/presets/consul.md"),
            Self::Ec2 => include_str!("../../../rules/presets/ec2.md"),
            Self::Docker => include_str!("../../../rules/presets/docker.md"),
            Self::Swarm => include_str!("../../../rules/presets/swarm.md"),
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

    /// An option whose value in the job is an example that depends on the site, and the value.
    pub(super) fn to_replace(self) -> Option<(PresetOption, &'static str)> {
        match self {
            Self::FileSd => Some((PresetOption::TargetFile, "targets/*.json, targets/*.yml")),
            Self::Blackbox => Some((PresetOption::Exporter, "blackbox-exporter:9115")),
            Self::Snmp => Some((PresetOption::Exporter, "snmp-exporter:9116")),
            Self::Consul => Some((PresetOption::Server, "localhost:8500")),
            Self::Ec2 => Some((PresetOption::Region, "eu-west-1")),
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
