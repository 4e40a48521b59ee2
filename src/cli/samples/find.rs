//! The files that `--targets` names: files, standard input, folders, and patterns.

use std::fs;
use std::path::{Path, PathBuf};

use promcfg::Files;
use promcfg::files::{name_of, path_of};
use promcfg::report::shown_path;

use crate::cli::disk::{Disk, within_root};
use crate::cli::status::Failure;

/// The most files that folders and patterns lead to.
const MOST_FILES: usize = 100_000;
/// The depth of folders that are searched.
const DEEPEST: usize = 32;
/// The endings of files in folders that may hold targets or objects.
const ENDINGS: [&str; 6] = ["json", "yml", "yaml", "ndjson", "jsonl", "txt"];

/// A file with targets or objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its path; `-` for standard input.
    pub(crate) path: String,
    /// Whether the user named this very file: a file that a folder or a pattern leads to may hold something else.
    pub(crate) is_named: bool,
}

/// The files that names lead to, each once, in the order of the names. `purpose` says what they are: `target files`.
///
/// # Errors
/// A folder cannot be listed, a pattern fits no file, or there are too many files.
pub(crate) fn find(names: &[String], purpose: &str) -> Result<Vec<Found>, Failure> {
    let mut found: Vec<Found> = Vec::new();
    for name in names {
        let path = path_of(name);
        let named = || Found { path: name.clone(), is_named: true };
        if name == "-" || path.is_file() {
            found.push(named());
        } else if path.is_dir() {
            let before = found.len();
            search(&path, 0, &mut found)?;
            if found.len() == before {
                let endings = ENDINGS.map(|ending| format!(".{ending}")).join(", ");
                return Err(Failure::new(format!("the folder {} has no {purpose}", shown_path(name)))
                    .with_note(format!("in a folder, files with the endings {endings} are read, also with .gz")));
            }
        } else if name.contains(['*', '?', '[']) && !path.exists() {
            found.extend(of_pattern(name, purpose)?);
        } else {
            // A FIFO, a device, or a file that does not exist: opening it gives the reason.
            found.push(named());
        }
    }
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|file| seen.insert(file.path.clone()));
    Ok(found)
}

fn of_pattern(pattern: &str, purpose: &str) -> Result<Vec<Found>, Failure> {
    let shown = shown_path(pattern);
    let mut paths = Disk.glob(pattern).map_err(|error| Failure::new(format!("cannot list {shown}: {error}")))?;
    // As in a folder, and as a shell does.
    let is_hidden = |path: &str| path_of(path).file_name().is_some_and(|name| name_of(name).starts_with('.'));
    paths.retain(|path| !is_hidden(path) || is_hidden(pattern));
    if paths.is_empty() {
        return Err(Failure::new(format!("no file matches the pattern {shown}"))
            .with_help(format!("name {purpose}, or folders with {purpose}")));
    }
    if paths.len() > MOST_FILES {
        return Err(too_many());
    }
    Ok(paths.into_iter().map(|path| Found { path, is_named: false }).collect())
}

/// Adds the files of a folder and of those in it, by name. Hidden ones are left out, and links are not followed.
fn search(folder: &Path, depth: usize, found: &mut Vec<Found>) -> Result<(), Failure> {
    let shown = name_of(folder.as_os_str());
    let failed = |error| Failure::new(format!("cannot list the folder {}: {error}", shown_path(&shown)));
    let entries = within_root(folder).and_then(fs::read_dir).map_err(failed)?;
    let mut entries: Vec<fs::DirEntry> = entries.collect::<Result<_, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path: PathBuf = folder.join(entry.file_name());
        let name = name_of(&entry.file_name());
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() && depth < DEEPEST {
            search(&path, depth + 1, found)?;
        } else if kind.is_file() && has_ending(&name) {
            if found.len() >= MOST_FILES {
                return Err(too_many());
            }
            found.push(Found { path: name_of(path.as_os_str()), is_named: false });
        }
    }
    Ok(())
}

fn has_ending(name: &str) -> bool {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

fn too_many() -> Failure {
    Failure::new(format!("the given names lead to more than {MOST_FILES} files")).with_help("name fewer files")
}
