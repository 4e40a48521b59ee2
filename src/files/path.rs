//! Names of files as the library has them, and as the system has them.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::Path;

/// The path that a name is for: names are texts, also those of files whose names are not UTF-8 (see
/// [`name_from_bytes`](crate::text::name_from_bytes)).
///
/// ```
/// use promcfg::files::{name_of, path_of};
/// assert_eq!(&*path_of("jobs/a.yml"), std::path::Path::new("jobs/a.yml"));
/// assert_eq!(name_of(path_of("jobs/a\u{10ffff}.yml").as_os_str()), "jobs/a\u{10ffff}.yml");
/// ```
#[cfg(unix)]
#[must_use]
pub fn path_of(name: &str) -> Cow<'_, Path> {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    match crate::text::name_to_bytes(name) {
        Cow::Borrowed(bytes) => Cow::Borrowed(Path::new(OsStr::from_bytes(bytes))),
        Cow::Owned(bytes) => Cow::Owned(std::ffi::OsString::from_vec(bytes).into()),
    }
}

/// The path that a name is for.
#[cfg(not(unix))]
#[must_use]
pub fn path_of(name: &str) -> Cow<'_, Path> {
    Cow::Borrowed(Path::new(name))
}

/// The name of a path, or of a part of one: [`path_of`] gives it back.
#[cfg(unix)]
#[must_use]
pub fn name_of(path: &OsStr) -> String {
    crate::text::name_from_bytes(std::os::unix::ffi::OsStrExt::as_bytes(path))
}

/// The name of a path, or of a part of one.
#[cfg(not(unix))]
#[must_use]
pub fn name_of(path: &OsStr) -> String {
    path.to_string_lossy().into_owned()
}
