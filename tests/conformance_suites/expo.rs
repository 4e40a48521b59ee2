//! From a scraped page to the labels of its series.

use promcfg::exposition::{PageFormat, debug_page};
use serde_json::Value;

use super::{same, text_of};

/// The same series before the first fault, and the same message about it.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let format = PageFormat::of_content_type(text_of(case, "content_type")?).map_err(|error| error.to_string())?;
    let answer = debug_page(text_of(case, "text")?, format);
    let (expected, actual) = (case.get("error"), answer.get("error"));
    same("`error`", expected.unwrap_or(&Value::Null), actual.unwrap_or(&Value::Null))?;
    same("`series`", &case["series"], &answer["series"])
}
