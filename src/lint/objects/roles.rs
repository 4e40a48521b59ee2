//! Labels of endpoints in the rules of a ServiceMonitor: `serviceDiscoveryRole` decides which of them exist.

use crate::diagnostic::{Diagnostic, ids};
use crate::input::operator::{Kind, OperatorObjects, Place, Rendering, Value};

/// The beginnings of labels of the role `endpointslice`, and of those of the role `endpoints`.
const OF_SLICES: [&str; 1] = ["__meta_kubernetes_endpointslice_"];
const OF_ENDPOINTS: [&str; 2] = ["__meta_kubernetes_endpoint_", "__meta_kubernetes_endpoints_"];

/// What follows of the role of a monitor for a finding about a label that its targets do not have.
pub(super) enum OfRole<'o> {
    /// Nothing: it is not about such a label.
    Other,
    /// The label may exist, or its rules are for both roles.
    Silent,
    /// The field that decides on the role, which is written, or not there.
    Field(Option<&'o Value>),
}

/// Which role a finding depends on.
pub(super) fn of_role<'o>(
    finding: &Diagnostic,
    place: Option<&Place<'o>>,
    (set, rendering): (&'o OperatorObjects, &Rendering),
) -> OfRole<'o> {
    let Some(place) = place.filter(|place| place.object.kind == Kind::ServiceMonitor) else { return OfRole::Other };
    if finding.id != ids::UNKNOWN_META_LABEL {
        return OfRole::Other;
    }
    let argument = |name: &str| finding.arguments.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str());
    let Some(label) = argument("label").or(argument("regex")) else { return OfRole::Other };
    let is_of = |beginnings: &[&str]| beginnings.iter().any(|beginning| label.starts_with(beginning));
    let (of_slices, of_endpoints) = (is_of(&OF_SLICES), is_of(&OF_ENDPOINTS));
    if !of_slices && !of_endpoints {
        return OfRole::Other;
    }
    let monitor = set.object(place.object).map(|object| &object.value);
    let server = set.object(&rendering.prometheus).map(|server| &server.value);
    let field = |object: Option<&'o Value>| object?.at_path(&["spec", "serviceDiscoveryRole"]);
    let role = field(monitor).or(field(server));
    let is_unknown = role.is_none() && rendering.at.is_none();
    if of_slices && is_unknown || monitor.is_some_and(|monitor| reads_other(monitor, &place.path, label)) {
        return OfRole::Silent;
    }
    OfRole::Field(role)
}

/// Whether the rules of the endpoint also read the label by which the other role has the same.
fn reads_other(monitor: &Value, path: &str, label: &str) -> bool {
    let index = path.strip_prefix("spec.endpoints[").and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
    let endpoints = monitor.at_path(&["spec", "endpoints"]).map_or(&[][..], Value::items);
    let Some(endpoint) = index.and_then(|index| endpoints.get(index)) else { return false };
    let rules = endpoint.get("relabelings").map_or(&[][..], Value::items);
    let mut labels = rules.iter().filter_map(|rule| rule.get("sourceLabels")).flat_map(Value::items);
    let own = without_role(label);
    labels
        .any(|other| other.as_str().is_some_and(|other| other != label && own.is_some() && without_role(other) == own))
}

/// What a label is about, the same for both roles.
fn without_role(label: &str) -> Option<&str> {
    let rest = OF_SLICES.iter().chain(&OF_ENDPOINTS).find_map(|beginning| label.strip_prefix(beginning))?;
    let rest = rest.strip_prefix("endpoint_").unwrap_or(rest);
    Some(rest.strip_prefix("conditions_").unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::without_role;

    #[test]
    fn the_labels_of_both_roles_are_about_the_same() {
        assert_eq!(without_role("__meta_kubernetes_endpoint_port_name"), Some("port_name"));
        assert_eq!(without_role("__meta_kubernetes_endpointslice_port_name"), Some("port_name"));
        assert_eq!(without_role("__meta_kubernetes_endpoint_ready"), Some("ready"));
        assert_eq!(without_role("__meta_kubernetes_endpointslice_endpoint_conditions_ready"), Some("ready"));
        assert_eq!(without_role("__meta_kubernetes_endpoints_label_app"), Some("label_app"));
        assert_eq!(without_role("__meta_kubernetes_pod_name"), None);
    }
}
