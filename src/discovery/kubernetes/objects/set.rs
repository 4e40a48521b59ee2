//! All objects of a dump.

use std::collections::BTreeMap;

use super::super::values::Text;
use super::{
    CronJob, EndpointSlice, Endpoints, Ingress, Job, KubernetesKind, KubernetesObject, Namespace, Node, Pod, Service,
    Workload,
};

/// The objects of an API, or of manifests, as far as discovery reads them. Values of Secrets and ConfigMaps and the
/// environment of containers are never held.
///
/// ```
/// use promcfg::discovery::{KubernetesKind, KubernetesObjects};
/// let (mut objects, _) = KubernetesObjects::read(r#"{"kind": "Node", "metadata": {"name": "a"}}"#);
/// let (more, _) = KubernetesObjects::read(r#"{"kind": "PodList", "items": [{"metadata": {"name": "p"}}]}"#);
/// objects.extend(more);
/// assert_eq!(objects.count(KubernetesKind::Pod), 1);
/// assert_eq!(objects.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KubernetesObjects {
    pub(in crate::discovery::kubernetes) pods: Vec<Pod>,
    pub(in crate::discovery::kubernetes) services: Vec<Service>,
    pub(in crate::discovery::kubernetes) endpoints: Vec<Endpoints>,
    pub(in crate::discovery::kubernetes) slices: Vec<EndpointSlice>,
    pub(in crate::discovery::kubernetes) nodes: Vec<Node>,
    pub(in crate::discovery::kubernetes) namespaces: Vec<Namespace>,
    pub(in crate::discovery::kubernetes) ingresses: Vec<Ingress>,
    pub(in crate::discovery::kubernetes) jobs: Vec<Job>,
    pub(in crate::discovery::kubernetes) cron_jobs: Vec<CronJob>,
    /// Replica sets, deployments, stateful sets, daemon sets and replication controllers.
    pub(in crate::discovery::kubernetes) workloads: BTreeMap<KubernetesKind, Vec<Workload>>,
    /// The number of objects of other kinds, by kind.
    skipped: BTreeMap<Text, usize>,
    /// Whether the objects of each kind are in the order of their namespaces.
    pub(in crate::discovery::kubernetes) is_sorted: bool,
}

impl KubernetesObjects {
    /// The number of objects that are held.
    #[must_use]
    pub fn len(&self) -> usize {
        KubernetesKind::all().map(|kind| self.count(kind)).sum()
    }

    /// Whether no object is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of objects of a kind.
    #[must_use]
    pub fn count(&self, kind: KubernetesKind) -> usize {
        match kind {
            KubernetesKind::Pod => self.pods.len(),
            KubernetesKind::Service => self.services.len(),
            KubernetesKind::Endpoints => self.endpoints.len(),
            KubernetesKind::EndpointSlice => self.slices.len(),
            KubernetesKind::Node => self.nodes.len(),
            KubernetesKind::Namespace => self.namespaces.len(),
            KubernetesKind::Ingress => self.ingresses.len(),
            KubernetesKind::Job => self.jobs.len(),
            KubernetesKind::CronJob => self.cron_jobs.len(),
            KubernetesKind::ReplicaSet
            | KubernetesKind::Deployment
            | KubernetesKind::StatefulSet
            | KubernetesKind::DaemonSet
            | KubernetesKind::ReplicationController => self.workloads_of(kind).len(),
        }
    }

    /// The kinds of the objects that were skipped, with their numbers; an object without a kind has an empty one.
    pub fn skipped(&self) -> impl Iterator<Item = (&str, usize)> {
        self.skipped.iter().map(|(kind, count)| (&**kind, *count))
    }

