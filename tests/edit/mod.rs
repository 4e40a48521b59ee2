//! Edits as a whole: the cases that are hard, real configs, and generated ones.

#![allow(clippy::unwrap_used)]

mod at_once;
mod cases;
mod claims;
mod comments_stay;
mod copy;
mod corpus;
mod corpus_fields;
mod field_values;
mod fields;
mod format;
mod format_words;
mod job_edits;
mod job_layouts;
mod json;
mod known;
mod label_names;
mod layouts;
mod metrics;
mod monitors;
mod object_edits;
mod object_fields;
mod object_jobs;
mod object_wild;
mod presets;
mod remove_job;
mod rename;
mod rule_added;
mod run;
mod same_labels;
mod script;
mod script_commands;
mod several;
mod shared;
mod shared_parts;
mod target_edits;
mod target_filters;
mod target_layouts;
mod targets;
mod to_file;
mod wild;
mod wild_shared;
mod wild_targets;
mod wild_undo;
mod writing;
