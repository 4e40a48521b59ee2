//! The jobs of a config one after the other: a few are read at a time, given out and dropped.

use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::text::{FileId, Sources};
use crate::yaml::{Node, NodeKind, Tree};

use super::cut::{CutConfig, Head, Patterns, Tail, WantedJobs};
use super::load::sorted;
use super::shape::Shape;
use super::types::{Config, Global, ScrapeConfig};

/// The jobs of a config, which are read a few at a time: those of a config of any size take the memory of its text and
/// its tree.
///
/// ```
/// use promcfg::input::Input;
/// use promcfg::{Options, Sources};
/// let input = Input::parse("p.yml", "scrape_configs: [{job_name: web}, {job_name: db, nosuch: 1}]");
/// let (mut sources, options) = (Sources::new(), Options::default());
/// let file = sources.add(input.name(), input.tree().text().clone());
/// let mut jobs = input.job_stream(&input.parts()[0], &sources, file, &options).expect("can be streamed");
/// assert_eq!(jobs.names(), ["web", "db"]);
/// let mut read = Vec::new();
/// jobs.each(&options, &|name| name == "web", &mut |job| {
///     read.push(job.job_name.value.clone());
///     Ok::<(), ()>(())
/// })?;
/// assert_eq!(read, ["web"]);
/// // The faults of the others are among the diagnostics.
/// assert_eq!(jobs.finish().1[0].id, "unknown-field");
/// # Ok::<(), ()>(())
/// ```
pub struct JobStream<'t> {
    head: Head<'t>,
    tail: Tail<'t>,
    names: Vec<&'t str>,
}

impl<'t> JobStream<'t> {
    /// `None` for a text whose jobs, or names of jobs, are known only when all of it is read.
    pub(crate) fn open(
        shape: Shape,
        sources: &'t Sources,
        file: FileId,
        tree: &'t Tree,
        options: &Options<'_>,
    ) -> Option<Self> {
        let CutConfig { head, tail } =
            CutConfig::open(shape, sources, file, tree, &Global::of(options.release), options)?;
        let names: Option<Vec<&str>> = head.jobs().iter().map(|job| certain_name(*job)).collect();
        if head.includes() {
            return None;
        }
        Some(Self { names: names?, head, tail })
    }

    /// The names of all jobs, in their order.
    #[must_use]
    pub fn names(&self) -> &[&'t str] {
        &self.names
    }

    /// Reads all jobs, on the executor of the options. Those that are wanted by their names are given to `take`, in the
    /// order of the text. To be called once.
    ///
    /// # Errors
    /// That of `take`, after which no further job is given.
    pub fn each<E>(
        &mut self,
        options: &Options<'_>,
        wants: &(dyn Fn(&str) -> bool + Sync),
        take: &mut dyn FnMut(ScrapeConfig) -> Result<(), E>,
    ) -> Result<(), E> {
        /// So many chunks are read before their jobs are taken, for each task that runs at a time.
        const AHEAD: usize = 2;
        let (chunks, patterns) = (self.head.chunks(options), Patterns::default());
        let together = options.executor.width().max(1) * AHEAD;
        for group in chunks.chunks(together) {
            for WantedJobs { mut read, unread } in self.head.read_chunks(group, options, &patterns, wants) {
                self.tail.add_faults(std::mem::take(&mut read.faults));
                self.tail.take_names(&mut read.jobs, &unread);
                read.jobs.into_iter().try_for_each(&mut *take)?;
            }
        }
        Ok(())
    }

    /// Reads the rest. Gives the config without its jobs, and all faults.
    #[must_use]
    pub fn finish(self) -> (Config, Vec<Diagnostic>) {
        let rest = self.tail.close(self.head.config);
        (rest.config, sorted(rest.faults))
    }
}

/// The name of a job, if it is as it is written.
fn certain_name(job: Node<'_>) -> Option<&str> {
    let mut found = None;
    for (key, name) in job.entries() {
        match key.value() {
            "job_name" if found.is_none() => found = Some(name),
            // A second name, or names that a merge key may bring.
            "job_name" | "<<" => return None,
            _ if key.tag().is_some() => return None,
            _ => {}
        }
    }
    let name = found?;
    let is_written = name.kind() == NodeKind::Scalar && name.tag().is_none();
    let is_null = matches!(name.value(), "" | "~" | "null" | "Null" | "NULL");
    (is_written && !is_null).then(|| name.value())
}

impl std::fmt::Debug for JobStream<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JobStream").field("names", &self.names).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
