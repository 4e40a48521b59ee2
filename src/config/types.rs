//! The typed config: what the simulator, the linter and the edits work on.

use super::Duration;
use crate::discovery::{self, DiscoveryOptions, Mechanism};
use crate::relabel::{NameScheme, RuleSpec, Semantics};
use crate::release::Release;
use crate::text::{FileId, Location, Span, Spanned};

use super::WrittenField;

/// A whole config file.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Config {
    /// The text it was read from.
    pub file: FileId,
    /// The Prometheus release that it was read for.
    pub release: Release,
    /// `global`.
    pub global: Global,
    /// `scrape_configs`, those of `scrape_config_files` after them.
    pub scrape_configs: Vec<ScrapeConfig>,
    /// The jobs of which only the names were wanted, in the order of the config.
    pub unread_jobs: Vec<UnreadJob>,
    /// `alerting.alert_relabel_configs`.
    pub alert_relabel_configs: Vec<RelabelRule>,
    /// `alerting.alertmanagers`.
    pub alertmanagers: Vec<Alertmanager>,
    /// `remote_write`.
    pub remote_write: Vec<RemoteWrite>,
    /// The texts that are not valid YAML, of which only the sound parts were read: its own, and those of
    /// `scrape_config_files`.
    pub broken_files: Vec<FileId>,
    /// Whether the values of `global` are not known, because it is in a broken part: the jobs have the defaults.
    pub has_unknown_globals: bool,
}

impl Config {
    /// Whether parts of it were not read, because they are not valid YAML. Prometheus does not load such a config.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        !self.broken_files.is_empty()
    }

    pub(super) fn empty(file: FileId, release: Release) -> Self {
        Self {
            file,
            release,
            global: Global::of(release),
            scrape_configs: Vec::new(),
            unread_jobs: Vec::new(),
            alert_relabel_configs: Vec::new(),
            alertmanagers: Vec::new(),
            remote_write: Vec::new(),
            broken_files: Vec::new(),
            has_unknown_globals: false,
        }
    }
}

/// A job of which only the name was wanted: see [`Input::config_with`](crate::input::Input::config_with).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadJob {
    /// `job_name`.
    pub name: Box<str>,
    /// Its place.
    pub at: Location,
}

impl Config {
    /// The names of all jobs, those that were not read among them, in the order of the texts.
    ///
    /// ```
    /// use promcfg::{Config, Options, Sources};
    /// let mut sources = Sources::new();
    /// let file = sources.add("prometheus.yml", "scrape_configs: [{job_name: web}, {job_name: db}]");
    /// let (config, _) = Config::read(&mut sources, file, &Options::default());
    /// assert_eq!(config.job_names(), ["web", "db"]);
    /// ```
    #[must_use]
    pub fn job_names(&self) -> Vec<&str> {
        let read = self.scrape_configs.iter();
        if self.unread_jobs.is_empty() {
            return read.map(|job| job.job_name.value.as_str()).collect();
        }
        let read = read.map(|job| (Location::new(job.file, job.job_name.span), job.job_name.value.as_str()));
        let unread = self.unread_jobs.iter().map(|job| (job.at, &*job.name));
        let mut names: Vec<(Location, &str)> = read.chain(unread).collect();
        names.sort_by_key(|(at, _)| *at);
        names.into_iter().map(|(_, name)| name).collect()
    }
}

/// An item of `alerting.alertmanagers`, as far as its targets and rules go.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alertmanager {
    /// The text it was read from.
    pub file: FileId,
    /// The Prometheus release that it was read for.
    pub release: Release,
    /// `global.metric_name_validation_scheme`.
    pub name_scheme: NameScheme,
    /// Its index in the list, from 0.
    pub index: usize,
    /// The whole item.
    pub span: Span,
    /// `scheme`.
    pub scheme: String,
    /// `path_prefix`, empty when not given.
    pub path_prefix: String,
    /// `api_version`.
    pub api_version: String,
    /// Every discovery key in the order written, `static_configs` included.
    pub discovery: Vec<Sd>,
    /// `static_configs`.
    pub static_configs: Vec<TargetGroup>,
    /// `file_sd_configs`.
    pub file_sd_configs: Vec<FileSd>,
    /// `relabel_configs`, on the targets of the Alertmanager.
    pub relabel_configs: Vec<RelabelRule>,
    /// `alert_relabel_configs`, on the alerts sent to it.
    pub alert_relabel_configs: Vec<RelabelRule>,
    /// Whether Prometheus accepts this item: no load error is in it.
    pub is_valid: bool,
}

