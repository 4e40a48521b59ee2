//! What is said of all targets of a job.

use crate::relabel::RuleSpec;

use super::super::claim::Claim;

/// A claim, with the rule that makes it true.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::edit) struct Statement {
    pub(in crate::edit) claim: Claim,
    /// The rule that changes the label of the targets that the claim is about, where it has conditions.
    pub(in crate::edit) rule: Option<RuleSpec>,
    /// Why the rule cannot be about just these targets.
    pub(in crate::edit) obstacle: Option<String>,
}
