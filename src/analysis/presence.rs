//! The labels that exist before the rules of a list.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use crate::config::{Alertmanager, ScrapeConfig, Sd, TargetGroup};
use crate::discovery::{DiscoveryLabel, DiscoveryRole, discovery_role};
use crate::release::Release;
use crate::scrape::{default_labels, default_value};

use super::PatternFacts;

/// Whether a label exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// On every label set.
    Always,
    /// On some label sets.
    Sometimes,
    /// On no label set.
    Never,
    /// Decided elsewhere: by a target file, a server or the scraped samples.
    Unknown,
}

/// The sources of the labels before a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct LabelSources<'c> {
    owner: Owner<'c>,
    /// Labels that it has removed are not set.
    release: Release,
    groups: &'c [TargetGroup],
    /// For each label of a group the number of groups in which it has a value.
    groups_with: OnceCell<FxHashMap<&'c str, usize>>,
    /// The mechanisms and roles in the catalog.
    pub(crate) roles: Vec<&'static DiscoveryRole>,
    /// The enabled switches of `attach_metadata` for each of these.
    attached: Vec<&'c [String]>,
    /// Whether some source may provide any label.
    pub(crate) is_open: bool,
}

/// The kind of targets, which decides which labels Prometheus itself sets.
#[derive(Clone, Copy, Debug, Default)]
enum Owner<'c> {
    #[default]
    Nobody,
    Job(&'c ScrapeConfig),
    Alertmanager,
}

impl<'c> LabelSources<'c> {
    /// Any label may exist: the labels of samples, series and alerts.
    pub(crate) fn open() -> Self {
        Self { is_open: true, ..Self::default() }
    }

    pub(crate) fn of_job(job: &'c ScrapeConfig) -> Self {
        Self::new(Owner::Job(job), &job.discovery, &job.static_configs)
    }

    pub(crate) fn of_alertmanager(alertmanager: &'c Alertmanager) -> Self {
        Self::new(Owner::Alertmanager, &alertmanager.discovery, &alertmanager.static_configs)
    }

    fn new(owner: Owner<'c>, discovery: &'c [Sd], groups: &'c [TargetGroup]) -> Self {
        let release = match owner {
            Owner::Job(job) => job.release,
            Owner::Nobody | Owner::Alertmanager => Release::default(),
        };
        let mut sources = Self { owner, release, groups, ..Self::default() };
        for sd in discovery.iter().filter(|sd| !sd.is_static()) {
            sources.is_open |= sd.mechanism().is_some_and(|mechanism| mechanism.has_open_labels);
            for (role, attached) in sd.roles.iter().zip(&sd.attached) {
                match discovery_role(&sd.key, role) {
                    Some(role) => {
                        sources.roles.push(role);
                        sources.attached.push(attached);
                    }
                    None => sources.is_open = true,
                }
            }
        }
        sources
    }

    /// Whether the label exists before the first rule.
    pub(crate) fn presence(&self, name: &str) -> Presence {
        if let Some(presence) = self.own_presence(name) {
            return presence;
        }
        if !self.is_known() {
            return Presence::Unknown;
        }
        let of_groups = (!self.groups.is_empty()).then(|| match self.groups_with().get(name) {
            Some(count) if *count == self.groups.len() => Presence::Always,
            Some(count) if *count > 0 => Presence::Sometimes,
            _ => Presence::Never,
        });
        let of_roles =
            self.roles.iter().zip(&self.attached).map(|(role, attached)| {
                let known = role.labels.iter().find(|label| label.covers(name) && self.is_on(label, attached));
                known.map_or(Presence::Never, |label| {
                    if label.is_always_there { Presence::Always } else { Presence::Sometimes }
                })
            });
        let mut all = of_groups.into_iter().chain(of_roles);
        let Some(first) = all.next() else { return Presence::Never };
        if all.all(|presence| presence == first) { first } else { Presence::Sometimes }
    }

    /// Whether the label is set by a role with these switches of `attach_metadata`.
    fn is_on(&self, label: &DiscoveryLabel, attached: &[String]) -> bool {
        let is_attached = label.attached_by.is_empty() || attached.iter().any(|switch| switch == label.attached_by);
        is_attached && !label.is_removed_in(self.release)
    }

