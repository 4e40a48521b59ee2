//! What the API server makes of an object: unknown keys are dropped, nulls too, defaults are filled in, and then the
//! object is stored or refused.
//!
//! `rows/` has a row for every field of the six kinds, `shape` the parts of a row. `settle` changes an object to what
//! would be stored, `validate` and `metadata` say why it is not; `checks` are those across fields. `advice` says of a
//! dropped key what it should have been. Everything is linear in the object, and what is listed is bounded.
//!
//! Source: the CRDs of prometheus-operator v0.93.0; for the order of the steps, apiextensions-apiserver. What the CRDs say
//! of the pods of a server (containers, volumes, affinity and the like) is not in the rows: any object passes there.

mod advice;
mod checks;
mod field_names;
mod field_path;
mod help;
mod metadata;
mod path;
mod pattern;
mod places;
mod record;
mod rows;
mod settle;
mod shape;
#[cfg(test)]
mod tests;
mod unique;
mod validate;

pub use advice::{Advice, KeyFault};
pub(crate) use field_names::{FieldOwner, no_targets, plain};
pub(crate) use field_path::ObjectPath;

use super::kind::Kind;
use super::value::Value;
use crate::text::{Location, go_quote};

use self::advice::Scope;
use self::path::Path;
use self::record::Record;
use self::shape::Shape;

/// An object as it would be stored, and what the API server says of it.
#[derive(Debug)]
pub(crate) struct Admitted {
    /// The object: pruned, without nulls, with defaults.
    pub(crate) value: Value,
    /// The keys that are dropped without a word, in the order of the text.
    pub(crate) pruned: Vec<Pruned>,
    /// Why it is refused, if it is.
    pub(crate) errors: Vec<SchemaError>,
    /// How many dropped keys and errors are not listed, of an object with very many.
    pub(crate) unlisted: usize,
}

/// A key that is dropped.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pruned {
    /// Where it is in the object, such as `spec.endpoints[0].relabelings[1].target_label`.
    pub(crate) path: String,
    /// The place of the key.
    pub(crate) at: Location,
    /// The field of the same object that was meant.
    pub(crate) near: Option<&'static str>,
    /// Why it is unknown; of the first keys of an object.
    pub(crate) advice: Option<Advice>,
}

/// Why an object is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaError {
    /// Where it is in the object.
    pub(crate) path: String,
    /// What the API server says, without the path.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: Option<String>,
    /// The place of the value; of a missing one, the place of the name of the object that it should be in.
    pub(crate) at: Location,
}

impl std::fmt::Display for SchemaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// What the API server makes of an object.
pub(crate) fn admit(kind: Kind, object: Value) -> Admitted {
    let mut value = object;
    let mut record = Record::new();
    let shape = Shape::Object(rows::of(kind));
    settle::settle(&mut value, shape, &Path::Root, &Scope::outside(kind), &mut record);
    check_version(kind, &value, &mut record);
    validate::validate(&value, shape, &Path::Root, None, &mut record);
    metadata::check(&value, &mut record);
    Admitted { value, pruned: record.pruned, errors: record.errors, unlisted: record.unlisted }
}

/// Each kind is served in one version.
fn check_version(kind: Kind, object: &Value, record: &mut Record) {
    let version = object.filled("apiVersion").and_then(|version| Some((version, version.as_str()?)));
    if let Some((version, text)) = version.filter(|(_, text)| *text != kind.api_version()) {
        let message = || format!("no matches for kind {} in version {}", go_quote(kind.name()), go_quote(text));
        record.error(&Path::Root.key("apiVersion"), version.at, message);
    }
}
