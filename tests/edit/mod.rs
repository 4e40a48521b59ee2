//! Edits as a whole: the cases that are hard, real configs, and generated ones.

#![allow(clippy::unwrap_used)]

mod cases;
mod corpus;
mod rename;
mod run;
mod targets;
mod wild;
mod writing;
