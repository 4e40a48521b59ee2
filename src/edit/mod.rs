//! Changes of a config's text that touch only the bytes they must, and are proved before they are made.
//!
//! `request` says what is asked for; `add` and `remove` choose the operations (`ops`) of a job that
//! have the effect asked for, tried in memory (`trial`); `site` finds their places in the tree; `plan`
//! turns them into replacements of bytes, with new nodes from `emit` in the `style` of their neighbours;
//! `proof` and `comments` compare the old tree with the new one; `document` puts it all together.

mod add;
mod change;
mod comments;
mod document;
mod emit;
mod names;
mod ops;
mod place;
mod plan;
mod proof;
mod remove;
mod request;
mod samples;
mod site;
mod style;
mod trial;
mod verify;

pub use change::{ConfigChange, FileChange};
pub use document::Document;
pub use request::{AddLabel, EditError, LabelStage, Meant, Method, RemoveLabel};
