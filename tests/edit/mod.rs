//! Edits as a whole: the cases that are hard, real configs, and generated ones.

#![allow(clippy::unwrap_used)]

mod at_once;
mod cases;
mod claims;
mod corpus;
mod json;
mod known;
mod metrics;
mod remove_job;
mod rename;
mod run;
mod several;
mod targets;
mod wild;
mod writing;
