//! The arguments of `promcfg add-endpoint`.

use clap::{Args, ValueHint};

use super::super::{BEHAVIOR, SELECTION, file_name};
use super::common::EditOptions;

/// Add endpoints to a ServiceMonitor or PodMonitor, and the ports they need to its Service
#[derive(Debug, Args)]
#[command(after_help = "\
Each endpoint, and each port of the Service, is written as its neighbor: path, interval and other
keys are copied. The number of a port of the Service is that of the container's port of the same
name. Existing items stay: a second run has nothing to do.

The changed manifests are read again: they differ in the added items only, the operator generates
the same jobs as before and one for each new endpoint, and each new job has a target.

Examples:
  promcfg add-endpoint k8s/ --object servicemonitor/app/app-django --port 'metrics-{1..5}'
  promcfg add-endpoint service.yml monitor.yml --object servicemonitor/web \\
                       --port admin --port-number 9000
  promcfg add-endpoint k8s/ --object podmonitor/shop/cart --port metrics --dry-run

Exit status: 0 success, also if there is nothing to do; 1 the edit was refused, or --check found a
change; 2 the command failed (a missing file, an unknown object, a port without a number).")]
pub(crate) struct AddEndpointArguments {
    /// The manifests with the monitor, its Service and its workload: files and folders
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, value_parser = file_name(), required = true)]
    pub(crate) paths: Vec<String>,
    /// The monitor, as servicemonitor/NAMESPACE/NAME or podmonitor/NAMESPACE/NAME
    #[arg(long, value_name = "KIND/NAMESPACE/NAME", help_heading = SELECTION)]
    pub(crate) object: String,
    /// The name of the port; `metrics-{1..5}` and `{http,admin}` are several; can be repeated
    #[arg(long = "port", value_name = "NAME", required = true, help_heading = SELECTION)]
    pub(crate) ports: Vec<String>,
    /// The number of the Service's port, if no container declares a port of the name
    #[arg(long, value_name = "NUMBER", help_heading = BEHAVIOR, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port_number: Option<u16>,
    /// Edit also where the manifests do not show that the new endpoints have targets
    #[arg(long, help_heading = BEHAVIOR)]
    pub(crate) unproved: bool,
    #[command(flatten)]
    pub(crate) options: EditOptions,
}
