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
    if folder.is_empty() {
        return Err(Failure::new("the root has an empty name").with_help("name a folder"));
    }
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

/// Opens a file that the user names. It may be a FIFO, as in `<(…)`, or a device, also outside the root.
///
/// # Errors
/// It is a folder, is a regular file outside the root, a link in the root leads out of it, or it cannot be opened.
pub(crate) fn open_named(path: &Path) -> io::Result<File> {
    let found = match within_root(path) {
        Ok(found) => found,
        // A link in the root can be a stranger's: nothing is said of the file that it leads to.
        Err(error) if root().is_some_and(|root| follows_link_in(root, path)) => return Err(error),
        Err(error) => match std::fs::metadata(path).map(|metadata| metadata.file_type()) {
            Ok(kind) if !(kind.is_file() || kind.is_dir()) => path.to_path_buf(),
            _ => return Err(error),
        },
    };
    if std::fs::metadata(&found)?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    File::open(found)
}

/// Whether a step of a path is a symbolic link in a folder or below it.
fn follows_link_in(folder: &Path, path: &Path) -> bool {
    path.ancestors().filter(|step| step.is_symlink()).any(|link| {
        let parent = link.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        parent.canonicalize().is_ok_and(|parent| parent.starts_with(folder))
    })
}

/// The content of a file that the user names.
///
/// # Errors
/// As [`open_named`]; it is too large, or cannot be read.
pub(crate) fn read_named(path: &Path) -> io::Result<Vec<u8>> {
    read_bounded(open_named(path)?)
}
