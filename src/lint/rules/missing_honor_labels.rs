//! Jobs that scrape series of other targets, whose labels Prometheus renames.

use crate::config::ScrapeConfig;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    // `honor_labels: false` is a decision.
    let is_decided = job.field("honor_labels").is_some();
    let is_it = job.metrics_path == "/federate" || is_of_pushgateway(job);
    if is_decided
        || !is_it
        || facts.metric.rules.iter().any(|rule| rule.reads("exported_job") || rule.reads("exported_instance"))
    {
        return;
    }
    let (span, source) = if job.metrics_path == "/federate" {
        (job.field("metrics_path").map_or(job.job_name.span, |field| field.value), "another Prometheus")
    } else {
        (job.job_name.span, "a Pushgateway")
    };
    let message =
        format!("labels `job` and `instance` of {source} are renamed to `exported_job` and `exported_instance`");
    let finding = in_job(job, span, message)
        .with_argument("field", "honor_labels")
        .with_note("without `honor_labels`, labels of the target replace labels of the same name in scraped series")
        .with_help("add `honor_labels: true` to keep the labels of the scraped series");
    sink.push(finding);
}

/// Whether the job, or each of its static targets, has a name that contains "pushgateway".
fn is_of_pushgateway(job: &ScrapeConfig) -> bool {
    let is_named = |text: &str| {
        if text.len() < "pushgateway".len() {
            return false;
        }
        let text = text.to_ascii_lowercase();
        text.contains("pushgateway") || text.contains("push-gateway") || text.contains("push_gateway")
    };
    let mut targets = job.static_configs.iter().flat_map(|group| &group.targets).peekable();
    is_named(&job.job_name.value) || (targets.peek().is_some() && targets.all(|target| is_named(&target.value)))
}
