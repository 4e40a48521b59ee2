//! A port for DNS records that contain the port.

use super::discovery_items::{field, items};
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    for sd in job.discovery.iter().filter(|sd| sd.key == "dns_sd_configs") {
        for &item in items(facts, sd).iter() {
            let is_srv =
                field(item, "type").is_none_or(|(_, kind)| kind.resolved().value().eq_ignore_ascii_case("srv"));
            let Some((key, value)) = field(item, "port").filter(|_| is_srv) else { continue };
            let finding = in_job(job, key.full_span().to(value.full_span()), "`port` has no effect on SRV records");
            let finding = finding.with_argument("field", "port");
            let finding = finding.with_note("an SRV record contains the port; SRV is the default of `type`");
            sink.push(finding.with_help("remove `port`, or write `type: A` if the names have address records"));
        }
    }
}
