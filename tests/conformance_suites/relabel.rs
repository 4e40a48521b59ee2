//! Lists of rules: decoding, checks, and what they do to a label set.

use promcfg::config::debug_relabel;
use serde_json::{Value, json};

use super::{build, same};

/// The same refusal, or the same labels.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let answer = debug_relabel(case, build())?;
    same("`error`", &case["error"], &answer["error"])?;
    if case.get("error").is_some() {
        return Ok(());
    }
    same("`keep`", &case["keep"], &answer["keep"])?;
    let is_kept = case["keep"] == Value::Bool(true);
    let expected = if is_kept { case.get("output").cloned().unwrap_or(json!({})) } else { Value::Null };
    same("`output`", &expected, &answer["output"])
}
