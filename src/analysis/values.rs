//! Labels whose values, or their form, are known.

use super::list::RelabelList;

/// All possible values of a discovery label, if the mechanism defines a few.
pub(crate) fn closed_values(name: &str) -> Option<&'static [&'static str]> {
    let of_kubernetes = name.strip_prefix("__meta_kubernetes_")?;
    const TRUTH: &[&str] = &["true", "false"];
    Some(match of_kubernetes {
        "pod_ready" => &["true", "false", "unknown"],
        "pod_phase" => &["Pending", "Running", "Succeeded", "Failed", "Unknown"],
        "pod_container_init" | "endpoint_ready" => TRUTH,
        "endpointslice_endpoint_conditions_ready"
        | "endpointslice_endpoint_conditions_serving"
        | "endpointslice_endpoint_conditions_terminating" => TRUTH,
        "pod_container_port_protocol"
        | "service_port_protocol"
        | "endpoint_port_protocol"
        | "endpointslice_port_protocol" => &["TCP", "UDP", "SCTP"],
        name if is_presence(name) => &["true"],
        _ => return None,
    })
}

/// `pod_labelpresent_app`, `service_annotationpresent_x`.
fn is_presence(name: &str) -> bool {
    let parts = ["_labelpresent_", "_annotationpresent_"];
    parts.iter().any(|part| {
        name.split_once(part).is_some_and(|(object, _)| {
            ["pod", "node", "service", "namespace", "endpoints", "endpointslice", "ingress"].contains(&object)
        })
    })
}

impl RelabelList<'_> {
    /// Whether the values of a label are lists that start and end with their separator, such as `,a,b,`.
    pub(crate) fn is_list_of_tags(&self, name: &str) -> bool {
        let is_list = |value: &str| value.len() > 2 && value.starts_with(',') && value.ends_with(',');
        // Names first: searching for an example takes longer.
        name.starts_with("__meta_") && name.contains("tags") && self.example_value(name).is_some_and(is_list)
    }
}
