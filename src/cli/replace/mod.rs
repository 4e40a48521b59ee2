//! Replaces files so that at any time each of them is the old one or the new one, whole.
//!
//! The old file is locked, compared with what was read, and locked until the end: of two runs at once, one waits
//! and then finds that the file has changed. A new file is written beside the old one, made durable, and takes its
//! name; the folder is made durable as well. It has at most the permissions of the old one from its creation on.
//! A signal that ends the run removes the new file first; what a killed run leaves is removed by the next.

mod attributes;
mod made;
mod signals;
mod target;
mod temporary;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use promcfg::edit::FileChange;
use promcfg::files::path_of;
use promcfg::report::shown_path;

pub(crate) use self::made::check_folders;

use self::made::Made;
use self::target::{Target, replaceable};
use super::status::Failure;

/// A file that gets a new content.
#[derive(Debug)]
pub(crate) struct Replacement {
    /// Its name, as the user wrote it.
    pub(crate) name: String,
    /// What it must contain.
    pub(crate) before: Vec<u8>,
    /// What it will contain.
    pub(crate) after: Vec<u8>,
}

impl From<&FileChange> for Replacement {
    fn from(change: &FileChange) -> Self {
        Self {
            name: change.name.clone(),
            before: change.before.as_bytes().to_vec(),
            after: change.after().into_bytes(),
        }
    }
}

impl Replacement {
    fn shown(&self) -> Cow<'_, str> {
        shown_path(&self.name)
    }
}

/// How far the replacing is; tests end the process in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// All files are locked and as they were read.
    Locked,
    /// A new file is there, empty.
    Created,
    /// It has owner, mode and attributes of the old one.
    Owned,
    Written,
    Synced,
    /// It has the name of the old one.
    Renamed,
    /// The folders are durable.
    Done,
}

/// Writes what files have become: see [`replace_all`]. Files that do not exist are made first, empty.
pub(crate) fn write_changes(changes: &[FileChange]) -> Result<Vec<String>, Failure> {
    let made = Made::of(changes)?;
    // A config that names a new file is written after it.
    let (new, old): (Vec<_>, Vec<_>) = changes.iter().partition(|change| made.names.contains(&change.name));
    let notes = replace_all(&new.into_iter().chain(old).map(Replacement::from).collect::<Vec<_>>())?;
    made.keep();
    Ok(notes)
}

/// Replaces the files, all of them or none, unless a rename fails in between. Gives what is to be said about it.
///
/// # Errors
/// A file cannot be replaced, or is not what it was; which ones have been replaced all the same.
pub(crate) fn replace_all(files: &[Replacement]) -> Result<Vec<String>, Failure> {
    replace_step_by_step(files, &mut |_| {})
}

fn replace_step_by_step(files: &[Replacement], progress: &mut dyn FnMut(Progress)) -> Result<Vec<String>, Failure> {
    signals::watch();
    let files = each_once(files)?;
    let targets = lock_all(&files)?;
    unchanged(&files, &targets)?;
    progress(Progress::Locked);
    temporary::remove_strays(targets.iter().filter(|target| target.is_locked).map(|target| target.path.as_path()));
    let mut prepared = Vec::new();
    for (file, target) in files.iter().zip(&targets) {
        prepared.push(Prepared::new(file, target, progress)?);
    }
    // Programs that know nothing of the lock may have written meanwhile.
    unchanged(&files, &targets)?;
    // A signal has to wait: with several files, it finds none or all of them replaced.
    signals::undisturbed(|| rename_all(&files, &prepared, progress))?;
    let folders: BTreeSet<&Path> = targets.iter().filter_map(|target| target.path.parent()).collect();
    folders.into_iter().for_each(sync_folder);
    progress(Progress::Done);
    let unlocked = targets.iter().zip(&files).filter(|(target, _)| !target.is_locked);
    Ok(unlocked
        .map(|(_, file)| format!("{}: the file system has no locks; two edits at once may lose one", file.shown()))
        .collect())
}

/// Files that are there twice, by names that lead to the same file, are replaced once.
fn each_once(files: &[Replacement]) -> Result<Vec<&Replacement>, Failure> {
    let mut known: HashMap<PathBuf, &Replacement> = HashMap::new();
    let mut each = Vec::new();
    for file in files {
        let cannot = |error: io::Error| cannot_write(&file.name, &error);
        replaceable(&file.name, &fs::metadata(path_of(&file.name)).map_err(cannot)?)?;
        let path = fs::canonicalize(path_of(&file.name)).map_err(cannot)?;
        match known.get(&path) {
            None => {
                known.insert(path, file);
                each.push(file);
            }
            Some(other) if (&other.before, &other.after) == (&file.before, &file.after) => {}
            Some(other) => {
                return Err(Failure::new(format!("{} and {} are the same file", other.shown(), file.shown()))
                    .with_note("no file was written")
                    .with_note("the changes of the two names differ"));
            }
        }
    }
    Ok(each)
}

