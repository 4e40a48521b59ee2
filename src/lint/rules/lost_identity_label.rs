//! A `labeldrop` or `labelkeep` that removes a label that distinguishes series.

use super::constant_instance::may_have_several_targets;
use super::fields::in_words;
use super::losses::{is_lost, kept_with, removals};
use crate::analysis::{Needs, RelabelList, RuleFacts, Stage, Subjects};
use crate::config::{ScrapeConfig, Sd};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::SELECTION]), check);

/// Labels, and the consequence of their loss.
const LABELS: [(&str, &str); 4] = [
    ("le", "the buckets of a histogram become the same series"),
    ("quantile", "the quantiles of a summary become the same series"),
    ("job", "series of several jobs may become the same series"),
    ("instance", "series of several targets may become the same series"),
];

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    if !matches!(list.stage, Stage::Metric | Stage::Write) {
        return;
    }
    for rule in removals(list) {
        if list.stage == Stage::Metric && is_lost(list, rule, "__name__") {
            continue;
        }
        let lost: Vec<&(&str, &str)> = LABELS.iter().filter(|(name, _)| is_reported(list, rule, name)).collect();
        if lost.is_empty() {
            continue;
        }
        let field = rule.rule.field("regex").or_else(|| rule.rule.field("action"));
        let at = field.map_or(rule.rule.span, |field| field.value);
        let names: Vec<String> = lost.iter().map(|(name, _)| format!("`{name}`")).collect();
        let lost_names: Vec<&str> = lost.iter().map(|(name, _)| *name).collect();
        let mut finding = in_rule(list, rule, at, format!("the rule removes {} from all series", in_words(&names)));
        finding = finding.with_argument("labels", lost_names.join(",")).with_argument("pattern", rule.pattern.text());
        for (name, consequence) in &lost {
            finding = finding.with_note(format!("without `{name}`, {consequence}"));
        }
        sink.push(match rule.action {
            Action::LabelKeep => {
                finding.with_help(format!("write the pattern `{}` to keep them", kept_with(rule, &lost_names)))
            }
            _ => finding.with_help(
                "write a narrower pattern, or drop whole series with `action: drop` and `source_labels: [__name__]`",
            ),
        });
    }
}

/// A labeldrop may well remove `job` and `instance` from the samples of a single target, and one that
/// names them is intended, unless the targets differ only in `instance`.
fn is_reported(list: &RelabelList<'_>, rule: &RuleFacts<'_>, name: &str) -> bool {
    if !is_lost(list, rule, name) {
        return false;
    }
    let is_of_series = matches!(name, "le" | "quantile");
    let is_named = rule.pattern.texts().is_some_and(|all| all.iter().any(|text| **text == *name));
    let tells_apart = name == "instance" && list.stage == Stage::Metric && list.job.is_some_and(has_like_targets);
    is_of_series || rule.action == Action::LabelKeep || !is_named || tells_apart
}

/// Whether the job has several targets that differ in nothing but `instance`, as far as the config says.
fn has_like_targets(job: &ScrapeConfig) -> bool {
    let sets_labels = job.relabel_configs.iter().any(|rule| {
        let target = rule.spec.target_label.as_str();
        rule.spec.action == Some(Action::LabelMap)
            || target.contains('$')
            || !(target.is_empty() || target.starts_with("__") || target == "instance")
    });
    let has_labels = job.static_configs.iter().any(|group| !group.labels.is_empty());
    // The labels in target files and from servers are not known.
    let is_open = |sd: &Sd| sd.mechanism().is_some_and(|mechanism| mechanism.has_open_labels);
    !sets_labels && !has_labels && may_have_several_targets(job) && !job.discovery.iter().any(is_open)
}
