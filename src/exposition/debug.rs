//! A page in the shapes of the conformance data.

use serde_json::{Map, Value, json};

use super::format::PageFormat;
use super::page::Page;
use super::sample::PageSample;
use super::values::shown_labels;

/// Reads a page as Prometheus reads it: `series`, the labels of those before the first fault, and `error`, Prometheus's
/// message, if the page is refused. Of several labels with one name, the last one is shown.
///
/// ```
/// use promcfg::exposition::{PageFormat, debug_page};
/// let answer = debug_page("up{job=\"a\"} 1\n{\"\"} 1\n", PageFormat::Text);
/// assert_eq!(answer["series"][0]["job"], "a");
/// assert_eq!(answer["error"], r#"invalid metric name or label names: {__name__=""}"#);
/// ```
#[must_use]
pub fn debug_page(page: &(impl AsRef<[u8]> + ?Sized), format: PageFormat) -> Value {
    let mut series = Vec::new();
    for sample in Page::new(page, format) {
        let refusal = match &sample {
            Err(fault) => Some(fault.upstream(page)),
            Ok(sample) => refusal(sample),
        };
        if let Some(error) = refusal {
            return json!({ "series": series, "error": error });
        }
        series.extend(sample.ok().map(labels));
    }
    json!({ "series": series })
}

fn labels(sample: PageSample<'_>) -> Value {
    let mut labels = Map::new();
    labels.insert("__name__".to_string(), Value::from(sample.name.into_owned()));
    labels.extend(sample.labels.into_iter().map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))));
    Value::Object(labels)
}

/// Why Prometheus refuses a sample that is written correctly, if its rules leave the labels as they are: an empty name.
fn refusal(sample: &PageSample<'_>) -> Option<String> {
    let labels = sample.labels.iter().map(|(name, value)| (&**name, &**value));
    let mut pairs = std::iter::once(("__name__", &*sample.name)).chain(labels);
    let is_empty = |(name, value): (&str, &str)| name.is_empty() || name == "__name__" && value.is_empty();
    if !pairs.clone().any(is_empty) {
        return None;
    }
    let bytes = |text: &str| text.as_bytes().to_vec();
    let pairs = pairs.by_ref().map(|(name, value)| (bytes(name), bytes(value))).collect();
    Some(format!("invalid metric name or label names: {}", shown_labels(pairs)))
}
