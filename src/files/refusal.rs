//! Why a file is not opened although the system would open it. Each is the inner error of an [`io::Error`].

use std::error::Error;
use std::fmt;
use std::io;

/// A path leads to something other than a regular file.
///
/// ```
/// # #[cfg(all(unix, feature = "cli"))] {
/// use promcfg::files::{LARGEST_FOUND_FILE, NotRegularError, read_regular};
/// let error = read_regular("/dev/zero".as_ref(), LARGEST_FOUND_FILE).unwrap_err();
/// assert!(error.get_ref().is_some_and(|inner| inner.is::<NotRegularError>()));
/// assert_eq!(error.to_string(), "is a device, not a regular file");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotRegularError {
    pub(super) kind: &'static str,
}

impl fmt::Display for NotRegularError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "is {}, not a regular file", self.kind)
    }
}

impl Error for NotRegularError {}

/// A path leads out of the folder that bounds what is read.
///
/// ```
/// use promcfg::files::OutsideRootError;
/// assert_eq!(OutsideRootError::new("conf").to_string(), "is outside the root conf");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideRootError {
    root: String,
}

impl OutsideRootError {
    /// For the folder with this name.
    pub fn new(root: impl Into<String>) -> Self {
        Self { root: root.into() }
    }
}

impl fmt::Display for OutsideRootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "is outside the root {}", self.root)
    }
}

impl Error for OutsideRootError {}

/// A file is larger than what is read of one.
///
/// ```
/// assert_eq!(promcfg::files::TooLargeFileError::new(256 << 20).to_string(), "is larger than 256 MiB");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLargeFileError {
    largest: u64,
}

impl TooLargeFileError {
    /// For a limit in bytes.
    #[must_use]
    pub fn new(largest: u64) -> Self {
        Self { largest }
    }
}

impl fmt::Display for TooLargeFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.largest {
            largest if largest >= 1 << 20 => write!(f, "is larger than {} MiB", largest >> 20),
            largest => write!(f, "is larger than {} KiB", largest >> 10),
        }
    }
}

impl Error for TooLargeFileError {}

/// Whether a file is not read because it is outside the root.
pub(crate) fn is_outside_root(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn Error + Send + Sync>::is::<OutsideRootError>)
}

/// Whether a file is not read because of a bound that Prometheus does not have.
pub(crate) fn is_own_refusal(error: &io::Error) -> bool {
    is_outside_root(error)
        || error.get_ref().is_some_and(|inner| inner.is::<NotRegularError>() || inner.is::<TooLargeFileError>())
}
