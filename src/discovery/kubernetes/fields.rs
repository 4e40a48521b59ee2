//! The fields of objects that field selectors may name, and their values, as an API server has them.
//!
//! Source: `pkg/apis/core/v1/conversion.go` and the strategies in `pkg/registry` of Kubernetes.

use std::borrow::Cow;

use super::objects::{EndpointSlice, Endpoints, Ingress, Node, ObjectMeta, Pod, Service};

/// An object of a kind that selectors select.
pub(super) trait Selectable: Default {
    fn meta(&self) -> &ObjectMeta;

    /// The value of a field besides `metadata`; `None` for one that selectors may not name.
    fn own_field(&self, _name: &str) -> Option<&str> {
        None
    }

    /// Whether objects of the kind belong to namespaces.
    const IS_NAMESPACED: bool = true;

    /// The value of a field; `None` for one that selectors may not name.
    fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        let value = match name {
            "metadata.name" => Some(&*self.meta().name),
            "metadata.namespace" if Self::IS_NAMESPACED => Some(&*self.meta().namespace),
            _ => self.own_field(name),
        };
        value.map(Cow::Borrowed)
    }

    /// Whether selectors may name a field of the kind.
    fn has_field(name: &str) -> bool {
        Self::default().field(name).is_some()
    }
}

fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

impl Selectable for Pod {
    fn meta(&self) -> &ObjectMeta {
        &self.meta
    }

    fn own_field(&self, name: &str) -> Option<&str> {
        let (spec, status) = (&self.spec, &self.status);
        Some(match name {
            "spec.nodeName" | "spec.host" => &spec.node_name,
            "spec.restartPolicy" => &spec.restart_policy,
            "spec.schedulerName" => &spec.scheduler_name,
            "spec.serviceAccountName" => &spec.service_account_name,
            "spec.hostNetwork" => truth(spec.host_network),
            "status.phase" => &status.phase,
            "status.nominatedNodeName" => &status.nominated_node_name,
            // The server keeps one list of both, of which `podIP` is the first.
            "status.podIP" if status.pod_ip.is_empty() => status.pod_ips.first().map_or("", |first| &first.ip),
            "status.podIP" => &status.pod_ip,
            "status.podIPs" => "",
            _ => return None,
        })
    }
}

impl Selectable for Service {
    fn meta(&self) -> &ObjectMeta {
        &self.meta
    }

    fn own_field(&self, name: &str) -> Option<&str> {
        match name {
            "spec.clusterIP" => Some(&self.spec.cluster_ip),
            "spec.type" => Some(&self.spec.kind),
            _ => None,
        }
    }
}

impl Selectable for Node {
    fn meta(&self) -> &ObjectMeta {
        &self.meta
    }

    const IS_NAMESPACED: bool = false;

    fn own_field(&self, name: &str) -> Option<&str> {
        (name == "spec.unschedulable").then(|| truth(self.spec.is_unschedulable))
    }
}

impl Selectable for Endpoints {
    fn meta(&self) -> &ObjectMeta {
        &self.meta
    }
}

impl Selectable for EndpointSlice {
    fn meta(&self) -> &ObjectMeta {
        &self.meta
    }
}

impl Selectable for Ingress {
    fn meta(&self) -> &ObjectMeta {
        &self.meta
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_fields() {
        assert!(Pod::has_field("spec.host") && Pod::has_field("metadata.namespace"));
        assert!(!Pod::has_field("spec.unschedulable") && !Pod::has_field(""));
        assert!(Node::has_field("spec.unschedulable") && !Node::has_field("metadata.namespace"));
        assert!(Service::has_field("spec.type") && !Service::has_field("spec.selector"));
        assert!(Ingress::has_field("metadata.name") && !Ingress::has_field("spec.host"));
    }
}
