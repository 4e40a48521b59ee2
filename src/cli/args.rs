//! The arguments of the command line.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use promcfg::Release;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "promcfg",
    version,
    about = "Check, simulate and edit Prometheus scrape configs without a Prometheus server",
    after_help = "\
Examples:
  promcfg lint                        Check all Prometheus configs below the current folder
  promcfg simulate --example          Show the result of each target in a built-in example
  promcfg simulate prometheus.yml     Show the result of each target in a config
  promcfg simulate prometheus.yml --job node --trace
                                      Show the effect of each relabel rule on the targets of a job
  promcfg add-label prometheus.yml env=prod --job node
                                      Add a label to all targets of a job
  promcfg relabel --rules rules.yml < sets.ndjson
                                      Apply relabel rules to a stream of label sets

Exit status: 0 success; 1 Prometheus refuses the config or a target; 2 the command failed.",
    arg_required_else_help = true,
    subcommand_required = true,
    disable_help_subcommand = true,
    styles = STYLES,
    max_term_width = 110
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: GlobalOptions,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options every subcommand has.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct GlobalOptions {
    /// When to use colors [auto: on a terminal, unless NO_COLOR is set]
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t, hide_default_value = true)]
    #[arg(hide_possible_values = false)]
    pub(crate) color: Color,
    /// Print only results and errors, without warnings, notes and summaries
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// The Prometheus version that the config is for, such as 2.53 or 3.5.1; `next` is its main branch
    /// [default: the newest release, or `prometheus` of promcfg.toml]
    #[arg(long, global = true, value_name = "VERSION")]
    pub(crate) prometheus: Option<Release>,
}

/// When to use colors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// The command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Simulate(Box<SimulateArguments>),
    Relabel(RelabelArguments),
    Lint(LintArguments),
    AddLabel(AddLabelArguments),
    RemoveLabel(RemoveLabelArguments),
    RenameLabel(RenameLabelArguments),
    Rules(RulesArguments),
    ExplainRule(ExplainRuleArguments),
    Completions(CompletionsArguments),
    #[command(subcommand, hide = true)]
    Debug(DebugCommand),
}

/// Show the final labels and scrape URL of each target, or the relabel rule that dropped it
#[derive(Debug, Args)]
#[command(after_help = "\
By default, the targets are those of static_configs and of the files in file_sd_configs. A config
does not contain the targets that Kubernetes, Consul or EC2 discover: provide them with --targets
or --target.

Examples:
  promcfg simulate prometheus.yml
  promcfg simulate prometheus.yml --job 'kubernetes-*' --trace
  curl -s localhost:9090/api/v1/targets | promcfg simulate prometheus.yml --targets -
  promcfg simulate prometheus.yml --job node --target 10.1.2.3:9100 --label __meta_rack=r7
  curl -s 10.1.2.3:9100/metrics | promcfg simulate prometheus.yml --job node --stage metric --series -
  promcfg simulate prometheus.yml --format ndjson | jq -r 'select(.status==\"kept\").url'

