//! Changes of a config's text that touch only the bytes they must, and are proved before they are made.
//!
//! `request` says what is asked for; `add` and `remove` choose the operations (`ops`) of a job that
//! have the effect asked for, tried in memory (`what_if`); `locator` finds their places in the tree, and
//! `crate::yaml_edit` turns them into replacements of bytes; `verify` reads the new text again and compares
//! what the targets become; `document` puts it all together. `fix` makes the fixes of what `lint` finds.

mod add;
mod change;
mod document;
mod fix;
mod locate;
mod names;
mod open;
mod ops;
mod remove;
mod request;
mod samples;
mod verify;
mod what_if;

pub use change::{ConfigChange, FileChange};
pub use document::Document;
pub use fix::{FixOutcome, fix_config};
pub use request::{AddLabel, EditError, LabelStage, Method, RemoveLabel, Selection};
