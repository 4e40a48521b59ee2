//! Relabel rules and target files in the shapes of the conformance data, and the message with which Prometheus
//! refuses a text.

use serde_json::{Map, Value, json};

use crate::diagnostic::Diagnostic;
use crate::options::Options;
use crate::relabel::{Chain, Labels, NameScheme, RuleSpec, Semantics};
use crate::release::Release;
use crate::text::{Decoded, Sources};
use crate::yaml::Tree;

use super::load::{ReadConfig, read_job_unsorted, read_rules_unsorted, sorted};
use super::question::{labels_of, text_of, text_or};
use super::reader::is_of_type;
use super::shape::Shape;
use super::target_file::{TargetFormat, read_target_groups};
use super::types::{Config, Global, ScrapeConfig};

/// Answers `{"rules", "labels", "scheme"}`, a list of relabel rules in YAML and the labels that they get: `error`,
/// Prometheus's message, if the rules are refused; else `keep`, and `output` if the labels are kept. With the scheme
/// `legacy`, names are letters, digits and `_`. A result that is too large to simulate has `too_large`.
///
/// ```
/// use promcfg::{Release, config::debug_relabel};
/// use serde_json::json;
/// let question = json!({"rules": "- {source_labels: [a], target_label: b}", "labels": {"a": "x"}});
/// assert_eq!(
///     debug_relabel(&question, Release::LATEST).unwrap(),
///     json!({"keep": true, "output": {"a": "x", "b": "x"}}),
/// );
/// ```
///
/// # Errors
/// A question without `rules`, or with members of other types.
pub fn debug_relabel(question: &Value, release: Release) -> Result<Value, String> {
    let scheme = match text_or(question, "scheme", "utf8")? {
        "legacy" => NameScheme::Legacy,
        "utf8" | "" => NameScheme::Utf8,
        _ => return Err("expected `legacy` or `utf8` for `scheme`".to_string()),
    };
    let semantics = Semantics::new(release, scheme);
    let labels: Labels = labels_of(question, "labels")?.into_iter().collect();
    let rules = match rules_of(text_of(question, "rules")?, semantics) {
        Ok(rules) => rules,
        Err(error) => return Ok(json!({ "error": error })),
    };
    let chain = match Chain::new(&rules, semantics) {
        Ok(chain) => chain,
        Err(error) => return Ok(json!({ "error": error.to_string() })),
    };
    Ok(match chain.apply(&labels) {
        Ok(Some(output)) => json!({ "keep": true, "output": output }),
        Ok(None) => json!({ "keep": false }),
        Err(limit) => json!({ "too_large": limit.to_string() }),
    })
}

/// The rules of a text, or Prometheus's message.
pub(crate) fn rules_of(text: &str, semantics: Semantics) -> Result<Vec<RuleSpec>, String> {
    let mut sources = Sources::new();
    let file = sources.add("rules.yml", text);
    let (rules, faults) = read_rules_unsorted(&sources, file, semantics);
    match upstream_error(&faults) {
        Some(error) => Err(error),
        None => Ok(rules.into_iter().map(|rule| rule.spec).collect()),
    }
}

/// Answers `{"kind", "text"}`, a target file of the kind `json` or `yaml`: `groups`, or `error`, Prometheus's message.
///
/// ```
/// use promcfg::{Release, config::debug_target_file};
/// use serde_json::json;
/// let question = json!({"kind": "json", "text": "[{\"targets\": [\"h:1\"]}]"});
/// let groups = json!([{"targets": ["h:1"], "labels": {}}]);
/// assert_eq!(debug_target_file(&question, Release::LATEST).unwrap(), json!({ "groups": groups }));
/// ```
///
/// # Errors
/// A question without `kind` or `text`.
pub fn debug_target_file(question: &Value, release: Release) -> Result<Value, String> {
    let format = match text_of(question, "kind")? {
        "json" => TargetFormat::Json,
        "yaml" => TargetFormat::Yaml,
        _ => return Err("expected `json` or `yaml` for `kind`".to_string()),
    };
    let text = text_of(question, "text")?;
    let (groups, faults) = read_target_groups(&mut Sources::new(), "targets", text.as_bytes(), format, release);
    if let Some(error) = upstream_error(&faults) {
        return Ok(json!({ "error": error }));
    }
    let groups = groups.iter().map(|group| {
        let targets: Vec<&str> = group.targets.iter().map(|target| target.value.as_str()).collect();
        let labels: Map<String, Value> =
            group.labels.iter().map(|(name, value)| (name.value.clone(), json!(value.value))).collect();
        json!({ "targets": targets, "labels": labels })
    });
    Ok(json!({ "groups": groups.collect::<Vec<_>>() }))
}

/// A config, and the message with which Prometheus refuses it.
pub(crate) fn read_config_with_error(decoded: Decoded, options: &Options<'_>) -> (Config, Option<String>) {
    let mut sources = Sources::new();
    let tree = Tree::from_decoded(decoded);
    let file = sources.add("prometheus.yml", tree.text().clone());
    let globals = Global::of(options.release);
    let read = ReadConfig::unsorted(Shape::Config, &mut sources, file, &tree, &globals, options);
    (read.config, upstream_error(&read.faults))
}

/// The scrape config that a text is, if it is one, or the message with which Prometheus refuses it.
pub(crate) fn read_job_with_error(text: &str, release: Release) -> Result<Option<ScrapeConfig>, String> {
    let mut sources = Sources::new();
    let file = sources.add("job.yml", text);
    let (job, faults) = read_job_unsorted(&sources, file, release);
    upstream_error(&faults).map_or(Ok(job), Err)
}

/// The message with which Prometheus refuses a text, from faults in the order in which Prometheus finds them: that of the
/// fault at which it stops, or else of all values of a wrong type, in the order of the text. A config on which
/// Prometheus crashes after it has loaded it is not refused.
pub(crate) fn upstream_error(faults: &[Diagnostic]) -> Option<String> {
    let mut errors =
        faults.iter().filter(|fault| fault.is_error() && !message_of(fault).starts_with("panic: ")).peekable();
    let first = errors.peek()?;
    if !is_of_type(first) {
        return Some(message_of(first).to_string());
    }
    let of_types: Vec<Diagnostic> = errors.filter(|error| is_of_type(error)).cloned().collect();
    let mut message = String::from("yaml: unmarshal errors:");
    for error in &sorted(of_types) {
        message.push_str("\n  ");
        message.push_str(message_of(error));
    }
    Some(message)
}

fn message_of(error: &Diagnostic) -> &str {
    error.upstream.as_deref().unwrap_or(&error.message)
}
