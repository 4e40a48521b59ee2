//! Discovery in Kubernetes, in the shapes of the conformance data.

use serde_json::{Map, Value, json};

use crate::discovery::{DiscoveredGroup, KubernetesContext, KubernetesObjects, KubernetesOptions, Undetermined};
use crate::release::Release;

use super::question::text_or;

/// The target groups of the objects in `objects`, a list of them, or in `list`, as kubectl prints it. With `namespace`
/// the objects are manifests, and those without a namespace belong to that one.
pub(super) fn answer(question: &Value, options: &KubernetesOptions, release: Release) -> Result<Value, String> {
    let objects = objects_of(question)?;
    let mut context = KubernetesContext::of(release);
    context.own_namespace = question.get("own_namespace").and_then(Value::as_str);
    let found = match objects.discover(options, context) {
        Ok(found) => found,
        Err(error) => return Ok(json!({ "error": error.to_string() })),
    };
    let mut answer = Map::new();
    answer.insert("groups".to_string(), in_order(found.groups));
    if let Some(error) = found.api_error {
        answer.insert("api_error".to_string(), json!(error));
    }
    if !found.undetermined.is_empty() {
        answer.insert("undetermined".to_string(), found.undetermined.iter().map(undetermined).collect());
    }
    Ok(Value::Object(answer))
}

fn objects_of(question: &Value) -> Result<KubernetesObjects, String> {
    let given = question.get("objects").or_else(|| question.get("list"));
    let (objects, errors) = KubernetesObjects::read(&given.ok_or("expected `objects` or `list`")?.to_string());
    if let Some(error) = errors.first() {
        return Err(error.to_string());
    }
    Ok(match text_or(question, "namespace", "")? {
        "" => objects,
        namespace => objects.with_examples(namespace).objects,
    })
}

fn undetermined(label: &Undetermined) -> Value {
    json!({ "source": &*label.source, "label": &*label.label, "values": label.values.iter().map(|value| &**value).collect::<Vec<_>>() })
}

/// The groups by source, and the targets of each by their labels.
fn in_order(mut groups: Vec<DiscoveredGroup>) -> Value {
    groups.sort_by(|one, other| one.source.cmp(&other.source));
    for group in &mut groups {
        group.targets.iter_mut().for_each(|target| target.sort());
        group.targets.sort();
    }
    json!(groups)
}
