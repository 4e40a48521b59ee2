//! A rule for the port of pods that ignores pods without declared ports.

use super::computed_addresses::ADDRESS;
use crate::analysis::{Needs, RelabelList, RuleFacts, Stage, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, short};
use crate::relabel::Action;

pub(super) const CHECK: Check =
    Check::List(Needs::one_rule(&[Subjects::REPLACE, Subjects::ADDRESS_READ, Subjects::INTERNAL_TARGET]), check);

const POD: &str = "10.0.0.1";
const POD_WITH_PORT: &str = "10.0.0.1:8080";
const OF_PORT: &str = "__meta_kubernetes_pod_container_port_";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let is_pod = |key: &str, role: &str| key == "kubernetes_sd_configs" && role == "pod";
    let has_pods = list.sources.roles.iter().any(|role| is_pod(role.key, role.role));
    if list.stage != Stage::Target || !has_pods || list.rules.iter().any(needs_port) {
        return;
    }
    for rule in &list.rules {
        let writes_address = rule.action == Action::Replace && rule.target().is_some_and(|target| target == ADDRESS);
        let Some(regex) = rule.rule.field("regex").filter(|_| writes_address) else { continue };
        if rule.sources().first().is_none_or(|name| name != ADDRESS) || list.may_be_written_before(rule.index, ADDRESS)
        {
            continue;
        }
        let matches = |address: &str| rule.pattern.matches(&joined(list, rule, address)) == Some(true);
        if !matches(POD_WITH_PORT) || matches(POD) {
            continue;
        }
        let message =
            format!("`{}` does not match the address of a pod without a declared port", short(rule.pattern.text()));
        sink.push(
            in_rule(list, rule, regex.value, message)
                .with_argument("pattern", rule.pattern.text())
                .with_note("such a pod has an address without a port, which Prometheus scrapes on port 80")
                .with_help("make the port optional: `(.+?)(?::\\d+)?` in place of the address"),
        );
    }
}

/// Whether a filter lets no pod without a port through.
fn needs_port(rule: &RuleFacts<'_>) -> bool {
    let is_filter = rule.action.is_filter();
    let reads_port = rule.sources().iter().any(|name| name.starts_with(OF_PORT));
    let needs_address = || rule.sources() == [ADDRESS] && rule.pattern.matches(POD) != Some(true);
    is_filter && (reads_port || (rule.action == Action::Keep && needs_address()))
}

/// The joined source labels of a pod with that address.
fn joined(list: &RelabelList<'_>, rule: &RuleFacts<'_>, address: &str) -> String {
    let value = |name: &String| match name.as_str() {
        ADDRESS => address.to_string(),
        name if name.ends_with("port") || name.ends_with("port_number") => "9100".to_string(),
        name => list.example_value(name).unwrap_or("x").to_string(),
    };
    rule.sources().iter().map(value).collect::<Vec<_>>().join(&rule.rule.spec.separator)
}
