//! The files to be linted.

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use ignore::WalkBuilder;
use promcfg::files::{DiskFiles, name_of, path_of};
use promcfg::{Files, Release};

use crate::cli::status::Failure;

/// A file that may be one to be linted.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) path: String,
    /// Whether the user named it, rather than a folder it is in.
    pub(crate) is_named: bool,
    /// The release that it is for.
    pub(crate) release: Release,
}

/// Files in folders that are larger than this are not looked at: no config is.
const LARGEST_FOUND: u64 = 64 << 20;

/// The files that `paths` name, those in folders sorted; the current folder when there is no path.
pub(crate) fn candidates(paths: &[String]) -> Vec<Result<Candidate, Failure>> {
    let current = [".".to_string()];
    let paths = if paths.is_empty() { &current } else { paths };
    let mut seen = HashSet::new();
    let mut candidates = Vec::new();
    for path in paths {
        if path != "-" && path_of(path).is_dir() {
            candidates.extend(in_folder(path));
        } else {
            candidates.push(Ok(Candidate { path: path.clone(), is_named: true, release: Release::LATEST }));
        }
    }
    candidates.retain(|candidate| candidate.as_ref().map_or(true, |candidate| seen.insert(candidate.path.clone())));
    candidates
}

fn in_folder(folder: &str) -> Vec<Result<Candidate, Failure>> {
    let mut walk = WalkBuilder::new(path_of(folder));
    walk.hidden(true).require_git(false).sort_by_file_name(Ord::cmp).max_filesize(Some(LARGEST_FOUND));
    let mut found = Vec::new();
    for entry in walk.build() {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) && has_ending(entry.path()) => {
                let path = entry.path().strip_prefix("./").unwrap_or(entry.path());
                let path = name_of(path.as_os_str());
                found.push(Ok(Candidate { path, is_named: false, release: Release::LATEST }));
            }
            Ok(_) => {}
            Err(error) => found.push(Err(Failure::new(format!("cannot walk {folder}: {error}")))),
        }
    }
    found
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
        DiskFiles.read(path)
    }

    fn glob(&self, pattern: &str) -> io::Result<Vec<String>> {
        DiskFiles.glob(pattern)
    }
}

/// What a file is known by, however its path is written.
pub(crate) fn identity(path: &str) -> String {
    std::fs::canonicalize(path_of(path)).map_or_else(|_| path.to_string(), |path| name_of(path.as_os_str()))
}
