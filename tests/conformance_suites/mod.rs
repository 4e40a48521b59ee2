//! How a case of each conformance suite is checked.

mod config;
mod expo;
mod metric;
mod relabel;
mod releases;
mod scrape;
mod second;
mod target;
mod text;

use promcfg::Release;
use promcfg::relabel::{NameScheme, Semantics};
use serde_json::Value;

type Check = fn(&Value) -> Result<(), String>;

/// Every suite by the name of its file, in the order of the layers.
pub(crate) const SUITES: &[(&str, Check)] = &[
    ("yaml", text::check_yaml),
    ("scalars", text::check_scalar),
    ("regexp", text::check_regexp),
    ("relabel", relabel::check),
    ("target", target::check),
    ("scrape", scrape::check),
    ("metric", metric::check),
    ("expo", expo::check),
    ("differences_expo", expo::check),
    ("config", config::check),
    ("check_2_42", releases::check),
    ("config_bytes", second::check_config),
    ("config_merge", second::check_config),
    ("config_sweep", second::check_config),
    ("differences_config", second::check_config),
    ("differences_config_sweep", second::check_config),
    ("differences_config_bytes", second::check_config),
    ("differences_merge", second::check_config),
    ("differences_merge_sections", second::check_config),
    ("differences_scalars", text::check_scalar),
    ("differences_sd", second::check_target_file),
    ("differences_sim", second::check_simulation),
    ("differences_target", target::check),
    ("differences_yaml", text::check_yaml),
];

/// The build whose answers the data has: Prometheus 3.14 built with Go 1.27, of which the regular expressions and the
/// case of letters are.
fn build() -> Release {
    Release::LATEST.built_with_go(27)
}

/// How that build reads and runs rules.
fn semantics(scheme: NameScheme) -> Semantics {
    Semantics::new(build(), scheme)
}

/// A string member of a case.
fn text_of<'c>(case: &'c Value, name: &str) -> Result<&'c str, String> {
    case.get(name).and_then(Value::as_str).ok_or_else(|| format!("the case has no text `{name}`"))
}

/// The label pairs of an object member of a case; none when it is absent.
fn pairs_of(case: &Value, name: &str) -> Vec<(String, String)> {
    let Some(Value::Object(labels)) = case.get(name) else { return Vec::new() };
    labels.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap_or("").to_string())).collect()
}

/// Fails with both sides unless they are equal.
fn same(what: &str, expected: &Value, actual: &Value) -> Result<(), String> {
    if expected == actual {
        return Ok(());
    }
    Err(format!("{what} differs\n    expected: {expected}\n    actual:   {actual}"))
}
