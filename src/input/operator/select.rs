//! Which objects a Prometheus picks.
//!
//! Source: `selectObjects` of `pkg/prometheus/resource_selector.go`, `SelectNamespacesFromCache` of `pkg/operator`.

use std::collections::BTreeSet;

use crate::text::Location;

use super::assumption::Assumption;
use super::generate::{Fault, Server};
use super::kind::Kind;
use super::label_selector::PlacedSelector;
use super::objects::{Object, ObjectId, OperatorObjects, place_of};
use super::value::{Data, Entry, Value};

/// An object that a Prometheus does not pick.
#[derive(Clone, Debug)]
pub struct NotSelected {
    /// The object.
    pub object: ObjectId,
    /// The place of the label that differs, else of the object's name.
    pub at: Location,
    /// Why it is not picked.
    pub reason: Reason,
}

/// Why an object is not picked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The Prometheus has no such selector, so it picks no object of the kind.
    NoSelector {
        /// The field of the Prometheus, such as `serviceMonitorSelector`.
        selector: &'static str,
    },
    /// A label of the object is not as the selector wants it.
    Labels {
        /// The field of the Prometheus.
        selector: &'static str,
        /// The first label that differs.
        difference: LabelDifference,
    },
    /// The namespace of the object is not selected.
    Namespace {
        /// The field of the Prometheus, such as `serviceMonitorNamespaceSelector`.
        selector: &'static str,
        /// The label of the namespace that differs; `None` if the Prometheus only looks at its own namespace.
        difference: Option<LabelDifference>,
    },
}

/// A label that is not as a selector wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelDifference {
    /// The name of the label.
    pub label: String,
    /// What the selector wants: a value, `one of a, b`, `present` and the like.
    pub wanted: String,
    /// Where the selector says so.
    pub wanted_at: Location,
    /// The value of the label; `None` if there is no such label.
    pub found: Option<String>,
}

/// The objects that are picked, and the others.
pub(super) struct Selection<'o> {
    pub(super) selected: Vec<&'o Object>,
    pub(super) others: Vec<(&'o Object, NotSelected)>,
    pub(super) assumed: BTreeSet<Assumption>,
}

/// The fields of a Prometheus by which it picks the objects of a kind, and the plural of the kind; `None` for kinds that are
/// not picked.
fn fields_of(kind: Kind) -> Option<[&'static str; 3]> {
    match kind {
        Kind::ServiceMonitor => Some(["serviceMonitorSelector", "serviceMonitorNamespaceSelector", "ServiceMonitors"]),
        Kind::PodMonitor => Some(["podMonitorSelector", "podMonitorNamespaceSelector", "PodMonitors"]),
        Kind::Probe => Some(["probeSelector", "probeNamespaceSelector", "Probes"]),
        Kind::ScrapeConfig => Some(["scrapeConfigSelector", "scrapeConfigNamespaceSelector", "ScrapeConfigs"]),
        Kind::Prometheus | Kind::PrometheusAgent => None,
    }
}

/// Whether the configuration of a server is left to others: it has no selector at all.
pub(super) fn is_unmanaged(server: &Server<'_>) -> bool {
    let selectors = Kind::ALL.into_iter().filter_map(fields_of).map(|[selector, ..]| selector);
    server.spec.is_some() && selectors.into_iter().all(|selector| server.get(selector).is_none())
}

