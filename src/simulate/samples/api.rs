//! Targets saved from a running Prometheus or from promtool: the response of `/api/v1/targets`, and the output of
//! `promtool check service-discovery`.

use serde_json::{Map, Value};

use super::{TargetInputError, fault, kind, label_pairs};

/// A target of a saved `/api/v1/targets` response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiTarget {
    /// The job it belongs to: its `scrapePool`; where an old version did not write one, its `job` label; empty if it has
    /// neither, as targets that servers before 3.3 dropped.
    pub job: String,
    /// Its labels before relabeling, what the job added included.
    pub discovered: Vec<(String, String)>,
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
    if let Some(error) = reported_error(&response) {
        return Err(fault(format!("the response is an error of Prometheus: {error}")));
    }
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

/// The targets in the output of `promtool check service-discovery`, each with the value of its label `job` as its
/// job. Entries without labels, which promtool prints for targets that it refuses, are left out.
///
/// # Errors
/// The text is not such an output; the message says why.
///
/// ```
/// let saved = r#"[{"discoveredLabels":{"__address__":"h:1","job":"node"},"labels":{"job":"node"}}]"#;
/// let targets = promcfg::simulate::read_checked_targets(saved)?;
/// assert_eq!(targets[0].job, "node");
/// # Ok::<(), promcfg::simulate::TargetInputError>(())
/// ```
pub fn read_checked_targets(text: &str) -> Result<Vec<ApiTarget>, TargetInputError> {
    let text = text.trim_start_matches('\u{feff}');
    let items: Vec<Value> = serde_json::from_str(text).map_err(|error| fault(format!("invalid JSON: {error}")))?;
    let mut targets = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let place = format!("item {index}");
        let Some(Value::Object(discovered)) = item.get("discoveredLabels") else {
            return Err(fault(format!("missing `discoveredLabels` in {place}")));
        };
        let discovered = label_pairs(discovered, &place)?;
        if discovered.is_empty() {
            continue;
        }
        let job = discovered.iter().find(|(name, _)| name == "job").map_or(String::new(), |(_, value)| value.clone());
        targets.push(ApiTarget { job, discovered });
    }
    Ok(targets)
}

/// Whether a JSON list is the output of `promtool check service-discovery`.
pub(super) fn is_checked_list(text: &str) -> bool {
    let items: Vec<Map<String, Value>> = serde_json::from_str(text).unwrap_or_default();
    items.first().is_some_and(|first| first.contains_key("discoveredLabels"))
}

/// What Prometheus says in a response to a request that failed.
fn reported_error(response: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| response.get(name).and_then(Value::as_str).unwrap_or("");
    let (kind, error) = (text("errorType"), text("error"));
    if text("status") != "error" {
        return None;
    }
    Some(match (kind, error) {
        ("", "") => "no reason is given".to_string(),
        ("", error) => error.to_string(),
        (kind, "") => kind.to_string(),
        (kind, error) => format!("{kind}: {error}"),
    })
}

/// Whether a JSON object looks like the response (or like its `data` alone).
pub(super) fn is_response(object: &Map<String, Value>) -> bool {
    let has_lists = |object: &Map<String, Value>| {
        ["activeTargets", "droppedTargets"]
            .iter()
            .any(|list| matches!(object.get(*list), Some(Value::Array(_) | Value::Null)))
    };
    // A map of labels has an address.
    let is_error = object.get("status").and_then(Value::as_str) == Some("error") && !object.contains_key("__address__");
    has_lists(object)
        || is_error
        || (object.contains_key("status") && matches!(object.get("data"), Some(Value::Object(_))))
}

fn read_target(item: &Value, place: &str) -> Result<ApiTarget, TargetInputError> {
    let Some(Value::Object(discovered)) = item.get("discoveredLabels") else {
        return Err(fault(format!("missing `discoveredLabels` in {place}")));
    };
    let discovered = label_pairs(discovered, place)?;
    let pool = item.get("scrapePool").and_then(Value::as_str);
    let label = || discovered.iter().find(|(name, _)| name == "job").map(|(_, value)| value.as_str());
    let job = pool.filter(|pool| !pool.is_empty()).or_else(label).unwrap_or("").to_string();
    Ok(ApiTarget { job, discovered })
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
    fn a_failed_request_is_reported_with_its_reason() {
        let message = |text: &str| read_api_targets(text).expect_err("must be refused").message;
        assert_eq!(
            message(r#"{"status":"error","errorType":"bad_data","error":"unknown state"}"#),
            "the response is an error of Prometheus: bad_data: unknown state"
        );
        assert_eq!(
            message(r#"{"status":"error","error":"timed out"}"#),
            "the response is an error of Prometheus: timed out"
        );
        assert_eq!(message(r#"{"status":"error"}"#), "the response is an error of Prometheus: no reason is given");
    }

    #[test]
    fn the_output_of_promtool_is_a_list_with_discovered_labels() {
        let output = r#"[{"discoveredLabels":{"__address__":"h:1","job":"a"},"labels":{}},
            {"discoveredLabels":{},"labels":{},"error":{}}]"#;
        assert!(is_checked_list(output));
        assert!(!is_checked_list(r#"[{"targets":["h:1"]}]"#));
        let targets = read_checked_targets(output).expect("is such an output");
        assert_eq!(targets.len(), 1);
        assert_eq!(targets[0].job, "a");
    }

    #[test]
    fn another_text_is_refused_with_the_reason() {
        let message = |text: &str| read_api_targets(text).expect_err("must be refused").message;
        assert_eq!(message("[]"), "expected a response of /api/v1/targets, found a list");
        assert_eq!(message("{}"), "expected a response of /api/v1/targets: `data` with `activeTargets` is missing");
        assert_eq!(message(r#"{"data":{"activeTargets":[{}]}}"#), "missing `discoveredLabels` in activeTargets[0]");
    }
}
