//! A `labeldrop` with a pattern for metric names.

use crate::analysis::{RelabelList, RuleFacts};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::List(check);

/// Prefixes of common metric names, with which no label names begin.
const METRICS: [&str; 18] = [
    "apiserver_",
    "container_cpu",
    "container_fs",
    "container_memory",
    "container_network",
    "etcd_",
    "go_",
    "jvm_",
    "kube_node_",
    "kube_pod_",
    "node_cpu",
    "node_disk",
    "node_filesystem",
    "node_memory",
    "node_network",
    "process_",
    "promhttp_",
    "python_gc",
];

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action == Action::LabelDrop) {
        let Some(field) = rule.rule.field("regex") else { continue };
        if !names_metrics(rule) {
            continue;
        }
        let pattern = rule.pattern.text();
        let message = format!("`labeldrop` removes labels, but `{pattern}` is a pattern for metric names");
        let help = format!(
            "to drop series by name, write `{{source_labels: [__name__], regex: {}, action: drop}}`",
            go_quote(pattern)
        );
        let place = if list.stage.is_of_targets() { " in `metric_relabel_configs`" } else { "" };
        sink.push(
            in_rule(list, rule, field.value, message)
                .with_argument("pattern", pattern)
                .with_help(format!("{help}{place}")),
        );
    }
}

fn names_metrics(rule: &RuleFacts<'_>) -> bool {
    let is_metric = |text: &str| METRICS.iter().any(|known| text.starts_with(known));
    match rule.pattern.texts() {
        Some(texts) => !texts.is_empty() && texts.iter().all(|text| is_metric(text)),
        None => is_metric(rule.pattern.prefix()),
    }
}
