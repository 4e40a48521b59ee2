//! Ports of monitors, Services and pods that do not fit together, and Services that are selected by accident.

use crate::diagnostic::{Diagnostic, ids};
use crate::input::operator::{Kind, Object, OperatorObjects, Rendering};
use crate::simulate::{ClusterObjects, DotMatch, LostReason};

use super::finding;

/// What is found in the monitors of a set, with the Services and pods among the files.
pub(super) fn judge(set: &OperatorObjects, cluster: &ClusterObjects, renderings: &[Rendering]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if cluster.is_empty() {
        return found;
    }
    let mut rejected = renderings.iter().flat_map(|one| &one.rejected).map(|rejected| &rejected.object);
    let rejected: Vec<_> = rejected.by_ref().collect();
    for object in set.iter().filter(|object| !rejected.contains(&&object.id)) {
        let list = if object.id.kind == Kind::PodMonitor { "podMetricsEndpoints" } else { "endpoints" };
        for (index, at, reason) in cluster.port_faults(object) {
            let message = format!("{}: {}", object.id, reason.sentence(&object.id));
            let note = format!("`spec.{list}[{index}]` has no target");
            found.push(
                finding(ids::MISMATCHED_PORTS, at, message).with_argument("port", port_of(&reason)).with_note(note),
            );
        }
    }
    for object in set.iter().filter(|object| !rejected.contains(&&object.id)) {
        found.extend(cluster.selected_by_dots(object).iter().map(|dot| dot_diagnostic(object, dot)));
    }
    for lost in cluster.unscraped(set) {
        if !rejected.contains(&&lost.object) {
            let message = format!("{}: {}", lost.object, lost.reason.sentence(&lost.object));
            let note = "other ports of its family have endpoints";
            let diagnostic = finding(ids::MISMATCHED_PORTS, lost.at, message);
            found.push(diagnostic.with_argument("port", port_of(&lost.reason)).with_note(note));
        }
    }
    found
}

/// That a dot in a selector selects another object.
fn dot_diagnostic(object: &Object, dot: &DotMatch) -> Diagnostic {
    let DotMatch { at, value, object: other, label_at, found } = dot;
    let message = format!("{}: the `.` of `{value}` matches any character, so that {other} is selected", object.id);
    finding(ids::UNESCAPED_DOT, *at, message)
        .with_argument("object", object.id.to_string())
        .with_argument("value", value.as_str())
        .with_label(*label_at, format!("`{found}` matches as well"))
        .with_note("the operator makes a relabel rule of the selector, with the value as the pattern")
        .with_help("write `selectorMechanism: RoleSelector` to select by the value itself")
}

/// The port that a finding is about.
fn port_of(reason: &LostReason) -> String {
    match reason {
        LostReason::ServicePort { port, .. }
        | LostReason::ContainerPort { port, .. }
        | LostReason::TargetPort { target: port, .. }
        | LostReason::NoEndpoint { port, .. } => port.clone(),
        _ => String::new(),
    }
}
