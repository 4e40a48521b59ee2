//! The arguments of `promcfg recipes`.

use clap::Args;

use super::{FORMAT_HELP, OUTPUT, RulesFormat};

/// List recipes: common tasks, each done by one command; or show one of them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  promcfg recipes
  promcfg recipes shard-targets
  promcfg recipes remove port      (lists the recipes that have both words, or shows the only one)")]
pub(crate) struct RecipesArguments {
    /// The name of a recipe, or words that it has
    #[arg(value_name = "NAME|WORD")]
    pub(crate) words: Vec<String>,
    #[arg(long, value_enum, default_value_t, alias = "output-format", help = FORMAT_HELP, help_heading = OUTPUT)]
    pub(crate) format: RulesFormat,
}
