//! From a scraped page to the labels of its series.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use promcfg::exposition::{PageFormat, debug_page};
use serde_json::{Value, json};

use super::{same, text_of};

/// The same series before the first fault, and the same message about it.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let page = match case.get("b64").and_then(Value::as_str) {
        None => text_of(case, "text")?.as_bytes().to_vec(),
        Some(encoded) => BASE64_STANDARD.decode(encoded).map_err(|_| "`b64` is not base 64".to_string())?,
    };
    let answer = match PageFormat::of_content_type(text_of(case, "content_type")?) {
        Ok(format) => debug_page(&page, format),
        Err(error) => json!({ "series": [], "error": error.upstream() }),
    };
    let (expected, actual) = (case.get("error"), answer.get("error"));
    same("`error`", expected.unwrap_or(&Value::Null), actual.unwrap_or(&Value::Null))?;
    same("`series`", &case["series"], &answer["series"])
}
