//! The arguments of the commands that edit and list the targets of jobs.

use clap::{Args, ValueEnum, ValueHint};

use super::super::{
    BEHAVIOR, CONFIG_HELP, FORMAT_HELP, JOB_HELP, OUTPUT, SELECTION, file_name, parse_condition, parse_label,
};
use super::common::{
    AllowArguments, ConfigArguments, EditOptions, GivenTargets, JobArguments, ProvedArguments, SECOND_CONFIG,
    WHERE_HELP,
};

/// The help of `--before-rules`.
const BEFORE_HELP: &str = "Match the labels that discovery gives, by a rule before all others";

/// Add targets to a job: to static_configs, or to its target file
#[derive(Debug, Args)]
#[command(after_help = "\
A target goes to the group that has just the labels of --label, else to a new group.
`host{1..3}:9100`, `{a,b}:9100` and `host:5001-5005` name several targets. A target that the job has
already is left as it is, so that a second run changes nothing. An address that Prometheus refuses,
such as a URL, is refused.

Examples:
  promcfg add-target prometheus.yml 10.0.0.7:9100 --job node
  promcfg add-target prometheus.yml 'web{1..3}:9100' --job node --label env=prod
  promcfg add-target targets.json app:5001-5005

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (an unknown job, an invalid address, a write error).")]
pub(crate) struct AddTargetArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The addresses of the targets
    #[arg(value_name = "ADDRESS", value_parser = parse_address, required = true)]
    pub(crate) addresses: Vec<String>,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    /// Give the targets this label, by the group that they go to; can be repeated
    #[arg(long = "label", value_name = "NAME=VALUE", value_parser = parse_label, help_heading = SELECTION)]
    pub(crate) labels: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) given: GivenTargets,
    #[command(flatten)]
    pub(crate) allowed: ProvedArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Remove targets from static_configs and target files, with their comments
#[derive(Debug, Args)]
#[command(after_help = "\
Without --job, the job that has the target is found. A group without targets is removed, with its
labels and comments, as long as other groups have targets. The last targets of a job leave an empty
list where they are written in brackets, and their group stays; else static_configs is removed. All
jobs that read an edited target file are reported.

Examples:
  promcfg remove-target prometheus.yml 10.0.0.7:9100
  promcfg remove-target prometheus.yml 'web{1..3}:9100' --job node --dry-run
  promcfg remove-target targets.json app:5001-5005

Exit status: 0 success, also if no job has the target; 1 the edit was refused, or --check found a
change; 2 the command failed (an unknown job).")]
pub(crate) struct RemoveTargetArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The addresses of the targets, as they are written
    #[arg(value_name = "ADDRESS", value_parser = parse_address, required = true)]
    pub(crate) addresses: Vec<String>,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    /// Remove only targets whose group has this label; can be repeated
    #[arg(long = "label", value_name = "NAME=VALUE", value_parser = parse_label, help_heading = SELECTION)]
    pub(crate) labels: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) given: GivenTargets,
    #[command(flatten)]
    pub(crate) allowed: ProvedArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Move targets to another job or to a target file, with their labels and comments
#[derive(Debug, Args)]
#[command(after_help = "\
The labels of the group go with a target: it joins the group of the other job that has just these
labels, or gets a new one. Its `job` label, and all that the rules of the other job do, are new.
It does not go to a target file that a third job or the old one reads, but to static_configs.

With --to-file, targets of static_configs go to a target file of their job, in YAML or JSON by its
ending. Its path is relative to the folder of the config. A file that does not exist is created,
with an entry in file_sd_configs. No label of a target changes. With both --to and --to-file, they
go to that target file of the other job.

Examples:
  promcfg move-target prometheus.yml 10.0.0.7:9100 --to node
  promcfg move-target prometheus.yml 'web{1..3}:9100' --to-file targets/web.json
  promcfg move-target prometheus.yml 'web{1..3}:9100' --job old --to new --dry-run

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (no job has the target, an unknown job).")]
pub(crate) struct MoveTargetArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The addresses of the targets, as they are written
    #[arg(value_name = "ADDRESS", value_parser = parse_address, required = true)]
    pub(crate) addresses: Vec<String>,
    /// The name of the job that they go to
    #[arg(long, value_name = "JOB", required_unless_present = "to_file", help_heading = SELECTION)]
    pub(crate) to: Option<String>,
    /// The target file that they go to; with --to, one of that job
    #[arg(long, value_name = "PATH", help_heading = SELECTION, value_hint = ValueHint::FilePath)]
    pub(crate) to_file: Option<String>,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    #[command(flatten)]
    pub(crate) given: GivenTargets,
    #[command(flatten)]
    pub(crate) allowed: ProvedArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// No longer scrape the targets whose labels match, by a relabel rule that drops them
