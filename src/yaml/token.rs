//! What the scanner hands to the parser.

use crate::text::Span;

/// A lexical element of YAML, with its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// Its bytes as yaml.v2 marks them.
    pub(super) span: Span,
    /// Where its own text ends: before `span.end` for a block scalar, whose mark runs on over blank lines.
    pub(super) content_end: u32,
    /// For a scalar its text, for anchor and alias the name, for a tag its number in the scanner's list.
    pub(super) text: TextRef,
    /// The flow level whose possible simple key begins with this token.
    pub(super) key_level: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    StreamEnd,
    VersionDirective { is_1_1: bool },
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar(ScalarStyle),
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A text: either bytes of the source as they are, or bytes of the buffer of decoded texts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TextRef {
    pub(super) span: Span,
    pub(super) is_decoded: bool,
}

impl TextRef {
    pub(super) fn source(start: usize, end: usize) -> Self {
        Self { span: Span::new(start, end), is_decoded: false }
    }

    pub(super) fn decoded(start: usize, end: usize) -> Self {
        Self { span: Span::new(start, end), is_decoded: true }
    }
}

/// A tag as written, before its handle is looked up.
#[derive(Clone, Debug, Default)]
pub(super) struct RawTag {
    pub(super) handle: String,
    pub(super) suffix: String,
}
