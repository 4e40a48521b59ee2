//! Objects and slices in the shapes of the conformance data.

use serde_json::{Map, Value, json};

use super::objects::{EndpointSlice, KubernetesObjects, ObjectMeta, SliceEndpoint, SlicePort};
use super::service_pods::ServicePods;
use super::slices::slices_of;
use super::store::Store;
use super::values::Text;

/// Answers `{"services", "pods", "nodes"}`, lists of objects, with `slices`: the endpoint slices that a cluster would
/// make of them, without their names, which are random.
///
/// ```
/// use promcfg::discovery::debug_slices;
/// use serde_json::json;
/// let service = json!({"kind": "Service", "metadata": {"name": "s"}, "spec": {"selector": {"app": "a"}, "clusterIP": "10.0.0.1"}});
/// let answer = debug_slices(&json!({"services": [service], "pods": [], "nodes": []})).unwrap();
/// assert_eq!(answer["slices"][0]["addressType"], "IPv4");
/// ```
///
/// # Errors
/// The lists hold no objects.
pub fn debug_slices(question: &Value) -> Result<Value, String> {
    let mut objects = KubernetesObjects::default();
    for list in ["services", "pods", "nodes"] {
        if let Some(list) = question.get(list) {
            let (more, errors) = KubernetesObjects::read(&list.to_string());
            if let Some(error) = errors.first() {
                return Err(error.to_string());
            }
            objects.extend(more);
        }
    }
    let pods = ServicePods::new(objects.services.iter(), objects.pods.iter());
    let nodes = Store::of(&objects.nodes, |node| &node.meta, |_| true);
    let slices = slices_of(objects.services.iter(), &pods, |name| nodes.get("", name));
    Ok(json!({ "slices": slices.iter().map(slice).collect::<Vec<_>>() }))
}

fn slice(slice: &EndpointSlice) -> Value {
    json!({
        "kind": "EndpointSlice",
        "apiVersion": "discovery.k8s.io/v1",
        "metadata": meta(&slice.meta),
        "addressType": &*slice.address_type,
        "endpoints": slice.endpoints.iter().map(endpoint).collect::<Vec<_>>(),
        "ports": slice.ports.iter().map(port).collect::<Vec<_>>(),
    })
}

fn meta(meta: &ObjectMeta) -> Value {
    let labels: Map<String, Value> =
        meta.labels.iter().map(|(name, value)| (name.to_string(), json!(&**value))).collect();
    json!({ "generateName": &*meta.generate_name, "namespace": &*meta.namespace, "labels": labels })
}

fn endpoint(endpoint: &SliceEndpoint) -> Value {
    let conditions = &endpoint.conditions;
    let mut object = Map::new();
    object.insert("addresses".into(), endpoint.addresses.iter().map(|address| json!(&**address)).collect());
    object.insert(
        "conditions".into(),
        json!({ "ready": conditions.ready, "serving": conditions.serving, "terminating": conditions.terminating }),
    );
    if let Some(target) = &endpoint.target {
        let mut reference = Map::new();
        let texts =
            [("kind", &target.kind), ("namespace", &target.namespace), ("name", &target.name), ("uid", &target.uid)];
        for (key, text) in texts {
            put(&mut reference, key, Some(text).filter(|text| !text.is_empty()));
        }
        object.insert("targetRef".into(), Value::Object(reference));
    }
    put(&mut object, "hostname", endpoint.hostname.as_ref());
    put(&mut object, "nodeName", endpoint.node_name.as_ref());
    put(&mut object, "zone", endpoint.zone.as_ref());
    Value::Object(object)
}

fn port(port: &SlicePort) -> Value {
    let mut object = Map::new();
    put(&mut object, "name", port.name.as_ref());
    put(&mut object, "protocol", port.protocol.as_ref());
    put(&mut object, "appProtocol", port.app_protocol.as_ref());
    object.extend(port.number.map(|number| ("port".to_string(), json!(number))));
    Value::Object(object)
}

/// A text that is given.
fn put(object: &mut Map<String, Value>, key: &str, text: Option<&Text>) {
    object.extend(text.map(|text| (key.to_string(), json!(&**text))));
}
