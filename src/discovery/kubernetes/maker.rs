//! What all roles need to make groups: the stores that they look into, the names of labels, and what is left over.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::{Collision, Family, Fixed, Label};
use super::objects::{Job, Namespace, Node, ObjectMeta, Pod, Service, Workload};
use super::options::AttachMetadata;
use super::store::Store;
use crate::discovery::{DiscoveredGroup, LabelPair, Undetermined};
use crate::release::Release;

/// The stores of the objects that groups take labels from.
pub(super) struct Stores<'o> {
    pub(super) pods: Store<'o, Pod>,
    pub(super) services: Store<'o, Service>,
    pub(super) nodes: Store<'o, Node>,
    pub(super) namespaces: Store<'o, Namespace>,
    pub(super) replica_sets: Store<'o, Workload>,
    pub(super) jobs: Store<'o, Job>,
}

/// The labels of the metadata of one kind of objects.
pub(super) struct MetaFamily {
    name: Arc<str>,
    labels: Family,
    annotations: Family,
}

macro_rules! meta_family {
    ($role:literal) => {
        MetaFamily {
            name: concat!("__meta_kubernetes_", $role, "_name").into(),
            labels: Family::new(
                concat!("__meta_kubernetes_", $role, "_label_"),
                Some(concat!("__meta_kubernetes_", $role, "_labelpresent_")),
            ),
            annotations: Family::new(
                concat!("__meta_kubernetes_", $role, "_annotation_"),
                Some(concat!("__meta_kubernetes_", $role, "_annotationpresent_")),
            ),
        }
    };
}

/// The kinds of objects whose metadata become labels.
#[derive(Clone, Copy)]
pub(super) enum MetaOf {
    Node,
    Pod,
    Service,
    Endpoints,
    EndpointSlice,
    Ingress,
    Namespace,
}

/// Makes groups, one after the other.
pub(super) struct Maker<'o> {
    pub(super) stores: Stores<'o>,
    pub(super) attach: AttachMetadata,
    pub(super) release: Release,
    pub(super) fixed: Fixed,
    families: [MetaFamily; 7],
    pub(super) node_addresses: Family,
    pub(super) topology: Family,
    /// The source of the group that is made.
    source: Arc<str>,
    pub(super) undetermined: Vec<Undetermined>,
    /// How many more labels the group may have.
    left: usize,
}

/// How many labels the targets of a group may have. A subset of addresses and ports makes targets of each pair.
const MOST_LABELS: usize = 1 << 24;

impl<'o> Maker<'o> {
    pub(super) fn new(stores: Stores<'o>, attach: AttachMetadata, release: Release) -> Self {
        let families = [
            meta_family!("node"),
            meta_family!("pod"),
            meta_family!("service"),
            meta_family!("endpoints"),
            meta_family!("endpointslice"),
            meta_family!("ingress"),
            meta_family!("namespace"),
        ];
        Self {
            stores,
            attach,
            release,
            fixed: Fixed::new(),
            families,
            node_addresses: Family::new("__meta_kubernetes_node_address_", None),
            topology: Family::new(
                "__meta_kubernetes_endpointslice_endpoint_topology_",
                Some("__meta_kubernetes_endpointslice_endpoint_topology_present_"),
            ),
            source: "".into(),
            undetermined: Vec::new(),
            left: MOST_LABELS,
        }
    }

    /// An empty group of an object.
    pub(super) fn group(&mut self, prefix: &str, meta: &ObjectMeta) -> DiscoveredGroup {
        let ObjectMeta { namespace, name, .. } = meta;
        // The key of an object without a namespace is its name alone.
        let source: Arc<str> = match &**namespace {
            "" => format!("{prefix}/{}", &**name).into(),
            namespace => format!("{prefix}/{namespace}/{}", &**name).into(),
        };
        self.source = Arc::clone(&source);
        self.left = MOST_LABELS;
        DiscoveredGroup::new(source)
    }

    /// Adds a target to the group; `false` if it has too many.
    pub(super) fn push(&mut self, group: &mut DiscoveredGroup, target: Vec<LabelPair>) -> bool {
        let Some(left) = self.left.checked_sub(target.len() + 1) else { return false };
        self.left = left;
        group.targets.push(target);
        true
    }

    /// Adds the name of an object, its labels and its annotations.
    pub(super) fn add_meta(&mut self, of: MetaOf, meta: &ObjectMeta, labels: &mut Vec<LabelPair>) {
        labels.push((Arc::clone(&self.families[of as usize].name), meta.name.shared()));
        self.add_meta_without_name(of, meta, labels);
    }

    fn add_meta_without_name(&mut self, of: MetaOf, meta: &ObjectMeta, labels: &mut Vec<LabelPair>) {
        labels.reserve(2 * (meta.labels.len() + meta.annotations.len()));
        let truth = self.fixed.truth(true);
        let family = &mut self.families[of as usize];
        let collisions = family.labels.add(&meta.labels, &truth, labels);
        let more = family.annotations.add(&meta.annotations, &truth, labels);
        self.note(labels, collisions);
        self.note(labels, more);
    }

