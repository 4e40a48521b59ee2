//! Keeps the fields that are marked in the tables while a section is read.

use crate::text::Spanned;
use crate::yaml::{Node, NodeKind};

use super::super::marked_fields::MarkedField;
use super::super::schema::{Field, Kind, Section, is_secret};
use super::super::written::WrittenField;
use super::Reader;

impl<'t> Reader<'t> {
    /// Keeps a field that has a mark.
    pub(super) fn note_marked(
        &mut self,
        section: &'static Section,
        row: &'static Field,
        (key, value): (Node<'t>, Node<'t>),
        is_merged: bool,
    ) {
        let is_secret = is_secret(row.kind);
        if !is_secret && !row.names_files && row.successor.is_none() {
            return;
        }
        let text = value.resolved().read_string();
        let is_given = !value.resolved().is_null() && text.is_ok_and(|text| !text.is_empty());
        self.marked_fields.push(MarkedField {
            file: self.file,
            job: self.job.clone(),
            field: WrittenField::new(row.key, key, value, is_merged),
            file_key: section.fields().map(|field| field.key).find(|other| is_file_of(other, row.key)),
            is_in_flow: key.parent().is_some_and(Node::is_flow),
            successor: row.successor.filter(|_| is_given),
            secrets: if is_secret { texts_in(value) } else { Vec::new() },
            paths: if row.names_files && is_of_kind(row, value) { texts_in(value) } else { Vec::new() },
        });
    }
}

/// Whether a value is one text or a list, as the row of its field says.
fn is_of_kind(row: &Field, value: Node<'_>) -> bool {
    let is_list = matches!(row.kind, Kind::Texts(..));
    is_list == (value.resolved().kind() == NodeKind::Sequence)
}

/// Whether a field names a file with what belongs in `key`.
fn is_file_of(field: &str, key: &str) -> bool {
    field.strip_suffix("_file") == Some(key) || (field, key) == ("files", "secrets")
}

/// The texts that a value is made of, however deep; no more than a person would write.
fn texts_in(value: Node<'_>) -> Vec<Spanned<String>> {
    const MOST: usize = 100;
    let mut texts = Vec::new();
    let mut open = vec![value];
    let mut budget = MOST;
    while let Some(node) = open.pop().filter(|_| budget > 0) {
        budget -= 1;
        let resolved = node.resolved();
        match resolved.kind() {
            NodeKind::Sequence => open.extend(resolved.items().take(MOST)),
            NodeKind::Mapping => open.extend(resolved.entries().take(MOST).map(|(_, value)| value)),
            _ => {
                let text = resolved.read_string().ok().filter(|text| !text.is_empty());
                texts.extend(text.map(|text| Spanned::new(text.into_owned(), node.span())));
            }
        }
    }
    texts.reverse();
    texts
}