impl Alertmanager {
    /// How its release runs its rules.
    ///
    /// ```
    /// use promcfg::{Config, Options, Sources};
    /// use promcfg::relabel::NameScheme;
    /// let mut sources = Sources::new();
    /// let file = sources.add("prometheus.yml", "alerting: {alertmanagers: [{scheme: https}]}");
    /// let (config, _) = Config::read(&mut sources, file, &Options::default());
    /// let alertmanager = &config.alertmanagers[0];
    /// assert_eq!(alertmanager.scheme, "https");
    /// assert_eq!(alertmanager.semantics().names(), NameScheme::Utf8);
    /// ```
    #[must_use]
    pub fn semantics(&self) -> Semantics {
        Semantics::new(self.release, self.name_scheme)
    }
}

/// An item of `remote_write`, as far as its rules go.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteWrite {
    /// The whole item.
    pub span: Span,
    /// `name`, empty when not given.
    pub name: String,
    /// `write_relabel_configs`.
    pub write_relabel_configs: Vec<RelabelRule>,
    /// The fields it gives, in the order they are set.
    pub fields: Box<[WrittenField]>,
}

impl RemoteWrite {
    /// A field that is given; the last one if merge keys give it several times.
    ///
    /// ```
    /// use promcfg::{Config, Options, Sources};
    /// let mut sources = Sources::new();
    /// let text = "remote_write: [{url: 'https://store/write', enable_http2: true}]";
    /// let file = sources.add("prometheus.yml", text);
    /// let (config, _) = Config::read(&mut sources, file, &Options::default());
    /// let http2 = config.remote_write[0].field("enable_http2").expect("is given");
    /// assert_eq!(http2.value.of(text), "true");
    /// ```
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&WrittenField> {
        self.fields.iter().rev().find(|field| field.name == name)
    }
}

/// `global`, with its defaults.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Global {
    /// `scrape_interval`.
    pub scrape_interval: Duration,
    /// `scrape_timeout`.
    pub scrape_timeout: Duration,
    /// `external_labels` as written.
    pub external_labels: Vec<(Spanned<String>, Spanned<String>)>,
    /// `metric_name_validation_scheme`.
    pub name_scheme: NameScheme,
    /// `metric_name_escaping_scheme`, empty when not given.
    pub escaping_scheme: Spanned<String>,
    /// `target_limit`; 0 is none.
    pub target_limit: u64,
    /// `sample_limit`; 0 is none.
    pub sample_limit: u64,
    /// `label_limit`; 0 is none.
    pub label_limit: u64,
    /// `label_name_length_limit` in bytes; 0 is none.
    pub label_name_length_limit: u64,
    /// `label_value_length_limit` in bytes; 0 is none.
    pub label_value_length_limit: u64,
    /// `scrape_native_histograms`.
    pub scrape_native_histograms: bool,
    /// `convert_classic_histograms_to_nhcb`.
    pub convert_classic_histograms_to_nhcb: bool,
    /// `always_scrape_classic_histograms`.
    pub always_scrape_classic_histograms: bool,
    /// The fields it gives, in the order they are set.
    pub fields: Box<[WrittenField]>,
}

impl Global {
    /// A field that is given; the last one if merge keys give it several times.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&WrittenField> {
        self.fields.iter().rev().find(|field| field.name == name)
    }
}

