//! Values of objects: texts, whole numbers, truth values, maps of strings.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fields::{MapFields, Read, Seed};
use super::path::{Step, inside, refuse_others, unexpected};

/// A text that labels share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::discovery::kubernetes) struct Text(Arc<str>);

impl Text {
    pub(in crate::discovery::kubernetes) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// Names with texts, by name; of a repeated name the last text counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::discovery::kubernetes) struct StringMap(Vec<(Text, Text)>);

impl StringMap {
    pub(in crate::discovery::kubernetes) fn iter(&self) -> impl Iterator<Item = (&Text, &Text)> {
        self.0.iter().map(|(name, text)| (name, text))
    }

    pub(in crate::discovery::kubernetes) fn len(&self) -> usize {
        self.0.len()
    }

    pub(in crate::discovery::kubernetes) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::discovery::kubernetes) fn get(&self, name: &str) -> Option<&Text> {
        let index = self.0.binary_search_by(|(own, _)| (**own).cmp(name)).ok()?;
        self.0.get(index).map(|(_, text)| text)
    }

    pub(in crate::discovery::kubernetes) fn set(&mut self, name: &str, text: impl Into<Text>) {
        match self.0.binary_search_by(|(own, _)| (**own).cmp(name)) {
            Ok(index) => self.0[index].1 = text.into(),
            Err(index) => self.0.insert(index, (name.into(), text.into())),
        }
    }

    pub(in crate::discovery::kubernetes) fn without(&self, is_left_out: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, _)| !is_left_out(name)).cloned().collect())
    }

    /// Whether every name has the same text in the other map.
    pub(in crate::discovery::kubernetes) fn is_within(&self, other: &Self) -> bool {
        self.iter().all(|(name, text)| other.get(name) == Some(text))
    }
}

impl FromIterator<(Text, Text)> for StringMap {
    fn from_iter<I: IntoIterator<Item = (Text, Text)>>(pairs: I) -> Self {
        let mut pairs: Vec<(Text, Text)> = pairs.into_iter().collect();
        let is_ordered = pairs.windows(2).all(|two| *two[0].0 < *two[1].0);
        if !is_ordered {
            // The last one of a name comes first, and is kept.
            pairs.reverse();
            pairs.sort_by(|one, other| one.0.cmp(&other.0));
            pairs.dedup_by(|later, kept| later.0 == kept.0);
        }
        Self(pairs)
    }
}

impl Read for StringMap {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = StringMap;

            refuse_others!("an object of strings");

            fn visit_unit<E: Error>(self) -> Result<StringMap, E> {
                Ok(StringMap::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StringMap, A::Error> {
                let mut pairs = Vec::new();
                while let Some(name) = map.next_key_seed(Seed::<Text>::new())? {
                    let text = map.next_value_seed(Seed::<Text>::new());
                    let text = text.map_err(|error| inside(error, Step::Key(&name)))?;
                    pairs.push((name, text));
                }
                Ok(pairs.into_iter().collect())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<StringMap, A::Error> {
                Err(unexpected("an object of strings", "a list"))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

/// A value that is one scalar.
trait Scalar: Default {
    const WANTED: &'static str;

    fn of_text(_: &str) -> Option<Self> {
        None
    }

    fn of_whole(_: i64) -> Option<Self> {
        None
    }

    fn of_flag(_: bool) -> Option<Self> {
        None
    }
}

struct ScalarReader<T>(PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for ScalarReader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WANTED)
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        T::of_flag(value).ok_or_else(|| unexpected(T::WANTED, "a truth value"))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::of_whole(value).ok_or_else(|| unexpected(T::WANTED, "a number"))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        let whole = i64::try_from(value).ok().and_then(T::of_whole);
        whole.ok_or_else(|| unexpected(T::WANTED, "a number"))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        Err(unexpected(T::WANTED, "a number"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        T::of_text(value).ok_or_else(|| unexpected(T::WANTED, "a string"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<T, A::Error> {
        Err(unexpected(T::WANTED, "a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<T, A::Error> {
        Err(unexpected(T::WANTED, "an object"))
    }
}

impl Scalar for Text {
    const WANTED: &'static str = "a string";

    fn of_text(text: &str) -> Option<Self> {
        Some(text.into())
    }
}

impl Scalar for i32 {
    const WANTED: &'static str = "a whole number of 32 bits";

    fn of_whole(value: i64) -> Option<Self> {
        value.try_into().ok()
    }
}

impl Scalar for bool {
    const WANTED: &'static str = "a truth value";

    fn of_flag(value: bool) -> Option<Self> {
        Some(value)
    }
}

/// A port by its number or its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::discovery::kubernetes) enum PortReference {
    Number(i32),
    Name(Text),
}

impl Default for PortReference {
    fn default() -> Self {
        Self::Number(0)
    }
}

impl Scalar for PortReference {
    const WANTED: &'static str = "a port's number or name";

    fn of_text(text: &str) -> Option<Self> {
        Some(Self::Name(text.into()))
    }

    fn of_whole(value: i64) -> Option<Self> {
        value.try_into().ok().map(Self::Number)
    }
}

macro_rules! read_scalars {
    ($($type:ty)*) => {$(
        impl Read for $type {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(ScalarReader::<Self>(PhantomData))
            }
        }
    )*};
}

read_scalars!(Text i32 bool PortReference);

/// Whether a value is given, whatever it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::discovery::kubernetes) struct Presence(pub(in crate::discovery::kubernetes) bool);

impl Read for Presence {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(<Option<IgnoredAny> as serde::Deserialize>::deserialize(deserializer)?.is_some()))
    }
}

impl MapFields for Presence {
    fn read_field<'de, A: MapAccess<'de>>(&mut self, _: &str, map: &mut A) -> Result<(), A::Error> {
        self.0 = true;
        map.next_value::<IgnoredAny>().map(drop)
    }
}
