//! The arguments that the commands that edit a config have in common.

use clap::{Args, ValueEnum, ValueHint};

use super::super::{
    BEHAVIOR, CONTENT_TYPE_HELP, DiscoveryArguments, FORMAT_HELP, JOB_HELP, OUTPUT, RUNNING_HELP, SELECTION,
    STAGE_HELP, Stage, TARGETS, file_name, parse_condition,
};

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
    #[arg(long = "where", value_name = "LABEL=REGEX", value_parser = parse_condition)]
    #[arg(help = WHERE_HELP, help_heading = SELECTION)]
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
    #[arg(long, value_name = "FILE", help = TARGETS_HELP, help_heading = TARGETS, value_hint = ValueHint::AnyPath)]
    #[arg(value_parser = file_name())]
    pub(crate) targets: Vec<String>,
    #[arg(long, value_name = "FILE", requires = "targets", help = RUNNING_HELP, help_heading = TARGETS)]
    #[arg(value_hint = ValueHint::FilePath, value_parser = file_name())]
    pub(crate) running: Option<String>,
    #[command(flatten)]
    pub(crate) discovery: DiscoveryArguments,
}

/// Targets and samples that the user gives.
#[derive(Clone, Debug, Default, Args)]
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
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct AllowArguments {
    /// Edit also where the effect on targets or samples that are not known is not proved
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) unproved: bool,
    /// Edit also where several targets get the same labels, or no known target is left
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) force: bool,
    /// Edit also where other places share the text by an anchor, an alias or a merge key
    #[arg(long, value_enum, value_name = "HOW", help_heading = BEHAVIOR)]
    pub(crate) through_anchor: Option<AnchorChoice>,
}

/// The same for an edit whose effect is always proved.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct ProvedArguments {
    /// Edit also where several targets get the same labels, or no known target is left
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) force: bool,
    /// Accepted as in all edits; nothing is refused without it
    #[arg(long, hide = true)]
    pub(crate) unproved: bool,
    /// Edit also where other places share the text by an anchor, an alias or a merge key
    #[arg(long, value_enum, value_name = "HOW", help_heading = BEHAVIOR)]
    pub(crate) through_anchor: Option<AnchorChoice>,
}

impl From<ProvedArguments> for AllowArguments {
    fn from(arguments: ProvedArguments) -> Self {
        let ProvedArguments { force, unproved, through_anchor } = arguments;
        Self { force, unproved, through_anchor }
    }
}

impl From<&GivenTargets> for GivenArguments {
    fn from(targets: &GivenTargets) -> Self {
        Self { targets: targets.clone(), ..Self::default() }
    }
}

/// What is done with a text that several places share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnchorChoice {
    /// Change the shared text, if all places that use it are selected
    Change,
    /// Replace the aliases by copies, and change those of the selected jobs; an anchored text that is removed moves to the
    /// first place that uses it
    Expand,
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

/// The help of `--targets`.
pub(super) const TARGETS_HELP: &str = "Try the edit on the targets in this file or folder as well: objects from which \
    jobs discover their targets (`kubectl get -o json`, `docker inspect`, …), target groups, lines of JSON, a saved \
    /api/v1/targets response, or the output of `promtool check service-discovery`; `-` reads standard input; can be \
    repeated";

/// The help of `--where`.
pub(super) const WHERE_HELP: &str =
    "Select only targets whose label, after relabeling, matches this pattern; can be repeated: all must match";

/// The refusal of a file where another argument is expected.
pub(super) const SECOND_CONFIG: &str = "this is a file; name further configs with --file";

/// Whether a word is the name of a file rather than of a label or a job.
pub(super) fn is_path(text: &str) -> bool {
    [".yml", ".yaml", ".json"].iter().any(|ending| text.ends_with(ending)) || std::path::Path::new(text).exists()
}
