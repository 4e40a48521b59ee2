//! The arguments of the commands that edit the list of jobs.

use clap::Args;

use super::common::{ConfigArguments, EditOptions, GivenTargets, SECOND_CONFIG, is_path};

/// Remove jobs from a config, each with the comments that belong to it
#[derive(Debug, Args)]
#[command(after_help = "\
The text of the job goes, and nothing else: all other jobs keep their targets, labels and URLs. If
another part of the config uses an anchor of the job, or if the job is an alias, the edit is refused.
Dashboards, alerting rules and scrape_configs of other files that use the job are not changed.

Examples:
  promcfg remove-job prometheus.yml node
  promcfg remove-job prometheus.yml 'test-*' old --dry-run
  promcfg remove-job conf/ node --file other/prometheus.yml

Exit status: 0 success; 1 the edit was refused, or --check found a change; 2 the command failed (no
config has the job).")]
pub(crate) struct RemoveJobArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The names of the jobs; `*` and `?` are wildcards
    #[arg(value_name = "NAME", value_parser = parse_job, required = true)]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) targets: GivenTargets,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Reads the name of a job. Refuses a second config.
fn parse_job(text: &str) -> Result<String, String> {
    if is_path(text) { Err(SECOND_CONFIG.to_string()) } else { Ok(text.to_string()) }
}
