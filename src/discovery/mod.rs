//! Discovery without its servers: a catalog of the labels that each mechanism puts on its targets, and the target groups
//! that a mechanism would make of given objects.

mod address;
mod consul;
mod dns;
mod docker;
mod dockerswarm;
mod dumps;
mod ec2;
mod filter;
mod found;
mod group;
mod http;
mod json;
mod kubernetes;
mod label;
mod mechanism;
mod needs;
mod network;
mod options;
mod recognize;

pub use consul::{ConsulObjects, ConsulOptions};
pub use dns::{DnsOptions, DnsRecords, DnsType};
pub use docker::{DockerObjects, DockerOptions};
pub use dockerswarm::{SwarmObjects, SwarmOptions, SwarmRole};
pub use dumps::{DumpPart, Dumps};
pub use ec2::{Ec2Objects, Ec2Options};
pub use filter::Filter;
pub use found::{Discovered, DiscoveryError, DiscoveryNote, ObjectScope};
pub use group::{DiscoveredGroup, LabelPair, Undetermined};
pub use http::{HttpBody, HttpOptions};
pub use json::DumpError;
pub use kubernetes::{
    AttachMetadata, FieldSelector, FieldSelectorFault, KubernetesContext, KubernetesDiscovery, KubernetesError,
    KubernetesExamples, KubernetesKind, KubernetesLoss, KubernetesObjects, KubernetesOptions, KubernetesRole,
    KubernetesSelector, LabelRequirement, LabelSelector, ObjectError, Placeholder, PlaceholderKind, debug_slices,
};
pub use mechanism::Mechanism;
pub(crate) use mechanism::{FILES, STATIC};
pub use needs::{NeededKind, SaveCommand, needed_kinds, save_commands};
pub use options::DiscoveryOptions;
pub use recognize::{DumpKind, recognize};

use crate::release::{Availability, Release};
use std::sync::OnceLock;

/// The catalog, as it is kept.
const CATALOG: &str = include_str!("labels.tsv");

/// A label that a discovery mechanism puts on its targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DiscoveryLabel {
    /// Its name, or what its name starts with.
    pub name: &'static str,
    /// Whether names of the user's own (a pod's labels, a machine's tags) follow the name.
    pub is_prefix: bool,
    /// Whether every target has it.
    pub is_always_there: bool,
    /// The first release that has it; empty for 2.28 and older ones.
    pub since: &'static str,
    /// The first release that does not have it any more; empty for a label that 3.14 has.
    pub until: &'static str,
    /// The name, or what the name starts with, of the label to use instead of a removed one; else empty.
    pub successor: &'static str,
    /// A value.
    pub example: &'static str,
    /// The switch of `attach_metadata` that must be on for it, such as `node`; empty for none.
    pub attached_by: &'static str,
    /// Whether the user's part of the name stands there as it is. Else `_` replaces every character
    /// that is no ASCII letter, no digit and no `_`.
    pub is_verbatim: bool,
}

