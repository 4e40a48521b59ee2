//! Replaces files so that at any time each of them is the old one or the new one, whole.
//!
//! A new file is written beside the old one, made durable, and takes its name; the folder is made
//! durable as well. What a killed run left behind is removed by the next.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use promcfg::edit::FileChange;
use promcfg::files::path_of;

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

/// How far the replacing is; tests end the process in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Created,
    Written,
    Synced,
    Renamed,
    Done,
}

/// Writes what files have become: see [`replace_all`].
pub(crate) fn write_changes(changes: &[FileChange]) -> Result<(), Failure> {
    replace_all(&changes.iter().map(Replacement::from).collect::<Vec<_>>())
}

/// Replaces the files, all of them or none, unless a rename fails in between.
///
/// # Errors
/// A file cannot be replaced, or is not what it was; which ones have been replaced all the same.
pub(crate) fn replace_all(files: &[Replacement]) -> Result<(), Failure> {
    replace_step_by_step(files, &mut |_| {})
}

fn replace_step_by_step(files: &[Replacement], progress: &mut dyn FnMut(Progress)) -> Result<(), Failure> {
    let mut prepared = Vec::new();
    for file in files {
        prepared.push(Prepared::new(file, progress)?);
    }
    for (file, new) in files.iter().zip(&prepared) {
        unchanged(file, &new.path)?;
    }
    for (index, new) in prepared.iter_mut().enumerate() {
        let name = &files[index].name;
        new.rename().map_err(|error| {
            let failure = Failure::new(format!("cannot replace {name}: {error}"));
            let written: Vec<&str> = files[..index].iter().map(|file| file.name.as_str()).collect();
            match written.is_empty() {
                true => failure.with_note("no file was written"),
                false => failure.with_note(format!("already written: {}", written.join(", "))),
            }
        })?;
        progress(Progress::Renamed);
        sync_folder(&new.path);
        progress(Progress::Done);
    }
    Ok(())
}

/// A new file that is complete, but has not yet its name. Without it, it is removed again.
#[derive(Debug)]
struct Prepared {
    path: PathBuf,
    temporary: PathBuf,
    is_renamed: bool,
    /// Locked as long as this run works on it.
    _file: File,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if !self.is_renamed {
            let _gone = fs::remove_file(&self.temporary);
        }
    }
}

impl Prepared {
    fn new(file: &Replacement, progress: &mut dyn FnMut(Progress)) -> Result<Self, Failure> {
        let name = &file.name;
        let cannot = |error: io::Error| cannot_write(name, &error);
        let metadata = fs::metadata(path_of(name)).map_err(cannot)?;
        replaceable(name, &metadata)?;
        let path = fs::canonicalize(path_of(name)).map_err(cannot)?;
        // A file that may not be written is not replaced, though its folder would allow it.
        OpenOptions::new().write(true).open(&path).map_err(cannot)?;
        unchanged(file, &path)?;
        remove_strays(&path);
        let temporary = temporary_path(&path);
        let new = OpenOptions::new().write(true).create_new(true).open(&temporary).map_err(cannot)?;
        let mut prepared = Self { path, temporary, is_renamed: false, _file: new };
        let new = &mut prepared._file;
        let _unsupported = new.try_lock();
        progress(Progress::Created);
        new.write_all(&file.after).map_err(cannot)?;
        keep_owner(new, &metadata).map_err(|error| {
            Failure::new(format!("cannot keep the owner of {name}: {error}"))
                .with_note("no file was written")
                .with_help("run the command as the owner of the file")
        })?;
        new.set_permissions(metadata.permissions()).map_err(cannot)?;
        progress(Progress::Written);
        new.sync_all().map_err(cannot)?;
        progress(Progress::Synced);
        Ok(prepared)
    }

    fn rename(&mut self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.path)?;
        self.is_renamed = true;
        Ok(())
    }
}

fn cannot_write(name: &str, error: &io::Error) -> Failure {
    let failure = match error.kind() {
        io::ErrorKind::PermissionDenied => Failure::new(format!("cannot write {name}: permission denied")),
        io::ErrorKind::ReadOnlyFilesystem => Failure::new(format!("cannot write {name}: the file system is read-only")),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Failure::new(format!("cannot write {name}: the disk is full"))
        }
        _ => Failure::new(format!("cannot write {name}: {error}")),
    };
    failure.with_note("no file was written")
}

/// Refuses what a new file cannot take the place of.
fn replaceable(name: &str, metadata: &fs::Metadata) -> Result<(), Failure> {
    if !metadata.is_file() {
        return Err(Failure::new(format!("cannot replace {name}: it is not a regular file")));
    }
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(metadata) > 1 {
        return Err(Failure::new(format!("cannot replace {name}: it has more than one hard link"))
            .with_note("the old content would remain under the other name"));
    }
    Ok(())
}

/// Refuses a file that is not what was read.
fn unchanged(file: &Replacement, path: &Path) -> Result<(), Failure> {
    let now = std::fs::read(path).map_err(|error| cannot_write(&file.name, &error))?;
    if now == file.before {
        return Ok(());
    }
    Err(Failure::new(format!("{} has changed since it was read", file.name))
        .with_note("no file was written")
        .with_help("run the command again"))
}

