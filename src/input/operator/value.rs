//! A value of an object, as a client sends it to the API server: JSON, of which each part knows its place in the manifest.

use std::cell::Cell;

use rustc_hash::FxHashMap;

use crate::text::{FileId, Location, Span};
use crate::yaml::{Node, NodeKind, PlainValue};

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Value {
    pub(crate) data: Data,
    /// Where it is written; for a value that a default gave, the place of the object that it is in.
    pub(crate) at: Location,
}

/// The kinds of JSON values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Map(Vec<Entry>),
}

/// A member of a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// The place of the key.
    pub(crate) key_at: Location,
    pub(crate) value: Value,
}

/// How many nodes may be visited besides twice those that are written: aliases make more of few.
const MOST_VISITS: usize = 1 << 20;

/// How deep values may be nested.
const MOST_DEPTH: usize = 200;

impl Value {
    /// Reads a node as sigs.k8s.io/yaml turns YAML into JSON: merge keys are resolved, keys are texts, of a repeated key
    /// the last value counts.
    ///
    /// # Errors
    /// Why it is no JSON, and where.
    pub(crate) fn of_node(node: Node<'_>, file: FileId, offset: usize) -> Result<Self, (Span, String)> {
        let reader = Reader { file, offset, left: Cell::new(MOST_VISITS + 2 * node.tree().len()) };
        reader.value(node, 0)
    }

    /// The member of that name, if it is an object that has one that is not null.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value).filter(|value| value.data != Data::Null)
    }

    /// The member at the end of a path of names.
    pub(crate) fn at_path(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The member of that name, also if it is null.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The members of an object, in the order of the text; none of any other value.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of any other value.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub(crate) fn as_int(&self) -> Option<i64> {
        match self.data {
            Data::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The text of a member; the empty one if there is none.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.get(key).and_then(Self::as_str).unwrap_or("")
    }

    /// The text of a member that is not empty.
    pub(crate) fn filled(&self, key: &str) -> Option<&Self> {
        self.get(key).filter(|value| value.as_str().is_some_and(|text| !text.is_empty()))
    }
}

struct Reader {
    file: FileId,
    offset: usize,
    left: Cell<usize>,
}

impl Reader {
    fn place(&self, span: Span) -> Location {
        Location::new(self.file, Span::new(self.offset + span.start as usize, self.offset + span.end as usize))
    }

    fn visit(&self, node: Node<'_>) -> Result<(), (Span, String)> {
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err((self.place(node.span()).span, "the document contains excessive aliasing".to_string())),
        }
    }

    fn value(&self, node: Node<'_>, depth: usize) -> Result<Value, (Span, String)> {
        self.visit(node)?;
        let at = self.place(node.full_span());
        if depth > MOST_DEPTH {
            return Err((at.span, "the value is nested too deep".to_string()));
        }
        let node = node.resolved();
        let data = match node.kind() {
            NodeKind::Sequence => {
                Data::List(node.items().map(|item| self.value(item, depth + 1)).collect::<Result<_, _>>()?)
            }
            NodeKind::Mapping => {
                let mut members = Members::default();
                self.members(node, depth, &mut members)?;
                Data::Map(members.entries)
            }
            NodeKind::Scalar | NodeKind::Alias => scalar(node).map_err(|why| (at.span, why))?,
        };
        Ok(Value { data, at })
    }

    /// The members of a mapping; those of merge keys do not replace its own.
    fn members(&self, mapping: Node<'_>, depth: usize, members: &mut Members) -> Result<(), (Span, String)> {
        if depth > MOST_DEPTH {
            return Err((self.place(mapping.span()).span, "the value is nested too deep".to_string()));
        }
        for (key, value) in mapping.entries().filter(|(key, _)| !key.is_merge_key()) {
            self.visit(key)?;
            let place = self.place(key.span());
            let name = key_text(key).map_err(|why| (place.span, why))?;
            let value = self.value(value, depth + 1)?;
            members.set(Entry { key: name, key_at: place, value });
        }
        for (_, value) in mapping.entries().filter(|(key, _)| key.is_merge_key()) {
            let merged = value.resolved();
            let sources: Vec<Node<'_>> = match merged.kind() {
                NodeKind::Mapping => vec![merged],
                NodeKind::Sequence => merged.items().map(Node::resolved).collect(),
                NodeKind::Scalar | NodeKind::Alias => {
                    let why = "map merge requires map or sequence of maps as the value".to_string();
                    return Err((self.place(value.span()).span, why));
                }
            };
            for source in sources {
                let mut inherited = Members::default();
                self.members(source, depth + 1, &mut inherited)?;
                inherited.entries.into_iter().for_each(|entry| members.add(entry));
            }
        }
        Ok(())
    }
}

/// The members of an object while it is read.
#[derive(Default)]
struct Members {
    entries: Vec<Entry>,
    index: FxHashMap<String, usize>,
}

impl Members {
    /// Adds a member, or replaces the one of this name.
    fn set(&mut self, entry: Entry) {
        match self.index.get(&entry.key) {
            Some(&index) => self.entries[index] = entry,
            None => self.add(entry),
        }
    }

    /// Adds a member if there is none of this name.
    fn add(&mut self, entry: Entry) {
        if !self.index.contains_key(&entry.key) {
            self.index.insert(entry.key.clone(), self.entries.len());
            self.entries.push(entry);
        }
    }
}

fn scalar(node: Node<'_>) -> Result<Data, String> {
    Ok(match node.read_plain().map_err(|error| error.to_string())? {
        PlainValue::Null => Data::Null,
        PlainValue::Bool(value) => Data::Bool(value),
        PlainValue::Int(value) => Data::Int(value),
        #[expect(clippy::cast_precision_loss, reason = "as JSON numbers beyond int64 are read")]
        PlainValue::Unsigned(value) => i64::try_from(value).map_or(Data::Float(value as f64), Data::Int),
        #[expect(clippy::cast_possible_truncation, reason = "is whole and small")]
        PlainValue::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => Data::Int(value as i64),
        PlainValue::Float(value) => Data::Float(value),
        PlainValue::Text(text) => Data::Text(text.into_owned()),
    })
}

fn key_text(key: Node<'_>) -> Result<String, String> {
    let key = key.resolved();
    if key.kind() != NodeKind::Scalar {
        return Err("unsupported key: a collection".to_string());
    }
    Ok(match key.read_plain().map_err(|error| error.to_string())? {
        PlainValue::Null => return Err("unsupported key: null".to_string()),
        PlainValue::Bool(value) => value.to_string(),
        PlainValue::Int(value) => value.to_string(),
        PlainValue::Unsigned(value) => value.to_string(),
        PlainValue::Float(value) => value.to_string(),
        PlainValue::Text(text) => text.into_owned(),
    })
}
