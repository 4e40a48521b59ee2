//! All ports of all pods as targets.

use super::discovery_items::{field, items, role};
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    if !job.relabel_configs.is_empty() {
        return;
    }
    for sd in job.discovery.iter().filter(|sd| sd.key == "kubernetes_sd_configs") {
        for &item in items(facts, sd).iter() {
            let Some((_, value)) = field(item, "role").filter(|_| field(item, "selectors").is_none()) else { continue };
            let of = match role(item) {
                "pod" => "pod",
                role @ ("endpoints" | "endpointslice") => role,
                _ => continue,
            };
            let things = if of == "pod" { "every pod" } else { "every service" };
            sink.push(
                in_job(job, value.full_span(), format!("every port of {things} becomes a target"))
                    .with_argument("role", of)
                    .with_note("Prometheus reads annotations such as `prometheus.io/scrape` only in relabel rules")
                    .with_help("keep the targets with metrics by relabel rules or `selectors`"),
            );
        }
    }
}
