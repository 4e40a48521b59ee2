//! The arguments of the commands that edit labels.

use clap::{Args, ValueEnum};

use super::super::{BEHAVIOR, STAGE_HELP, Stage, parse_label};
use super::common::{
    AllowArguments, ConfigArguments, EditOptions, GivenArguments, GivenTargets, JobArguments, SECOND_CONFIG,
    SelectionArguments, is_path,
};

/// Add a label to targets by editing the config, with comments and layout kept
#[derive(Debug, Args)]
#[command(after_help = "\
Before a file is written, the new text is read again, and the effect on all targets is proved, also
on those that only discovery knows. If anything but the requested label changes, or if this cannot
be proved, the edit is refused with the reason. Where discovery, a rule or a scrape may have set the
label, it is added only to targets without it (--overwrite: to all). A second run changes nothing.

Examples:
  promcfg add-label prometheus.yml env=prod --job node
  promcfg add-label prometheus.yml rack=r7 zone=a --target 10.1.2.3:9100
  promcfg add-label prometheus.yml team=web --all-jobs --where 'instance=web-.*'
  promcfg add-label prometheus.yml env=prod --job node --stage metric --dry-run
  promcfg add-label targets.json env=prod
  promcfg add-label prometheus.yml env=prod --job web --method static
                                  (also in the target files of file_sd_configs)
  promcfg add-label conf/ env=prod --job node --file other/prometheus.yml
  promcfg add-label monitor.yml env=prod --job 'serviceMonitor/shop/web/*'
                                  (in `relabelings` of the ServiceMonitor)
  promcfg add-label prometheus.yml instance --from __address__ --regex '(.+):\\d+' --job node
                                  (the instance without its port)
  promcfg add-label prometheus.yml instance --from __meta_kubernetes_namespace
      --from __meta_kubernetes_pod_name --separator / --job pods

With --from, the value is that of another label, or of several, after all rules; a target without
them stays as it is. Before relabeling ends, a target that nothing has given an `instance` has only
its address, which becomes its instance: --from instance copies the address then. A label such as
__metrics_path__ or __scheme__ changes the URL of the targets.

Several labels, or several configs, are one change: all of it is proved before a file is written.

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (an unknown job, an invalid label name, a write error).")]
pub(crate) struct AddLabelArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The labels and their values; with --from the name of one label
    #[arg(value_name = "NAME=VALUE", value_parser = parse_new_label, required = true)]
    pub(crate) labels: Vec<NewLabel>,
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
    #[command(flatten)]
    pub(crate) copied: CopiedArguments,
    /// Replace the value where the label already has another one
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) overwrite: bool,
    #[command(flatten)]
    pub(crate) allowed: AllowArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// A label to be added: its name, and its value unless that is copied.
#[derive(Clone, Debug)]
pub(crate) struct NewLabel {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
}

/// The labels that a value is copied from.
#[derive(Debug, Args)]
pub(crate) struct CopiedArguments {
    /// Copy the value of this label; can be repeated: the values are joined
    #[arg(long, value_name = "LABEL", help_heading = BEHAVIOR)]
    pub(crate) from: Vec<String>,
    /// Copy only where this pattern matches the whole value
    #[arg(long, value_name = "PATTERN", requires = "from", help_heading = BEHAVIOR)]
    pub(crate) regex: Option<String>,
    /// The new value, with $1 for the first group of --regex, or without it for the whole value
    #[arg(long, value_name = "TEMPLATE", requires = "from", help_heading = BEHAVIOR)]
    pub(crate) replacement: Option<String>,
    /// The text between the values of several labels [default: ;]
    #[arg(long, value_name = "TEXT", requires = "from", help_heading = BEHAVIOR)]
    pub(crate) separator: Option<String>,
    /// Write the letters of the value in this case
    #[arg(long, value_enum, value_name = "CASE", requires = "from", help_heading = BEHAVIOR)]
    #[arg(conflicts_with_all = ["regex", "replacement"])]
    pub(crate) case: Option<CaseChoice>,
}

/// The letters of a copied value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CaseChoice {
    /// All in lower case
    Lower,
    /// All in upper case
    Upper,
}

/// Remove a label from targets by editing the config, with comments and layout kept
#[derive(Debug, Args)]
#[command(after_help = "\
Labels in static_configs are removed, and rules that set just this label. If other rules read the
label, or if discovery or a scrape can set it, a `labeldrop` rule is appended instead.

Examples:
  promcfg remove-label prometheus.yml env team --job node
  promcfg remove-label prometheus.yml rack --target 10.1.2.3:9100
  promcfg remove-label prometheus.yml pod_uid --job pods --method relabel
  promcfg remove-label monitor.yml env --job serviceMonitor/shop/web/0

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (wrong usage, an unknown job, a file that cannot be read).")]
pub(crate) struct RemoveLabelArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The names of the labels
    #[arg(value_name = "NAME", value_parser = parse_name, required = true)]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
    #[command(flatten)]
    pub(crate) allowed: AllowArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Drop labels by their names, by a `labeldrop` rule after all others
