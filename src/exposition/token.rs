//! The tokens of a page.

use std::fmt;

/// A token, by the names that Prometheus's messages give them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// No token begins with these bytes.
    Invalid,
    /// The end of the page.
    Eof,
    Linebreak,
    /// Blanks between tokens of the text format.
    Whitespace,
    Help,
    Type,
    Unit,
    /// `# EOF` of OpenMetrics.
    EofWord,
    /// What follows a name after `# HELP`, `# TYPE` or `# UNIT`.
    Text,
    /// A comment; in OpenMetrics the ` # {` before an exemplar.
    Comment,
    MetricName,
    QuotedName,
    BraceOpen,
    BraceClose,
    LabelName,
    LabelValue,
    Comma,
    Equal,
    Timestamp,
    Value,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid => "INVALID",
            Self::Eof => "EOF",
            Self::Linebreak => "LINEBREAK",
            Self::Whitespace => "WHITESPACE",
            Self::Help => "HELP",
            Self::Type => "TYPE",
            Self::Unit => "UNIT",
            Self::EofWord => "EOFWORD",
            Self::Text => "TEXT",
            Self::Comment => "COMMENT",
            Self::MetricName => "MNAME",
            Self::QuotedName => "QSTRING",
            Self::BraceOpen => "BOPEN",
            Self::BraceClose => "BCLOSE",
            Self::LabelName => "LNAME",
            Self::LabelValue => "LVALUE",
            Self::Comma => "COMMA",
            Self::Equal => "EQUAL",
            Self::Timestamp => "TIMESTAMP",
            Self::Value => "VALUE",
        })
    }
}

/// Bytes of a page, also of the line break that is added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Part {
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}
