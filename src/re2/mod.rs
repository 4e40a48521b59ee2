//! Go's regular expressions as Prometheus uses them: own parser, own engines, template expansion.
//!
//! A pattern is parsed into a `tree`. A row of texts and classes is matched piece by piece (`sequence`); any other one
//! is compiled on first use into a `program`, and run by the `engine`, or, when it is used often and never has to go
//! back, by its `one_pass` table.
//! Nothing here recurses, whatever the pattern. What is legal in Go but too large to run here says so.

mod budget;
mod debug;
mod engine;
mod error;
mod example;
mod extent;
mod fold;
mod language;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod language_tests;
mod one_pass;
mod parser;
mod partial;
mod pike;
mod position;
mod prefix;
mod program;
mod regex;
mod regex_cache;
mod sequence;
mod shape;
mod syntax;
mod template;
#[cfg(test)]
mod tests;
mod tokens;
mod tree;
mod unicode;
mod unicode17;
mod usual;

pub use debug::{debug_regexp, debug_regexp_in};
pub use engine::Captures;
pub use error::{RegexError, RegexErrorKind, TooLargeError};
pub(crate) use partial::TextPart;
pub use regex::Regex;
pub use regex_cache::RegexCache;
pub use shape::{Shape, ShapePart};
pub use syntax::Syntax;
pub(crate) use template::TemplatePiece;
pub use template::{GroupReference, Reference, Template};
pub(crate) use tokens::{Token, TokenKind, tokens};
pub(crate) use usual::is_usual;
