//! `up` and `scrape_…` in the rules for samples, to which they never come.

use crate::analysis::{RelabelList, RuleFacts, Stage};
use crate::config::ScrapeConfig;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(check);

const NAME: &str = "__name__";

/// What the names that Prometheus writes for each scrape begin with, besides `up`; no exporter may use it.
const REPORT: &str = "scrape_";

/// What the names of the series of alerts begin with, which rules make.
const ALERTS: &str = "ALERTS";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(job) = list.job.filter(|job| list.stage == Stage::Metric && !is_federation(job)) else { return };
    for rule in &list.rules {
        let is_read = rule.sources().first().is_some_and(|first| first == NAME);
        let Some(regex) = rule.rule.field("regex").filter(|_| is_read) else { continue };
        if list.may_be_written_before(rule.index, NAME) || !is_about_reports(rule) {
            continue;
        }
        let pattern = rule.pattern.text();
        let message = match rule.action {
            Action::Keep => format!("no sample is named `{pattern}`, so that the rule drops them all"),
            _ => format!("no sample is named `{pattern}`, so that the rule does nothing"),
        };
        let finding = in_rule(list, rule, regex.value, message);
        let finding = finding.with_note(if rule.pattern.prefix().starts_with(ALERTS) {
            "the series of alerts are made by alerting rules, not scraped"
        } else {
            "`up` and `scrape_…` are made by Prometheus after each scrape; `metric_relabel_configs` do not see them"
        });
        sink.push(finding.with_help(format!(
            "remove the rule of job `{}`; `write_relabel_configs` can keep such series from being written elsewhere",
            job.job_name.value
        )));
    }
}

/// Whether all that the pattern matches is written by Prometheus itself.
fn is_about_reports(rule: &RuleFacts<'_>) -> bool {
    let separator = &*rule.rule.spec.separator;
    let is_single = rule.sources().len() == 1;
    let name = |text: &str| -> String {
        let end = if is_single || separator.is_empty() { None } else { text.find(separator) };
        end.and_then(|end| text.get(..end)).unwrap_or(text).to_string()
    };
    let is_report = |name: &str| name == "up" || name.starts_with(REPORT) || name.starts_with(ALERTS);
    match rule.pattern.texts() {
        Some(texts) => !texts.is_empty() && texts.iter().all(|text| is_report(&name(text))),
        None => {
            let prefix = rule.pattern.prefix();
            let is_whole_name = !is_single && !separator.is_empty() && prefix.contains(separator);
            prefix.starts_with(REPORT) || prefix.starts_with(ALERTS) || (is_whole_name && is_report(&name(prefix)))
        }
    }
}

/// Whether another Prometheus is scraped, which gives such series away.
fn is_federation(job: &ScrapeConfig) -> bool {
    let is_path = |path: &str| path.contains("federate");
    let mut labels = job.static_configs.iter().flat_map(|group| &group.labels);
    is_path(&job.metrics_path)
        || labels.any(|(_, value)| is_path(&value.value))
        || job.relabel_configs.iter().any(|rule| is_path(&rule.spec.replacement))
}
