//! Names of labels: fixed ones, and those made of the keys of an object.

use std::ops::Index;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::values::{StringMap, Text};
use crate::discovery::LabelPair;

macro_rules! labels {
    ($($name:ident = $text:literal,)*) => {
        /// A label with a fixed name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Label {
            $($name,)*
        }

        const LABELS: &[&str] = &[$($text,)*];
    };
}

labels! {
    Address = "__address__",
    Instance = "instance",
    Namespace = "__meta_kubernetes_namespace",
    NodeProviderId = "__meta_kubernetes_node_provider_id",
    PodIp = "__meta_kubernetes_pod_ip",
    PodReady = "__meta_kubernetes_pod_ready",
    PodPhase = "__meta_kubernetes_pod_phase",
    PodNodeName = "__meta_kubernetes_pod_node_name",
    PodHostIp = "__meta_kubernetes_pod_host_ip",
    PodUid = "__meta_kubernetes_pod_uid",
    PodControllerKind = "__meta_kubernetes_pod_controller_kind",
    PodControllerName = "__meta_kubernetes_pod_controller_name",
    PodDeploymentName = "__meta_kubernetes_pod_deployment_name",
    PodJobName = "__meta_kubernetes_pod_job_name",
    PodCronJobName = "__meta_kubernetes_pod_cronjob_name",
    ContainerName = "__meta_kubernetes_pod_container_name",
    ContainerId = "__meta_kubernetes_pod_container_id",
    ContainerImage = "__meta_kubernetes_pod_container_image",
    ContainerInit = "__meta_kubernetes_pod_container_init",
    ContainerPortName = "__meta_kubernetes_pod_container_port_name",
    ContainerPortNumber = "__meta_kubernetes_pod_container_port_number",
    ContainerPortProtocol = "__meta_kubernetes_pod_container_port_protocol",
    ServicePortName = "__meta_kubernetes_service_port_name",
    ServicePortNumber = "__meta_kubernetes_service_port_number",
    ServicePortProtocol = "__meta_kubernetes_service_port_protocol",
    ServiceType = "__meta_kubernetes_service_type",
    ServiceClusterIp = "__meta_kubernetes_service_cluster_ip",
    ServiceExternalName = "__meta_kubernetes_service_external_name",
    ServiceLoadBalancerIp = "__meta_kubernetes_service_loadbalancer_ip",
    EndpointPortName = "__meta_kubernetes_endpoint_port_name",
    EndpointPortProtocol = "__meta_kubernetes_endpoint_port_protocol",
    EndpointReady = "__meta_kubernetes_endpoint_ready",
    EndpointHostname = "__meta_kubernetes_endpoint_hostname",
    EndpointNodeName = "__meta_kubernetes_endpoint_node_name",
    EndpointTargetKind = "__meta_kubernetes_endpoint_address_target_kind",
    EndpointTargetName = "__meta_kubernetes_endpoint_address_target_name",
    SliceAddressType = "__meta_kubernetes_endpointslice_address_type",
    SlicePort = "__meta_kubernetes_endpointslice_port",
    SlicePortName = "__meta_kubernetes_endpointslice_port_name",
    SlicePortProtocol = "__meta_kubernetes_endpointslice_port_protocol",
    SlicePortAppProtocol = "__meta_kubernetes_endpointslice_port_app_protocol",
    SliceReady = "__meta_kubernetes_endpointslice_endpoint_conditions_ready",
    SliceServing = "__meta_kubernetes_endpointslice_endpoint_conditions_serving",
    SliceTerminating = "__meta_kubernetes_endpointslice_endpoint_conditions_terminating",
    SliceHostname = "__meta_kubernetes_endpointslice_endpoint_hostname",
    SliceNodeName = "__meta_kubernetes_endpointslice_endpoint_node_name",
    SliceZone = "__meta_kubernetes_endpointslice_endpoint_zone",
    SliceTargetKind = "__meta_kubernetes_endpointslice_address_target_kind",
    SliceTargetName = "__meta_kubernetes_endpointslice_address_target_name",
    IngressClassName = "__meta_kubernetes_ingress_class_name",
    IngressScheme = "__meta_kubernetes_ingress_scheme",
    IngressHost = "__meta_kubernetes_ingress_host",
    IngressPath = "__meta_kubernetes_ingress_path",
}

/// The names of labels and the values that occur again and again, each made once.
pub(super) struct Fixed {
    labels: Vec<Arc<str>>,
    truths: [Arc<str>; 2],
}

impl Fixed {
    pub(super) fn new() -> Self {
        let labels = LABELS.iter().map(|&label| label.into()).collect();
        Self { labels, truths: ["false".into(), "true".into()] }
    }

    /// The text of a truth value.
    pub(super) fn truth(&self, value: bool) -> Arc<str> {
        Arc::clone(&self.truths[usize::from(value)])
    }

