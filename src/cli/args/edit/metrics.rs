//! The arguments of the commands about metrics: `drop-metric` and `keep-metric`.

use clap::Args;

use super::common::{AllowArguments, ConfigArguments, EditOptions, GivenArguments, JobArguments};

/// Drop metrics of jobs by their names, by a rule in metric_relabel_configs
#[derive(Debug, Args)]
#[command(after_help = "\
A pattern is a regular expression that matches the whole name of a metric. A rule at the end of
metric_relabel_configs drops the metrics; a rule that does nothing else is extended, so that a
second run with other patterns adds them. A pattern that a rule already covers, such as go_gc_.*
within go_.*, is not added. `up` and the other series that Prometheus itself adds for each scrape
cannot be dropped.

Examples:
  promcfg drop-metric prometheus.yml 'go_.*' 'process_.*' --job node
  promcfg drop-metric prometheus.yml '.*_bucket' --job web --series page.txt --dry-run
                                  (reports how many series are dropped, and how many stay)

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (an unknown job, an invalid pattern).")]
pub(crate) struct DropMetricArguments {
    #[command(flatten)]
    pub(crate) metrics: MetricArguments,
}

/// Keep only some metrics of jobs by their names, by a rule in metric_relabel_configs
#[derive(Debug, Args)]
#[command(after_help = "\
All metrics that match none of the patterns are dropped. A rule that does nothing but keep metrics
is extended, so that a second run with other patterns keeps these as well. Metrics that another rule
drops stay dropped, which is reported. `up` and the other series that Prometheus itself adds for
each scrape stay and need not be named.

Examples:
  promcfg keep-metric prometheus.yml 'node_cpu_.*' 'node_memory_.*' --job node
  promcfg keep-metric prometheus.yml 'http_requests_total' --job web --series page.txt --dry-run

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (an unknown job, an invalid pattern).")]
pub(crate) struct KeepMetricArguments {
    #[command(flatten)]
    pub(crate) metrics: MetricArguments,
}

/// What both commands have.
#[derive(Debug, Args)]
pub(crate) struct MetricArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// Regular expressions that match whole names of metrics
    #[arg(value_name = "PATTERN", required = true)]
    pub(crate) patterns: Vec<String>,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    #[command(flatten)]
    pub(crate) given: GivenArguments,
    #[command(flatten)]
    pub(crate) allowed: AllowArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}
