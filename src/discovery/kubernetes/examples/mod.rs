//! Manifests → the objects that a cluster would make of them, as far as they can be known: one example pod for each
//! workload, and the endpoints of services. What is not known is a placeholder.
//!
//! Sources: `pkg/apis/*/v1/defaults.go` and `pkg/controller` of Kubernetes.

mod defaults;
mod endpoints;
mod manifests;
mod pods;

use super::objects::{EndpointSlice, KubernetesObjects, Node, Service};
use super::placeholder::{Placeholder, PlaceholderKind, Placeholders};
use super::service_pods::ServicePods;
use super::slices::{has_endpoints, slices_of};
use super::store::Store;
use rustc_hash::FxHashSet;

/// The objects of manifests with what a cluster would make of them.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct KubernetesExamples {
    /// The objects, with the examples.
    pub objects: KubernetesObjects,
    /// The texts in them that are in the place of values that are not known.
    pub placeholders: Vec<Placeholder>,
    /// The example pods: the kind and name of the object that makes them, and the source of the pod's group.
    pub pods: Vec<(String, String)>,
}

impl KubernetesObjects {
    /// The objects with examples of what a cluster would make of manifests: an object that no server has seen gets the
    /// defaults of one and, if it has no namespace, the given one; a workload has one example pod, which runs and is
    /// ready, unless pods of it are given; a service has the endpoints that its pods give. Objects that a server has
    /// seen stay as they are, but for the namespace.
    ///
    /// ```
    /// use promcfg::discovery::{KubernetesContext, KubernetesObjects, KubernetesOptions, KubernetesRole};
    /// let text = "kind: StatefulSet\nmetadata: {name: db}\n\
    ///     spec: {template: {spec: {containers: [{name: db, ports: [{containerPort: 5432}]}]}}}\n";
    /// let (objects, _) = KubernetesObjects::read(text);
    /// let examples = objects.with_examples("shop");
    /// let options = KubernetesOptions::new(KubernetesRole::Pod);
    /// let found = examples.objects.discover(&options, KubernetesContext::default())?;
    /// assert_eq!(&*found.groups[0].source, "pod/shop/db-0");
    /// assert_eq!(&*found.groups[0].targets[0][0].1, "192.0.2.100:5432");
    /// # Ok::<(), promcfg::discovery::KubernetesError>(())
    /// ```
    #[must_use]
    pub fn with_examples(&self, namespace: &str) -> KubernetesExamples {
        let mut objects = self.clone();
        let mut placeholders = Placeholders::default();
        defaults::apply(&mut objects, namespace, &mut placeholders);
        let pods = pods::add(&mut objects, &mut placeholders);
        add_endpoints(&mut objects);
        KubernetesExamples { objects, placeholders: placeholders.into_used(), pods }
    }
}

/// Adds the endpoints and the slices of services that no server has seen, unless they are given.
fn add_endpoints(objects: &mut KubernetesObjects) {
    let node_name = PlaceholderKind::Node.text();
    let stand_in = Node::default();
    let with_slices: FxHashSet<(&str, &str)> = objects
        .slices
        .iter()
        .filter_map(|slice| Some((&*slice.meta.namespace, &**slice.meta.labels.get("kubernetes.io/service-name")?)))
        .collect();
    let with_endpoints: FxHashSet<(&str, &str)> =
        objects.endpoints.iter().map(|endpoints| endpoints.meta.key()).collect();
    let is_new = |service: &&Service| service.meta.uid.is_empty() && has_endpoints(service);
    let services: Vec<&Service> = objects.services.iter().filter(is_new).collect();
    let pods = ServicePods::new(services.iter().copied(), objects.pods.iter());
    let nodes = Store::of(&objects.nodes, |node| &node.meta, |_| true);
    // Without any node in the objects, each pod is on one that exists.
    let node = |name: &str| match nodes.get("", name) {
        None if objects.nodes.is_empty() || name == node_name => Some(&stand_in),
        found => found,
    };
    let without_slices = services.iter().copied().filter(|service| !with_slices.contains(&service.meta.key()));
    let slices: Vec<EndpointSlice> = slices_of(without_slices, &pods, node);
    let without_endpoints = services.iter().filter(|service| !with_endpoints.contains(&service.meta.key()));
    let endpoints: Vec<_> = without_endpoints.map(|service| endpoints::endpoints_of(service, &pods)).collect();
    objects.slices.extend(slices.into_iter().map(named));
    objects.endpoints.extend(endpoints);
}

/// A slice whose name ends in random characters.
fn named(mut slice: EndpointSlice) -> EndpointSlice {
    slice.meta.name = format!("{}{}", &*slice.meta.generate_name, PlaceholderKind::Random.text()).into();
    slice
}

#[cfg(test)]
mod tests;