    pub(super) fn pair(&self, label: Label, value: impl Into<Arc<str>>) -> LabelPair {
        (Arc::clone(&self[label]), value.into())
    }
}

impl Index<Label> for Fixed {
    type Output = Arc<str>;

    fn index(&self, label: Label) -> &Arc<str> {
        &self.labels[label as usize]
    }
}

/// Every character but ASCII letters, digits and `_` becomes `_`.
///
/// Source: `SanitizeLabelName` in `util/strutil`.
pub(super) fn sanitized(text: &str) -> String {
    text.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).collect()
}

/// Labels that are named by keys of an object: a label with the value of the key, and where there is a second prefix
/// one that says that the key exists.
pub(super) struct Family {
    prefix: &'static str,
    presence_prefix: Option<&'static str>,
    by_key: FxHashMap<Arc<str>, usize>,
    by_name: FxHashMap<Arc<str>, usize>,
    names: Vec<FamilyName>,
    /// The number of the object whose labels are added.
    object: u64,
}

struct FamilyName {
    value: Arc<str>,
    presence: Option<Arc<str>>,
    /// The last object that has it, and where its label is.
    object: u64,
    place: usize,
}

/// Two keys of an object become one name, and their values differ.
pub(super) struct Collision {
    /// Where the label is.
    pub(super) place: usize,
    pub(super) value: Arc<str>,
}

impl Family {
    pub(super) fn new(prefix: &'static str, presence_prefix: Option<&'static str>) -> Self {
        let (by_key, by_name) = (FxHashMap::default(), FxHashMap::default());
        Self { prefix, presence_prefix, by_key, by_name, names: Vec::new(), object: 0 }
    }

    /// Adds the labels of the entries to those of a target or a group.
    pub(super) fn add(&mut self, entries: &StringMap, truth: &Arc<str>, labels: &mut Vec<LabelPair>) -> Vec<Collision> {
        self.add_pairs(entries.iter(), truth, labels)
    }

    /// As [`Family::add`]; of entries with one key only the first may be given.
    pub(super) fn add_pairs<'e>(
        &mut self,
        entries: impl Iterator<Item = (&'e Text, &'e Text)>,
        truth: &Arc<str>,
        labels: &mut Vec<LabelPair>,
    ) -> Vec<Collision> {
        self.object += 1;
        let mut collisions = Vec::new();
        for (key, value) in entries {
            let index = self.name_of(key);
            let Some(name) = self.names.get_mut(index) else { continue };
            if name.object == self.object {
                collisions.push(Collision { place: name.place, value: value.shared() });
                continue;
            }
            (name.object, name.place) = (self.object, labels.len());
            labels.push((Arc::clone(&name.value), value.shared()));
            if let Some(presence) = &name.presence {
                labels.push((Arc::clone(presence), Arc::clone(truth)));
            }
        }
        collisions
    }

    fn name_of(&mut self, key: &Text) -> usize {
        if let Some(index) = self.by_key.get(&**key) {
            return *index;
        }
        let clean = sanitized(key);
        let value: Arc<str> = format!("{}{clean}", self.prefix).into();
        let index = *self.by_name.entry(Arc::clone(&value)).or_insert(self.names.len());
        if index == self.names.len() {
            let presence = self.presence_prefix.map(|prefix| format!("{prefix}{clean}").into());
            self.names.push(FamilyName { value, presence, object: 0, place: 0 });
        }
        self.by_key.insert(key.shared(), index);
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_is_not_allowed_becomes_one_underscore() {
        assert_eq!(sanitized("app.kubernetes.io/name"), "app_kubernetes_io_name");
        assert_eq!(sanitized("a--b_é9"), "a__b__9");
    }

    #[test]
    fn fixed_labels_have_their_names() {
        let fixed = Fixed::new();
        assert_eq!(&*fixed[Label::IngressPath], "__meta_kubernetes_ingress_path");
        assert_eq!(fixed.pair(Label::Instance, "a"), ("instance".into(), "a".into()));
        assert_eq!(&*fixed.truth(true), "true");
    }

    #[test]
    fn keys_that_become_one_name_collide() {
        let mut family = Family::new("l_", Some("p_"));
        let truth: Arc<str> = "true".into();
        let map = |pairs: &[(&str, &str)]| -> StringMap {
            pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
        };
        for _ in 0..2 {
            let mut labels = vec![("x".into(), "y".into())];
            let collisions = family.add(&map(&[("a.b", "1"), ("a_b", "2"), ("c", "")]), &truth, &mut labels);
            let texts: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(texts, ["x=y", "l_a_b=1", "p_a_b=true", "l_c=", "p_c=true"]);
            assert_eq!(
                collisions.iter().map(|collision| (collision.place, &*collision.value)).collect::<Vec<_>>(),
                [(1, "2")]
            );
        }
    }
}
