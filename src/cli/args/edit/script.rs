//! The arguments of `edit`.

use clap::{Args, ValueHint};

use super::super::{SELECTION, file_name};
use super::common::EditOptions;

/// Make several edits as one change, from a script with a JSON object a line
#[derive(Debug, Args)]
#[command(after_help = "\
Each line names a command that edits, and its arguments by their long names. An array gives several
values, `true` an option without a value. Empty lines, and lines that begin with `#`, are skipped.
The arguments without `--` have these names:

  add-label     config, labels    add-target     config, addresses  add-job       config, name
  remove-label  config, names     remove-target  config, addresses  remove-job    config, names
  rename-label  config, old, new  move-target    config, addresses  rename-job    config, old, new
  drop-label    config, names     drop-target    config             copy-job      config, old, new
  keep-label    config, names     keep-target    config             add-endpoint  paths
  map-labels    config, prefix    drop-metric    config, patterns   set           config, fields
  limit         config            keep-metric    config, patterns   unset         config, paths
  fmt           paths

  {\"command\": \"add-label\", \"config\": \"prometheus.yml\", \"labels\": [\"env=prod\"], \"job\": [\"node\"]}
  {\"command\": \"set\", \"config\": \"prometheus.yml\", \"fields\": [\"global.scrape_interval=30s\"]}
  {\"command\": \"remove-job\", \"config\": \"prometheus.yml\", \"names\": [\"old\"]}

Each edit starts from the result of the edit before it. All edits are proved before a file is
written; if one is refused, nothing is written. In JSON, `lines` has the result of each line.

Examples:
  promcfg edit --script changes.jsonl --dry-run
  promcfg edit --script changes.jsonl --config prometheus.yml
  generate-changes | promcfg edit --script - --format json

Exit status: 0 success, also if there is nothing to do; 1 an edit was refused, or --check found a
change; 2 the command failed (wrong usage, an unknown job, a file that cannot be read).")]
pub(crate) struct ScriptArguments {
    /// The script; `-` reads standard input
    #[arg(long, value_name = "FILE", required = true, value_hint = ValueHint::FilePath, value_parser = file_name())]
    #[arg(help_heading = SELECTION)]
    pub(crate) script: String,
    /// The config of all lines that name none
    #[arg(long, value_name = "CONFIG", value_hint = ValueHint::AnyPath, value_parser = file_name())]
    #[arg(help_heading = SELECTION)]
    pub(crate) config: Option<String>,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}
