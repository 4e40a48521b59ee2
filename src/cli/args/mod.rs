//! The arguments of the command line: what all commands have; one file per group of commands has the others.
//!
//! The options of every command are listed under the same headings in the same order, see [`HEADINGS`].
//! An option that several commands have has the same help text in all of them.

mod discover;
mod edit;
mod lint;
mod presets;
mod read;
mod recipes;
mod relabel;
mod render;
mod rules;
mod simulate;
#[cfg(test)]
mod tests;

pub(crate) use discover::{DiscoverArguments, DiscoverFormat};
pub(crate) use edit::{
    AddEndpointArguments, AddJobArguments, AddLabelArguments, AddTargetArguments, AllowArguments, AnchorChoice,
    CaseChoice, ConfigArguments, CopiedArguments, CopyJobArguments, DropLabelArguments, DropMetricArguments,
    DropTargetArguments, EditFormat, EditOptions, FormatArguments, GivenArguments, GivenTargets, JobArguments,
    KeepLabelArguments, KeepMetricArguments, KeepTargetArguments, LimitArguments, ListFormat, ListTargetsArguments,
    MapLabelsArguments, MethodChoice, MetricArguments, MoveTargetArguments, NamedLabelArguments, NewLabel,
    RemoveJobArguments, RemoveLabelArguments, RemoveTargetArguments, RenameJobArguments, RenameLabelArguments,
    ScriptArguments, SelectionArguments, SetArguments, UnsetArguments, why_unused,
};
#[cfg(test)]
pub(crate) use edit::{OF_ALL, reasons};
pub(crate) use lint::{FailOn, LintArguments, LintFormat};
pub(crate) use presets::PresetsArguments;
pub(crate) use recipes::RecipesArguments;
pub(crate) use relabel::{RelabelArguments, RuleList};
pub(crate) use render::{RenderArguments, RenderFormat};
pub(crate) use rules::{
    CompletionsArguments, DebugCommand, DebugInput, ExplainRuleArguments, HelpArguments, RulesArguments, RulesFormat,
};
pub(crate) use simulate::{Format, SimulateArguments, StatusChoice};

use std::rc::Rc;

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};
use promcfg::files::name_of;

use super::edit::Script;
use promcfg::{Budget, Release};

/// Options that select files, jobs, targets or rules.
const SELECTION: &str = "Selection";
/// Options that provide targets or series.
const TARGETS: &str = "Targets and series";
/// Options that say what the command does.
const BEHAVIOR: &str = "Behavior";
/// Options that say what is printed.
const OUTPUT: &str = "Output";
/// Options of all commands.
const COMMON: &str = "Common options";
/// The headings of options, in their order.
#[cfg(test)]
const HEADINGS: [&str; 5] = [SELECTION, TARGETS, BEHAVIOR, OUTPUT, COMMON];

/// The help of `--stage`.
const RUNNING_HELP: &str = "The config that ran when the targets of --targets were saved from a running Prometheus, \
    or a saved /api/v1/status/config response: decides which labels its jobs gave to the targets";
const STAGE_HELP: &str = "target: targets, by relabel_configs; metric: the samples scraped from them, by \
                          metric_relabel_configs";
/// The help of `--content-type`.
const CONTENT_TYPE_HELP: &str = "The content type of the page of --series, such as application/openmetrics-text; \
                                 instead of an unknown one, fallback_scrape_protocol applies [default: \
                                 fallback_scrape_protocol, else OpenMetrics if the last line is `# EOF`, else \
                                 text/plain]";
/// The help of `--format`.
const FORMAT_HELP: &str = "Output format";
/// The help of `--job`.
const JOB_HELP: &str = "Select jobs by name; `*` and `?` are wildcards; can be repeated";
/// The help of the argument that names a config.
const CONFIG_HELP: &str =
    "The Prometheus config, or a Kubernetes manifest with it in a ConfigMap; `-` reads standard input";

/// The help of the argument that names a config or manifests.
const PATHS_HELP: &str = "The Prometheus config, or a Kubernetes manifest with it in a ConfigMap; or manifests with objects \
    of prometheus-operator: files and folders; `-` reads standard input";

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

Exit status: 0 success; 1 a finding, or Prometheus refuses the config or a target, or an edit was
refused; 2 the command failed. `promcfg help COMMAND` explains a command.",
    arg_required_else_help = true,
    subcommand_required = true,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    styles = STYLES,
    max_term_width = 110
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: GlobalOptions,
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Print the version
    #[arg(long, short = 'V', action = ArgAction::Version, help_heading = COMMON)]
    version: Option<bool>,
}

