//! Changes of a tree as replacements of bytes: only what must is touched, and that is proved.
//!
//! A [`Plan`] notes operations down (add, fill, replace, remove items and keys, in block and in
//! brackets), each as what is intended and as bytes: `place` finds where lines go, `style` how the
//! neighbors look, `emit` writes new nodes, `json` those of a text that is JSON, `entries` puts keys at their places and takes them out, `exchange` puts one in the place of another, `elements` takes items out with the
//! comments that are `attached` to them, `noted` adds items with comments in brackets, `brackets` fills lists that have no items and empties them again, `expand` replaces aliases by copies (`copies` writes them, `meaning` compares). [`prove`] makes the replacements and compares the trees:
//! the new one must be the old one with what was intended, and all comments (`comments`) must stand
//! at what they stood at. Where an edit is inside one item of a long list, `item` proves the same by reading that item only, and `runs`
//! by reading the items that change.

mod attached;
mod brackets;
mod comments;
mod copies;
mod copy;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod element_tests;
mod elements;
mod emit;
mod entries;
mod exchange;
mod expand;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod expand_tests;
mod item;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod item_tests;
mod json;
mod meaning;
mod noted;
mod place;
mod plan;
mod proof;
mod runs;
mod style;
mod template;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

pub(crate) use attached::attached;
pub(crate) use brackets::is_marked;
pub(crate) use emit::{New, scalar, scalar_like};
pub(crate) use expand::{Repeated, expand};
pub(crate) use item::{EditedItem, Item, Items};
pub(crate) use meaning::{merged_value, value_from_merge};
pub(crate) use plan::{Intent, Obstacle, Plan};
pub(crate) use proof::{Unproved, prove};
pub(crate) use runs::EditedRun;
pub(crate) use style::Style;
pub(crate) use template::Template;