/// Names of new files begin so; what follows is the number of the process.
fn temporary_prefix(path: &Path) -> String {
    format!(".{}.promcfg-", path.file_name().unwrap_or_default().to_string_lossy())
}

fn temporary_path(path: &Path) -> PathBuf {
    path.with_file_name(format!("{}{}", temporary_prefix(path), std::process::id()))
}

/// Removes what runs that were killed have left: new files that nobody has locked.
fn remove_strays(path: &Path) {
    let (Some(folder), prefix) = (path.parent(), temporary_prefix(path)) else { return };
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().and_then(|name| name.strip_prefix(&prefix)).is_some_and(is_number);
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_ours && is_file && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _gone = fs::remove_file(entry.path());
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(unix)]
fn keep_owner(new: &File, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let now = new.metadata()?;
    if (now.uid(), now.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    fchown(new, Some(old.uid()), Some(old.gid()))
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// Makes the new name durable. Where folders cannot be opened, the system does it by itself.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _unsupported = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replacement(path: &Path, before: &str, after: &str) -> Replacement {
        let name = path.to_str().unwrap().to_string();
        Replacement { name, before: before.into(), after: after.into() }
    }

    fn names_in(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_that_has_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        fs::write(&one, "a").unwrap();
        fs::write(&two, "other").unwrap();
        let failure = replace_all(&[replacement(&one, "a", "A"), replacement(&two, "b", "B")]).unwrap_err();
        assert!(failure.message.ends_with("two has changed since it was read"), "{}", failure.message);
        assert_eq!(
            (fs::read_to_string(&one).unwrap(), fs::read_to_string(&two).unwrap()),
            ("a".into(), "other".into())
        );
        assert_eq!(names_in(folder.path()), ["one", "two"]);
    }

    #[cfg(unix)]
    #[test]
    fn mode_and_symbolic_links_are_kept() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&file, "a").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("real", &link).unwrap();
        replace_all(&[replacement(&link, "a", "b")]).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "b");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_with_two_names_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "a").unwrap();
        fs::hard_link(&file, folder.path().join("other")).unwrap();
        let failure = replace_all(&[replacement(&file, "a", "b")]).unwrap_err();
        assert!(failure.message.ends_with("it has more than one hard link"));
    }

    #[test]
    fn when_a_later_file_cannot_be_replaced_those_before_it_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let (one, gone) = (folder.path().join("one"), folder.path().join("gone"));
        fs::write(&one, "a").unwrap();
        fs::create_dir(&gone).unwrap();
        fs::write(gone.join("two"), "b").unwrap();
        let files = [replacement(&one, "a", "A"), replacement(&gone.join("two"), "b", "B")];
        let failure = replace_step_by_step(&files, &mut |progress| {
            if progress == Progress::Renamed {
                fs::remove_dir_all(&gone).unwrap();
            }
        });
        let failure = failure.unwrap_err();
        assert!(failure.message.starts_with("cannot replace "), "{}", failure.message);
        assert_eq!(failure.notes, [format!("already written: {}", files[0].name)]);
        assert_eq!(fs::read_to_string(&one).unwrap(), "A");
        assert_eq!(names_in(folder.path()), ["one"]);
    }

    /// Not a test of its own: the process that is killed in the test below.
    #[test]
    fn child_that_is_killed() {
        let Ok(path) = std::env::var("PROMCFG_TEST_KILLED_FILE") else { return };
        let at: usize = std::env::var("PROMCFG_TEST_KILLED_AT").unwrap().parse().unwrap();
        let path = PathBuf::from(path);
        let before = fs::read_to_string(&path).unwrap();
        let after = if before.starts_with("old") { "new".repeat(50_000) } else { "old".repeat(50_000) };
        let mut step = 0;
        let outcome = replace_step_by_step(&[replacement(&path, &before, &after)], &mut |_| {
            if step == at {
                std::process::abort();
            }
            step += 1;
        });
        outcome.unwrap();
    }

    #[test]
    fn whenever_it_is_killed_the_file_is_the_old_or_the_new_one_and_the_next_run_cleans_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prometheus.yml");
        fs::write(&path, "old".repeat(50_000)).unwrap();
        let (old, new) = ("old".repeat(50_000), "new".repeat(50_000));
        for round in 0..25 {
            let before = fs::read_to_string(&path).unwrap();
            let child = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "cli::replace::tests::child_that_is_killed"])
                .env("PROMCFG_TEST_KILLED_FILE", &path)
                .env("PROMCFG_TEST_KILLED_AT", (round % 5).to_string())
                .output()
                .unwrap();
            assert!(!child.status.success(), "the child ended by itself");
            let now = fs::read_to_string(&path).unwrap();
            assert!(now == old || now == new, "round {round}");
            assert_eq!(now != before, round % 5 >= 3, "round {round}: the new name counts from the rename on");
        }
        let now = fs::read_to_string(&path).unwrap();
        replace_all(&[replacement(&path, &now, "end")]).unwrap();
        assert_eq!(names_in(folder.path()), ["prometheus.yml"]);
    }
}
