//! The files as they will be: the disk with the changes that earlier configs have made in memory.

use std::collections::HashSet;
use std::io;
use std::sync::{Mutex, PoisonError};

use promcfg::Files;
use promcfg::edit::FileChange;
use promcfg::files::MemoryFiles;

use crate::cli::disk::Disk;
use crate::cli::lint::files::identity;

/// Changes of files that are not written yet, whatever names the files are known by.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) changes: Vec<FileChange>,
    identities: Vec<String>,
    /// The files that were read for configs, each by its identity.
    read: Mutex<HashSet<String>>,
}

impl Pending {
    /// The text that a file will have, if it changes.
    pub(super) fn text_of(&self, path: &str) -> Option<String> {
        let own = identity(path);
        let index = self.identities.iter().position(|known| *known == own)?;
        self.changes.get(index).map(FileChange::after)
    }

    /// Adds a change of what the file will be.
    pub(super) fn add(&mut self, change: &FileChange) {
        let own = identity(&change.name);
        match self.identities.iter().position(|known| *known == own) {
            Some(index) => {
                let first = &mut self.changes[index];
                first.then(change);
            }
            None => {
                self.changes.push(change.clone());
                self.identities.push(own);
            }
        }
    }

    /// The same, with no file read yet.
    pub(super) fn begin_again(self) -> Self {
        Self { read: Mutex::default(), ..self }
    }

    /// Whether a file was read for another config.
    pub(super) fn was_read(&self, path: &str) -> bool {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).contains(&identity(path))
    }
}

impl Files for Pending {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(identity(path));
        match self.text_of(path) {
            Some(text) => Ok(text.into_bytes()),
            None => Disk.read(path),
        }
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        let mut found = Disk.glob(pattern)?;
        // Files that are made are not on the disk yet.
        let made: MemoryFiles = self.changes.iter().map(|file| (file.name.as_str(), "")).collect();
        let is_new = |name: &String| !found.iter().any(|own| identity(own) == identity(name));
        let new: Vec<String> = made.glob(pattern)?.into_iter().filter(is_new).collect();
        found.extend(new);
        found.sort_unstable();
        Ok(found)
    }
}
