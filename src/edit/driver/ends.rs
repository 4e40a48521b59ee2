//! The labels of targets as a rule after all others sees them, `__meta_` names included.

use crate::relabel::{Chain, LabelBuilder, Labels, Verdict};

/// The labels of a target after all rules; `None` if it is dropped.
pub(super) fn labels_at_end(chain: &Chain, set: &mut LabelBuilder, discovered: &Labels) -> Option<Labels> {
    set.load_added(discovered);
    match chain.run(set) {
        Ok(Verdict::Kept) => Some(set.to_labels()),
        Ok(Verdict::Dropped { .. }) | Err(_) => None,
    }
}
