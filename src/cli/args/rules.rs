//! The arguments of the commands about promcfg itself: its rules, its help, its completions, its layers.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::{FORMAT_HELP, OUTPUT};

/// List all rules of `promcfg lint`
#[derive(Debug, Args)]
pub(crate) struct RulesArguments {
    #[arg(long, value_enum, default_value_t, alias = "output-format", help = FORMAT_HELP, help_heading = OUTPUT)]
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
  promcfg completions zsh > ~/.zfunc/_promcfg      (with fpath+=~/.zfunc before compinit)
  promcfg completions fish > ~/.config/fish/completions/promcfg.fish")]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum, ignore_case = true)]
    pub(crate) shell: clap_complete::Shell,
}

/// Show the help of promcfg, or of a command
#[derive(Debug, Args)]
pub(crate) struct HelpArguments {
    /// The command
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

/// Run one layer of promcfg on JSON lines, to compare it with Prometheus
///
/// Reads one question per line and prints one answer per line. Members of a question that a layer does not know are
/// ignored, so that a line of the conformance data is a question. The answer to a line that is not a question is
/// {"fault"}, and the exit status is then 2.
///
/// Without --prometheus, the answers are those of the build of the data, 3.14+go1.27 (Unicode 17). With `--prometheus 3.14` they
/// are those of the release, which is built with Go 1.26 (Unicode 15).
#[derive(Debug, Subcommand)]
pub(crate) enum DebugCommand {
    /// `{"text"}` to `{"error"}` or `{"events"}`
    Yaml(DebugInput),
    /// `{"text"}` to `{"any","as"}`
    Scalar(DebugInput),
    /// `{"pattern","inputs":[…]}` to `{"error"}` or `{"matches"}`
    Regexp(DebugInput),
    /// `{"text","content_type"}`, or `b64` in place of `text`, to `{"series"}` and, if the page is refused, `"error"`
    Expo(DebugInput),
    /// `{"rules","labels","scheme"}` to `{"error"}` or `{"keep","output"}`
    Relabel(DebugInput),
    /// `{"config","target","group"}` to `{"discovered"}` with `"dropped"`, `"error"`, or `"final"`,
    /// `"public"` and `"url"`
    Target(DebugInput),
    /// `{"sample","target","honor_labels","rules","report"}` to `{"output"}`
    Metric(DebugInput),
    /// `{"text"}` or `{"b64"}`, a config, to `{}`, `{"error"}` or `{"target_error"}`
    Config(DebugInput),
    /// `{"text"}`, a config, to `{"real"}`: its static targets
    Targets(DebugInput),
    /// `{"kind":"yaml|json","text"}`, a target file, to `{"groups"}` or `{"error"}`
    TargetFile(DebugInput),
    /// `{"mech","sd","api"}`, an item of a discovery section and the answers of its server, to `{"groups"}` or
    /// `{"error"}`
    Discovery(DebugInput),
    /// The JSON schema of promcfg.toml
    SettingsSchema,
}

#[derive(Debug, Args)]
pub(crate) struct DebugInput {
    /// The input, one JSON object per line; `-` or none reads standard input
    #[arg(value_name = "INPUT", value_hint = ValueHint::FilePath)]
    pub(crate) input: Option<PathBuf>,
}
