//! How many targets became what.

use crate::simulate::Status;

/// How many targets became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Jobs.
    pub jobs: usize,
    /// Items of `alerting.alertmanagers`.
    pub alertmanagers: usize,
    /// Targets that are scraped.
    pub kept: usize,
    /// Targets that a rule dropped.
    pub dropped: usize,
    /// Targets that Prometheus refuses.
    pub invalid: usize,
    /// Targets that could not be simulated.
    pub unknown: usize,
    /// Targets of which it depends on values that are not known what becomes of them.
    pub undecided: usize,
}

impl Totals {
    /// Counts one target.
    pub fn add(&mut self, status: Status) {
        match status {
            Status::Kept => self.kept += 1,
            Status::Dropped => self.dropped += 1,
            Status::Invalid => self.invalid += 1,
            Status::Unknown => self.unknown += 1,
            Status::Undecided => self.undecided += 1,
        }
    }

    /// Counts targets that a rule drops.
    pub fn add_dropped(&mut self, targets: usize) {
        self.dropped += targets;
    }

    /// All targets.
    #[must_use]
    pub fn targets(self) -> usize {
        self.kept + self.dropped + self.invalid + self.unknown + self.undecided
    }

    /// The counts in words: `3 targets: 2 kept, 1 dropped`.
    #[must_use]
    pub fn in_words(self) -> String {
        let all = self.targets();
        let parts = [
            (self.kept, "kept"),
            (self.dropped, "dropped"),
            (self.invalid, "refused"),
            (self.unknown, "not simulated"),
            (self.undecided, "undecided"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        let noun = if all == 1 { "target" } else { "targets" };
        if parts.is_empty() { format!("no {noun}") } else { format!("{all} {noun}: {}", parts.join(", ")) }
    }
}