    fn groups_with(&self) -> &FxHashMap<&'c str, usize> {
        self.groups_with.get_or_init(|| {
            // The last group that was counted for a label: a group may repeat it.
            let mut counts: FxHashMap<&'c str, (usize, Option<usize>)> = FxHashMap::default();
            for (index, group) in self.groups.iter().enumerate() {
                for (name, value) in &group.labels {
                    let (count, last) = counts.entry(name.value.as_str()).or_default();
                    if !value.value.is_empty() && *last != Some(index) {
                        (*count, *last) = (*count + 1, Some(index));
                    }
                }
            }
            counts.into_iter().map(|(name, (count, _))| (name, count)).collect()
        })
    }

    /// Whether a group has the label, with a value or without.
    pub(crate) fn is_of_groups(&self, name: &str) -> bool {
        self.groups_with().contains_key(name)
    }

    /// The labels of the groups.
    pub(crate) fn names_of_groups(&self) -> impl Iterator<Item = &'c str> {
        self.groups_with().keys().copied()
    }

    /// The labels that each configured mechanism and role sets on its targets.
    pub(crate) fn discovery_labels(&self) -> impl Iterator<Item = Vec<&'static DiscoveryLabel>> {
        self.roles
            .iter()
            .zip(&self.attached)
            .map(|(role, attached)| role.labels.iter().filter(|label| self.is_on(label, attached)).collect())
    }

    /// The names of all labels before the rules; of labels that users name, the part before their names. `None`
    /// where any label may exist.
    pub(crate) fn closed_names(&self) -> Option<Vec<String>> {
        if !self.is_known() {
            return None;
        }
        let of_groups = self.groups.iter().flat_map(|group| &group.labels).map(|(name, _)| name.value.clone());
        let of_roles = self.discovery_labels().flatten().map(|label| label.name.to_string());
        let own = match self.owner {
            Owner::Job(job) => default_labels(job).into_iter().map(|(name, _)| name).collect(),
            Owner::Nobody | Owner::Alertmanager => Vec::new(),
        };
        let fixed = ["__address__", "instance"].map(String::from);
        Some(own.into_iter().chain(fixed).chain(of_groups).chain(of_roles).collect())
    }

    /// The switch of `attach_metadata` that would add the label.
    pub(crate) fn missing_switch(&self, name: &str) -> Option<&'static str> {
        let mut labels = self.roles.iter().flat_map(|role| &role.labels);
        labels.find(|label| label.covers(name)).map(|label| label.attached_by).filter(|switch| !switch.is_empty())
    }

    /// The first label of the mechanisms and roles that fits, if the release has no label that fits, and the reason.
    pub(crate) fn unavailable(
        &self,
        fits: impl Fn(&DiscoveryLabel) -> bool,
    ) -> Option<(&'static DiscoveryLabel, String)> {
        let labels = self.roles.iter().flat_map(|role| &role.labels).filter(|label| fits(label));
        // Another mechanism or role may provide it.
        let all: Option<Vec<_>> =
            labels.map(|label| Some((label, label.availability().absence(self.release)?))).collect();
        all?.into_iter().next()
    }

    /// Whether discovery may bring a label whose name the pattern matches; `true` where that is not
    /// easily seen.
    pub(crate) fn may_match(&self, pattern: &PatternFacts) -> bool {
        let is_match = |name: &str| pattern.matches(name) != Some(false);
        !self.is_known()
            || self.groups_with().keys().any(|name| is_match(name))
            || self.discovery_labels().flatten().any(|label| may_be_matched(label, pattern))
    }

    /// The switch of `attach_metadata` that would add a label whose name the pattern matches.
    pub(crate) fn missing_switch_for(&self, pattern: &PatternFacts) -> Option<&'static str> {
        let mut labels = self.roles.iter().flat_map(|role| &role.labels).filter(|label| !label.attached_by.is_empty());
        labels.find(|label| may_be_matched(label, pattern)).map(|label| label.attached_by)
    }

    /// Whether all is known that puts labels on the targets: not so with target files, HTTP discovery,
    /// and where there is no discovery at all.
    pub(crate) fn is_known(&self) -> bool {
        let has_targets = !self.groups.is_empty() || !self.roles.is_empty();
        has_targets && !self.is_open
    }

    /// The target groups in the config.
    pub(crate) fn groups(&self) -> &'c [TargetGroup] {
        self.groups
    }

    /// Whether users choose the name of the label: labels and annotations of pods, tags of machines.
    pub(crate) fn is_of_users(&self, name: &str) -> bool {
        let mut labels = self.roles.iter().flat_map(|role| role.labels.iter());
        labels.any(|label| label.is_prefix && label.covers(name))
    }

    /// Whether Prometheus itself sets the label.
    fn own_presence(&self, name: &str) -> Option<Presence> {
        let is_own = match self.owner {
            Owner::Nobody => return None,
            _ if name == "__address__" => true,
            Owner::Alertmanager => matches!(name, "__scheme__" | "__alerts_path__"),
            Owner::Job(_) if name != "job" && !name.starts_with("__") => false,
            Owner::Job(job) => {
                let value = default_value(job, name)?;
                return Some(if value.is_empty() { Presence::Sometimes } else { Presence::Always });
            }
        };
        is_own.then_some(Presence::Always)
    }
}

/// Whether the pattern may match the name of the label; `true` if this is not obvious.
pub(crate) fn may_be_matched(label: &DiscoveryLabel, pattern: &PatternFacts) -> bool {
    let prefix = pattern.prefix();
    match label.is_prefix {
        false => pattern.matches(label.name) != Some(false),
        true => match pattern.texts() {
            Some(texts) => texts.iter().any(|text| label.covers(text)),
            None => prefix.starts_with(label.name) || label.name.starts_with(prefix),
        },
    }
}
