//! Why the edits of a text are not proved, in words.

use crate::diagnostic::{Diagnostic, ids};
use crate::text::{FileId, Location, Span};
use crate::yaml_edit::Unproved;

use super::super::request::refused;

/// The refusal of edits that are not proved.
pub(in crate::edit) fn explain(unproved: Unproved, file: FileId) -> Diagnostic {
    let at = |span: Span| Location::new(file, span);
    match unproved {
        Unproved::Overlap => {
            refused(ids::EDIT_LAYOUT, at(Span::empty(0)), "two changes need the same place in the text")
                .with_help("change one job at a time")
        }
        Unproved::Unreadable => refused(ids::EDIT_UNPROVED, at(Span::empty(0)), "the changed text is not valid YAML"),
        Unproved::OtherTree(span) => {
            refused(ids::EDIT_UNPROVED, at(span), "the change would also affect this part of the text")
                .with_help("write this part on lines of its own, or edit it by hand")
        }
        Unproved::Comment(span) => {
            refused(ids::EDIT_COMMENT, at(span), "the edit would lose this comment or leave it at something else")
                .with_help("move the comment, or make the change by hand")
        }
    }
}
