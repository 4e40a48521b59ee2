//! Objects in YAML documents: a deserializer over the tree, with the scalars as sigs.k8s.io/yaml turns them into JSON.

use std::borrow::Cow;
use std::cell::Cell;

use serde::de::value::Error;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::text::LineIndex;
use crate::yaml::{Node, NodeKind, PlainValue, Tree};

use super::super::objects::KubernetesObjects;
use super::super::values::{refused, without_mark};
use super::ObjectError;
use super::object::{ObjectSeed, Order};

/// Reads each document. Of a document with an error nothing is used.
pub(super) fn read(text: &str) -> (KubernetesObjects, Vec<ObjectError>) {
    let mut all = KubernetesObjects::default();
    let mut errors = Vec::new();
    let mut lines = LazyLines { text, index: None };
    for (offset, document) in documents(text) {
        let tree = Tree::parse(document);
        if let Some(fault) = tree.fault() {
            errors.push(lines.error(format!("invalid YAML: {}", fault.message), offset + fault.span.start as usize));
            continue;
        }
        let Some(root) = tree.root() else { continue };
        let context = Context { left: Cell::new(MOST_VISITS + 2 * tree.len()), at: Cell::new(0) };
        let mut objects = KubernetesObjects::default();
        match ObjectSeed::new(&mut objects, Order::KindFirst).deserialize(NodeReader { node: root, context: &context })
        {
            Ok(unkinded) => {
                if let Some(unkinded) = unkinded {
                    unkinded.skip(&mut objects);
                }
                all.extend(objects);
            }
            Err(error) => {
                let message = without_mark(&error.to_string()).to_string();
                errors.push(lines.error(message, offset + context.at.get() as usize));
            }
        }
    }
    (all, errors)
}

/// The lines of the text, when they are needed.
struct LazyLines<'t> {
    text: &'t str,
    index: Option<LineIndex>,
}

impl LazyLines<'_> {
    fn error(&mut self, message: String, at: usize) -> ObjectError {
        let index = self.index.get_or_insert_with(|| LineIndex::new(self.text));
        let at = index.position(self.text, at);
        ObjectError { message, line: at.line, column: at.column }
    }
}

/// The documents with the bytes before them. A line of three dashes begins one, also inside a scalar.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_start =
            line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']));
        if is_start && at > 0 {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| (start, &text[start..end])).collect()
}

/// How many nodes may be visited besides twice those that are written: aliases make more of few.
const MOST_VISITS: usize = 1 << 20;

/// What all readers of a tree share.
struct Context {
    /// How many more nodes may be visited.
    left: Cell<usize>,
    /// Where the last visited node is.
    at: Cell<u32>,
}

impl Context {
    fn visit(&self, node: Node<'_>) -> Result<(), Error> {
        let Some(left) = self.left.get().checked_sub(1) else {
            return Err(Error::custom("the document contains excessive aliasing"));
        };
        self.left.set(left);
        self.at.set(node.span().start);
        Ok(())
    }
}

struct NodeReader<'t, 'c> {
    node: Node<'t>,
    context: &'c Context,
}

