//! Fields that are accepted everywhere, and hardly do what was wanted.

use rustc_hash::FxHashSet;

use crate::diagnostic::{Diagnostic, ids};
use crate::input::operator::{Data, Kind, Object, ObjectId, OperatorObjects, Rendering, Value, place_of_object};

use super::finding;

/// What is found in the objects of a set, but for those that are refused.
pub(super) fn judge(
    set: &OperatorObjects,
    renderings: &[Rendering],
    refused: &FxHashSet<&ObjectId>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let enforcing: Vec<Enforcing<'_>> =
        renderings.iter().filter_map(|rendering| Enforcing::of(set, rendering)).collect();
    for object in set.iter().filter(|object| !refused.contains(&object.id)) {
        let Some(spec) = object.value.get("spec") else { continue };
        match object.id.kind {
            Kind::ServiceMonitor => endpoints(object, spec, "endpoints", &mut found),
            Kind::PodMonitor => endpoints(object, spec, "podMetricsEndpoints", &mut found),
            Kind::ScrapeConfig => found.extend(unenforced(object, spec, &enforcing)),
            Kind::Probe | Kind::Prometheus | Kind::PrometheusAgent => {}
        }
    }
    found
}

/// A Prometheus that enforces the label of the namespace.
struct Enforcing<'s> {
    label: &'s Value,
    excluded: &'s [Value],
    not_selected: FxHashSet<&'s ObjectId>,
}

impl<'s> Enforcing<'s> {
    fn of(set: &'s OperatorObjects, rendering: &'s Rendering) -> Option<Self> {
        let spec = set.object(&rendering.prometheus)?.value.get("spec")?;
        Some(Self {
            label: spec.filled("enforcedNamespaceLabel")?,
            excluded: spec.get("excludedFromEnforcement").map_or(&[][..], Value::items),
            not_selected: rendering.not_selected.iter().map(|other| &other.object).collect(),
        })
    }

    /// Whether it selects the object and does not exclude it.
    fn applies_to(&self, id: &ObjectId) -> bool {
        let is_excluded = self.excluded.iter().any(|entry| {
            let is_named = entry.text("name").is_empty() || entry.text("name") == id.name;
            entry.text("resource") == id.kind.resource() && entry.text("namespace") == id.namespace && is_named
        });
        !is_excluded && !self.not_selected.contains(id)
    }
}

fn endpoints(object: &Object, spec: &Value, key: &str, found: &mut Vec<Diagnostic>) {
    for (index, endpoint) in spec.get(key).map_or(&[][..], Value::items).iter().enumerate() {
        let path = format!("spec.{key}[{index}]");
        without_port(object, endpoint, &path, found);
        for field in ["port", "targetPort"] {
            let is_used = field == "port" || endpoint.filled("port").is_none();
            if let Some(port) = endpoint.filled(field).filter(|_| is_used) {
                number_as_name(object, port, &format!("{path}.{field}"), field, found);
            }
        }
    }
}

/// An endpoint that says no port: every port is scraped.
fn without_port(object: &Object, endpoint: &Value, path: &str, found: &mut Vec<Diagnostic>) {
    let is_zero = |port: &Value| matches!(&port.data, Data::Int(0)) || port.as_str() == Some("");
    let has = |key: &str| endpoint.get(key).is_some_and(|port| !is_zero(port));
    if !matches!(endpoint.data, Data::Map(_)) || ["port", "targetPort", "portNumber"].into_iter().any(has) {
        return;
    }
    // Rules may choose the port.
    let rules = endpoint.get("relabelings").map_or(&[][..], Value::items);
    let reads_port = |rule: &Value| {
        let sources = rule.get("sourceLabels").map_or(&[][..], Value::items);
        let writes_address = rule.text("targetLabel") == "__address__";
        writes_address || sources.iter().filter_map(Value::as_str).any(|name| name.contains("port"))
    };
    if rules.iter().any(reads_port) {
        return;
    }
    let (what, help) = match object.id.kind {
        Kind::PodMonitor => ("container port of the pods", "name the port of the container in `port`"),
        _ => ("port of the service", "name the port of the service in `port`"),
    };
    let message = format!("{}: {path}: the endpoint names no port", object.id);
    found.push(
        finding(ids::ENDPOINT_WITHOUT_PORT, endpoint.at, message)
            .with_argument("object", object.id.to_string())
            .with_argument("endpoint", path)
            .with_note(format!("every {what} is scraped"))
            .with_help(help),
    );
}

/// A port that is compared as a name, and looks like a number.
fn number_as_name(object: &Object, port: &Value, path: &str, field: &str, found: &mut Vec<Diagnostic>) {
    let Some(text) = port.as_str().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())) else { return };
    let is_pod = object.id.kind == Kind::PodMonitor;
    let (note, help) = match (field, is_pod) {
        ("targetPort", _) => (
            "a `targetPort` in quotes is the name of a container port, and a name has at least one letter",
            format!("write the number without quotes: `targetPort: {text}`"),
        ),
        (_, true) => (
            "`port` is the name of a container port, and a name has at least one letter",
            format!("write `portNumber: {text}`, or the name of the port"),
        ),
        _ => (
            "`port` is the name of a port of the Service, not its number",
            format!("write the name of the port, or `targetPort: {text}` for the port of the container"),
        ),
    };
    let message = format!("{}: {path}: `{text}` is compared with the names of ports, so no target has it", object.id);
    found.push(
        finding(ids::PORT_NUMBER_AS_NAME, port.at, message)
            .with_argument("object", object.id.to_string())
            .with_argument("field", path)
            .with_note(note)
            .with_help(help),
    );
}

/// A scrape config without rules: the operator adds the enforced label to the rules of a user only.
fn unenforced(object: &Object, spec: &Value, enforcing: &[Enforcing<'_>]) -> Option<Diagnostic> {
    if spec.get("relabelings").is_some_and(|rules| !rules.items().is_empty()) {
        return None;
    }
    let label = enforcing.iter().find(|server| server.applies_to(&object.id))?.label;
    let name = label.as_str().unwrap_or("");
    let message = format!("{}: the targets do not get the enforced label `{name}`, without any relabeling", object.id);
    let found = finding(ids::UNENFORCED_NAMESPACE, place_of_object(object), message)
        .with_argument("object", object.id.to_string())
        .with_argument("label", name)
        .with_label(label.at, "enforced here")
        .with_note("the operator adds the rule for it to the relabelings of a ScrapeConfig, and only if it has some");
    Some(found.with_help("add any relabeling, such as one that sets `job`"))
}
