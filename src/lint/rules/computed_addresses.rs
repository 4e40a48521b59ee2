//! Shared by the rules about addresses: the addresses that relabel rules compute.

use crate::analysis::{RelabelList, RuleFacts};
use crate::re2::TemplatePiece;
use crate::relabel::Action;

pub(super) const ADDRESS: &str = "__address__";

/// The rules that write the address, and after which no rule writes it.
pub(super) fn last_writers<'l, 'c>(list: &'l RelabelList<'c>) -> impl Iterator<Item = &'l RuleFacts<'c>> {
    let is_writer =
        |rule: &&RuleFacts<'_>| rule.action == Action::Replace && rule.target().is_some_and(|target| target == ADDRESS);
    let is_last = |rule: &&RuleFacts<'_>| !list.may_be_written_behind(rule.index, ADDRESS);
    list.rules.iter().filter(is_writer).filter(is_last)
}

/// The constant addresses that rules write, and that no rule replaces.
pub(super) fn constants<'l, 'c>(list: &'l RelabelList<'c>) -> impl Iterator<Item = (&'l RuleFacts<'c>, String)> {
    last_writers(list).filter_map(|rule| Some((rule, rule.constant().filter(|address| !address.is_empty())?)))
}

/// The port of a URL, if it has one.
pub(super) fn port_of_url(url: &str) -> Option<&str> {
    let rest = match url.strip_prefix("http://") {
        Some(rest) => rest,
        None => url.split_once("://")?.1,
    };
    let host = rest.split(['/', '?']).next()?;
    host.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.is_empty() && !port.contains(']'))
}

/// Addresses of every kind that a rule may compute: its template with several texts for the groups; one
/// address if it has no groups. They prove a fault if all have it.
pub(super) fn possible(rule: &RuleFacts<'_>) -> Vec<String> {
    const VALUES: [&str; 11] = [
        "web-1.example",
        "10.0.0.1",
        "",
        "h",
        "fd00::1",
        "[fd00::1]",
        "9100",
        "h:9100",
        "10.0.0.1:9100",
        ":9100",
        "[fd00::1]:9100",
    ];
    if let Some(constant) = rule.constant() {
        return vec![constant];
    }
    let groups = rule.replacement.references().len();
    let expanded = |values: [&str; 2]| {
        let mut next = 0;
        let piece = |piece: TemplatePiece<'_>| match piece {
            TemplatePiece::Text(text) => text.to_string(),
            TemplatePiece::Group(_) => {
                next += 1;
                values[(next - 1) % 2].to_string()
            }
        };
        rule.replacement.pieces().map(piece).collect::<String>()
    };
    let others = if groups > 1 { &VALUES[..] } else { &VALUES[..1] };
    VALUES.iter().flat_map(|one| others.iter().map(|other| expanded([one, other])).collect::<Vec<_>>()).collect()
}

/// The address that a rule makes of ports alone, if all its source labels contain ports.
pub(super) fn of_ports_alone(rule: &RuleFacts<'_>) -> Option<String> {
    const PORT: &str = "9100";
    let is_port = |name: &String| name.ends_with("_port") || name.ends_with("_port_number");
    if rule.sources().is_empty() || !rule.sources().iter().all(is_port) {
        return None;
    }
    let input = vec![PORT; rule.sources().len()].join(&rule.rule.spec.separator);
    rule.expanded(&rule.replacement, &input).filter(|address| !address.is_empty())
}

/// The address that a rule makes of an address that already has a port, if each discovered address has one.
pub(super) fn of_address_with_port(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<String> {
    const ADDRESSES: [&str; 2] = ["10.0.0.1:8080", "web-1.example:8080"];
    let has_port = |key: &str, role: &str| match key {
        "kubernetes_sd_configs" => matches!(role, "node" | "service" | "endpoints"),
        "ec2_sd_configs" | "gce_sd_configs" | "azure_sd_configs" | "consul_sd_configs" | "nomad_sd_configs" => true,
        _ => false,
    };
    let is_known = !list.sources.roles.is_empty() && list.sources.is_known() && list.sources.groups().is_empty();
    let is_first = rule.sources() == [ADDRESS] && !list.may_be_written_before(rule.index, ADDRESS);
    if !is_first || !is_known || !list.sources.roles.iter().all(|role| has_port(role.key, role.role)) {
        return None;
    }
    let made = ADDRESSES.map(|address| rule.expanded(&rule.replacement, address));
    let [Some(first), Some(_)] = made else { return None };
    Some(first)
}

/// The address that a rule makes of several labels as they are joined.
pub(super) fn of_joined_labels(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<String> {
    let is_copy = matches!(rule.replacement.text(), "$1" | "${1}" | "$0" | "${0}") && rule.pattern.matches_everything();
    if rule.sources().len() < 2 || !is_copy || !rule.rule.spec.separator.contains([';', ',', ' ', '|']) {
        return None;
    }
    let value = |name: &String| match name.as_str() {
        name if name.ends_with("port") || name.ends_with("_port_number") => "9100",
        name => list.example_value(name).unwrap_or("x"),
    };
    Some(rule.sources().iter().map(value).collect::<Vec<_>>().join(&rule.rule.spec.separator))
}
