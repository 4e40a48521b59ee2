//! What can be asked of the job of a preset.

use super::Preset;

/// What the job of a preset gets beside its name and its targets.
///
/// ```
/// use promcfg::edit::{JobOptions, PresetOption};
/// let own = vec![(PresetOption::Exporter, "probes:9115".to_string())];
/// let options = JobOptions { interval: Some("30s".into()), own, ..JobOptions::default() };
/// assert!(options.labels.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobOptions {
    /// Labels of all of its targets: of the group where they are in the config, else by rules.
    pub labels: Vec<(String, String)>,
    /// `scrape_interval`.
    pub interval: Option<String>,
    /// `metrics_path`.
    pub metrics_path: Option<String>,
    /// `scheme`.
    pub scheme: Option<String>,
    /// Parameters of the URL; a name that comes several times has several values.
    pub params: Vec<(String, String)>,
    /// What only some presets have.
    pub own: Vec<(PresetOption, String)>,
}

/// Something that only some presets have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PresetOption {
    /// A pattern of target files.
    TargetFile,
    /// The address of the exporter.
    Exporter,
    /// A module of the exporter.
    Module,
    /// The `auth` of the SNMP exporter.
    Auth,
    /// A selector of series.
    Match,
    /// The address of the Consul agent.
    Server,
    /// The tag of the services.
    Tag,
    /// The region.
    Region,
    /// The port of targets that discovery gives without one.
    Port,
    /// The URL of the Docker API.
    Host,
    /// The network whose addresses count.
    Network,
    /// A namespace of Kubernetes.
    Namespace,
}

impl PresetOption {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::TargetFile,
        Self::Exporter,
        Self::Module,
        Self::Auth,
        Self::Match,
        Self::Server,
        Self::Tag,
        Self::Region,
        Self::Port,
        Self::Host,
        Self::Network,
        Self::Namespace,
    ];

    /// Its name on the command line, without the dashes.
    ///
    /// ```
    /// assert_eq!(promcfg::edit::PresetOption::TargetFile.name(), "target-file");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TargetFile => "target-file",
            Self::Exporter => "exporter",
            Self::Module => "module",
            Self::Auth => "auth",
            Self::Match => "match",
            Self::Server => "server",
            Self::Tag => "tag",
            Self::Region => "region",
            Self::Port => "port",
            Self::Host => "host",
            Self::Network => "network",
            Self::Namespace => "namespace",
        }
    }

    /// What it is, after "is an example of".
    pub(in crate::edit) fn in_words(self) -> &'static str {
        match self {
            Self::TargetFile => "the paths of the target files",
            Self::Exporter => "the address of the exporter",
            Self::Module => "the module",
            Self::Auth => "the auth",
            Self::Match => "the selector",
            Self::Server => "the address of the Consul agent",
            Self::Tag => "the tag",
            Self::Region => "the region",
            Self::Port => "the port",
            Self::Host => "the URL of the Docker API",
            Self::Network => "the network",
            Self::Namespace => "the namespace",
        }
    }

    /// Whether a preset can have several of them.
    pub(super) fn is_repeatable(self, preset: Preset) -> bool {
        match self {
            Self::TargetFile | Self::Match | Self::Namespace => true,
            Self::Module => preset == Preset::Snmp,
            Self::Exporter
            | Self::Auth
            | Self::Server
            | Self::Tag
            | Self::Region
            | Self::Port
            | Self::Host
            | Self::Network => false,
        }
    }
}

impl Preset {
    /// What only this preset and some others have.
    ///
    /// ```
    /// use promcfg::edit::{Preset, PresetOption};
    /// assert_eq!(Preset::Blackbox.options(), [PresetOption::Exporter, PresetOption::Module]);
    /// ```
    #[must_use]
    pub fn options(self) -> &'static [PresetOption] {
        use PresetOption::*;
        match self {
            Self::FileSd => &[TargetFile],
            Self::KubernetesPods | Self::KubernetesEndpoints => &[Namespace],
            Self::Blackbox => &[Exporter, Module],
            Self::Snmp => &[Exporter, Module, Auth],
            Self::Federation => &[Match],
            Self::Consul => &[Server, Tag],
            Self::Ec2 => &[Region, Port],
            Self::Docker => &[Host, Network, Port],
            Self::Swarm => &[Host, Network],
            Self::Static | Self::KubernetesNodes | Self::Cadvisor | Self::Pushgateway => &[],
        }
    }
}
