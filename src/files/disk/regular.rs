//! Reading of regular files, up to a size: a FIFO, a device or a folder is refused before it is opened.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::super::refusal::{NotRegularError, TooLargeFileError};

/// The largest file that is read because a config, a folder or a pattern leads to it, in bytes.
pub const LARGEST_FOUND_FILE: u64 = 256 << 20;

/// The largest file that is read because the user names it, in bytes; also the most of standard input.
pub const LARGEST_NAMED_FILE: u64 = 1 << 30;

/// The content of a regular file of at most `largest` bytes. Nothing else is opened, and no open waits.
///
/// ```no_run
/// use promcfg::files::{LARGEST_FOUND_FILE, read_regular};
/// let bytes = read_regular("prometheus.yml".as_ref(), LARGEST_FOUND_FILE)?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// The system's error; `IsADirectory`; [`NotRegularError`] as `InvalidInput`; [`TooLargeFileError`] as `FileTooLarge`.
pub fn read_regular(path: &Path, largest: u64) -> io::Result<Vec<u8>> {
    let file = open_regular(path)?;
    let length = file.metadata()?.len();
    if length > largest {
        return Err(too_large(largest));
    }
    let mut bytes = Vec::new();
    bytes.try_reserve(usize::try_from(length).unwrap_or(0)).map_err(|_| io::ErrorKind::OutOfMemory)?;
    read_into(bytes, file, largest)
}

/// Reads to the end, such as from standard input, at most [`LARGEST_NAMED_FILE`] bytes.
///
/// ```
/// assert_eq!(promcfg::files::read_bounded(&b"global: {}"[..])?, b"global: {}");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// The reader's error; [`TooLargeFileError`] as `FileTooLarge`.
pub fn read_bounded(reader: impl Read) -> io::Result<Vec<u8>> {
    read_into(Vec::new(), reader, LARGEST_NAMED_FILE)
}

/// Files such as those in `/proc` have a size of zero, so bytes are counted as they come.
fn read_into(mut bytes: Vec<u8>, reader: impl Read, largest: u64) -> io::Result<Vec<u8>> {
    reader.take(largest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest {
        return Err(too_large(largest));
    }
    Ok(bytes)
}

fn too_large(largest: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, TooLargeFileError::new(largest))
}

/// Opens a regular file. A device can act when it is opened, so the kind is checked before, and once
/// more after, as the file can be another one by then.
fn open_regular(path: &Path) -> io::Result<File> {
    must_be_regular(fs::metadata(path)?.file_type())?;
    let mut options = OpenOptions::new();
    options.read(true);
    without_waiting(&mut options);
    let file = options.open(path)?;
    must_be_regular(file.metadata()?.file_type())?;
    Ok(file)
}

fn must_be_regular(kind: FileType) -> io::Result<()> {
    if kind.is_file() {
        return Ok(());
    }
    if kind.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, NotRegularError { kind: name_of(kind) }))
}

#[cfg(unix)]
fn without_waiting(options: &mut OpenOptions) {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
}

#[cfg(not(unix))]
fn without_waiting(_: &mut OpenOptions) {}

#[cfg(unix)]
fn name_of(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else {
        "a special file"
    }
}

#[cfg(not(unix))]
fn name_of(_: FileType) -> &'static str {
    "a special file"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_never_ends_is_read_up_to_the_limit() {
        let error = read_into(Vec::new(), io::repeat(0), 1 << 20).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (io::ErrorKind::FileTooLarge, "is larger than 1 MiB"));
        assert_eq!(read_into(Vec::new(), io::repeat(0).take(1 << 20), 1 << 20).unwrap().len(), 1 << 20);
    }

    #[test]
    fn a_file_larger_than_the_limit_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        File::create(&path).unwrap().set_len(LARGEST_FOUND_FILE + 1).unwrap();
        let error = read_regular(&path, LARGEST_FOUND_FILE).unwrap_err();
        assert_eq!(error.to_string(), "is larger than 256 MiB");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_a_regular_file_is_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let (fifo, socket) = (folder.path().join("fifo"), folder.path().join("socket"));
        let status = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(status.success());
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let reason = |path: &Path| read_regular(path, LARGEST_FOUND_FILE).unwrap_err().to_string();
        assert_eq!(reason(&fifo), "is a FIFO, not a regular file");
        assert_eq!(reason(&socket), "is a socket, not a regular file");
        assert_eq!(reason(Path::new("/dev/zero")), "is a device, not a regular file");
        assert_eq!(reason(folder.path()), "is a directory");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_without_a_size_is_read_to_its_end() {
        assert!(!read_regular(Path::new("/proc/self/status"), LARGEST_FOUND_FILE).unwrap().is_empty());
    }
}
