//! The arguments of the commands about fields of configs: `set`, `unset` and `limit`.

use clap::Args;

use super::super::{BEHAVIOR, parse_pair};
use super::common::{
    AllowArguments, AnchorChoice, ConfigArguments, EditOptions, GivenArguments, GivenTargets, JobArguments,
    ProvedArguments,
};

/// Set fields of a config, or of jobs, with comments and layout kept
#[derive(Debug, Args)]
#[command(after_help = "\
Without --job, a path begins at the top of the config; with --job or --all-jobs it begins at the
jobs. Items of lists are counted from 0. A list is written in brackets, a mapping in braces. The
value must be one that the field can have. An existing value is replaced in place; the comments in
an old list or mapping are removed with it. A new field goes to its usual place, with the sections
above it. Secrets are refused: put them into files.

Examples:
  promcfg set prometheus.yml global.scrape_interval=30s
  promcfg set prometheus.yml scrape_interval=15s --job node
  promcfg set prometheus.yml 'params.module=[http_2xx]' metrics_path=/probe --job blackbox
  promcfg set prometheus.yml 'relabel_configs[0].regex=web-.*' --job web
  promcfg set prometheus.yml basic_auth.username=prom basic_auth.password_file=/etc/pw --all-jobs

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (an unknown field, an invalid value, an unknown job).")]
pub(crate) struct SetArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// Paths of fields with their values
    #[arg(value_name = "PATH=VALUE", value_parser = parse_field, required = true)]
    pub(crate) fields: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    #[command(flatten)]
    pub(crate) targets: GivenTargets,
    /// Remove a field instead of writing the value that it would inherit from global or by default
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) minimal: bool,
    #[command(flatten)]
    pub(crate) allowed: ProvedArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Remove fields of a config, or of jobs, each with the comments that belong to it
#[derive(Debug, Args)]
#[command(after_help = "\
Paths are those of `promcfg set`. A section that loses its last field is removed with it, and so is the
last item of a list, and a list in lines. A list in brackets that loses its last item is written
as [].

Examples:
  promcfg unset prometheus.yml global.query_log_file
  promcfg unset prometheus.yml scrape_interval scrape_timeout --all-jobs
  promcfg unset prometheus.yml 'metric_relabel_configs[0]' --job web

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (an unknown field, an unknown job).")]
pub(crate) struct UnsetArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// Paths of fields
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    #[command(flatten)]
    pub(crate) targets: GivenTargets,
    #[command(flatten)]
    pub(crate) allowed: ProvedArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Set limits of jobs, compared with what the jobs use
#[derive(Debug, Args)]
#[command(after_help = "\
A scrape over a limit fails as a whole. With --series, a saved /metrics page, the limits of samples,
labels and sizes are compared with the page after all rules; the limit of targets is compared with
the targets in the config, in target files and in --targets. A limit that is exceeded is refused. 0
means no limit.

Examples:
  promcfg limit prometheus.yml --job node --samples 5000 --series page.txt
  promcfg limit prometheus.yml --all-jobs --labels 40 --label-value-length 500
  promcfg limit prometheus.yml --job pods --max-targets 200 --targets pods.json

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (an invalid value, an unknown job).")]
pub(crate) struct LimitArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    #[command(flatten)]
    pub(crate) given: GivenArguments,
    /// sample_limit: the samples of a scrape that are stored
    #[arg(long, value_name = "NUMBER", help_heading = BEHAVIOR)]
    pub(crate) samples: Option<u64>,
    /// label_limit: the labels of a sample
    #[arg(long, value_name = "NUMBER", help_heading = BEHAVIOR)]
    pub(crate) labels: Option<u64>,
    /// label_name_length_limit: the bytes of the name of a label
    #[arg(long, value_name = "NUMBER", help_heading = BEHAVIOR)]
    pub(crate) label_name_length: Option<u64>,
    /// label_value_length_limit: the bytes of the value of a label
    #[arg(long, value_name = "NUMBER", help_heading = BEHAVIOR)]
    pub(crate) label_value_length: Option<u64>,
    /// target_limit: the targets of a job; `--targets NUMBER` does the same
    #[arg(long, value_name = "NUMBER", help_heading = BEHAVIOR)]
    pub(crate) max_targets: Option<u64>,
    /// keep_dropped_targets: the dropped targets that Prometheus shows
    #[arg(long, value_name = "NUMBER", help_heading = BEHAVIOR)]
    pub(crate) keep_dropped: Option<u64>,
    /// body_size_limit: the bytes of a page, such as 10MB
    #[arg(long, value_name = "SIZE", help_heading = BEHAVIOR)]
    pub(crate) body_size: Option<String>,
    /// Write limits also where the known targets and samples exceed them
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) force: bool,
    /// Accepted as in all edits; nothing is refused without it
    #[arg(long, hide = true)]
    pub(crate) unproved: bool,
    /// Edit also where other places share the text by an anchor, an alias or a merge key
    #[arg(long, value_enum, value_name = "HOW", help_heading = BEHAVIOR)]
    pub(crate) through_anchor: Option<AnchorChoice>,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

impl LimitArguments {
    /// What the edit may do that is refused otherwise.
    pub(crate) fn allowed(&self) -> AllowArguments {
        AllowArguments { unproved: self.unproved, force: self.force, through_anchor: self.through_anchor }
    }
}

/// Reads a path with a value.
fn parse_field(text: &str) -> Result<(String, String), String> {
    // A key in quotes may have the sign.
    if let (Some(quote), Some(sign)) = (text.find('"'), text.find('='))
        && quote < sign
        && let Some(end) = text.get(quote + 1..).and_then(|rest| rest.find('"')).map(|at| quote + 1 + at)
        && let Some(sign) = text.get(end..).and_then(|rest| rest.find('=')).map(|at| end + at)
    {
        return Ok((text[..sign].to_string(), text[sign + 1..].to_string()));
    }
    parse_pair(text, "PATH=VALUE", "30s")
}
