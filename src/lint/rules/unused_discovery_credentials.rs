//! Credentials of discovery, where scrapes need them.

use super::discovery_items::{CREDENTIALS, field, items};
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    let is_https = job.scheme.eq_ignore_ascii_case("https")
        || facts.target.rules.iter().any(|rule| {
            let is_scheme = rule.target().is_some_and(|target| target == "__scheme__");
            is_scheme && rule.is_unconditional() && rule.constant().as_deref() == Some("https")
        });
    let has_own = CREDENTIALS.iter().any(|name| job.field(name).is_some());
    if !is_https || has_own {
        return;
    }
    for sd in job.discovery.iter().filter(|sd| sd.key == "kubernetes_sd_configs") {
        for &item in items(facts, sd).iter() {
            let names: Vec<&str> = CREDENTIALS.into_iter().filter(|name| field(item, name).is_some()).collect();
            let Some((key, _)) = names.first().and_then(|name| field(item, name)) else { continue };
            let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
            let message = format!("scrapes do not use {list} of `{}`", sd.key);
            sink.push(
                in_job(job, key.full_span(), message)
                    .with_argument("fields", names.join(","))
                    .with_note(
                        "they are for requests to the API server; the job scrapes with `https` without any of its own",
                    )
                    .with_help("write these fields in the job, beside `scheme`"),
            );
        }
    }
}
