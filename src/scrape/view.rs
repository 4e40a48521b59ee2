//! Labels that are looked up by name, however they are kept.

use crate::relabel::{LabelBuilder, Labels};

/// The values of labels; an empty one is absent.
pub(super) trait LabelView {
    /// The value of a label, empty when it is absent.
    fn value(&self, name: &str) -> &str;
}

impl LabelView for Labels {
    fn value(&self, name: &str) -> &str {
        self.get(name)
    }
}

impl LabelView for LabelBuilder {
    fn value(&self, name: &str) -> &str {
        self.get(name)
    }
}
