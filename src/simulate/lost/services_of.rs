//! The Services that a monitor selects, with their ports and those of their containers.

use super::cluster::{ClusterObjects, PodMaker, Port, Service};
use super::selector::{Comparison, Selector};
use super::types::ObjectName;
use super::unscraped::namespaces;
use crate::input::operator::{ObjectId, Value};

/// A Service that a monitor selects.
#[derive(Clone, Debug)]
pub(crate) struct SelectedService {
    pub(crate) name: ObjectName,
    /// The names and numbers of its ports; the name of a port without one is empty.
    pub(crate) ports: Vec<(String, i64)>,
    /// The named ports of the containers of its pods.
    pub(crate) container_ports: Vec<(String, i64)>,
}

impl ClusterObjects {
    /// The Services that a ServiceMonitor selects.
    pub(crate) fn selected_services(&self, id: &ObjectId, monitor: &Value) -> Vec<SelectedService> {
        let Some(spec) = monitor.get("spec") else { return Vec::new() };
        let names = namespaces(&id.namespace, spec);
        let selector = Selector::of(spec.get("selector"), Comparison::ByRules);
        let named = |port: &Port| (port.name.as_deref().unwrap_or("").to_string(), port.number);
        let selected = |service: &Service| SelectedService {
            name: service.object.name.clone(),
            ports: service.ports.iter().map(named).collect(),
            container_ports: self
                .pods_of(service)
                .into_iter()
                .flat_map(|maker| maker.ports.iter().map(named))
                .collect(),
        };
        let services = self.services_in(names.as_deref()).into_iter();
        services.filter(|service| selector.accepts(&service.object.labels)).map(selected).collect()
    }

    /// Whether there are pods or workloads that a monitor selects.
    pub(crate) fn has_pods_of(&self, id: &ObjectId, monitor: &Value) -> bool {
        monitor.get("spec").is_some_and(|spec| !self.makers_of(id.kind, &id.namespace, spec).is_empty())
    }

    /// The pods and workloads that a Service selects.
    pub(super) fn pods_of(&self, service: &Service) -> Vec<&PodMaker> {
        let selector = Selector::of_labels(&service.selector);
        let namespace = [service.object.name.namespace.clone()];
        let mut makers = if service.selector.is_empty() { Vec::new() } else { self.pods_in(Some(&namespace)) };
        makers.retain(|maker| selector.accepts(&maker.object.labels));
        makers
    }
}
