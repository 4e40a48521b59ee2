//! The labels a target has before relabeling.

use std::borrow::Cow;

use crate::config::{Duration, ScrapeConfig};
use crate::relabel::Labels;

use super::durations::check_durations;

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

/// The labels that a job adds to a target, in the order in which it adds them; its parameters come after them.
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

/// The place of the interval among them; the timeout is the next.
const INTERVAL: usize = 1;

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
    let mut labels: Vec<(&str, &str)> = discovered.iter().collect();
    if !job.release.keeps_order_of_labels() {
        return labels;
    }
    let is_of =
        |pairs: &[(String, String)], name: &str| pairs.iter().any(|(own, value)| own == name && !value.is_empty());
    let is_found = |name: &str| is_of(&target.own, name) || is_of(&target.group, name);
    // Few labels have a name that a job adds: only these are looked for.
    labels
        .sort_by_key(|(name, _)| Some(place_of_added(name)).filter(|place| *place > 0 && !is_found(name)).unwrap_or(0));
    labels
}

/// Whether jobs add a label of this name to targets that lack it.
pub(crate) fn is_added_by_jobs(name: &str) -> bool {
    place_of_added(name) > 0
}

/// The place of a label in the order in which a job adds labels; 0 for one that it does not add.
fn place_of_added(name: &str) -> usize {
    let place = ADDED.iter().position(|added| *added == name);
    place.or_else(|| name.starts_with(PARAM_PREFIX).then_some(ADDED.len())).map_or(0, |place| place + 1)
}

/// The labels a job gives to a target that lacks them.
pub(crate) fn default_labels(job: &ScrapeConfig) -> Vec<(String, String)> {
    default_pairs(job).into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// The same, borrowed as far as they are written in the job.
fn default_pairs(job: &ScrapeConfig) -> Vec<(Cow<'static, str>, Cow<'_, str>)> {
    let duration = |duration: Duration| Cow::Owned(duration.to_string());
    let [own, interval, timeout, path, scheme, histograms @ ..] = ADDED.map(Cow::Borrowed);
    let mut defaults = Vec::with_capacity(ADDED.len() + job.params.len());
    defaults.extend([
        (own, Cow::Borrowed(job.job_name.value.as_str())),
        (interval, duration(job.scrape_interval)),
        (timeout, duration(job.scrape_timeout)),
        (path, Cow::Borrowed(job.metrics_path.as_str())),
        (scheme, Cow::Borrowed(job.scheme.as_str())),
    ]);
    if job.release.has_histogram_labels() {
        let settings = [
            job.convert_classic_histograms_to_nhcb,
            job.always_scrape_classic_histograms,
            job.scrape_native_histograms,
        ];
        let value = |is_on: bool| Cow::Borrowed(if is_on { "true" } else { "false" });
        defaults.extend(histograms.into_iter().zip(settings.map(value)));
    }
    for (name, values) in &job.params {
        if let Some(first) = values.first() {
            defaults.push((Cow::Owned(format!("{PARAM_PREFIX}{name}")), Cow::Borrowed(first.as_str())));
        }
    }
    defaults
}

/// The value of a label that a job gives to a target that lacks it; `None` if it gives none of that name.
pub(crate) fn default_value<'j>(job: &'j ScrapeConfig, name: &str) -> Option<Cow<'j, str>> {
    let setting =
        |is_on: bool| job.release.has_histogram_labels().then_some(Cow::Borrowed(if is_on { "true" } else { "false" }));
    match name {
        "job" => Some(Cow::Borrowed(&job.job_name.value)),
        "__scrape_interval__" => Some(Cow::Owned(job.scrape_interval.to_string())),
        "__scrape_timeout__" => Some(Cow::Owned(job.scrape_timeout.to_string())),
        "__metrics_path__" => Some(Cow::Borrowed(&job.metrics_path)),
        "__scheme__" => Some(Cow::Borrowed(&job.scheme)),
        "__convert_classic_histograms_to_nhcb__" => setting(job.convert_classic_histograms_to_nhcb),
        "__always_scrape_classic_histograms__" => setting(job.always_scrape_classic_histograms),
        "__scrape_native_histograms__" => setting(job.scrape_native_histograms),
        _ => {
            let param = name.strip_prefix(PARAM_PREFIX)?;
            let (_, values) = job.params.iter().find(|(own, values)| own == param && !values.is_empty())?;
            values.first().map(|first| Cow::Borrowed(first.as_str()))
        }
    }
}

