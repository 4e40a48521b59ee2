//! The top level, and `global`.

use super::kind::{Field, Kind, Section, one};
use super::server::{OTLP, RUNTIME, STORAGE, TRACING};

pub(in crate::config) const CONFIG: Section = Section::new(
    "a Prometheus config",
    "config.plain",
    &[&[
        Field::new("global", Kind::Own),
        one("runtime", &RUNTIME),
        Field::new("alerting", Kind::Own),
        Field::new("rule_files", Kind::STRINGS),
        Field::new("scrape_config_files", Kind::STRINGS),
        Field::new("scrape_configs", Kind::Own),
        one("storage", &STORAGE),
        one("tracing", &TRACING),
        Field::new("remote_write", Kind::Own),
        Field::new("remote_read", Kind::Own),
        one("otlp", &OTLP),
    ]],
);

pub(in crate::config) const GLOBAL: Section = Section::new(
    "the `global` section",
    "config.plain",
    &[&[
        Field::new("scrape_interval", Kind::Duration),
        Field::new("scrape_timeout", Kind::Duration),
        Field::new("evaluation_interval", Kind::Duration),
        Field::new("rule_query_offset", Kind::Duration),
        Field::new("external_labels", Kind::Labels("map[string]string", "string")),
        Field::new("query_log_file", Kind::STRING),
        Field::new("scrape_failure_log_file", Kind::STRING),
        Field::new("body_size_limit", Kind::Size),
        Field::new("sample_limit", Kind::Uint),
        Field::new("target_limit", Kind::Uint),
        Field::new("label_limit", Kind::Uint),
        Field::new("label_name_length_limit", Kind::Uint),
        Field::new("label_value_length_limit", Kind::Uint),
        Field::new("keep_dropped_targets", Kind::Uint),
        Field::new("scrape_protocols", Kind::Texts("[]config.ScrapeProtocol", "config.ScrapeProtocol")),
        Field::new("metric_name_validation_scheme", Kind::STRING),
        Field::new("metric_name_escaping_scheme", Kind::STRING),
        Field::new("scrape_native_histograms", Kind::Bool),
        Field::new("convert_classic_histograms_to_nhcb", Kind::Bool),
        Field::new("always_scrape_classic_histograms", Kind::Bool),
        Field::new("extra_scrape_metrics", Kind::Bool),
    ]],
);
