//! Changes of a config's text that touch only the bytes they must, and are proved before they are made.

mod change;
mod commands;
mod document;
mod driver;
mod open;
mod ops;
mod overlay;
mod request;

pub use change::{ConfigChange, FileChange};
pub use commands::{AddLabel, FixOutcome, RemoveLabel, fix_config};
pub use document::Document;
pub use request::{EditError, LabelStage, Method, Selection};