Exit status: 0 success, also if targets are dropped; 1 Prometheus refuses the config or a
target; 2 the command failed (a missing file, an unknown job, wrong usage).")]
pub(crate) struct SimulateArguments {
    /// The Prometheus config, usually prometheus.yml; `-` reads standard input
    #[arg(value_name = "CONFIG", conflicts_with = "example")]
    pub(crate) config: Option<String>,
    /// Use a built-in example instead of a config
    #[arg(long)]
    pub(crate) example: bool,
    /// Simulate only jobs with this name; `*` and `?` are wildcards; can be repeated
    #[arg(long = "job", value_name = "NAME|GLOB")]
    pub(crate) jobs: Vec<String>,
    /// Use the targets in this file instead of those in the config: a saved /api/v1/targets response, lines of
    /// JSON, or target groups as in file_sd_configs; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "target")]
    pub(crate) targets: Option<String>,
    /// Use one target with this address instead of those in the config
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) target: Option<String>,
    /// Give the target of --target this label; can be repeated
    #[arg(long = "label", value_name = "NAME=VALUE", requires = "target", value_parser = parse_label)]
    pub(crate) labels: Vec<(String, String)>,
    /// Apply the rules for targets, or the rules for the samples scraped from them
    #[arg(long, value_enum, default_value_t)]
    pub(crate) stage: Stage,
    /// Read the series of the metric stage from this file: a `/metrics` page, or lines of
    /// {"sample":{…},"target":{…}}; `-` reads standard input
    #[arg(long, value_name = "FILE", required_if_eq("stage", "metric"))]
    pub(crate) series: Option<String>,
    /// Show which labels each rule read, matched and changed
    #[arg(long)]
    pub(crate) trace: bool,
    /// Also show labels that begin with `__`
    #[arg(long)]
    pub(crate) all_labels: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// The stage whose rules run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// `relabel_configs`, on targets
    #[default]
    Target,
    /// `metric_relabel_configs`, on scraped series
    Metric,
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

/// Apply relabel rules to a stream of label sets (JSON lines in, JSON lines out)
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  echo '{\"__address__\":\"10.0.0.1:9100\",\"env\":\"prod\"}' | promcfg relabel --rules rules.yml
  promcfg relabel --rules prometheus.yml --job node --show-dropped sets.ndjson
  promcfg relabel --rules prometheus.yml --list write_relabel_configs series.ndjson

A line is an object of labels: {\"name\":\"value\", ...}. The output has the order of the input.

Exit status: 0 success; 1 Prometheus refuses a rule; 2 the command failed (a line is not a label set).")]
pub(crate) struct RelabelArguments {
    /// Read the rules from this file: a list of relabel rules, or a config (with --job or --list)
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: String,
    /// Use this list of the config
    #[arg(long, value_enum, value_name = "LIST")]
    pub(crate) list: Option<RuleList>,
    /// Use the Alertmanager or remote endpoint with this number, counted from 0
    #[arg(long, value_name = "INDEX", default_value_t, requires = "list")]
    pub(crate) index: usize,
    /// Use the rules of this job of the config
    #[arg(long, value_name = "NAME")]
    pub(crate) job: Option<String>,
    /// Allow only ASCII letters, digits and `_` in label names, as under `metric_name_validation_scheme: legacy`
    #[arg(long, hide = true)]
    pub(crate) legacy_names: bool,
    /// Print `null` for a dropped set, so that output lines match input lines
    #[arg(long)]
    pub(crate) show_dropped: bool,
    /// The label sets, one JSON object per line; `-` or none reads standard input
    #[arg(value_name = "INPUT", default_value = "-", hide_default_value = true)]
    pub(crate) input: String,
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

/// Find load errors, and relabeling mistakes that Prometheus accepts silently
#[derive(Debug, Args)]
#[command(after_help = "\
In folders, files in .gitignore are skipped, and Prometheus configs and files of target groups
are recognized by their content. A file that is named on the command line is always read.

Settings come from the nearest promcfg.toml: in the folder of the file, or in a folder above it,
up to the top of the repository. The keys are select, ignore, severity, fail-on, exclude and
overrides. Options on the command line override them.

Examples:
  promcfg lint
  promcfg lint prometheus.yml --format concise
  promcfg lint --fail-on error conf/
  cat prometheus.yml | promcfg lint --stdin-filename prometheus.yml -

Exit status: 0 no finding at or above --fail-on; 1 such a finding; 2 the command failed.")]
pub(crate) struct LintArguments {
    /// Files and folders; none means the current folder; `-` reads standard input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// Report only findings of this rule; can be repeated
    #[arg(long, value_name = "RULE")]
    pub(crate) select: Vec<String>,
    /// Do not report findings of this rule; can be repeated
    #[arg(long, value_name = "RULE")]
    pub(crate) ignore: Vec<String>,
    /// Exit with status 1 for findings of this severity or higher [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    /// List the skipped files and what they are
    #[arg(long)]
    pub(crate) verbose: bool,
    /// Also skip named files that are not Prometheus files
    #[arg(long, alias = "only-recognised")]
    pub(crate) only_recognized: bool,
    /// Treat standard input as a file with this name
    #[arg(long, value_name = "FILE")]
    pub(crate) stdin_filename: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: LintFormat,
    /// Show every finding of severity info; the default is the first of each rule in a file, and the lines of the rest
    #[arg(long)]
    pub(crate) show_all: bool,
    /// Apply the fixes that do not change the result of any target, and write the files
    #[arg(long)]
    pub(crate) fix: bool,
    /// Also apply the fixes that can change the result of targets
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Show the changes of --fix (or --unsafe-fixes) without writing them; exit with status 1 if there are any
    #[arg(long)]
    pub(crate) diff: bool,
}

/// The lowest severity that makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
}

/// An output format of findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// Text with the lines of the file
    #[default]
    Human,
    /// One line per finding
    Concise,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions: annotations of the lines
    Github,
    /// A report for GitLab's Code Quality
    Gitlab,
    /// JUnit XML: one test case per finding
    Junit,
}

