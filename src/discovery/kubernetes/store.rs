//! The objects that discovery sees: the stores of its informers, filtered as the API server filters what it lists.

use rustc_hash::{FxHashMap, FxHashSet};

use super::field_selector::FieldSelector;
use super::fields::Selectable;
use super::label_selector::LabelSelector;
use super::objects::ObjectMeta;
use super::options::{KubernetesOptions, KubernetesRole};

/// The objects of a kind by namespace and name; of several with one name the last one counts.
pub(super) struct Store<'o, T> {
    by_key: FxHashMap<(&'o str, &'o str), &'o T>,
    /// In the order given.
    order: Vec<&'o T>,
}

impl<'o, T> Store<'o, T> {
    /// A store without objects: that of an informer that does not run.
    pub(super) fn empty() -> Self {
        Self { by_key: FxHashMap::default(), order: Vec::new() }
    }

    /// A store of the objects that `keep` keeps.
    pub(super) fn of(
        objects: &'o [T],
        meta: impl Fn(&'o T) -> &'o ObjectMeta,
        mut keep: impl FnMut(&'o T) -> bool,
    ) -> Self {
        let mut store = Self::empty();
        store.by_key.reserve(objects.len());
        store.order.reserve(objects.len());
        for object in objects.iter().filter(|object| keep(object)) {
            store.by_key.insert(meta(object).key(), object);
            store.order.push(object);
        }
        if store.by_key.len() < store.order.len() {
            let by_key = &store.by_key;
            let is_last =
                |object: &'o T| by_key.get(&meta(object).key()).is_some_and(|last| std::ptr::eq(*last, object));
            store.order.retain(|object| is_last(object));
        }
        store
    }

    pub(super) fn get(&self, namespace: &str, name: &str) -> Option<&'o T> {
        self.by_key.get(&(namespace, name)).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'o T> + use<'o, '_, T> {
        self.order.iter().copied()
    }
}

/// The namespaces that discovery watches.
pub(super) enum Namespaces<'n> {
    All,
    These(FxHashSet<&'n str>),
}

impl<'n> Namespaces<'n> {
    /// Those of an item, whose own namespace is that of the server.
    pub(super) fn of(options: &'n KubernetesOptions, own_namespace: Option<&'n str>) -> Self {
        let own = own_namespace.filter(|_| options.own_namespace);
        let names: FxHashSet<&str> = options.namespaces.iter().map(String::as_str).chain(own).collect();
        // An empty name lists all namespaces.
        if names.contains("") || (names.is_empty() && !options.own_namespace) { Self::All } else { Self::These(names) }
    }

    pub(super) fn contain(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(names) => names.contains(name),
        }
    }
}

/// The selectors of one kind of objects.
#[derive(Default)]
pub(super) struct Selection {
    label: LabelSelector,
    field: FieldSelector,
}

impl Selection {
    /// Those that an item has for a kind.
    ///
    /// # Errors
    /// A selector is refused: what Kubernetes says.
    pub(super) fn of(options: &KubernetesOptions, role: KubernetesRole) -> Result<Self, String> {
        let Some(selector) = options.selectors.iter().find(|selector| selector.role == role) else {
            return Ok(Self::default());
        };
        let field = FieldSelector::parse(&selector.field).map_err(|fault| fault.message)?;
        Ok(Self { label: LabelSelector::parse(&selector.label)?, field })
    }

    /// What the API server says of a list with these selectors, if it refuses it.
    pub(super) fn refusal<T: Selectable>(&self) -> Option<String> {
        let unknown = self.field.fields().find(|field| !T::has_field(field))?;
        Some(format!("field label not supported: {unknown}"))
    }

    pub(super) fn keeps<T: Selectable>(&self, object: &T) -> bool {
        self.label.selects(&object.meta().labels) && self.field.selects(|name| object.field(name))
    }
}