/// The labels that a job gives to its targets, worked out once.
#[derive(Clone, Debug)]
pub(crate) struct Defaults<'j> {
    labels: Vec<(Cow<'static, str>, Cow<'j, str>)>,
    /// Whether the interval and the timeout of the job are those of a target that Prometheus accepts.
    pub(super) has_valid_durations: bool,
    /// Whether those of parameters count more than labels of the target.
    params_count_more: bool,
    keeps_order: bool,
}

/// The labels that the targets of a group have before relabeling, in the order in which rules about names go over them:
/// the same as [`in_order_added`] gives for each target.
pub(crate) struct GroupLabels<'g> {
    /// The value of the address is that of the target.
    labels: Vec<(&'g str, &'g str)>,
    address: Option<usize>,
    /// Bytes of the names and values of the group.
    pub(crate) size: usize,
    /// Bytes of the names and values of all labels but the address.
    pub(crate) bytes: usize,
}

impl<'j> Defaults<'j> {
    pub(crate) fn of(job: &'j ScrapeConfig) -> Self {
        let labels = default_pairs(job);
        let value = |index: usize| labels.get(index).map_or("", |(_, value)| value);
        let has_valid_durations = check_durations(value(INTERVAL), value(INTERVAL + 1), job.release).is_ok();
        Self {
            labels,
            has_valid_durations,
            params_count_more: !job.release.has_params_from_labels(),
            keeps_order: job.release.keeps_order_of_labels(),
        }
    }

    /// Whether these are the interval and the timeout of the job, and are valid.
    pub(super) fn are_own_valid_durations(&self, interval: &str, timeout: &str) -> bool {
        let is = |index: usize, text: &str| self.labels.get(index).is_some_and(|(_, value)| value == text);
        self.has_valid_durations && is(INTERVAL, interval) && is(INTERVAL + 1, timeout)
    }

    /// The labels of targets that have an address and these labels of their group; `None` if one of them is repeated.
    pub(crate) fn with_group<'g>(&'g self, group: &[(&'g str, &'g str)]) -> Option<GroupLabels<'g>> {
        const ADDRESS: &str = "__address__";
        let size = group.iter().map(|(name, value)| name.len() + value.len()).sum();
        // The address that the target has; its text is not empty, as an empty label is absent.
        let mut found: Vec<(&str, &str)> = vec![(ADDRESS, ADDRESS)];
        found.extend(group.iter().filter(|(name, _)| *name != ADDRESS));
        found.sort_by_key(|(name, _)| *name);
        if found.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return None;
        }
        found.retain(|(_, value)| !value.is_empty());
        let is_found = |name: &str| found.binary_search_by_key(&name, |(found, _)| *found).ok();
        let mut replaced = Vec::new();
        let mut added: Vec<(&str, &str)> = Vec::new();
        for (name, value) in &self.labels {
            match is_found(name) {
                Some(place) if self.params_count_more && name.starts_with(PARAM_PREFIX) => {
                    replaced.push((place, &**value));
                }
                Some(_) => {}
                None => added.push((name, value)),
            }
        }
        for (place, value) in replaced {
            found[place].1 = value;
        }
        added.retain(|(_, value)| !value.is_empty());
        // They are in the order in which they are added, but for those of parameters.
        let params = added.iter().position(|(name, _)| name.starts_with(PARAM_PREFIX)).unwrap_or(added.len());
        added[params..].sort_by_key(|(name, _)| *name);
        found.extend(added);
        if !self.keeps_order {
            found.sort_by_key(|(name, _)| *name);
        }
        found.retain(|(_, value)| !value.is_empty());
        let address = found.iter().position(|(name, _)| *name == ADDRESS);
        let bytes = found.iter().map(|(name, value)| name.len() + value.len()).sum();
        Some(GroupLabels { labels: found, address, size, bytes })
    }
}

impl<'g> GroupLabels<'g> {
    /// The number of labels.
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// The labels of a target with this address.
    pub(crate) fn with_address<'l>(
        &'l self,
        address: &'l str,
    ) -> impl Iterator<Item = (&'l str, &'l str)> + use<'l, 'g> {
        self.labels.iter().enumerate().map(
            move |(index, &(name, value))| {
                if Some(index) == self.address { (name, address) } else { (name, value) }
            },
        )
    }
}
