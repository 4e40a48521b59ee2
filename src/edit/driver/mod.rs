//! The one way from a request to a proved change of files.
//!
//! `command` is the contract that commands fulfill, `job` what they see of a job, `intent` how they say
//! what they want. `select` finds the jobs, `trial` simulates them (on `samples` at the metric stage),
//! `place` finds where operations go in the text, `prove` reads the new text again, and `run` leads
//! through all of it.

mod command;
mod intent;
mod job;
mod place;
mod prove;
mod run;
mod samples;
mod select;
mod trial;

pub(super) use command::{Answer, Attempt, Command};
pub(super) use intent::{Difference, Fate, Intent};
pub(super) use job::JobView;
pub(super) use prove::{Claim, has_same_jobs, no_new_errors};
pub(super) use run::run;
pub(super) use trial::Trial;
