//! The list of what is found, bounded.

use super::super::value::Value;
use super::path::Path;
use super::{Pruned, SchemaError};
use crate::text::Location;

/// How many bytes the texts of all messages about one object may have: a path can be long, and many values have the
/// same one before them.
const MOST_TEXT: usize = 1 << 20;

/// What is found of an object.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) pruned: Vec<Pruned>,
    pub(super) errors: Vec<SchemaError>,
    /// How much was found beyond the bound.
    pub(super) unlisted: usize,
    left: usize,
}

impl Record {
    pub(super) fn new() -> Self {
        Self { pruned: Vec::new(), errors: Vec::new(), unlisted: 0, left: MOST_TEXT }
    }

    /// Whether a text of that length is listed.
    fn has_room(&mut self, length: usize) -> bool {
        match self.left.checked_sub(length) {
            Some(left) => {
                self.left = left;
                true
            }
            None => {
                self.unlisted += 1;
                false
            }
        }
    }

    /// A key that is dropped. Whether it is listed.
    pub(super) fn prune(&mut self, path: &Path<'_>, at: Location) -> bool {
        let has_room = self.has_room(path.length());
        if has_room {
            self.pruned.push(Pruned { path: path.to_string(), at, near: None, advice: None });
        }
        has_room
    }

    /// An error. The first is always listed: it says that the object is refused.
    pub(super) fn error(&mut self, path: &Path<'_>, at: Location, message: impl FnOnce() -> String) {
        let is_first = self.errors.is_empty();
        if !self.has_room(path.length()) && !is_first {
            return;
        }
        let message = message();
        if !self.has_room(message.len()) && !is_first {
            return;
        }
        self.errors.push(SchemaError { path: path.to_string(), message, help: None, at });
    }

    /// An error that has a remedy.
    pub(super) fn error_with_help(
        &mut self,
        path: &Path<'_>,
        at: Location,
        message: impl FnOnce() -> String,
        help: impl FnOnce() -> Option<String>,
    ) {
        let listed = self.errors.len();
        self.error(path, at, message);
        if let Some(error) = self.errors.get_mut(listed) {
            error.help = help();
        }
    }
}

/// Where a message about a missing member is shown: at the name of the object, or at its first key.
pub(super) fn place_in(object: &Value, named_at: Option<Location>) -> Location {
    named_at.or_else(|| object.entries().first().map(|entry| entry.key_at)).unwrap_or(object.at)
}
