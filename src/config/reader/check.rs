//! Whether values are of the types their fields want.

use crate::yaml::{Node, NodeKind, ReadError};

use super::super::duration::Duration;
use super::super::faults;
use super::super::schema::{INLINE_MAP, Kind, Section};
use super::super::size::parse_size;
use super::super::url::parse_url;
use super::{Left, List, Reader};

/// Whether yaml.v2 keeps a value although something in it is refused: a list or a mapping of the wanted kind.
fn keeps_value_with_faults(kind: Kind, node: Node<'_>) -> bool {
    let found = node.resolved().kind();
    match kind {
        Kind::Texts(..) | Kind::Secrets | Kind::Many(..) | Kind::Discovery(..) => found == NodeKind::Sequence,
        Kind::Map(..) | Kind::Labels(..) => found == NodeKind::Mapping,
        Kind::Text(_)
        | Kind::Secret
        | Kind::Bool
        | Kind::Int
        | Kind::Int64
        | Kind::Uint
        | Kind::Uint64
        | Kind::Float
        | Kind::Duration
        | Kind::Size
        | Kind::Url
        | Kind::One(_)
        | Kind::Any
        | Kind::Own => false,
    }
}

impl<'t> Reader<'t> {
    /// Checks the value of the field `key`; it is not an alias any more.
    pub(super) fn check(&mut self, kind: Kind, key: &str, node: Node<'t>) {
        self.check_onto(kind, key, node, &mut Left::default());
    }

    /// The same for a value that is decoded onto what is left in the field.
    pub(in crate::config) fn check_onto(&mut self, kind: Kind, key: &str, node: Node<'t>, left: &mut Left<'t>) {
        let wanted = kind.wanted();
        match kind {
            Kind::Any | Kind::Own => {}
            Kind::Text(go) => self.check_text(node, key, wanted, go),
            Kind::Secret => self.check_text(node, key, wanted, "config.plain"),
            Kind::Bool => self.take(node, key, wanted, "bool", node.read_bool()),
            Kind::Int => self.take(node, key, wanted, "int", node.read_i64()),
            Kind::Int64 => self.take(node, key, wanted, "int64", node.read_i64()),
            Kind::Uint => self.take(node, key, wanted, "uint", node.read_u64()),
            Kind::Uint64 => self.take(node, key, wanted, "uint64", node.read_u64()),
            Kind::Float => self.take(node, key, wanted, "float64", node.read_f64()),
            Kind::Duration => self.check_duration(node, key),
            Kind::Size => self.check_size(node, key),
            Kind::Url => self.check_url(node, key),
            Kind::Texts(list, item) => self.check_list(node, key, wanted, list, Kind::Text(item)),
            Kind::Secrets => self.check_list(node, key, wanted, "[]config.Secret", Kind::Secret),
            Kind::Map(go, value) => self.check_map(node, (key, wanted, go), *value, left),
            Kind::Labels(go, value) => self.check_map(node, (key, wanted, go), Kind::Text(value), left),
            Kind::One(section) => {
                if node.is_null() && node.reads_as_zero() == Ok(false) {
                    self.refuse(node, key, wanted, section.go_name(self.release));
                } else if node.is_null() {
                    *left = Left::default();
                } else {
                    self.inner_section(section, node, left);
                }
            }
            Kind::Discovery(list, section) => self.check_discovery(node, key, list, section),
            Kind::Many(list, section) => self.check_list(node, key, wanted, list, Kind::One(section)),
        }
    }

    /// Reports a node that is not of the wanted kind at all.
    pub(in crate::config) fn refuse(&mut self, node: Node<'t>, what: &str, wanted: &str, go: &'static str) {
        self.mismatch(node, what, wanted, ReadError::mismatch(node, go));
    }

    fn take<T>(&mut self, node: Node<'t>, key: &str, wanted: &str, go: &'static str, read: Result<T, ReadError>) {
        match read {
            Ok(_) => {}
            Err(ReadError::Mismatch { tag, shown, .. }) => {
                self.mismatch(node, key, wanted, ReadError::Mismatch { tag, shown, wanted: go });
            }
            Err(fault) => self.mismatch(node, key, wanted, fault),
        }
    }

    fn check_text(&mut self, node: Node<'t>, key: &str, wanted: &str, go: &'static str) {
        match node.read_string() {
            Err(ReadError::NotText(_)) => self.report(faults::binary_value(self.at(node.full_span()), key)),
            read => self.take(node, key, wanted, go, read),
        }
    }

    fn check_url(&mut self, node: Node<'t>, key: &str) {
        if node.is_null() {
            // In quotes it is a text that the type's own decoding does not get.
            if node.reads_as_zero() == Ok(false) {
                self.refuse(node, key, Kind::Url.wanted(), "config.URL");
            }
            return;
        }
        match node.read_string() {
            Ok(text) => {
                if let Err(message) = parse_url(&text) {
                    self.report(faults::invalid_url(self.at(node.span()), key, &message, message.clone()));
                }
            }
            read => self.take(node, key, Kind::Url.wanted(), "string", read),
        }
    }

