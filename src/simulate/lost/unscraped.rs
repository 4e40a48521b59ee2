//! Ports of a numbered family, such as one for each worker of a process, of which a monitor scrapes only some.

use rustc_hash::FxHashSet;

use super::cluster::{ClusterObjects, PodMaker};
use super::pods::Watched;
use super::selector::{Comparison, Selector};
use super::types::{Lost, LostReason};
use crate::input::operator::{Kind, OperatorObjects, Value};

impl ClusterObjects {
    /// The container ports that belong to a numbered family, such as `metrics-1`, `metrics-2`, of which a monitor has
    /// endpoints for at least two others, but none for this one.
    ///
    /// ```
    /// use promcfg::Sources;
    /// use promcfg::input::operator::OperatorObjects;
    /// use promcfg::simulate::ClusterObjects;
    /// use promcfg::yaml::Tree;
    /// let text = "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: web}\n\
    ///     spec: {selector: {}, podMetricsEndpoints: [{port: m-1}, {port: m-2}]}\n---\nkind: Pod\nmetadata: {name: web}\n\
    ///     spec: {containers: [{ports: [{name: m-1}, {name: m-2}, {name: m-3}]}]}\n";
    /// let (tree, file) = (Tree::parse(text), Sources::new().add("web.yml", text));
    /// let (mut objects, mut cluster) = (OperatorObjects::default(), ClusterObjects::default());
    /// objects.add(&tree, file);
    /// cluster.add(&tree, file);
    /// assert_eq!(cluster.unscraped(&objects)[0].reason.step(), "endpoint");
    /// ```
    #[must_use]
    pub fn unscraped(&self, objects: &OperatorObjects) -> Vec<Lost> {
        let mut all = Vec::new();
        for object in &objects.objects {
            let list = match object.id.kind {
                Kind::ServiceMonitor => "endpoints",
                Kind::PodMonitor => "podMetricsEndpoints",
                Kind::Probe | Kind::ScrapeConfig | Kind::Prometheus | Kind::PrometheusAgent => continue,
            };
            let Some(spec) = object.value.get("spec") else { continue };
            let endpoints = spec.get(list).map_or(&[][..], Value::items);
            let ports: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.text("port")).collect();
            let families = families(&ports);
            if families.is_empty() {
                continue;
            }
            let mut seen: FxHashSet<&str> = ports.iter().copied().collect();
            for maker in self.makers_of(object.id.kind, &object.id.namespace, spec) {
                for port in &maker.ports {
                    let Some(name) = port.name.as_deref() else { continue };
                    if family_of(name).is_some_and(|family| families.contains(family)) && seen.insert(name) {
                        let reason =
                            LostReason::NoEndpoint { port: name.to_string(), owner: maker.object.name.clone() };
                        all.push(Lost { object: object.id.clone(), at: port.at, reason });
                    }
                }
            }
        }
        all
    }

    /// The pods and workloads that a monitor selects, of a ServiceMonitor through its Services.
    pub(super) fn makers_of<'c>(&'c self, kind: Kind, namespace: &str, spec: &Value) -> Vec<&'c PodMaker> {
        let names = namespaces(namespace, spec);
        let watched: Watched<'_> = names.as_deref();
        let selector = Selector::of(spec.get("selector"), Comparison::ByRules);
        if kind == Kind::PodMonitor {
            let mut makers = self.pods_in(watched);
            makers.retain(|maker| selector.accepts(&maker.object.labels));
            return makers;
        }
        let services = self.services_in(watched).into_iter();
        let services = services.filter(|service| selector.accepts(&service.object.labels));
        services.flat_map(|service| self.pods_of(service)).collect()
    }
}

/// The namespaces in which a monitor looks for targets; nothing for all of them.
pub(crate) fn namespaces(own: &str, spec: &Value) -> Option<Vec<String>> {
    let selector = spec.get("namespaceSelector");
    if selector.and_then(|selector| selector.get("any")).and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let names = selector.and_then(|selector| selector.get("matchNames")).map_or(&[][..], Value::items);
    let names: Vec<String> = names.iter().filter_map(Value::as_str).map(str::to_string).collect();
    Some(if names.is_empty() { vec![own.to_string()] } else { names })
}

/// The name of a port without the number at its end.
fn family_of(name: &str) -> Option<&str> {
    let family = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (family.len() < name.len() && !family.is_empty()).then_some(family)
}

/// The families of which at least two ports are scraped.
fn families<'p>(ports: &[&'p str]) -> FxHashSet<&'p str> {
    let (mut once, mut twice) = (FxHashSet::default(), FxHashSet::default());
    for family in ports.iter().filter_map(|port| family_of(port)) {
        if !once.insert(family) {
            twice.insert(family);
        }
    }
    twice
}
