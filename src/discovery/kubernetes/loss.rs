//! Why an object gives no target.

/// Why an object of the role gives no target.
///
/// ```
/// use promcfg::discovery::KubernetesLoss;
/// assert_eq!(KubernetesLoss::NoPodIp.reason(), "has no `status.podIP`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum KubernetesLoss {
    /// `namespaces` does not list its namespace.
    Namespace,
    /// The selector of the role does not select it.
    Selector,
    /// The pod has no address.
    NoPodIp,
    /// The node of the pod is not known, and its labels must be attached.
    UnknownNode,
    /// The pod has no container.
    NoContainers,
    /// The node has no address of a known type.
    NoNodeAddress,
    /// The service, or the endpoints, have no port.
    NoPorts,
    /// The endpoints have no address.
    NoAddresses,
    /// The slice is of the second address family of its service.
    SecondFamily,
    /// The ingress has no path.
    NoPaths,
}

impl KubernetesLoss {
    /// The reason, as the rest of a sentence about the object.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Namespace => "is in a namespace that `namespaces` does not list",
            Self::Selector => "does not match the selector of the role",
            Self::NoPodIp => "has no `status.podIP`",
            Self::UnknownNode => "is on a node that is not known, and `attach_metadata.node` needs it",
            Self::NoContainers => "has no container",
            Self::NoNodeAddress => "has no address of a known type",
            Self::NoPorts => "has no port",
            Self::NoAddresses => "has no address",
            Self::SecondFamily => "is of the second address family of its service",
            Self::NoPaths => "has no rule with a path",
        }
    }
}
