//! Why a text is not YAML as yaml.v2 reads it.

use std::fmt;

use crate::text::Span;

/// The first thing in a text that yaml.v2 refuses. Displays yaml.v2's own message.
///
/// ```
/// let tree = promcfg::yaml::Tree::parse("a: b: c\n");
/// let fault = tree.fault().expect("is refused");
/// assert_eq!(fault.message, "mapping values are not allowed in this context");
/// assert_eq!(fault.span, promcfg::text::Span::new(4, 5));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyntaxError {
    /// Where it is.
    pub span: Span,
    /// Where the construct that it spoils begins, if that is another place.
    pub context: Option<Span>,
    /// yaml.v2's words.
    pub message: String,
    /// The line yaml.v2 names, which is often that of the construct's start, or none.
    pub line: Option<usize>,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "yaml: line {line}: {}", self.message),
            None => write!(f, "yaml: {}", self.message),
        }
    }
}

impl std::error::Error for SyntaxError {}

/// A result inside the reader. The fault is boxed: it is rare, and results are passed often.
pub(super) type Read<T> = Result<T, Box<SyntaxError>>;
