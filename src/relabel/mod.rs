//! Relabel rules: what they are, whether Prometheus takes them, and what they do to label sets.

mod labels;
mod rule;
mod trace;

pub use labels::Labels;
pub use rule::{Action, NameScheme, RuleSpec};
pub use trace::{Change, Step};
