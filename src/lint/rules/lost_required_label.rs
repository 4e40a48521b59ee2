//! A `labeldrop` or `labelkeep` that removes a label that Prometheus requires.

use super::fields::in_words;
use super::losses::{OF_TARGETS, is_lost, kept_with, removals};
use crate::analysis::{Needs, RelabelList, RuleFacts, Stage, Subjects};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::{Action, Labels};
use crate::scrape::{check_target, default_labels};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::SELECTION]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let required = match list.stage {
        Stage::Target => &OF_TARGETS[..],
        Stage::Alertmanager => &OF_TARGETS[..1],
        Stage::Metric => &["__name__"],
        _ => return,
    };
    let found = removals(list).find_map(|rule| {
        let lost: Vec<&str> = required.iter().copied().filter(|name| is_lost(list, rule, name)).collect();
        (!lost.is_empty()).then_some((rule, lost))
    });
    if let Some((rule, lost)) = found {
        sink.push(finding(list, rule, &lost));
    }
}

fn finding(list: &RelabelList<'_>, rule: &RuleFacts<'_>, lost: &[&str]) -> Diagnostic {
    let at = rule.rule.field("regex").or_else(|| rule.rule.field("action")).map_or(rule.rule.span, |field| field.value);
    let names: Vec<String> = lost.iter().map(|name| format!("`{name}`")).collect();
    let names = if rule.action == Action::LabelDrop && rule.pattern.matches_everything() {
        "every label".to_string()
    } else {
        in_words(&names)
    };
    let consequence = match list.stage {
        Stage::Metric => "Prometheus stores no sample",
        _ => "Prometheus refuses every target",
    };
    let finding = in_rule(list, rule, at, format!("the rule removes {names}, so {consequence}"))
        .with_argument("labels", lost.join(","));
    let finding = match refusal(list, lost) {
        Some(words) => finding.with_note(format!("Prometheus logs `{words}`")),
        None => finding,
    };
    let finding = match list.stage {
        Stage::Metric => finding.with_note(
            "the whole scrape fails if a sample has labels but no name; Prometheus drops a sample without labels",
        ),
        _ => finding,
    };
    match (rule.action, list.stage) {
        (Action::LabelKeep, Stage::Metric) => {
            let all = kept_with(rule, &["__name__", "job", "instance", "le", "quantile"]);
            finding.with_help(format!("write the pattern `{all}` to keep the labels that identify series"))
        }
        (Action::LabelKeep, _) => finding.with_help(format!(
            "write the pattern `{}` to keep the labels that Prometheus needs",
            kept_with(rule, &["job", "__.*"])
        )),
        _ if rule.rule.spec.regex.is_none() => finding.with_help("write a `regex` that matches the labels to remove"),
        _ => finding.with_help("write a pattern that does not match these names"),
    }
}

/// Prometheus's message for a target without these labels.
fn refusal(list: &RelabelList<'_>, lost: &[&str]) -> Option<String> {
    let job = list.job.filter(|_| list.stage == Stage::Target)?;
    let mut labels: Labels = default_labels(job).into_iter().collect();
    labels.set("__address__", "10.0.0.1:9100");
    labels.retain(|name, _| !lost.contains(&name));
    check_target(job, labels).err().map(|fault| fault.to_string())
}
