//! What is asked of the objects of a cluster to say why a job has no target: labels, selectors and ports, with their
//! places.

use rustc_hash::{FxHashMap, FxHashSet};

use super::types::ObjectName;
use crate::discovery::KubernetesKind;
use crate::input::documents;
use crate::input::operator::{Data, Value, api_version, member};
use crate::text::{FileId, Location};
use crate::yaml::{Node, Tree};

/// The objects of a cluster among manifests.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::simulate::ClusterObjects;
/// use promcfg::yaml::Tree;
/// let text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n";
/// let mut objects = ClusterObjects::default();
/// assert!(objects.add(&Tree::parse(text), Sources::new().add("web.yml", text)));
/// assert!(!objects.is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct ClusterObjects {
    pub(super) services: Vec<Service>,
    pub(super) pods: Vec<PodMaker>,
    pub(super) ingresses: Vec<Ingress>,
    /// The indices of the services and of the pods in each namespace.
    by_namespace: FxHashMap<String, (Vec<usize>, Vec<usize>)>,
    /// The namespaces and names of services whose endpoints are given.
    pub(super) endpoints: FxHashSet<(String, String)>,
}

/// A label, or an entry of a selector.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) name: Box<str>,
    pub(super) value: Box<str>,
    pub(super) at: Location,
}

/// An object with labels.
#[derive(Clone, Debug)]
pub(super) struct Labeled {
    pub(super) name: ObjectName,
    pub(super) at: Location,
    pub(super) labels: Vec<Label>,
}

#[derive(Clone, Debug)]
pub(super) struct Service {
    pub(super) object: Labeled,
    pub(super) selector: Vec<Label>,
    pub(super) ports: Vec<Port>,
    pub(super) ports_at: Location,
    pub(super) is_external: bool,
    /// Whether a server has seen it.
    pub(super) is_seen: bool,
}

/// A port of a service or a container.
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub(super) name: Option<Box<str>>,
    pub(super) number: i64,
    /// The name of the container's port to which a service sends it.
    pub(super) target: Option<(Box<str>, Location)>,
    /// The place of the name, or of the whole port.
    pub(super) at: Location,
}

/// A pod, or an object that makes pods.
#[derive(Clone, Debug)]
pub(super) struct PodMaker {
    pub(super) object: Labeled,
    pub(super) ports: Vec<Port>,
    pub(super) has_no_replicas: bool,
    pub(super) phase: Option<Box<str>>,
    /// Whether it is a pod that runs in a cluster, but has no address.
    pub(super) lacks_address: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Ingress {
    pub(super) object: Labeled,
    pub(super) has_rules: bool,
}

impl ClusterObjects {
    /// Adds the objects of all documents of a text, also those in lists; other objects are skipped. Gives whether all
    /// documents are valid YAML.
    pub fn add(&mut self, tree: &Tree, file: FileId) -> bool {
        let mut is_valid = true;
        documents(tree, &mut |document, offset| {
            is_valid &= document.fault().is_none();
            if let Some(root) = document.root().filter(|_| document.fault().is_none()) {
                self.add_node(root, file, offset);
            }
        });
        is_valid
    }

    /// Whether there are no objects in which targets are looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.services.is_empty() && self.pods.is_empty() && self.ingresses.is_empty() && self.endpoints.is_empty()
    }

    /// The names of the objects, with their files.
    pub(crate) fn names(&self) -> impl Iterator<Item = (String, FileId)> {
        let services = self.services.iter().map(|service| &service.object);
        let others = self.pods.iter().map(|pod| &pod.object).chain(self.ingresses.iter().map(|one| &one.object));
        let named = services.chain(others).filter(|object| !object.name.name.is_empty());
        named.map(|object| (object.name.to_string(), object.at.file))
    }

