//! Scrape configs, target groups and the keys of discovery mechanisms.

use super::client::{HTTP_CLIENT, PROXY};
use super::discovery::DISCOVERY;
use super::kind::{Field, Kind, Section, SectionCheck};

pub(in crate::config) const SCRAPE_CONFIG: Section =
    Section::new("a scrape config", "config.ScrapeConfig", &[SCRAPING, HTTP_CLIENT, PROXY, DISCOVERY])
        .checked(SectionCheck::HttpClient);

/// A file of `scrape_config_files`.
pub(in crate::config) const SCRAPE_CONFIGS_FILE: Section =
    Section::new("a file of scrape configs", "config.ScrapeConfigs", &[&[Field::new("scrape_configs", Kind::Own)]]);

pub(in crate::config) static TARGET_GROUP: Section = Section::new(
    "a target group",
    "struct { Targets []string \"yaml:\\\"targets\\\"\"; Labels model.LabelSet \"yaml:\\\"labels\\\"\" }",
    &[&[
        Field::new("targets", Kind::STRINGS),
        Field::new("labels", Kind::Labels("model.LabelSet", "model.LabelValue")),
    ]],
);

pub(in crate::config) static FILE_SD: Section = Section::new(
    "an item of `file_sd_configs`",
    "file.plain",
    &[&[Field::new("files", Kind::STRINGS), Field::new("refresh_interval", Kind::Duration)]],
);

const SCRAPING: &[Field] = &[
    Field::new("job_name", Kind::STRING),
    Field::new("honor_labels", Kind::Bool).default("false"),
    Field::new("honor_timestamps", Kind::Bool).default("true"),
    Field::new("track_timestamps_staleness", Kind::Bool).default("false").since(2, 48),
    Field::new("params", Kind::Map("url.Values", &Kind::STRINGS)),
    Field::new("scrape_interval", Kind::Duration),
    Field::new("scrape_timeout", Kind::Duration),
    Field::new("scrape_protocols", Kind::Texts("[]config.ScrapeProtocol", "config.ScrapeProtocol")).since(2, 49),
    Field::new("fallback_scrape_protocol", Kind::Text("config.ScrapeProtocol")).since(3, 0),
    Field::new("scrape_native_histograms", Kind::Bool).since(3, 8),
    Field::new("always_scrape_classic_histograms", Kind::Bool).since(3, 0),
    Field::new("scrape_classic_histograms", Kind::Bool).default("false").since(2, 45).gone_from(3, 0),
    Field::new("convert_classic_histograms_to_nhcb", Kind::Bool).since(3, 0),
    Field::new("scrape_failure_log_file", Kind::STRING).since(2, 55),
    Field::new("metrics_path", Kind::STRING).default("/metrics"),
    Field::new("scheme", Kind::STRING).default("http"),
    Field::new("enable_compression", Kind::Bool).default("true").since(2, 49),
    Field::new("body_size_limit", Kind::Size),
    Field::new("sample_limit", Kind::Uint),
    Field::new("target_limit", Kind::Uint),
    Field::new("label_limit", Kind::Uint),
    Field::new("label_name_length_limit", Kind::Uint),
    Field::new("label_value_length_limit", Kind::Uint),
    Field::new("native_histogram_bucket_limit", Kind::Uint).default("0").since(2, 45),
    Field::new("native_histogram_min_bucket_factor", Kind::Float).default("0").since(2, 50),
    Field::new("keep_dropped_targets", Kind::Uint).since(2, 47),
    Field::new("metric_name_validation_scheme", Kind::STRING).since(2, 55),
    Field::new("metric_name_escaping_scheme", Kind::STRING).since(3, 4),
    Field::new("extra_scrape_metrics", Kind::Bool).since(3, 10),
    Field::new("relabel_configs", Kind::Own),
    Field::new("metric_relabel_configs", Kind::Own),
];
