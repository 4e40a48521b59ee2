//! The files to be linted.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use promcfg::files::{name_of, path_of};
use promcfg::report::shown_path;
use promcfg::{Files, Release};

use super::walk::{Met, walk};
use crate::cli::disk::{Disk, within_root};
use crate::cli::status::Failure;

/// A file that may be one to be linted.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) path: String,
    /// Whether the user named it, rather than a folder it is in.
    pub(crate) is_named: bool,
    /// The release that it is for, if one is named.
    pub(crate) release: Option<Release>,
}

/// What the paths lead to.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    pub(crate) files: Vec<Candidate>,
    /// Folders that cannot be read.
    pub(crate) failures: Vec<Failure>,
    /// Files that are not read, with the reasons.
    pub(crate) notes: Vec<String>,
}

/// The files that `paths` name, those in folders sorted; the current folder when there is no path.
pub(crate) fn candidates(paths: &[String]) -> Candidates {
    let current = [".".to_string()];
    let paths = if paths.is_empty() { &current } else { paths };
    let mut candidates = Candidates::default();
    for path in paths {
        if path != "-" && path_of(path).is_dir() {
            candidates.add_folder(path);
        } else {
            let named = Candidate { path: path.clone(), is_named: true, release: None };
            candidates.files.push(named);
        }
    }
    candidates.keep_each_once();
    candidates
}

/// A path without `.` and double slashes; standard input is not a file with the name `-`.
fn plain(path: &str) -> (bool, PathBuf) {
    let parts = Path::new(path).components().filter(|part| *part != Component::CurDir);
    (path == "-", parts.collect())
}

impl Candidates {
    /// A file that is named in several ways, or named and in a folder, is there once, and counts as named.
    fn keep_each_once(&mut self) {
        let mut indexes = HashMap::new();
        for candidate in std::mem::take(&mut self.files) {
            match indexes.entry(plain(&candidate.path)) {
                Entry::Vacant(entry) => {
                    entry.insert(self.files.len());
                    self.files.push(candidate);
                }
                Entry::Occupied(entry) => self.files[*entry.get()].is_named |= candidate.is_named,
            }
        }
    }

    fn add_folder(&mut self, folder: &str) {
        if let Err(error) = within_root(&path_of(folder)) {
            self.failures.push(Failure::new(format!("cannot read {}: {error}", shown_path(folder))));
            return;
        }
        let name = |path: &Path| name_of(path.strip_prefix("./").unwrap_or(path).as_os_str());
        let shown = |path: &Path| shown_path(&name(path)).into_owned();
        walk(&path_of(folder), &has_ending, &mut |met| match met {
            Met::File(path) => {
                self.files.push(Candidate { path: name(&path), is_named: false, release: None });
            }
            Met::Unread(path, why) => self.notes.push(format!("{} is not read: it {why}", shown(&path))),
            Met::Failed(path, error) => {
                self.failures.push(Failure::new(format!("cannot list {}: {error}", shown(&path))));
            }
        });
    }
}

fn has_ending(path: &Path) -> bool {
    let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    ending.is_some_and(|ending| ["yml", "yaml", "json"].iter().any(|known| ending == *known))
}

/// The disk, remembering what was read: files that a config includes are not linted again.
#[derive(Debug, Default)]
pub(crate) struct RecordingDisk {
    read: Mutex<HashSet<String>>,
}

impl RecordingDisk {
    /// The files that were read, each by its [`identity`].
    pub(crate) fn into_read(self) -> HashSet<String> {
        self.read.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for RecordingDisk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(identity(path));
        Disk.read(path)
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        Disk.glob(pattern)
    }
}

/// What a file is known by, however its path is written.
pub(crate) fn identity(path: &str) -> String {
    std::fs::canonicalize(path_of(path)).map_or_else(|_| path.to_string(), |path| name_of(path.as_os_str()))
}
