//! A `labeldrop` or `labelkeep` that removes a part of the scrape URL.

use super::fields::in_words;
use super::losses::{OF_TARGETS, is_lost, kept_with, removals};
use crate::analysis::{Needs, RelabelList, Stage, Subjects};
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::{Action, Labels};
use crate::scrape::{default_labels, scrape_url};

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::SELECTION]), check);

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(job) = list.job.filter(|_| list.stage == Stage::Target) else { return };
    if removals(list).next().is_none() {
        return;
    }
    let mut labels: Labels = default_labels(job).into_iter().collect();
    labels.set("__address__", "10.0.0.1:9100");
    for rule in removals(list) {
        if OF_TARGETS.iter().any(|name| is_lost(list, rule, name)) {
            // `lost-required-label` reports that nothing is scraped.
            continue;
        }
        let is_of_request =
            |name: &str| matches!(name, "__scheme__" | "__metrics_path__") || name.starts_with("__param_");
        let names: Vec<&str> = labels.iter().map(|(name, _)| name).filter(|name| is_of_request(name)).collect();
        let lost: Vec<&str> = names.into_iter().filter(|name| is_lost(list, rule, name)).collect();
        let mut left = labels.clone();
        left.retain(|name, _| !lost.contains(&name));
        let (before, after) = (scrape_url(job, &labels), scrape_url(job, &left));
        if before == after {
            continue;
        }
        let field = rule.rule.field("regex").or_else(|| rule.rule.field("action"));
        let at = field.map_or(rule.rule.span, |field| field.value);
        let names: Vec<String> = lost.iter().map(|name| format!("`{name}`")).collect();
        let message =
            format!("the rule removes {}, so Prometheus scrapes `{after}` instead of `{before}`", in_words(&names));
        let finding = in_rule(list, rule, at, message)
            .with_argument("labels", lost.join(","))
            .with_argument("pattern", rule.pattern.text());
        sink.push(match rule.action {
            Action::LabelKeep => finding.with_help(format!(
                "write the pattern `{}` to keep the labels that Prometheus needs",
                kept_with(rule, &["job", "__.*"])
            )),
            _ => finding.with_help("write a pattern that does not match these names"),
        });
    }
}
