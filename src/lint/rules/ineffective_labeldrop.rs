//! A `labeldrop` with a pattern for metric names, or for labels that no target has.

use crate::analysis::{RelabelList, RuleFacts, Stage};
use crate::config::WrittenField;
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, subject};
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

/// Labels that a pattern for names with two underscores matches.
const OF_OTHERS: [&str; 7] =
    ["__address__", "__scheme__", "__metrics_path__", "__meta_x", "__tmp_x", "__param_x", "__name__"];

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    for rule in list.rules.iter().filter(|rule| rule.action == Action::LabelDrop) {
        let Some(field) = rule.rule.field("regex") else { continue };
        if !names_metrics(rule) {
            sink.extend(without_labels(list, rule, field));
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

/// A finding if no target has a label whose name the pattern matches. Other rules report meta labels and the like.
fn without_labels(list: &RelabelList<'_>, rule: &RuleFacts<'_>, field: &WrittenField) -> Option<Diagnostic> {
    let pattern = &rule.pattern;
    let is_other = match pattern.texts() {
        Some(texts) => texts.iter().any(|text| text.starts_with("__") || text.is_empty()),
        None => OF_OTHERS.iter().any(|name| pattern.matches(name) != Some(false)),
    };
    if !list.stage.is_of_targets() || is_other || pattern.matches_nothing() || list.sources.may_match(pattern) {
        return None;
    }
    let may_match = |name: &str| pattern.matches(name) != Some(false);
    let is_of_prometheus = list.stage == Stage::Target && may_match("job");
    let may_set = |other: &RuleFacts<'_>| match (other.action, other.target()) {
        (_, Some(name)) => may_match(&name),
        (Action::LabelMap | Action::Replace, None) => true,
        _ => false,
    };
    if is_of_prometheus || list.before(rule.index).any(may_set) {
        return None;
    }
    let text = pattern.text();
    let things = subject(list.stage);
    let message = format!("the rule has no effect: no {things} has a label that matches `{text}`");
    let finding = in_rule(list, rule, field.value, message).with_argument("pattern", text);
    Some(if list.stage == Stage::Target && may_match("instance") {
        finding
            .with_note("Prometheus sets `instance` after `relabel_configs`")
            .with_help("remove the rule: every target gets an `instance`")
    } else {
        finding
            .with_note("targets have only labels of service discovery and of earlier rules; labels of metrics exist only after the scrape")
            .with_help("move the rule to `metric_relabel_configs` if it is for labels of metrics, or remove it")
    })
}

fn names_metrics(rule: &RuleFacts<'_>) -> bool {
    let is_metric = |text: &str| METRICS.iter().any(|known| text.starts_with(known));
    match rule.pattern.texts() {
        Some(texts) => !texts.is_empty() && texts.iter().all(|text| is_metric(text)),
        None => is_metric(rule.pattern.prefix()),
    }
}
