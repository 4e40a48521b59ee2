//! Where a value is in the texts of a label set.

use std::ops::Range;

/// Part of the set's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) start: u32,
    pub(super) length: u32,
}

impl Value {
    #[inline]
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.length as usize
    }
}
