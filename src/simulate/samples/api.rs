//! Targets saved from a running Prometheus: the response of `/api/v1/targets`.

use serde_json::{Map, Value};

use crate::config::ScrapeConfig;
use crate::scrape::{DiscoveredTarget, default_labels};

use super::{TargetInputError, fault, kind, label_pairs};

/// A target of a saved `/api/v1/targets` response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiTarget {
    /// The job it belongs to: its `scrapePool`; where an old version did not write one, its `job` label.
    pub job: String,
    /// Its labels before relabeling, what the job added included.
    pub discovered: Vec<(String, String)>,
}

impl ApiTarget {
    /// The target as discovered by `job`: labels equal to the job's defaults are left out, so that
    /// they are worked out anew from the config.
    #[must_use]
    pub fn for_job(&self, job: &ScrapeConfig) -> DiscoveredTarget {
        let defaults = default_labels(job);
        let own = self.discovered.iter().filter(|label| !defaults.contains(label)).cloned().collect();
        DiscoveredTarget { own, group: Vec::new() }
    }
}

/// Reads a saved response of Prometheus's `/api/v1/targets`: active and dropped targets, in that order.
///
/// # Errors
/// The text is not such a response; the message says why.
///
/// ```
/// let saved = r#"{"status":"success","data":{"activeTargets":[
///     {"discoveredLabels":{"__address__":"h:1","job":"node"},"scrapePool":"node"}],"droppedTargets":[]}}"#;
/// let targets = promcfg::simulate::read_api_targets(saved)?;
/// assert_eq!(targets[0].job, "node");
/// # Ok::<(), promcfg::simulate::TargetInputError>(())
/// ```
pub fn read_api_targets(text: &str) -> Result<Vec<ApiTarget>, TargetInputError> {
    let text = text.trim_start_matches('\u{feff}');
    let response: Value = serde_json::from_str(text).map_err(|error| fault(format!("invalid JSON: {error}")))?;
    let Value::Object(response) = response else {
        return Err(fault(format!("expected a response of /api/v1/targets, found {}", kind(&response))));
    };
    let data = match response.get("data") {
        Some(Value::Object(data)) => data,
        _ if is_response(&response) => &response,
        _ => return Err(fault("expected a response of /api/v1/targets: `data` with `activeTargets` is missing")),
    };
    let mut targets = Vec::new();
    for list in ["activeTargets", "droppedTargets"] {
        match data.get(list) {
            None | Some(Value::Null) => {}
            Some(Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    targets.push(read_target(item, &format!("{list}[{index}]"))?);
                }
            }
            Some(other) => return Err(fault(format!("expected a list for `{list}`, found {}", kind(other)))),
        }
    }
    Ok(targets)
}

/// Whether a JSON object looks like the response (or like its `data` alone).
pub(super) fn is_response(object: &Map<String, Value>) -> bool {
    let has_lists = |object: &Map<String, Value>| {
        ["activeTargets", "droppedTargets"]
            .iter()
            .any(|list| matches!(object.get(*list), Some(Value::Array(_) | Value::Null)))
    };
    has_lists(object) || (object.contains_key("status") && matches!(object.get("data"), Some(Value::Object(_))))
}

fn read_target(item: &Value, place: &str) -> Result<ApiTarget, TargetInputError> {
    let Some(Value::Object(discovered)) = item.get("discoveredLabels") else {
        return Err(fault(format!("missing `discoveredLabels` in {place}")));
    };
    let discovered = label_pairs(discovered, place)?;
    let pool = item.get("scrapePool").and_then(Value::as_str);
    let label = || discovered.iter().find(|(name, _)| name == "job").map(|(_, value)| value.as_str());
    match pool.filter(|pool| !pool.is_empty()).or_else(label) {
        Some(job) => Ok(ApiTarget { job: job.to_string(), discovered: discovered.clone() }),
        None => Err(fault(format!("missing job in {place}: neither `scrapePool` nor a label `job` is given"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_targets_of_old_versions_are_matched_by_their_job_label() {
        let saved = r#"{"data":{"droppedTargets":[{"discoveredLabels":{"job":"node"}}]}}"#;
        assert_eq!(read_api_targets(saved).expect("is a response")[0].job, "node");
    }

    #[test]
    fn another_text_is_refused_with_the_reason() {
        let message = |text: &str| read_api_targets(text).expect_err("must be refused").message;
        assert_eq!(message("[]"), "expected a response of /api/v1/targets, found a list");
        assert_eq!(message("{}"), "expected a response of /api/v1/targets: `data` with `activeTargets` is missing");
        assert_eq!(message(r#"{"data":{"activeTargets":[{}]}}"#), "missing `discoveredLabels` in activeTargets[0]");
    }
}
