//! The arguments of `promcfg presets`.

use clap::Args;

use super::{FORMAT_HELP, OUTPUT, RulesFormat};

/// List the kinds of jobs that `add-job` writes; or show one of them, with its rules and an example
#[derive(Debug, Args)]
pub(crate) struct PresetsArguments {
    /// The name of a preset
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[arg(long, value_enum, default_value_t, alias = "output-format", help = FORMAT_HELP, help_heading = OUTPUT)]
    pub(crate) format: RulesFormat,
}
