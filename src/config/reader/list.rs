//! Lists of sections.

use std::borrow::Cow;

use crate::text::Span;
use crate::yaml::{Node, NodeKind};

use super::super::faults;
use super::{Reader, When};

/// A list of sections: its key, what it must be, and what Prometheus says of an empty item, where that is not the usual.
pub(in crate::config) struct List<'k> {
    pub(in crate::config) key: &'k str,
    /// For people.
    pub(in crate::config) wanted: &'k str,
    /// Prometheus's name for its type.
    pub(in crate::config) go: &'static str,
    pub(in crate::config) null_message: Option<&'k str>,
}

impl<'k> List<'k> {
    /// A list of a discovery mechanism.
    pub(in crate::config) fn of_discovery(key: &'k str, wanted: &'k str, go: &'static str) -> Self {
        Self { key, wanted, go, null_message: None }
    }

    /// What Prometheus says of an empty item.
    pub(in crate::config) fn null_message(&self) -> Cow<'k, str> {
        self.null_message.map_or_else(|| format!("empty or null section in {}", self.key).into(), Cow::Borrowed)
    }
}

impl<'t> Reader<'t> {
    /// An empty item is found when the list is decoded with its section.
    pub(super) fn when_of_nulls(&self) -> When {
        if self.when == When::Value { When::Section(self.section, 0) } else { self.when }
    }

    /// Gives each item of a list to `read`, and keeps what comes back; an empty item is a fault.
    pub(in crate::config) fn items<R>(
        &mut self,
        list: &List<'_>,
        node: Node<'t>,
        mut read: impl FnMut(&mut Self, Node<'t>) -> Option<R>,
    ) -> Vec<R> {
        self.visit(node, |reader, node| {
            if node.kind() != NodeKind::Sequence {
                reader.refuse_unless_null(node, list.key, list.wanted, list.go);
                return Vec::new();
            }
            let items = node.items().filter_map(|item| {
                reader.visit(item, |reader, node| {
                    if node.is_null() {
                        let upstream = list.null_message();
                        let fault = faults::null_entry(reader.at(null_span(item)), list.key, upstream);
                        reader.during(reader.when_of_nulls(), |reader| reader.report(fault));
                        return None;
                    }
                    read(reader, node)
                })
            });
            items.collect()
        })
    }
}

/// A null item has no bytes of its own: the dash before it has.
pub(in crate::config) fn null_span(item: Node<'_>) -> Span {
    let span = item.full_span();
    if !span.is_empty() {
        return span;
    }
    let before = item.tree().text().get(..span.start as usize).unwrap_or("");
    match before.rfind('-') {
        Some(dash) if before[dash + 1..].trim().is_empty() => Span::new(dash, dash + 1),
        _ => span,
    }
}
