//! Files within one folder: whatever leads out of it is not opened.

use std::io;
use std::path::{Path, PathBuf};

use super::super::refusal::{OutsideRootError, is_outside_root};
use super::super::{Files, PatternError, path_of};
use super::regular::{LARGEST_FOUND_FILE, read_regular};
use super::{checked_pattern, matches_of};

/// So many links in a row are followed, as the system does.
const MOST_LINKS: usize = 40;

/// The files on the disk that are in a folder or below it. A path that leads elsewhere, by `..`, as an
/// absolute path or over a symbolic link, is not opened: reading it is an [`OutsideRootError`], also where there is
/// no such file. Patterns list no folder outside; such a part of a pattern is given back as a path, so that it
/// is not mistaken for a pattern without files.
///
/// ```no_run
/// use promcfg::files::{OutsideRootError, RootedFiles};
/// use promcfg::Files;
/// let files = RootedFiles::new("conf")?;
/// let error = files.read("/etc/passwd").unwrap_err();
/// assert!(error.get_ref().is_some_and(|inner| inner.is::<OutsideRootError>()));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RootedFiles {
    /// As the user wrote it.
    name: String,
    /// Without links.
    root: PathBuf,
}

impl RootedFiles {
    /// The files in the folder `root`, and below it.
    ///
    /// # Errors
    /// It does not exist, or is not a folder.
    pub fn new(root: impl AsRef<Path>) -> io::Result<Self> {
        let name = root.as_ref().to_string_lossy().into_owned();
        let root = root.as_ref().canonicalize()?;
        if !root.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { name, root })
    }

    /// The folder, absolute and without links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file that a path leads to, absolute and without links.
    ///
    /// ```no_run
    /// let files = promcfg::files::RootedFiles::new("conf")?;
    /// assert!(files.resolve("conf/../../x".as_ref()).is_err());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`OutsideRootError`] as `PermissionDenied`; the system's error where the path cannot be followed.
    pub fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let resolved = resolve(path, MOST_LINKS)?;
        if resolved.starts_with(&self.root) {
            return Ok(resolved);
        }
        Err(io::Error::new(io::ErrorKind::PermissionDenied, OutsideRootError::new(&self.name)))
    }

    fn is_outside(&self, path: &Path) -> bool {
        self.resolve(path).is_err_and(|error| is_outside_root(&error))
    }
}

impl Files for RootedFiles {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        read_regular(&self.resolve(&path_of(path))?, LARGEST_FOUND_FILE)
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        let bad = |error: PatternError| io::Error::new(io::ErrorKind::InvalidInput, error);
        checked_pattern(pattern).map_err(bad)?;
        matches_of(pattern, &|folder| !self.is_outside(&path_of(folder))).map_err(bad)
    }
}

/// The file that a path leads to, which need not exist: what is missing is put after the last folder that exists.
fn resolve(path: &Path, links: usize) -> io::Result<PathBuf> {
    let missing = match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => error,
        outcome => return outcome,
    };
    let parent = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(missing),
    };
    if let Ok(target) = path.read_link() {
        return match links.checked_sub(1) {
            Some(links) => resolve(&parent.join(target), links),
            None => Err(missing),
        };
    }
    // Without a name, the path ends in `..` after a folder that does not exist.
    let name = path.file_name().ok_or(missing)?;
    Ok(resolve(parent, links)?.join(name))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    /// A folder `out` with a file, beside a folder `in` with a file and links.
    fn folders() -> (tempfile::TempDir, RootedFiles, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir_all(path("in/sub")).unwrap();
        fs::create_dir(path("out")).unwrap();
        fs::write(path("in/own.json"), "own").unwrap();
        fs::write(path("out/secret.json"), "secret").unwrap();
        symlink("../out/secret.json", path("in/link.json")).unwrap();
        symlink("../out/missing.json", path("in/dangling.json")).unwrap();
        symlink("../out", path("in/folder")).unwrap();
        symlink("own.json", path("in/inner.json")).unwrap();
        symlink("loop.json", path("in/loop.json")).unwrap();
        let files = RootedFiles::new(path("in")).unwrap();
        let root = path("in").to_str().unwrap().to_string();
        (folder, files, root)
    }

    #[test]
    fn paths_that_lead_out_of_the_root_are_not_read() {
        let (_folder, files, root) = folders();
        let reason = |path: &str| files.read(path).unwrap_err().to_string();
        let outside = format!("is outside the root {root}");
        for path in
            ["link.json", "dangling.json", "folder/secret.json", "../out/secret.json", "sub/../../out/none.json"]
        {
            assert_eq!(reason(&format!("{root}/{path}")), outside, "{path}");
        }
        assert_eq!(reason("/etc/passwd"), outside);
        assert_eq!(reason("/etc/there/is/no/such/file"), outside);
        for path in ["own.json", "inner.json", "sub/../own.json"] {
            assert_eq!(files.read(&format!("{root}/{path}")).unwrap(), b"own", "{path}");
        }
        for path in ["none.json", "none/own.json", "none/../own.json"] {
            let error = files.read(&format!("{root}/{path}")).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound, "{path}");
        }
        assert!(files.read(&format!("{root}/loop.json")).is_err());
    }

    #[test]
    fn a_root_is_not_the_beginning_of_another_name() {
        let (folder, _, root) = folders();
        fs::create_dir(folder.path().join("in2")).unwrap();
        fs::write(folder.path().join("in2/a"), "").unwrap();
        let files = RootedFiles::new(&root).unwrap();
        assert!(files.is_outside(&folder.path().join("in2/a")));
        assert!(RootedFiles::new(folder.path().join("in/own.json")).is_err());
    }

    #[test]
    fn patterns_list_nothing_outside_the_root_and_do_not_look_empty() {
        let (folder, files, root) = folders();
        let found = |pattern: &str| files.glob(pattern).unwrap();
        assert_eq!(found(&format!("{root}/o*.json")), [format!("{root}/own.json")]);
        assert_eq!(found(&format!("{root}/none*.json")), Vec::<String>::new());
        let outside = format!("{}/out", folder.path().display());
        assert_eq!(found(&format!("{outside}/*.json")), [format!("{outside}/*.json")]);
        assert_eq!(found(&format!("{outside}/none.json")), [format!("{outside}/none.json")]);
        // `folder` is a link: its part of the pattern stays as it is, and cannot be read.
        assert_eq!(found(&format!("{root}/f*/*.json")), [format!("{root}/folder/*.json")]);
        assert_eq!(files.read(&format!("{root}/folder/*.json")).unwrap_err().to_string(), {
            format!("is outside the root {root}")
        });
    }
}
