//! The options of every reading function of the library.

mod executor;

use std::fmt;

use crate::budget::Budget;
use crate::files::{Files, NoFiles};
use crate::release::Release;

pub use executor::{Executor, InOrder};

/// Where files come from, which Prometheus release the config is for, and how much memory the results may take.
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
    /// The bytes that the results of a call may take: see [`Budget`].
    pub max_memory: u64,
    /// Does the work that can be done in parallel; by default one piece after the other.
    pub executor: &'f dyn Executor,
    /// Whether the release was asked for, so that it counts more than the one that an object names.
    pub(crate) is_release_chosen: bool,
    /// How many jobs of a config are looked at together, if it is not left to their size.
    pub(crate) most_jobs_together: Option<usize>,
}

impl<'f> Options<'f> {
    /// The newest release, with these files.
    #[must_use]
    pub fn new(files: &'f dyn Files) -> Self {
        Self {
            files,
            release: Release::LATEST,
            max_memory: Budget::DEFAULT,
            executor: &InOrder,
            is_release_chosen: false,
            most_jobs_together: None,
        }
    }

    /// The same for another release.
    #[must_use]
    pub fn with_release(self, release: Release) -> Self {
        Self { release, ..self }
    }

    /// The same for a release that counts more than the one that a Prometheus object names.
    ///
    /// ```
    /// let options = promcfg::Options::default().with_chosen_release("2.53".parse().unwrap());
    /// assert_eq!(options.release.minor_name(), "2.53");
    /// ```
    #[must_use]
    pub fn with_chosen_release(self, release: Release) -> Self {
        Self { release, is_release_chosen: true, ..self }
    }

    /// The release that was asked for.
    pub(crate) fn chosen_release(&self) -> Option<Release> {
        self.is_release_chosen.then_some(self.release)
    }

    /// The same for the release of a Prometheus object, unless one was asked for.
    ///
    /// ```
    /// let options = promcfg::Options::default();
    /// let of_object = "2.53".parse().ok();
    /// assert_eq!(options.for_server(of_object).release.minor_name(), "2.53");
    /// let chosen = options.with_chosen_release("3.5".parse().unwrap());
    /// assert_eq!(chosen.for_server(of_object).release.minor_name(), "3.5");
    /// ```
    #[must_use]
    pub fn for_server(self, own: Option<Release>) -> Self {
        match own {
            Some(release) if !self.is_release_chosen => Self { release, ..self },
            _ => self,
        }
    }

    /// The same with another limit of the memory that results may take. What does not fit is left out, and counted.
    ///
    /// ```
    /// use promcfg::{Config, Options, Sources, simulate};
    /// use promcfg::simulate::SimulateOptions;
    /// let mut sources = Sources::new();
    /// let text = "scrape_configs: [{job_name: web, static_configs: [{targets: [a, b, c]}]}]";
    /// let file = sources.add("prometheus.yml", text);
    /// let options = Options::default().with_max_memory(3000);
    /// let (config, _) = Config::read(&mut sources, file, &options);
    /// let simulation = simulate(&config, &mut sources, &options, &SimulateOptions::default())?;
    /// let job = &simulation.jobs[0];
    /// assert_eq!(job.targets.len() + job.left_out, 3);
    /// assert!(job.left_out > 0);
    /// # Ok::<(), promcfg::simulate::UnknownJobError>(())
    /// ```
    #[must_use]
    pub fn with_max_memory(self, max_memory: u64) -> Self {
        Self { max_memory, ..self }
    }

    /// The same with an executor: the work on a large config is divided. Results do not depend on it.
    #[must_use]
    pub fn with_executor(self, executor: &'f dyn Executor) -> Self {
        Self { executor, ..self }
    }

    /// The same with a number of jobs that are looked at together.
    #[cfg(all(test, feature = "cli"))]
    pub(crate) fn with_jobs_together(self, most: usize) -> Self {
        Self { most_jobs_together: Some(most), ..self }
    }

    /// The account of the results of a call.
    pub(crate) fn budget(&self) -> Budget {
        Budget::new(self.max_memory)
    }

    /// The same with other files.
    pub(crate) fn with_files<'n>(&self, files: &'n dyn Files) -> Options<'n>
    where
        'f: 'n,
    {
        Options { files, ..*self }
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
        f.debug_struct("Options")
            .field("release", &self.release)
            .field("max_memory", &self.max_memory)
            .finish_non_exhaustive()
    }
}
