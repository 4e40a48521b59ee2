//! What an item of `kubernetes_sd_configs` asks for, without its places.

/// The kind of objects that become target groups.
///
/// ```
/// use promcfg::discovery::KubernetesRole;
/// assert_eq!(KubernetesRole::named("endpointslice"), Some(KubernetesRole::EndpointSlice));
/// assert_eq!(KubernetesRole::named("pods"), None);
/// assert_eq!(KubernetesRole::Pod.name(), "pod");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KubernetesRole {
    /// `pod`.
    #[default]
    Pod,
    /// `service`.
    Service,
    /// `endpoints`.
    Endpoints,
    /// `endpointslice`.
    EndpointSlice,
    /// `node`.
    Node,
    /// `ingress`.
    Ingress,
}

impl KubernetesRole {
    /// All roles.
    pub const ALL: [Self; 6] =
        [Self::Pod, Self::Service, Self::Endpoints, Self::EndpointSlice, Self::Node, Self::Ingress];

    /// The role of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pod => "pod",
            Self::Service => "service",
            Self::Endpoints => "endpoints",
            Self::EndpointSlice => "endpointslice",
            Self::Node => "node",
            Self::Ingress => "ingress",
        }
    }
}

/// An item of `kubernetes_sd_configs`, as far as it decides on targets.
///
/// ```
/// use promcfg::discovery::{KubernetesOptions, KubernetesRole};
/// let mut options = KubernetesOptions::new(KubernetesRole::Pod);
/// options.namespaces.push("shop".to_string());
/// options.attach.node = true;
/// assert!(options.selectors.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KubernetesOptions {
    /// `role`.
    pub role: KubernetesRole,
    /// `namespaces.names`.
    pub namespaces: Vec<String>,
    /// `namespaces.own_namespace`.
    pub own_namespace: bool,
    /// `selectors`.
    pub selectors: Vec<KubernetesSelector>,
    /// `attach_metadata`.
    pub attach: AttachMetadata,
}

impl KubernetesOptions {
    /// Those of an item with nothing but a role.
    #[must_use]
    pub fn new(role: KubernetesRole) -> Self {
        Self { role, ..Self::default() }
    }
}

/// An item of `selectors`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KubernetesSelector {
    /// The kind of objects that it selects.
    pub role: KubernetesRole,
    /// `label`.
    pub label: String,
    /// `field`.
    pub field: String,
}

/// The switches of `attach_metadata`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttachMetadata {
    /// `node`.
    pub node: bool,
    /// `namespace`.
    pub namespace: bool,
    /// `deployment`.
    pub deployment: bool,
    /// `job`.
    pub job: bool,
    /// `cronjob`.
    pub cronjob: bool,
}
