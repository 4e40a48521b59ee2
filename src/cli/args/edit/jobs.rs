//! The arguments of the commands that edit the list of jobs.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use promcfg::edit::{Preset, PresetOption};

use super::super::{BEHAVIOR, RUNNING_HELP, TARGETS, file_name, parse_label};
use super::common::{
    ConfigArguments, EditOptions, GivenArguments, GivenTargets, ProvedArguments, SECOND_CONFIG, TARGETS_HELP, is_path,
};

/// Remove jobs from a config, each with the comments that belong to it
#[derive(Debug, Args)]
#[command(after_help = "\
The text of the job goes, and nothing else: all other jobs keep their targets, labels and URLs. If
another part of the config uses an anchor of the job, the edit is refused; with --through-anchor
expand, the anchored text moves to the first place that uses it. Dashboards, alerting rules and
scrape_configs of other files that use the job are not changed.

Examples:
  promcfg remove-job prometheus.yml node
  promcfg remove-job prometheus.yml 'test-*' old --dry-run
  promcfg remove-job conf/ node --file other/prometheus.yml

Exit status: 0 success, also if no config has the job; 1 the edit was refused, or --check found a
change; 2 the command failed.")]
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
The job is added at the end of scrape_configs, or after another job. `promcfg presets` lists the
presets, and `promcfg presets NAME` shows the rules of one with an example. Values that depend on
the site, such as the address of an exporter, are examples unless an option gives them; a note names
those to replace. If the config has just this job already, nothing changes.

In a manifest with several configs, --after names a job of the config that gets the new one.

Examples:
  promcfg add-job prometheus.yml node --preset static --target 'web{1..3}:9100' --label env=prod
  promcfg add-job prometheus.yml pods --preset kubernetes-pods --namespace shop --interval 30s
  promcfg add-job prometheus.yml probe --preset blackbox --target https://example.com \\
                                       --exporter probes:9115 --dry-run

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused (such as a name that
exists), or --check found a change; 2 the command failed (such as an option that the preset has no
use for).")]
pub(crate) struct AddJobArguments {
    #[command(flatten)]
    pub(crate) configs: ConfigArguments,
    /// The name of the job
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) given: JobTargets,
    /// The kind of the job
    #[arg(long, value_name = "PRESET", value_parser = presets(), help_heading = BEHAVIOR)]
    pub(crate) preset: Preset,
    /// Write the job after this one, and into its config
    #[arg(long, value_name = "JOB", help_heading = BEHAVIOR)]
    pub(crate) after: Option<String>,
    /// A target of the job; `host{1..3}:9100` and `host:5001-5005` name several; can be repeated
    #[arg(id = "address", long = "target", value_name = "ADDRESS", help_heading = BEHAVIOR)]
    pub(crate) targets: Vec<String>,
    /// Give all targets this label; can be repeated
    #[arg(long = "label", value_name = "NAME=VALUE", value_parser = parse_label, help_heading = BEHAVIOR)]
    pub(crate) labels: Vec<(String, String)>,
    /// The scrape interval, such as 30s
    #[arg(long, value_name = "DURATION", help_heading = BEHAVIOR)]
    pub(crate) interval: Option<String>,
    /// The path of the metrics
    #[arg(long, value_name = "PATH", help_heading = BEHAVIOR)]
    pub(crate) metrics_path: Option<String>,
    /// http or https
    #[arg(long, value_name = "SCHEME", help_heading = BEHAVIOR)]
    pub(crate) scheme: Option<String>,
    /// A parameter of the URL; can be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_label, help_heading = BEHAVIOR)]
    pub(crate) params: Vec<(String, String)>,
    #[command(flatten)]
    pub(crate) own: OwnArguments,
    #[command(flatten)]
    pub(crate) allowed: ProvedArguments,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}

