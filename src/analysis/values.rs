//! Labels whose values, or their form, are known.

use super::list::RelabelList;

/// All possible values of a discovery label, if the mechanism defines a few.
pub(crate) fn closed_values(name: &str) -> Option<&'static [&'static str]> {
    let of_mechanism = name.strip_prefix("__meta_")?;
    const TRUTH: &[&str] = &["true", "false"];
    const TASK_STATES: &[&str] = &[
        "new",
        "allocated",
        "pending",
        "assigned",
        "accepted",
        "preparing",
        "ready",
        "starting",
        "running",
        "complete",
        "shutdown",
        "failed",
        "rejected",
        "remove",
        "orphaned",
    ];
    Some(match of_mechanism {
        "kubernetes_pod_ready" => &["true", "false", "unknown"],
        "kubernetes_pod_phase" => &["Pending", "Running", "Succeeded", "Failed", "Unknown"],
        "kubernetes_pod_container_init" | "kubernetes_endpoint_ready" => TRUTH,
        "kubernetes_endpointslice_endpoint_conditions_ready"
        | "kubernetes_endpointslice_endpoint_conditions_serving"
        | "kubernetes_endpointslice_endpoint_conditions_terminating" => TRUTH,
        "kubernetes_pod_container_port_protocol"
        | "kubernetes_service_port_protocol"
        | "kubernetes_endpoint_port_protocol"
        | "kubernetes_endpointslice_port_protocol" => &["TCP", "UDP", "SCTP"],
        "kubernetes_service_type" => &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"],
        "kubernetes_endpointslice_address_type" => &["IPv4", "IPv6", "FQDN"],
        "kubernetes_ingress_scheme" | "uyuni_scheme" => &["http", "https"],
        "azure_machine_os_type" => &["Linux", "Windows"],
        "consul_health" => &["passing", "warning", "critical", "maintenance"],
        "docker_network_ingress"
        | "docker_network_internal"
        | "dockerswarm_network_ingress"
        | "dockerswarm_network_internal"
        | "puppetdb_exported" => TRUTH,
        "dockerswarm_node_availability" => &["active", "pause", "drain"],
        "dockerswarm_node_role" => &["manager", "worker"],
        "dockerswarm_node_status" => &["unknown", "down", "ready", "disconnected"],
        "dockerswarm_task_desired_state" | "dockerswarm_task_state" => TASK_STATES,
        "ec2_instance_state" => &["pending", "running", "shutting-down", "terminated", "stopping", "stopped"],
        "eureka_app_instance_status" => &["UP", "DOWN", "STARTING", "OUT_OF_SERVICE", "UNKNOWN"],
        name if name.strip_prefix("kubernetes_").is_some_and(is_presence) => &["true"],
        _ => return None,
    })
}

/// The usual values of a discovery label that may also have others.
pub(crate) fn usual_values(name: &str) -> &'static [&'static str] {
    match name.strip_prefix("__meta_").unwrap_or("") {
        "kubernetes_pod_controller_kind" => {
            &["ReplicaSet", "DaemonSet", "StatefulSet", "Job", "ReplicationController", "Node"]
        }
        "kubernetes_endpoint_address_target_kind" | "kubernetes_endpointslice_address_target_kind" => &["Pod", "Node"],
        "digitalocean_status" => &["new", "active", "off", "archive"],
        "gce_instance_status" => {
            &["PROVISIONING", "STAGING", "RUNNING", "STOPPING", "STOPPED", "SUSPENDING", "SUSPENDED", "TERMINATED"]
        }
        "hetzner_server_status" => &["running", "starting", "stopping", "off", "ready"],
        "lightsail_instance_state" => &["pending", "running", "stopping", "stopped"],
        "linode_status" => &["running", "offline", "booting", "rebooting"],
        "openstack_instance_status" => &["ACTIVE", "BUILD", "ERROR", "PAUSED", "SHUTOFF", "SUSPENDED"],
        "scaleway_instance_status" => &["running", "stopped", "stopping", "starting"],
        _ => &[],
    }
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
    /// Whether the values of a discovery label are numbers: those of ports.
    pub(crate) fn is_number(&self, name: &str) -> bool {
        const ENDS: [&str; 5] = ["_port", "_port_number", "_port_private", "_port_public", "_port_index"];
        let is_of_ports = name.starts_with("__meta_") && ENDS.iter().any(|end| name.ends_with(end));
        let roles = || self.sources.roles.iter().flat_map(|role| &role.labels);
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_of_ports && roles().any(|label| !label.is_prefix && label.covers(name) && is_digits(label.example))
    }

    /// Whether the values of a label are lists that start and end with their separator, such as `,a,b,`.
    pub(crate) fn is_list_of_tags(&self, name: &str) -> bool {
        let is_list = |value: &str| value.len() > 2 && value.starts_with(',') && value.ends_with(',');
        // Names first: searching for an example takes longer.
        name.starts_with("__meta_") && name.contains("tags") && self.example_value(name).is_some_and(is_list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_few_values_are_known() {
        assert_eq!(closed_values("__meta_kubernetes_pod_labelpresent_app"), Some(&["true"][..]));
        assert!(closed_values("__meta_kubernetes_service_type").is_some_and(|all| all.contains(&"NodePort")));
        assert_eq!((closed_values("__meta_kubernetes_pod_label_app"), closed_values("pod_phase")), (None, None));
        assert!(usual_values("__meta_kubernetes_pod_controller_kind").contains(&"DaemonSet"));
        assert!(usual_values("__meta_kubernetes_pod_name").is_empty());
    }
}
