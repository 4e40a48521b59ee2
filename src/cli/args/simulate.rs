//! The arguments of `promcfg simulate`.

use clap::{Args, ValueEnum, ValueHint};

use super::{
    BEHAVIOR, CONTENT_TYPE_HELP, DiscoveryArguments, FORMAT_HELP, JOB_HELP, OUTPUT, PATHS_HELP, RUNNING_HELP,
    SELECTION, STAGE_HELP, Stage, TARGETS, file_name, parse_label,
};

/// Show the final labels and scrape URL of each target, or the relabel rule that dropped it
#[derive(Debug, Args)]
#[command(after_help = "\
By default, the targets are those of static_configs and of the files in file_sd_configs. A config
does not contain the targets that Kubernetes, Consul or EC2 discover: provide them with --targets
or --target. Without them, the rules run on example targets. If a manifest has several configs,
each is simulated.

Of manifests with objects of prometheus-operator (ServiceMonitor, PodMonitor, Probe, ScrapeConfig),
the config that the operator generates is simulated on the Services, pods and workloads among the
manifests, one example pod for each workload. A job without targets is shown with the step that
loses them.

Examples:
  promcfg simulate prometheus.yml
  promcfg simulate prometheus.yml --job 'kubernetes-*' --trace
  curl -s localhost:9090/api/v1/targets | promcfg simulate prometheus.yml --targets -
  promcfg simulate prometheus.yml --target 10.0.0.1:9100 --trace
  promcfg simulate prometheus.yml --job node --target 10.1.2.3:9100 --label __meta_rack=r7
  promcfg simulate prometheus.yml --status dropped --where 'env=prod|canary' --limit 10
  curl -s 10.1.2.3:9100/metrics |
    promcfg simulate prometheus.yml --job node --stage metric --series -
  promcfg simulate k8s/ --job servicemonitor/shop/web
  helm template shop ./chart | promcfg simulate -
  promcfg simulate prometheus.yml --format ndjson | jq -r 'select(.status==\"kept\").url'

Exit status: 0 success, also if targets are dropped; 1 Prometheus refuses the config or a target;
2 the command failed (a missing file, an unknown job, wrong usage).")]
pub(crate) struct SimulateArguments {
    #[arg(value_name = "CONFIG", help = PATHS_HELP, conflicts_with = "example", value_hint = ValueHint::AnyPath)]
    #[arg(value_parser = file_name())]
    pub(crate) paths: Vec<String>,
    /// Use a built-in example instead of a config
    #[arg(long, help_heading = SELECTION)]
    pub(crate) example: bool,
    #[arg(long = "job", value_name = "NAME|GLOB", help = JOB_HELP, help_heading = SELECTION)]
    pub(crate) jobs: Vec<String>,
    /// Simulate only the targets with this address before relabeling, or else with this `instance` or final address;
    /// if no target has it, simulate one made by hand; can be repeated
    #[arg(long = "target", value_name = "ADDRESS", help_heading = SELECTION)]
    pub(crate) named: Vec<String>,
    /// Show only targets with this result; can be repeated
    #[arg(long = "status", value_enum, value_name = "STATUS", help_heading = SELECTION)]
    pub(crate) statuses: Vec<StatusChoice>,
    /// Show only targets with a label that matches this pattern, after relabeling or as discovered (`__meta_pod`,
    /// `__address__`); can be repeated
    #[arg(long = "where", value_name = "LABEL=REGEX", value_parser = parse_condition, help_heading = SELECTION)]
    pub(crate) conditions: Vec<(String, String)>,
    /// Show what becomes of this object of Kubernetes in --targets or among the manifests, where it is lost, and what it
    /// would need, for example pod/shop/cart-7d9
    #[arg(long, value_name = "KIND/NAMESPACE/NAME", conflicts_with = "named")]
    #[arg(help_heading = SELECTION)]
    pub(crate) object: Option<String>,
    /// Show all targets of jobs that discover many, not only some with each result
    #[arg(long, help_heading = SELECTION)]
    pub(crate) all: bool,
    /// Show at most this number of targets of each job
    #[arg(long, value_name = "NUMBER", help_heading = SELECTION)]
    pub(crate) limit: Option<usize>,
    /// Also simulate the targets of `alerting.alertmanagers`
    #[arg(long, conflicts_with = "series", help_heading = SELECTION)]
    pub(crate) alertmanagers: bool,
    /// Use the targets in this file or folder: objects from which jobs discover their targets (`kubectl get -o json`,
    /// `docker inspect`, `aws ec2 describe-instances`, answers of Consul, `dig`), a saved /api/v1/targets response,
    /// the output of `promtool check service-discovery`, lines of JSON, or target groups as in file_sd_configs; `-`
    /// reads standard input; can be repeated
    #[arg(long, value_name = "FILE", help_heading = TARGETS, value_hint = ValueHint::AnyPath, value_parser = file_name())]
    pub(crate) targets: Vec<String>,
    #[arg(long, value_name = "FILE", requires = "targets", help = RUNNING_HELP, help_heading = TARGETS)]
    #[arg(value_hint = ValueHint::FilePath, value_parser = file_name())]
    pub(crate) running: Option<String>,
    #[command(flatten)]
    pub(crate) discovery: DiscoveryArguments,
    /// Give the targets of --target this label; can be repeated
    #[arg(long = "label", value_name = "NAME=VALUE", requires = "named", value_parser = parse_label)]
    #[arg(help_heading = TARGETS)]
    pub(crate) labels: Vec<(String, String)>,
    /// Read the series of the metric stage from this file: a `/metrics` page, or lines of
    /// {"sample":{…},"target":{…}}; `-` reads standard input
    #[arg(long, value_name = "FILE", required_if_eq("stage", "metric"), help_heading = TARGETS)]
    #[arg(value_hint = ValueHint::FilePath, value_parser = file_name())]
    pub(crate) series: Option<String>,
    #[arg(long, value_name = "TYPE", requires = "series")]
    #[arg(help = CONTENT_TYPE_HELP, help_heading = TARGETS)]
    pub(crate) content_type: Option<String>,
    #[arg(long, value_enum, default_value_t, help = STAGE_HELP, help_heading = BEHAVIOR)]
    pub(crate) stage: Stage,
    /// Show which labels each rule read, matched and changed
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) trace: bool,
    /// Also show labels that begin with `__`
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) all_labels: bool,
    #[arg(long, value_enum, default_value_t, alias = "output-format", help = FORMAT_HELP, help_heading = OUTPUT)]
    pub(crate) format: Format,
}

/// Reads `LABEL=REGEX`.
fn parse_condition(text: &str) -> Result<(String, String), String> {
    let read = parse_label(text).map_err(|error| error.replace("NAME=VALUE", "LABEL=REGEX"));
    read.map_err(|error| error.replace("=prod", "=prod.*"))
}

/// A result of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusChoice {
    /// Prometheus scrapes it
    Kept,
    /// A rule drops it
    Dropped,
    /// Prometheus refuses it
    #[value(alias = "invalid")]
    Refused,
    /// It depends on a value that is not known
    Undecided,
}

/// An output format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text
    #[default]
    Human,
    /// One JSON document
    Json,
    /// One JSON object per target and line, written while the command runs
    Ndjson,
}