/// One item of `scrape_configs`: a job, with what it inherits from `global` filled in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ScrapeConfig {
    /// The text it was read from (the config, or one of `scrape_config_files`).
    pub file: FileId,
    /// The Prometheus release that it was read for.
    pub release: Release,
    /// The whole item.
    pub span: Span,
    /// `job_name`.
    pub job_name: Spanned<String>,
    /// `honor_labels`.
    pub honor_labels: bool,
    /// `honor_timestamps`.
    pub honor_timestamps: bool,
    /// `scrape_interval`, effective.
    pub scrape_interval: Duration,
    /// `scrape_timeout`, effective.
    pub scrape_timeout: Duration,
    /// `metrics_path`.
    pub metrics_path: String,
    /// `scheme`.
    pub scheme: String,
    /// `fallback_scrape_protocol`; empty if not set.
    pub fallback_scrape_protocol: String,
    /// `params`: names with their values, in byte order of the names.
    pub params: Vec<(String, Vec<String>)>,
    /// `convert_classic_histograms_to_nhcb`, effective.
    pub convert_classic_histograms_to_nhcb: bool,
    /// `always_scrape_classic_histograms`, effective.
    pub always_scrape_classic_histograms: bool,
    /// `scrape_native_histograms`, effective.
    pub scrape_native_histograms: bool,
    /// `target_limit`, effective; 0 is none.
    pub target_limit: u64,
    /// `sample_limit`, effective; 0 is none.
    pub sample_limit: u64,
    /// `label_limit`, effective; 0 is none.
    pub label_limit: u64,
    /// `label_name_length_limit` in bytes, effective; 0 is none.
    pub label_name_length_limit: u64,
    /// `label_value_length_limit` in bytes, effective; 0 is none.
    pub label_value_length_limit: u64,
    /// `metric_name_validation_scheme`, effective.
    pub name_scheme: NameScheme,
    /// `static_configs`.
    pub static_configs: Vec<TargetGroup>,
    /// `file_sd_configs`.
    pub file_sd_configs: Vec<FileSd>,
    /// Every discovery key of the job in the order written, `static_configs` included.
    pub discovery: Vec<Sd>,
    /// `relabel_configs`.
    pub relabel_configs: Vec<RelabelRule>,
    /// `metric_relabel_configs`.
    pub metric_relabel_configs: Vec<RelabelRule>,
    /// The fields it gives, in the order they are set.
    pub fields: Box<[WrittenField]>,
    /// Whether Prometheus accepts this job: no load error is in it.
    pub is_valid: bool,
    /// Whether a part of it is missing here, because it is not valid YAML. Such a job is not valid.
    pub is_incomplete: bool,
    /// Whether all its values are text. A value that is not (`!!binary` bytes that are not UTF-8) is
    /// missing here, so that what becomes of the job's targets is not known.
    pub is_text: bool,
}

impl Config {
    /// How its release runs the rules that belong to no job: of alerts, Alertmanagers and remote endpoints.
    ///
    /// ```
    /// use promcfg::{Config, Options, Sources};
    /// use promcfg::relabel::NameScheme;
    /// let mut sources = Sources::new();
    /// let file = sources.add("prometheus.yml", "{}");
    /// let options = Options::default().with_release("2.53".parse().unwrap());
    /// let (config, _) = Config::read(&mut sources, file, &options);
    /// assert_eq!(config.semantics().names(), NameScheme::Legacy);
    /// ```
    #[must_use]
    pub fn semantics(&self) -> Semantics {
        Semantics::new(self.release, self.global.name_scheme)
    }
}

impl ScrapeConfig {
    /// How its release runs its rules.
    #[must_use]
    pub fn semantics(&self) -> Semantics {
        Semantics::new(self.release, self.name_scheme)
    }

    /// Whether all its targets are in the config.
    #[must_use]
    pub fn has_only_static_targets(&self) -> bool {
        self.discovery.iter().all(Sd::is_static)
    }

    /// A field that is given; the last one if merge keys give it several times.
    ///
    /// ```
    /// use promcfg::{Config, Options, Sources};
    /// let mut sources = Sources::new();
    /// let text = "scrape_configs: [{job_name: web, metrics_path: /m}]";
    /// let file = sources.add("prometheus.yml", text);
    /// let (config, _) = Config::read(&mut sources, file, &Options::default());
    /// let path = config.scrape_configs[0].field("metrics_path").expect("is given");
    /// assert_eq!(path.value.of(text), "/m");
    /// ```
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&WrittenField> {
        self.fields.iter().rev().find(|field| field.name == name)
    }
}

