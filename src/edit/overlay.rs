//! The files as they will be.

use crate::files::{Files, MemoryFiles};

use super::change::FileChange;

/// Files of which some have changed.
pub(super) struct Overlay<'c> {
    pub(super) files: &'c dyn Files,
    pub(super) changed: &'c [FileChange],
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str) -> std::io::Result<Vec<u8>> {
        match self.changed.iter().find(|file| file.name == path) {
            Some(file) => Ok(file.after().into_bytes()),
            None => self.files.read(path),
        }
    }

    fn glob(&self, pattern: &str) -> std::io::Result<Vec<String>> {
        let mut found = self.files.glob(pattern)?;
        // Files that are made exist nowhere else yet.
        let made: MemoryFiles = self.changed.iter().map(|file| (file.name.as_str(), "")).collect();
        found.extend(made.glob(pattern)?);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}