    fn check_duration(&mut self, node: Node<'t>, key: &str) {
        if node.is_null() {
            // In quotes it is a text that the type's own decoding does not get.
            if node.reads_as_zero() == Ok(false) {
                self.refuse(node, key, Kind::Duration.wanted(), "model.Duration");
            }
            return;
        }
        match node.read_string() {
            Ok(text) => {
                if let Err(fault) = Duration::parse(&text) {
                    self.report(faults::invalid_duration(self.at(node.span()), key, &text, &fault, self.release));
                }
            }
            read => self.take(node, key, Kind::Duration.wanted(), "string", read),
        }
    }

    fn check_size(&mut self, node: Node<'t>, key: &str) {
        match (node.reads_as_zero(), node.read_string()) {
            (Ok(true), _) => {}
            (_, Ok(text)) => {
                if let Err(upstream) = parse_size(&text) {
                    self.report(faults::invalid_size(self.at(node.span()), key, &text, upstream));
                }
            }
            (_, read) => self.take(node, key, Kind::Size.wanted(), "units.Base2Bytes", read),
        }
    }

    fn check_list(&mut self, node: Node<'t>, key: &str, wanted: &str, go: &'static str, item: Kind) {
        if node.kind() != NodeKind::Sequence {
            if matches!(item, Kind::Secret) {
                self.refuse_secret(node, key, wanted, go);
            } else {
                self.refuse_unless_null(node, key, wanted, go);
            }
            return;
        }
        for each in node.items() {
            self.visit(each, |reader, each| {
                let is_null_section = matches!(item, Kind::One(_)) && each.is_null();
                if !is_null_section {
                    reader.check(item, key, each);
                }
            });
        }
    }

    /// Checks the items of a discovery mechanism; none may be empty.
    fn check_discovery(&mut self, node: Node<'t>, key: &str, go: &'static str, section: &'static Section) {
        let list = List::of_discovery(key, "a list", go);
        self.items(&list, node, |reader, node| {
            let before = reader.error_count();
            reader.section(section, node)?;
            // `Null` is an item with empty fields; if its check accepts them, it is refused as empty.
            if node.reads_as_zero() == Ok(true) && reader.error_count() == before {
                let fault = faults::null_entry(reader.at(node.full_span()), key, list.null_message());
                reader.during(reader.when_of_nulls(), |reader| reader.report(fault));
            }
            Some(())
        });
    }

    /// Checks a mapping of free names to values of one kind; a name may be set once, wherever it
    /// comes from.
    fn check_map(
        &mut self,
        node: Node<'t>,
        (key, wanted, go): (&str, &str, &'static str),
        value: Kind,
        left: &mut Left<'t>,
    ) {
        if node.kind() != NodeKind::Mapping {
            // A null empties the mapping; a value of the wrong kind leaves it as it is.
            if node.reads_as_zero() == Ok(true) {
                *left = Left::default();
            }
            self.refuse_unless_null(node, key, wanted, go);
            return;
        }
        let mut readings = 0;
        for pair in self.flatten(node) {
            // Go has this mapping inside a struct, and empties it each time it reads one.
            if go == INLINE_MAP && pair.reading >= readings {
                *left = Left::default();
                readings = pair.reading + 1;
            }
            let Some(name) = self.key_text(pair.key) else { continue };
            left.keys.push(pair.key);
            let before = self.error_count();
            self.visit_pair(pair, |reader, node| reader.check(value, &name, node));
            if self.error_count() > before && !keeps_value_with_faults(value, pair.value) {
                continue;
            }
            if let Some(first) = left.names.get(&*name) {
                let upstream = format!("line {}: key \"{name}\" already set in map", self.line(pair.value));
                let first = node.tree().get(*first).map_or(pair.key, |first| first);
                let (at, first) = (self.at(pair.key.full_span()), self.at(first.full_span()));
                self.report(faults::duplicate_key(at, first, &name, key, upstream));
            } else {
                left.names.insert(name, pair.key.id());
            }
        }
    }

    /// As [`Self::refuse_unless_null`], without showing the value.
    fn refuse_secret(&mut self, node: Node<'t>, key: &str, wanted: &str, go: &'static str) {
        if node.reads_as_zero() == Ok(true) {
            return;
        }
        let fault = match ReadError::mismatch(node, go) {
            ReadError::Mismatch { tag, shown: Some(_), wanted } => {
                ReadError::Mismatch { tag, shown: Some("<secret>".to_string()), wanted }
            }
            fault => fault,
        };
        self.mismatch(node, key, wanted, fault);
    }

    /// Reports a node that should have been a list or a mapping, unless it is a null of any form.
    pub(in crate::config) fn refuse_unless_null(&mut self, node: Node<'t>, key: &str, wanted: &str, go: &'static str) {
        match node.reads_as_zero() {
            Ok(true) => {}
            Ok(false) => self.refuse(node, key, wanted, go),
            Err(fault) => self.mismatch(node, key, wanted, fault),
        }
    }
}
