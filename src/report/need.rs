//! What a target that is not scraped would need.

use crate::config::RelabelRule;
use crate::re2::Regex;
use crate::relabel::Action;
use crate::simulate::{DroppedBy, Status, TargetResult};
use crate::text::most_similar;

use super::labels::short;

/// What a dropped target would need, in words; `None` where that is not known.
pub(super) fn need(rules: &[RelabelRule], target: &TargetResult) -> Option<String> {
    if target.status != Status::Dropped {
        return None;
    }
    let by = target.dropped_by.as_ref()?;
    let rule = rules.get(by.rule)?;
    let labels = rule.spec.source_labels.as_deref().unwrap_or(&[]);
    let subject = match labels {
        [] => return None,
        [label] => subject_of(label),
        _ => format!("the value of {}, joined by {:?},", labels.join(", "), rule.spec.separator),
    };
    let pattern = short(rule.spec.pattern()).into_owned();
    Some(match rule.spec.action? {
        Action::Keep => {
            let example = Regex::new(rule.spec.pattern()).ok().and_then(|regex| regex.example());
            let example = match example {
                Some(example) if example != pattern && !example.is_empty() => {
                    format!(", such as \"{}\"", short(&example))
                }
                _ => String::new(),
            };
            let similar = similar(labels, by, target).unwrap_or_default();
            format!("it would need {subject} to match \"{pattern}\"{example}{similar}")
        }
        Action::Drop => format!("it would need {subject} not to match \"{pattern}\""),
        Action::KeepEqual => format!("it would need {subject} to be the same as {}", short(&rule.spec.target_label)),
        Action::DropEqual => format!("it would need {subject} to differ from {}", short(&rule.spec.target_label)),
        Action::Replace
        | Action::HashMod
        | Action::LabelMap
        | Action::LabelDrop
        | Action::LabelKeep
        | Action::Lowercase
        | Action::Uppercase => return None,
    })
}

/// A label as the object has it.
fn subject_of(label: &str) -> String {
    let kinds = ["pod", "service", "endpoints", "endpointslice", "node", "ingress", "namespace"];
    for kind in kinds {
        let rest = label.strip_prefix("__meta_kubernetes_").and_then(|rest| rest.strip_prefix(kind));
        for (part, noun) in [("_annotation_", "annotation"), ("_label_", "label")] {
            if let Some(key) = rest.and_then(|rest| rest.strip_prefix(part)) {
                return format!("the {noun} {} of the {kind} (`{}`)", short(key), short(label));
            }
        }
    }
    let known = match label {
        "__meta_kubernetes_namespace" => "its namespace",
        "__meta_kubernetes_pod_container_port_name" => "the name of the container port",
        "__meta_kubernetes_pod_container_port_number" => "the number of the container port",
        "__meta_kubernetes_pod_container_name" => "the name of the container",
        "__meta_kubernetes_pod_container_init" => "whether it is an init container",
        "__meta_kubernetes_pod_phase" => "the phase of the pod",
        "__meta_kubernetes_pod_ready" => "the readiness of the pod",
        "__meta_kubernetes_pod_node_name" => "the node of the pod",
        "__meta_kubernetes_endpoint_port_name" | "__meta_kubernetes_endpointslice_port_name" => {
            "the name of the service port"
        }
        "__meta_kubernetes_service_name" => "the name of the service",
        _ => return format!("`{}`", short(label)),
    };
    format!("{known} (`{label}`)")
}

/// A label of the target with nearly the same name, where the one that is read is absent.
fn similar(labels: &[String], by: &DroppedBy, target: &TargetResult) -> Option<String> {
    let [label] = labels else { return None };
    if by.value.as_deref() != Some("") {
        return None;
    }
    let similar = most_similar(label, target.discovered.iter().map(|(name, _)| name))?;
    Some(format!("; it has `{}`=\"{}\"", short(similar), short(target.discovered.get(similar))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_objects_are_named_as_the_objects_have_them() {
        for (label, subject) in [
            (
                "__meta_kubernetes_pod_annotation_prometheus_io_scrape",
                "the annotation prometheus_io_scrape of the pod (`__meta_kubernetes_pod_annotation_prometheus_io_scrape`)",
            ),
            ("__meta_kubernetes_namespace", "its namespace (`__meta_kubernetes_namespace`)"),
            ("__meta_ec2_tag_env", "`__meta_ec2_tag_env`"),
        ] {
            assert_eq!(subject_of(label), subject);
        }
    }
}
