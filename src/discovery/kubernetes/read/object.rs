//! One object, or a list of objects, read field by field: the kind decides which fields are held.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::super::objects::{KubernetesKind, KubernetesObject, KubernetesObjects, ObjectMeta};
use super::super::values::{KeySeed, Text, next_value, of_object, refuse_others, refused, unexpected};

/// The fields that objects have besides `metadata`, as far as they are read.
const FIELDS: [&str; 6] = ["spec", "status", "subsets", "endpoints", "ports", "addressType"];

/// The kind that an object has, or that the items of a list have.
#[derive(Clone, Debug, Default)]
struct Head {
    api_version: Text,
    kind: Text,
}

impl Head {
    /// What the items are of which this is the head of the list.
    fn of_items(&self) -> Self {
        let kind = self.kind.strip_suffix("List").unwrap_or("");
        Self {
            api_version: if kind.is_empty() { Text::default() } else { self.api_version.clone() },
            kind: kind.into(),
        }
    }

    fn is_list(&self) -> bool {
        self.kind.ends_with("List")
    }
}

/// Reads a value into the objects: an object, a list of them, or null, which is nothing.
pub(super) struct ObjectSeed<'s> {
    into: &'s mut KubernetesObjects,
    /// What the object is if it does not say so.
    default: Head,
    order: Order,
    /// In how many lists it is.
    depth: usize,
}

/// How deep lists may be in lists: kubectl prints one.
const MOST_LISTS: usize = 16;

/// In which order the entries of an object come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The kind comes first, if there is one.
    KindFirst,
    /// Any order, in JSON.
    AnyInJson,
}

impl<'s> ObjectSeed<'s> {
    pub(super) fn new(into: &'s mut KubernetesObjects, order: Order) -> Self {
        Self { into, default: Head::default(), order, depth: 0 }
    }
}

/// An object whose kind is not known yet: the list that it is in says it after its items. Its fields are parts of the
/// text, not copies.
pub(super) struct Unkinded<'de> {
    meta: ObjectMeta,
    fields: Vec<(&'static str, &'de RawValue)>,
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = Option<Unkinded<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
    type Value = Option<Unkinded<'de>>;

    refuse_others!("an object");

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        for item in
            (ItemsReader { into: &mut *self.into, default: &self.default, order: self.order, depth: self.depth })
                .read(list)?
        {
            item.finish(&self.default, self.into)?;
        }
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut reader = ObjectReader {
            into: self.into,
            head: self.default,
            order: self.order,
            depth: self.depth,
            meta: ObjectMeta::default(),
            object: None,
            fields: Vec::new(),
            items: Vec::new(),
            is_list: false,
        };
        while let Some(key) = map.next_key_seed(KeySeed)? {
            if let Err(error) = reader.read_entry(&key, &mut map) {
                return Err(of_object(error, &reader.name()));
            }
        }
        reader.finish()
    }
}

struct ObjectReader<'s, 'de> {
    into: &'s mut KubernetesObjects,
    head: Head,
    order: Order,
    depth: usize,
    meta: ObjectMeta,
    /// The object, since its kind is known.
    object: Option<KubernetesObject>,
    /// The fields that came before the kind.
    fields: Vec<(&'static str, &'de RawValue)>,
    /// The items that came before the kind of the list.
    items: Vec<Unkinded<'de>>,
    is_list: bool,
}

