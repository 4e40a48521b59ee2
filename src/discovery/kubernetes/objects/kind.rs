//! The kinds of objects that are read.

/// A kind of objects that discovery reads, or that make such objects.
///
/// ```
/// use promcfg::discovery::KubernetesKind;
/// assert_eq!(KubernetesKind::of("v1", "Pod"), Some(KubernetesKind::Pod));
/// assert_eq!(KubernetesKind::of("networking.k8s.io/v1beta1", "Ingress"), None);
/// assert_eq!(KubernetesKind::Ingress.resource(), "ingresses");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum KubernetesKind {
    /// A pod.
    Pod,
    /// A service.
    Service,
    /// The endpoints of a service.
    Endpoints,
    /// A slice of the endpoints of a service.
    EndpointSlice,
    /// A node.
    Node,
    /// A namespace.
    Namespace,
    /// An ingress.
    Ingress,
    /// A replica set.
    ReplicaSet,
    /// A job.
    Job,
    /// A deployment.
    Deployment,
    /// A stateful set.
    StatefulSet,
    /// A daemon set.
    DaemonSet,
    /// A cron job.
    CronJob,
    /// A replication controller.
    ReplicationController,
}

/// Each kind with its name, the version of its group, and its resource.
const KINDS: [(KubernetesKind, &str, &str, &str); 14] = [
    (KubernetesKind::Pod, "Pod", "v1", "pods"),
    (KubernetesKind::Service, "Service", "v1", "services"),
    (KubernetesKind::Endpoints, "Endpoints", "v1", "endpoints"),
    (KubernetesKind::EndpointSlice, "EndpointSlice", "discovery.k8s.io/v1", "endpointslices"),
    (KubernetesKind::Node, "Node", "v1", "nodes"),
    (KubernetesKind::Namespace, "Namespace", "v1", "namespaces"),
    (KubernetesKind::Ingress, "Ingress", "networking.k8s.io/v1", "ingresses"),
    (KubernetesKind::ReplicaSet, "ReplicaSet", "apps/v1", "replicasets"),
    (KubernetesKind::Job, "Job", "batch/v1", "jobs"),
    (KubernetesKind::Deployment, "Deployment", "apps/v1", "deployments"),
    (KubernetesKind::StatefulSet, "StatefulSet", "apps/v1", "statefulsets"),
    (KubernetesKind::DaemonSet, "DaemonSet", "apps/v1", "daemonsets"),
    (KubernetesKind::CronJob, "CronJob", "batch/v1", "cronjobs"),
    (KubernetesKind::ReplicationController, "ReplicationController", "v1", "replicationcontrollers"),
];

impl KubernetesKind {
    /// All kinds.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|row| row.0)
    }

    /// The kind of an object with that `apiVersion` and `kind`. Prometheus reads one version of each; an empty version
    /// is that one.
    #[must_use]
    pub fn of(api_version: &str, kind: &str) -> Option<Self> {
        let row = KINDS.iter().find(|row| row.1 == kind)?;
        (api_version.is_empty() || row.2 == api_version).then_some(row.0)
    }

    /// Its name, such as `Pod`.
    #[must_use]
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// Its name for kubectl, such as `pods`.
    #[must_use]
    pub fn resource(self) -> &'static str {
        KINDS.iter().find(|row| row.0 == self).map_or("", |row| row.3)
    }

    /// Whether its objects belong to namespaces.
    #[must_use]
    pub fn is_namespaced(self) -> bool {
        !matches!(self, Self::Node | Self::Namespace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_row() {
        for kind in KubernetesKind::all() {
            assert_eq!(KubernetesKind::of("", kind.name()), Some(kind));
            assert!(!kind.resource().is_empty());
        }
    }
}
