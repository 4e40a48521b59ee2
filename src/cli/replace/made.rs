//! Files that an edit makes: empty ones first, which are then replaced like others.

use std::fs::{self, OpenOptions};
use std::io;

use promcfg::edit::FileChange;
use promcfg::files::path_of;
use promcfg::report::shown_path;

use super::cannot_write;
use crate::cli::status::Failure;

/// New files; they are removed unless they are kept.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) names: Vec<String>,
}

impl Made {
    /// Makes the files that change from nothing and do not exist.
    ///
    /// # Errors
    /// A file cannot be made; the others are removed.
    pub(super) fn of(changes: &[FileChange]) -> Result<Self, Failure> {
        let mut made = Self { names: Vec::new() };
        let is_missing = |name: &str| matches!(fs::symlink_metadata(path_of(name)), Err(error) if error.kind() == io::ErrorKind::NotFound);
        for change in changes.iter().filter(|change| change.before.is_empty() && is_missing(&change.name)) {
            // Another program that makes the file at the same time wins.
            let file = OpenOptions::new().write(true).create_new(true).open(path_of(&change.name));
            file.map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => without_folder(&change.name),
                _ => cannot_write(&change.name, &error),
            })?;
            made.names.push(change.name.clone());
        }
        Ok(made)
    }

    /// Leaves the files as they are.
    pub(super) fn keep(mut self) {
        self.names.clear();
    }
}

/// Refuses new files whose folder does not exist, before anything is shown or written.
///
/// # Errors
/// The folder of a new file does not exist.
pub(crate) fn check_folders(changes: &[FileChange]) -> Result<(), Failure> {
    let lacks_folder = |change: &&FileChange| {
        let path = path_of(&change.name);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        change.before.is_empty() && !path.exists() && folder.is_some_and(|folder| !folder.is_dir())
    };
    match changes.iter().find(lacks_folder) {
        Some(change) => Err(without_folder(&change.name)),
        None => Ok(()),
    }
}

fn without_folder(name: &str) -> Failure {
    Failure::new(format!("cannot create {}: its folder does not exist", shown_path(name)))
        .with_note("no file was written")
        .with_help("create the folder first")
}

impl Drop for Made {
    fn drop(&mut self) {
        for name in &self.names {
            let is_empty = fs::metadata(path_of(name)).is_ok_and(|own| own.len() == 0);
            if is_empty {
                let _removed = fs::remove_file(path_of(name));
            }
        }
    }
}
