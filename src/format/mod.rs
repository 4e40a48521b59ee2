//! What a file is, by its name and its lines: the half of recognition that needs no YAML, so that a broken
//! file is named as well. `crate::input` asks the same questions of a tree.

mod classify;
mod neighbor;
mod outline;
mod template;
mod victoriametrics;

pub(crate) use classify::{CONFIG_KEYS, classify, has_operator_objects, is_name_of_config, scraping_objects};
pub use neighbor::Neighbor;
pub(crate) use outline::{Key, MOST_DEPTH, Outline, shortened};
pub(crate) use template::by_expressions;
pub(crate) use victoriametrics::own_action;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A Prometheus config, or a file of `scrape_config_files`.
    Config,
    /// A bare list of scrape configs, such as the operator's `additionalScrapeConfigs`.
    ScrapeConfigs,
    /// One scrape config.
    ScrapeConfig,
    /// A bare list of relabel rules.
    RelabelRules,
    /// Target groups, as `file_sd_configs` reads them.
    Targets,
    /// Kubernetes objects: ConfigMaps and Secrets that may hold configs, and the objects of prometheus-operator.
    Manifest,
    /// A file of another program, or one that has to be rendered first.
    Neighbor(Neighbor),
    /// Nothing that is known.
    Unknown,
}

impl Format {
    /// Recognizes a file by its name and its lines. The text may be anything, YAML or not.
    ///
    /// ```
    /// use promcfg::format::Format;
    /// assert_eq!(Format::of_lines("a.yml", "scrape_configs:\n\t- job_name: web\n"), Format::Config);
    /// assert_eq!(Format::of_lines("prometheus.yml", "rule_files: [a.yml]\n"), Format::Config);
    /// assert_eq!(Format::of_lines("x.yml", "- targets: ['h:1']\n"), Format::Targets);
    /// let Format::Neighbor(collector) = Format::of_lines("c.yml", "receivers: {}\nservice: {}\n") else { panic!() };
    /// assert_eq!(collector.name(), "an OpenTelemetry Collector config");
    /// ```
    #[must_use]
    pub fn of_lines(name: &str, text: &str) -> Self {
        classify(name, text, &Outline::of_lines(text), false)
    }

    /// What a person calls it, such as `a list of scrape configs`.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Config => "a Prometheus config".to_string(),
            Self::ScrapeConfigs => "a list of scrape configs".to_string(),
            Self::ScrapeConfig => "a scrape config".to_string(),
            Self::RelabelRules => "a list of relabel rules".to_string(),
            Self::Targets => "a file of target groups".to_string(),
            Self::Manifest => "a Kubernetes manifest".to_string(),
            Self::Neighbor(neighbor) => neighbor.name().to_string(),
            Self::Unknown => "a file of an unknown format".to_string(),
        }
    }

    /// Whether promcfg reads it.
    #[must_use]
    pub fn is_read(&self) -> bool {
        !matches!(self, Self::Neighbor(_) | Self::Unknown)
    }
}
