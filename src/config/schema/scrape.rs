//! Scrape configs, target groups and the keys of discovery mechanisms.

use super::client::{HTTP_CLIENT, PROXY};
use super::kind::{Field, Kind, Section};

pub(in crate::config) const SCRAPE_CONFIG: Section =
    Section { name: "a scrape config", go: "config.ScrapeConfig", fields: &[SCRAPING, HTTP_CLIENT, PROXY, DISCOVERY] };

/// A file of `scrape_config_files`.
pub(in crate::config) const SCRAPE_CONFIGS_FILE: Section = Section {
    name: "a file of scrape configs",
    go: "config.ScrapeConfigs",
    fields: &[&[Field::new("scrape_configs", Kind::Own)]],
};

pub(in crate::config) const TARGET_GROUP: Section = Section {
    name: "a target group",
    go: "struct { Targets []string \"yaml:\\\"targets\\\"\"; Labels model.LabelSet \"yaml:\\\"labels\\\"\" }",
    fields: &[&[
        Field::new("targets", Kind::STRINGS),
        Field::new("labels", Kind::Labels("model.LabelSet", "model.LabelValue")),
    ]],
};

pub(in crate::config) const FILE_SD: Section = Section {
    name: "an item of `file_sd_configs`",
    go: "file.plain",
    fields: &[&[Field::new("files", Kind::STRINGS), Field::new("refresh_interval", Kind::Duration)]],
};

const SCRAPING: &[Field] = &[
    Field::new("job_name", Kind::STRING),
    Field::new("honor_labels", Kind::Bool),
    Field::new("honor_timestamps", Kind::Bool),
    Field::new("track_timestamps_staleness", Kind::Bool),
    Field::new("params", Kind::Map("url.Values", &Kind::STRINGS)),
    Field::new("scrape_interval", Kind::Duration),
    Field::new("scrape_timeout", Kind::Duration),
    Field::new("scrape_protocols", Kind::Texts("[]config.ScrapeProtocol", "config.ScrapeProtocol")),
    Field::new("fallback_scrape_protocol", Kind::Text("config.ScrapeProtocol")),
    Field::new("scrape_native_histograms", Kind::Bool),
    Field::new("always_scrape_classic_histograms", Kind::Bool),
    Field::new("convert_classic_histograms_to_nhcb", Kind::Bool),
    Field::new("scrape_failure_log_file", Kind::STRING),
    Field::new("metrics_path", Kind::STRING),
    Field::new("scheme", Kind::STRING),
    Field::new("enable_compression", Kind::Bool),
    Field::new("body_size_limit", Kind::Size),
    Field::new("sample_limit", Kind::Uint),
    Field::new("target_limit", Kind::Uint),
    Field::new("label_limit", Kind::Uint),
    Field::new("label_name_length_limit", Kind::Uint),
    Field::new("label_value_length_limit", Kind::Uint),
    Field::new("native_histogram_bucket_limit", Kind::Uint),
    Field::new("native_histogram_min_bucket_factor", Kind::Float),
    Field::new("keep_dropped_targets", Kind::Uint),
    Field::new("metric_name_validation_scheme", Kind::STRING),
    Field::new("metric_name_escaping_scheme", Kind::STRING),
    Field::new("extra_scrape_metrics", Kind::Bool),
    Field::new("relabel_configs", Kind::Own),
    Field::new("metric_relabel_configs", Kind::Own),
];

/// `static_configs` and every discovery mechanism of Prometheus 3.14.
const DISCOVERY: &[Field] = &[
    Field::new("static_configs", Kind::Own),
    Field::new("aws_sd_configs", Kind::Any),
    Field::new("azure_sd_configs", Kind::Any),
    Field::new("consul_sd_configs", Kind::Any),
    Field::new("digitalocean_sd_configs", Kind::Any),
    Field::new("dns_sd_configs", Kind::Any),
    Field::new("docker_sd_configs", Kind::Any),
    Field::new("dockerswarm_sd_configs", Kind::Any),
    Field::new("ec2_sd_configs", Kind::Any),
    Field::new("ecs_sd_configs", Kind::Any),
    Field::new("elasticache_sd_configs", Kind::Any),
    Field::new("eureka_sd_configs", Kind::Any),
    Field::new("file_sd_configs", Kind::Own),
    Field::new("gce_sd_configs", Kind::Any),
    Field::new("hetzner_sd_configs", Kind::Any),
    Field::new("http_sd_configs", Kind::Any),
    Field::new("ionos_sd_configs", Kind::Any),
    Field::new("kubernetes_sd_configs", Kind::Any),
    Field::new("kuma_sd_configs", Kind::Any),
    Field::new("lightsail_sd_configs", Kind::Any),
    Field::new("linode_sd_configs", Kind::Any),
    Field::new("marathon_sd_configs", Kind::Any),
    Field::new("msk_sd_configs", Kind::Any),
    Field::new("nerve_sd_configs", Kind::Any),
    Field::new("nomad_sd_configs", Kind::Any),
    Field::new("oci_sd_configs", Kind::Any),
    Field::new("openstack_sd_configs", Kind::Any),
    Field::new("outscale_sd_configs", Kind::Any),
    Field::new("ovhcloud_sd_configs", Kind::Any),
    Field::new("puppetdb_sd_configs", Kind::Any),
    Field::new("rds_sd_configs", Kind::Any),
    Field::new("scaleway_sd_configs", Kind::Any),
    Field::new("serverset_sd_configs", Kind::Any),
    Field::new("stackit_sd_configs", Kind::Any),
    Field::new("triton_sd_configs", Kind::Any),
    Field::new("uyuni_sd_configs", Kind::Any),
    Field::new("vultr_sd_configs", Kind::Any),
];
