//! The objects of manifests: what is read of each document.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::discovery::KubernetesKind;
use crate::text::{FileId, InnerMap, Location, Span};
use crate::yaml::{LiteralText, Node, NodeKind, Tree};

use super::kind::Kind;
use super::value::{Data, Entry, Value};
use super::version::NamedRelease;
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
    /// Its name; with `*` in the place of the part that the API server makes, as for `generateName`.
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
        let name = if self.name.is_empty() { "(no name)" } else { &self.name };
        write!(f, "{}/{}/{name}", self.kind.name(), self.namespace)
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum StoreKind {
    Secret,
    ConfigMap,
}

/// What objects refer to.
#[derive(Clone, Debug, Default)]
pub(super) struct Stores {
    /// ConfigMaps and Secrets; of a name that several files have, all of them.
    texts: FxHashMap<StoreKey, Vec<Store>>,
    /// The objects of namespaces, by their names.
    namespaces: FxHashMap<String, Value>,
}

impl Stores {
    /// The names of the ConfigMaps and Secrets, with their files.
    pub(super) fn names(&self) -> impl Iterator<Item = (String, FileId)> {
        self.texts.iter().flat_map(|((kind, namespace, name), stores)| {
            stores.iter().map(move |store| (format!("{kind:?}/{namespace}/{name}"), store.value.at.file))
        })
    }

    /// Of each name that several files have, the index of the one that is nearest.
    pub(super) fn nearest<N: Ord>(&self, nearness: &dyn Fn(FileId) -> N) -> FxHashMap<StoreKey, usize> {
        let several = self.texts.iter().filter(|(_, stores)| stores.len() > 1);
        let nearest = |stores: &[Store]| {
            let nearest = stores.iter().enumerate().max_by_key(|(_, store)| nearness(store.value.at.file));
            nearest.map_or(0, |(index, _)| index)
        };
        several.map(|(key, stores)| (key.clone(), nearest(stores))).collect()
    }
}

/// A ConfigMap or Secret as it is written.
#[derive(Clone, Debug)]
struct Store {
    value: Value,
    /// Where each byte of a text is, for the texts in literal blocks, by the places of their values.
    texts: Vec<(Span, InnerMap)>,
}

/// What a ConfigMap or Secret has under a key.
#[derive(Clone, Debug)]
pub(crate) enum StoreText<'o> {
    /// It was not added.
    NoStore,
    /// It has no such key.
    NoKey,
    /// What it has is not a text that can be read, such as one that another tool encrypts.
    Unreadable,
    /// A text, the place of its value, and, if each byte has a place of its own, where each byte is.
    Text { text: Cow<'o, str>, at: Location, places: Option<&'o InnerMap> },
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
    pub(super) stores: Arc<Stores>,
    /// Which one is meant of the ConfigMaps and Secrets that several files have; by default the last.
    pub(super) nearest: FxHashMap<StoreKey, usize>,
    /// How many objects there are for each name that the API server completes.
    pub(super) generated: FxHashMap<ObjectId, usize>,
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

    /// Whether no object of the operator was added.
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

    /// The releases that the servers run, as far as their objects say so.
    ///
    /// ```
    /// use promcfg::Sources;
    /// use promcfg::input::operator::OperatorObjects;
    /// use promcfg::yaml::Tree;
    /// let text = "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec: {version: v2.53.1}\n";
    /// let mut objects = OperatorObjects::default();
    /// objects.add(&Tree::parse(text), Sources::new().add("p.yml", text));
    /// assert_eq!(objects.releases().next().unwrap().1.release.to_string(), "2.53.1");
    /// ```
    pub fn releases(&self) -> impl Iterator<Item = (&ObjectId, NamedRelease)> {
        let servers = self.objects.iter().filter(|object| object.id.kind.is_server());
        servers.filter_map(|server| Some((&server.id, NamedRelease::of(&server.value)?)))
    }

    /// Only these objects, with what they refer to, and without what only a Prometheus knows: their scrape classes.
    pub(crate) fn only(&self, ids: &[ObjectId]) -> Self {
        let wanted: FxHashSet<&ObjectId> = ids.iter().collect();
        let objects = self.objects.iter().filter(|object| wanted.contains(&object.id)).cloned().map(without_class);
        Self {
            objects: objects.collect(),
            stores: Arc::clone(&self.stores),
            nearest: self.nearest.clone(),
            ..Self::default()
        }
    }

    /// A ConfigMap or Secret.
    pub(crate) fn store(&self, kind: StoreKind, namespace: &str, name: &str) -> Option<&Value> {
        Some(&self.found_store(kind, namespace, name)?.value)
    }

    fn found_store(&self, kind: StoreKind, namespace: &str, name: &str) -> Option<&Store> {
        let key = (kind, namespace.to_string(), name.to_string());
        let stores = self.stores.texts.get(&key)?;
        self.nearest.get(&key).and_then(|index| stores.get(*index)).or(stores.last())
    }

    /// The text that a ConfigMap or Secret has under a key.
    pub(crate) fn text(&self, kind: StoreKind, namespace: &str, name: &str, key: &str) -> StoreText<'_> {
        let Some(store) = self.found_store(kind, namespace, name) else { return StoreText::NoStore };
        let entry = |section: &str| store.value.get(section).and_then(|section| section.get(key));
        let place = |value: &Value| store.texts.iter().find(|(at, _)| *at == value.at.span).map(|(_, map)| map);
        match (kind, entry("stringData"), entry("data")) {
            (StoreKind::Secret, Some(text), _) | (StoreKind::ConfigMap, _, Some(text)) => match text.as_str() {
                Some(written) => StoreText::Text { text: written.into(), at: text.at, places: place(text) },
                None => StoreText::Unreadable,
            },
            (StoreKind::Secret, None, Some(encoded)) => match encoded.as_str().and_then(decoded) {
                Some(text) => StoreText::Text { text: text.into(), at: encoded.at, places: None },
                None => StoreText::Unreadable,
            },
            _ => StoreText::NoKey,
        }
    }

    /// The labels of a namespace, if its object was added.
    pub(crate) fn namespace_labels(&self, name: &str) -> Option<&[Entry]> {
        let namespace = self.stores.namespaces.get(name)?;
        Some(namespace.at_path(&["metadata", "labels"]).map_or(&[], Value::entries))
    }

    /// With the objects of others that it does not have itself. Objects of which jobs are made are of use only where one of
    /// its own is a server.
    pub(crate) fn with_others(mut self, mut others: Self) -> Self {
        others.take_replaced();
        let has_server = self.iter().any(|object| object.id.kind.is_server());
        let own: FxHashSet<&ObjectId> = self.ids().collect();
        others.objects.retain(|object| (has_server || object.id.kind.is_server()) && !own.contains(&object.id));
        let stores = Arc::make_mut(&mut others.stores);
        stores.texts.extend(self.stores.texts.iter().map(|(key, store)| (key.clone(), store.clone())));
        stores.namespaces.extend(self.stores.namespaces.iter().map(|(name, value)| (name.clone(), value.clone())));
        self.objects.append(&mut others.objects);
        self.stores = others.stores;
        self
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
        let is_namespace = kind == "Namespace" && version == "v1";
        if own.is_none() && store.is_none() && !is_namespace {
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
            let id = ObjectId { kind, namespace, name };
            let id = self.completed(id, &text("generateName"));
            self.objects.push(Object { id, value });
        } else if let Some(store) = store {
            let texts =
                ["stringData", "data"].into_iter().flat_map(|section| texts_of(node, section, offset)).collect();
            let stores = &mut Arc::make_mut(&mut self.stores).texts;
            stores.entry((store, namespace, name)).or_default().push(Store { value, texts });
        } else {
            Arc::make_mut(&mut self.stores).namespaces.insert(name, value);
        }
    }
}

