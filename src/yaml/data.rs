//! What the tree keeps of a node.

use crate::text::Span;

use super::token::{ScalarStyle, TextRef};

/// Stands for no node and no properties.
pub(super) const NONE: u32 = u32::MAX;

/// 40 bytes a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct NodeData {
    pub(super) span: Span,
    /// For a scalar its text; for an alias its name.
    pub(super) text: Span,
    /// For a collection its first child, for an alias the node it represents.
    pub(super) first: u32,
    pub(super) next: u32,
    pub(super) parent: u32,
    pub(super) properties: u32,
    pub(super) shape: Shape,
    pub(super) is_decoded: bool,
}

/// What a node is and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar(ScalarStyle),
    Sequence { is_flow: bool },
    Mapping { is_flow: bool },
    Alias,
}

/// Anchor and tag of a node that has one.
#[derive(Clone, Copy, Debug)]
pub(super) struct PropertyData {
    pub(super) start: u32,
    pub(super) anchor: Option<Span>,
    pub(super) tag: Option<u32>,
}

impl NodeData {
    pub(super) fn new(shape: Shape, span: Span, text: TextRef, parent: u32) -> Self {
        Self {
            span,
            text: text.span,
            first: NONE,
            next: NONE,
            parent,
            properties: NONE,
            shape,
            is_decoded: text.is_decoded,
        }
    }
}
