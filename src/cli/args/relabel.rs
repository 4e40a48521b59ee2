//! The arguments of `promcfg relabel`.

use clap::{Args, ValueEnum, ValueHint};

use super::{OUTPUT, SELECTION, file_name};

/// Apply relabel rules to a stream of label sets (JSON lines in, JSON lines out)
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  echo '{\"__address__\":\"10.0.0.1:9100\",\"env\":\"prod\"}' | promcfg relabel --rules rules.yml
  promcfg relabel --rules prometheus.yml --job node --show-dropped sets.ndjson
  promcfg relabel --rules prometheus.yml --list write_relabel_configs series.ndjson

A line is an object of labels: {\"name\":\"value\", ...}. The output has the order of the input.

The lists: relabel_configs (on the targets of a job), metric_relabel_configs (on the samples scraped
from them), alert_relabel_configs (of `alerting`, on all alerts), alertmanager_relabel_configs (on
the targets of an Alertmanager), alertmanager_alert_relabel_configs (on the alerts sent to it),
write_relabel_configs (on the series written to a remote endpoint).

Exit status: 0 success; 1 Prometheus refuses a rule; 2 the command failed (a line is not a label
set).")]
pub(crate) struct RelabelArguments {
    /// Read the rules from this file: a list of relabel rules, or a config (with --job or --list)
    #[arg(long, value_name = "FILE", help_heading = SELECTION, value_hint = ValueHint::FilePath, value_parser = file_name())]
    pub(crate) rules: String,
    /// Use the rules of the job of the config with this name; `*` and `?` are wildcards
    #[arg(long, value_name = "NAME|GLOB", help_heading = SELECTION)]
    pub(crate) job: Option<String>,
    /// Use this list of the config [default with --job: relabel_configs]
    #[arg(long, value_enum, value_name = "LIST", help_heading = SELECTION)]
    pub(crate) list: Option<RuleList>,
    /// Use the Alertmanager or remote endpoint with this number, counted from 0
    #[arg(long, value_name = "INDEX", default_value_t, requires = "list", help_heading = SELECTION)]
    #[arg(value_parser = parse_index, allow_negative_numbers = true)]
    pub(crate) index: usize,
    /// Allow only ASCII letters, digits and `_` in label names, as under `metric_name_validation_scheme: legacy`
    #[arg(long, hide = true)]
    pub(crate) legacy_names: bool,
    /// Print `null` for a dropped set, so that output lines match input lines
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) show_dropped: bool,
    /// The label sets, one JSON object per line; `-` or none reads standard input
    #[arg(value_name = "INPUT", default_value = "-", hide_default_value = true, value_hint = ValueHint::FilePath, value_parser = file_name())]
    pub(crate) input: String,
}

fn parse_index(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "expected a number, counted from 0".to_string())
}

/// A list of relabel rules in a config.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RuleList {
    /// Of a job: on its targets
    #[value(name = "relabel_configs")]
    Relabel,
    /// Of a job: on the samples scraped from its targets
    #[value(name = "metric_relabel_configs")]
    MetricRelabel,
    /// Of `alerting`: on all alerts
    #[value(name = "alert_relabel_configs")]
    AlertRelabel,
    /// Of an Alertmanager: on its targets
    #[value(name = "alertmanager_relabel_configs")]
    AlertmanagerRelabel,
    /// Of an Alertmanager: on the alerts sent to it
    #[value(name = "alertmanager_alert_relabel_configs")]
    AlertmanagerAlertRelabel,
    /// Of a remote endpoint: on the series written to it
    #[value(name = "write_relabel_configs")]
    WriteRelabel,
}
