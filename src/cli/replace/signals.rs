//! New files that a signal must not leave.
//!
//! From the first file on, a thread waits for the signals that end a run. It removes the new files and ends the
//! process as the signal would have: at once, whatever the other threads do, and without unwinding.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// New files that have not yet their names. Who holds it keeps signals waiting.
static NEW_FILES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn new_files() -> MutexGuard<'static, Vec<PathBuf>> {
    NEW_FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Creates a file that only its owner may read and write.
///
/// # Errors
/// The system's error; also when there is such a file already.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut files = new_files();
    let file = options.open(path)?;
    files.push(path.to_path_buf());
    Ok(file)
}

/// Removes a new file that did not get its name.
pub(super) fn remove(path: &Path) {
    let mut files = new_files();
    files.retain(|file| file != path);
    let _renamed = fs::remove_file(path);
}

/// Keeps signals waiting until this is done.
pub(super) fn undisturbed<R>(work: impl FnOnce() -> R) -> R {
    let _waiting = new_files();
    work()
}

/// Starts to wait for signals, once.
#[cfg(unix)]
pub(super) fn watch() {
    static STARTED: std::sync::Once = std::sync::Once::new();
    STARTED.call_once(|| {
        // Without the thread, a signal leaves a file, which the next run removes.
        let _without = unix::start();
    });
}

#[cfg(not(unix))]
pub(super) fn watch() {}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::thread;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU, SIGXFSZ};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    use super::new_files;

    /// The signals that end a process, and that others send.
    const ENDING: [i32; 5] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU];

    pub(super) fn start() -> io::Result<()> {
        let ignored = ignored_signals();
        let is_ignored = |signal: i32| ignored & (1 << (signal - 1)) != 0;
        // With a handler of any kind, writing beyond the limit is an error and not the end.
        if !is_ignored(SIGXFSZ) {
            signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
        }
        let mut signals = Signals::new(ENDING.into_iter().filter(|&signal| !is_ignored(signal)))?;
        thread::Builder::new().name("signals".to_string()).spawn(move || {
            for signal in signals.forever() {
                // Held to the end of the process: no new file comes after this.
                let files = new_files();
                for file in files.iter() {
                    let _gone = fs::remove_file(file);
                }
                let _ended = emulate_default_handler(signal);
            }
        })?;
        Ok(())
    }

    /// The signals that the process was started to ignore, as by `nohup`, as a set of bits.
    fn ignored_signals() -> u64 {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        ignored.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or(0)
    }
}
