//! Targets that anyone may add, and that name themselves.

use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};
use crate::relabel::Action;
use crate::text::Location;

pub(super) const CHECK: Check = Check::Job(check);

/// What whoever deploys something writes on it.
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
    let message = "whatever is scraped because of an annotation may take the `job` and `instance` of others";
    let finding = in_job(job, field.value, message)
        .with_label(Location::new(job.file, span), format!("`{name}` decides what is scraped"))
        .with_note("with `honor_labels` samples keep these labels as the target serves them")
        .with_help("leave it to jobs of exporters you trust: a Pushgateway, another Prometheus, kube-state-metrics");
    sink.push(finding);
}
