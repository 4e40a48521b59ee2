//! A source of other targets' series, whose labels are renamed.

use crate::config::ScrapeConfig;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    // Who writes `honor_labels: false` knows of it.
    let is_decided = job.field("honor_labels").is_some();
    if is_decided || facts.metric.rules.iter().any(|rule| rule.reads("exported_job") || rule.reads("exported_instance"))
    {
        return;
    }
    let (span, what) = if job.metrics_path == "/federate" {
        (job.field("metrics_path").map_or(job.job_name.span, |field| field.value), "another Prometheus")
    } else if is_of_pushgateway(job) {
        (job.job_name.span, "a Pushgateway")
    } else {
        return;
    };
    let message = format!(
        "series of {what} lose `job` and `instance` to this job, and have them as `exported_job` and `exported_instance`"
    );
    let finding = in_job(job, span, message)
        .with_note("labels of samples give way to those of the target, unless `honor_labels` is set")
        .with_help("set `honor_labels: true`, so that series keep the labels they come with");
    sink.push(finding);
}

/// Whether all its static targets, or the job itself, are called so.
fn is_of_pushgateway(job: &ScrapeConfig) -> bool {
    let is_named = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.contains("pushgateway") || text.contains("push-gateway") || text.contains("push_gateway")
    };
    let mut targets = job.static_configs.iter().flat_map(|group| &group.targets).peekable();
    is_named(&job.job_name.value) || (targets.peek().is_some() && targets.all(|target| is_named(&target.value)))
}
