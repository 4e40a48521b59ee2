//! The arguments of the commands that edit a config.

use clap::{Args, ValueEnum, ValueHint};

use super::{
    BEHAVIOR, CONTENT_TYPE_HELP, DiscoveryArguments, FORMAT_HELP, JOB_HELP, OUTPUT, RUNNING_HELP, SELECTION,
    STAGE_HELP, Stage, TARGETS, file_name, parse_condition, parse_label,
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

Several labels, or several configs, are one change: all of it is proved before a file is written.

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (an unknown job, an invalid label name, a write error).")]
pub(crate) struct AddLabelArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The labels and their values
    #[arg(value_name = "NAME=VALUE", value_parser = parse_new_label, required = true)]
    pub(crate) labels: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
    /// Replace the value where the label already has another one
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) overwrite: bool,
    #[command(flatten)]
    pub(crate) allowed: AllowArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
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

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed.")]
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
change; 2 the command failed.")]
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

/// The configs that an edit is about.
#[derive(Debug, Args)]
pub(crate) struct ConfigArguments {
    /// The Prometheus config, a Kubernetes manifest with it in a ConfigMap, a target file, or a folder: all configs in
    /// it; `-` reads standard input
    #[arg(value_name = "CONFIG", value_hint = ValueHint::AnyPath, value_parser = file_name())]
    pub(crate) config: String,
    /// Edit this file or folder as well, all or none; can be repeated
    #[arg(long = "file", value_name = "PATH", value_hint = ValueHint::AnyPath, value_parser = file_name(), help_heading = SELECTION)]
    pub(crate) files: Vec<String>,
}

impl ConfigArguments {
    /// All files and folders.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.config).chain(&self.files)
    }
}

/// The jobs that an edit is about.
#[derive(Debug, Args)]
pub(crate) struct JobArguments {
    #[arg(long = "job", value_name = "NAME|GLOB", help = JOB_HELP, help_heading = SELECTION)]
    #[arg(conflicts_with = "all_jobs")]
    pub(crate) jobs: Vec<String>,
    /// Select all jobs, also those in scrape_config_files
    #[arg(long, help_heading = SELECTION)]
    pub(crate) all_jobs: bool,
}

/// The targets of an edit, and its method.
#[derive(Debug, Args)]
pub(crate) struct SelectionArguments {
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    /// Select the target with this address before relabeling, or this `instance`; without --job, its job is found;
    /// can be repeated
    #[arg(long, value_name = "ADDRESS", help_heading = SELECTION)]
    pub(crate) target: Vec<String>,
    /// Select only targets whose label, after relabeling, matches this pattern; can be repeated
    #[arg(long = "where", value_name = "LABEL=REGEX", value_parser = parse_condition, help_heading = SELECTION)]
    pub(crate) conditions: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) given: GivenArguments,
    /// Edit static_configs and target files, or relabel rules; auto: static_configs if they have exactly the
    /// selected targets in groups, else relabel rules
    #[arg(long, value_enum, default_value_t, help_heading = BEHAVIOR)]
    pub(crate) method: MethodChoice,
    #[arg(long, value_enum, default_value_t, help = STAGE_HELP, help_heading = BEHAVIOR)]
    pub(crate) stage: Stage,
}

/// Targets that the user gives.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct GivenTargets {
    /// Try the edit on the targets in this file or folder as well: objects from which jobs discover their targets
    /// (`kubectl get -o json`, `docker inspect`, …), target groups, lines of JSON, a saved /api/v1/targets response, or
    /// the output of `promtool check service-discovery`; `-` reads standard input; can be repeated
    #[arg(long, value_name = "FILE", help_heading = TARGETS, value_hint = ValueHint::AnyPath, value_parser = file_name())]
    pub(crate) targets: Vec<String>,
    #[arg(long, value_name = "FILE", requires = "targets", help = RUNNING_HELP, help_heading = TARGETS)]
    #[arg(value_hint = ValueHint::FilePath, value_parser = file_name())]
    pub(crate) running: Option<String>,
    #[command(flatten)]
    pub(crate) discovery: DiscoveryArguments,
}

/// Targets and samples that the user gives.
#[derive(Debug, Default, Args)]
pub(crate) struct GivenArguments {
    #[command(flatten)]
    pub(crate) targets: GivenTargets,
    /// Try the edit on the series in this file, a /metrics page or lines of JSON (with --stage metric)
    #[arg(long, value_name = "FILE", help_heading = TARGETS, value_hint = ValueHint::FilePath, value_parser = file_name())]
    pub(crate) series: Option<String>,
    #[arg(long, value_name = "TYPE", requires = "series")]
    #[arg(help = CONTENT_TYPE_HELP, help_heading = TARGETS)]
    pub(crate) content_type: Option<String>,
}

/// What an edit may do that is refused otherwise.
#[derive(Debug, Default, Args)]
pub(crate) struct AllowArguments {
    /// Edit also where the effect on targets or samples that are not known is not proved
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) unproved: bool,
    /// Edit also where several targets get the same labels
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) force: bool,
}

/// The place of an edit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MethodChoice {
    /// static_configs if they have exactly the selected targets in groups, else a relabel rule
    #[default]
    Auto,
    /// A relabel rule
    Relabel,
    /// A label in static_configs, or in the target files of file_sd_configs
    Static,
}

/// The output of an edit.
#[derive(Debug, Args)]
pub(crate) struct EditOptions {
    #[command(flatten)]
    pub(crate) mode: EditMode,
    #[arg(long, value_enum, default_value_t, alias = "output-format", help = FORMAT_HELP, help_heading = OUTPUT)]
    #[arg(conflicts_with = "stdout")]
    pub(crate) format: EditFormat,
}

/// An output format of an edit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum EditFormat {
    /// A diff, and the effect in words
    #[default]
    Human,
    /// One JSON document
    Json,
}

/// Whether an edit is written.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct EditMode {
    /// Show the change without writing it
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) dry_run: bool,
    /// Write nothing; print only the files that would change, one per line, and exit with status 1 if there are any
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) check: bool,
    /// Print the new text instead of writing it
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) stdout: bool,
}

/// Reads a label with its value. Refuses a second config.
fn parse_new_label(text: &str) -> Result<(String, String), String> {
    if !text.contains('=') && is_path(text) {
        return Err(SECOND_CONFIG.to_string());
    }
    parse_label(text)
}

/// Reads the name of a label. Refuses a second config.
fn parse_name(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        _ if is_path(text) => Err(SECOND_CONFIG.to_string()),
        Some((name, _)) if !name.is_empty() => Err(format!("expected the name of a label without a value: {name}")),
        _ => Ok(text.to_string()),
    }
}

/// Reads the name of a job. Refuses a second config.
fn parse_job(text: &str) -> Result<String, String> {
    if is_path(text) { Err(SECOND_CONFIG.to_string()) } else { Ok(text.to_string()) }
}

const SECOND_CONFIG: &str = "this is a file; name further configs with --file";

fn is_path(text: &str) -> bool {
    [".yml", ".yaml", ".json"].iter().any(|ending| text.ends_with(ending)) || std::path::Path::new(text).exists()
}
