//! Facts about lists of relabel rules, derived once and shared by all lint rules: facts about patterns
//! and templates, the labels before a list, and the effects that each rule may have on a label.
//! It has no messages and no verdicts; uncertain facts are marked as such.

mod about;
mod absence;
mod empty_groups;
mod ending;
mod internal;
mod list;
mod lockstep;
mod meta;
mod outcome;
mod pattern;
mod presence;
mod probe;
mod rule;
mod spelling;
mod subjects;
mod template;
mod values;

pub(crate) use absence::Absence;
pub(crate) use empty_groups::groups_that_may_be_empty;
pub(crate) use internal::{INTERNAL, PARAM, is_internal};
pub(crate) use list::{NotAnalyzed, RelabelList, Stage, TooLargeList, list_of_rules, lists_of_config, lists_of_job};
pub(crate) use lockstep::{Differing, Doubt, differing_labels};
pub(crate) use meta::{META, is_meta_name, meta_name};
pub(crate) use outcome::Verdict;
pub(crate) use pattern::{Facts, PatternFacts};
pub(crate) use presence::{Presence, may_be_matched};
pub(crate) use probe::ProbeRules;
pub(crate) use rule::RuleFacts;
pub(crate) use subjects::{Needs, Subjects};
pub(crate) use template::{constant_text, references};
pub(crate) use values::{closed_values, usual_values};
