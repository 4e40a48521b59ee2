//! Which labels there are before the rules of a list.

use crate::config::{Alertmanager, ScrapeConfig, Sd, StaticConfig};
use crate::discovery::{DiscoveryRole, discovery_role};
use crate::target::default_labels;

/// Whether a label is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Every time.
    Always,
    /// Some of the times.
    Sometimes,
    /// Not once.
    Never,
    /// That is decided elsewhere: in a target file, by a server, by what is scraped.
    Unknown,
}

/// What puts labels on what goes into a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct LabelSources<'c> {
    /// Names that Prometheus itself gives, and whether their value may be empty.
    defaults: Vec<(String, bool)>,
    groups: Vec<&'c StaticConfig>,
    /// The mechanisms and roles that the catalogue knows.
    pub(crate) roles: Vec<&'static DiscoveryRole>,
    /// Whether there are sources of which any label may come.
    pub(crate) is_open: bool,
}

/// Mechanisms whose targets bring labels that only their files and servers know.
const OPEN: [&str; 2] = ["file_sd_configs", "http_sd_configs"];

impl<'c> LabelSources<'c> {
    /// Any label may be there: the labels of samples, series and alerts.
    pub(crate) fn open() -> Self {
        Self { is_open: true, ..Self::default() }
    }

    pub(crate) fn of_job(job: &'c ScrapeConfig) -> Self {
        let defaults = default_labels(job).into_iter().map(|(name, value)| (name, value.is_empty()));
        Self::new(defaults.collect(), &job.discovery, &job.static_configs)
    }

    pub(crate) fn of_alertmanager(alertmanager: &'c Alertmanager) -> Self {
        let defaults = ["__scheme__", "__alerts_path__"].map(|name| (name.to_string(), false)).into();
        Self::new(defaults, &alertmanager.discovery, &alertmanager.static_configs)
    }

    fn new(mut defaults: Vec<(String, bool)>, discovery: &[Sd], groups: &'c [StaticConfig]) -> Self {
        defaults.push(("__address__".to_string(), false));
        let mut sources = Self { defaults, groups: groups.iter().collect(), ..Self::default() };
        for sd in discovery.iter().filter(|sd| sd.key != "static_configs") {
            sources.is_open |= OPEN.contains(&sd.key.as_str());
            for role in &sd.roles {
                match discovery_role(&sd.key, role) {
                    Some(role) => sources.roles.push(role),
                    None => sources.is_open = true,
                }
            }
        }
        sources
    }

    /// Whether the label is there before the first rule.
    pub(crate) fn presence(&self, name: &str) -> Presence {
        if let Some((_, may_be_empty)) = self.defaults.iter().find(|(own, _)| own == name) {
            return if *may_be_empty { Presence::Sometimes } else { Presence::Always };
        }
        if self.is_open || (self.groups.is_empty() && self.roles.is_empty()) {
            return Presence::Unknown;
        }
        let of_groups = self.groups.iter().map(|group| {
            let has = group.labels.iter().any(|(own, value)| own.value == name && !value.value.is_empty());
            if has { Presence::Always } else { Presence::Never }
        });
        let of_roles =
            self.roles.iter().map(|role| {
                let known = role.labels.iter().find(|label| label.covers(name));
                known.map_or(Presence::Never, |label| {
                    if label.is_always_there { Presence::Always } else { Presence::Sometimes }
                })
            });
        let all: Vec<Presence> = of_groups.chain(of_roles).collect();
        if all.iter().all(|presence| *presence == all[0]) { all[0] } else { Presence::Sometimes }
    }
}
