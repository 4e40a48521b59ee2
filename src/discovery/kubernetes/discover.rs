//! Objects and an item of `kubernetes_sd_configs` → target groups.

use std::fmt;
use std::sync::Arc;

use super::fields::Selectable;
use super::loss::KubernetesLoss;
use super::maker::{Maker, Stores};
use super::objects::{KubernetesKind, KubernetesObjects, Node};
use super::options::{KubernetesOptions, KubernetesRole};
use super::roles::{Made, endpoints_group, ingress_group, node_group, pod_group, service_group, slice_group};
use super::store::{Namespaces, Selection, Store};
use crate::discovery::{DiscoveredGroup, DiscoveryLabel, LabelPair, Undetermined, discovery_role};
use crate::release::Release;

/// What discovery depends on besides objects and options.
///
/// ```
/// use promcfg::discovery::KubernetesContext;
/// let mut context = KubernetesContext::default();
/// context.own_namespace = Some("monitoring");
/// assert_eq!(context.release, promcfg::Release::LATEST);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct KubernetesContext<'c> {
    /// The namespace that Prometheus runs in, for `own_namespace`.
    pub own_namespace: Option<&'c str>,
    /// The Prometheus release.
    pub release: Release,
}

impl KubernetesContext<'_> {
    /// A Prometheus of a release whose namespace is not known.
    #[must_use]
    pub fn of(release: Release) -> Self {
        Self { own_namespace: None, release }
    }
}

/// What an item of `kubernetes_sd_configs` finds.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct KubernetesDiscovery {
    /// A group for each object of the role, in the order of the objects.
    pub groups: Vec<DiscoveredGroup>,
    /// The labels whose value Prometheus does not decide.
    pub undetermined: Vec<Undetermined>,
    /// What the API server says of every list, if it refuses a selector: nothing is found then.
    pub api_error: Option<String>,
    /// The number of objects of the role that were given.
    pub objects: usize,
    /// The objects of the role that give no target, by the source of their group, and why.
    pub lost: Vec<(Arc<str>, KubernetesLoss)>,
    /// The groups that have too many targets to hold; some of them are missing.
    pub cut: Vec<Arc<str>>,
}

/// Why the targets of an item are not known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KubernetesError {
    /// `own_namespace` is on, and the namespace is not known.
    UnknownNamespace,
    /// A selector is refused: what Kubernetes says.
    Selector(String),
}

