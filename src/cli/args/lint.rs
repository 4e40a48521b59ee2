//! The arguments of `promcfg lint`.

use clap::{Args, ValueEnum, ValueHint};

use super::{BEHAVIOR, FORMAT_HELP, OUTPUT, SELECTION, file_name};

/// Find load errors, and relabeling mistakes that Prometheus accepts silently
#[derive(Debug, Args)]
#[command(after_help = "\
In folders, files in .gitignore are skipped, and Prometheus configs, files of target groups and
objects of prometheus-operator are recognized by their content. A file that is named on the command
line is always read. The objects of all files are a set: the config that the operator generates of
them is linted, for each Prometheus among them.

RULE is the id of a rule, or a pattern such as 'redundant-*'; several are separated by commas.
`promcfg rules` lists the rules, `promcfg explain-rule RULE` explains one.

Settings come from the nearest promcfg.toml: in the folder of the file, or in a folder above it,
up to the top of the repository. The keys are select, ignore, severity, fail-on, exclude,
prometheus and overrides. Options on the command line override them.

Examples:
  promcfg lint
  promcfg lint prometheus.yml --format concise
  promcfg lint --fail-on error --ignore 'redundant-*,unescaped-dot' conf/
  promcfg lint --fix --unsafe-fixes --diff prometheus.yml
  cat prometheus.yml | promcfg lint --stdin-filename prometheus.yml -

Exit status: 0 no finding at or above --fail-on; 1 such a finding, or --diff or --check found a
change; 2 the command failed.")]
pub(crate) struct LintArguments {
    /// Files and folders; none means the current folder; `-` reads standard input
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, value_parser = file_name())]
    pub(crate) paths: Vec<String>,
    /// Report only findings of these rules; can be repeated
    #[arg(long, value_name = "RULE", help_heading = SELECTION)]
    pub(crate) select: Vec<String>,
    /// Do not report findings of these rules; can be repeated
    #[arg(long, value_name = "RULE", help_heading = SELECTION)]
    pub(crate) ignore: Vec<String>,
    /// Also skip named files that are not Prometheus files
    #[arg(long, alias = "only-recognised", help_heading = SELECTION)]
    pub(crate) only_recognized: bool,
    /// Treat standard input as a file with this name
    #[arg(long, value_name = "FILE", help_heading = SELECTION, value_hint = ValueHint::FilePath, value_parser = file_name())]
    pub(crate) stdin_filename: Option<String>,
    /// Apply the fixes that do not change the result of any target, and write the files
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) fix: bool,
    /// Include the fixes that can change the result of targets: in --fix, --diff and --check; without them,
    /// only mark the findings that have such a fix
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) unsafe_fixes: bool,
    /// Exit with status 1 for findings of this severity or higher [default: warning]
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = BEHAVIOR)]
    pub(crate) fail_on: Option<FailOn>,
    /// Exit with status 0 despite findings and changes
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) exit_zero: bool,
    /// Show the changes of --fix without writing them; exit with status 1 if there are any
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) diff: bool,
    /// Write nothing; print only the files that would change, one per line, and exit with status 1 if there are any
    #[arg(long, help_heading = OUTPUT, conflicts_with = "diff")]
    pub(crate) check: bool,
    /// Print the number of findings of each rule instead of the findings
    #[arg(long, help_heading = OUTPUT, conflicts_with_all = ["diff", "check"])]
    pub(crate) statistics: bool,
    /// Show every finding of severity info; the default is the first of each rule in a file, and the lines of the rest
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) show_all: bool,
    /// List the skipped files and what they are
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) verbose: bool,
    #[arg(long, value_enum, default_value_t, alias = "output-format", help = FORMAT_HELP, help_heading = OUTPUT)]
    pub(crate) format: LintFormat,
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
