//! The file that is replaced: locked, so that two runs do not replace it at once.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use promcfg::files::path_of;
use promcfg::report::shown_path;

use super::cannot_write;
use crate::cli::status::Failure;

/// So long a run waits for others that write the same file.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(5);

/// A file that is to be replaced. The lock is on the file itself: links to it and other names share it, and no
/// further file is needed.
#[derive(Debug)]
pub(super) struct Target {
    /// Absolute, without links.
    pub(super) path: PathBuf,
    pub(super) file: File,
    /// Whether the file system has locks.
    pub(super) is_locked: bool,
}

/// What came of an attempt to lock a file.
enum Attempt {
    Locked(Target),
    /// Another run has the lock.
    Busy,
    /// The name leads to another file by now: the one with the lock replaced it.
    Replaced,
}

impl Target {
    /// Opens and locks the file that has this name once it is locked.
    ///
    /// # Errors
    /// It cannot be replaced, or others write it for too long.
    pub(super) fn lock(name: &str) -> Result<Self, Failure> {
        Self::lock_within(name, PATIENCE)
    }

    pub(super) fn lock_within(name: &str, patience: Duration) -> Result<Self, Failure> {
        let start = Instant::now();
        loop {
            match Self::attempt(name)? {
                Attempt::Locked(target) => return Ok(target),
                Attempt::Replaced | Attempt::Busy => thread::sleep(PAUSE),
            }
            if start.elapsed() >= patience {
                let seconds = patience.as_secs();
                return Err(Failure::new(format!("cannot write {}: another program has locked it", shown_path(name)))
                    .with_note("no file was written")
                    .with_note(format!("the lock was not released within {seconds} seconds"))
                    .with_help("run the command again"));
            }
        }
    }

    fn attempt(name: &str) -> Result<Attempt, Failure> {
        let cannot = |error: io::Error| cannot_write(name, &error);
        replaceable(name, &fs::metadata(path_of(name)).map_err(cannot)?)?;
        let path = fs::canonicalize(path_of(name)).map_err(cannot)?;
        if is_mount_point(&path) {
            return Err(Failure::new(format!("cannot replace {}: it is a mount point", shown_path(name)))
                .with_note("the file is mounted by itself, as containers do, and a new file cannot take its place")
                .with_note("no file was written")
                .with_help("edit the file that is mounted, or mount its folder"));
        }
        // A file that may not be written is not replaced, though its folder would allow it.
        let file = open(&path).map_err(cannot)?;
        let is_locked = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => return Ok(Attempt::Busy),
            Err(TryLockError::Error(_)) => false,
        };
        let metadata = file.metadata().map_err(cannot)?;
        let has_name = fs::canonicalize(path_of(name)).is_ok_and(|now| now == path)
            && fs::symlink_metadata(&path).is_ok_and(|now| is_same(&now, &metadata));
        if !has_name {
            return Ok(Attempt::Replaced);
        }
        replaceable(name, &metadata)?;
        Ok(Attempt::Locked(Self { path, file, is_locked }))
    }

    /// Whether this is its content. It is read by the file that has the lock: some systems keep others from reading.
    pub(super) fn has(&self, content: &[u8]) -> io::Result<bool> {
        // A file that was written in its place keeps its identity.
        if !fs::symlink_metadata(&self.path).and_then(|now| Ok(is_same(&now, &self.file.metadata()?)))? {
            return Ok(false);
        }
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        let mut now = Vec::with_capacity(content.len() + 1);
        file.take(content.len() as u64 + 1).read_to_end(&mut now)?;
        Ok(now == content)
    }
}

/// Refuses what a new file cannot take the place of.
pub(super) fn replaceable(name: &str, metadata: &Metadata) -> Result<(), Failure> {
    let name = shown_path(name);
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

/// Whether a file is mounted by itself, rather than in a folder. Found before anything is written: renaming would
/// fail, with the files before it already replaced.
#[cfg(target_os = "linux")]
fn is_mount_point(path: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    // Before Linux 5.8 it is not known.
    statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::empty())
        .is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(not(target_os = "linux"))]
fn is_mount_point(_: &Path) -> bool {
    false
}

/// Each file is open as long as it is locked: raises the number of files that may be open, as far as the system
/// allows it.
#[cfg(unix)]
pub(super) fn allow_open(count: usize) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    /// Standard streams, the new file, folders, pipes of signals.
    const OTHERS: u64 = 64;
    let mut limit = getrlimit(Resource::Nofile);
    let wanted = count as u64 + OTHERS;
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(limit.maximum.map_or(wanted, |most| most.min(wanted)));
        let _as_it_was = setrlimit(Resource::Nofile, limit);
    }
}

#[cfg(not(unix))]
pub(super) fn allow_open(_: usize) {}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    options.open(path)
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Without identities of files, the content decides.
#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}
