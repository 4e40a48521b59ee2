//! From a scraped sample to the labels that are stored.

use promcfg::config::read_rules;
use promcfg::relabel::{NameScheme, RuleSpec};
use promcfg::scrape::{SampleOutcome, SampleRelabeler, report_labels};
use promcfg::{Labels, Sources};
use serde_json::{Value, json};

use super::{pairs_of, same, semantics, text_of};

/// The same stored labels, or nothing stored.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let sample = pairs_of(case, "sample");
    let target: Labels = pairs_of(case, "target").into_iter().collect();
    if case.get("report") == Some(&Value::Bool(true)) {
        return same("`output`", &case["output"], &json!(report_labels(&sample, &target)));
    }
    let mut sources = Sources::new();
    let file = sources.add("rules.yml", text_of(case, "rules")?);
    let (rules, _) = read_rules(&mut sources, file, semantics(NameScheme::Utf8));
    let rules: Vec<RuleSpec> = rules.into_iter().map(|rule| rule.spec).collect();
    let honor = case.get("honor_labels") == Some(&Value::Bool(true));
    let mut relabeler =
        SampleRelabeler::with_rules(&rules, semantics(NameScheme::Utf8), honor).map_err(|error| error.to_string())?;
    let output = match relabeler.relabel(&sample, &target, None).map_err(|limit| limit.to_string())? {
        SampleOutcome::Stored(labels) => json!(labels),
        _ => Value::Null,
    };
    same("`output`", case.get("output").unwrap_or(&Value::Null), &output)
}
