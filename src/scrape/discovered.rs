//! The labels a target has before relabeling.

use crate::config::{Duration, ScrapeConfig};
use crate::relabel::Labels;

pub(super) const PARAM_PREFIX: &str = "__param_";

/// A target as a discovery mechanism hands it over: its own labels and those of its group.
/// An empty value among its own labels hides the group's label of that name.
///
/// ```
/// let target = promcfg::scrape::DiscoveredTarget::from_address("10.0.0.1:9100");
/// assert_eq!(target.own, [("__address__".to_string(), "10.0.0.1:9100".to_string())]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiscoveredTarget {
    /// The target's own labels, `__address__` among them. Each name occurs once.
    pub own: Vec<(String, String)>,
    /// The labels it shares with its group. Each name occurs once.
    pub group: Vec<(String, String)>,
}

impl DiscoveredTarget {
    /// A target of which only the address is known.
    #[must_use]
    pub fn from_address(address: impl Into<String>) -> Self {
        Self { own: vec![("__address__".to_string(), address.into())], group: Vec::new() }
    }
}

/// The labels of `target` as job `job` discovers it: its own, its group's, then the job's defaults
/// for what is absent or empty. This is the set `relabel_configs` work on.
///
/// Source: `PopulateDiscoveredLabels` of Prometheus 3.14; `PopulateLabels` before 3.0, where `params` of the job
/// counted more than labels of the target.
#[must_use]
pub fn discovered_labels(job: &ScrapeConfig, target: &DiscoveredTarget) -> Labels {
    let is_own = |name: &String| target.own.iter().any(|(own, _)| own == name);
    let of_group = target.group.iter().filter(|(name, _)| !is_own(name));
    let all = target.own.iter().chain(of_group).map(|(name, value)| (name.as_str(), value.as_str()));
    let mut labels = Labels::of_pairs(all.collect());
    for (name, value) in default_labels(job) {
        let is_param = name.starts_with(PARAM_PREFIX) && !job.release.has_params_from_labels();
        if labels.get(&name).is_empty() || is_param {
            labels.set(name, value);
        }
    }
    labels
}

/// The discovered labels in the order in which a labelmap goes over them: those of the target and its group by
/// name (Prometheus's own order of them is random), then those that the job added, as it adds them.
pub(crate) fn in_order_added<'l>(
    job: &ScrapeConfig,
    target: &DiscoveredTarget,
    discovered: &'l Labels,
) -> Vec<(&'l str, &'l str)> {
    const ADDED: [&str; 8] = [
        "job",
        "__scrape_interval__",
        "__scrape_timeout__",
        "__metrics_path__",
        "__scheme__",
        "__convert_classic_histograms_to_nhcb__",
        "__always_scrape_classic_histograms__",
        "__scrape_native_histograms__",
    ];
    let mut labels: Vec<(&str, &str)> = discovered.iter().collect();
    if !job.release.keeps_order_of_labels() {
        return labels;
    }
    let is_of =
        |pairs: &[(String, String)], name: &str| pairs.iter().any(|(own, value)| own == name && !value.is_empty());
    let is_found = |name: &str| is_of(&target.own, name) || is_of(&target.group, name);
    labels.sort_by_key(|(name, _)| {
        let place = ADDED.iter().position(|added| added == name);
        let place = place.or_else(|| name.starts_with(PARAM_PREFIX).then_some(ADDED.len()));
        place.filter(|_| !is_found(name)).map_or(0, |place| place + 1)
    });
    labels
}

/// The labels a job gives to a target that lacks them.
pub(crate) fn default_labels(job: &ScrapeConfig) -> Vec<(String, String)> {
    let duration = |duration: Duration| duration.to_string();
    let mut defaults = vec![
        ("job".to_string(), job.job_name.value.clone()),
        ("__scrape_interval__".to_string(), duration(job.scrape_interval)),
        ("__scrape_timeout__".to_string(), duration(job.scrape_timeout)),
        ("__metrics_path__".to_string(), job.metrics_path.clone()),
        ("__scheme__".to_string(), job.scheme.clone()),
    ];
    if job.release.has_histogram_labels() {
        let settings = [
            ("__convert_classic_histograms_to_nhcb__", job.convert_classic_histograms_to_nhcb),
            ("__always_scrape_classic_histograms__", job.always_scrape_classic_histograms),
            ("__scrape_native_histograms__", job.scrape_native_histograms),
        ];
        defaults.extend(settings.map(|(name, value)| (name.to_string(), value.to_string())));
    }
    for (name, values) in &job.params {
        if let Some(first) = values.first() {
            defaults.push((format!("{PARAM_PREFIX}{name}"), first.clone()));
        }
    }
    defaults
}
