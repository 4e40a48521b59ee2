//! Rules for a probing exporter in a job that scrapes plain metrics.

use crate::analysis::ProbeRules;
use crate::config::ScrapeConfig;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::Job(check);

const ORDINARY_PATH: &str = "/metrics";

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.target);
    let Some(probe) = ProbeRules::of(list) else { return };
    let is_path_set = list.rules.iter().any(|rule| rule.may_write("__metrics_path__"));
    let is_path_of_targets =
        job.static_configs.iter().any(|group| group.labels.iter().any(|(name, _)| name.value == "__metrics_path__"));
    let is_of_others = job.field("params").is_some() && !has_known_module(job);
    if job.metrics_path != ORDINARY_PATH || is_path_set || is_path_of_targets || is_of_others {
        return;
    }
    let Some(parameter) = probe.copy.rule.field("target_label") else { return };
    let finding = if probe.may_replace_address() {
        let Some((_, exporter)) = probe.exporter() else { return };
        let message =
            format!("`{exporter}{ORDINARY_PATH}` is scraped for every target, which most exporters do not probe at");
        in_rule(list, probe.copy, parameter.value, message)
            .with_note(
                "exporters that probe have their own metrics at `/metrics`, and probe at a path such as `/probe`",
            )
            .with_help("set `metrics_path` to the path at which the exporter probes, such as `/probe`")
    } else {
        let message = "every target is scraped itself, with its own address as a parameter that exporters ignore";
        in_rule(list, probe.copy, parameter.value, message)
            .with_note("the parameter `target` is for exporters that probe others, which takes a path such as `/probe`")
            .with_help("remove the rule if the targets are ordinary exporters")
    };
    sink.push(finding);
}

/// Whether the parameter `module` is one of those that the blackbox exporter and the SNMP exporter come
/// with, which never probe at `/metrics`. Of other parameters it is not known where they are looked at.
fn has_known_module(job: &ScrapeConfig) -> bool {
    const BEGINNINGS: [&str; 7] = ["http_2xx", "http_post", "tcp_connect", "icmp", "dns_", "ssh_banner", "if_mib"];
    let modules = job.params.iter().filter(|(name, _)| name == "module").flat_map(|(_, values)| values);
    modules.into_iter().any(|module| BEGINNINGS.iter().any(|beginning| module.starts_with(beginning)))
}
