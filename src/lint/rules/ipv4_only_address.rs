//! A pattern for addresses that does not match IPv6 addresses.

use crate::analysis::{Needs, RelabelList, RuleFacts, Subjects};
use crate::diagnostic::{Diagnostic, Fix, Safety};
use crate::lint::fix;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short};
use crate::re2::Regex;
use crate::relabel::Action;
use crate::text::go_quote;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::REPLACE, Subjects::ADDRESS_READ.or(Subjects::META_READ)]), check);

const ADDRESS: &str = "__address__";
/// Addresses with a port, or without one.
const OTHERS: [[&str; 2]; 2] = [["10.0.0.1:8080", "web-1.example:8080"], ["10.0.0.1", "web-1.example"]];
const IPV6: [&str; 2] = ["[2001:db8::1]:8080", "[2001:db8::1]"];

/// The label of a pod's address, which has no brackets, and one such address.
const POD_IP: &str = "__meta_kubernetes_pod_ip";
const BARE_IPV6: &str = "2001:db8::1";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    sink.extend(list.rules.iter().filter_map(|rule| without_brackets(list, rule)));
    for rule in list
        .rules
        .iter()
        .filter(|rule| rule.action == Action::Replace && rule.sources().first().is_some_and(|name| name == ADDRESS))
    {
        let Some(regex) = rule.rule.field("regex") else { continue };
        let excludes_colons = rule.pattern.text().contains("[^:");
        if !excludes_colons || has_known_addresses(list) || !rule.replacement.has_references() {
            continue;
        }
        let Some(rest) = rest_of_value(list, rule) else { continue };
        let matches = |address: &str| rule.pattern.matches(&format!("{address}{rest}")) == Some(true);
        let matches_others = OTHERS.iter().any(|all| all.iter().all(|address| matches(address)));
        if !matches_others || IPV6.iter().any(|address| matches(address)) {
            continue;
        }
        let example = format!("{}{rest}", IPV6[0]);
        let message =
            format!("`{}` does not match IPv6 addresses such as {}", short(rule.pattern.text()), go_quote(&example));
        let mut finding = in_rule(list, rule, regex.value, message)
            .with_argument("pattern", rule.pattern.text())
            .with_note("an IPv6 address contains colons, and is in brackets before a port");
        if let Some(wider) = widened(rule, &rest) {
            finding = finding.with_help(format!("write `{wider}`"));
            let fix = sink.tree(list.file).and_then(|tree| fix::with_text(tree, rule.rule, regex, &wider));
            if let Some(edits) = fix {
                finding = finding.with_fix(Fix::new("also match IPv6 addresses", Safety::Unsafe, edits));
            }
        }
        sink.push(finding);
    }
}

/// A rule that appends a port to the address of a pod, without brackets for IPv6.
fn without_brackets(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<Diagnostic> {
    let is_address = rule.action == Action::Replace && rule.target().is_some_and(|target| target == ADDRESS);
    let replacement = rule.rule.field("replacement").filter(|_| is_address)?;
    let sets_brackets = |other: &RuleFacts<'_>| other.may_write(ADDRESS) && other.rule.spec.replacement.contains('[');
    if !rule.sources().iter().any(|name| name == POD_IP) || list.rules.iter().any(sets_brackets) {
        return None;
    }
    let value = |name: &String| if name == POD_IP { BARE_IPV6 } else { port_or_example(list, name) };
    let input = rule.sources().iter().map(value).collect::<Vec<_>>().join(&rule.rule.spec.separator);
    let address = rule.expanded(&rule.replacement, &input)?;
    let port = address.strip_prefix(BARE_IPV6)?.strip_prefix(':')?;
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let message = format!("an IPv6 address gets no brackets: {} becomes {}", go_quote(BARE_IPV6), go_quote(&address));
    Some(
        in_rule(list, rule, replacement.value, message)
            .with_argument("replacement", rule.replacement.text())
            .with_note("an IPv6 address contains colons, and needs brackets before a port")
            .with_help("replace the port in `__address__`, which has brackets: `regex: (.+?)(?::\\d+)?`; ignore this in a cluster without IPv6"),
    )
}

fn port_or_example<'l>(list: &'l RelabelList<'_>, name: &str) -> &'l str {
    if name.contains("port") { "9100" } else { list.example_value(name).unwrap_or("x") }
}

/// Whether the config contains all addresses, without any IPv6 address.
fn has_known_addresses(list: &RelabelList<'_>) -> bool {
    let Some(job) = list.job else { return false };
    job.has_only_static_targets()
        && job.static_configs.iter().flat_map(|group| &group.targets).all(|target| !target.value.starts_with('['))
}

/// The text after the address in the joined value, from example values.
fn rest_of_value(list: &RelabelList<'_>, rule: &RuleFacts<'_>) -> Option<String> {
    let others = rule.sources().get(1..)?;
    let known = others.iter().map(|name| port_or_example(list, name));
    Some(known.map(|value| format!("{}{value}", rule.rule.spec.separator)).collect())
}

/// The pattern with `.+?` for the host, if it matches IPv6 addresses.
fn widened(rule: &RuleFacts<'_>, rest: &str) -> Option<String> {
    let pattern = rule.pattern.text();
    let host = ["([^:]+)", "([^:;]+)"].into_iter().find(|host| pattern.starts_with(host))?;
    let wider = format!("(.+?){}", &pattern[host.len()..]);
    let regex = Regex::new(&wider).ok()?;
    let is_fit = IPV6.iter().any(|address| regex.is_match(&format!("{address}{rest}")) == Ok(true));
    is_fit.then_some(wider)
}
