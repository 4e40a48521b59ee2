//! What a text in Prometheus's syntax is made of.

/// What a text in Prometheus's syntax is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// A whole config, or a file of `scrape_config_files`.
    Config,
    /// A list of scrape configs.
    ScrapeConfigs,
    /// One scrape config.
    ScrapeConfig,
    /// A list of relabel rules.
    RelabelRules,
    /// Target groups, as `file_sd_configs` reads them.
    Targets,
}

impl Shape {
    /// Whether it has jobs.
    #[must_use]
    pub fn has_jobs(self) -> bool {
        match self {
            Self::Config | Self::ScrapeConfigs | Self::ScrapeConfig => true,
            Self::RelabelRules | Self::Targets => false,
        }
    }
}