impl<'de> Deserializer<'de> for NodeReader<'de, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Self { node, context } = self;
        context.visit(node)?;
        let node = node.resolved();
        match node.kind() {
            NodeKind::Sequence => visitor.visit_seq(Items { left: node.items(), context }),
            NodeKind::Mapping => visitor.visit_map(Entries::of(node, context)?),
            NodeKind::Scalar | NodeKind::Alias => visit_scalar(node, visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let node = self.node.resolved();
        let is_null = node.kind() == NodeKind::Scalar && matches!(node.read_plain(), Ok(PlainValue::Null));
        if is_null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// A whole number written with a fraction of zero is whole, as it is in the JSON that Go writes.
fn visit_scalar<'t, V: Visitor<'t>>(node: Node<'t>, visitor: V) -> Result<V::Value, Error> {
    match node.read_plain().map_err(Error::custom)? {
        PlainValue::Null => visitor.visit_unit(),
        PlainValue::Bool(value) => visitor.visit_bool(value),
        PlainValue::Int(value) => visitor.visit_i64(value),
        PlainValue::Unsigned(value) => visitor.visit_u64(value),
        #[expect(clippy::cast_possible_truncation, reason = "is whole and small")]
        PlainValue::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => visitor.visit_i64(value as i64),
        PlainValue::Float(value) => visitor.visit_f64(value),
        PlainValue::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
        PlainValue::Text(Cow::Owned(text)) => visitor.visit_string(text),
    }
}

/// The items of a list.
struct Items<'c, I> {
    left: I,
    context: &'c Context,
}

impl<'t, I: Iterator<Item = Node<'t>>> SeqAccess<'t> for Items<'_, I> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let context = self.context;
        self.left.next().map(|node| seed.deserialize(NodeReader { node, context })).transpose()
    }
}

/// The entries of a mapping, those of merge keys in their place, the kind of an object first.
struct Entries<'t, 'c> {
    left: std::vec::IntoIter<(Cow<'t, str>, Node<'t>)>,
    value: Option<Node<'t>>,
    context: &'c Context,
}

impl<'t, 'c> Entries<'t, 'c> {
    fn of(mapping: Node<'t>, context: &'c Context) -> Result<Self, Error> {
        let mut entries: Vec<(Cow<'t, str>, Node<'t>)> = Vec::new();
        let mut open = vec![mapping.entries()];
        while let Some(mut current) = open.pop() {
            let Some((key, value)) = current.next() else { continue };
            open.push(current);
            context.visit(key)?;
            if !key.is_merge_key() {
                entries.push((key_of(key)?, value));
                continue;
            }
            let merged = value.resolved();
            match merged.kind() {
                NodeKind::Mapping => open.push(merged.entries()),
                // The last one on the pile is read first: earlier mappings count more, and so are read later.
                NodeKind::Sequence => open.extend(merged.items().map(|item| item.resolved().entries())),
                NodeKind::Scalar | NodeKind::Alias => {
                    return Err(Error::custom("map merge requires map or sequence of maps as the value"));
                }
            }
            if open.len() > MOST_MERGED {
                return Err(Error::custom("the document contains excessive aliasing"));
            }
        }
        entries.sort_by_key(|(key, _)| !matches!(&**key, "apiVersion" | "kind"));
        Ok(Self { left: entries.into_iter(), value: None, context })
    }
}

/// How many mappings may be merged into one.
const MOST_MERGED: usize = 1 << 16;

/// A key of JSON: a number or a truth value becomes its text.
fn key_of(key: Node<'_>) -> Result<Cow<'_, str>, Error> {
    let key = key.resolved();
    if key.kind() != NodeKind::Scalar {
        return Err(refused("unsupported key: a collection"));
    }
    Ok(match key.read_plain().map_err(Error::custom)? {
        PlainValue::Null => return Err(refused("unsupported key: null")),
        PlainValue::Bool(value) => value.to_string().into(),
        PlainValue::Int(value) => value.to_string().into(),
        PlainValue::Unsigned(value) => value.to_string().into(),
        PlainValue::Float(value) => value.to_string().into(),
        PlainValue::Text(text) => text,
    })
}

impl<'t> MapAccess<'t> for Entries<'t, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.left.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(KeyReader(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value, Error> {
        match self.value.take() {
            Some(node) => seed.deserialize(NodeReader { node, context: self.context }),
            None => Err(Error::custom("a value without a key")),
        }
    }
}

struct KeyReader<'t>(Cow<'t, str>);

impl<'de> Deserializer<'de> for KeyReader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Cow::Borrowed(key) => visitor.visit_borrowed_str(key),
            Cow::Owned(key) => visitor.visit_string(key),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
