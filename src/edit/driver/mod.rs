//! The one way from a request to a proved change of files.
//!
//! # The contract
//!
//! **A command proposes operations and states the effect it intends; the driver selects, tries, places,
//! proves, and explains refusals.** A command never sees a tree, a file or a proof.
//!
//! A command is one file in `commands/`: its request, a method of `Document`, and an implementation of
//! `driver::Command`:
//!
//! - `check` refuses requests that are wrong for every config;
//! - `selection` names the jobs and targets, `stages` the stages at which the intent must hold;
//! - `propose` answers for one job, which it sees with the results of its targets before the change: there
//!   is nothing to do, no target is selected, or these lists of operations may do it, the best one first;
//! - `intent` gives every result its *fate*: it stays the same, or labels get new values. All that the
//!   intent does not name must stay as it is, the labels, the URL, and whether the target is scraped;
//! - `statements` says the same of all targets, also of those that only discovery knows, with the rule that makes it
//!   true; of several statements, the first one that a proposal proves counts;
//! - `explain` puts the first result that is not as intended into words, with the place to look at.
//!
//! The driver (`driver/run.rs`) does the rest, for each selected job in turn:
//!
//! 1. **try**: the operations are applied to the typed job, which is simulated on its static targets, those
//!    of its target files or those that the user gave, and examples for other mechanisms. The results must be those of
//!    the intent, at every stage. If not, the next proposal is tried;
//! 1. **grade**: where other targets can exist than the known ones, a statement must follow from the rules
//!    (`all_targets`: both lists run side by side over unknown labels). If none does, the change is only shown on known
//!    targets, or unproved. The proposal with the best grade is made; an unproved one is refused;
//! 2. **place**: every operation must find its node in the text, not shared by an anchor, an alias or a
//!    merge key, unless that is to change: then each place that uses it must be reached by the change (`ops::Nodes`). If not, the next proposal is tried, and a note says why the better one was not made;
//! 3. **prove**: the edits of all jobs are made at once; the new tree must be the old one with just these
//!    operations, with each comment at its place (`crate::yaml_edit`); the edits are mapped to the files
//!    (`open`); the files are read again as a whole, must have no new error and the same jobs, and each
//!    job must have the results of step 1.
//!
//! One refusal refuses the whole change: no file is changed by half. A change that is returned is proved, so
//! a command needs no tests of that, only of its proposals, intents, and explanations.
//!
//! # A new command
//!
//! - A change of labels, rules, groups or targets of jobs: the file in `commands/`, and its names in
//!   `commands/mod.rs` and `edit/mod.rs`.
//! - A change that no operation makes yet: a variant of `ops::Op`, with the change of the typed job
//!   (`Op::try_on`) beside that of the tree (`ops/rules.rs`, `ops/groups.rs`).
//! - A change of the list of jobs, or of the targets that are written in groups: a command that implements
//!   `driver::JobsCommand`. Its operations are variants of `ops::JobOp`, with the change of the typed list beside that of
//!   the tree. It says which targets vanish and appear (`driver::Fates`); the driver compares all targets of all jobs
//!   with that, and reports those that vanish, appear, or move to another job.
//! - A change of fields by their paths, in the config as a whole or in jobs: `FieldOp`s for `run_on_fields`, which knows
//!   of each field what else of a job can follow from it.
//! - A change of several files, or by several commands: jobs of included files are edited in their own
//!   file already, and groups of target files in theirs: an operation names its group by file and bytes. `sequence`
//!   chains commands over an `Overlay`: each sees the files as the one before leaves them, and `Edits::then` makes
//!   one edit of both.
//!
//! # The files, from the ground up
//!
//! `request` (selection, stages, refusals) → `change` (the result) → `overlay` (files as they will be) →
//! `target_groups` (the groups of target files) → `new_files` (target files that an edit makes) → `surroundings` and `object_proof` (other manifests; what may differ of generated configs) → `objects` (the jobs that are generated of objects) → `open` (text to jobs, edits to files) → `target_files` (target
//! files as part of their jobs) → `ops` (operations, on jobs and in trees) → `driver` → `sequence` (several commands
//! as one change) → `expand` (copies of shared parts) → `copies` (edits of a text that has these) → `document` → `commands`. Each names only those before it.
//!
//! In this folder: `command` is the contract in types, `job` what a command sees of a job, `intent` how it says
//! what it wants; `select` finds the jobs, `ends` has their labels after all rules, `trial` their targets, `runner` simulates these one by one (on `samples` at the metric
//! stage), `pairs` has those of two variants of a job side by side, `attempt` tries a proposal on them, `place` finds where operations go in the text, `reach` finds what sets a label for selected targets only, `all_targets` proves a `statement`, `filtered` those about whole samples, `filtered_targets` those about whole targets, `grade` says how certain they are, `by_names` those about names of labels, `collide`, `same_labels` and
//! `unselected` refuse equal labels and impossible selections, `objects` does so in objects of prometheus-operator, `prove` reads the new files again, `choose` does all of this for one job, and `run` leads through all of it. `local` does so job by job where only the items of the jobs have to be read, as do `fields_local` (with `field_parts`) and `jobs_local` (with `jobs_expected`). `jobs` is the driver of edits of the list of jobs and of their targets (`jobs_view` has what a command sees of them, `fates` compares targets that vanish and appear), `fields` that of edits of fields by their paths; `object_fields` and `object_jobs` do so in objects, where `object_others` has the parts that change, and the other jobs of an object; `usage` counts what a job uses of its limits.

mod all_targets;
mod attempt;
mod by_names;
mod choose;
mod collide;
mod command;
mod document_removal;
mod ends;
mod fates;
mod field_parts;
mod fields;
mod fields_local;
mod filtered;
mod filtered_targets;
mod grade;
mod intent;
mod job;
mod jobs;
mod jobs_expected;
mod jobs_local;
mod jobs_view;
mod local;
mod object_fields;
mod object_jobs;
mod object_others;
mod objects;
mod pairs;
mod place;
mod prove;
mod reach;
mod run;
mod runner;
mod same_labels;
mod samples;
mod select;
mod statement;
mod trial;
mod unproved;
mod unselected;
mod usage;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

pub(super) use command::{Answer, Attempt, Command};
pub(super) use fates::Fates;
pub(super) use field_parts::FieldsRequest;
pub(super) use fields::run_on_fields;
pub(super) use intent::{Difference, Fate, Intent};
pub(super) use job::{InstanceSource, JobView};
pub(super) use jobs::{JobsCommand, Proposal, run_on_jobs};
pub(super) use jobs_view::{FoundTarget, JobsView, Readers};
pub(super) use object_fields::{ObjectFieldsRequest, object_site, run_on_object_fields};
pub(super) use prove::{Claim, has_same_jobs, has_same_results, no_new_errors};
pub(super) use reach::{groups_of_selected, rules_of_selected};
pub(super) use run::run;
pub(super) use select::{check_conditions, is_readable};
pub(super) use statement::Statement;
pub(super) use trial::{ADDRESS, INSTANCE, SharedFacts, Trial};
pub(super) use unproved::explain as explain_unproved;
pub(super) use unselected::without_label;
pub(super) use usage::{Usage, usages};
