//! The top level, and `global`.

use super::kind::{Field, Kind, Section, one};
use super::server::{OTLP, RUNTIME, STORAGE, TRACING};

pub(in crate::config) static CONFIG: Section = Section::new(
    "a Prometheus config",
    "config.plain",
    &[&[
        Field::new("global", Kind::Own),
        one("runtime", &RUNTIME).since(2, 53),
        Field::new("alerting", Kind::Own),
        Field::new("rule_files", Kind::STRINGS).files(),
        Field::new("scrape_config_files", Kind::STRINGS).files().since(2, 43),
        Field::new("scrape_configs", Kind::Own),
        one("storage", &STORAGE).since(2, 29),
        one("tracing", &TRACING).since(2, 34),
        Field::new("remote_write", Kind::Own),
        Field::new("remote_read", Kind::Own),
        one("otlp", &OTLP).since(2, 55),
    ]],
);

pub(in crate::config) static GLOBAL: Section = Section::new(
    "the `global` section",
    "config.plain",
    &[&[
        Field::new("scrape_interval", Kind::Duration).default("1m"),
        Field::new("scrape_timeout", Kind::Duration),
        Field::new("evaluation_interval", Kind::Duration).default("1m"),
        Field::new("rule_query_offset", Kind::Duration).default("0s").since(2, 53),
        Field::new("external_labels", Kind::Labels("map[string]string", "string")),
        Field::new("query_log_file", Kind::STRING),
        Field::new("scrape_failure_log_file", Kind::STRING).since(2, 55),
        Field::new("body_size_limit", Kind::Size).default("0").since(2, 45),
        Field::new("sample_limit", Kind::Uint).default("0").since(2, 45),
        Field::new("target_limit", Kind::Uint).default("0").since(2, 45),
        Field::new("label_limit", Kind::Uint).default("0").since(2, 45),
        Field::new("label_name_length_limit", Kind::Uint).default("0").since(2, 45),
        Field::new("label_value_length_limit", Kind::Uint).default("0").since(2, 45),
        Field::new("keep_dropped_targets", Kind::Uint).default("0").since(2, 47),
        Field::new("scrape_protocols", Kind::Texts("[]config.ScrapeProtocol", "config.ScrapeProtocol")).since(2, 49),
        Field::new("metric_name_validation_scheme", Kind::STRING).default("utf8").since(2, 55),
        Field::new("metric_name_escaping_scheme", Kind::STRING).default("allow-utf-8").since(3, 4),
        Field::new("scrape_native_histograms", Kind::Bool).default("false").since(3, 8),
        Field::new("convert_classic_histograms_to_nhcb", Kind::Bool).default("false").since(3, 4),
        Field::new("always_scrape_classic_histograms", Kind::Bool).default("false").since(3, 5),
        Field::new("extra_scrape_metrics", Kind::Bool).since(3, 10),
    ]],
);

#[cfg(test)]
mod tests {
    use super::CONFIG;
    use crate::format::CONFIG_KEYS;

    #[test]
    fn a_config_is_recognized_by_the_keys_that_it_can_have() {
        let keys: Vec<&str> = CONFIG.fields().map(|field| field.key).collect();
        assert_eq!(keys, CONFIG_KEYS);
    }
}