impl fmt::Display for KubernetesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownNamespace => {
                f.write_str("the namespace of Prometheus is not known, and `own_namespace` needs it")
            }
            Self::Selector(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for KubernetesError {}

impl KubernetesObjects {
    /// The target groups that Prometheus would find in these objects.
    ///
    /// # Errors
    /// The namespace of Prometheus is needed and not known, or a selector is refused.
    ///
    /// ```
    /// use promcfg::discovery::{KubernetesContext, KubernetesObjects, KubernetesOptions, KubernetesRole};
    /// let text = r#"{"kind": "Pod", "metadata": {"name": "cart", "namespace": "shop"},
    ///     "spec": {"containers": [{"name": "web", "ports": [{"containerPort": 80}]}]}, "status": {"podIP": "10.0.0.1"}}"#;
    /// let (objects, _) = KubernetesObjects::read(text);
    /// let found = objects.discover(&KubernetesOptions::new(KubernetesRole::Pod), KubernetesContext::default())?;
    /// assert_eq!(&*found.groups[0].source, "pod/shop/cart");
    /// assert_eq!(found.groups[0].targets[0][0], ("__address__".into(), "10.0.0.1:80".into()));
    /// # Ok::<(), promcfg::discovery::KubernetesError>(())
    /// ```
    pub fn discover(
        &self,
        options: &KubernetesOptions,
        context: KubernetesContext<'_>,
    ) -> Result<KubernetesDiscovery, KubernetesError> {
        let mut groups = Vec::new();
        let found = self.discover_each(options, context, &mut |group| groups.push(group))?;
        Ok(KubernetesDiscovery { groups, ..found })
    }

    /// As [`KubernetesObjects::discover`], one group after the other: not all of them are held at once, and `groups` of the result is
    /// empty.
    ///
    /// # Errors
    /// Those of [`KubernetesObjects::discover`].
    pub fn discover_each(
        &self,
        options: &KubernetesOptions,
        context: KubernetesContext<'_>,
        take: &mut dyn FnMut(DiscoveredGroup),
    ) -> Result<KubernetesDiscovery, KubernetesError> {
        if options.own_namespace && context.own_namespace.is_none() {
            return Err(KubernetesError::UnknownNamespace);
        }
        let watch = Watch { objects: self, options, namespaces: Namespaces::of(options, context.own_namespace) };
        let role = discovery_role("kubernetes_sd_configs", options.role.name());
        let labels = role.into_iter().flat_map(|role| &role.labels);
        let absent = labels.filter(|label| !label.availability().includes(context.release)).collect();
        let mut run = Run { take, absent, found: KubernetesDiscovery::default() };
        let refusal = match options.role {
            KubernetesRole::Pod => watch.role(&self.pods, ("pod", pod_group), context.release, &mut run)?,
            KubernetesRole::Service => watch.role(&self.services, ("svc", service_group), context.release, &mut run)?,
            KubernetesRole::Endpoints => {
                watch.role(&self.endpoints, ("endpoints", endpoints_group), context.release, &mut run)?
            }
            KubernetesRole::EndpointSlice => {
                watch.role(&self.slices, ("endpointslice", slice_group), context.release, &mut run)?
            }
            KubernetesRole::Node => watch.role(&self.nodes, ("node", node_group), context.release, &mut run)?,
            KubernetesRole::Ingress => {
                watch.role(&self.ingresses, ("ingress", ingress_group), context.release, &mut run)?
            }
        };
        run.found.api_error = refusal;
        Ok(run.found)
    }
}

/// What is done with the groups, and what else is found.
struct Run<'r> {
    take: &'r mut dyn FnMut(DiscoveredGroup),
    /// The labels that the release does not have.
    absent: Vec<&'static DiscoveryLabel>,
    found: KubernetesDiscovery,
}

impl Run<'_> {
    fn lose(&mut self, prefix: &str, key: (&str, &str), loss: KubernetesLoss) {
        let source = match key {
            ("", name) => format!("{prefix}/{name}"),
            (namespace, name) => format!("{prefix}/{namespace}/{name}"),
        };
        self.found.lost.push((source.into(), loss));
    }

    fn add(&mut self, made: Made, prefix: &str, key: (&str, &str)) {
        if let Some(loss) = made.loss {
            self.lose(prefix, key, loss);
        }
        if let Some(mut group) = made.group {
            if !self.absent.is_empty() {
                let is_known = |(name, _): &LabelPair| !self.absent.iter().any(|label| label.covers(name));
                group.labels.retain(is_known);
                group.targets.iter_mut().for_each(|target| target.retain(is_known));
            }
            if made.is_cut {
                self.found.cut.push(Arc::clone(&group.source));
            }
            (self.take)(group);
        }
    }
}

/// What an item of `kubernetes_sd_configs` watches.
struct Watch<'o> {
    objects: &'o KubernetesObjects,
    options: &'o KubernetesOptions,
    namespaces: Namespaces<'o>,
}

/// How an object becomes a group, with what its source begins with.
type MakeGroup<'o, T> = (&'static str, fn(&mut Maker<'o>, &'o T) -> Made);

