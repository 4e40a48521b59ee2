//! What the tree keeps of a node.

use crate::text::Span;

use super::token::{ScalarStyle, TextRef};

/// Stands for no node and no text.
pub(super) const NONE: u32 = u32::MAX;

/// 20 bytes a node. Nodes are in the order of the text, a collection before all that is in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct NodeData {
    pub(super) span: Span,
    /// For a collection the number of the first node after it, for an alias the node it represents,
    /// for a scalar whose text is in a list of texts its number there.
    pub(super) link: u32,
    pub(super) parent: u32,
    pub(super) shape: Shape,
    pub(super) text: TextPlace,
    pub(super) has_properties: bool,
}

/// What a node is and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar(ScalarStyle),
    Sequence { is_flow: bool },
    Mapping { is_flow: bool },
    Alias,
}

/// Where the text of a scalar is, or the name of an alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextPlace {
    /// In the node's span, as it is written: all of it but quotes, or the `*` of an alias.
    Written,
    /// Elsewhere in the source, at a place from the list of texts.
    Source,
    /// In the buffer of decoded texts, at a place from the list of texts.
    Decoded,
}

/// Anchor and tag of a node that has one.
#[derive(Clone, Copy, Debug)]
pub(super) struct PropertyData {
    pub(super) node: u32,
    pub(super) start: u32,
    pub(super) anchor: Option<Span>,
    pub(super) tag: Option<u32>,
}

impl NodeData {
    /// A node whose text, if it has one, is as it is written.
    #[inline]
    pub(super) fn new(shape: Shape, span: Span, parent: u32) -> Self {
        Self { span, link: NONE, parent, shape, text: TextPlace::Written, has_properties: false }
    }

    /// Where the text is if it is as it is written.
    pub(super) fn written_text(&self) -> Span {
        let Span { start, end } = self.span;
        match self.shape {
            Shape::Scalar(ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) => {
                Span { start: start + 1, end: end.saturating_sub(1).max(start + 1) }
            }
            Shape::Alias => Span { start: start + 1, end: end.max(start + 1) },
            Shape::Scalar(_) => self.span,
            Shape::Sequence { .. } | Shape::Mapping { .. } => Span::default(),
        }
    }

    /// The number of the node after this one, which has the number `own`, and all that is in it.
    #[inline]
    pub(super) fn next(&self, own: u32) -> u32 {
        match self.shape {
            Shape::Sequence { .. } | Shape::Mapping { .. } => self.link,
            Shape::Scalar(_) | Shape::Alias => own + 1,
        }
    }

    /// Notes where the text is, in `texts` where it is not as written.
    pub(super) fn place_text(&mut self, text: TextRef, texts: &mut Vec<Span>) {
        if !matches!(self.shape, Shape::Scalar(_)) || (!text.is_decoded && text.span == self.written_text()) {
            return;
        }
        self.text = if text.is_decoded { TextPlace::Decoded } else { TextPlace::Source };
        self.link = u32::try_from(texts.len()).unwrap_or(NONE);
        texts.push(text.span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_small() {
        assert_eq!(size_of::<NodeData>(), 20);
    }
}
