//! The objects of manifests: what is read of each document.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::text::{FileId, Location, Span};
use crate::yaml::{Node, NodeKind, Tree};

use super::kind::Kind;
use super::value::{Data, Value};
use crate::input::objects::each_document;

/// The name of an object: its kind, namespace and name.
///
/// ```
/// use promcfg::input::operator::{Kind, ObjectId};
/// let id = ObjectId::new(Kind::ServiceMonitor, "shop", "cart");
/// assert_eq!(id.to_string(), "ServiceMonitor/shop/cart");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// Its kind.
    pub kind: Kind,
    /// Its namespace; `default` if it names none.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl ObjectId {
    /// The name of an object.
    #[must_use]
    pub fn new(kind: Kind, namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind, namespace: namespace.into(), name: name.into() }
    }
}

impl std::fmt::Display for ObjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.kind.name(), self.namespace, self.name)
    }
}

/// An object as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) id: ObjectId,
    pub(crate) value: Value,
}

/// A ConfigMap or Secret, by its kind, namespace and name.
pub(super) type StoreKey = (StoreKind, String, String);

/// What a reference to a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum StoreKind {
    Secret,
    ConfigMap,
}

/// The objects of the operator in manifests, and the ConfigMaps and Secrets that they can refer to.
///
/// ```
/// use promcfg::Sources;
/// use promcfg::input::operator::OperatorObjects;
/// use promcfg::yaml::Tree;
/// let text = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: web}\nspec: {selector: {}}\n";
/// let mut objects = OperatorObjects::default();
/// objects.add(&Tree::parse(text), Sources::new().add("web.yml", text));
/// assert_eq!(objects.ids().map(ToString::to_string).collect::<Vec<_>>(), ["PodMonitor/default/web"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct OperatorObjects {
    pub(crate) objects: Vec<Object>,
    pub(super) stores: Arc<FxHashMap<StoreKey, Value>>,
    pub(super) unreadable: Vec<(Location, String)>,
}

impl OperatorObjects {
    /// Adds the objects of all documents of a text, also those in lists; other objects are skipped.
    pub fn add(&mut self, tree: &Tree, file: FileId) {
        each_document(tree, &mut |document, offset| {
            if document.fault().is_none()
                && let Some(root) = document.root()
            {
                self.add_object(root, file, offset);
            }
        });
    }

    /// The names of the objects, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = &ObjectId> {
        self.objects.iter().map(|object| &object.id)
    }

    /// Whether there is no object of the operator.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The objects of which the values cannot be read: their places, and why.
    #[must_use]
    pub fn unreadable(&self) -> &[(Location, String)] {
        &self.unreadable
    }

    /// The objects.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter()
    }

    /// The object of that name.
    pub(crate) fn object(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.iter().find(|object| object.id == *id)
    }

    /// Only these objects, with what they refer to, and without what only a Prometheus knows: their scrape classes.
    pub(crate) fn only(&self, ids: &[ObjectId]) -> Self {
        let wanted: FxHashSet<&ObjectId> = ids.iter().collect();
        let objects = self.objects.iter().filter(|object| wanted.contains(&object.id)).cloned().map(without_class);
        Self { objects: objects.collect(), stores: Arc::clone(&self.stores), unreadable: Vec::new() }
    }

    /// A ConfigMap or Secret.
    pub(crate) fn store(&self, kind: StoreKind, namespace: &str, name: &str) -> Option<&Value> {
        self.stores.get(&(kind, namespace.to_string(), name.to_string()))
    }

    fn add_object(&mut self, node: Node<'_>, file: FileId, offset: usize) {
        let kind = member(node, "kind").map_or("", Node::value);
        if (kind == "List" || kind.ends_with("List"))
            && let Some(items) = member(node, "items")
        {
            items.items().for_each(|item| self.add_object(item.resolved(), file, offset));
            return;
        }
        let version = member(node, "apiVersion").map_or("", Node::value);
        let store = match kind {
            "Secret" => Some(StoreKind::Secret),
            "ConfigMap" => Some(StoreKind::ConfigMap),
            _ => None,
        };
        let own = Kind::of(version, kind);
        if own.is_none() && store.is_none() {
            return;
        }
        let value = match Value::of_node(node, file, offset) {
            Ok(value) => value,
            Err((span, why)) => {
                self.unreadable.push((Location::new(file, span), why));
                return;
            }
        };
        let metadata = value.get("metadata");
        let text = |key: &str| metadata.map_or("", |metadata| metadata.text(key)).to_string();
        let namespace =
            Some(text("namespace")).filter(|text| !text.is_empty()).unwrap_or_else(|| "default".to_string());
        let name = text("name");
        if let Some(kind) = own {
            self.objects.push(Object { id: ObjectId { kind, namespace, name }, value });
        } else if let Some(store) = store {
            Arc::make_mut(&mut self.stores).insert((store, namespace, name), value);
        }
    }
}

/// The object without the name of its scrape class.
pub(super) fn without_class(mut object: Object) -> Object {
    if let Data::Map(entries) = &mut object.value.data {
        for entry in entries.iter_mut().filter(|entry| entry.key == "spec") {
            if let Data::Map(entries) = &mut entry.value.data {
                entries.retain(|entry| entry.key != "scrapeClass");
            }
        }
    }
    object
}

fn member<'t>(object: Node<'t>, key: &str) -> Option<Node<'t>> {
    let found = object.entries().find(|(name, _)| name.value() == key).map(|(_, value)| value.resolved());
    found.filter(|value| value.kind() != NodeKind::Alias)
}

/// The place of an object's name, or its start.
pub(crate) fn place_of_object(object: &Object) -> Location {
    place_of(&object.value)
}

/// The place of an object's name, or its start.
pub(crate) fn place_of(value: &Value) -> Location {
    let name = value.at_path(&["metadata", "name"]);
    name.map_or_else(|| Location::new(value.at.file, Span::empty(value.at.span.start as usize)), |name| name.at)
}
