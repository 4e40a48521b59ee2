//! The jobs and Alertmanagers to simulate, one after the other: all of them are read, or each is read when it is its turn.

use promcfg::input::JobStream;
use promcfg::simulate::Owner;
use promcfg::{Diagnostic, Options};
use rustc_hash::FxHashSet;

use crate::cli::status::Stop;

/// A job or an Alertmanager to simulate.
#[derive(Clone, Copy)]
pub(super) struct Entry<'c> {
    pub(super) owner: Owner<'c>,
    /// The name of its config, if there are several.
    pub(super) config: Option<&'c str>,
}

impl Entry<'_> {
    /// Whether it may have targets that exist only at discovery.
    pub(super) fn is_discovering(&self) -> bool {
        self.owner.discovery().iter().any(|sd| !sd.is_known())
    }
}

/// Takes an entry, which has this index.
pub(super) type TakeEntry<'t> = dyn FnMut(usize, Entry<'_>) -> Result<(), Stop> + 't;

/// Gives entries.
pub(super) trait Source {
    /// How many there are.
    fn count(&self) -> usize;

    /// Gives each. To be called once.
    fn each(&mut self, take: &mut TakeEntry<'_>) -> Result<(), Stop>;

    /// The diagnostics of the config that are known only after the last entry.
    fn diagnostics(&mut self) -> Vec<Diagnostic>;
}

/// Entries that are read.
pub(super) struct Read<'e, 'c> {
    entries: &'e [Entry<'c>],
}

impl<'e, 'c> Read<'e, 'c> {
    pub(super) fn new(entries: &'e [Entry<'c>]) -> Self {
        Self { entries }
    }
}

impl Source for Read<'_, '_> {
    fn count(&self) -> usize {
        self.entries.len()
    }

    fn each(&mut self, take: &mut TakeEntry<'_>) -> Result<(), Stop> {
        self.entries.iter().enumerate().try_for_each(|(index, entry)| take(index, *entry))
    }

    fn diagnostics(&mut self) -> Vec<Diagnostic> {
        Vec::new()
    }
}

/// The selected jobs of one config.
pub(super) struct Stream<'s> {
    /// Until all of it is read.
    jobs: Option<JobStream<'s>>,
    count: usize,
    names: FxHashSet<&'s str>,
    options: &'s Options<'s>,
}

impl<'s> Stream<'s> {
    /// The jobs with these indices.
    pub(super) fn new(jobs: JobStream<'s>, selected: &[usize], options: &'s Options<'s>) -> Self {
        let names = selected.iter().filter_map(|index| jobs.names().get(*index).copied()).collect();
        Self { jobs: Some(jobs), count: selected.len(), names, options }
    }
}

impl Source for Stream<'_> {
    fn count(&self) -> usize {
        self.count
    }

    fn each(&mut self, take: &mut TakeEntry<'_>) -> Result<(), Stop> {
        let Self { jobs: Some(jobs), names, options, .. } = self else { return Ok(()) };
        let mut index = 0;
        jobs.each(options, &|name| names.contains(name), &mut |job| {
            take(index, Entry { owner: Owner::Job(&job), config: None })?;
            index += 1;
            Ok(())
        })
    }

    fn diagnostics(&mut self) -> Vec<Diagnostic> {
        self.jobs.take().map_or_else(Vec::new, |jobs| jobs.finish().1)
    }
}
