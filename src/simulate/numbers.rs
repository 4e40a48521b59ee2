//! Numbers that represent the labels of a target, so that targets can be compared without them.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

/// Numbers for a target: the same for the same labels.
#[derive(Default)]
pub(super) struct Numbers {
    /// Of the labels of its series.
    pub(super) series: FxHasher,
    /// Of the other labels.
    internal: FxHasher,
    /// About the bytes that the labels take.
    pub(super) memory: usize,
}

impl Numbers {
    /// Those of labels in byte order of their names; labels of discovery are left out.
    pub(super) fn of<'l>(labels: impl Iterator<Item = (&'l str, &'l str)>) -> Self {
        let mut numbers = Self::default();
        for label in labels.filter(|(name, _)| !name.starts_with("__meta_")) {
            label.hash(if label.0.starts_with("__") { &mut numbers.internal } else { &mut numbers.series });
            numbers.memory += label.0.len() + label.1.len() + OF_LABEL;
        }
        numbers
    }

    /// The number of a target with these labels and this URL.
    pub(super) fn of_target(&self, url: &str) -> u64 {
        let mut all = self.internal.clone();
        all.write_u64(self.series.finish());
        url.hash(&mut all);
        all.finish()
    }
}

/// The bytes that a label takes besides its text.
pub(super) const OF_LABEL: usize = 2 * size_of::<usize>();
