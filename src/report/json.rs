//! The results of a simulation as JSON.

use serde_json::{Map, Value, json};

use crate::relabel::Step;
use crate::simulate::{DroppedBy, Status, TargetResult};
use crate::text::{Location, Sources};

use super::labels::shown_labels;
use super::view::JobView;

/// A job with its targets, in the shape `promcfg simulate --format json` prints.
#[must_use]
pub fn job_json(view: &JobView<'_>) -> Value {
    let result = view.result;
    let targets: Vec<Value> = result.targets.iter().map(|target| target_json(view, target)).collect();
    json!({
        "job": result.job,
        "file": view.sources.name(view.sources.outermost(result.at).file),
        "line": line(view.sources, result.at),
        "sources": result.sources,
        "targets": targets,
    })
}

/// One target, in the shape it has inside its job.
#[must_use]
pub fn target_json(view: &JobView<'_>, target: &TargetResult) -> Value {
    let trace: Vec<Value> = target
        .trace
        .iter()
        .map(|step| step_json(view.sources, view.result.rules.get(step.rule).copied(), step))
        .collect();
    let mut members = json!({
        "discovered": target.discovered,
        "status": target.status,
        "labels": shown_labels(&target.labels, view.all_labels),
        "url": if target.status == Status::Kept { Value::from(target.url.as_str()) } else { Value::Null },
        "dropped_by": target.dropped_by.as_ref().map(|by| dropped_by_json(view.sources, by)),
        "error": target.error,
        "trace": trace,
    });
    if let Some(error) = &target.scrape_error {
        members["scrape_error"] = Value::from(error.to_string());
    }
    members
}

pub(super) fn dropped_by_json(sources: &Sources, by: &DroppedBy) -> Value {
    json!({
        "list": by.list,
        "rule": by.rule,
        "file": sources.name(sources.outermost(by.at).file),
        "line": line(sources, by.at),
    })
}

/// A step, with the line of its rule.
pub(super) fn step_json(sources: &Sources, at: Option<Location>, step: &Step) -> Value {
    let mut members = match serde_json::to_value(step) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    members.insert("line".to_string(), at.map_or(Value::Null, |at| Value::from(line(sources, at))));
    Value::Object(members)
}

fn line(sources: &Sources, at: Location) -> usize {
    sources.position(at).line
}
