//! Objects with fields, lists, and optional values.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::path::{Step, inside, refuse_others, unexpected};

/// A value of an object; null reads as the default.
pub(in crate::discovery::kubernetes) trait Read: Sized + Default {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// A value with fields, one of which can be read at a time.
pub(in crate::discovery::kubernetes) trait MapFields: Default {
    /// Reads the value of the next entry of `map` into the field `key`, or skips it.
    fn read_field<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// A struct with the names that its fields have in JSON. Other fields are skipped, so that nothing of them is held.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($key:literal => $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(in crate::discovery::kubernetes) struct $name {
            $(pub(in crate::discovery::kubernetes) $field: $type,)*
        }

        impl $crate::discovery::kubernetes::values::MapFields for $name {
            fn read_field<'de, A: serde::de::MapAccess<'de>>(
                &mut self,
                key: &str,
                map: &mut A,
            ) -> Result<(), A::Error> {
                match key {
                    $($key => self.$field = $crate::discovery::kubernetes::values::next_value(key, map)?,)*
                    _ => drop(map.next_value::<serde::de::IgnoredAny>()?),
                }
                Ok(())
            }
        }

        impl $crate::discovery::kubernetes::values::Read for $name {
            fn read<'de, D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::discovery::kubernetes::values::read_fields(deserializer)
            }
        }
    };
}
pub(in crate::discovery::kubernetes) use record;

/// The value of the next entry, which has that key.
pub(in crate::discovery::kubernetes) fn next_value<'de, T: Read, A: MapAccess<'de>>(
    key: &str,
    map: &mut A,
) -> Result<T, A::Error> {
    map.next_value_seed(Seed::new()).map_err(|error| inside(error, Step::Key(key)))
}

/// Reads an object field by field.
pub(in crate::discovery::kubernetes) fn read_fields<'de, T: MapFields, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Reader<T>(PhantomData<T>);

    impl<'de, T: MapFields> Visitor<'de> for Reader<T> {
        type Value = T;

        refuse_others!("an object");

        fn visit_unit<E: Error>(self) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
            let mut value = T::default();
            while let Some(key) = map.next_key_seed(KeySeed)? {
                value.read_field(&key, &mut map)?;
            }
            Ok(value)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<T, A::Error> {
            Err(unexpected("an object", "a list"))
        }
    }

    deserializer.deserialize_any(Reader(PhantomData))
}

/// Reads a value by its own trait.
pub(in crate::discovery::kubernetes) struct Seed<T>(PhantomData<T>);

impl<T> Seed<T> {
    pub(in crate::discovery::kubernetes) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Read> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// Reads a key, without a copy where it is in the text as it is read.
pub(in crate::discovery::kubernetes) struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(key.to_string()))
    }
}

impl<T: Read> Read for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<'de, T: Read> Visitor<'de> for Reader<T> {
            type Value = Vec<T>;

            refuse_others!("a list");

            fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
                let mut items = Vec::new();
                loop {
                    let item = list.next_element_seed(Seed::new());
                    match item.map_err(|error| inside(error, Step::Index(items.len())))? {
                        Some(item) => items.push(item),
                        None => break,
                    }
                }
                items.shrink_to_fit();
                Ok(items)
            }

            fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Vec<T>, A::Error> {
                Err(unexpected("a list", "an object"))
            }
        }

        deserializer.deserialize_any(Reader(PhantomData))
    }
}

impl<T: Read> Read for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);

        impl<'de, T: Read> Visitor<'de> for Reader<T> {
            type Value = Option<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
                Ok(None)
            }

            fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
                Ok(None)
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
                T::read(deserializer).map(Some)
            }
        }

        deserializer.deserialize_option(Reader(PhantomData))
    }
}
