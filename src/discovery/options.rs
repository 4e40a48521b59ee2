//! What an item of a discovery section asks for, of any mechanism whose target groups are computed from objects.

use super::found::ObjectScope;
use super::{ConsulOptions, DnsOptions, DockerOptions, Ec2Options, HttpOptions, KubernetesOptions, SwarmOptions};

/// An item of a `<name>_sd_configs`, as far as it decides on targets.
///
/// ```
/// use promcfg::discovery::{DiscoveryOptions, DockerOptions};
/// let options = DiscoveryOptions::Docker(DockerOptions::default());
/// assert_eq!(options.key(), "docker_sd_configs");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DiscoveryOptions {
    /// `consul_sd_configs`.
    Consul(ConsulOptions),
    /// `dns_sd_configs`.
    Dns(DnsOptions),
    /// `docker_sd_configs`.
    Docker(DockerOptions),
    /// `dockerswarm_sd_configs`.
    Swarm(SwarmOptions),
    /// `ec2_sd_configs`, and `aws_sd_configs` with the role `ec2`.
    Ec2(Ec2Options),
    /// `http_sd_configs`.
    Http(HttpOptions),
    /// `kubernetes_sd_configs`.
    Kubernetes(KubernetesOptions),
}

impl DiscoveryOptions {
    /// The key of the mechanism, `ec2_sd_configs` also for `aws_sd_configs`.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Consul(_) => "consul_sd_configs",
            Self::Dns(_) => "dns_sd_configs",
            Self::Docker(_) => "docker_sd_configs",
            Self::Swarm(_) => "dockerswarm_sd_configs",
            Self::Ec2(_) => "ec2_sd_configs",
            Self::Http(_) => "http_sd_configs",
            Self::Kubernetes(_) => "kubernetes_sd_configs",
        }
    }

    /// The same, for objects that come from there.
    ///
    /// ```
    /// use promcfg::discovery::{DiscoveryOptions, DockerOptions, ObjectScope};
    /// let options = DiscoveryOptions::Docker(DockerOptions::default()).for_objects(ObjectScope::Dump);
    /// let DiscoveryOptions::Docker(options) = options else { unreachable!() };
    /// assert_eq!(options.scope, ObjectScope::Dump);
    /// ```
    #[must_use]
    pub fn for_objects(mut self, scope: ObjectScope) -> Self {
        match &mut self {
            Self::Consul(options) => options.scope = scope,
            Self::Docker(options) => options.scope = scope,
            Self::Swarm(options) => options.scope = scope,
            Self::Ec2(options) => options.scope = scope,
            // These have no filters, or the filters of Kubernetes, which are always applied.
            Self::Dns(_) | Self::Http(_) | Self::Kubernetes(_) => {}
        }
        self
    }
}
