//! The arguments of the command line.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

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
    about = "Lints Prometheus scrape configs, and shows what every target becomes: its labels, its URL, the rule that dropped it",
    after_help = "\
Examples:
  promcfg simulate --example                     see it at work on a small config it carries with it
  promcfg simulate prometheus.yml                what becomes of every target of a config
  promcfg simulate prometheus.yml --job node --trace
                                                 what each relabel rule did to the targets of a job
  promcfg lint                                   every fault of all configs below the current folder
  promcfg add-label prometheus.yml env=prod --job node
                                                 give all targets of a job a label
  promcfg relabel --rules rules.yml < sets.ndjson
                                                 run relabel rules over a stream of label sets

Exit status: 0 fine; 1 Prometheus refuses the config or a target; 2 it could not be done.",
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
    /// Print the result and errors only: no warnings, notes or summaries
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// When to use colors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Simulate(Box<SimulateArguments>),
    Relabel(RelabelArguments),
    Lint(LintArguments),
    AddLabel(AddLabelArguments),
    RemoveLabel(RemoveLabelArguments),
    Rules(RulesArguments),
    ExplainRule(ExplainRuleArguments),
    Completions(CompletionsArguments),
    #[command(subcommand, hide = true)]
    Debug(DebugCommand),
}

/// Show what each target becomes: its labels and URL, or the rule that dropped it
#[derive(Debug, Args)]
#[command(after_help = "\
Targets come from static_configs and the files of file_sd_configs. What Kubernetes, Consul or EC2
would discover is not in a file: give samples with --targets or --target.

Examples:
  promcfg simulate prometheus.yml
  promcfg simulate prometheus.yml --job 'kubernetes-*' --trace
  curl -s localhost:9090/api/v1/targets | promcfg simulate prometheus.yml --targets -
  promcfg simulate prometheus.yml --job node --target 10.1.2.3:9100 --label __meta_rack=r7
  curl -s 10.1.2.3:9100/metrics | promcfg simulate prometheus.yml --job node --stage metric --series -
  promcfg simulate prometheus.yml --format ndjson | jq -r 'select(.status==\"kept\").url'

Exit status: 0 fine (a dropped target is fine); 1 Prometheus refuses the config or a target;
2 it could not be done (a missing file, an unknown job, wrong usage).")]
pub(crate) struct SimulateArguments {
    /// The Prometheus config, usually prometheus.yml; `-` is standard input
    #[arg(value_name = "CONFIG", conflicts_with = "example")]
    pub(crate) config: Option<String>,
    /// Run on a small config that promcfg carries with it
    #[arg(long)]
    pub(crate) example: bool,
    /// Only jobs of this name; `*` and `?` are wildcards; may be repeated
    #[arg(long = "job", value_name = "NAME|GLOB")]
    pub(crate) jobs: Vec<String>,
    /// Use the targets of this file instead of the config's own: a saved /api/v1/targets response, lines of
    /// JSON, or target groups as in file_sd_configs; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "target")]
    pub(crate) targets: Option<String>,
    /// Use one target with this address instead of the config's own
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) target: Option<String>,
    /// A label of the target given with --target; may be repeated
    #[arg(long = "label", value_name = "NAME=VALUE", requires = "target", value_parser = parse_label)]
    pub(crate) labels: Vec<(String, String)>,
    /// Which rules run: those on targets, or those on the samples that are scraped from them
    #[arg(long, value_enum, default_value_t)]
    pub(crate) stage: Stage,
    /// The series of the metric stage: a `/metrics` page, or lines of {"sample":{…},"target":{…}}; `-` is
    /// standard input
    #[arg(long, value_name = "FILE", required_if_eq("stage", "metric"))]
    pub(crate) series: Option<String>,
    /// Show what each rule read, matched and changed
    #[arg(long)]
    pub(crate) trace: bool,
    /// Show labels that begin with `__`, too
    #[arg(long)]
    pub(crate) all_labels: bool,
    /// The form of the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// On what rules run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// `relabel_configs`, on targets
    #[default]
    Target,
    /// `metric_relabel_configs`, on scraped series
    Metric,
}

/// The form of a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Human,
    /// One JSON document
    Json,
    /// One JSON object a target, each on its line, written as soon as it is known
    Ndjson,
}

