//! Example targets, built from the catalog of labels of each discovery mechanism.
//!
//! The values are chosen so that the rules keep the target, if that is easily done: `search` tries values until
//! nothing drops or refuses it, `want` finds the discovered labels that rules compute a value from, `rule` does so for
//! one rule, `values` has the values to try.

mod rule;
mod search;
mod source_labels;
#[cfg(test)]
mod tests;
mod values;
mod want;

use crate::config::{ScrapeConfig, Sd};
use crate::discovery::discovery_role;
use crate::re2::{Regex, RegexCache};
use crate::relabel::{Action, RuleSpec};
use crate::scrape::DiscoveredTarget;

use super::{JobSimulator, Origin, Owner, PlacedTarget, TargetResult};
use search::Search;
use source_labels::SourceLabels;
use values::set;

/// A target for each mechanism and role of `job` whose targets are not in the config,
/// with the labels of that mechanism and example values. Where rules keep only some targets, or compute addresses
/// and intervals, the values are chosen so that Prometheus scrapes this one, if that is easily done.
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
    example_targets_with(&mut RegexCache::new(), job)
}

/// As [`example_targets`], with patterns that are compiled once however many jobs have them.
pub(crate) fn example_targets_with(patterns: &mut RegexCache, job: &ScrapeConfig) -> Vec<PlacedTarget> {
    let examples = examples_of(patterns, Owner::Job(job), |_| true);
    examples.into_iter().map(|(_, target)| PlacedTarget { target, at: None }).collect()
}

/// The example targets of those mechanisms of a job or an Alertmanager that `is_wanted` accepts, simulated with
/// traces. None for a job that Prometheus refuses.
///
/// ```
/// use promcfg::{Config, Options, Sources};
/// use promcfg::simulate::{Origin, Owner, simulate_examples};
/// let mut sources = Sources::new();
/// let text = "scrape_configs: [{job_name: machines, ec2_sd_configs: [{region: eu-west-1}]}]";
/// let file = sources.add("prometheus.yml", text);
/// let (config, _) = Config::read(&mut sources, file, &Options::default());
/// let examples = simulate_examples(Owner::Job(&config.scrape_configs[0]), |_| true);
/// assert!(examples[0].is_example());
/// ```
#[must_use]
pub fn simulate_examples(owner: Owner<'_>, is_wanted: impl Fn(&Sd) -> bool) -> Vec<TargetResult> {
    if !owner.is_valid() {
        return Vec::new();
    }
    let mut patterns = RegexCache::new();
    let Ok(mut simulator) = JobSimulator::of_owner(&mut patterns, owner, true) else { return Vec::new() };
    let simulate = |(origin, target): (Origin, DiscoveredTarget)| TargetResult {
        origin,
        ..simulator.simulate(&PlacedTarget { target, at: None })
    };
    examples_of(&mut patterns, owner, is_wanted).into_iter().map(simulate).collect()
}

/// An example for each mechanism and role.
fn examples_of(
    patterns: &mut RegexCache,
    owner: Owner<'_>,
    is_wanted: impl Fn(&Sd) -> bool,
) -> Vec<(Origin, DiscoveredTarget)> {
    let mut targets = Vec::new();
    for sd in owner.discovery().iter().filter(|sd| !sd.is_static() && is_wanted(sd)) {
        let mut roles: Vec<(&String, &Vec<String>)> = sd.roles.iter().zip(&sd.attached).collect();
        roles.sort_unstable();
        roles.dedup();
        for (role, attached) in roles {
            let labels = SourceLabels::of(owner, sd, discovery_role(&sd.key, role), attached);
            let first = first_target(patterns, owner, &labels);
            let target =
                Search::new(patterns, owner, &labels).map_or_else(|| first.clone(), |search| search.run(first.clone()));
            targets.push((Origin::Example { mechanism: sd.key.clone(), role: role.clone() }, target));
        }
    }
    targets
}

/// A target with the labels that the mechanism always has an example of, and of the names that are the user's those
/// that the rules ask for.
fn first_target(patterns: &mut RegexCache, owner: Owner<'_>, labels: &SourceLabels) -> DiscoveredTarget {
    let mut target = DiscoveredTarget::from_address(values::ADDRESS);
    for label in labels.known.iter().filter(|label| !label.is_prefix && !label.example.is_empty()) {
        set(&mut target, label.name, label.example);
    }
    let defaults = owner.defaults();
    let asked = owner.rules().iter().flat_map(|rule| rule.spec.source_labels.iter().flatten());
    for name in asked {
        if let Some(label) = labels.of_user(name) {
            let is_address = || owner.rules().iter().any(|rule| copies_to_address(&rule.spec, name));
            let hint = if is_address() { Some(values::ADDRESS.to_string()) } else { None };
            let hint = hint.or_else(|| values::hint(name, label, &defaults));
            set(&mut target, name, &hint.unwrap_or_else(|| label.example.to_string()));
        }
    }
    for rule in owner.rules().iter().filter(|rule| rule.spec.action == Some(Action::LabelMap)) {
        let Ok(regex) = patterns.get_in(owner.semantics().syntax(), rule.spec.pattern()) else { continue };
        let is_mapped = target.own.iter().any(|(name, _)| regex.is_match(name) == Ok(true));
        if let Some((name, value)) = mapped_label(&regex, labels).filter(|_| !is_mapped) {
            set(&mut target, &name, &value);
        }
    }
    target
}

/// Whether the rule makes this label the address, as it is.
fn copies_to_address(spec: &RuleSpec, name: &str) -> bool {
    let is_copy = spec.action == Some(Action::Replace) && matches!(spec.pattern(), "(.*)" | "(.+)");
    let reads = matches!(spec.source_labels.as_deref(), Some([only]) if only == name);
    is_copy && reads && spec.target_label == "__address__" && matches!(&*spec.replacement, "$1" | "${1}")
}

/// A label of the user's whose name a labelmap matches.
fn mapped_label(regex: &Regex, labels: &SourceLabels) -> Option<(String, String)> {
    const MOST: usize = 4;
    let users = || labels.known.iter().filter(|label| label.is_prefix && !label.name.ends_with("present_"));
    let plain = users().map(|label| (format!("{}app", label.name), label.example.to_string()));
    let mut plain = plain.filter(|(name, _)| regex.is_match(name) == Ok(true));
    plain.next().or_else(|| {
        let names = regex.examples(MOST).into_iter();
        names.filter_map(|name| labels.of_user(&name).map(|label| (name, label.example.to_string()))).next()
    })
}