impl<'de> ObjectReader<'_, 'de> {
    fn kind(&self) -> Option<KubernetesKind> {
        KubernetesKind::of(&self.head.api_version, &self.head.kind)
    }

    /// Whether nothing of the object is needed.
    fn is_skipped(&self) -> bool {
        !self.head.kind.is_empty() && self.kind().is_none() && !self.head.is_list()
    }

    fn read_entry<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "apiVersion" => self.head.api_version = next_value(key, map)?,
            "kind" => self.head.kind = next_value(key, map)?,
            _ if self.is_skipped() => drop(map.next_value::<IgnoredAny>()?),
            "metadata" => self.meta = next_value(key, map)?,
            "items" if self.object.is_none() && self.kind().is_none() => {
                self.is_list = true;
                let default = self.head.of_items();
                let items = map.next_value_seed(ItemsReader {
                    into: &mut *self.into,
                    default: &default,
                    order: self.order,
                    depth: self.depth,
                })?;
                self.items.extend(items);
            }
            _ => self.read_field(key, map)?,
        }
        Ok(())
    }

    fn read_field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if self.object.is_none() {
            self.object = self.kind().map(KubernetesObject::new);
        }
        match (&mut self.object, FIELDS.iter().find(|field| **field == key)) {
            (Some(object), _) => object.read_field(key, map)?,
            (None, Some(field)) if self.head.kind.is_empty() && self.order == Order::AnyInJson => {
                self.fields.push((field, map.next_value()?));
            }
            (None, _) => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }

    /// Such as `Pod shop/cart`.
    fn name(&self) -> String {
        let kind = if self.head.kind.is_empty() { "object" } else { &self.head.kind };
        match (&*self.meta.namespace, &*self.meta.name) {
            (_, "") => kind.to_string(),
            ("", name) => format!("{kind} {name}"),
            (namespace, name) => format!("{kind} {namespace}/{name}"),
        }
    }

    fn finish<E: Error>(mut self) -> Result<Option<Unkinded<'de>>, E> {
        if self.is_list {
            let head = self.head.of_items();
            for item in std::mem::take(&mut self.items) {
                item.finish(&head, self.into)?;
            }
            return Ok(None);
        }
        let unkinded = Unkinded { meta: self.meta, fields: self.fields };
        match (self.object, KubernetesKind::of(&self.head.api_version, &self.head.kind)) {
            // Fields before the kind, and after it.
            (Some(mut object), Some(kind)) if object.kind() == kind => {
                unkinded.fill(&mut object)?;
                self.into.push(object);
            }
            (_, Some(kind)) => {
                let mut object = KubernetesObject::new(kind);
                unkinded.fill(&mut object)?;
                self.into.push(object);
            }
            (_, None) if self.head.kind.is_empty() => return Ok(Some(unkinded)),
            (_, None) => self.into.skip(&self.head.kind),
        }
        Ok(None)
    }
}

impl Unkinded<'_> {
    /// An object that never says what it is.
    pub(super) fn skip(self, into: &mut KubernetesObjects) {
        into.skip("");
    }

    /// The object, when the head of its list is known.
    fn finish<E: Error>(self, head: &Head, into: &mut KubernetesObjects) -> Result<(), E> {
        match KubernetesKind::of(&head.api_version, &head.kind) {
            Some(kind) if !head.kind.is_empty() => {
                let mut object = KubernetesObject::new(kind);
                self.fill(&mut object)?;
                into.push(object);
            }
            _ => into.skip(&head.kind),
        }
        Ok(())
    }

    fn fill<E: Error>(self, object: &mut KubernetesObject) -> Result<(), E> {
        *object.meta_mut() = self.meta;
        for (key, raw) in self.fields {
            object.read_field(key, &mut OneEntry { key, raw }).map_err(|error| E::custom(error))?;
        }
        Ok(())
    }
}

/// An entry whose value is a part of the text.
struct OneEntry<'de> {
    key: &'static str,
    raw: &'de RawValue,
}

impl<'de> MapAccess<'de> for OneEntry<'de> {
    type Error = serde_json::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Self::Error> {
        seed.deserialize(self.key.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Self::Error> {
        seed.deserialize(&mut serde_json::Deserializer::from_str(self.raw.get()))
    }
}

/// Reads the items of a list. The objects without a kind are left for the end of the list.
struct ItemsReader<'s, 'h> {
    into: &'s mut KubernetesObjects,
    default: &'h Head,
    order: Order,
    depth: usize,
}

impl ItemsReader<'_, '_> {
    fn read<'de, A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Unkinded<'de>>, A::Error> {
        if self.depth >= MOST_LISTS {
            return Err(refused("lists are nested too deep"));
        }
        let mut unkinded = Vec::new();
        loop {
            let seed = ObjectSeed {
                into: &mut *self.into,
                default: self.default.clone(),
                order: self.order,
                depth: self.depth + 1,
            };
            match list.next_element_seed(seed)? {
                Some(item) => unkinded.extend(item),
                None => return Ok(unkinded),
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for ItemsReader<'_, '_> {
    type Value = Vec<Unkinded<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ItemsReader<'_, '_> {
    type Value = Vec<Unkinded<'de>>;

    refuse_others!("a list");

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        self.read(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Err(unexpected("a list", "an object"))
    }
}
