//! How the library reads the files that a config refers to: a trait, and ready readers.
//!
//! The library opens no file by itself. The caller hands in a [`Files`]: [`NoFiles`], [`MemoryFiles`],
//! or (with the feature `cli`) [`DiskFiles`] or [`RootedFiles`].

#[cfg(feature = "cli")]
mod disk;
mod glob;
mod memory;
#[cfg(feature = "cli")]
mod path;
mod refusal;

#[cfg(feature = "cli")]
pub use disk::{DiskFiles, LARGEST_FOUND_FILE, LARGEST_NAMED_FILE, RootedFiles, read_bounded, read_regular};
pub use glob::{PatternError, glob_match};
pub(crate) use glob::{is_valid_path_pattern, is_valid_target_file_pattern};
pub use memory::MemoryFiles;
#[cfg(feature = "cli")]
pub use path::{name_of, path_of};
pub use refusal::{NotRegularError, OutsideRootError, TooLargeFileError};
pub(crate) use refusal::{is_outside_root, is_own_refusal};

/// Reads the files that a config refers to. Paths are as the config gives them, joined to the config's folder.
pub trait Files: Send + Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// The system's error when it cannot be read.
    fn read(&self, path: &str) -> std::io::Result<Vec<u8>>;

    /// The files that match a pattern of Go's `filepath.Glob`, in byte order of their names.
    ///
    /// # Errors
    /// When the pattern is malformed or a folder cannot be listed.
    fn glob(&self, pattern: &str) -> std::io::Result<Vec<String>>;
}

/// No files at all: nothing matches any pattern.
///
/// ```
/// use promcfg::{Files, NoFiles};
/// assert!(NoFiles.glob("*.json").is_ok_and(|files| files.is_empty()));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, path: &str) -> std::io::Result<Vec<u8>> {
        Err(not_found(path))
    }

    fn glob(&self, _: &str) -> std::io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

fn not_found(path: &str) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::NotFound, format!("{path}: no such file"))
}
