//! Lists of rules: decoding, checks, and what they do to a label set.

use promcfg::config::read_rules;
use promcfg::relabel::{NameScheme, RuleSpec};
use promcfg::{Chain, Labels, Sources};
use serde_json::{Value, json};

use super::second::{lines_of, says};
use super::{pairs_of, same, semantics, text_of};

/// The same refusal (each line of Prometheus's message is in one of our errors), or the same labels.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let scheme = if case.get("scheme").and_then(Value::as_str) == Some("legacy") {
        NameScheme::Legacy
    } else {
        NameScheme::Utf8
    };
    let mut sources = Sources::new();
    let file = sources.add("rules.yml", text_of(case, "rules")?);
    let (rules, diagnostics) = read_rules(&mut sources, file, semantics(scheme));
    let errors = || diagnostics.iter().filter(|each| each.is_error());
    let upstream: Vec<&str> = errors().filter_map(|each| each.upstream.as_deref()).collect();
    let is_said = |line: &&str| errors().any(|error| says(error, line));
    match case.get("error").and_then(Value::as_str) {
        Some(expected) if lines_of(expected).iter().all(is_said) => Ok(()),
        Some(expected) => Err(format!("Prometheus says {expected:?}, we say {upstream:?}")),
        None if !upstream.is_empty() => Err(format!("Prometheus takes it, we say {upstream:?}")),
        None => check_output(case, &rules.iter().map(|rule| rule.spec.clone()).collect::<Vec<_>>(), scheme),
    }
}

fn check_output(case: &Value, rules: &[RuleSpec], scheme: NameScheme) -> Result<(), String> {
    let chain = Chain::new(rules, semantics(scheme)).map_err(|error| error.to_string())?;
    let labels: Labels = pairs_of(case, "labels").into_iter().collect();
    let output = chain.apply(&labels).map_err(|error| format!("not simulated: {error}"))?;
    same("`keep`", &case["keep"], &json!(output.is_some()))?;
    match output {
        Some(output) => same("`output`", case.get("output").unwrap_or(&json!({})), &json!(output)),
        None => Ok(()),
    }
}
