//! The discovery mechanisms: one row each, with all that depends on the mechanism and not on a config.
//!
//! Two tables go with a row: the labels it puts on targets (`labels.tsv`), by role, and the fields of its
//! section in a config (`config::schema::discovery`).

use super::{CatalogSection, DiscoveryRole, sections};

/// A way to find targets: `static_configs`, or a `<name>_sd_configs`.
///
/// ```
/// use promcfg::discovery::Mechanism;
/// let swarm = Mechanism::named("dockerswarm_sd_configs").unwrap();
/// assert_eq!((swarm.name, swarm.role_field), ("Docker Swarm", "role"));
/// assert!(swarm.labels("tasks").is_some());
/// assert!(Mechanism::named("etcd_sd_configs").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mechanism {
    /// Its key in a scrape config, such as `kubernetes_sd_configs`.
    pub key: &'static str,
    /// Its name for people, such as `Kubernetes`.
    pub name: &'static str,
    /// The field of its section that chooses a role, such as `role`; empty for a mechanism without roles.
    pub role_field: &'static str,
    /// The role without that field; empty where the field is required, or where there are no roles.
    pub default_role: &'static str,
    /// Whether its targets bring labels that nobody but their source knows, as those of target files do.
    pub has_open_labels: bool,
    /// Whether the role names another mechanism that finds the targets, as in `aws_sd_configs`.
    pub is_delegating: bool,
}

/// The key of targets that are written in the config itself.
pub(crate) const STATIC: &str = "static_configs";
/// The key of target files.
pub(crate) const FILES: &str = "file_sd_configs";

/// All mechanisms of Prometheus 3.14 but `static_configs`, in the order of their keys.
static MECHANISMS: &[Mechanism] = &[
    Mechanism::new("aws_sd_configs", "AWS").delegating(),
    Mechanism::new("azure_sd_configs", "Azure"),
    Mechanism::new("consul_sd_configs", "Consul"),
    Mechanism::new("digitalocean_sd_configs", "DigitalOcean").with_role("role", "droplets"),
    Mechanism::new("dns_sd_configs", "DNS"),
    Mechanism::new("docker_sd_configs", "Docker"),
    Mechanism::new("dockerswarm_sd_configs", "Docker Swarm").with_role("role", ""),
    Mechanism::new("ec2_sd_configs", "EC2"),
    Mechanism::new("ecs_sd_configs", "ECS"),
    Mechanism::new("elasticache_sd_configs", "ElastiCache"),
    Mechanism::new("eureka_sd_configs", "Eureka"),
    Mechanism::new("file_sd_configs", "target files").open(),
    Mechanism::new("gce_sd_configs", "GCE"),
    Mechanism::new("hetzner_sd_configs", "Hetzner").with_role("role", ""),
    Mechanism::new("http_sd_configs", "HTTP").open(),
    Mechanism::new("ionos_sd_configs", "IONOS"),
    Mechanism::new("kubernetes_sd_configs", "Kubernetes").with_role("role", ""),
    Mechanism::new("kuma_sd_configs", "Kuma"),
    Mechanism::new("lightsail_sd_configs", "Lightsail"),
    Mechanism::new("linode_sd_configs", "Linode"),
    Mechanism::new("marathon_sd_configs", "Marathon"),
    Mechanism::new("msk_sd_configs", "MSK"),
    Mechanism::new("nerve_sd_configs", "Nerve"),
    Mechanism::new("nomad_sd_configs", "Nomad"),
    Mechanism::new("oci_sd_configs", "OCI"),
    Mechanism::new("openstack_sd_configs", "OpenStack").with_role("role", ""),
    Mechanism::new("outscale_sd_configs", "Outscale"),
    Mechanism::new("ovhcloud_sd_configs", "OVHcloud").with_role("service", ""),
    Mechanism::new("puppetdb_sd_configs", "PuppetDB"),
    Mechanism::new("rds_sd_configs", "RDS"),
    Mechanism::new("scaleway_sd_configs", "Scaleway").with_role("role", ""),
    Mechanism::new("serverset_sd_configs", "Serverset"),
    Mechanism::new("stackit_sd_configs", "STACKIT"),
    Mechanism::new("triton_sd_configs", "Triton").with_role("role", "container"),
    Mechanism::new("uyuni_sd_configs", "Uyuni"),
    Mechanism::new("vultr_sd_configs", "Vultr"),
];

impl Mechanism {
    const fn new(key: &'static str, name: &'static str) -> Self {
        Self { key, name, role_field: "", default_role: "", has_open_labels: false, is_delegating: false }
    }

    const fn with_role(self, role_field: &'static str, default_role: &'static str) -> Self {
        Self { role_field, default_role, ..self }
    }

    const fn open(self) -> Self {
        Self { has_open_labels: true, ..self }
    }

    const fn delegating(self) -> Self {
        Self { role_field: "role", is_delegating: true, ..self }
    }

    /// All mechanisms but `static_configs`, in the order of their keys.
    #[must_use]
    pub fn all() -> &'static [Self] {
        MECHANISMS
    }

    /// The mechanism of a key, such as `kubernetes_sd_configs`.
    #[must_use]
    pub fn named(key: &str) -> Option<&'static Self> {
        MECHANISMS.binary_search_by(|mechanism| mechanism.key.cmp(key)).ok().and_then(|index| MECHANISMS.get(index))
    }

    /// Its labels in a role, the default one when `role` is empty; `None` for a role that is unknown, or whose
    /// labels are.
    #[must_use]
    pub fn labels(&self, role: &str) -> Option<&'static DiscoveryRole> {
        if self.is_delegating {
            return Self::named(&format!("{role}_sd_configs")).and_then(|other| other.labels(""));
        }
        let role = if role.is_empty() { self.default_role } else { role };
        let mut of_key = sections().iter().filter(|known| known.key == self.key);
        let found =
            of_key.clone().find(|known| known.role == role).or_else(|| of_key.find(|known| known.role.is_empty()));
        found.map(CatalogSection::role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::discovery_roles;

    #[test]
    fn the_mechanisms_are_in_order_and_each_section_of_labels_is_of_one() {
        assert!(MECHANISMS.is_sorted_by_key(|mechanism| mechanism.key));
        for role in discovery_roles() {
            let mechanism = Mechanism::named(role.key).unwrap_or_else(|| panic!("{}", role.key));
            assert_eq!(role.role.is_empty(), mechanism.role_field.is_empty(), "{}", role.key);
        }
    }

    #[test]
    fn a_role_is_the_default_one_where_none_is_given() {
        let role = |key: &str, role: &str| Mechanism::named(key).unwrap().labels(role).map(|role| role.role);
        assert_eq!(role("triton_sd_configs", ""), Some("container"));
        assert_eq!(role("kubernetes_sd_configs", ""), None);
        assert_eq!(role("consul_sd_configs", "x"), Some(""));
        assert_eq!(role("aws_sd_configs", "ec2"), Some(""));
        assert_eq!(role("aws_sd_configs", "s3"), None);
    }
}
