//! How a case of each conformance suite is checked.

mod config;
mod discovery;
mod expo;
mod kubernetes;
mod metric;
mod operator;
mod relabel;
mod releases;
mod scrape;
mod second;
mod target;
mod text;

use promcfg::Release;
use serde_json::Value;

type Check = fn(&Value) -> Result<(), String>;

/// Every suite by the name of its file, with its contents, in the order of the layers. The README lists them.
pub(crate) const SUITES: &[(&str, &str, Check)] = &[
    ("yaml", "YAML: events with their places, syntax errors", text::check_yaml),
    ("scalars", "scalars as every Go type", text::check_scalar),
    ("regexp", "regular expressions: errors, groups", text::check_regexp),
    ("relabel", "relabel rules: errors, labels", relabel::check),
    ("target", "targets: labels, errors, URLs", target::check),
    ("scrape", "errors of Go's HTTP client that depend on the URL only", scrape::check),
    ("metric", "samples: `honor_labels`, metric rules", metric::check),
    ("expo", "scraped pages: series, errors", expo::check),
    ("differences_expo", "the same", expo::check),
    ("config", "whole configs: load errors", config::check),
    ("kubernetes_sd", "objects of Kubernetes: target groups, errors", kubernetes::check),
    ("kubernetes_whole", "whole clusters: target groups", kubernetes::check_whole),
    ("kubernetes_slices", "services and pods of Kubernetes: endpoint slices", kubernetes::check_slices),
    ("kubernetes_undetermined", "target groups that Prometheus does not decide", kubernetes::check_undetermined),
    ("docker_sd", "containers of Docker: target groups", discovery::check),
    ("swarm_sd", "services, tasks and nodes of Docker Swarm: target groups", discovery::check),
    ("ec2_sd", "instances of Amazon EC2: target groups", discovery::check),
    ("consul_sd", "services of Consul: target groups", discovery::check),
    ("http_sd", "bodies of HTTP discovery: target groups", discovery::check),
    ("operator", "objects of prometheus-operator: configs, refused objects", operator::check),
    ("operator-traps", "the same, and what Prometheus says of the configs", operator::check_trap),
    ("check_2_42", "configs in 2.42 and 3.14 as released: load errors", releases::check),
    ("config_bytes", "configs in UTF-8 and UTF-16, with odd line breaks", second::check_config),
    ("config_merge", "configs with merge keys", second::check_config),
    ("config_sweep", "each field with values of every kind", second::check_config),
    ("differences_config", "whole configs", second::check_config),
    ("differences_config_sweep", "fields", second::check_config),
    ("differences_config_bytes", "bytes", second::check_config),
    ("differences_merge", "merge keys", second::check_config),
    ("differences_merge_sections", "merge keys in sections", second::check_config),
    ("differences_scalars", "scalars", text::check_scalar),
    ("differences_sd", "target files", second::check_target_file),
    ("differences_sim", "configs with their static targets", second::check_simulation),
    ("differences_target", "targets", target::check),
    ("differences_yaml", "YAML", text::check_yaml),
];

/// The build whose answers the data has: Prometheus 3.14 built with Go 1.27, of which the regular expressions and the
/// case of letters are.
fn build() -> Release {
    Release::LATEST.built_with_go(27)
}

/// A string member of a case.
fn text_of<'c>(case: &'c Value, name: &str) -> Result<&'c str, String> {
    case.get(name).and_then(Value::as_str).ok_or_else(|| format!("the case has no text `{name}`"))
}

/// Fails with both sides unless they are equal.
fn same(what: &str, expected: &Value, actual: &Value) -> Result<(), String> {
    if expected == actual {
        return Ok(());
    }
    Err(format!("{what} differs\n    expected: {expected}\n    actual:   {actual}"))
}
