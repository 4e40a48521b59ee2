//! Objects of other programs, read from JSON as Go's `encoding/json` reads them: null is as absent, names of fields
//! agree in any case, the last of repeated fields counts, fields that nobody asks for are skipped. A value of a wrong
//! type is an error with its path and the name of the object it is in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// Divides the path from the message, in errors that are on their way.
const DIVIDER: char = '\u{1f}';

/// A text that is not what it should be: not JSON, or with a value of a wrong type.
///
/// ```
/// use promcfg::discovery::Dumps;
/// let text = r#"[{"Id": "7", "Names": ["/web"], "Image": "nginx", "Ports": [{"PrivatePort": "80"}]}]"#;
/// let error = Dumps::default().add("containers.json", text).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "containers.json:1: object \"/web\": expected a number for `[0].Ports[0].PrivatePort`, found a string",
/// );
/// assert_eq!((error.line(), error.path()), (1, "[0].Ports[0].PrivatePort"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpError {
    source: String,
    line: usize,
    path: String,
    object: String,
    message: String,
}

impl DumpError {
    /// An error about a whole text.
    pub(super) fn new(message: impl Into<String>) -> Self {
        let (source, path, object) = (String::new(), String::new(), String::new());
        Self { source, line: 0, path, object, message: message.into() }
    }

    /// The line where it is, from 1; 0 if it is not known.
    pub(super) fn at_line(self, line: usize) -> Self {
        Self { line, ..self }
    }

    /// The error of an item that was read alone, as the only one of a list: `index` is its place in its list, `lines` how
    /// many lines are before it.
    pub(super) fn of_item(self, index: usize, lines: usize) -> Self {
        let place = format!("[{index}]");
        let path = self.path.strip_prefix("[0]").map_or(self.path.clone(), |rest| format!("{place}{rest}"));
        let message = self.message.replacen("`[0]", &format!("`{place}"), 1);
        Self { line: self.line + lines, path, message, ..self }
    }

    /// What the text is called.
    pub(super) fn of_source(self, source: &str) -> Self {
        Self { source: source.to_string(), ..self }
    }

    /// The line of the text, from 1; 0 where the error is about all of it.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The path to the value, such as `[0].Ports[0].PrivatePort`; empty where the error is about the text.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    fn of_json(text: &str, error: &serde_json::Error) -> Self {
        let line = error.line();
        let shown = error.to_string();
        let (path, message) = shown.split_once(DIVIDER).unwrap_or(("", &shown));
        let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
        let path = path.strip_prefix('.').unwrap_or(path);
        if !error.is_data() {
            return Self { line, ..Self::new(format!("invalid JSON: {message}")) };
        }
        let (expected, found) = message.split_once(", found ").unwrap_or((message, ""));
        let message = match (path, found) {
            (_, "") => message.to_string(),
            ("", _) => format!("{expected}, found {found}"),
            (path, _) => format!("{expected} for `{path}`, found {found}"),
        };
        let object = name_on_path(text, path).unwrap_or_default();
        Self { line, path: path.to_string(), object, ..Self::new(message) }
    }
}

impl fmt::Display for DumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.source.is_empty(), self.line) {
            (false, 0) => write!(f, "{}: ", self.source)?,
            (false, line) => write!(f, "{}:{line}: ", self.source)?,
            (true, 0) => {}
            (true, line) => write!(f, "line {line}: ")?,
        }
        if !self.object.is_empty() {
            write!(f, "object {:?}: ", self.object)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for DumpError {}

/// The name of the object that a path leads to or through. Only asked for when there is an error to report.
fn name_on_path(text: &str, path: &str) -> Option<String> {
    let whole: Value = serde_json::from_str(text).ok()?;
    let mut value = &whole;
    let mut rest = path;
    loop {
        if let Some(name) = own_name(value) {
            return Some(name);
        }
        let end = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '.' | '[')).map_or(rest.len(), |(at, _)| at);
        let (step, after) = rest.split_at(end);
        value = match step.strip_prefix('[').and_then(|step| step.strip_suffix(']')) {
            Some(index) => value.get(index.parse::<usize>().ok()?)?,
            None => member(value, step.trim_start_matches('.'))?,
        };
        rest = after;
    }
}

fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let members = value.as_object()?;
    members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn own_name(value: &Value) -> Option<String> {
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_string);
    let named = |name: &str| {
        let value = member(value, name)?;
        text(value).or_else(|| text(value.get(0)?))
    };
    ["Name", "Names", "InstanceId", "ZoneName"]
        .into_iter()
        .find_map(named)
        .or_else(|| {
            let nested = ["Spec", "Service"].into_iter().filter_map(|name| member(value, name));
            nested.filter_map(|inner| member(inner, "Name").or_else(|| member(inner, "ID"))).find_map(text)
        })
        .or_else(|| named("ID"))
}