impl TargetGroup {
    /// Its place.
    ///
    /// ```
    /// use promcfg::{Config, Options, Sources};
    /// let mut sources = Sources::new();
    /// let text = "scrape_configs: [{job_name: web, static_configs: [{targets: [h]}]}]";
    /// let file = sources.add("prometheus.yml", text);
    /// let (config, _) = Config::read(&mut sources, file, &Options::default());
    /// let at = config.scrape_configs[0].static_configs[0].at();
    /// assert_eq!(at.span.of(text), "{targets: [h]}");
    /// ```
    #[must_use]
    pub fn at(&self) -> Location {
        Location::new(self.file, self.span)
    }
}

/// A `<name>_sd_configs` or `static_configs` key of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sd {
    /// The key, such as `kubernetes_sd_configs`.
    pub key: String,
    /// The place of the key.
    pub span: Span,
    /// The role of each of its items (`role`, or what the mechanism has for it); empty where it has none.
    pub roles: Vec<String>,
    /// For each of its items the switches of `attach_metadata` that are on, such as `node`.
    pub attached: Vec<Vec<String>>,
    /// What each of its items asks for; `None` for a mechanism whose target groups are not computed from objects, and
    /// for an item that Prometheus refuses for its role.
    pub options: Vec<Option<DiscoveryOptions>>,
}

impl Sd {
    /// Whether it is `static_configs`: its targets are in the config.
    #[must_use]
    pub fn is_static(&self) -> bool {
        self.key == discovery::STATIC
    }

    /// Whether its targets are in the config or in target files, so that they are known without discovery.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.is_static() || self.key == discovery::FILES
    }

    /// Its row in the catalog; `None` for `static_configs`.
    #[must_use]
    pub fn mechanism(&self) -> Option<&'static Mechanism> {
        Mechanism::named(&self.key)
    }
}

/// A target group of `static_configs`, of a file, or of a body of HTTP discovery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TargetGroup {
    /// The text it was read from.
    pub file: FileId,
    /// The whole group.
    pub span: Span,
    /// `targets`: addresses.
    pub targets: Vec<Spanned<String>>,
    /// `labels`, as written; an empty value is kept.
    pub labels: Vec<(Spanned<String>, Spanned<String>)>,
}

/// An item of `file_sd_configs`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileSd {
    /// The whole item.
    pub span: Span,
    /// `files`: patterns as written, not yet joined to the config's directory.
    pub files: Vec<Spanned<String>>,
}

/// A rule of a relabel list, with its places.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelabelRule {
    /// The rule.
    pub spec: RuleSpec,
    /// The whole item.
    pub span: Span,
    /// The fields it gives, in the order they are set.
    pub fields: Box<[WrittenField]>,
    /// The place of each of its source labels.
    pub source_spans: Box<[Span]>,
    /// Whether no load error is in it.
    pub is_valid: bool,
    /// Who wrote it.
    pub author: RuleAuthor,
}

/// Who wrote a relabel rule. Findings and edits are about rules that a user wrote.
///
/// ```
/// use promcfg::config::RuleAuthor;
/// assert!(RuleAuthor::default().is_user());
/// assert!(!RuleAuthor::Sharding.is_user());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RuleAuthor {
    /// A user, in the text.
    #[default]
    User,
    /// A program, for every object of the kind.
    Fixed,
    /// A program, for the scrape class of an object.
    Class,
    /// A program, because an administrator enforces it.
    Enforced,
    /// A program, to share the targets among several servers.
    Sharding,
}

impl RuleAuthor {
    /// Whether a user wrote the rule.
    #[must_use]
    pub fn is_user(self) -> bool {
        self == Self::User
    }
}

impl RelabelRule {
    /// A rule that is written nowhere, or of whose fields the places do not matter.
    ///
    /// ```
    /// use promcfg::config::RelabelRule;
    /// use promcfg::relabel::RuleSpec;
    /// use promcfg::text::Span;
    /// let rule = RelabelRule::new(RuleSpec::default(), Span::empty(0));
    /// assert!(rule.field("regex").is_none());
    /// ```
    #[must_use]
    pub fn new(spec: RuleSpec, span: Span) -> Self {
        Self {
            spec,
            span,
            fields: Box::default(),
            source_spans: Box::default(),
            is_valid: true,
            author: RuleAuthor::User,
        }
    }

    /// A field that is given; the last one if merge keys give it several times.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&WrittenField> {
        self.fields.iter().rev().find(|field| field.name == name)
    }
}
