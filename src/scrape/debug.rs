//! A scraped sample in the shapes of the conformance data.

use serde_json::{Value, json};

use crate::config::question::{flag_of, labels_of, text_or};
use crate::config::rules_of;
use crate::relabel::{Labels, NameScheme, Semantics};
use crate::release::Release;

use super::{SampleOutcome, SampleRelabeler, report_labels};

/// Answers `{"sample", "target", "honor_labels", "rules", "report"}`: the labels of a scraped sample and of its target,
/// and `metric_relabel_configs` in YAML. `output` has the labels that are stored, or null for a sample that is
/// dropped; `report` asks for a series of the scrape itself, such as `up`. Rules that are refused have `error`.
///
/// ```
/// use promcfg::{Release, scrape::debug_metric};
/// use serde_json::json;
/// let question = json!({"sample": {"__name__": "up", "job": "a"}, "target": {"job": "b"}});
/// assert_eq!(
///     debug_metric(&question, Release::LATEST).unwrap(),
///     json!({"output": {"__name__": "up", "exported_job": "a", "job": "b"}}),
/// );
/// ```
///
/// # Errors
/// A question with members of other types.
pub fn debug_metric(question: &Value, release: Release) -> Result<Value, String> {
    let sample = labels_of(question, "sample")?;
    let target: Labels = labels_of(question, "target")?.into_iter().collect();
    if flag_of(question, "report")? {
        return Ok(json!({ "output": report_labels(&sample, &target) }));
    }
    let semantics = Semantics::new(release, NameScheme::Utf8);
    let rules = match rules_of(text_or(question, "rules", "")?, semantics) {
        Ok(rules) => rules,
        Err(error) => return Ok(json!({ "error": error })),
    };
    let mut relabeler = match SampleRelabeler::with_rules(&rules, semantics, flag_of(question, "honor_labels")?) {
        Ok(relabeler) => relabeler,
        Err(error) => return Ok(json!({ "error": error.to_string() })),
    };
    Ok(match relabeler.relabel(&sample, &target, None) {
        Ok(SampleOutcome::Stored(labels)) => json!({ "output": labels }),
        Ok(_) => json!({ "output": null }),
        Err(limit) => json!({ "too_large": limit.to_string() }),
    })
}