/// A value that is read from any form that serde knows.
pub(super) trait Read<'de>: Sized + Default {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Reads a whole text.
pub(super) fn read<'de, T: Read<'de>>(text: &'de str) -> Result<T, DumpError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = T::read(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    read.map_err(|error| DumpError::of_json(text, &error))
}

/// An object with fields of given names.
pub(super) trait Object: Default {
    /// Reads the value of a field, if the object has one of that name.
    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, access: &mut A) -> Result<bool, A::Error>;
}

/// Reads a value into a field; null leaves it as it is.
pub(super) fn field<'de, T: Read<'de>, A: MapAccess<'de>>(
    key: &str,
    access: &mut A,
    slot: &mut T,
) -> Result<(), A::Error> {
    match access.next_value_seed(Seed::<Option<T>>(PhantomData)) {
        Ok(Some(value)) => *slot = value,
        Ok(None) => {}
        Err(error) => return Err(within(&format!(".{key}"), &error)),
    }
    Ok(())
}

/// An error with one more step before its path.
fn within<E: Error>(step: &str, error: &E) -> E {
    let error = error.to_string();
    let divider = if error.contains(DIVIDER) { "" } else { "\u{1f}" };
    E::custom(format!("{step}{divider}{error}"))
}

struct Seed<T>(PhantomData<T>);

impl<'de, T: Read<'de>> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// Defines structs that are read from objects: each field with its name in the object.
macro_rules! objects {
    ($($(#[$meta:meta])* struct $name:ident { $($field:ident: $type:ty = $key:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub(super) struct $name { $(pub(super) $field: $type,)* }

        impl $crate::discovery::json::Object for $name {
            fn set<'de, A: serde::de::MapAccess<'de>>(&mut self, key: &str, access: &mut A) -> Result<bool, A::Error> {
                let _ = (key, &access);
                $(if key.eq_ignore_ascii_case($key) {
                    $crate::discovery::json::field($key, access, &mut self.$field)?;
                    return Ok(true);
                })*
                Ok(false)
            }
        }

        impl<'de> $crate::discovery::json::Read<'de> for $name {
            fn read<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::discovery::json::read_object(deserializer)
            }
        }
    )*};
}
pub(super) use objects;

pub(super) fn read_object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

/// A name of a field, not copied where it is in the text as it is read.
#[derive(Deserialize)]
pub(super) struct Key<'k>(#[serde(borrow)] pub(super) Cow<'k, str>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<T, A::Error> {
        let mut object = T::default();
        while let Some(Key(key)) = access.next_key()? {
            if !object.set(&key, &mut access)? {
                access.next_value::<IgnoredAny>()?;
            }
        }
        Ok(object)
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<T, A::Error> {
        Err(mismatch("an object", "a list"))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<T, E> {
        Err(mismatch("an object", "a string"))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<T, E> {
        Err(mismatch("an object", "a boolean"))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<T, E> {
        Err(mismatch("an object", "a number"))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<T, E> {
        Err(mismatch("an object", "a number"))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        Err(mismatch("an object", "a number"))
    }
}

/// Values are not shown: one in a wrong place can be a secret.
pub(super) fn mismatch<E: Error>(expected: &str, found: &str) -> E {
    E::custom(format_args!("expected {expected}, found {found}"))
}

/// A string, a number or a boolean.
pub(super) trait Scalar: Default {
    const EXPECTED: &'static str;

    fn of_text(_: &str) -> Option<Self> {
        None
    }

    fn of_integer(_: i128) -> Option<Self> {
        None
    }

    fn of_flag(_: bool) -> Option<Self> {
        None
    }

    /// What a text is that is none of them.
    fn other_text() -> &'static str {
        "a string"
    }

    /// What a number is that is none of them.
    fn other_number() -> &'static str {
        "a number"
    }
}

impl Scalar for String {
    const EXPECTED: &'static str = "a string";

    fn of_text(text: &str) -> Option<Self> {
        Some(text.to_string())
    }
}

impl Scalar for bool {
    const EXPECTED: &'static str = "a boolean";

    fn of_flag(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Scalar for $type {
            const EXPECTED: &'static str = "a number";

            fn of_integer(number: i128) -> Option<Self> {
                number.try_into().ok()
            }

            fn other_number() -> &'static str {
                "one out of range"
            }
        }
    )*};
}
integers! { u16 u32 i32 i64 }