impl<'o> Watch<'o> {
    /// Makes the groups of the objects of a role. Gives what the API server says if it refuses a list.
    fn role<T: Selectable>(
        &self,
        objects: &'o [T],
        (prefix, make): MakeGroup<'o, T>,
        release: Release,
        run: &mut Run<'_>,
    ) -> Result<Option<String>, KubernetesError> {
        let selection = self.selection(self.options.role)?;
        let (stores, refusal) = self.stores()?;
        if let Some(refusal) = selection.refusal::<T>().or(refusal) {
            return Ok(Some(refusal));
        }
        let objects = self.in_namespace(objects);
        run.found.objects = objects.len();
        let store = Store::of(objects, T::meta, |object| {
            let loss = if T::IS_NAMESPACED && !self.namespaces.contain(&object.meta().namespace) {
                KubernetesLoss::Namespace
            } else if !selection.keeps(object) {
                KubernetesLoss::Selector
            } else {
                return true;
            };
            run.lose(prefix, object.meta().key(), loss);
            false
        });
        let mut maker = Maker::new(stores, self.options.attach, release);
        for object in store.iter() {
            let made = make(&mut maker, object);
            run.add(made, prefix, object.meta().key());
        }
        run.found.undetermined = maker.undetermined;
        Ok(None)
    }

    /// Of sorted objects, those of the only namespace.
    fn in_namespace<T: Selectable>(&self, all: &'o [T]) -> &'o [T] {
        let [namespace] = self.options.namespaces.as_slice() else { return all };
        if !T::IS_NAMESPACED || !self.objects.is_sorted || self.options.own_namespace {
            return all;
        }
        let start = all.partition_point(|object| *object.meta().namespace < **namespace);
        let rest = all.get(start..).unwrap_or(&[]);
        rest.get(..rest.partition_point(|object| *object.meta().namespace == **namespace)).unwrap_or(rest)
    }

    fn selection(&self, role: KubernetesRole) -> Result<Selection, KubernetesError> {
        Selection::of(self.options, role).map_err(KubernetesError::Selector)
    }

    /// The stores that the role looks into, and what the API server says if it refuses a list.
    fn stores(&self) -> Result<(Stores<'o>, Option<String>), KubernetesError> {
        let Self { objects, options, .. } = *self;
        let has_endpoints = matches!(options.role, KubernetesRole::Endpoints | KubernetesRole::EndpointSlice);
        let has_pods = has_endpoints || options.role == KubernetesRole::Pod;
        let has_nodes = has_pods && options.attach.node;
        let mut refusal = None;
        let services = self.store(&objects.services, KubernetesRole::Service, has_endpoints, &mut refusal)?;
        let pods = self.store(&objects.pods, KubernetesRole::Pod, has_endpoints, &mut refusal)?;
        let nodes = self.store::<Node>(&objects.nodes, KubernetesRole::Node, has_nodes, &mut refusal)?;
        let has_namespaces = options.attach.namespace && options.role != KubernetesRole::Node;
        let is_watched = |namespace: &str| self.namespaces.contain(namespace);
        let stores = Stores {
            pods,
            services,
            nodes,
            namespaces: Store::of(&objects.namespaces, |object| &object.meta, |_| has_namespaces),
            replica_sets: Store::of(
                objects.workloads_of(KubernetesKind::ReplicaSet),
                |object| &object.meta,
                |object| has_pods && options.attach.deployment && is_watched(&object.meta.namespace),
            ),
            jobs: Store::of(
                &objects.jobs,
                |object| &object.meta,
                |object| has_pods && options.attach.cronjob && is_watched(&object.meta.namespace),
            ),
        };
        Ok((stores, refusal))
    }

    fn store<T: Selectable>(
        &self,
        objects: &'o [T],
        role: KubernetesRole,
        is_needed: bool,
        refusal: &mut Option<String>,
    ) -> Result<Store<'o, T>, KubernetesError> {
        if !is_needed {
            return Ok(Store::empty());
        }
        let selection = self.selection(role)?;
        if refusal.is_none() {
            *refusal = selection.refusal::<T>();
        }
        let is_watched = |object: &T| !T::IS_NAMESPACED || self.namespaces.contain(&object.meta().namespace);
        Ok(Store::of(self.in_namespace(objects), T::meta, |object| is_watched(object) && selection.keeps(object)))
    }
}