/// Targets that the user gives for a job that is new.
#[derive(Debug, Args)]
pub(crate) struct JobTargets {
    #[arg(long, value_name = "FILE", help = TARGETS_HELP, help_heading = TARGETS, value_hint = ValueHint::AnyPath)]
    #[arg(value_parser = file_name())]
    targets: Vec<String>,
    #[arg(long, value_name = "FILE", requires = "targets", help = RUNNING_HELP, help_heading = TARGETS)]
    #[arg(value_hint = ValueHint::FilePath, value_parser = file_name())]
    running: Option<String>,
}

impl From<&JobTargets> for GivenArguments {
    fn from(given: &JobTargets) -> Self {
        let (targets, running) = (given.targets.clone(), given.running.clone());
        Self { targets: GivenTargets { targets, running, ..GivenTargets::default() }, ..Self::default() }
    }
}

/// What only some presets have.
#[derive(Debug, Args)]
pub(crate) struct OwnArguments {
    /// file_sd: a pattern of target files; can be repeated
    #[arg(long, value_name = "PATTERN", help_heading = BEHAVIOR)]
    target_file: Vec<String>,
    /// blackbox, snmp: the address of the exporter
    #[arg(long, value_name = "ADDRESS", help_heading = BEHAVIOR)]
    exporter: Vec<String>,
    /// blackbox, snmp: a module of the exporter
    #[arg(long, value_name = "NAME", help_heading = BEHAVIOR)]
    module: Vec<String>,
    /// snmp: the `auth` of the exporter
    #[arg(long, value_name = "NAME", help_heading = BEHAVIOR)]
    auth: Vec<String>,
    /// federation: a selector of series; can be repeated
    #[arg(long = "match", value_name = "SELECTOR", help_heading = BEHAVIOR)]
    matches: Vec<String>,
    /// consul: the address of the agent
    #[arg(long, value_name = "ADDRESS", help_heading = BEHAVIOR)]
    server: Vec<String>,
    /// consul: the tag of the services
    #[arg(long, value_name = "TAG", help_heading = BEHAVIOR)]
    tag: Vec<String>,
    /// ec2: the region
    #[arg(long, value_name = "NAME", help_heading = BEHAVIOR)]
    region: Vec<String>,
    /// ec2, docker: the port of targets that discovery gives without one
    #[arg(long, value_name = "NUMBER", help_heading = BEHAVIOR)]
    port: Vec<String>,
    /// docker, swarm: the URL of the Docker API
    #[arg(long, value_name = "URL", help_heading = BEHAVIOR)]
    host: Vec<String>,
    /// docker, swarm: keep only the addresses in this network
    #[arg(long, value_name = "NAME", help_heading = BEHAVIOR)]
    network: Vec<String>,
    /// kubernetes-pods, kubernetes-endpoints: discover only in this namespace; can be repeated
    #[arg(long, value_name = "NAME", help_heading = BEHAVIOR)]
    namespace: Vec<String>,
}

impl OwnArguments {
    /// Each option that is given, with its value.
    pub(crate) fn given(&self) -> Vec<(PresetOption, String)> {
        let all = [
            (PresetOption::TargetFile, &self.target_file),
            (PresetOption::Exporter, &self.exporter),
            (PresetOption::Module, &self.module),
            (PresetOption::Auth, &self.auth),
            (PresetOption::Match, &self.matches),
            (PresetOption::Server, &self.server),
            (PresetOption::Tag, &self.tag),
            (PresetOption::Region, &self.region),
            (PresetOption::Port, &self.port),
            (PresetOption::Host, &self.host),
            (PresetOption::Network, &self.network),
            (PresetOption::Namespace, &self.namespace),
        ];
        all.into_iter().flat_map(|(option, values)| values.iter().map(move |value| (option, value.clone()))).collect()
    }
}

/// Give a job another name, with or without its `job` label
#[derive(Debug, Args)]
#[command(after_help = "\
The name of a job is the label `job` of its series. With --keep-label, a rule before all others sets
this label to the old name, and no label changes. Without it, all series of the job are new ones,
and queries, alerting rules and recording rules that select the old name must be changed.

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
The copy comes right after the job. Comments in the job are copied, those above and below it are
not. Anchors in the job are not repeated: the copy has their content. The targets are scraped twice
until one of the jobs is changed.

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