    /// Adds what is attached of the namespace of an object.
    pub(super) fn add_namespace(&mut self, meta: &ObjectMeta, labels: &mut Vec<LabelPair>) {
        if !self.attach.namespace {
            return;
        }
        if let Some(namespace) = self.stores.namespaces.get("", &meta.namespace) {
            self.add_meta_without_name(MetaOf::Namespace, &namespace.meta, labels);
        }
    }

    /// Adds what is attached of a node; `false` if the node is not known.
    pub(super) fn add_node(&mut self, name: &str, labels: &mut Vec<LabelPair>) -> bool {
        let Some(node) = self.stores.nodes.get("", name) else { return false };
        self.add_meta(MetaOf::Node, &node.meta, labels);
        true
    }

    /// The labels that a service gives to its endpoints.
    pub(super) fn add_service(&mut self, service: Option<&'o Service>, labels: &mut Vec<LabelPair>) {
        if let Some(service) = service {
            self.add_meta(MetaOf::Service, &service.meta, labels);
        }
    }

    /// The labels of a pod, wherever it is a target.
    pub(super) fn add_pod(&mut self, pod: &'o Pod, labels: &mut Vec<LabelPair>) {
        let ready = pod.ready().map_or("unknown".into(), |ready| lower(ready));
        let fixed = &self.fixed;
        labels.extend([
            fixed.pair(Label::PodIp, pod.status.pod_ip.shared()),
            fixed.pair(Label::PodReady, ready),
            fixed.pair(Label::PodPhase, pod.status.phase.shared()),
            fixed.pair(Label::PodNodeName, pod.spec.node_name.shared()),
            fixed.pair(Label::PodHostIp, pod.status.host_ip.shared()),
            fixed.pair(Label::PodUid, pod.meta.uid.shared()),
        ]);
        self.add_meta(MetaOf::Pod, &pod.meta, labels);
        self.add_controller(pod, labels);
    }

    fn add_controller(&self, pod: &Pod, labels: &mut Vec<LabelPair>) {
        let Some(controller) = pod.meta.controller() else { return };
        let mut put = |label: Label, value: Arc<str>| labels.push(self.fixed.pair(label, value));
        if !controller.kind.is_empty() {
            put(Label::PodControllerKind, controller.kind.shared());
        }
        if !controller.name.is_empty() {
            put(Label::PodControllerName, controller.name.shared());
        }
        let namespace = &pod.meta.namespace;
        match &*controller.kind {
            "ReplicaSet" if self.attach.deployment => {
                let replica_set = self.stores.replica_sets.get(namespace, &controller.name);
                if let Some(name) = replica_set.and_then(|owner| owner.meta.controller_of_kind("Deployment")) {
                    put(Label::PodDeploymentName, name.shared());
                }
            }
            "Job" => {
                if self.attach.job {
                    put(Label::PodJobName, controller.name.shared());
                }
                let job = self.stores.jobs.get(namespace, &controller.name).filter(|_| self.attach.cronjob);
                if let Some(name) = job.and_then(|job| job.meta.controller_of_kind("CronJob")) {
                    put(Label::PodCronJobName, name.shared());
                }
            }
            _ => {}
        }
    }

    /// Notes the labels whose value is not decided.
    pub(super) fn note(&mut self, labels: &[LabelPair], collisions: Vec<Collision>) {
        let mut noted: Vec<Undetermined> = Vec::new();
        let mut by_place: FxHashMap<usize, (usize, FxHashSet<Arc<str>>)> = FxHashMap::default();
        for Collision { place, value } in collisions {
            let Some((label, first)) = labels.get(place) else { continue };
            let (index, seen) = by_place.entry(place).or_insert_with(|| {
                let (source, label) = (Arc::clone(&self.source), Arc::clone(label));
                noted.push(Undetermined { source, label, values: vec![Arc::clone(first)] });
                (noted.len() - 1, FxHashSet::from_iter([Arc::clone(first)]))
            });
            if let (true, Some(label)) = (seen.insert(Arc::clone(&value)), noted.get_mut(*index)) {
                label.values.push(value);
            }
        }
        self.undetermined.extend(noted.into_iter().filter(|label| label.values.len() > 1));
    }
}

/// As Go's `strings.ToLower`.
pub(super) fn lower(text: &str) -> Arc<str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        text.chars().map(lower_character).collect::<String>().into()
    } else {
        text.into()
    }
}

/// Where the full mapping has several characters, the simple one has one.
fn lower_character(character: char) -> char {
    let mut mapped = character.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ if character == '\u{130}' => 'i',
        _ => character,
    }
}

/// Host and port as `net.JoinHostPort` joins them.
pub(super) fn join_host_port(host: &str, port: &str) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// A port as Go writes it, which takes the number for an unsigned one.
pub(super) fn port_text(port: i32) -> Arc<str> {
    i64::from(port).cast_unsigned().to_string().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_joined_as_go_joins_them() {
        assert_eq!(join_host_port("10.0.0.1", "80"), "10.0.0.1:80");
        assert_eq!(join_host_port("fd00::1", "80"), "[fd00::1]:80");
        assert_eq!(join_host_port("", "0"), ":0");
        assert_eq!(&*port_text(-1), "18446744073709551615");
    }

    #[test]
    fn texts_become_lower_case_character_by_character() {
        assert_eq!(&*lower("True"), "true");
        assert_eq!(&*lower("ÄΣ\u{130}x"), "äσix");
    }
}