/// Locks the files in the order of their paths, so that no two runs wait for each other.
fn lock_all(files: &[&Replacement]) -> Result<Vec<Target>, Failure> {
    target::allow_open(files.len());
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_cached_key(|&index| fs::canonicalize(path_of(&files[index].name)).ok());
    let mut locked = Vec::new();
    for index in order {
        locked.push((index, Target::lock(&files[index].name)?));
    }
    locked.sort_by_key(|(index, _)| *index);
    Ok(locked.into_iter().map(|(_, target)| target).collect())
}

/// Refuses a file that is not what was read.
fn unchanged(files: &[&Replacement], targets: &[Target]) -> Result<(), Failure> {
    for (file, target) in files.iter().zip(targets) {
        if !target.has(&file.before).map_err(|error| cannot_write(&file.name, &error))? {
            return Err(Failure::new(format!("{} has changed since it was read", file.shown()))
                .with_note("no file was written")
                .with_help("run the command again"));
        }
    }
    Ok(())
}

fn rename_all(
    files: &[&Replacement],
    prepared: &[Prepared<'_>],
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Failure> {
    for (index, new) in prepared.iter().enumerate() {
        fs::rename(&new.temporary, new.path).map_err(|error| {
            let failure = Failure::new(format!("cannot replace {}: {error}", files[index].shown()));
            let written: Vec<Cow<'_, str>> = files[..index].iter().map(|file| file.shown()).collect();
            match written.is_empty() {
                true => failure.with_note("no file was written"),
                false => failure.with_note(format!("already written: {}", written.join(", "))),
            }
        })?;
        progress(Progress::Renamed);
    }
    Ok(())
}

/// A new file that is complete, but has not yet its name. If it does not get it, it is removed.
#[derive(Debug)]
struct Prepared<'t> {
    path: &'t Path,
    temporary: PathBuf,
}

impl Drop for Prepared<'_> {
    fn drop(&mut self) {
        signals::remove(&self.temporary);
    }
}

impl<'t> Prepared<'t> {
    fn new(file: &Replacement, target: &'t Target, progress: &mut dyn FnMut(Progress)) -> Result<Self, Failure> {
        let cannot = |error: io::Error| cannot_write(&file.name, &error);
        let temporary = temporary::path_beside(&target.path);
        let mut new = signals::create(&temporary).map_err(|error| cannot_create(&file.name, &error))?;
        let prepared = Self { path: &target.path, temporary };
        progress(Progress::Created);
        attributes::keep(&target.file, &new).map_err(|lost| {
            Failure::new(format!("cannot keep {} of {}: {}", lost.what, file.shown(), lost.error))
                .with_note("no file was written")
                .with_help("run the command as the owner of the file")
        })?;
        progress(Progress::Owned);
        new.write_all(&file.after).map_err(cannot)?;
        progress(Progress::Written);
        new.sync_all().map_err(cannot)?;
        progress(Progress::Synced);
        Ok(prepared)
    }
}

fn cannot_write(name: &str, error: &io::Error) -> Failure {
    let name = shown_path(name);
    let failure = match error.kind() {
        io::ErrorKind::PermissionDenied => Failure::new(format!("cannot write {name}: permission denied")),
        io::ErrorKind::ReadOnlyFilesystem => Failure::new(format!("cannot write {name}: the file system is read-only")),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Failure::new(format!("cannot write {name}: the disk is full"))
        }
        io::ErrorKind::FileTooLarge => {
            Failure::new(format!("cannot write {name}: it would be larger than files may be here"))
                .with_help("show the limit with `ulimit -f`")
        }
        _ if is_of_too_many_files(error) => Failure::new(format!("cannot write {name}: too many files are open"))
            .with_note("all files of an edit are open until the last one is written")
            .with_help("raise the limit with `ulimit -n`"),
        _ => Failure::new(format!("cannot write {name}: {error}")),
    };
    failure.with_note("no file was written")
}

/// Why the new file beside the old one cannot be made: then the old one need not be at fault.
fn cannot_create(name: &str, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            Failure::new(format!("cannot write {}: permission denied in its folder", shown_path(name)))
                .with_note("the file is replaced by a new one, which is created in the same folder")
                .with_note("no file was written")
        }
        _ => cannot_write(name, error),
    }
}

#[cfg(unix)]
fn is_of_too_many_files(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::MFILE, Errno::NFILE].iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

#[cfg(not(unix))]
fn is_of_too_many_files(_: &io::Error) -> bool {
    false
}

/// Makes the new names durable. Where folders cannot be opened, the system does it by itself.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _unsupported = folder.sync_all();
    }
}
