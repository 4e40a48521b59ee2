//! Target groups that Prometheus makes of Kubernetes objects, and the endpoint slices that a cluster makes of services
//! and pods.

use promcfg::Release;
use promcfg::config::debug_discovery;
use serde_json::{Value, json};

use super::{build, same};

/// The same groups, of the main branch as well where the case has them; or the same refusal, of the config or of the API
/// server.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let answer = debug_discovery(case, build())?;
    same("`error`", &case["error"], &answer["error"])?;
    same("`api_error`", &case["api_error"], &answer["api_error"])?;
    same("`undetermined`", &Value::Null, &answer["undetermined"])?;
    if case.get("error").is_none() {
        same_groups(&case["groups"], &answer["groups"])?;
    }
    match case.get("groups_head") {
        Some(expected) => same_groups(expected, &debug_discovery(case, Release::NEXT)?["groups"]),
        None => Ok(()),
    }
}

/// Each of the results of a list that kubectl prints.
pub(super) fn check_whole(case: &Value) -> Result<(), String> {
    let results = case["results"].as_array().ok_or("the case has no `results`")?;
    results.iter().try_for_each(|result| {
        let question = json!({ "role": result["role"], "sd": result["sd"], "list": case["list"] });
        let answer = debug_discovery(&question, build())?;
        same_groups(&result["groups"], &answer["groups"])
            .map_err(|failure| format!("{} {}: {failure}", result["role"], result["sd"]))
    })
}

/// One of the results that were seen, and whether there were others.
pub(super) fn check_undetermined(case: &Value) -> Result<(), String> {
    let answer = debug_discovery(case, build())?;
    let alternatives = case["alternatives"].as_array().ok_or("the case has no `alternatives`")?;
    let groups = in_order(&answer["groups"]);
    if !alternatives.iter().any(|expected| in_order(expected) == groups) {
        return Err(format!("none of the results\n    actual:   {groups}"));
    }
    match (alternatives.len() > 1, answer.get("undetermined")) {
        (true, Some(_)) | (false, None) => Ok(()),
        (true, None) => Err("the result is not decided, and that is not said".to_string()),
        (false, Some(labels)) => Err(format!("the result is decided, but: {labels}")),
    }
}

/// The same slices, but for their names, in any order.
pub(super) fn check_slices(case: &Value) -> Result<(), String> {
    let answer = debug_discovery(case, build())?;
    let slices = |slices: &Value| {
        sorted(slices, |slice| {
            for list in ["endpoints", "ports"] {
                slice[list] = sorted(&slice[list], |_| {});
            }
        })
    };
    same("slices", &slices(&case["slices"]), &slices(&answer["slices"]))
}

fn same_groups(expected: &Value, actual: &Value) -> Result<(), String> {
    let (expected, actual) = (in_order(expected), in_order(actual));
    let groups = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let (all_expected, all_actual) = (groups(&expected), groups(&actual));
    // One group of many is easier to read.
    match all_expected.iter().zip(&all_actual).find(|(expected, actual)| expected != actual) {
        Some((expected, actual)) => same("group", expected, actual),
        None => same("groups", &expected, &actual),
    }
}

/// Groups by source, the targets of each by their labels.
fn in_order(groups: &Value) -> Value {
    sorted(groups, |group| group["targets"] = sorted(&group["targets"], |_| {}))
}

/// The items of a list in an order of their own; null is an empty list.
fn sorted(list: &Value, change: impl Fn(&mut Value)) -> Value {
    let mut items = list.as_array().cloned().unwrap_or_default();
    items.iter_mut().for_each(change);
    items.sort_by_key(Value::to_string);
    Value::Array(items)
}
