//! `up` and `scrape_…` in metric rules, which never see these series.

use crate::analysis::{Needs, RelabelList, RuleFacts, Stage, Subjects};
use crate::config::ScrapeConfig;
use crate::lint::rule::Check;
use crate::lint::sink::{Sink, in_rule};
use crate::relabel::Action;

pub(super) const CHECK: Check = Check::List(Needs::one_rule(&[Subjects::NAME_READ, Subjects::REGEX_GIVEN]), check);

const NAME: &str = "__name__";

/// The prefix of the series that Prometheus writes for each scrape, besides `up`; reserved for Prometheus.
const REPORT: &str = "scrape_";

/// The prefix of the series that alerting rules write.
const ALERTS: &str = "ALERTS";

fn check(list: &RelabelList<'_>, sink: &mut Sink<'_>) {
    let Some(job) = list.job.filter(|_| list.stage == Stage::Metric) else { return };
    for rule in &list.rules {
        let is_read = rule.sources().first().is_some_and(|first| first == NAME);
        let Some(regex) = rule.rule.field("regex").filter(|_| is_read) else { continue };
        if list.may_be_written_before(rule.index, NAME) || !is_about_reports(rule) {
            continue;
        }
        if is_federation(job) {
            return;
        }
        let pattern = rule.pattern.text();
        let message = match rule.action {
            Action::Keep => format!("no sample has a name that matches `{pattern}`, so the rule drops every sample"),
            _ => format!("no sample has a name that matches `{pattern}`, so the rule has no effect"),
        };
        let finding = in_rule(list, rule, regex.value, message);
        let finding = finding.with_argument("regex", pattern).with_note(if rule.pattern.prefix().starts_with(ALERTS) {
            "alerting rules write these series; no scrape contains them"
        } else {
            "Prometheus writes `up` and `scrape_…` itself after each scrape; `metric_relabel_configs` do not see them"
        });
        sink.push(finding.with_help(format!(
            "remove the rule of job `{}`; to drop such series from remote writes, use `write_relabel_configs`",
            job.job_name.value
        )));
    }
}

/// Whether Prometheus itself writes all series that the pattern matches.
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

/// Whether the job scrapes another Prometheus, which serves such series.
fn is_federation(job: &ScrapeConfig) -> bool {
    let is_path = |path: &str| path.contains("federate");
    let mut labels = job.static_configs.iter().flat_map(|group| &group.labels);
    is_path(&job.metrics_path)
        || labels.any(|(_, value)| is_path(&value.value))
        || job.relabel_configs.iter().any(|rule| is_path(&rule.spec.replacement))
}
