//! Who has targets: a job, or an item of `alerting.alertmanagers`.

use crate::config::{Alertmanager, FileSd, RelabelRule, ScrapeConfig, Sd, TargetGroup};
use crate::diagnostic::Diagnostic;
use crate::relabel::{Labels, Semantics};
use crate::release::Release;
use crate::scrape::{
    DiscoveredTarget, Target, TargetError, alertmanager_defaults, check_alertmanager, check_target, default_labels,
    discovered_alertmanager_labels, discovered_labels, in_order_added,
};
use crate::text::{FileId, Location};

/// Who has targets, and rules for them.
///
/// ```
/// use promcfg::{Config, Options, Sources};
/// use promcfg::simulate::Owner;
/// let mut sources = Sources::new();
/// let file = sources.add("prometheus.yml", "scrape_configs: [{job_name: web}]\nalerting: {alertmanagers: [{}]}");
/// let (config, _) = Config::read(&mut sources, file, &Options::default());
/// assert_eq!(Owner::Job(&config.scrape_configs[0]).name(), "web");
/// assert_eq!(Owner::Alertmanager(&config.alertmanagers[0]).name(), "alertmanagers[0]");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Owner<'c> {
    /// A job.
    Job(&'c ScrapeConfig),
    /// An item of `alerting.alertmanagers`.
    Alertmanager(&'c Alertmanager),
}

impl<'c> Owner<'c> {
    /// Its name: that of the job, or `alertmanagers[0]`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Job(job) => job.job_name.value.clone(),
            Self::Alertmanager(alertmanager) => format!("alertmanagers[{}]", alertmanager.index),
        }
    }

    /// The job, if it is one.
    #[must_use]
    pub fn job(self) -> Option<&'c ScrapeConfig> {
        match self {
            Self::Job(job) => Some(job),
            Self::Alertmanager(_) => None,
        }
    }

    /// Its `relabel_configs`.
    #[must_use]
    pub fn rules(self) -> &'c [RelabelRule] {
        match self {
            Self::Job(job) => &job.relabel_configs,
            Self::Alertmanager(alertmanager) => &alertmanager.relabel_configs,
        }
    }

    /// Whether Prometheus accepts it.
    #[must_use]
    pub fn is_valid(self) -> bool {
        match self {
            Self::Job(job) => job.is_valid,
            Self::Alertmanager(alertmanager) => alertmanager.is_valid,
        }
    }

    /// Every discovery key in the order written.
    #[must_use]
    pub fn discovery(self) -> &'c [Sd] {
        match self {
            Self::Job(job) => &job.discovery,
            Self::Alertmanager(alertmanager) => &alertmanager.discovery,
        }
    }

    /// The labels that it gives to targets that lack them.
    #[must_use]
    pub fn defaults(self) -> Labels {
        match self {
            Self::Job(job) => default_labels(job).into_iter().collect(),
            Self::Alertmanager(alertmanager) => alertmanager_defaults(alertmanager).into_iter().collect(),
        }
    }

    /// Whether a part of it is missing, because it is not valid YAML.
    #[must_use]
    pub fn is_incomplete(self) -> bool {
        self.job().is_some_and(|job| job.is_incomplete)
    }

    pub(super) fn is_text(self) -> bool {
        match self {
            Self::Job(job) => job.is_text,
            Self::Alertmanager(_) => true,
        }
    }

    pub(super) fn file(self) -> FileId {
        match self {
            Self::Job(job) => job.file,
            Self::Alertmanager(alertmanager) => alertmanager.file,
        }
    }

    pub(super) fn release(self) -> Release {
        match self {
            Self::Job(job) => job.release,
            Self::Alertmanager(alertmanager) => alertmanager.release,
        }
    }

    pub(super) fn semantics(self) -> Semantics {
        match self {
            Self::Job(job) => job.semantics(),
            Self::Alertmanager(alertmanager) => alertmanager.semantics(),
        }
    }

    /// The place of its name, or of the whole.
    pub(super) fn at(self) -> Location {
        match self {
            Self::Job(job) => Location::new(job.file, job.job_name.span),
            Self::Alertmanager(alertmanager) => Location::new(alertmanager.file, alertmanager.span),
        }
    }

    pub(super) fn static_configs(self) -> &'c [TargetGroup] {
        match self {
            Self::Job(job) => &job.static_configs,
            Self::Alertmanager(alertmanager) => &alertmanager.static_configs,
        }
    }

    pub(super) fn file_sd_configs(self) -> &'c [FileSd] {
        match self {
            Self::Job(job) => &job.file_sd_configs,
            Self::Alertmanager(alertmanager) => &alertmanager.file_sd_configs,
        }
    }

    pub(super) fn discovered_labels(self, target: &DiscoveredTarget) -> Labels {
        match self {
            Self::Job(job) => discovered_labels(job, target),
            Self::Alertmanager(alertmanager) => discovered_alertmanager_labels(alertmanager, target),
        }
    }

    /// The labels in the order in which rules about names go over them.
    pub(super) fn in_order<'l>(self, target: &DiscoveredTarget, labels: &'l Labels) -> Vec<(&'l str, &'l str)> {
        match self {
            Self::Job(job) => in_order_added(job, target, labels),
            Self::Alertmanager(_) => labels.iter().collect(),
        }
    }

    pub(super) fn check(self, labels: Labels) -> Result<Target, TargetError> {
        match self {
            Self::Job(job) => check_target(job, labels),
            Self::Alertmanager(_) => check_alertmanager(labels),
        }
    }

    /// A diagnostic about one of its targets.
    pub(super) fn mark(self, diagnostic: Diagnostic) -> Diagnostic {
        match self {
            Self::Job(job) => diagnostic.with_job(job.job_name.value.as_str()),
            Self::Alertmanager(_) => diagnostic,
        }
    }
}
