//! The arguments of the commands that edit the list of jobs.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use promcfg::edit::Preset;

use super::super::BEHAVIOR;
use super::common::{ConfigArguments, EditOptions, GivenTargets, ProvedArguments, SECOND_CONFIG, is_path};

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
    pub(crate) given: GivenTargets,
    #[command(flatten)]
    pub(crate) allowed: ProvedArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Add a job of a known kind to a config, written as the other jobs are
#[derive(Debug, Args)]
#[command(after_help = "\
The job is added at the end of scrape_configs. What depends on the site, such as the address of an
exporter, is an example in it; a note says what to replace. If the config has just this job already,
nothing changes.

Examples:
  promcfg add-job prometheus.yml node --preset static --target 'web{1..3}:9100'
  promcfg add-job prometheus.yml pods --preset kubernetes-pods --targets pods.json --dry-run
  promcfg add-job prometheus.yml probe --preset blackbox --target https://example.com --dry-run

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused (such as a name that
exists), or --check found a change; 2 the command failed.")]
pub(crate) struct AddJobArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The name of the job
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) given: GivenTargets,
    /// The kind of the job
    #[arg(long, value_name = "PRESET", value_parser = presets(), help_heading = BEHAVIOR)]
    pub(crate) preset: Preset,
    /// A target of the job; `host{1..3}:9100` and `host:5001-5005` name several; can be repeated
    #[arg(id = "address", long = "target", value_name = "ADDRESS", help_heading = BEHAVIOR)]
    pub(crate) targets: Vec<String>,
    #[command(flatten)]
    pub(crate) allowed: ProvedArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Give a job another name, with or without its `job` label
#[derive(Debug, Args)]
#[command(after_help = "\
The name of a job is the label `job` of its series. With --keep-label, a rule before all others sets
this label to the old name, and no label changes. Without it, all series of the job are new ones, and
queries, alerting rules and recording rules that select the old name must be changed.

Examples:
  promcfg rename-job prometheus.yml node machines --dry-run
  promcfg rename-job prometheus.yml node machines --keep-label

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused (such as a name that
exists), or --check found a change; 2 the command failed (an unknown job).")]
pub(crate) struct RenameJobArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The name of the job
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// Its new name
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) given: GivenTargets,
    /// Keep the old name as the label `job` of the targets
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) keep_label: bool,
    #[command(flatten)]
    pub(crate) allowed: ProvedArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Copy a job under another name, with the comments in it
#[derive(Debug, Args)]
#[command(after_help = "\
The copy comes right after the job. Comments in the job are copied, those above and below it are not.
Anchors in the job are not repeated: the copy has their content. Its targets are scraped twice until
one of the jobs is changed.

Examples:
  promcfg copy-job prometheus.yml node node-slow

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused (such as a name that
exists), or --check found a change; 2 the command failed (an unknown job).")]
pub(crate) struct CopyJobArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The name of the job
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// The name of the copy
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) given: GivenTargets,
    #[command(flatten)]
    pub(crate) allowed: ProvedArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// The presets, each with what it is for.
fn presets() -> impl TypedValueParser<Value = Preset> {
    let all = Preset::ALL.map(|preset| PossibleValue::new(preset.name()).help(preset.summary()));
    PossibleValuesParser::new(all).try_map(|name: String| name.parse::<Preset>())
}

/// Reads the name of a job. Refuses a second config.
fn parse_job(text: &str) -> Result<String, String> {
    if is_path(text) { Err(SECOND_CONFIG.to_string()) } else { Ok(text.to_string()) }
}
