//! Files in memory.

use std::collections::BTreeMap;
use std::io;

use super::{Files, PatternError, glob_match, not_found};

/// Files in memory, by path. Patterns match as Go's `filepath.Glob` does: `*` does not cross a `/`.
///
/// ```
/// use promcfg::Files;
/// use promcfg::files::MemoryFiles;
/// let files: MemoryFiles = [("targets/b.json", "[]"), ("targets/a.json", "[]")].into_iter().collect();
/// assert_eq!(files.glob("targets/*.json")?, ["targets/a.json", "targets/b.json"]);
/// assert_eq!(files.read("targets/a.json")?, b"[]");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryFiles {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryFiles {
    /// Without files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or replaces it.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }
}

impl<P: Into<String>, B: Into<Vec<u8>>> FromIterator<(P, B)> for MemoryFiles {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        Self { files: files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect() }
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| not_found(path))
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        let bad = |_| io::Error::new(io::ErrorKind::InvalidInput, "syntax error in pattern");
        pattern.split('/').try_for_each(|element| glob_match(element, "").map(drop)).map_err(bad)?;
        let mut found = Vec::new();
        for path in self.files.keys() {
            if matches(pattern, path).map_err(bad)? {
                found.push(path.clone());
            }
        }
        Ok(found)
    }
}

/// Whether a path matches a pattern, element by element.
fn matches(pattern: &str, path: &str) -> Result<bool, PatternError> {
    let mut is_match = pattern.split('/').count() == path.split('/').count();
    for (pattern, name) in pattern.split('/').zip(path.split('/')) {
        is_match &= glob_match(pattern, name)?;
    }
    Ok(is_match)
}