/// Picks objects. The Prometheus that is assumed where the input has none picks all of them.
///
/// # Errors
/// A selector is not valid: nothing is generated.
pub(super) fn select<'o>(server: &Server<'_>, objects: &'o [Object]) -> Result<Selection<'o>, Fault> {
    let mut selection = Selection { selected: Vec::new(), others: Vec::new(), assumed: BTreeSet::new() };
    if server.spec.is_none() {
        selection.selected = objects.iter().collect();
        return Ok(selection);
    }
    for kind in Kind::ALL {
        let Some([objects_field, namespaces_field, plural]) = fields_of(kind) else { continue };
        let failed = |fault: Fault| Fault { message: format!("selecting {plural} failed: {}", fault.message), ..fault };
        let namespaces = selector_of(server, namespaces_field).map_err(failed)?;
        let labels = selector_of(server, objects_field).map_err(failed)?;
        for object in objects.iter().filter(|object| object.id.kind == kind) {
            let own = object.value.at_path(&["metadata", "labels"]).map_or(&[][..], Value::entries);
            let reason = match &labels {
                None => Some(Reason::NoSelector { selector: objects_field }),
                Some(labels) => difference(labels, own)
                    .map(|difference| Reason::Labels { selector: objects_field, difference })
                    .or_else(|| {
                        let fit = namespace_fit(server, namespaces.as_ref(), &object.id.namespace);
                        if fit == NamespaceFit::Unknown {
                            let namespace = object.id.namespace.clone();
                            selection.assumed.insert(Assumption::Namespace { namespace, selector: namespaces_field });
                        }
                        fit.reason(namespaces_field)
                    }),
            };
            match reason {
                None => selection.selected.push(object),
                Some(reason) => {
                    let at = place(object, own, &reason);
                    selection.others.push((object, NotSelected { object: object.id.clone(), at, reason }));
                }
            }
        }
    }
    Ok(selection)
}

fn selector_of(server: &Server<'_>, field: &str) -> Result<Option<PlacedSelector>, Fault> {
    server.get(field).map(PlacedSelector::of).transpose()
}

/// The place that says most about why an object is not picked.
fn place(object: &Object, labels: &[Entry], reason: &Reason) -> Location {
    let differing = match reason {
        Reason::Labels { difference, .. } => labels.iter().find(|label| label.key == difference.label),
        Reason::NoSelector { .. } | Reason::Namespace { .. } => None,
    };
    differing.map_or_else(|| place_of(&object.value), |label| label.value.at)
}

/// The first label that is not as a selector wants it.
fn difference(selector: &PlacedSelector, labels: &[Entry]) -> Option<LabelDifference> {
    selector.requirements().find_map(|(requirement, wanted_at)| {
        let found = labels.iter().find(|label| label.key == requirement.key());
        let found =
            found.filter(|label| label.value.data != Data::Null).map(|label| label.value.as_str().unwrap_or(""));
        (!requirement.is_met(found)).then(|| LabelDifference {
            label: requirement.key().to_string(),
            wanted: requirement.to_string(),
            wanted_at,
            found: found.map(str::to_string),
        })
    })
}

/// Whether a namespace is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
enum NamespaceFit {
    Fits,
    /// Its labels are not in the input.
    Unknown,
    Differs(Option<LabelDifference>),
}

impl NamespaceFit {
    fn reason(self, selector: &'static str) -> Option<Reason> {
        match self {
            Self::Fits | Self::Unknown => None,
            Self::Differs(difference) => Some(Reason::Namespace { selector, difference }),
        }
    }
}

/// The label that each namespace has, with its name.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

fn namespace_fit(server: &Server<'_>, selector: Option<&PlacedSelector>, namespace: &str) -> NamespaceFit {
    let Some(selector) = selector else {
        return if namespace == server.id.namespace { NamespaceFit::Fits } else { NamespaceFit::Differs(None) };
    };
    let objects: &OperatorObjects = server.objects;
    let labels = objects.namespace_labels(namespace);
    let mut is_unknown = false;
    for (requirement, wanted_at) in selector.requirements() {
        let found = match labels {
            _ if requirement.key() == NAME_LABEL => Some(namespace),
            Some(labels) => {
                labels.iter().find(|label| label.key == requirement.key()).and_then(|label| label.value.as_str())
            }
            None => {
                is_unknown = true;
                continue;
            }
        };
        if !requirement.is_met(found) {
            return NamespaceFit::Differs(Some(LabelDifference {
                label: requirement.key().to_string(),
                wanted: requirement.to_string(),
                wanted_at,
                found: found.map(str::to_string),
            }));
        }
    }
    if is_unknown { NamespaceFit::Unknown } else { NamespaceFit::Fits }
}

#[cfg(test)]
mod tests;
