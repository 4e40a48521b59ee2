//! The disk as the commands read it: all of it, or with `--root` one folder.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use promcfg::Files;
use promcfg::files::{DiskFiles, RootedFiles, path_of, read_bounded, read_regular};
use promcfg::report::shown_path;

use super::status::Failure;

/// Set once, before a command starts.
static ROOT: OnceLock<RootedFiles> = OnceLock::new();

/// Bounds what is read by the folder that `--root` names.
///
/// # Errors
/// It is not a folder.
pub(crate) fn set_root(folder: &str) -> Result<(), Failure> {
    let root = RootedFiles::new(path_of(folder)).map_err(|error| {
        Failure::new(format!("cannot use {} as the root: {error}", shown_path(folder))).with_help("name a folder")
    })?;
    let _set_before = ROOT.set(root);
    Ok(())
}

/// The files that a config refers to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        match ROOT.get() {
            Some(root) => root.read(path),
            None => DiskFiles.read(path),
        }
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        match ROOT.get() {
            Some(root) => root.glob(pattern),
            None => DiskFiles.glob(pattern),
        }
    }
}

/// The folder that bounds what is read, absolute and without links.
pub(crate) fn root() -> Option<&'static Path> {
    ROOT.get().map(RootedFiles::root)
}

/// The file that a path leads to.
///
/// # Errors
/// It is outside the root.
pub(crate) fn within_root(path: &Path) -> io::Result<PathBuf> {
    ROOT.get().map_or_else(|| Ok(path.to_path_buf()), |root| root.resolve(path))
}

/// The content of a file that was found rather than named, of at most `largest` bytes.
///
/// # Errors
/// It is not a regular file, is too large, is outside the root, or cannot be read.
pub(crate) fn read_found(path: &Path, largest: u64) -> io::Result<Vec<u8>> {
    read_regular(&within_root(path)?, largest)
}

/// Opens a file that the user names. It may be a FIFO, as in `<(…)`, or a device; such a one has no folder.
///
/// # Errors
/// It is a folder, is a regular file outside the root, or cannot be opened.
pub(crate) fn open_named(path: &Path) -> io::Result<File> {
    let kind = std::fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    File::open(if kind.is_file() { within_root(path)? } else { path.to_path_buf() })
}

/// The content of a file that the user names.
///
/// # Errors
/// As [`open_named`]; it is too large, or cannot be read.
pub(crate) fn read_named(path: &Path) -> io::Result<Vec<u8>> {
    read_bounded(open_named(path)?)
}
