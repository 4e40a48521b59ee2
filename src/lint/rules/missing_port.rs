//! A target without a port.

use super::computed_addresses::{constants, last_writers};
use crate::analysis::{ProbeRules, RuleFacts};
use crate::lint::outcomes::Outcome;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job, in_rule};
use crate::scrape::lacks_port;
use crate::text::{Placeholder, go_quote};

pub(super) const CHECK: Check = Check::Job(check);

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let job = facts.job;
    check_rules(facts, sink);
    if ProbeRules::of(facts.target).is_some() {
        return;
    }
    let targets = || job.static_configs.iter().flat_map(|group| &group.targets);
    let is_without = |outcome: &&Outcome| {
        outcome.at.file == job.file
            && host_without_port(&outcome.url).is_some_and(|host| {
                is_of_a_machine(host) && targets().any(|target| target.span == outcome.at.span && target.value == host)
            })
    };
    let mut without =
        facts.targets.iter().filter(|target| target.is_kept() && target.failure.is_none()).filter(is_without);
    let Some(first) = without.next() else { return };
    let host = host_without_port(&first.url).unwrap_or("");
    let others = match without.count() {
        0 => String::new(),
        1 => ", as is one more target".to_string(),
        count => format!(", as are {count} more targets"),
    };
    let finding = in_job(job, first.at.span, format!("`{host}` is scraped on port 80{others}"))
        .with_argument("target", host)
        .with_note("without a port, the default port of the scheme applies; exporters listen on other ports")
        .with_help(format!("add the port of the exporter: `{host}:<port>`"));
    sink.push(finding);
}

/// Constant addresses that rules write.
fn check_rules(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.target);
    let is_http = job.scheme.eq_ignore_ascii_case("http");
    if !is_http || list.rules.iter().any(|rule| rule.may_write("__scheme__")) {
        return;
    }
    for (rule, label) in last_writers(list).filter_map(|rule| Some((rule, copied_host(rule)?))) {
        let span = rule.rule.field("source_labels").map_or(rule.rule.span, |field| field.value);
        sink.push(
            in_rule(list, rule, span, format!("`{label}` has no port, so targets are scraped on port 80"))
                .with_argument("label", label)
                .with_note("without a port, the default port of the scheme applies; exporters listen on other ports")
                .with_help("add the port of the exporter: `replacement: $1:<port>`"),
        );
    }
    for (rule, address) in constants(list) {
        let is_host = lacks_port(&address) && !address.contains('/') && Placeholder::find(&address).is_none();
        let Some(replacement) = rule.rule.field("replacement").filter(|_| is_host) else { continue };
        let message = format!("{} is scraped on port 80", go_quote(&address));
        sink.push(
            in_rule(list, rule, replacement.value, message)
                .with_argument("address", address.as_str())
                .with_note("without a port, the default port of the scheme applies; exporters listen on other ports")
                .with_help(format!("add the port of the exporter: `{address}:<port>`")),
        );
    }
}

/// The label of a host without a port that a rule copies to the address.
fn copied_host<'r>(rule: &'r RuleFacts<'_>) -> Option<&'r str> {
    const HOSTS: [&str; 2] = ["__meta_consul_address", "__meta_consul_service_address"];
    const ENDS: [&str; 3] = ["_ip", "_dns_name", "_hostname"];
    // Values that users choose may have a port.
    const CHOSEN: [&str; 5] = ["_annotation_", "_label_", "_tag_", "_metadata_", "_labels_"];
    let [label] = rule.sources() else { return None };
    let is_host = HOSTS.contains(&label.as_str())
        || label.starts_with("__meta_")
            && ENDS.iter().any(|end| label.ends_with(end))
            && !CHOSEN.iter().any(|part| label.contains(part));
    let is_copied = |host: &str| rule.expanded(&rule.replacement, host).as_deref() == Some(host);
    (is_host && is_copied("10.0.0.1") && is_copied("web-1.example")).then_some(label.as_str())
}

/// The host of a URL with the scheme `http`, if it has no port.
fn host_without_port(url: &str) -> Option<&str> {
    let host = url.strip_prefix("http://")?.split(['/', '?']).next()?;
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'));
    (!host.is_empty() && !has_port).then_some(host)
}

/// Whether a host looks like a machine or a container, and not like a website, which may use port 80.
fn is_of_a_machine(host: &str) -> bool {
    let is_address = host.starts_with('[') || host.split('.').all(|part| part.parse::<u8>().is_ok());
    is_address || !host.contains('.') || [".internal", ".local", ".lan"].iter().any(|end| host.ends_with(end))
}
