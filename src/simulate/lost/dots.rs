//! Objects that a monitor selects because a dot in its selector matches any character.

use super::cluster::{ClusterObjects, Label, Labeled};
use super::pods::Watched;
use super::selector::{Comparison, Selector};
use super::types::ObjectName;
use super::unscraped::namespaces;
use crate::input::operator::{Kind, Object};
use crate::text::Location;

/// An object that a monitor selects because of a dot.
pub(crate) struct DotMatch {
    /// The place of the requirement, and its value.
    pub(crate) at: Location,
    pub(crate) value: String,
    /// The object, the place of its label, and the value of the label.
    pub(crate) object: ObjectName,
    pub(crate) label_at: Location,
    pub(crate) found: String,
}

impl ClusterObjects {
    /// The first object for each value of a selector that the rules of the operator select only because of a dot.
    pub(crate) fn selected_by_dots(&self, monitor: &Object) -> Vec<DotMatch> {
        let Some(spec) = monitor.value.get("spec") else { return Vec::new() };
        let selector = spec.get("selector");
        if !matches!(spec.text("selectorMechanism"), "" | "RelabelConfig") {
            return Vec::new();
        }
        let selector = Selector::of(selector, Comparison::ByRules);
        if !selector.requirements.iter().any(|requirement| requirement.dotted().next().is_some()) {
            return Vec::new();
        }
        let names = namespaces(&monitor.id.namespace, spec);
        let watched: Watched<'_> = names.as_deref();
        let objects: Vec<&Labeled> = match monitor.id.kind {
            Kind::ServiceMonitor => self.services_in(watched).into_iter().map(|service| &service.object).collect(),
            Kind::PodMonitor => self.pods_in(watched).into_iter().map(|pod| &pod.object).collect(),
            Kind::Probe | Kind::ScrapeConfig | Kind::Prometheus | Kind::PrometheusAgent => return Vec::new(),
        };
        let mut found: Vec<DotMatch> = Vec::new();
        for object in objects.into_iter().filter(|object| selector.accepts(&object.labels)) {
            for requirement in &selector.requirements {
                let Some(Label { value, at, .. }) = requirement.matched_by_dot(&object.labels) else { continue };
                if found.iter().any(|known| known.at == requirement.at) {
                    continue;
                }
                found.push(DotMatch {
                    at: requirement.at,
                    value: requirement.dotted().next().unwrap_or("").to_string(),
                    object: object.name.clone(),
                    label_at: *at,
                    found: value.to_string(),
                });
            }
        }
        found
    }
}