impl DiscoveryLabel {
    /// The releases that have it.
    ///
    /// ```
    /// let pod = promcfg::discovery::discovery_role("kubernetes_sd_configs", "pod").unwrap();
    /// let image = pod.labels.iter().find(|label| label.name == "__meta_kubernetes_pod_container_image").unwrap();
    /// assert!(image.availability().includes("2.38".parse().unwrap()));
    /// assert!(!image.availability().includes("2.37".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn availability(&self) -> Availability {
        Availability::since_name(self.since).until_name(self.until)
    }

    /// Whether a release does not have it any more.
    ///
    /// ```
    /// let hcloud = promcfg::discovery::discovery_role("hetzner_sd_configs", "hcloud").unwrap();
    /// let datacenter = hcloud.labels.iter().find(|label| label.name == "__meta_hetzner_datacenter").unwrap();
    /// assert!(datacenter.is_removed_in("3.14".parse().unwrap()));
    /// assert!(!datacenter.is_removed_in("3.13".parse().unwrap()));
    /// ```
    #[must_use]
    pub fn is_removed_in(&self, release: Release) -> bool {
        self.availability().is_gone_from(release)
    }

    /// The label to use instead of a removed one, with the same name of the user's own.
    ///
    /// ```
    /// let tasks = promcfg::discovery::discovery_role("dockerswarm_sd_configs", "tasks").unwrap();
    /// let name = "__meta_dockerswarm_task_label_app";
    /// let label = tasks.labels.iter().find(|label| label.covers(name)).unwrap();
    /// assert_eq!(label.successor_of(name).as_deref(), Some("__meta_dockerswarm_container_label_app"));
    /// ```
    #[must_use]
    pub fn successor_of(&self, name: &str) -> Option<String> {
        let rest = name.strip_prefix(self.name).filter(|_| !self.successor.is_empty())?;
        Some(format!("{}{rest}", self.successor))
    }

    /// Whether it may be the label of that name.
    ///
    /// ```
    /// let pod = promcfg::discovery::discovery_role("kubernetes_sd_configs", "pod").unwrap();
    /// let covers = |name| pod.labels.iter().any(|label| label.covers(name));
    /// assert!(covers("__meta_kubernetes_pod_label_app_kubernetes_io_name"));
    /// assert!(!covers("__meta_kubernetes_pod_label_app.kubernetes.io/name"));
    /// ```
    #[must_use]
    pub fn covers(&self, name: &str) -> bool {
        let is_word = |text: &str| text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        match name.strip_prefix(self.name) {
            Some(rest) if self.is_prefix => !rest.is_empty() && (self.is_verbatim || is_word(rest)),
            Some(rest) => rest.is_empty(),
            None => false,
        }
    }
}

/// The labels of one mechanism in one role.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DiscoveryRole {
    /// The mechanism's key, such as `kubernetes_sd_configs`.
    pub key: &'static str,
    /// The role, such as `pod`; empty for a mechanism without roles.
    pub role: &'static str,
    /// Its labels.
    pub labels: Vec<DiscoveryLabel>,
}

/// What is known of all mechanisms and roles of Prometheus 3.14.
///
/// ```
/// let pod = promcfg::discovery::discovery_roles().iter().find(|role| role.role == "pod").unwrap();
/// assert!(pod.labels.iter().any(|label| label.covers("__meta_kubernetes_pod_label_app")));
/// ```
#[must_use]
pub fn discovery_roles() -> &'static [DiscoveryRole] {
    static ROLES: OnceLock<Vec<DiscoveryRole>> = OnceLock::new();
    ROLES.get_or_init(|| sections().iter().map(|section| section.role().clone()).collect())
}

/// A section of the catalog: one mechanism in one role.
struct CatalogSection {
    key: &'static str,
    role: &'static str,
    lines: &'static str,
    /// Its labels, read when they are first needed.
    read: OnceLock<DiscoveryRole>,
}

impl CatalogSection {
    /// The section that begins with this text, from the name in its head on.
    fn new(text: &'static str) -> Option<Self> {
        let (head, lines) = text.split_once('\n')?;
        let head = head.strip_suffix(']')?;
        let (key, role) = head.split_once(' ').unwrap_or((head, ""));
        Some(Self { key, role, lines, read: OnceLock::new() })
    }

    fn role(&self) -> &DiscoveryRole {
        self.read.get_or_init(|| {
            let lines = self.lines.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            DiscoveryRole { key: self.key, role: self.role, labels: lines.filter_map(label).collect() }
        })
    }
}

/// The sections of the catalog.
fn sections() -> &'static [CatalogSection] {
    static SECTIONS: OnceLock<Vec<CatalogSection>> = OnceLock::new();
    SECTIONS.get_or_init(|| {
        let ends = memchr::memmem::find_iter(CATALOG.as_bytes(), "\n[").chain([CATALOG.len()]);
        let mut start = 0;
        let texts = ends.map(|end| {
            let text = CATALOG.get(start..end).unwrap_or("");
            start = end + 2;
            text
        });
        // Before the first one the catalog is explained.
        texts.skip(1).filter_map(CatalogSection::new).collect()
    })
}

