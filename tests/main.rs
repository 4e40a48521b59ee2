//! The tests across layers, as one program: it is linked once. `cargo test --test tests NAME` runs the
//! tests of one file. The comparison with the real programs is a program of its own (`conformance.rs`).

#[cfg(all(feature = "cli", unix))]
mod action;
#[cfg(feature = "cli")]
mod add_endpoint;
#[cfg(all(feature = "cli", unix))]
mod bounds;
#[cfg(feature = "cli")]
mod broken;
#[cfg(feature = "cli")]
mod cli;
#[cfg(all(feature = "cli", unix))]
mod cli_broken;
#[cfg(feature = "cli")]
mod cli_lint;
#[cfg(feature = "cli")]
mod cli_manifest;
#[cfg(feature = "cli")]
mod cli_operator;
#[cfg(feature = "cli")]
mod cli_relabel;
mod cli_simulate;
mod cli_targets;
#[cfg(feature = "cli")]
mod cli_usage;
mod cli_why;
#[cfg(feature = "cli")]
mod differential;
#[cfg(feature = "cli")]
mod edit;
mod fixes;
#[cfg(all(feature = "cli", unix))]
mod found_files;
mod hostile;
#[cfg(feature = "cli")]
mod input;
mod layers;
#[cfg(feature = "cli")]
mod library;
#[cfg(feature = "cli")]
mod lint_fix;
#[cfg(feature = "cli")]
mod lost;
#[cfg(feature = "cli")]
mod messages;
mod mutated_seeds;
#[cfg(feature = "cli")]
mod operator_leftovers;
mod ownership;
#[path = "peer/relabel.rs"]
mod peer;
#[cfg(feature = "cli")]
mod presets;
mod promtool;
mod properties;
mod prose;
#[cfg(feature = "cli")]
mod readme;
#[cfg(feature = "cli")]
mod recipes;
mod recovery;
mod relabel;
mod release;
mod results;
mod rules;
#[cfg(feature = "cli")]
mod secrets;
mod seeds;
mod yaml_lines;
