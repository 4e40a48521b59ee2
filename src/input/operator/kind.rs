//! The kinds of objects that say what a Prometheus of the operator scrapes.

/// A kind of object.
///
/// ```
/// use promcfg::input::operator::Kind;
/// assert_eq!(Kind::of("monitoring.coreos.com/v1", "PodMonitor"), Some(Kind::PodMonitor));
/// assert_eq!(Kind::of("monitoring.coreos.com/v1", "PrometheusRule"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Services to be scraped.
    ServiceMonitor,
    /// Pods to be scraped.
    PodMonitor,
    /// Addresses to be probed.
    Probe,
    /// A scrape config of any mechanism.
    ScrapeConfig,
    /// A Prometheus server.
    Prometheus,
    /// A Prometheus in agent mode.
    PrometheusAgent,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::ServiceMonitor,
        Self::PodMonitor,
        Self::Probe,
        Self::ScrapeConfig,
        Self::Prometheus,
        Self::PrometheusAgent,
    ];

    /// The kind of that name in a version of the operator's group.
    #[must_use]
    pub fn of(api_version: &str, kind: &str) -> Option<Self> {
        let is_group = api_version.split_once('/').is_some_and(|(group, _)| group == GROUP);
        Self::ALL.into_iter().find(|known| is_group && known.name() == kind)
    }

    /// Its name, such as `ServiceMonitor`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ServiceMonitor => "ServiceMonitor",
            Self::PodMonitor => "PodMonitor",
            Self::Probe => "Probe",
            Self::ScrapeConfig => "ScrapeConfig",
            Self::Prometheus => "Prometheus",
            Self::PrometheusAgent => "PrometheusAgent",
        }
    }

    /// The name of the resource, as `kubectl` and `excludedFromEnforcement` use it.
    #[must_use]
    pub fn resource(self) -> &'static str {
        match self {
            Self::ServiceMonitor => "servicemonitors",
            Self::PodMonitor => "podmonitors",
            Self::Probe => "probes",
            Self::ScrapeConfig => "scrapeconfigs",
            Self::Prometheus => "prometheuses",
            Self::PrometheusAgent => "prometheusagents",
        }
    }

    /// The version of the group in which it is served.
    #[must_use]
    pub fn api_version(self) -> &'static str {
        match self {
            Self::ScrapeConfig | Self::PrometheusAgent => "monitoring.coreos.com/v1alpha1",
            Self::ServiceMonitor | Self::PodMonitor | Self::Probe | Self::Prometheus => "monitoring.coreos.com/v1",
        }
    }

    /// Whether it is a server, which picks the other objects.
    #[must_use]
    pub fn is_server(self) -> bool {
        matches!(self, Self::Prometheus | Self::PrometheusAgent)
    }
}

/// The group of the operator's objects.
const GROUP: &str = "monitoring.coreos.com";
