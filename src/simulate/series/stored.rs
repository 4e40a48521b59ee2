//! Which label sets the series of a job are stored with.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::relabel::Labels;

/// The number of different label sets that are compared with each other: about 20 MB.
pub(super) const MOST_TRACKED: usize = 1 << 20;
/// The number of repeated label sets that are reported.
const MOST_DOUBLED: usize = 1000;

/// How often each label set is stored. Keeps a number a set, not the set, and of a bounded number of sets.
#[derive(Clone, Debug, Default)]
pub(super) struct Stored {
    seen: FxHashSet<u64>,
    doubled: BTreeMap<Labels, usize>,
    /// Further sets that are repeated.
    more: FxHashSet<u64>,
    /// How many samples each target stores; a scrape is of one target.
    by_target: FxHashMap<u64, u64>,
    /// Series that were not compared.
    pub(super) untracked: u64,
}

impl Stored {
    /// A series of a target, stored with these labels; `counts` says whether it counts as a sample of the scrape.
    pub(super) fn add(&mut self, labels: &Labels, target: &Labels, counts: bool) {
        *self.by_target.entry(number(target)).or_default() += u64::from(counts);
        let number = number(labels);
        if self.seen.contains(&number) {
            if self.doubled.len() < MOST_DOUBLED || self.doubled.contains_key(labels) {
                *self.doubled.entry(labels.clone()).or_insert(1) += 1;
            } else {
                self.more.insert(number);
            }
        } else if self.seen.len() < MOST_TRACKED {
            self.seen.insert(number);
        } else {
            self.untracked += 1;
        }
    }

    /// The label sets that are stored several times, and how often.
    pub(super) fn doubled(&self) -> impl Iterator<Item = (&Labels, usize)> {
        self.doubled.iter().map(|(labels, count)| (labels, *count))
    }

    /// The number of further label sets that are stored several times.
    pub(super) fn more_doubled(&self) -> usize {
        self.more.len()
    }

    /// The samples of the target with most of them.
    pub(super) fn most_of_a_target(&self) -> u64 {
        self.by_target.values().copied().max().unwrap_or(0)
    }
}

fn number(labels: &Labels) -> u64 {
    let mut hasher = DefaultHasher::new();
    labels.hash(&mut hasher);
    hasher.finish()
}
