//! A section's keys and values after the strict check.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Severity, ids};
use crate::discovery::{FILES, STATIC};
use crate::text::{Span, Spanned};
use crate::yaml::{Node, NodeKind};

use super::super::duration::Duration;
use super::super::faults;
use super::super::schema::{Field, Kind, Section};
use super::super::written::WrittenField;
use super::flatten::Pair;
use super::{Left, Reader, When};

/// The fields of a section that are given. Values that were refused are among them, and read as
/// not given.
pub(in crate::config) struct Entries<'t> {
    node: Node<'t>,
    pairs: Vec<(&'static Field, Pair<'t>)>,
    inner: FxHashMap<&'static str, Left<'t>>,
}

impl<'t> Reader<'t> {
    /// Reads a section strictly: keys that are unknown or repeated and values of the wrong type are
    /// reported. `None` when the node is not a mapping. Null reads as a section without fields.
    pub(in crate::config) fn section(&mut self, section: &'static Section, node: Node<'t>) -> Option<Entries<'t>> {
        self.section_onto(section, node, Left::default())
    }

    /// Reads a section inside another one onto what is left of it there.
    pub(super) fn inner_section(&mut self, section: &'static Section, node: Node<'t>, left: &mut Left<'t>) {
        let before = std::mem::take(left);
        let before = if section.is_fresh { Left::default() } else { before };
        if let Some(Entries { pairs, inner, .. }) = self.section_onto(section, node, before) {
            *left = Left { pairs, inner, ..Left::default() };
        }
    }

    fn section_onto(&mut self, section: &'static Section, node: Node<'t>, left: Left<'t>) -> Option<Entries<'t>> {
        let outer = std::mem::replace(&mut self.section, node.full_span());
        let entries = self.during(When::Value, |reader| reader.fields_onto(section, node, left));
        self.section = outer;
        entries
    }

    fn fields_onto(&mut self, section: &'static Section, node: Node<'t>, left: Left<'t>) -> Option<Entries<'t>> {
        if node.kind() != NodeKind::Mapping {
            return match node.reads_as_zero() {
                Ok(true) => {
                    Some(self.checked(section, Entries { node, pairs: Vec::new(), inner: FxHashMap::default() }))
                }
                Ok(false) => {
                    self.refuse(node, section.name, section.name, section.go_name(self.release));
                    None
                }
                Err(fault) => {
                    self.mismatch(node, section.name, section.name, fault);
                    None
                }
            };
        }
        /// Of so many, a search is faster than a table.
        const FEW: usize = 32;
        /// As many as most sections have.
        const USUAL: usize = 6;
        let Left { mut pairs, mut inner, .. } = left;
        let start = pairs.len();
        if has_own_pairs_only(node, FEW) {
            pairs.reserve(USUAL);
            for (key, value) in node.entries() {
                let pair = Pair::own(node, key, value);
                if let Some(field) = self.field_of(section, pair, &pairs[start..], None) {
                    pairs.push((field, pair));
                }
            }
        } else {
            let flat = self.flatten(node);
            let mut seen = (flat.len() > FEW).then(FxHashMap::default);
            for pair in flat {
                if let Some(field) = self.field_of(section, pair, &pairs[start..], seen.as_mut()) {
                    pairs.push((field, pair));
                }
            }
        }
        for &(field, pair) in &pairs[start..] {
            self.note_marked(section, field, (pair.key, pair.value), pair.mapping != node.id());
            if field.kind.keeps_content() {
                let left = inner.entry(field.key).or_default();
                self.visit_pair(pair, |reader, value| reader.check_onto(field.kind, field.key, value, left));
            } else {
                self.visit_pair(pair, |reader, value| reader.check(field.kind, field.key, value));
            }
        }
        Some(self.checked(section, Entries { node, pairs, inner }))
    }

    /// Runs the section's own check.
    fn checked(&mut self, section: &'static Section, entries: Entries<'t>) -> Entries<'t> {
        if let Some(check) = section.check
            && !self.is_stopped
        {
            let (run, when) = (self.run_check, When::Section(entries.node.full_span(), 1));
            self.during(when, |reader| run(check, reader, &entries, section));
        }
        entries
    }

    /// The field a pair sets; `None` when its key is unknown or is in the same mapping before.
    fn field_of(
        &mut self,
        section: &'static Section,
        pair: Pair<'t>,
        before: &[(&'static Field, Pair<'t>)],
        seen: Option<&mut FxHashMap<(&'static str, u32), Node<'t>>>,
    ) -> Option<&'static Field> {
        let key = self.key_text(pair.key)?;
        let known = section.field(&key);
        let Some(field) = known.filter(|field| field.availability.includes(self.release)) else {
            if self.is_only_counted(ids::UNKNOWN_FIELD, Severity::Error) {
                return None;
            }
            let go = section.go_name(self.release);
            let upstream = format!("line {}: field {key} not found in type {go}", self.line(pair.key));
            let absence = known.and_then(|field| field.availability.absence(self.release));
            let fault = faults::unknown_field(self.at(pair.key.full_span()), &key, section, self.release, upstream);
            self.report(faults::explain_absence(fault, absence, self.release));
            return None;
        };
        let is_same =
            |(other, earlier): &&(&Field, Pair<'_>)| std::ptr::eq(*other, field) && earlier.reading == pair.reading;
        let first = match seen {
            Some(seen) => {
                Some(*seen.entry((field.key, pair.reading)).or_insert(pair.key)).filter(|key| key.id() != pair.key.id())
            }
            None => before.iter().find(is_same).map(|(_, first)| first.key),
        };
        if let Some(first) = first {
            if self.is_only_counted(ids::DUPLICATE_FIELD, Severity::Error) {
                return None;
            }
            let upstream = format!(
                "line {}: field {key} already set in type {}",
                self.line(pair.key),
                section.go_name(self.release)
            );
            let (at, first) = (self.at(pair.key.full_span()), self.at(first.full_span()));
            self.report(faults::duplicate_field(at, first, &key, upstream));
            return None;
        }
        Some(field)
    }

    /// The text of a key, through an alias.
    pub(in crate::config) fn key_text(&mut self, key: Node<'t>) -> Option<Cow<'t, str>> {
        match key.resolved().read_string() {
            Ok(text) => Some(text),
            Err(fault) => {
                self.mismatch(key, "a key", "a string", fault);
                None
            }
        }
    }
}

/// Whether a mapping has no merge key, and no more entries than `most`.
fn has_own_pairs_only(mapping: Node<'_>, most: usize) -> bool {
    let mut count = 0;
    mapping.entries().all(|(key, _)| {
        count += 1;
        count <= most && !key.is_merge_key()
    })
}

impl<'t> Entries<'t> {
    /// The mapping.
    pub(in crate::config) fn node(&self) -> Node<'t> {
        self.node
    }

    /// The value of a field as written, an alias as itself; the last one set if merge keys set it
    /// several times.
    pub(in crate::config) fn get(&self, key: &str) -> Option<Node<'t>> {
        self.last(key).map(|pair| pair.value)
    }

    /// All values of a field in the order they are set: mappings are filled by each of them, and emptied by null.
    pub(in crate::config) fn all(&self, key: &str) -> impl Iterator<Item = Node<'t>> {
        let values = self.pairs.iter().filter(|(field, _)| field.key == key).map(|(_, pair)| pair.value);
        let mut values: Vec<Node<'t>> = values.collect();
        if let Some(last) = values.iter().rposition(|value| value.resolved().reads_as_zero() == Ok(true)) {
            values.drain(..=last);
        }
        values.into_iter()
    }

    /// The pair that sets a field last.
    pub(super) fn last(&self, key: &str) -> Option<Pair<'t>> {
        self.pairs.iter().rev().find(|(field, _)| field.key == key).map(|(_, pair)| *pair)
    }

    /// The pairs of a field that a later one overwrites, in the order they are set.
    pub(super) fn overwritten<'e>(&'e self, key: &'e str) -> impl Iterator<Item = Pair<'t>> + 'e {
        let last = self.pairs.iter().rposition(|(field, _)| field.key == key).unwrap_or(0);
        let before = self.pairs.get(..last).unwrap_or(&[]).iter();
        before.filter(move |(field, _)| field.key == key).map(|(_, pair)| *pair)
    }

    /// What the values of a field that is a section or a mapping add up to.
    pub(in crate::config) fn content(&self, key: &str) -> Option<&Left<'t>> {
        self.inner.get(key)
    }

    /// The key of a field as written.
    pub(in crate::config) fn key(&self, key: &str) -> Option<Node<'t>> {
        self.last(key).map(|pair| pair.key)
    }

    /// The keys of all fields given, in the order they are set.
    pub(in crate::config) fn keys(&self) -> impl Iterator<Item = (&'static str, Node<'t>)> {
        self.pairs.iter().map(|(field, pair)| (field.key, pair.key))
    }

    /// The keys of discovery mechanisms and of `static_configs`, in the order they are set.
    pub(in crate::config) fn discovery_keys(&self) -> impl Iterator<Item = (&'static str, Node<'t>)> {
        let is_discovery = |(field, _): &&(&Field, Pair<'t>)| {
            matches!(field.kind, Kind::Discovery(..)) || [STATIC, FILES].contains(&field.key)
        };
        self.pairs.iter().filter(is_discovery).map(|(field, pair)| (field.key, pair.key))
    }

    /// The fields that are given, as they are written.
    pub(in crate::config) fn written(&self) -> Box<[WrittenField]> {
        let own = self.node.id();
        let field = |(field, pair): &(&'static Field, Pair<'t>)| {
            WrittenField::new(field.key, pair.key, pair.value, pair.mapping != own)
        };
        self.pairs.iter().map(field).collect()
    }

    /// The place of a field's value; where the section begins if it is not given.
    pub(in crate::config) fn span_of(&self, key: &str) -> Span {
        self.get(key).map_or_else(|| self.heading(), Node::full_span)
    }

    /// The bytes of the whole section.
    pub(in crate::config) fn span(&self) -> Span {
        self.node.full_span()
    }

    /// The first line of the section: where to point when something is missing in it.
    pub(in crate::config) fn heading(&self) -> Span {
        let first = self.node.entries().next().map(|(key, value)| key.full_span().to(value.full_span()));
        let text = self.node.tree().text();
        let span = first.unwrap_or_else(|| self.node.full_span());
        let length = span.of(text).find(['\n', '\r']).unwrap_or(span.len());
        Span::new(span.start as usize, span.start as usize + length)
    }

    /// A text; `None` when the field is not given or refused, empty when it is null.
    pub(in crate::config) fn text(&self, key: &str) -> Option<Spanned<String>> {
        let node = self.get(key)?;
        let value = node.resolved().read_string().ok()?;
        Some(Spanned::new(value.into_owned(), node.span()))
    }

    /// A text with its default.
    pub(in crate::config) fn text_or(&self, key: &str, default: &str) -> String {
        self.text(key).map_or_else(|| default.to_string(), |text| text.value)
    }

    /// A truth value; `None` when the field is not given, null or refused.
    pub(in crate::config) fn boolean(&self, key: &str) -> Option<bool> {
        let node = self.get(key)?.resolved();
        if node.is_null() { None } else { node.read_bool().ok() }
    }

    /// A number that is not negative; 0 when it is not given.
    pub(in crate::config) fn unsigned(&self, key: &str) -> u64 {
        self.get(key).and_then(|node| node.resolved().read_u64().ok()).unwrap_or(0)
    }

    /// A duration; 0 when it is not given.
    pub(in crate::config) fn duration(&self, key: &str) -> Duration {
        let text = self.get(key).and_then(|node| node.resolved().read_string().ok());
        text.and_then(|text| Duration::parse(&text).ok()).unwrap_or_default()
    }

    /// The items of a list as written, aliases resolved; the list itself may be one.
    pub(in crate::config) fn items(&self, key: &str) -> impl Iterator<Item = Node<'t>> + use<'t> {
        self.get(key).into_iter().flat_map(|node| node.resolved().items())
    }

    /// The texts of a list, each with its place.
    pub(in crate::config) fn texts(&self, key: &str) -> Vec<Spanned<String>> {
        let texts = self.items(key).filter_map(|item| {
            let text = item.resolved().read_string().ok()?;
            Some(Spanned::new(text.into_owned(), item.span()))
        });
        texts.collect()
    }
}
