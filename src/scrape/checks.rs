//! The checks and defaults after relabeling.

use crate::config::ScrapeConfig;
use crate::relabel::{LabelBuilder, Labels};

use super::discovered::{Defaults, PARAM_PREFIX};
use super::durations::check_durations;
use super::url::{has_socket, url_with};
use super::view::LabelView;
use super::{TargetError, default_port, scrape_url};

/// A target that is scraped.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// All its labels, `instance` filled in, `__meta_` names removed, other `__` names kept.
    pub labels: Labels,
    /// Where it is scraped.
    pub url: String,
}

const HISTOGRAM_SETTINGS: [(&str, &str); 3] = [
    ("__convert_classic_histograms_to_nhcb__", "convert classic histograms to nhcb"),
    ("__always_scrape_classic_histograms__", "always scrape classic histograms"),
    ("__scrape_native_histograms__", "scrape native histograms"),
];

/// Turns the labels that `relabel_configs` left into a target of `job`, with the checks of its release.
///
/// # Errors
/// The first check that fails, in Prometheus's order.
pub fn check_target(job: &ScrapeConfig, mut labels: Labels) -> Result<Target, TargetError> {
    let address = check_labels(job, None, &labels)?;
    if let Some(address) = address {
        labels.set("__address__", address);
    }
    labels.retain(|name, _| !name.starts_with("__meta_"));
    if labels.get("instance").is_empty() && !labels.get("__address__").is_empty() {
        let address = labels.get("__address__").to_string();
        labels.set("instance", address);
    }
    let url = scrape_url(job, &labels);
    Ok(Target { labels, url })
}

/// As [`check_target`], on the label set that the rules ran on; returns the URL. Labels that begin with `__meta_` stay
/// in the set, and are none of the target's.
pub(crate) fn check_in_place(
    job: &ScrapeConfig,
    defaults: Option<&Defaults<'_>>,
    set: &mut LabelBuilder,
) -> Result<String, TargetError> {
    let address = check_labels(job, defaults, set)?;
    if let Some(address) = address {
        set.set("__address__", &address);
    }
    if set.get("instance").is_empty() {
        let address = set.get("__address__").to_string();
        set.set("instance", &address);
    }
    let of_params =
        |(name, value): (&str, &str)| name.starts_with(PARAM_PREFIX).then(|| (name.to_string(), value.to_string()));
    let params: Vec<(String, String)> = set.iter().filter_map(of_params).collect();
    Ok(url_with(job, set, params.iter().map(|(name, value)| (name.as_str(), value.as_str()))))
}

/// Checks the labels that the rules left, where they differ from what is known of the job; returns the address with the port that it gets, if it gets one.
fn check_labels(
    job: &ScrapeConfig,
    defaults: Option<&Defaults<'_>>,
    labels: &impl LabelView,
) -> Result<Option<String>, TargetError> {
    let release = job.release;
    let address = labels.value("__address__");
    if address.is_empty() && !has_socket(release, labels) {
        return Err(TargetError::NoAddress);
    }
    let with_port = if release.appends_default_port() {
        default_port::appended(address, labels.value("__scheme__"))?
    } else {
        None
    };
    check_address(with_port.as_deref().unwrap_or(address))?;
    let (interval, timeout) = (labels.value("__scrape_interval__"), labels.value("__scrape_timeout__"));
    if defaults.is_some_and(|defaults| defaults.are_own_valid_durations(interval, timeout)) {
        // As of the other targets of the job.
    } else if release.checks_interval_labels() || !(interval.is_empty() && timeout.is_empty()) {
        check_durations(interval, timeout, release)?;
    }
    let settings = if release.has_histogram_labels() { &HISTOGRAM_SETTINGS[..] } else { &[] };
    for &(label, setting) in settings {
        check_boolean(setting, labels.value(label))?;
    }
    Ok(with_port)
}

fn check_address(address: &str) -> Result<(), TargetError> {
    if address.contains('/') {
        return Err(TargetError::InvalidHostname(address.to_string()));
    }
    Ok(())
}

/// Go's `strconv.ParseBool`; an absent label leaves the config's value.
fn check_boolean(setting: &'static str, value: &str) -> Result<(), TargetError> {
    match value {
        "" | "1" | "t" | "T" | "true" | "TRUE" | "True" | "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(()),
        _ => Err(TargetError::InvalidBoolean { setting, value: value.to_string() }),
    }
}
