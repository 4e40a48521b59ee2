//! A job without targets and without service discovery.

use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    // A job with only a name is unfinished.
    let is_stub = job.fields.len() <= 1;
    let has_targets = job.static_configs.iter().any(|group| !group.targets.is_empty());
    if is_stub || has_targets || !job.has_only_static_targets() {
        return;
    }
    let finding = match job.discovery.first() {
        Some(sd) => in_job(job, sd.span, "`static_configs` has no targets"),
        None => in_job(job, job.job_name.span, "the job has neither `static_configs` nor service discovery"),
    };
    let finding = finding.with_argument("field", "targets");
    sink.push(finding.with_note("the job scrapes nothing").with_help("add targets, or remove the job"));
}
