//! The module of `lint` that reads settings.

#[path = "../../../src/cli/lint/settings/mod.rs"]
pub mod settings;
