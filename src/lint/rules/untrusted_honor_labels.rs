//! Targets that anyone can add, and that set their own `job` and `instance`.

use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const CHECK: Check = Check::Job(check);

/// Annotations, which anyone who deploys a pod or a service can set.
const ANNOTATIONS: [&str; 2] = ["__meta_kubernetes_pod_annotation_", "__meta_kubernetes_service_annotation_"];

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.target);
    let Some(field) = job.field("honor_labels").filter(|_| job.honor_labels && job.metrics_path != "/federate") else {
        return;
    };
    let is_annotation = |name: &str| ANNOTATIONS.iter().any(|prefix| name.starts_with(prefix));
    let is_choice = |action: Action, name: &str| action == Action::Keep && is_annotation(name);
    let choices =
        list.rules.iter().flat_map(|rule| rule.placed_sources().map(move |(name, span)| (rule.action, name, span)));
    let Some((_, name, span)) = choices.into_iter().find(|(action, name, _)| is_choice(*action, name)) else { return };
    let message = "any target with an annotation can set the `job` and `instance` of other targets";
    let finding = in_job(job, field.value, message)
        .with_argument("field", "honor_labels")
        .with_label(Location::new(job.file, span), format!("`{name}` selects the targets"))
        .with_note("with `honor_labels: true`, samples keep the labels that the target serves")
        .with_help(
            "remove `honor_labels`; set it only for trusted targets, such as a Pushgateway or another Prometheus",
        );
    sink.push(finding);
}
