//! Labels of targets: which are shown, and how.

use crate::relabel::Labels;

use super::look::{Look, width_of};
use super::{escape_text, shorten};

/// The labels that are attached to samples; with `all` also those that begin with `__`.
pub(super) fn shown_labels(labels: &Labels, all: bool) -> Labels {
    labels.iter().filter(|(name, _)| all || !name.starts_with("__")).collect()
}

/// `name="value"` with its width.
pub(super) fn label_part(name: &str, value: &str, look: Look) -> (usize, String) {
    const LONGEST_VALUE: usize = 300;
    let (name, value) = (escape_text(name), format!("\"{}\"", shorten(value, LONGEST_VALUE)));
    (width_of(&name) + 1 + width_of(&value), format!("{}={value}", look.name(&name)))
}
