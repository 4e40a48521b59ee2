//! The fields of a section as they are written: where their keys and values are.

use crate::text::Span;
use crate::yaml::{Node, NodeKind};

/// How the value of a field comes to be in its section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// It is written there.
    Own,
    /// It is an alias there; what it represents may be used elsewhere as well.
    Alias,
    /// It comes by a merge key, key and value standing elsewhere.
    Merged,
}

/// A field that a section gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrittenField {
    /// Its name, such as `target_label`.
    pub name: &'static str,
    /// The place of the key, with anchor and tag.
    pub key: Span,
    /// The place of the value, with anchor and tag; the alias, if it is one.
    pub value: Span,
    /// The text of the value, if it is a scalar whose text is in the source as it is read: byte by
    /// byte, without escapes and folded lines.
    pub text: Option<Span>,
    /// How it comes to be there.
    pub origin: Origin,
}

impl WrittenField {
    pub(super) fn new(name: &'static str, key: Node<'_>, value: Node<'_>, is_merged: bool) -> Self {
        let origin = match value.kind() {
            _ if is_merged => Origin::Merged,
            NodeKind::Alias => Origin::Alias,
            _ => Origin::Own,
        };
        let text = value.resolved().raw_text_span();
        Self { name, key: key.full_span(), value: value.full_span(), text, origin }
    }

    /// The key, the colon and the value.
    #[must_use]
    pub fn whole(&self) -> Span {
        self.key.to(self.value)
    }

    /// The place of a part of the value's text; the whole value if that is not known.
    #[must_use]
    pub fn part(&self, inner: Span) -> Span {
        match self.text {
            Some(text) if inner.end as usize <= text.len() => {
                let start = text.start as usize;
                Span::new(start + inner.start as usize, start + inner.end as usize)
            }
            _ => self.value,
        }
    }
}
