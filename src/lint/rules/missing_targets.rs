//! A job without targets, and without anything that could find some.

use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    // What is only a name is a job still to be written.
    let is_stub = job.fields.len() <= 1;
    let has_targets = job.static_configs.iter().any(|group| !group.targets.is_empty());
    if is_stub || has_targets || !job.has_only_static_targets() {
        return;
    }
    let finding = match job.discovery.first() {
        Some(sd) => in_job(job, sd.span, "there are no targets in `static_configs`"),
        None => in_job(job, job.job_name.span, "the job has no `static_configs`, and no other service discovery"),
    };
    sink.push(finding.with_note("the job scrapes nothing").with_help("give it targets, or remove it"));
}
