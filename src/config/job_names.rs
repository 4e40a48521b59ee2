//! The names of the jobs that were read: no two jobs may have the same one.

use rustc_hash::FxHashMap;

use crate::text::Location;

use super::types::Config;

/// The names of jobs, each with its places.
#[derive(Debug, Default)]
pub(crate) struct JobNames {
    places: FxHashMap<Box<str>, Places>,
}

#[derive(Clone, Copy, Debug)]
struct Places {
    first: Location,
    last: Location,
}

impl JobNames {
    /// Those of a config.
    pub(super) fn of(config: &Config) -> Self {
        let mut names = Self::default();
        for job in &config.scrape_configs {
            names.add(&job.job_name.value, Location::new(job.file, job.job_name.span));
        }
        names
    }

    /// Adds the name of a job; an empty one does not count. Returns the place of the first job that has it, if there is
    /// one.
    pub(crate) fn add(&mut self, name: &str, at: Location) -> Option<Location> {
        if name.is_empty() {
            return None;
        }
        if let Some(places) = self.places.get_mut(name) {
            places.last = at;
            return Some(places.first);
        }
        self.places.insert(name.into(), Places { first: at, last: at });
        None
    }

    /// The names, each with the place of the last job that has it.
    pub(super) fn into_last(self) -> FxHashMap<String, Location> {
        self.places.into_iter().map(|(name, places)| (name.into_string(), places.last)).collect()
    }
}
