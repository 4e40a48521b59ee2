//! A `labeldrop` with a pattern for metric names, and one or a `labelkeep` with names of labels that no target has.

use crate::analysis::{Needs, PatternFacts, Presence, RelabelList, RuleFacts, Stage, Subjects};
use crate::config::WrittenField;
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule, subject};
use crate::re2::TokenKind;
use crate::relabel::Action;
use crate::text::go_quote;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::SELECTION]), check);

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
    check_kept(list, sink);
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
    if may_be_set(list, rule, &may_match) {
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

/// Whether Prometheus or an earlier rule may set a label with a name that matches.
fn may_be_set(list: &RelabelList<'_>, rule: &RuleFacts<'_>, may_match: &dyn Fn(&str) -> bool) -> bool {
    if let Some(names) = rule.pattern.texts() {
        return names.iter().any(|name| may_be_set_as(list, rule.index, name));
    }
    let may_set = |other: &RuleFacts<'_>| match (other.action, other.target()) {
        (_, Some(name)) => may_match(&name),
        (Action::LabelMap | Action::Replace, None) => true,
        _ => false,
    };
    (list.stage == Stage::Target && may_match("job")) || list.before(rule.index).any(may_set)
}

/// Whether Prometheus or an earlier rule may set a label with this name.
fn may_be_set_as(list: &RelabelList<'_>, index: usize, name: &str) -> bool {
    (list.stage == Stage::Target && name == "job")
        || list.may_set_any_name_before(index)
        || list.about(name).is_target_in(0..index)
}

/// Reports names in a `labelkeep` that no target has.
fn check_kept(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !list.stage.is_of_targets() {
        return;
    }
    for rule in list.rules.iter().filter(|rule| rule.action == Action::LabelKeep) {
        let Some(field) = rule.rule.field("regex") else { continue };
        let is_absent = |name: &&str| {
            *name != "instance"
                && list.sources.presence(name) == Presence::Never
                && !may_be_set_as(list, rule.index, name)
        };
        let absent: Vec<&str> = names(&rule.pattern).into_iter().filter(is_absent).collect();
        if absent.is_empty() {
            continue;
        }
        let quoted: Vec<String> = absent.iter().map(|name| format!("`{name}`")).collect();
        let message =
            format!("no {} has a label {}, which the pattern keeps", subject(list.stage), quoted.join(" or "));
        sink.push(
            in_rule(list, rule, field.value, message)
                .with_argument("pattern", rule.pattern.text())
                .with_note("targets have only labels of service discovery and of earlier rules; labels of metrics exist only after the scrape")
                .with_help("correct the name, or remove it from the pattern"),
        );
    }
}

/// The alternatives of a pattern that are ordinary names of labels.
fn names(pattern: &PatternFacts) -> Vec<&str> {
    let is_name = |text: &&str| {
        !text.starts_with("__")
            && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let (text, mut depth, mut start) = (pattern.text(), 0_usize, 0);
    let mut parts = Vec::new();
    for token in pattern.tokens() {
        match token.kind {
            TokenKind::Open { .. } => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Alternate if depth == 0 => {
                parts.extend(text.get(start..token.span.start as usize));
                start = token.span.end as usize;
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts.into_iter().filter(is_name).collect()
}

fn names_metrics(rule: &RuleFacts<'_>) -> bool {
    let is_metric = |text: &str| METRICS.iter().any(|known| text.starts_with(known));
    match rule.pattern.texts() {
        Some(texts) => !texts.is_empty() && texts.iter().all(|text| is_metric(text)),
        None => is_metric(rule.pattern.prefix()),
    }
}
