//! Rules for a probing exporter in a job that scrapes plain metrics.

use crate::analysis::ProbeRules;
use crate::config::ScrapeConfig;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_rule};
use crate::yaml::Node;

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
        if is_discovered_from(job, &exporter, sink) {
            return;
        }
        let message =
            format!("every target scrapes `{exporter}{ORDINARY_PATH}`, a path at which most exporters do not probe");
        in_rule(list, probe.copy, parameter.value, message)
            .with_note("probing exporters serve their own metrics at `/metrics`, and probe at a path such as `/probe`")
            .with_help("set `metrics_path` to the path at which the exporter probes, such as `metrics_path: /probe`")
    } else {
        let message = "`__param_target` is set, but the job scrapes each target itself at `/metrics`";
        in_rule(list, probe.copy, parameter.value, message)
            .with_note("only probing exporters use the parameter `target`, at a path such as `/probe`; other exporters ignore it")
            .with_help("remove the rule if the targets are not probing exporters")
    };
    sink.push(finding.with_argument("label", "__param_target"));
}

/// Whether the exporter itself lists the targets: then it also defines the path.
fn is_discovered_from(job: &ScrapeConfig, exporter: &str, sink: &Sink<'_>) -> bool {
    let Some(tree) = sink.tree(job.file) else { return false };
    let lists = job.discovery.iter().filter(|sd| sd.key == "http_sd_configs").filter_map(|sd| {
        let section = tree.nodes_at(sd.span.start).find_map(Node::parent)?;
        section.entries().find(|(key, _)| key.full_span() == sd.span).map(|(_, list)| list.resolved())
    });
    let mut servers = lists.flat_map(Node::items).filter_map(|item| {
        let (_, url) = item.resolved().entries().find(|(key, _)| key.value() == "url")?;
        Some(host_of(url.resolved().value()))
    });
    servers.any(|server| !server.is_empty() && server.eq_ignore_ascii_case(host_of(exporter)))
}

/// The host of a URL or an address, without the port.
fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or("");
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => host,
    }
}

/// Whether the parameter `module` is a default module of the blackbox exporter or the SNMP exporter, which
/// never probe at `/metrics`. Other parameters do not show at which path an exporter uses them.
fn has_known_module(job: &ScrapeConfig) -> bool {
    const BEGINNINGS: [&str; 7] = ["http_2xx", "http_post", "tcp_connect", "icmp", "dns_", "ssh_banner", "if_mib"];
    let modules = job.params.iter().filter(|(name, _)| name == "module").flat_map(|(_, values)| values);
    modules.into_iter().any(|module| BEGINNINGS.iter().any(|beginning| module.starts_with(beginning)))
}
