//! Edits as a whole: the cases that are hard, real configs, and generated ones.

#![allow(clippy::unwrap_used)]

mod at_once;
mod cases;
mod claims;
mod copy;
mod corpus;
mod fields;
mod json;
mod known;
mod label_names;
mod layouts;
mod metrics;
mod remove_job;
mod rename;
mod rule_added;
mod run;
mod several;
mod targets;
mod wild;
mod writing;
