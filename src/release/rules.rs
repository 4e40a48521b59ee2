//! How relabel rules run.

use super::Release;

/// Relabel rules and their patterns.
impl Release {
    /// Whether `.` in the pattern of a relabel rule matches a newline.
    #[must_use]
    pub fn has_dot_all(self) -> bool {
        self.is_at_least(3, 0)
    }

    /// Whether an empty result deletes the label that the template of `target_label` gives. Before, it deletes
    /// a label that is named like the template itself.
    #[must_use]
    pub fn deletes_templated_labels(self) -> bool {
        self.is_at_least(2, 50)
    }

    /// Whether rules about names go over the labels of a target in the order in which they were added.
    #[must_use]
    pub fn keeps_order_of_labels(self) -> bool {
        self.is_at_least(2, 43)
    }
}
