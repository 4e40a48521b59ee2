//! Facts about lists of relabel rules, worked out once and shared by all that judge: what a pattern
//! and a template are, which labels there are before a list, what each rule may do to a label.
//! No messages, and no verdicts: where something is not certain, the answer says so.

#![allow(dead_code, reason = "a set of facts for rules to choose from")]

mod list;
mod outcome;
mod pattern;
mod presence;
mod rule;
mod spelling;
mod template;
mod values;

pub(crate) use list::{RelabelList, Stage, lists_of_config, lists_of_job};
pub(crate) use outcome::Verdict;
pub(crate) use pattern::{Facts, PatternFacts};
pub(crate) use presence::Presence;
pub(crate) use rule::RuleFacts;
pub(crate) use template::references;
pub(crate) use values::closed_values;
