//! The arguments of `promcfg discover`.

use clap::{Args, ValueEnum, ValueHint};

use super::{BEHAVIOR, CONFIG_HELP, DiscoveryArguments, FORMAT_HELP, JOB_HELP, OUTPUT, SELECTION, TARGETS, file_name};

/// Print the targets of jobs before relabeling, as discovery finds them in saved objects
#[derive(Debug, Args)]
#[command(after_help = "\
The output is one that --targets reads: a dump of a cluster becomes a small file for tests, and the
targets of one job become a file for file_sd_configs. With --anonymize, names, addresses and all
other values are replaced, each always by the same word; texts that the relabel rules of the config
name stay, so that the rules do the same.

Examples:
  promcfg discover prometheus.yml --targets cluster.json > targets.ndjson
  promcfg discover prometheus.yml --job consul --targets consul --format yaml > consul.yml
  promcfg discover prometheus.yml --targets cluster.json --anonymize > targets.ndjson

Exit status: 0 success; 1 Prometheus refuses the config; 2 the command failed.")]
pub(crate) struct DiscoverArguments {
    #[arg(value_name = "CONFIG", help = CONFIG_HELP, value_hint = ValueHint::FilePath, value_parser = file_name())]
    pub(crate) config: String,
    #[arg(long = "job", value_name = "NAME|GLOB", help = JOB_HELP, help_heading = SELECTION)]
    pub(crate) jobs: Vec<String>,
    /// The objects from which jobs discover their targets (`kubectl get -o json`, `docker inspect`, `aws ec2
    /// describe-instances`, answers of Consul, `dig`), or targets in any other form; `-` reads standard input; can be
    /// repeated
    #[arg(long, value_name = "FILE", help_heading = TARGETS, value_hint = ValueHint::AnyPath, value_parser = file_name())]
    pub(crate) targets: Vec<String>,
    #[command(flatten)]
    pub(crate) discovery: DiscoveryArguments,
    /// Replace names, addresses and other values, but for texts that relabel rules of the config name
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) anonymize: bool,
    #[arg(long, value_enum, default_value_t, alias = "output-format", help = FORMAT_HELP, help_heading = OUTPUT)]
    pub(crate) format: DiscoverFormat,
}

/// An output format of targets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiscoverFormat {
    /// One JSON object per target and line, with its job
    #[default]
    Ndjson,
    /// Target groups as in file_sd_configs, of one job
    Json,
    /// The same as YAML
    Yaml,
}
