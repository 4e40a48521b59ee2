//! Pods that are scraped once for each of their ports, at the same address.

use crate::analysis::{Needs, RelabelList, RuleFacts, Stage, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::text::Location;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::META_READ, Subjects::INTERNAL_TARGET]), check);

const ADDRESS: &str = "__address__";
/// Labels that differ from port to port, and from container to container.
const OF_CONTAINER: &str = "__meta_kubernetes_pod_container_";
const ANNOTATION: &str = "__meta_kubernetes_pod_annotation_";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let is_of_pods = |key: &str, role: &str| key == "kubernetes_sd_configs" && role == "pod";
    if list.stage != Stage::Target || !list.sources.roles.iter().any(|role| is_of_pods(role.key, role.role)) {
        return;
    }
    let reads = |rule: &RuleFacts<'_>, prefix: &str| rule.placed_reads().any(|(name, _)| name.starts_with(prefix));
    if list.rules.iter().any(|rule| rule.action.is_filter() && reads(rule, OF_CONTAINER)) {
        return;
    }
    let is_address = |rule: &&RuleFacts<'_>| rule.target().is_some_and(|target| target == ADDRESS);
    let mut to_annotation = list.rules.iter().filter(is_address).filter(|rule| reads(rule, ANNOTATION));
    let Some(address) = to_annotation.find(|rule| !reads(rule, OF_CONTAINER)) else { return };
    let keeps = |rule: &&RuleFacts<'_>| {
        rule.target().is_some_and(|target| !target.starts_with("__")) && reads(rule, OF_CONTAINER)
    };
    let Some(field) = address.rule.field("target_label") else { return };
    if let Some(copy) = list.rules.iter().find(keeps) {
        let message = "a pod with several ports is scraped several times at this address";
        sink.push(
            in_rule(list, address, field.value, message)
                .with_label(Location::new(list.file, copy.rule.span), "this rule makes the targets differ")
                .with_argument("target_label", ADDRESS)
                .with_note("role `pod` creates a target for each container port; the annotation gives them the same port")
                .with_help(
                    "keep only the target whose `__meta_kubernetes_pod_container_port_number` equals the annotation, with \
                     the action `keepequal`",
                ),
        );
    }
}
