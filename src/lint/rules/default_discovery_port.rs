//! Discovered machines that are scraped on the default port.

use super::computed_addresses::ADDRESS;
use super::discovery_items::{field, is_split, items, role};
use crate::config::Sd;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};
use crate::yaml::Node;

pub(super) const CHECK: Check = Check::Job(check);

/// The mechanisms that find machines, and take the port from the config.
const OF_MACHINES: [&str; 14] = [
    "azure_sd_configs",
    "digitalocean_sd_configs",
    "ec2_sd_configs",
    "gce_sd_configs",
    "hetzner_sd_configs",
    "ionos_sd_configs",
    "lightsail_sd_configs",
    "linode_sd_configs",
    "oci_sd_configs",
    "openstack_sd_configs",
    "outscale_sd_configs",
    "scaleway_sd_configs",
    "stackit_sd_configs",
    "vultr_sd_configs",
];

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    if facts.target.rules.iter().any(|rule| rule.may_write(ADDRESS)) {
        return;
    }
    for sd in job.discovery.iter().filter(|sd| may_be_of_machines(sd)) {
        let items = items(facts, sd);
        let without = |item: &&Node<'_>| is_of_machines(sd, **item) && field(**item, "port").is_none();
        let is_one_item = items.windows(2).any(|pair| is_split((pair[0], pair[1])));
        if is_one_item || !items.iter().any(|item| without(&item)) {
            continue;
        }
        let name = sd.mechanism().map_or("", |mechanism| mechanism.name);
        sink.push(
            in_job(job, sd.span, format!("targets of {name} are scraped on port 80"))
                .with_argument("field", sd.key.as_str())
                .with_note("80 is the default of `port`; exporters listen on other ports")
                .with_help("add `port`, or replace the port of `__address__` with a relabel rule"),
        );
    }
}

/// Whether items of the mechanism may find machines.
fn may_be_of_machines(sd: &Sd) -> bool {
    OF_MACHINES.contains(&sd.key.as_str()) || sd.key == "aws_sd_configs"
}

fn is_of_machines(sd: &Sd, item: Node<'_>) -> bool {
    let is_of_databases = role(item) == "databases";
    (OF_MACHINES.contains(&sd.key.as_str()) && !is_of_databases)
        || (sd.key == "aws_sd_configs" && matches!(role(item), "ec2" | "lightsail"))
}
