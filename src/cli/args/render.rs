//! The arguments of `promcfg render`.

use clap::{Args, ValueEnum, ValueHint};

use super::{BEHAVIOR, FORMAT_HELP, OUTPUT, SELECTION, file_name};

/// Print the config that prometheus-operator generates from ServiceMonitors and the like
#[derive(Debug, Args)]
#[command(after_help = "\
The files hold objects of prometheus-operator: ServiceMonitor, PodMonitor, Probe, ScrapeConfig,
Prometheus, PrometheusAgent, and the ConfigMaps and Secrets that they refer to, in any mix of
documents and lists. Other objects are skipped. Without a Prometheus among them, the config is that
of a Prometheus with the defaults that selects everything.

The output is one YAML document for each Prometheus, as the operator 0.93 writes it. A comment
before each job names the object and its line. Values of Secrets are shown as <secret>. Objects that
are refused or not selected, and fields that the API server drops, are reported on standard error.

Examples:
  promcfg render monitoring/
  helm template app ./chart | promcfg render -
  kustomize build . | promcfg render - --for monitoring/k8s
  promcfg render --unselected --format json .

Exit status: 0 success; 1 an object is refused, or the operator generates no config; 2 the command
failed.")]
pub(crate) struct RenderArguments {
    /// Files and folders; none means the current folder; `-` reads standard input
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, value_parser = file_name())]
    pub(crate) paths: Vec<String>,
    /// Only the Prometheus with this namespace and name
    #[arg(long = "for", value_name = "NAMESPACE/NAME", value_parser = parse_server, help_heading = SELECTION)]
    pub(crate) server: Option<(String, String)>,
    /// Also render objects that the Prometheus does not select
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) unselected: bool,
    #[arg(long, value_enum, default_value_t, alias = "output-format", help = FORMAT_HELP, help_heading = OUTPUT)]
    pub(crate) format: RenderFormat,
}

/// An output format of generated configs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RenderFormat {
    /// One YAML document per Prometheus
    #[default]
    Yaml,
    /// One JSON document, with the objects that are refused
    Json,
}

/// Reads `NAMESPACE/NAME`; also a name in the namespace `default`.
fn parse_server(text: &str) -> Result<(String, String), String> {
    match text.split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() && !name.contains('/') => {
            Ok((namespace.to_string(), name.to_string()))
        }
        _ => Err("expected NAMESPACE/NAME, for example monitoring/k8s".to_string()),
    }
}