    /// Adds the objects of another text after its own.
    pub fn extend(&mut self, other: Self) {
        let Self {
            pods,
            services,
            endpoints,
            slices,
            nodes,
            namespaces,
            ingresses,
            jobs,
            cron_jobs,
            workloads,
            skipped,
            is_sorted: _,
        } = other;
        self.is_sorted = false;
        append(&mut self.pods, pods);
        append(&mut self.services, services);
        append(&mut self.endpoints, endpoints);
        append(&mut self.slices, slices);
        append(&mut self.nodes, nodes);
        append(&mut self.namespaces, namespaces);
        append(&mut self.ingresses, ingresses);
        append(&mut self.jobs, jobs);
        append(&mut self.cron_jobs, cron_jobs);
        for (kind, more) in workloads {
            append(self.workloads.entry(kind).or_default(), more);
        }
        for (kind, count) in skipped {
            *self.skipped.entry(kind).or_default() += count;
        }
    }

    /// Puts the objects of each kind in the order of their namespaces. Discovery in one namespace then looks at the objects
    /// of that namespace alone: those of others are neither counted nor reported as lost.
    ///
    /// ```
    /// use promcfg::discovery::{KubernetesContext, KubernetesObjects, KubernetesOptions, KubernetesRole};
    /// let text = "kind: Service\nmetadata: {name: a, namespace: shop}\n---\nkind: Service\nmetadata: {name: b, namespace: bank}\n";
    /// let (mut objects, _) = KubernetesObjects::read(text);
    /// objects.sort_by_namespace();
    /// let mut options = KubernetesOptions::new(KubernetesRole::Service);
    /// options.namespaces.push("bank".to_string());
    /// assert_eq!(objects.discover(&options, KubernetesContext::default())?.objects, 1);
    /// # Ok::<(), promcfg::discovery::KubernetesError>(())
    /// ```
    pub fn sort_by_namespace(&mut self) {
        self.pods.sort_by(|one, other| str::cmp(&one.meta.namespace, &other.meta.namespace));
        self.services.sort_by(|one, other| str::cmp(&one.meta.namespace, &other.meta.namespace));
        self.endpoints.sort_by(|one, other| str::cmp(&one.meta.namespace, &other.meta.namespace));
        self.slices.sort_by(|one, other| str::cmp(&one.meta.namespace, &other.meta.namespace));
        self.ingresses.sort_by(|one, other| str::cmp(&one.meta.namespace, &other.meta.namespace));
        self.is_sorted = true;
    }

    pub(in crate::discovery::kubernetes) fn workloads_of(&self, kind: KubernetesKind) -> &[Workload] {
        self.workloads.get(&kind).map_or(&[], Vec::as_slice)
    }

    pub(in crate::discovery::kubernetes) fn push(&mut self, object: KubernetesObject) {
        let kind = object.kind();
        match object {
            KubernetesObject::Pod(object) => self.pods.push(*object),
            KubernetesObject::Service(object) => self.services.push(*object),
            KubernetesObject::Endpoints(object) => self.endpoints.push(*object),
            KubernetesObject::EndpointSlice(object) => self.slices.push(*object),
            KubernetesObject::Node(object) => self.nodes.push(*object),
            KubernetesObject::Namespace(object) => self.namespaces.push(*object),
            KubernetesObject::Ingress(object) => self.ingresses.push(*object),
            KubernetesObject::Job(object) => self.jobs.push(*object),
            KubernetesObject::CronJob(object) => self.cron_jobs.push(*object),
            KubernetesObject::ReplicaSet(object)
            | KubernetesObject::Deployment(object)
            | KubernetesObject::StatefulSet(object)
            | KubernetesObject::DaemonSet(object)
            | KubernetesObject::ReplicationController(object) => self.workloads.entry(kind).or_default().push(*object),
        }
    }

    /// Counts an object of a kind that is not read.
    pub(in crate::discovery::kubernetes) fn skip(&mut self, kind: &str) {
        match self.skipped.get_mut(kind) {
            Some(count) => *count += 1,
            None => drop(self.skipped.insert(kind.into(), 1)),
        }
    }
}

/// The first objects of a kind are taken over as they are.
fn append<T>(to: &mut Vec<T>, from: Vec<T>) {
    if to.is_empty() { *to = from } else { to.extend(from) }
}
