//! From a scraped sample to the labels that are stored.

use promcfg::scrape::debug_metric;
use serde_json::Value;

use super::{build, same};

/// The same stored labels, or nothing stored.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let answer = debug_metric(case, build())?;
    let output = answer.get("output").ok_or_else(|| format!("there is no output: {answer}"))?;
    same("`output`", case.get("output").unwrap_or(&Value::Null), output)
}
