//! Example targets, built from the catalog of labels of each discovery mechanism.

use crate::config::ScrapeConfig;
use crate::discovery::{DiscoveryLabel, DiscoveryRole, discovery_role};
use crate::re2::Regex;
use crate::relabel::{Action, Chain, RuleSpec, Verdict};
use crate::scrape::{DiscoveredTarget, discovered_labels};

use super::{JobSimulator, PlacedTarget, Status};

/// How often a target is changed so that one more rule keeps it.
const MAX_ROUNDS: usize = 40;

/// A target for each mechanism and role of `job` whose targets are not in the config,
/// with the labels of that mechanism and example values. Where rules keep only some targets, the
/// values are chosen so that they keep this one, if that is easily done.
///
/// ```
/// use promcfg::{Config, Options, Sources};
/// use promcfg::simulate::{JobSimulator, Status, example_targets};
/// let mut sources = Sources::new();
/// let text = "
/// scrape_configs:
/// - job_name: pods
///   kubernetes_sd_configs: [{role: pod}]
///   relabel_configs:
///   - {source_labels: [__meta_kubernetes_pod_annotation_scrape], regex: 'yes', action: keep}
/// ";
/// let file = sources.add("prometheus.yml", text);
/// let (config, _) = Config::read(&mut sources, file, &Options::default());
/// let job = &config.scrape_configs[0];
/// let target = &example_targets(job)[0];
/// let result = JobSimulator::new(job, false).unwrap().simulate(target);
/// assert_eq!(result.status, Status::Kept);
/// assert_eq!(result.discovered.get("__meta_kubernetes_pod_annotation_scrape"), "yes");
/// ```
#[must_use]
pub fn example_targets(job: &ScrapeConfig) -> Vec<PlacedTarget> {
    let mut targets = Vec::new();
    for sd in job.discovery.iter().filter(|sd| !sd.is_static()) {
        let mut roles: Vec<(&String, &Vec<String>)> = sd.roles.iter().zip(&sd.attached).collect();
        roles.sort_unstable();
        roles.dedup();
        for (role, attached) in roles {
            let mut target = example_target(job, discovery_role(&sd.key, role), attached);
            make_kept(job, &mut target);
            targets.push(PlacedTarget { target, at: None });
        }
    }
    targets
}

fn example_target(job: &ScrapeConfig, role: Option<&DiscoveryRole>, attached: &[String]) -> DiscoveredTarget {
    let mut target = DiscoveredTarget::from_address("10.0.0.1:8080");
    let Some(role) = role else { return target };
    let is_on = |switch: &str| switch.is_empty() || attached.iter().any(|on| on == switch);
    let is_there = |label: &&DiscoveryLabel| is_on(label.attached_by) && !label.is_removed_in(job.release);
    let labels = || role.labels.iter().filter(is_there);
    for label in labels().filter(|label| !label.is_prefix && !label.example.is_empty()) {
        set(&mut target, label.name, label.example);
    }
    // Of the names that are the user's, those that the rules ask for.
    let asked = job.relabel_configs.iter().flat_map(|rule| rule.spec.source_labels.iter().flatten());
    for name in asked {
        if let Some(label) = labels().find(|label| label.is_prefix && label.covers(name)) {
            set(&mut target, name, label.example);
        }
    }
    target
}

fn set(target: &mut DiscoveredTarget, name: &str, value: &str) {
    target.own.retain(|(own, _)| own != name);
    target.own.push((name.to_string(), value.to_string()));
}

/// Changes the values that the rules before a drop look at until nothing drops the target, or gives up.
fn make_kept(job: &ScrapeConfig, target: &mut DiscoveredTarget) {
    let Ok(mut simulator) = JobSimulator::new(job, false) else { return };
    let original = target.clone();
    for _ in 0..MAX_ROUNDS {
        let result = simulator.simulate(&PlacedTarget { target: target.clone(), at: None });
        let Some(dropped) = result.dropped_by else {
            if result.status == Status::Kept {
                return;
            }
            break;
        };
        let Some(rule) = job.relabel_configs.get(dropped.rule) else { break };
        if !satisfy(&rule.spec, target, job) {
            break;
        }
    }
    *target = original;
}

/// Sets the labels that a rule looks at to values that pass it.
fn satisfy(rule: &RuleSpec, target: &mut DiscoveredTarget, job: &ScrapeConfig) -> bool {
    let Some(sources) = rule.source_labels.as_ref().filter(|sources| !sources.is_empty()) else { return false };
    if sources.iter().any(|name| !name.starts_with("__meta_")) && sources.len() > 1 {
        return false;
    }
    let Ok(regex) = Regex::with_syntax(rule.pattern(), job.semantics().syntax()) else { return false };
    let candidates: Vec<String> = match rule.action {
        Some(Action::Keep) => regex.example().into_iter().collect(),
        Some(Action::Drop) => {
            ["", "true", "false", "web", "1"].map(|text| joined(text, sources.len(), &rule.separator)).into()
        }
        _ => return false,
    };
    for candidate in candidates {
        let parts: Vec<&str> = match sources.len() {
            1 => vec![&candidate],
            count => candidate.splitn(count, &*rule.separator).collect(),
        };
        if parts.len() != sources.len() {
            continue;
        }
        let before = target.clone();
        sources.iter().zip(parts).for_each(|(name, value)| set(target, name, value));
        if passes(rule, target, job) {
            return true;
        }
        *target = before;
    }
    false
}

fn joined(text: &str, count: usize, separator: &str) -> String {
    vec![text; count].join(separator)
}

fn passes(rule: &RuleSpec, target: &DiscoveredTarget, job: &ScrapeConfig) -> bool {
    let mut set = crate::relabel::LabelBuilder::new();
    set.load_added(&discovered_labels(job, target));
    Chain::new(std::slice::from_ref(rule), job.semantics())
        .is_ok_and(|chain| matches!(chain.run(&mut set), Ok(Verdict::Kept)))
}
