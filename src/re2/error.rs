//! Why a pattern is refused, in Go's words, and where.

use std::fmt;

use crate::text::Span;

/// Which rule of Go's regular-expression syntax a pattern breaks.
///
/// The text of each (see [`RegexErrorKind::text`]) is the one of Go's `regexp/syntax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RegexErrorKind {
    /// A group is not closed.
    MissingParen,
    /// A `)` closes no group.
    UnexpectedParen,
    /// A class is not closed.
    MissingBracket,
    /// An escape has no meaning, such as `\y`.
    InvalidEscape,
    /// A range runs backwards, or a class name is unknown, such as `[z-a]` or `\p{Foo}`.
    InvalidCharRange,
    /// A bound is above 1000, the bounds are the wrong way round, or nested repeats multiply to more than 1000.
    InvalidRepeatCount,
    /// A repetition directly follows another one, such as `a**`.
    NestedRepeat,
    /// There is nothing to repeat, such as `*a`.
    MissingRepeatArgument,
    /// A group name holds something other than ASCII letters, digits and `_`, or does not end.
    InvalidNamedCapture,
    /// What follows `(?` is not supported, such as look-around or unknown flags.
    InvalidPerlSyntax,
    /// The pattern ends in a lone backslash.
    TrailingBackslash,
    /// The expression is nested more than 1000 levels deep.
    TooDeep,
    /// The expression would compile to more than about 3.3 million instructions.
    TooLargeError,
}

impl RegexErrorKind {
    /// Go's wording, without prefix and fragment.
    ///
    /// ```
    /// assert_eq!(promcfg::re2::RegexErrorKind::MissingParen.text(), "missing closing )");
    /// ```
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::MissingParen => "missing closing )",
            Self::UnexpectedParen => "unexpected )",
            Self::MissingBracket => "missing closing ]",
            Self::InvalidEscape => "invalid escape sequence",
            Self::InvalidCharRange => "invalid character class range",
            Self::InvalidRepeatCount => "invalid repeat count",
            Self::NestedRepeat => "invalid nested repetition operator",
            Self::MissingRepeatArgument => "missing argument to repetition operator",
            Self::InvalidNamedCapture => "invalid named capture",
            Self::InvalidPerlSyntax => "invalid or unsupported Perl syntax",
            Self::TrailingBackslash => "trailing backslash at end of expression",
            Self::TooDeep => "expression nests too deeply",
            Self::TooLargeError => "expression too large",
        }
    }
}

/// Why Go's `regexp` refuses a pattern. Displays as Go's own message:
///
/// ```
/// let error = promcfg::re2::Regex::new("(").unwrap_err();
/// assert_eq!(error.to_string(), "error parsing regexp: missing closing ): `^(?s:()$`");
/// assert_eq!(error.span, promcfg::text::Span::new(0, 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegexError {
    /// Which rule is broken.
    pub kind: RegexErrorKind,
    /// The part Go quotes. It may include the wrapper `^(?s:` … `)$` that Prometheus puts around a pattern.
    pub fragment: String,
    /// The faulty bytes of the pattern as the user wrote it, without the wrapper.
    pub span: Span,
}

impl fmt::Display for RegexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.kind.text(), self.fragment)
    }
}

impl std::error::Error for RegexError {}

/// The pattern is legal, but deciding this match would take more memory or time than is allowed:
/// the answer is unknown, not "no".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TooLargeError;

impl fmt::Display for TooLargeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the regular expression is too large to simulate")
    }
}

impl std::error::Error for TooLargeError {}