/// Run relabel rules over a stream of label sets (lines of JSON in, lines of JSON out)
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  echo '{\"__address__\":\"10.0.0.1:9100\",\"env\":\"prod\"}' | promcfg relabel --rules rules.yml
  promcfg relabel --rules prometheus.yml --job node --show-dropped sets.ndjson
  promcfg relabel --rules prometheus.yml --list write_relabel_configs series.ndjson

A line is an object of labels: {\"name\":\"value\", ...}. The order of the lines is kept.

Exit status: 0 fine; 1 Prometheus refuses a rule; 2 it could not be done (a line is not a label set).")]
pub(crate) struct RelabelArguments {
    /// A file with a list of relabel rules, or a config (with --job or --list)
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: String,
    /// Which list of the config
    #[arg(long, value_enum, value_name = "LIST")]
    pub(crate) list: Option<RuleList>,
    /// Which of the Alertmanagers or remote endpoints of the config, from 0
    #[arg(long, value_name = "INDEX", default_value_t, requires = "list")]
    pub(crate) index: usize,
    /// The job of the config whose rules are meant
    #[arg(long, value_name = "NAME")]
    pub(crate) job: Option<String>,
    /// Check label names as Prometheus did before 3.0: only letters, digits and `_`
    #[arg(long)]
    pub(crate) legacy_names: bool,
    /// Print `null` for a dropped set, so that output lines match input lines
    #[arg(long)]
    pub(crate) show_dropped: bool,
    /// The label sets, one JSON object a line; standard input when not given or `-`
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

/// Find what is wrong with configs: every load error at once, and targets Prometheus would refuse
#[derive(Debug, Args)]
#[command(after_help = "\
Folders are walked (what .gitignore names is passed over); Prometheus configs and files of target
groups in them are recognized by their content. A file that is named is always read.

Settings are read from the first promcfg.toml on the way from a file's folder up to the top of the
repository (the folder with .git): select, ignore, severity, fail-on, exclude, overrides. Options of
the command line go on top of them.

Examples:
  promcfg lint                                   all configs below the current folder
  promcfg lint prometheus.yml --format concise
  promcfg lint --fail-on error conf/
  cat prometheus.yml | promcfg lint --stdin-filename prometheus.yml -

Exit status: 0 nothing found; 1 a finding at or above --fail-on; 2 it could not be done.")]
pub(crate) struct LintArguments {
    /// Files and folders; the current folder when none is named; `-` is standard input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// Only findings of these rules; may be repeated
    #[arg(long, value_name = "RULE")]
    pub(crate) select: Vec<String>,
    /// No findings of these rules; may be repeated
    #[arg(long, value_name = "RULE")]
    pub(crate) ignore: Vec<String>,
    /// The least severity that makes the run fail [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    /// Pass over named files that are no Prometheus files, too
    #[arg(long, alias = "only-recognised")]
    pub(crate) only_recognized: bool,
    /// The name standard input is shown by, and whose folder its paths are relative to
    #[arg(long, value_name = "FILE")]
    pub(crate) stdin_filename: Option<String>,
    /// The form of the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: LintFormat,
    /// Make the fixes that change nothing of what targets become, and write the files
    #[arg(long)]
    pub(crate) fix: bool,
    /// Make the fixes that may change what targets become, too
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Write nothing: show what --fix (or --unsafe-fixes) would change; exit status 1 if it is anything
    #[arg(long)]
    pub(crate) diff: bool,
}

/// The least severity that makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
}

/// The form of findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// For people, with the lines of the file
    #[default]
    Human,
    /// One line a finding
    Concise,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions: findings beside the lines
    Github,
    /// A report for GitLab's Code Quality
    Gitlab,
    /// JUnit XML: a test case a finding
    Junit,
}

/// Give targets a label, changing only the lines it must
#[derive(Debug, Args)]
#[command(after_help = "\
The change is proved before it is written: only what is asked for changes, in the text and in what
the targets become. What cannot be proved is refused, with the reason. A second run changes nothing.