    /// Only the objects of some files. Endpoints have no file.
    pub(crate) fn only_of(&self, files: &FxHashSet<FileId>) -> Self {
        let mut own = Self { endpoints: self.endpoints.clone(), ..Self::default() };
        let is_own = |object: &Labeled| files.contains(&object.at.file);
        self.services.iter().filter(|service| is_own(&service.object)).cloned().for_each(|one| own.push_service(one));
        self.pods.iter().filter(|pod| is_own(&pod.object)).cloned().for_each(|one| own.push_pod(one));
        own.ingresses.extend(self.ingresses.iter().filter(|ingress| is_own(&ingress.object)).cloned());
        own
    }

    fn add_node(&mut self, node: Node<'_>, file: FileId, offset: usize) {
        let kind = member(node, "kind").map_or("", Node::value);
        if (kind == "List" || kind.ends_with("List"))
            && let Some(items) = member(node, "items")
        {
            items.items().for_each(|item| self.add_node(item.resolved(), file, offset));
            return;
        }
        let Some(kind) = KubernetesKind::of(api_version(node), kind) else { return };
        // An object that cannot be read has no targets that could be lost.
        let Ok(value) = Value::of_node(node, file, offset) else { return };
        self.add_object(kind, &value);
    }

    fn add_object(&mut self, kind: KubernetesKind, value: &Value) {
        let object = labeled(kind, value, value.at_path(&["metadata", "labels"]));
        match kind {
            KubernetesKind::Service => self.push_service(service(object, value)),
            KubernetesKind::Ingress => {
                // A rule without paths has the path `/`.
                let has_rules = value.at_path(&["spec", "rules"]).is_some_and(|rules| !rules.items().is_empty());
                self.ingresses.push(Ingress { object, has_rules });
            }
            KubernetesKind::Endpoints => {
                self.endpoints.insert((object.name.namespace, object.name.name));
            }
            KubernetesKind::EndpointSlice => {
                let service = object.labels.iter().find(|label| &*label.name == "kubernetes.io/service-name");
                self.endpoints.extend(service.map(|label| (object.name.namespace.clone(), label.value.to_string())));
            }
            KubernetesKind::Pod => self.push_pod(pod(object, value)),
            KubernetesKind::ReplicaSet
            | KubernetesKind::Deployment
            | KubernetesKind::StatefulSet
            | KubernetesKind::DaemonSet
            | KubernetesKind::ReplicationController
            | KubernetesKind::Job => self.add_template(kind, value, value.at_path(&["spec", "template"])),
            KubernetesKind::CronJob => {
                self.add_template(kind, value, value.at_path(&["spec", "jobTemplate", "spec", "template"]));
            }
            KubernetesKind::Node | KubernetesKind::Namespace => {}
        }
    }

    fn push_service(&mut self, service: Service) {
        let own = self.by_namespace.entry(service.object.name.namespace.clone()).or_default();
        own.0.push(self.services.len());
        self.services.push(service);
    }

    fn push_pod(&mut self, pod: PodMaker) {
        let own = self.by_namespace.entry(pod.object.name.namespace.clone()).or_default();
        own.1.push(self.pods.len());
        self.pods.push(pod);
    }

    /// The services in these namespaces, or in all of them.
    pub(super) fn services_in(&self, watched: Option<&[String]>) -> Vec<&Service> {
        let Some(names) = watched else { return self.services.iter().collect() };
        let own = names.iter().filter_map(|name| self.by_namespace.get(name)).flat_map(|own| &own.0);
        own.filter_map(|index| self.services.get(*index)).collect()
    }

    /// The pods in these namespaces, or in all of them.
    pub(super) fn pods_in(&self, watched: Option<&[String]>) -> Vec<&PodMaker> {
        let Some(names) = watched else { return self.pods.iter().collect() };
        let own = names.iter().filter_map(|name| self.by_namespace.get(name)).flat_map(|own| &own.1);
        own.filter_map(|index| self.pods.get(*index)).collect()
    }