#[derive(Debug, Args)]
#[command(after_help = "\
The rule drops just these names. A `labeldrop` of the job is extended, so that a second run with
other names adds them. Labels that Prometheus needs are refused: job, instance, those of the
request, and in samples __name__, le and quantile. `promcfg remove-label` removes the rules and
group labels that set a label instead.

Examples:
  promcfg drop-label prometheus.yml pod_template_hash controller_uid --job pods
  promcfg drop-label prometheus.yml id image --job cadvisor --stage metric --dry-run

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (wrong usage, an unknown job, a file that cannot be read).")]
pub(crate) struct DropLabelArguments {
    #[command(flatten)]
    pub(crate) labels: NamedLabelArguments,
}

/// Keep only some labels, by a `labelkeep` rule after all others
#[derive(Debug, Args)]
#[command(after_help = "\
All labels but these are dropped. Labels that Prometheus needs stay and need not be named: job,
instance, those of the request, and in samples __name__, le and quantile. A `labelkeep` of the job
is extended, so that a second run with other names keeps these as well.

Examples:
  promcfg keep-label prometheus.yml namespace pod container --job pods
  promcfg keep-label prometheus.yml method code --job web --stage metric --series page.txt --dry-run

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (wrong usage, an unknown job, a file that cannot be read).")]
pub(crate) struct KeepLabelArguments {
    #[command(flatten)]
    pub(crate) labels: NamedLabelArguments,
}

/// What both commands have.
#[derive(Debug, Args)]
pub(crate) struct NamedLabelArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The names of the labels
    #[arg(value_name = "NAME", value_parser = parse_name, required = true)]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    #[command(flatten)]
    pub(crate) given: GivenArguments,
    #[arg(long, value_enum, default_value_t, help = STAGE_HELP, help_heading = BEHAVIOR)]
    pub(crate) stage: Stage,
    #[command(flatten)]
    pub(crate) allowed: AllowArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Copy all labels of discovery that begin with a prefix, by a `labelmap` rule after all others
#[derive(Debug, Args)]
#[command(after_help = "\
Each label PREFIX* is copied to the rest of its name. Where this could replace a label that a rule
or a group sets, the edit is refused with the name: --to gives the new names a prefix of their own.
The rule comes after all others, whose effects stay the same; a rule that reads one of the new names
is reported.

Examples:
  promcfg map-labels prometheus.yml __meta_kubernetes_node_label_ --job nodes
  promcfg map-labels prometheus.yml __meta_ec2_tag_ --to tag_ --job ec2 --dry-run

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (wrong usage, an unknown job, a file that cannot be read).")]
pub(crate) struct MapLabelsArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The beginning of the names of the labels
    #[arg(value_name = "PREFIX", value_parser = parse_name)]
    pub(crate) prefix: String,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    #[command(flatten)]
    pub(crate) targets: GivenTargets,
    /// The beginning of the new names
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true, help_heading = BEHAVIOR)]
    pub(crate) to: String,
    /// Replace the value where the label already has another one
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) overwrite: bool,
    #[command(flatten)]
    pub(crate) allowed: AllowArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Rename a label: in static_configs, and in the rules that set or read it
#[derive(Debug, Args)]
#[command(after_help = "\
Every target with OLD gets NEW with the same value, and nothing else changes. The rules of both
lists are changed as well, so that they set and read NEW. A label from discovery or a labelmap is
refused. Queries, alerting rules and remote_write rules that use OLD are not changed.

Examples:
  promcfg rename-label prometheus.yml env environment --job node
  promcfg rename-label prometheus.yml dc datacenter --all-jobs --dry-run
  promcfg rename-label prometheus.yml code status --job web --stage metric

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (wrong usage, an unknown job, a file that cannot be read).")]
pub(crate) struct RenameLabelArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The name of the label
    #[arg(value_name = "OLD", value_parser = parse_name)]
    pub(crate) old: String,
    /// Its new name
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    #[command(flatten)]
    pub(crate) given: GivenArguments,
    #[arg(long, value_enum, default_value_t, help = STAGE_HELP, help_heading = BEHAVIOR)]
    pub(crate) stage: Stage,
    #[command(flatten)]
    pub(crate) allowed: AllowArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Reads a label with its value, or its name. Refuses a second config.
fn parse_new_label(text: &str) -> Result<NewLabel, String> {
    match text.contains('=') {
        true => parse_label(text).map(|(name, value)| NewLabel { name, value: Some(value) }),
        false if is_path(text) => Err(SECOND_CONFIG.to_string()),
        false => Ok(NewLabel { name: text.to_string(), value: None }),
    }
}

/// Reads the name of a label. Refuses a second config.
fn parse_name(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        _ if is_path(text) => Err(SECOND_CONFIG.to_string()),
        Some((name, _)) if !name.is_empty() => Err(format!("expected the name of a label without a value: {name}")),
        _ => Ok(text.to_string()),
    }
}
