//! Target groups that discovery makes of the answers of its servers.

use promcfg::Release;
use promcfg::config::debug_discovery;
use serde_json::{Value, json};

use super::{build, same};

/// The same groups, of answers of the API and of inspected objects, and with the main branch's labels where the case
/// has them; or a refusal in both.
pub(super) fn check(case: &Value) -> Result<(), String> {
    compare(case, case, "groups", build())?;
    if case.get("groups_head").is_some() {
        compare(case, case, "groups_head", Release::NEXT)?;
    }
    if case.get("inspect").is_some() {
        let inspected = json!({
            "mech": case["mech"], "sd": case["sd"],
            "inspect": case["inspect"], "network_inspect": case["network_inspect"],
        });
        compare(case, &inspected, "groups", build()).map_err(|failure| format!("inspected: {failure}"))?;
        if case.get("groups_head").is_some() {
            compare(case, &inspected, "groups_head", Release::NEXT)
                .map_err(|failure| format!("inspected: {failure}"))?;
        }
    }
    Ok(())
}

fn compare(case: &Value, question: &Value, groups: &str, release: Release) -> Result<(), String> {
    let answer = debug_discovery(question, release)?;
    match (case.get("error"), answer.get("error")) {
        (Some(_), Some(_)) => Ok(()),
        (Some(expected), None) => Err(format!("Prometheus refuses it: {expected}\n    actual:   {answer}")),
        (None, Some(actual)) => Err(format!("Prometheus accepts it, but: {actual}")),
        (None, None) => same(groups, &in_order(&case[groups]), &in_order(&answer["groups"])),
    }
}

/// The groups by source, and the targets of each by their labels.
fn in_order(groups: &Value) -> Value {
    let mut groups = groups.as_array().cloned().unwrap_or_default();
    for group in &mut groups {
        if let Some(targets) = group.get_mut("targets").and_then(Value::as_array_mut) {
            targets.sort_by_key(Value::to_string);
        }
    }
    groups.sort_by_key(|group| (group["source"].to_string(), group["targets"].to_string()));
    Value::Array(groups)
}