Examples:
  promcfg add-label prometheus.yml env=prod --job node
  promcfg add-label prometheus.yml rack=r7 --target 10.1.2.3:9100
  promcfg add-label prometheus.yml team=web --all-jobs --where 'instance=web-.*'
  promcfg add-label prometheus.yml env=prod --job node --stage metric --dry-run

Exit status: 0 done, or nothing to do; 1 refused, or --check would change something;
2 it could not be done (an unknown job, a name no label can have, a file that may not be written).")]
pub(crate) struct AddLabelArguments {
    /// The Prometheus config, or a manifest with a ConfigMap that has it; `-` is standard input
    #[arg(value_name = "CONFIG")]
    pub(crate) config: String,
    /// The label
    #[arg(value_name = "NAME=VALUE", value_parser = parse_label)]
    pub(crate) label: (String, String),
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
    /// Give the label its new value where it has another one
    #[arg(long)]
    pub(crate) overwrite: bool,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Take a label from targets: what sets it is taken out
#[derive(Debug, Args)]
#[command(after_help = "\
Labels of static_configs and rules that set a constant are taken out. Where a rule takes the value
from elsewhere, it is refused; --method relabel appends a `labeldrop` instead.

Examples:
  promcfg remove-label prometheus.yml env --job node
  promcfg remove-label prometheus.yml rack --target 10.1.2.3:9100
  promcfg remove-label prometheus.yml pod_uid --job pods --method relabel

Exit status: 0 done, or nothing to do; 1 refused, or --check would change something;
2 it could not be done.")]
pub(crate) struct RemoveLabelArguments {
    /// The Prometheus config, or a manifest with a ConfigMap that has it; `-` is standard input
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

/// Which targets an edit is about, and how it is made.
#[derive(Debug, Args)]
pub(crate) struct SelectionArguments {
    /// Jobs of this name; `*` and `?` are wildcards; may be repeated
    #[arg(long = "job", value_name = "NAME|GLOB", conflicts_with = "all_jobs")]
    pub(crate) jobs: Vec<String>,
    /// All jobs, those in scrape_config_files too
    #[arg(long)]
    pub(crate) all_jobs: bool,
    /// Only the target with this address, as it is discovered; without a job, in the job that has it
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) target: Option<String>,
    /// Only where this label, as it is behind all rules, matches the pattern; may be repeated
    #[arg(long = "where", value_name = "LABEL=REGEX", value_parser = parse_label)]
    pub(crate) conditions: Vec<(String, String)>,
    /// How the label is set or taken away
    #[arg(long, value_enum, default_value_t)]
    pub(crate) method: MethodChoice,
    /// Whose label it is: that of targets, or that of the samples scraped from them
    #[arg(long, value_enum, default_value_t)]
    pub(crate) stage: Stage,
}

/// How a label is set or taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MethodChoice {
    /// Static where all targets meant stand in groups of their own, else by a rule
    #[default]
    Auto,
    /// By a relabel rule
    Relabel,
    /// As a label of static_configs
    Static,
}

/// What is done with the result of an edit.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct EditOptions {
    /// Write nothing, only show what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write nothing; exit status 1 if something would change
    #[arg(long)]
    pub(crate) check: bool,
    /// Print the new text instead of writing it
    #[arg(long)]
    pub(crate) stdout: bool,
}

/// List all rules
#[derive(Debug, Args)]
pub(crate) struct RulesArguments {
    /// The form of the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: RulesFormat,
}

/// The form of the list of rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    /// For people
    #[default]
    Human,
    /// One JSON document
    Json,
}

/// Show a rule's document: what it finds, why that matters, a bad and a good example
#[derive(Debug, Args)]
pub(crate) struct ExplainRuleArguments {
    /// The rule's id, such as invalid-regex
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

/// Compare a layer with the real one: lines of JSON in, lines of JSON out
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
    /// The questions, one JSON object a line; standard input when not given or `-`
    #[arg(value_name = "INPUT")]
    pub(crate) input: Option<PathBuf>,
}

/// Reads `NAME=VALUE`, quotes around the value taken as the shell left them.
fn parse_label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) => Err("a label needs a name before the `=`".to_string()),
        Some((name, value)) => Ok((name.to_string(), value.to_string())),
        None => Err(format!("write it as NAME=VALUE, for example {text}=prod")),
    }
}
