//! The contract of a format that is read.

use crate::yaml::Tree;

use super::part::Part;

/// Finds the configs in the texts of one format. What it gives is *lowered*: a [`Part`] is a text of its own in
/// Prometheus's syntax, of a known [`Shape`](super::Shape), with a map of offsets to the outer text and a way to
/// raise edits.
pub trait Dialect: Sync {
    /// The configs in a text, in its order.
    fn parts(&self, tree: &Tree) -> Vec<Part>;

    /// What the program that reads the format accepts.
    fn profile(&self) -> Profile {
        Profile::PROMETHEUS
    }
}

/// What the program that reads a config accepts, where that differs from Prometheus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The program's name in messages.
    pub program: &'static str,
    /// Whether the text is judged with the globals of another one, and with the defaults where that one is not
    /// known.
    pub has_globals_elsewhere: bool,
}

impl Profile {
    /// Prometheus itself.
    pub const PROMETHEUS: Self = Self { program: "Prometheus", has_globals_elsewhere: false };
}