struct ScalarVisitor<T>(PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::of_text(text).ok_or_else(|| mismatch(T::EXPECTED, T::other_text()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        T::of_integer(number.into()).ok_or_else(|| mismatch(T::EXPECTED, T::other_number()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        T::of_integer(number.into()).ok_or_else(|| mismatch(T::EXPECTED, T::other_number()))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        Err(mismatch(T::EXPECTED, "a fraction"))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<T, E> {
        T::of_flag(flag).ok_or_else(|| mismatch(T::EXPECTED, "a boolean"))
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<T, A::Error> {
        Err(mismatch(T::EXPECTED, "a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<T, A::Error> {
        Err(mismatch(T::EXPECTED, "an object"))
    }
}

impl<'de, T: Scalar> Read<'de> for T {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor(PhantomData))
    }
}

struct OptionVisitor<T>(PhantomData<T>);

impl<'de, T: Read<'de>> Visitor<'de> for OptionVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
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

impl<'de, T: Read<'de>> Read<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(OptionVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Read<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        loop {
            match access.next_element_seed(Seed(PhantomData)) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(items),
                Err(error) => return Err(within(&format!("[{}]", items.len()), &error)),
            }
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Vec<T>, A::Error> {
        Err(mismatch("a list", "an object"))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Vec<T>, E> {
        Err(mismatch("a list", "a string"))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Vec<T>, E> {
        Err(mismatch("a list", "a boolean"))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Vec<T>, E> {
        Err(mismatch("a list", "a number"))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Vec<T>, E> {
        Err(mismatch("a list", "a number"))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Vec<T>, E> {
        Err(mismatch("a list", "a number"))
    }
}

impl<'de, T: Read<'de>> Read<'de> for Vec<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

/// An object of free names; null is an empty value.
pub(super) type Map<T> = BTreeMap<String, T>;

impl<T> Object for Map<T>
where
    T: for<'any> Read<'any>,
{
    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, access: &mut A) -> Result<bool, A::Error> {
        let mut value = T::default();
        field(key, access, &mut value)?;
        self.insert(key.to_string(), value);
        Ok(true)
    }
}

impl<'de, T> Read<'de> for Map<T>
where
    T: for<'any> Read<'any>,
{
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_object(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    objects! {
        struct Thing {
            name: String = "Name",
            port: u16 = "Port",
            labels: Map<String> = "Labels",
            inner: Option<Inner> = "Inner",
            parts: Vec<Inner> = "Parts",
        }
        struct Inner {
            on: bool = "On",
        }
    }

    fn thing(text: &str) -> Result<Thing, String> {
        read(text).map_err(|error| error.to_string())
    }

    #[test]
    fn null_is_as_absent_everywhere() {
        let text = r#"{"Name": null, "Port": null, "Labels": null, "Inner": null, "Parts": null}"#;
        assert_eq!(thing(text), Ok(Thing::default()));
        assert_eq!(thing("null"), Ok(Thing::default()));
        assert_eq!(read::<Vec<Thing>>("null"), Ok(Vec::new()));
        assert_eq!(read::<Vec<Thing>>("[null]"), Ok(vec![Thing::default()]));
        let labels = thing(r#"{"Labels": {"a": null}}"#).unwrap().labels;
        assert_eq!(labels.get("a").map(String::as_str), Some(""));
    }

    #[test]
    fn names_agree_in_any_case_and_the_last_one_counts() {
        let read =
            thing(r#"{"NAME": "a", "name": "b", "Labels": {"x": "1", "x": "2"}, "Other": {"Name": 7}}"#).unwrap();
        assert_eq!((read.name.as_str(), read.labels["x"].as_str()), ("b", "2"));
    }

    #[test]
    fn a_wrong_type_is_an_error_with_its_path_and_the_name_of_the_object() {
        let message = |text: &str| thing(text).unwrap_err();
        assert_eq!(
            message(r#"{"Port": "80", "Name": "web"}"#),
            "line 1: object \"web\": expected a number for `Port`, found a string",
        );
        assert_eq!(message(r#"{"Port": 80.5}"#), "line 1: expected a number for `Port`, found a fraction");
        assert_eq!(message(r#"{"Port": 65536}"#), "line 1: expected a number for `Port`, found one out of range");
        assert_eq!(
            message("{\n\"Labels\": {\"a.b\": 1}}"),
            "line 2: expected a string for `Labels.a.b`, found a number"
        );
        assert_eq!(
            message(r#"{"Parts": [{}, {"On": {}}]}"#),
            "line 1: expected a boolean for `Parts[1].On`, found an object",
        );
        assert_eq!(message(r#"{"Inner": []}"#), "line 1: expected an object for `Inner`, found a list");
        assert_eq!(message("7"), "line 1: expected an object, found a number");
        assert_eq!(message("{"), "line 1: invalid JSON: EOF while parsing an object");
        assert_eq!(message("{} {}"), "line 1: invalid JSON: trailing characters");
    }

    #[test]
    fn values_are_not_shown() {
        let text = r#"{"Port": "hunter2", "Labels": "hunter2", "Parts": "hunter2"}"#;
        assert!(!thing(text).unwrap_err().contains("hunter2"));
    }

    #[test]
    fn deep_nesting_in_a_field_that_is_not_read_is_skipped() {
        let nested =
            |depth: usize| format!("{{\"Other\": {}{}, \"Name\": \"a\"}}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(thing(&nested(100_000)).unwrap().name, "a");
    }
}
