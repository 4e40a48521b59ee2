//! Addresses without a port, to which Prometheus before 3.0 adds one.

use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};
use crate::scrape::lacks_port;
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::Job(check);

const ADDRESS: &str = "__address__";

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    if !job.release.appends_default_port() || facts.target.rules.iter().any(|rule| rule.may_write(ADDRESS)) {
        return;
    }
    let port = match job.scheme.as_str() {
        "http" | "" => "80",
        "https" => "443",
        _ => return,
    };
    for address in job.static_configs.iter().flat_map(|group| &group.targets).filter(|target| lacks_port(&target.value))
    {
        let (own, full) = (go_quote(&address.value), go_quote(&format!("{}:{port}", address.value)));
        let message = format!("Prometheus adds the port {port} to the target {own}");
        sink.push(
            in_job(job, address.span, message)
                .with_argument("target", address.value.as_str())
                .with_note(format!(
                    "Prometheus 3.0 adds no port: `instance` becomes {own} instead of {full}, so all series change"
                ))
                .with_help(format!("write {full}")),
        );
    }
}
