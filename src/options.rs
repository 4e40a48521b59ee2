//! The options of every reading function of the library.

use std::fmt;

use crate::files::{Files, NoFiles};
use crate::release::Release;

/// Where files come from, and which Prometheus release the config is for.
///
/// ```
/// use promcfg::files::MemoryFiles;
/// use promcfg::{Options, Release};
/// let files: MemoryFiles = [("jobs.yml", "scrape_configs: []")].into_iter().collect();
/// let options = Options::new(&files);
/// assert_eq!(options.release, Release::LATEST);
/// ```
///
/// The same config in two releases:
///
/// ```
/// use promcfg::{Config, Options, Sources};
/// let errors = |release: &str| {
///     let mut sources = Sources::new();
///     let file = sources.add("prometheus.yml", "scrape_config_files: [jobs.yml]");
///     let options = Options::default().with_release(release.parse().unwrap());
///     Config::read(&mut sources, file, &options).1.len()
/// };
/// assert_eq!((errors("2.42"), errors("3.14")), (1, 0));
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Options<'f> {
    /// Reads the files that a config refers to.
    pub files: &'f dyn Files,
    /// The release that reads the config.
    pub release: Release,
}

impl<'f> Options<'f> {
    /// The newest release, with these files.
    #[must_use]
    pub fn new(files: &'f dyn Files) -> Self {
        Self { files, release: Release::LATEST }
    }

    /// The same for another release.
    #[must_use]
    pub fn with_release(self, release: Release) -> Self {
        Self { release, ..self }
    }

    /// The same with other files.
    pub(crate) fn with_files<'n>(&self, files: &'n dyn Files) -> Options<'n> {
        Options { files, release: self.release }
    }
}

/// The newest release, without files.
impl Default for Options<'_> {
    fn default() -> Self {
        Self::new(&NoFiles)
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("release", &self.release).finish_non_exhaustive()
    }
}
