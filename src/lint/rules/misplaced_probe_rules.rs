//! Rules or parameters for a probing exporter in a job that scrapes plain metrics.

use crate::analysis::{Presence, ProbeRules, RelabelList};
use crate::config::ScrapeConfig;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job, in_rule};
use crate::yaml::Node;

pub(super) const CHECK: Check = Check::Job(check);

const ORDINARY_PATH: &str = "/metrics";

/// The label of the parameter with the credentials of a database.
const AUTH_LABEL: &str = "__param_auth_module";

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.target);
    let Some(probe) = ProbeRules::of(list) else {
        check_parameters(facts, sink);
        return;
    };
    let is_of_others = job.field("params").is_some() && !has_known_module(job);
    if !is_at_ordinary_path(job, list) || is_of_others {
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

/// Whether the job scrapes all its targets at the path of metrics.
fn is_at_ordinary_path(job: &ScrapeConfig, list: &RelabelList<'_>) -> bool {
    const PATH: &str = "__metrics_path__";
    let mut labels = job.static_configs.iter().flat_map(|group| &group.labels);
    job.metrics_path == ORDINARY_PATH
        && list.presence_at(0, PATH) != Presence::Unknown
        && !labels.any(|(name, _)| name.value == PATH)
        && !list.rules.iter().any(|rule| rule.may_write(PATH))
}

/// Reports a parameter that only probing exporters read, in a job without rules for one.
fn check_parameters(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.target);
    let of_job = job.field("params").filter(|_| has_known_module(job)).map(|field| (field.key, "params".to_string()));
    let labels = job.static_configs.iter().flat_map(|group| &group.labels);
    let of_label = || labels.map(|(name, _)| name).find(|name| name.value == AUTH_LABEL);
    let of_rule = || {
        let mut rules = list.rules.iter().filter(|rule| rule.target().is_some_and(|name| name == AUTH_LABEL));
        rules.find_map(|rule| rule.rule.field("target_label")).map(|field| (field.value, AUTH_LABEL.to_string()))
    };
    let found = of_job.or_else(|| of_label().map(|name| (name.span, name.value.clone()))).or_else(of_rule);
    let Some((at, written)) = found.filter(|_| is_at_ordinary_path(job, list)) else { return };
    let message = format!("`{written}` has a parameter of probes, but the job scrapes `{ORDINARY_PATH}`");
    let finding = in_job(job, at, message)
        .with_argument("field", written)
        .with_note(
            "exporters read such parameters only at the path at which they probe; at `/metrics` they ignore them",
        )
        .with_help("set `metrics_path` to the path at which the exporter probes, such as `/probe` or `/snmp`");
    sink.push(finding);
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
/// never probe at `/metrics`, or whether there is an `auth_module`, which exporters of databases read at `/probe`.
/// Other parameters do not show at which path an exporter uses them.
fn has_known_module(job: &ScrapeConfig) -> bool {
    if job.params.iter().any(|(name, values)| name == "auth_module" && !values.is_empty()) {
        return true;
    }
    const BEGINNINGS: [&str; 7] = ["http_2xx", "http_post", "tcp_connect", "icmp", "dns_", "ssh_banner", "if_mib"];
    let modules = job.params.iter().filter(|(name, _)| name == "module").flat_map(|(_, values)| values);
    modules.into_iter().any(|module| BEGINNINGS.iter().any(|beginning| module.starts_with(beginning)))
}
