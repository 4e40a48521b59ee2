//! What prometheus-operator 0.93 generates of objects.

use base64::Engine as _;
use promcfg::Sources;
use promcfg::input::operator::{OperatorObjects, Reason, RenderOptions, Rendering, render};
use promcfg::yaml::Tree;
use serde_json::Value;

use super::same;

/// The same config, with a word for each secret; the same objects refused, by the same program; the same keys dropped.
pub(super) fn check(case: &Value) -> Result<(), String> {
    let rendering = rendered(case)?;
    match (case["config"].as_str(), &rendering.config) {
        (Some(expected), Some(actual)) => {
            let (mut expected, actual) = (values(expected)?, values(actual.text())?);
            hide(&mut expected, &actual, &secrets(case));
            same("config", &expected, &actual)?;
        }
        (None, None) => {}
        (Some(_), None) => return Err(format!("the operator generates a config, but: {:?}", rendering.error)),
        (None, Some(_)) => return Err(format!("the operator refuses it: {}", case["error"])),
    }
    if let Some(error) = &rendering.error {
        same("error_by", &case["error_by"], &error.by.name().into())?;
    }
    // With a Prometheus that is refused, nothing is said of the other objects.
    if case["error_by"].as_str() == Some("api-server") {
        return Ok(());
    }
    let mut rejected: Vec<String> =
        rendering.rejected.iter().map(|one| format!("{} by {}", shown(&one.object), one.by.name())).collect();
    let of_case = |one: &Value| format!("{} by {}", text(&one["object"]), text(&one["by"]));
    let mut expected: Vec<String> = items(&case["rejected"]).map(of_case).collect();
    rejected.sort();
    rejected.dedup();
    expected.sort();
    expected.dedup();
    same("rejected", &expected.into(), &rejected.into())?;
    let mut pruned: Vec<String> =
        rendering.pruned.iter().map(|one| format!("{}: {}", shown(&one.object), one.path)).collect();
    let mut expected: Vec<String> = items(&case["pruned"]).map(text).collect();
    pruned.sort();
    expected.sort();
    same("pruned", &expected.into(), &pruned.into())?;
    let is_of_labels = |reason: &Reason| matches!(reason, Reason::Labels { .. } | Reason::NoSelector { .. });
    let others = rendering.not_selected.iter().filter(|one| is_of_labels(&one.reason));
    let mut not_selected: Vec<String> = others.map(|one| shown(&one.object)).collect();
    let mut expected: Vec<String> = items(&case["not_selected"]).map(text).collect();
    not_selected.sort();
    expected.sort();
    same("not_selected", &expected.into(), &not_selected.into())
}

/// As [`check`]; and Prometheus refuses the config, or loads it, as the case says.
pub(super) fn check_trap(case: &Value) -> Result<(), String> {
    check(case)?;
    let rendering = rendered(case)?;
    let mut sources = Sources::new();
    let read = rendering.read(&mut sources, &promcfg::Options::default());
    let is_refused = read.is_some_and(|(_, diagnostics)| {
        diagnostics.iter().any(|diagnostic| diagnostic.severity == promcfg::Severity::Error)
    });
    same("prometheus_refuses", &(items(&case["prometheus_refuses"]).count() > 0).into(), &is_refused.into())
}

fn rendered(case: &Value) -> Result<Rendering, String> {
    let mut objects = OperatorObjects::default();
    let mut sources = Sources::new();
    let server = Some(&case["prometheus"]).filter(|server| !server.is_null());
    for object in server.into_iter().chain(items(&case["objects"])) {
        let text = object.to_string();
        let file = sources.add("object.json", text.clone());
        objects.add(&Tree::parse(text), file);
    }
    if let Some((_, why)) = objects.unreadable().first() {
        return Err(format!("an object cannot be read: {why}"));
    }
    let options = RenderOptions { unselected: true, ..RenderOptions::default() };
    render(&objects, &options).into_iter().next().ok_or_else(|| "nothing is rendered".to_string())
}

/// The name of an object as the data has it, `None` for one without a name.
fn shown(object: &promcfg::input::operator::ObjectId) -> String {
    let name = if object.name.is_empty() { "None" } else { &object.name };
    format!("{}/{}/{name}", object.kind.name(), object.namespace)
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("").to_string()
}

/// The values of a config.
fn values(text: &str) -> Result<Value, String> {
    serde_yaml::from_str(text).map_err(|error| format!("{error} in\n{text}"))
}

/// The texts of the Secrets of a case.
fn secrets(case: &Value) -> Vec<String> {
    let is_secret = |object: &&Value| object["kind"] == "Secret";
    let given = |object: &Value, section: &str| -> Vec<String> {
        object[section].as_object().into_iter().flat_map(|texts| texts.values().map(text)).collect()
    };
    let decoded = |text: &String| {
        let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok()?;
        String::from_utf8(bytes).ok()
    };
    let of = |object: &Value| {
        let encoded = given(object, "data");
        given(object, "stringData").into_iter().chain(encoded.iter().filter_map(decoded)).collect::<Vec<_>>()
    };
    items(&case["objects"]).filter(is_secret).flat_map(of).collect()
}

/// Puts the word for a secret in the place of each secret for which the config has that word.
fn hide(expected: &mut Value, actual: &Value, secrets: &[String]) {
    match (expected, actual) {
        (Value::String(text), Value::String(word))
            if word == "<secret>" && (text.starts_with("SECRET-") || secrets.contains(text)) =>
        {
            text.clone_from(word);
        }
        (Value::Array(items), Value::Array(others)) => {
            items.iter_mut().zip(others).for_each(|(item, other)| hide(item, other, secrets));
        }
        (Value::Object(entries), Value::Object(others)) => {
            for (key, entry) in entries {
                hide(entry, others.get(key).unwrap_or(&Value::Null), secrets);
            }
        }
        _ => {}
    }
}
