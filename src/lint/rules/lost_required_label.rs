//! A label is taken away without which Prometheus takes no target and no sample.

use super::fields::in_words;
use super::losses::{OF_TARGETS, is_lost, kept_with, removals};
use crate::analysis::{RelabelList, RuleFacts, Stage};
use crate::diagnostic::Diagnostic;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::{Action, Labels};
use crate::scrape::{check_target, default_labels};

pub(super) const CHECK: Check = Check::List(check);

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
        Stage::Metric => "no sample is stored",
        _ => "every target is refused",
    };
    let finding = in_rule(list, rule, at, format!("takes {names} away, so that {consequence}"));
    let finding = match refusal(list, lost) {
        Some(words) => finding.with_note(format!("Prometheus says `{words}`")),
        None => finding,
    };
    let finding = match list.stage {
        Stage::Metric => {
            finding.with_note("a sample without a name makes the whole scrape fail; one without labels is dropped")
        }
        _ => finding,
    };
    match (rule.action, list.stage) {
        (Action::LabelKeep, Stage::Metric) => {
            let all = kept_with(rule, &["__name__", "job", "instance", "le", "quantile"]);
            finding.with_help(format!("keep what makes a series, too: `{all}`"))
        }
        (Action::LabelKeep, _) => {
            finding.with_help(format!("keep what Prometheus needs, too: `{}`", kept_with(rule, &["job", "__.*"])))
        }
        _ if rule.rule.spec.regex.is_none() => finding.with_help("say in `regex` which labels are to be removed"),
        _ => finding.with_help("narrow the pattern, so that these names do not match"),
    }
}

/// What Prometheus says of a target without these labels.
fn refusal(list: &RelabelList<'_>, lost: &[&str]) -> Option<String> {
    let job = list.job.filter(|_| list.stage == Stage::Target)?;
    let mut labels: Labels = default_labels(job).into_iter().collect();
    labels.set("__address__", "10.0.0.1:9100");
    labels.retain(|name, _| !lost.contains(&name));
    check_target(job, labels).err().map(|fault| fault.to_string())
}
