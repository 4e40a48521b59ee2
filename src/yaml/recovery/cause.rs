//! Why a place of a text is broken.

use crate::text::Span;

use super::super::fault::SyntaxError;

/// A broken place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Damage {
    /// Where it begins: the quote or bracket that is not closed, the key without a colon; else where yaml.v2 stops.
    pub span: Span,
    /// Why it is broken.
    pub cause: Cause,
    /// What yaml.v2 says of it, where it is the first broken place; else what it would say without those before it.
    pub error: SyntaxError,
    /// Whether yaml.v2 reports it: it reports the first one of a text.
    pub is_first: bool,
}

impl Damage {
    /// The same in a text with more bytes before it.
    pub(crate) fn moved(self, bytes: usize) -> Self {
        let moved = |span: Span| Span::new(span.start as usize + bytes, span.end as usize + bytes);
        let error = SyntaxError { span: moved(self.error.span), context: self.error.context.map(moved), ..self.error };
        Self { span: moved(self.span), error, ..self }
    }
}

/// Why a place of a text is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// A tab is in the indentation.
    Tab,
    /// A key has no colon.
    MissingColon,
    /// A quote is not closed.
    OpenQuote,
    /// A bracket is not closed by this character.
    OpenBracket {
        /// `]` or `}`.
        closing: char,
    },
    /// Several brackets are not closed.
    OpenBrackets {
        /// The characters that close them, the innermost first.
        closing: String,
    },
    /// The first entry of an item has no dash before it.
    MissingDash {
        /// The column of the dashes of the list, from 0.
        column: usize,
    },
    /// A conflict of a merge is not resolved.
    Conflict,
    /// The line is indented in another way than its neighbors.
    Indentation {
        /// The column of the line, from 0.
        column: usize,
        /// The column of the entries before it, from 0.
        neighbors: usize,
    },
    /// An alias refers to an anchor in a broken place.
    LostAnchor,
    /// Another one: the message of yaml.v2 says it.
    Other,
}