    fn add_template(&mut self, kind: KubernetesKind, value: &Value, template: Option<&Value>) {
        let Some(template) = template else { return };
        self.push_pod(PodMaker {
            object: labeled(kind, value, template.at_path(&["metadata", "labels"])),
            ports: container_ports(template),
            has_no_replicas: value.at_path(&["spec", "replicas"]).and_then(Value::as_int) == Some(0),
            phase: None,
            lacks_address: false,
        });
    }
}

fn labeled(kind: KubernetesKind, value: &Value, labels: Option<&Value>) -> Labeled {
    let metadata = value.get("metadata");
    let text = |key: &str| metadata.map_or("", |metadata| metadata.text(key)).to_string();
    let namespace = Some(text("namespace")).filter(|text| !text.is_empty()).unwrap_or_else(|| "default".to_string());
    let name = Some(text("name")).filter(|name| !name.is_empty()).unwrap_or_else(|| match text("generateName") {
        beginning if beginning.is_empty() => beginning,
        beginning => format!("{beginning}*"),
    });
    let at = value.at_path(&["metadata", "name"]).or(metadata).map_or(value.at, |place| place.at);
    Labeled { name: ObjectName::new(kind.name(), namespace, name), at, labels: labels_of(labels) }
}

/// The labels of an object, or the entries of the selector of a service.
pub(super) fn labels_of(labels: Option<&Value>) -> Vec<Label> {
    let entries = labels.map_or(&[][..], Value::entries).iter();
    let label = |entry: &crate::input::operator::Entry| {
        let value = entry.value.as_str()?.into();
        let span = crate::text::Span::new(entry.key_at.span.start as usize, entry.value.at.span.end as usize);
        Some(Label { name: entry.key.as_str().into(), value, at: Location::new(entry.key_at.file, span) })
    };
    entries.filter_map(label).collect()
}

fn service(object: Labeled, value: &Value) -> Service {
    let spec = value.get("spec");
    let ports = spec.and_then(|spec| spec.get("ports"));
    let ports_at = ports.map_or(object.at, |ports| ports.at);
    let port = |port: &Value| Port {
        name: port.filled("name").and_then(Value::as_str).map(Into::into),
        number: port.get("port").and_then(Value::as_int).unwrap_or(0),
        target: port.get("targetPort").and_then(|target| Some((target.as_str()?.into(), target.at))),
        at: port.get("name").map_or(port.at, |name| name.at),
    };
    Service {
        selector: labels_of(spec.and_then(|spec| spec.get("selector"))),
        ports: ports.map_or(&[][..], Value::items).iter().map(port).collect(),
        ports_at,
        is_external: spec.is_some_and(|spec| spec.text("type") == "ExternalName"),
        is_seen: value.at_path(&["metadata", "uid"]).is_some(),
        object,
    }
}

fn pod(object: Labeled, value: &Value) -> PodMaker {
    let status = value.get("status");
    let phase = status.and_then(|status| status.filled("phase")).and_then(Value::as_str);
    PodMaker {
        object,
        ports: container_ports(value),
        has_no_replicas: false,
        phase: phase.map(Into::into),
        lacks_address: status.is_some_and(|status| status.filled("podIP").is_none()),
    }
}

/// The ports of the containers of a pod or of a template of pods, also of init containers.
fn container_ports(pod: &Value) -> Vec<Port> {
    let lists = ["containers", "initContainers"];
    let containers = lists.iter().filter_map(|list| pod.at_path(&["spec", list])).flat_map(Value::items);
    let ports = containers.filter_map(|container| container.get("ports")).flat_map(Value::items);
    let port = |port: &Value| Port {
        name: port.filled("name").and_then(Value::as_str).map(Into::into),
        number: match port.get("containerPort").map(|number| &number.data) {
            Some(Data::Int(number)) => *number,
            _ => 0,
        },
        target: None,
        at: port.get("name").map_or(port.at, |name| name.at),
    };
    ports.map(port).collect()
}