fn label(line: &'static str) -> Option<DiscoveryLabel> {
    let mut fields = line.split('\t');
    let (name, often, since) = (fields.next()?, fields.next()?, fields.next()?);
    let fixed = name.trim_end_matches('*');
    let (since, until) = since.split_once('-').unwrap_or((since, ""));
    let mut optional = || fields.next().unwrap_or("");
    let (example, attached_by, successor) = (optional(), optional(), optional().trim_end_matches('*'));
    Some(DiscoveryLabel {
        name: fixed,
        is_prefix: fixed != name,
        is_always_there: often == "always",
        since,
        until,
        successor,
        example,
        attached_by,
        is_verbatim: name.ends_with("**"),
    })
}

/// The labels of a mechanism in a role. Where the role decides on the mechanism (`aws_sd_configs`),
/// those of that one; `None` for what is not in the catalog.
///
/// ```
/// use promcfg::discovery::discovery_role;
/// assert!(discovery_role("kubernetes_sd_configs", "pod").is_some());
/// assert_eq!(discovery_role("aws_sd_configs", "ec2"), discovery_role("ec2_sd_configs", ""));
/// assert!(discovery_role("kubernetes_sd_configs", "pods").is_none());
/// ```
#[must_use]
pub fn discovery_role(key: &str, role: &str) -> Option<&'static DiscoveryRole> {
    Mechanism::named(key)?.labels(role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::Release;

    #[test]
    fn every_line_of_the_catalog_is_read() {
        let lines = CATALOG.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let read: usize = discovery_roles().iter().map(|role| 1 + role.labels.len()).sum();
        assert_eq!(lines.count(), read);
        assert!(discovery_roles().len() > 45);
    }

    #[test]
    fn labels_of_other_objects_need_a_switch() {
        let label = |role: &str, name: &str| {
            let role = discovery_role("kubernetes_sd_configs", role).unwrap();
            *role.labels.iter().find(|label| label.covers(name)).unwrap()
        };
        assert_eq!(label("pod", "__meta_kubernetes_node_label_zone").attached_by, "node");
        assert_eq!(label("ingress", "__meta_kubernetes_namespace_label_team").attached_by, "namespace");
        assert_eq!(label("pod", "__meta_kubernetes_pod_cronjob_name").attached_by, "cronjob");
        assert_eq!(label("node", "__meta_kubernetes_node_label_zone").attached_by, "");
        assert_eq!(label("pod", "__meta_kubernetes_namespace").attached_by, "");
    }

    #[test]
    fn removed_labels_have_a_successor_of_the_same_role() {
        let mut count = 0;
        for role in discovery_roles() {
            for label in role.labels.iter().filter(|label| !label.until.is_empty()) {
                let successor = role.labels.iter().find(|other| other.name == label.successor);
                assert_eq!(successor.map(|other| other.is_prefix), Some(label.is_prefix), "{}", label.name);
                assert!(label.availability().until.is_some(), "{}", label.name);
                count += 1;
            }
        }
        assert_eq!(count, 2);
    }

    #[test]
    fn a_mechanism_without_roles_does_not_look_at_the_role() {
        assert_eq!(discovery_role("consul_sd_configs", "x").unwrap().key, "consul_sd_configs");
    }

    #[test]
    fn labels_of_the_next_version_are_in_no_release() {
        let role = discovery_role("docker_sd_configs", "").unwrap();
        for name in ["__meta_docker_container_image", "__meta_docker_container_image_id"] {
            let label = role.labels.iter().find(|label| label.name == name).unwrap();
            assert!(label.availability().includes(Release::NEXT) && !label.availability().includes(Release::LATEST));
        }
    }
}
