//! A config inside an input: its text, its shape, and the way back.

use std::sync::Arc;

use crate::config::Shape;
use crate::text::{Edits, FileId, InnerMap, Sources, Span};
use crate::yaml::LiteralText;

use super::encoded::EncodedText;
use super::quoted::QuotedText;

/// A config inside an input.
#[derive(Clone, Debug)]
pub struct Part {
    shape: Shape,
    key: Option<String>,
    place: Place,
}

/// Where the text of a part is.
#[derive(Clone, Debug)]
enum Place {
    /// It is the outer text.
    Whole(Arc<str>),
    /// A literal block scalar.
    Literal(LiteralText),
    /// A scalar of another style.
    Quoted(QuotedText),
    /// A scalar with the text in base64.
    Encoded(EncodedText),
}

/// Why an edit cannot be made in the outer text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RaiseError {
    /// The scalar has no place for it.
    #[error("the change cannot be made inside the scalar")]
    NoPlace,
}

impl Part {
    pub(super) fn whole(text: Arc<str>, shape: Shape) -> Self {
        Self { shape, key: None, place: Place::Whole(text) }
    }

    pub(super) fn literal(key: String, literal: LiteralText, shape: Shape) -> Self {
        Self { shape, key: Some(key), place: Place::Literal(literal) }
    }

    pub(super) fn encoded(key: String, encoded: EncodedText, shape: Shape) -> Self {
        Self { shape, key: Some(key), place: Place::Encoded(encoded) }
    }

    pub(super) fn quoted(key: String, quoted: QuotedText, shape: Shape) -> Self {
        Self { shape, key: Some(key), place: Place::Quoted(quoted) }
    }

    /// What it is made of.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The key it is under in an object, such as `prometheus.yml`.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.place {
            Place::Whole(text) => text,
            Place::Literal(literal) => literal.text(),
            Place::Quoted(quoted) => quoted.text(),
            Place::Encoded(encoded) => encoded.text(),
        }
    }

    /// Why its scalar has no place for some edits, in words that follow "it is", and the start of the scalar in the
    /// outer text; `None` where it has one for all.
    pub(crate) fn why_no_place(&self) -> Option<(&'static str, Span)> {
        match &self.place {
            Place::Quoted(quoted) => Some((quoted.why_no_place(), quoted.start())),
            Place::Encoded(encoded) => Some((encoded.why_no_place(), encoded.start())),
            Place::Whole(_) | Place::Literal(_) => None,
        }
    }

    /// Whether it is written in base64.
    pub(crate) fn is_encoded(&self) -> bool {
        matches!(self.place, Place::Encoded(_))
    }

    /// Whether it is the whole input.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self.place, Place::Whole(_))
    }

    /// Where its bytes are in the outer text; `None` when it is the outer text.
    #[must_use]
    pub fn inner_map(&self) -> Option<InnerMap> {
        match &self.place {
            Place::Whole(_) => None,
            Place::Literal(literal) => Some(literal.inner_map()),
            Place::Quoted(quoted) => Some(quoted.inner_map()),
            Place::Encoded(encoded) => Some(encoded.inner_map()),
        }
    }

    /// Adds its text to `sources`, as an inner text of `outer`; a part that is the whole input is `outer` itself.
    pub fn add_to(&self, sources: &mut Sources, outer: FileId) -> FileId {
        match self.inner_map() {
            None => outer,
            Some(map) => {
                let name = sources.name(outer).to_string();
                sources.add_inner(name, self.text(), outer, map)
            }
        }
    }

    /// The edits of the outer text that change the part's text by `edits`.
    ///
    /// # Errors
    /// The outer text has no place for them.
    pub fn raise(&self, edits: &Edits) -> Result<Edits, RaiseError> {
        match &self.place {
            Place::Whole(_) => Ok(edits.clone()),
            Place::Literal(literal) => literal.outer_edits(edits).ok_or(RaiseError::NoPlace),
            Place::Quoted(quoted) => quoted.outer_edits(edits).ok_or(RaiseError::NoPlace),
            Place::Encoded(encoded) => encoded.outer_edits(edits).ok_or(RaiseError::NoPlace),
        }
    }
}
