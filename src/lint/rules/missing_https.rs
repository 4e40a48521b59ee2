//! Plain HTTP to a port that speaks TLS.

use super::computed_addresses::{ADDRESS, constants, port_of_url};
use super::discovery_items::ports;
use crate::analysis::{Presence, RelabelList, RuleFacts};
use crate::diagnostic::Diagnostic;
use crate::lint::outcomes::Outcome;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_file, in_job, in_rule};
use crate::relabel::Action;
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::Job(check);

/// Ports that speak TLS: HTTPS, the Kubernetes API server, the kubelet.
const PORTS: [&str; 3] = ["443", "6443", "10250"];

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.target);
    for target in facts.targets.iter().filter(|target| is_plain(target)).take(1) {
        check_target(facts, target, sink);
    }
    if !job.scheme.eq_ignore_ascii_case("http") || list.rules.iter().any(|rule| rule.may_write("__scheme__")) {
        return;
    }
    if !job.has_only_static_targets() {
        for (rule, address) in constants(list).filter(|(_, address)| has_port(address)) {
            sink.extend(in_replacement(list, rule, &address));
        }
    }
    if !list.rules.iter().any(|rule| rule.may_write(ADDRESS)) {
        check_nodes(facts, sink);
        for (port, span) in ports(facts).into_iter().filter(|(port, _)| PORTS.contains(port)) {
            let finding = in_job(job, span, format!("port {port} is scraped with plain HTTP"));
            sink.push(explained(finding.with_argument("port", port)));
        }
        sink.extend(list.rules.iter().find_map(|rule| keeps_https(list, rule)));
    }
}

/// Whether a target is scraped with plain HTTP at such a port.
fn is_plain(target: &Outcome) -> bool {
    target.is_kept()
        && target.failure.is_none()
        && target.url.starts_with("http://")
        && port_of_url(&target.url).is_some_and(|port| PORTS.contains(&port))
}

fn has_port(address: &str) -> bool {
    address.rsplit_once(':').is_some_and(|(_, port)| PORTS.contains(&port))
}

fn check_target(facts: &JobFacts<'_>, target: &Outcome, sink: &mut Sink<'_>) {
    let mut rules = constants(facts.target).filter(|(_, address)| has_port(address));
    if let Some((rule, address)) = rules.next().filter(|_| target.has_new_address) {
        sink.extend(in_replacement(facts.target, rule, &address));
    } else if !target.has_new_address {
        let port = port_of_url(&target.url).unwrap_or("");
        let message = format!("port {port} is scraped with plain HTTP");
        let finding = in_file(target.at.file, target.at.span, message).with_job(facts.job.job_name.value.as_str());
        sink.push(explained(finding.with_argument("port", port)));
    }
}

fn in_replacement(list: &RelabelList<'_>, rule: &RuleFacts<'_>, address: &str) -> Option<Diagnostic> {
    let field = rule.rule.field("replacement")?;
    let message = format!("{} is scraped with plain HTTP", go_quote(address));
    Some(explained(in_rule(list, rule, field.value, message).with_argument("address", address)))
}

/// Nodes are discovered with the port of the kubelet.
fn check_nodes(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    for sd in job.discovery.iter().filter(|sd| sd.key == "kubernetes_sd_configs") {
        if sd.roles.iter().any(|role| role == "node") {
            let finding = in_job(job, sd.span, "the kubelet of each node is scraped with plain HTTP");
            sink.push(explained(finding.with_argument("role", "node")));
        }
    }
}

/// A rule that keeps only targets whose port is named like HTTPS.
fn keeps_https(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<Diagnostic> {
    let is_name = |name: &String| name.starts_with("__meta_") && name.ends_with("_port_name");
    let index = rule.sources().iter().position(is_name).filter(|_| rule.action == Action::Keep)?;
    if list.presence_at(rule.index, &rule.sources()[index]) == Presence::Never {
        return None;
    }
    let (regex, texts) = (rule.rule.field("regex")?, rule.pattern.texts().filter(|texts| !texts.is_empty())?);
    let name_of = |text: &str| text.split(rule.rule.spec.separator.as_str()).nth(index).map(str::to_string);
    let is_https = |name: &str| name == "https" || name.starts_with("https-") || name.ends_with("-https");
    let names: Vec<String> = texts.iter().filter_map(|text| name_of(text)).collect();
    let name = names.first().filter(|_| names.len() == texts.len() && names.iter().all(|name| is_https(name)))?;
    let message = format!("the port `{name}` is scraped with plain HTTP");
    Some(explained(in_rule(list, rule, regex.value, message).with_argument("port", name.as_str())))
}

fn explained(finding: Diagnostic) -> Diagnostic {
    finding
        .with_note("the server at this port expects TLS, so every scrape fails")
        .with_help("write `scheme: https` in the job, with the `tls_config` that the server needs")
}
