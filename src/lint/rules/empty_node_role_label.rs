//! The label for the role of a node, which has an empty value.

use crate::analysis::{Needs, Presence, RelabelList, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::META_READ]), check);

const LABEL: &str = "__meta_kubernetes_node_label_";
const PRESENT: &str = "__meta_kubernetes_node_labelpresent_";
const NODE_ROLE: &str = "node_role_kubernetes_io_";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !list.stage.is_of_targets() {
        return;
    }
    for rule in &list.rules {
        for (name, span) in rule.placed_reads() {
            let Some(role) = name.strip_prefix(LABEL).filter(|rest| rest.starts_with(NODE_ROLE)) else { continue };
            if list.presence_at(rule.index, name) == Presence::Never {
                continue;
            }
            let finding = in_rule(list, rule, span, format!("`{name}` usually has an empty value"))
                .with_argument("label", name)
                .with_note(
                    "Kubernetes sets the label `node-role.kubernetes.io/…` without a value, and Prometheus treats an empty label as missing",
                )
                .with_help(format!("read `{PRESENT}{role}`, which is `true` if the node has the label"));
            sink.push(finding);
        }
    }
}
