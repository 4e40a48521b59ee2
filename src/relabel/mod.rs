//! Relabel rules: what they are, whether Prometheus accepts them, and what they do to label sets.

mod case;
mod chain;
mod check;
mod escape;
mod fault;
mod json;
mod labels;
mod layout;
mod names;
mod ndjson;
mod order;
mod pattern;
mod plan;
mod relabeler;
mod rule;
mod run;
mod semantics;
mod set;
mod trace;
mod unescape;
mod value;
mod workspace;

pub use chain::{Chain, ChainError};
pub(crate) use check::is_valid_template;
pub use check::{check_rule, check_rule_with};
pub use fault::RuleError;
pub use labels::Labels;
pub use ndjson::{LineError, LineRelabeler};
pub use relabeler::{Relabeled, Relabeler};
pub use rule::{Action, NameScheme, RuleSpec};
pub(crate) use run::hash_of;
pub use run::{Limit, LimitError, Verdict};
pub use semantics::Semantics;
pub use set::LabelBuilder;
pub use trace::{Change, Step};
