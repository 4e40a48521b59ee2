//! Edits as a whole: the cases that are hard, real configs, and generated ones.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

mod cases;
mod corpus;
mod run;
mod wild;
mod writing;
