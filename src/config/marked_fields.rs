//! Fields that are worth a word wherever they are: secrets, files, and what is deprecated.

use crate::text::{FileId, Spanned};

use super::WrittenField;

/// A field that is given and has a mark in the tables.
#[derive(Clone, Debug)]
pub(crate) struct MarkedField {
    pub(crate) file: FileId,
    /// The job it is in.
    pub(crate) job: Option<String>,
    /// The field as written.
    pub(crate) field: WrittenField,
    /// Whether the mapping it is in is in flow style.
    pub(crate) is_in_flow: bool,
    /// The field of the same section that names a file with the value, if there is one.
    pub(crate) file_key: Option<&'static str>,
    /// The replacement, if it is deprecated.
    pub(crate) successor: Option<&'static str>,
    /// The texts that are never to be shown, empty ones left out.
    pub(crate) secrets: Vec<Spanned<String>>,
    /// The paths of the files that it names, or patterns of paths, as written.
    pub(crate) paths: Vec<Spanned<String>>,
}