impl OperatorObjects {
    /// The name of an object that the API server completes: `web-*`, and `web-*2` for the next one.
    fn completed(&mut self, id: ObjectId, beginning: &str) -> ObjectId {
        if !id.name.is_empty() || beginning.is_empty() {
            return id;
        }
        let id = ObjectId { name: format!("{beginning}*"), ..id };
        let count = self.generated.entry(id.clone()).or_default();
        *count += 1;
        if *count == 1 { id } else { ObjectId { name: format!("{beginning}*{count}"), ..id } }
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

/// The places of the bytes of the texts of a section that are written as such, by the places of the values.
fn texts_of(object: Node<'_>, section: &str, offset: usize) -> Vec<(Span, InnerMap)> {
    let entries = member(object, section).into_iter().flat_map(Node::entries);
    let texts = entries.filter_map(|(_, text)| {
        let literal = LiteralText::of(text, offset)?;
        let span = text.full_span();
        Some((Span::new(offset + span.start as usize, offset + span.end as usize), literal.inner_map()))
    });
    texts.collect()
}

/// The text in base64.
fn decoded(encoded: &str) -> Option<String> {
    let encoded: String = encoded.split_ascii_whitespace().collect();
    String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
}

/// The version of the API that an object names; empty if it names none.
pub(crate) fn api_version<'t>(object: Node<'t>) -> &'t str {
    member(object, "apiVersion").map_or("", Node::value)
}

/// A member of an object, of an alias the value; of a repeated key the first one.
pub(crate) fn member<'t>(object: Node<'t>, key: &str) -> Option<Node<'t>> {
    let found = object.entries().find(|(name, _)| name.value() == key).map(|(_, value)| value.resolved());
    found.filter(|value| value.kind() != NodeKind::Alias)
}

/// Whether a mapping is an object of Kubernetes.
pub(crate) fn is_object(node: Node<'_>) -> bool {
    member(node, "apiVersion").is_some()
}

/// The kind of an object that discovery reads, such as a Service or a workload.
pub(crate) fn kind_of_cluster(object: Node<'_>) -> Option<KubernetesKind> {
    let text = |key: &str| member(object, key).map_or("", Node::value);
    KubernetesKind::of(text("apiVersion"), text("kind"))
}

/// The kind and the name of an object, such as `ConfigMap prometheus`; `None` for other mappings.
pub(crate) fn object_in_words(node: Node<'_>) -> Option<String> {
    let kind = member(node, "kind").filter(|_| is_object(node))?.value();
    let name = member(node, "metadata").and_then(|metadata| member(metadata, "name")).map_or("", Node::value);
    Some(format!("{kind} {name}").trim_end().to_string())
}

/// Whether a text may hold an object that decides about monitors, or from which the operator reads a part.
pub(crate) fn may_have_surroundings(text: &str) -> bool {
    ["monitoring.coreos.com/", "Namespace", "Secret", "ConfigMap"].iter().any(|word| text.contains(word))
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
