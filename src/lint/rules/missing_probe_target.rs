//! A job that scrapes a probing exporter without a target parameter.

use crate::analysis::Presence;
use crate::config::{PROBE_RULES, ScrapeConfig};
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_job};

pub(super) const CHECK: Check = Check::Job(check);

const TARGET: &str = "__param_target";

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let (job, list) = (facts.job, facts.target);
    let Some(path) = job.field("metrics_path").filter(|_| is_path_of_probes(job)) else { return };
    let is_given = job.params.iter().any(|(name, values)| name == "target" && !values.is_empty());
    let may_be_given = is_given
        || list.rules.iter().any(|rule| rule.may_write(TARGET))
        || list.presence_at(0, TARGET) != Presence::Never;
    if may_be_given {
        return;
    }
    let message = format!("`{}` is scraped without the parameter `target`", job.metrics_path);
    let finding = in_job(job, path.value, message)
        .with_argument("metrics_path", &job.metrics_path)
        .with_note("without this parameter, probing exporters return an error")
        .with_help(PROBE_RULES);
    sink.push(finding);
}

/// Whether the path is that of an exporter that needs a target, and all parameters are parameters of
/// such an exporter.
fn is_path_of_probes(job: &ScrapeConfig) -> bool {
    let only_module = || job.params.iter().all(|(name, _)| matches!(name.as_str(), "module" | "auth" | "target"));
    matches!(job.metrics_path.as_str(), "/probe" | "/snmp") && only_module()
}