#[derive(Debug, Args)]
#[command(after_help = "\
A target with all given labels is dropped. The labels are those after all rules, `__address__` and
`__meta_` labels included; with --before-rules, those that discovery gives. A rule that does nothing
else is extended, so that a second run with another pattern drops these targets as well. An edit
that drops all known targets of a job is refused unless --force is given.

Examples:
  promcfg drop-target prometheus.yml --where env=canary --job node
  promcfg drop-target prometheus.yml --where __meta_kubernetes_namespace=kube-system --job pods
  promcfg drop-target prometheus.yml --where '__address__=.*:22' --before-rules --all-jobs --dry-run

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (wrong usage, an unknown job, a file that cannot be read).")]
pub(crate) struct DropTargetArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    #[arg(long = "where", value_name = "LABEL=REGEX", value_parser = parse_condition, required = true)]
    #[arg(help = WHERE_HELP, help_heading = SELECTION)]
    pub(crate) conditions: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    #[command(flatten)]
    pub(crate) targets: GivenTargets,
    #[arg(long, help = BEFORE_HELP, help_heading = BEHAVIOR)]
    pub(crate) before_rules: bool,
    #[command(flatten)]
    pub(crate) allowed: AllowArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Scrape only the targets whose labels match, or one shard of them, by relabel rules that keep them
#[derive(Debug, Args)]
#[command(after_help = "\
Targets that match stay, all others are dropped. A rule that does nothing but keep targets by the
same labels is extended, so that a second run with another pattern keeps these targets as well.

With --shard, a hash of the address, or of the label of --by, decides in which of N shards a target
is; each of N servers scrapes one. A second run with other numbers changes them in the rules.

Examples:
  promcfg keep-target prometheus.yml --where env=prod --job node
  promcfg keep-target prometheus.yml --where __meta_kubernetes_pod_ready=true --job pods
  promcfg keep-target prometheus.yml --shard 0/3 --all-jobs

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (wrong usage, an unknown job, a file that cannot be read).")]
pub(crate) struct KeepTargetArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    #[arg(long = "where", value_name = "LABEL=REGEX", value_parser = parse_condition)]
    #[arg(required_unless_present = "shard", conflicts_with = "shard", help = WHERE_HELP, help_heading = SELECTION)]
    pub(crate) conditions: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    #[command(flatten)]
    pub(crate) targets: GivenTargets,
    /// Keep shard I, from 0, of N
    #[arg(long, value_name = "I/N", value_parser = parse_shard, help_heading = BEHAVIOR)]
    pub(crate) shard: Option<(u64, u64)>,
    /// The label that decides in which shard a target is
    #[arg(long, value_name = "LABEL", default_value = "__address__", help_heading = BEHAVIOR)]
    pub(crate) by: String,
    #[arg(long, conflicts_with = "shard", help = BEFORE_HELP, help_heading = BEHAVIOR)]
    pub(crate) before_rules: bool,
    #[command(flatten)]
    pub(crate) allowed: AllowArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// List the targets of static_configs and target files, one per line
#[derive(Debug, Args)]
#[command(after_help = "\
Each line has the job, the address as it is written, where it is scraped, and its labels. Targets
that exist only at discovery are not listed: `promcfg simulate --targets` shows them.

Examples:
  promcfg list-targets prometheus.yml
  promcfg list-targets prometheus.yml --job 'node*' --format json
  promcfg list-targets targets.json

Exit status: 0 success; 1 Prometheus refuses the config; 2 the command failed.")]
pub(crate) struct ListTargetsArguments {
    #[arg(value_name = "CONFIG", help = CONFIG_HELP, value_hint = ValueHint::FilePath, value_parser = file_name())]
    pub(crate) config: String,
    #[arg(long = "job", value_name = "NAME|GLOB", help = JOB_HELP, help_heading = SELECTION)]
    pub(crate) jobs: Vec<String>,
    #[arg(long, value_enum, default_value_t, alias = "output-format", help = FORMAT_HELP, help_heading = OUTPUT)]
    pub(crate) format: ListFormat,
}

/// An output format of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A line for each target
    #[default]
    Human,
    /// One JSON document
    Json,
}

/// Reads an address. Refuses a second config.
fn parse_address(text: &str) -> Result<String, String> {
    let is_file = [".yml", ".yaml", ".json"].iter().any(|ending| text.ends_with(ending));
    if is_file { Err(SECOND_CONFIG.to_string()) } else { Ok(text.to_string()) }
}

/// Reads the number of a shard and how many there are.
fn parse_shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('/').and_then(|(shard, of)| Some((shard.parse().ok()?, of.parse().ok()?)));
    parts.ok_or_else(|| "expected I/N, for example 0/3: the first of three shards".to_string())
}
