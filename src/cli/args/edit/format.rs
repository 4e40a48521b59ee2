//! The arguments of `fmt`.

use clap::{Args, ValueHint};

use super::super::file_name;
use super::common::EditOptions;

/// Fix the layout of configs where it is certain what it should be
#[derive(Debug, Args)]
#[command(after_help = "\
Blanks at the ends of lines are removed, lists are indented as most lists of the file are, and
strings that other YAML readers read as numbers or truth values (`on`, `0123`, `1e3`) get quotes.
Comments stay as they are; block scalars and values over several lines only move with the list that
they are in. Before a file is written, it is proved that the config means the same.

Examples:
  promcfg fmt prometheus.yml
  promcfg fmt conf/ --check       (in CI: print the files that would change, and exit with status 1)

Exit status: 0 success, also if there is nothing to do; 1 a file was refused, or --check found a
change; 2 the command failed (wrong usage, an unknown job, a file that cannot be read).")]
pub(crate) struct FormatArguments {
    /// Configs, manifests with configs in ConfigMaps, target files, and folders of configs; `-` reads standard input
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, value_parser = file_name(), required = true)]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}
