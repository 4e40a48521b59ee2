//! What each rule of a chain read, matched and changed.

use serde::Serialize;

use super::Action;

/// One rule's part in a run over a label set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// Index of the rule in its list, from 0.
    pub rule: usize,
    /// What it does.
    pub action: Action,
    /// The joined value of its source labels; `None` for the actions that look at label names.
    pub input: Option<String>,
    /// Whether its regex (or its comparison) matched; for actions without one, `true`.
    /// For labelmap, labeldrop and labelkeep: whether any name matched.
    pub matched: bool,
    /// What the regex's groups captured, the whole match first; `null` for a group that took no part.
    /// Empty for the actions that look at label names, and when nothing matched.
    pub groups: Vec<Option<String>>,
    /// The labels it changed, in the order it changed them.
    pub changes: Vec<Change>,
    /// Whether it dropped the whole set.
    pub dropped: bool,
}

/// A label before and after a rule; `None` is an absent label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name.
    pub label: String,
    /// Its value before.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
}