/// Options every subcommand has.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct GlobalOptions {
    /// When to use colors [auto: on a terminal, unless NO_COLOR is set]
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t, hide_default_value = true)]
    #[arg(hide_possible_values = false, help_heading = COMMON, overrides_with = "color")]
    pub(crate) color: Color,
    /// Print only results and errors, without diffs, warnings, notes and summaries
    #[arg(long, short, global = true, help_heading = COMMON, overrides_with = "quiet")]
    pub(crate) quiet: bool,
    /// The Prometheus version that the config is for, such as 2.53 or 3.5.1; `next` is its main branch
    /// [default: the newest release, or `prometheus` of promcfg.toml]
    #[arg(long, global = true, value_name = "VERSION", help_heading = COMMON, overrides_with = "prometheus")]
    pub(crate) prometheus: Option<Release>,
    /// Read only files in this folder or below it, also where a config names others [default: no bound]
    #[arg(long, global = true, value_name = "DIR", help_heading = COMMON, overrides_with = "root")]
    #[arg(value_hint = ValueHint::DirPath, value_parser = file_name())]
    pub(crate) root: Option<String>,
    /// The memory that the results of a run may take, such as 512MiB or 4GiB; what does not fit is left out, and
    /// reported [default: 2GiB]
    #[arg(long, global = true, value_name = "SIZE", value_parser = parse_memory, help_heading = COMMON)]
    #[arg(overrides_with = "max_memory")]
    max_memory: Option<u64>,
    /// Print this help
    #[arg(long, short, global = true, action = ArgAction::HelpShort, help_heading = COMMON)]
    help: Option<bool>,
    /// The script that the command is a line of.
    #[arg(skip)]
    pub(crate) script: Option<Rc<Script>>,
}

impl GlobalOptions {
    /// The same for the commands of a script.
    pub(crate) fn for_script(&self, script: &Rc<Script>) -> Self {
        Self { script: Some(Rc::clone(script)), ..self.clone() }
    }

    /// The bytes that the results of a run may take.
    pub(crate) fn max_memory(&self) -> u64 {
        self.max_memory.unwrap_or(Budget::DEFAULT)
    }
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
    Discover(Box<DiscoverArguments>),
    Relabel(RelabelArguments),
    Render(RenderArguments),
    Lint(LintArguments),
    AddLabel(AddLabelArguments),
    RemoveLabel(RemoveLabelArguments),
    RenameLabel(RenameLabelArguments),
    DropLabel(DropLabelArguments),
    KeepLabel(KeepLabelArguments),
    MapLabels(MapLabelsArguments),
    AddTarget(AddTargetArguments),
    RemoveTarget(RemoveTargetArguments),
    MoveTarget(MoveTargetArguments),
    DropTarget(DropTargetArguments),
    KeepTarget(KeepTargetArguments),
    ListTargets(ListTargetsArguments),
    AddJob(AddJobArguments),
    RemoveJob(RemoveJobArguments),
    RenameJob(RenameJobArguments),
    CopyJob(CopyJobArguments),
    AddEndpoint(AddEndpointArguments),
    DropMetric(DropMetricArguments),
    KeepMetric(KeepMetricArguments),
    Limit(LimitArguments),
    Set(SetArguments),
    Unset(UnsetArguments),
    Fmt(FormatArguments),
    Edit(ScriptArguments),
    Presets(PresetsArguments),
    Recipes(RecipesArguments),
    Rules(RulesArguments),
    ExplainRule(ExplainRuleArguments),
    Completions(CompletionsArguments),
    Help(HelpArguments),
    #[command(subcommand, hide = true)]
    Debug(DebugCommand),
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

/// What the objects of --targets do not say.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct DiscoveryArguments {
    /// The namespace that Prometheus runs in, for `own_namespace` of kubernetes_sd_configs
    #[arg(long, value_name = "NAME", requires = "targets", help_heading = TARGETS)]
    pub(crate) namespace: Option<String>,
    /// The region of the instances in --targets, for ec2_sd_configs without `region`
    #[arg(long, value_name = "NAME", requires = "targets", help_heading = TARGETS)]
    pub(crate) region: Option<String>,
}

/// Reads the name of a file or a folder, which need not be UTF-8.
fn file_name() -> impl TypedValueParser<Value = String> {
    OsStringValueParser::new().map(|name| name_of(&name))
}

/// Reads a size, such as `512MiB`: a number of bytes, or of powers of 1024. The unit can be written in any way: `m`,
/// `MB`, `MiB`.
fn parse_memory(text: &str) -> Result<u64, String> {
    let expected = || "expected a size such as 512MiB or 2GiB".to_string();
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let (number, unit) = text.split_at(digits);
    let power = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return Err(expected()),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole: u64 = whole.parse().map_err(|_| expected())?;
    let too_large = || "the size is too large".to_string();
    let bytes = whole.checked_mul(1_u64 << power).ok_or_else(too_large)?;
    let tenths: u64 = match fraction {
        "" if number.ends_with('.') => return Err(expected()),
        "" => 0,
        digit if digit.len() == 1 => digit.parse().map_err(|_| expected())?,
        _ => return Err("at most one digit is allowed after the point".to_string()),
    };
    bytes.checked_add((tenths << power) / 10).ok_or_else(too_large)
}

/// Reads `NAME=VALUE`; quotes in the value are part of it.
fn parse_label(text: &str) -> Result<(String, String), String> {
    parse_pair(text, "NAME=VALUE", "prod")
}

/// Reads `LABEL=REGEX`.
fn parse_condition(text: &str) -> Result<(String, String), String> {
    parse_pair(text, "LABEL=REGEX", "prod.*")
}

/// Reads a pair of the given form; `example` is a second half.
fn parse_pair(text: &str, form: &str, example: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) => Err("missing label name before `=`".to_string()),
        Some((name, value)) => Ok((name.to_string(), value.to_string())),
        None => Err(format!("expected {form}, for example {text}={example}")),
    }
}
