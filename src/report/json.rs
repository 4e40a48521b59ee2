//! The results of a simulation as JSON.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::relabel::Step;
use crate::secrets::{TargetSecrets, masked_value};
use crate::simulate::{DroppedBy, ObjectNote, Origin, Status, TargetResult, object_of_job};
use crate::text::{Location, Sources};

use super::funnel::funnel_json;
use super::labels::{changed_durations, shown_labels};
use super::lost::lost_json;
use super::need::need;
use super::view::JobView;

/// A job or an Alertmanager with its targets, in the shape `promcfg simulate --format json` prints.
#[must_use]
pub fn job_json(view: &JobView<'_>) -> Value {
    let result = view.result;
    let of = |targets: &[TargetResult]| targets.iter().map(|target| target_json(view, target)).collect::<Vec<_>>();
    let mut members = owner_json(view);
    let Value::Object(more) = json!({
        "file": view.sources.name(view.sources.outermost(result.at).file),
        "line": line(view.sources, result.at),
        "sources": result.sources,
        "targets": of(&result.targets),
        "examples": of(&result.examples),
        "counts": {
            "kept": view.counts.kept,
            "dropped": view.counts.dropped,
            "invalid": view.counts.invalid,
            "unknown": view.counts.unknown,
        },
        "omitted": view.omitted,
        "funnel": funnel_json(view.funnel),
        "notes": view.notes.iter().map(note_json).collect::<Vec<_>>(),
    }) else {
        return Value::Object(members);
    };
    members.extend(more);
    if let (1.., Some(Value::Object(counts))) = (view.counts.undecided, members.get_mut("counts")) {
        counts.insert("undecided".to_string(), Value::from(view.counts.undecided));
    }
    if let Some(lost) = view.no_targets {
        members.insert("lost".to_string(), lost_json(view.sources, lost));
    }
    if let Some(lost) = view.lost {
        let lost = json!({ "object": &*lost.source, "reason": lost.reason, "need": lost.need });
        members.insert("lost".to_string(), lost);
    }
    if view.left_out > 0 {
        members.insert("left_out".to_string(), Value::from(view.left_out));
    }
    Value::Object(members)
}

/// What is to be said of the objects that targets were discovered from.
fn note_json(note: &ObjectNote) -> Value {
    json!({ "message": masked_value(&note.message), "help": masked_value(&note.help) })
}

/// Whose target it is: the name of the job, or the index of the Alertmanager; and the config, if there are several.
#[must_use]
pub fn owner_json(view: &JobView<'_>) -> Map<String, Value> {
    let mut members = Map::new();
    match view.result.alertmanager {
        None => members.insert("job".to_string(), Value::from(view.result.job.as_str())),
        Some(index) => {
            members.insert("job".to_string(), Value::Null);
            members.insert("alertmanager".to_string(), Value::from(index))
        }
    };
    if let Some((object, _)) = object_of_job(&view.result.job).filter(|_| view.is_generated) {
        members.insert("object".to_string(), Value::from(object.to_string()));
    }
    if let Some(config) = view.config {
        members.insert("config".to_string(), Value::from(config));
    }
    members
}

/// One target, in the shape it has inside its job.
#[must_use]
pub fn target_json(view: &JobView<'_>, target: &TargetResult) -> Value {
    let secrets = match target.trace.as_slice() {
        [] => TargetSecrets::default(),
        _ => TargetSecrets::of(target.discovered.iter(), target.labels.iter()),
    };
    let trace: Vec<Value> = target
        .trace
        .iter()
        .map(|step| step_json(view.sources, view.result.rules.get(step.rule).copied(), step, &secrets))
        .collect();
    let mut value = json!({
        "discovered": target.discovered,
        "status": target.status,
        "labels": shown_labels(&target.labels, view.all_labels),
        "url": if target.status == Status::Kept { Value::from(target.url.as_str()) } else { Value::Null },
        "dropped_by": target.dropped_by.as_ref().map(|by| dropped_by_json(view.sources, by)),
        "error": target.error.as_deref().map(masked_value),
        "trace": trace,
    });
    if let Value::Object(members) = &mut value {
        members.extend(optional_members(view, target));
    }
    value
}

/// The members of a target that are absent where they say nothing.
fn optional_members(view: &JobView<'_>, target: &TargetResult) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, value) in changed_durations(view.owner, target) {
        members.insert(name.trim_matches('_').to_string(), Value::from(value));
    }
    match &target.origin {
        Origin::Known => {}
        Origin::ByHand => drop(members.insert("by_hand".to_string(), Value::Bool(true))),
        Origin::Example { mechanism, role } => {
            members.insert("example".to_string(), Value::Bool(true));
            members.insert("mechanism".to_string(), Value::from(mechanism.as_str()));
            members.insert("role".to_string(), Value::from(role.as_str()));
        }
    }
    if let Some(error) = &target.scrape_error {
        members.insert("scrape_error".to_string(), json!(masked_value(&error.to_string())));
    }
    if let Some(need) = need(view.owner.rules(), target).filter(|_| view.is_of_object) {
        members.insert("need".to_string(), Value::from(need));
    }
    if let Some(by) = &target.undecided_by {
        members.insert("undecided_by".to_string(), dropped_by_json(view.sources, by));
    }
    if let Some(by) = target.named_by {
        members.insert("named_by".to_string(), json!(by));
    }
    members
}

pub(super) fn dropped_by_json(sources: &Sources, by: &DroppedBy) -> Value {
    let mut value = json!({
        "list": by.list,
        "rule": by.rule,
        "file": sources.name(sources.outermost(by.at).file),
        "line": line(sources, by.at),
    });
    if let Value::Object(members) = &mut value {
        let read = [("value", &by.value), ("other", &by.other)].into_iter();
        members.extend(read.filter_map(|(name, value)| Some((name.to_string(), Value::from(value.as_deref()?)))));
    }
    value
}

/// A step, with the line of its rule. Secrets are hidden: a trace is no result.
pub(super) fn step_json(sources: &Sources, at: Option<Location>, step: &Step, secrets: &TargetSecrets) -> Value {
    let mut members = match serde_json::to_value(step) {
        Ok(mut value @ Value::Object(_)) => {
            mask(&mut value, secrets);
            if let Value::Object(members) = value { members } else { Map::new() }
        }
        _ => Map::new(),
    };
    members.insert("line".to_string(), at.map_or(Value::Null, |at| Value::from(line(sources, at))));
    Value::Object(members)
}

/// Hides the secrets in all texts of a value; those of a change by the name of its label.
fn mask(value: &mut Value, secrets: &TargetSecrets) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(masked) = secrets.text(text) {
                *text = masked;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, secrets)),
        Value::Object(members) => {
            let label = members.get("label").and_then(Value::as_str).map(ToString::to_string);
            for (key, value) in members.iter_mut() {
                match (&label, &value) {
                    (Some(label), Value::String(text)) if key != "label" => {
                        *value = Value::from(secrets.label(label, text));
                    }
                    _ => mask(value, secrets),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn line(sources: &Sources, at: Location) -> usize {
    sources.position(at).line
}
