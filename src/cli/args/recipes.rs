//! The arguments of `promcfg recipes`.

use clap::Args;

use super::{FORMAT_HELP, OUTPUT, RulesFormat};

/// List recipes: common tasks, each done by one command; or show one of them
#[derive(Debug, Args)]
pub(crate) struct RecipesArguments {
    /// The name of a recipe
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[arg(long, value_enum, default_value_t, alias = "output-format", help = FORMAT_HELP, help_heading = OUTPUT)]
    pub(crate) format: RulesFormat,
}
