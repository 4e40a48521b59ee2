//! The top level, and `global`.

use super::kind::{Field, Kind, Section};

pub(in crate::config) const CONFIG: Section = Section {
    name: "a Prometheus config",
    go: "config.plain",
    fields: &[&[
        Field::new("global", Kind::Own),
        Field::new("runtime", Kind::Any),
        Field::new("alerting", Kind::Any),
        Field::new("rule_files", Kind::STRINGS),
        Field::new("scrape_config_files", Kind::STRINGS),
        Field::new("scrape_configs", Kind::Own),
        Field::new("storage", Kind::Any),
        Field::new("tracing", Kind::Any),
        Field::new("remote_write", Kind::Any),
        Field::new("remote_read", Kind::Any),
        Field::new("otlp", Kind::Any),
    ]],
};

pub(in crate::config) const GLOBAL: Section = Section {
    name: "the `global` section",
    go: "config.plain",
    fields: &[&[
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
};