/// Add a label to targets by editing the config, with comments and layout kept
#[derive(Debug, Args)]
#[command(after_help = "\
Before a file is written, the new text is read again, and the targets are simulated before and
after. If anything but the requested label changes, the edit is refused with the reason. A second
run changes nothing.

Examples:
  promcfg add-label prometheus.yml env=prod --job node
  promcfg add-label prometheus.yml rack=r7 --target 10.1.2.3:9100
  promcfg add-label prometheus.yml team=web --all-jobs --where 'instance=web-.*'
  promcfg add-label prometheus.yml env=prod --job node --stage metric --dry-run

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found
a change; 2 the command failed (an unknown job, an invalid label name, a write error).")]
pub(crate) struct AddLabelArguments {
    /// The Prometheus config, or a Kubernetes manifest with it in a ConfigMap; `-` reads standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// The label and its value
    #[arg(value_name = "NAME=VALUE", value_parser = parse_label)]
    pub(crate) label: (String, String),
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
    /// Replace the value where the label already has another one
    #[arg(long)]
    pub(crate) overwrite: bool,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Remove a label from targets by editing the config, with comments and layout kept
#[derive(Debug, Args)]
#[command(after_help = "\
Labels in static_configs and rules that set a constant value are removed. If a rule copies the
value from other labels, the edit is refused; --method relabel then appends a `labeldrop` rule.

Examples:
  promcfg remove-label prometheus.yml env --job node
  promcfg remove-label prometheus.yml rack --target 10.1.2.3:9100
  promcfg remove-label prometheus.yml pod_uid --job pods --method relabel

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found
a change; 2 the command failed.")]
pub(crate) struct RemoveLabelArguments {
    /// The Prometheus config, or a Kubernetes manifest with it in a ConfigMap; `-` reads standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// The name of the label
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Rename a label: in static_configs, and in the rules that set or read it
#[derive(Debug, Args)]
#[command(after_help = "\
Every target with OLD gets NEW with the same value, and nothing else changes. The rules of both lists
are changed as well, so that they set and read NEW. A label from discovery or a labelmap is refused.
Queries, alerting rules and remote_write rules that use OLD are not changed.

Examples:
  promcfg rename-label prometheus.yml env environment --job node
  promcfg rename-label prometheus.yml dc datacenter --all-jobs --dry-run
  promcfg rename-label prometheus.yml code status --job web --stage metric

Exit status: 0 done, or nothing to do; 1 refused, or --check would change something;
2 the command failed.")]
pub(crate) struct RenameLabelArguments {
    /// The Prometheus config, or a manifest with a ConfigMap that contains it; `-` is standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// The name of the label
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// Its new name
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    /// Rename the label of targets and their samples, or only that of samples
    #[arg(long, value_enum, default_value_t)]
    pub(crate) stage: Stage,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// The jobs that an edit is about.
#[derive(Debug, Args)]
pub(crate) struct JobArguments {
    /// Select the targets of jobs with this name; `*` and `?` are wildcards; can be repeated
    #[arg(long = "job", value_name = "NAME|GLOB", conflicts_with = "all_jobs")]
    pub(crate) jobs: Vec<String>,
    /// Select the targets of all jobs, also of those in scrape_config_files
    #[arg(long)]
    pub(crate) all_jobs: bool,
}

/// The targets of an edit, and its method.
#[derive(Debug, Args)]
pub(crate) struct SelectionArguments {
    #[command(flatten)]
    pub(crate) jobs: JobArguments,
    /// Select the target with this address before relabeling; without --job, the job is found by it
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) target: Option<String>,
    /// Select only targets whose label, after relabeling, matches this pattern; can be repeated
    #[arg(long = "where", value_name = "LABEL=REGEX", value_parser = parse_label)]
    pub(crate) conditions: Vec<(String, String)>,
    /// Edit static_configs or relabel rules
    #[arg(long, value_enum, default_value_t)]
    pub(crate) method: MethodChoice,
    /// Change the labels of targets, or the labels of the samples scraped from them
    #[arg(long, value_enum, default_value_t)]
    pub(crate) stage: Stage,
}

/// The place of an edit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MethodChoice {
    /// static_configs if they have exactly the selected targets in groups, else a relabel rule
    #[default]
    Auto,
    /// A relabel rule
    Relabel,
    /// A label in static_configs
    Static,
}

/// The output of an edit.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct EditOptions {
    /// Show the change without writing it
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write nothing, and exit with status 1 if there is a change
    #[arg(long)]
    pub(crate) check: bool,
    /// Print the new text instead of writing it
    #[arg(long)]
    pub(crate) stdout: bool,
}

