//! The values that are left in a field when it is decoded again, as merge keys make yaml.v2 do.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::yaml::{Node, NodeId};

use super::super::schema::Field;
use super::flatten::Pair;

/// The content of a section, or of a mapping of free names: what is decoded next is added to it.
#[derive(Default)]
pub(in crate::config) struct Left<'t> {
    /// The fields of the section, in the order they were set.
    pub(super) pairs: Vec<(&'static Field, Pair<'t>)>,
    /// The content of those of its fields that are sections or mappings.
    pub(super) inner: FxHashMap<&'static str, Left<'t>>,
    /// The keys of the mapping, in the order they were set.
    pub(super) keys: Vec<Node<'t>>,
    /// The names that the mapping has, each with its key.
    pub(super) names: FxHashMap<Cow<'t, str>, NodeId>,
}

impl<'t> Left<'t> {
    /// A field of the section as it was set last.
    pub(in crate::config) fn get(&self, key: &str) -> Option<Node<'t>> {
        self.pairs.iter().rev().find(|(field, _)| field.key == key).map(|(_, pair)| pair.value)
    }

    /// The names of the fields that were set.
    pub(in crate::config) fn field_names(&self) -> impl Iterator<Item = &'static str> {
        self.pairs.iter().map(|(field, _)| field.key)
    }

    /// The keys of the mapping.
    pub(in crate::config) fn keys(&self) -> &[Node<'t>] {
        &self.keys
    }
}
