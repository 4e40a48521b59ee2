//! What the user adds to a config: targets and series that discovery and scrapes would bring, and what an
//! edit may do all the same.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::simulate::PlacedTarget;

/// A sample: its labels as scraped, `__name__` among them.
pub type SampleLabels = Vec<(String, String)>;

/// Targets and series that the user knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    targets: FxHashMap<String, Arc<Vec<PlacedTarget>>>,
    samples: Arc<Vec<SampleLabels>>,
}

impl Given {
    pub(super) fn add_targets(&mut self, job: &str, targets: impl IntoIterator<Item = PlacedTarget>) {
        Arc::make_mut(self.targets.entry(job.to_string()).or_default()).extend(targets);
    }

    /// Gives a job the targets of another one as well.
    pub(super) fn copy_targets(&mut self, from: &str, to: &str) {
        if let (Some(targets), false) = (self.targets.get(from).cloned(), self.targets.contains_key(to)) {
            self.targets.insert(to.to_string(), targets);
        }
    }

    pub(super) fn add_samples(&mut self, samples: impl IntoIterator<Item = SampleLabels>) {
        Arc::make_mut(&mut self.samples).extend(samples);
    }

    /// The targets of a job, if some were given.
    pub(super) fn targets_of(&self, job: &str) -> Option<Arc<Vec<PlacedTarget>>> {
        self.targets.get(job).cloned()
    }

    pub(super) fn samples(&self) -> &[SampleLabels] {
        &self.samples
    }
}

/// What an edit may do that is refused otherwise.
///
/// ```
/// use promcfg::edit::Allowances;
/// let allowances = Allowances { unproved: true, ..Allowances::default() };
/// assert!(!allowances.collisions);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowances {
    /// Change a config where the effect on targets that only discovery knows is not proved.
    pub unproved: bool,
    /// Give several targets, or their series, the same labels.
    pub collisions: bool,
    /// What is done where an edit would reach a part of the text that other places share.
    pub through_anchor: ThroughAnchor,
}

/// What an edit does with a part of the text that several places share, by an anchor or a merge key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ThroughAnchor {
    /// It is refused.
    #[default]
    Refuse,
    /// The shared part is changed, if all places that use it are selected and change in the same way.
    Change,
    /// The places get copies of the shared part, and the selected ones are changed. A part that is removed and has an anchor
    /// that stays in use moves to the first place that uses it.
    Expand,
}