/// List all rules of `promcfg lint`
#[derive(Debug, Args)]
pub(crate) struct RulesArguments {
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: RulesFormat,
}

/// An output format of the list of rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    /// Text
    #[default]
    Human,
    /// One JSON document
    Json,
}

/// Show the documentation of a lint rule, with examples
#[derive(Debug, Args)]
pub(crate) struct ExplainRuleArguments {
    /// The id of the rule, such as invalid-regex
    #[arg(value_name = "RULE")]
    pub(crate) rule: String,
}

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  promcfg completions bash > ~/.local/share/bash-completion/completions/promcfg
  promcfg completions fish > ~/.config/fish/completions/promcfg.fish")]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Run one layer of promcfg on JSON lines, to compare it with Prometheus
#[derive(Debug, Subcommand)]
pub(crate) enum DebugCommand {
    /// `{"text"}` to `{"error"}` or `{"events"}`
    Yaml(DebugInput),
    /// `{"text"}` to `{"any","as"}`
    Scalar(DebugInput),
    /// `{"pattern","inputs":[…]}` to `{"error"}` or `{"matches"}`
    Regexp(DebugInput),
    /// The JSON schema of promcfg.toml
    SettingsSchema,
}

#[derive(Debug, Args)]
pub(crate) struct DebugInput {
    /// The input, one JSON object per line; `-` or none reads standard input
    #[arg(value_name = "INPUT")]
    pub(crate) input: Option<PathBuf>,
}

/// Reads `NAME=VALUE`; quotes in the value are part of it.
fn parse_label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) => Err("missing label name before `=`".to_string()),
        Some((name, value)) => Ok((name.to_string(), value.to_string())),
        None => Err(format!("expected NAME=VALUE, for example {text}=prod")),
    }
}
