//! Rules for a probing exporter, without one that is necessary.

use rustc_hash::FxHashMap;

use crate::analysis::{Presence, ProbeRules};
use crate::config::ScrapeConfig;
use crate::lint::outcomes::Outcome;
use crate::lint::rule::{Check, JobFacts};
use crate::lint::sink::{Sink, in_rule};

pub(super) const CHECK: Check = Check::Job(check);

/// Not a path of probes: another rule reports it.
const ORDINARY_PATH: &str = "/metrics";

fn check(facts: &JobFacts<'_>, sink: &mut Sink<'_>) {
    let list = facts.target;
    let Some(probe) = ProbeRules::of(list).filter(|_| facts.job.metrics_path != ORDINARY_PATH) else { return };
    let Some(parameter) = probe.copy.rule.field("target_label") else { return };
    if !probe.may_replace_address() {
        let path = &facts.job.metrics_path;
        let message = format!(
            "no rule sets `__address__` to the exporter, so Prometheus requests `{path}` from every target itself"
        );
        let finding = in_rule(list, probe.copy, parameter.value, message)
            .with_argument("label", "__address__")
            .with_note("the parameter names the target, and `__address__` must be the address of the exporter")
            .with_help("add a rule after this one: `{target_label: __address__, replacement: <exporter>:<port>}`");
        sink.push(finding);
        return;
    }
    let Some((rule, exporter)) = probe.exporter() else { return };
    let has_instance = list.rules.iter().any(|rule| rule.may_write("instance"))
        || list.presence_at(0, "instance") != Presence::Never
        || probe.may_tell_targets_apart();
    if has_instance {
        return;
    }
    let Some(replacement) = rule.rule.field("replacement") else { return };
    let message = if may_be_mixed_up(facts.job, facts.targets) {
        format!("`instance` becomes `{exporter}` for every target, so their series are the same")
    } else if is_only_target(facts.job, facts.targets) {
        format!("`instance` becomes `{exporter}`, so no series shows the probed target")
    } else {
        return;
    };
    let finding = in_rule(list, rule, replacement.value, message)
        .with_argument("label", "instance")
        .with_note("if no rule sets `instance`, Prometheus sets it to `__address__`")
        .with_help("add a rule before this one: `{source_labels: [__param_target], target_label: instance}`");
    sink.push(finding);
}

/// Whether the job has a single target, with no label that shows it.
fn is_only_target(job: &ScrapeConfig, targets: &[Outcome]) -> bool {
    let mut labels = job.static_configs.iter().flat_map(|group| &group.labels);
    job.has_only_static_targets()
        && targets.iter().filter(|target| target.is_kept()).count() == 1
        && labels.all(|(name, _)| name.value.starts_with("__"))
}

/// Whether the job may have two targets that differ only in `instance`.
fn may_be_mixed_up(job: &ScrapeConfig, targets: &[Outcome]) -> bool {
    if !job.has_only_static_targets() {
        return true;
    }
    let mut first_urls: FxHashMap<u64, &str> = FxHashMap::default();
    let mut kept = targets.iter().filter(|target| target.is_kept());
    kept.any(|target| **first_urls.entry(target.series).or_insert(&target.url) != *target.url)
}
